"""Changes to the staff of a tenant, and to what a user prefers."""

from django.db import transaction

from events.tenancy.models import Language, User


@transaction.atomic
def choose_language(user: User, *, language: str) -> None:
    """The interface speaks `language` to the user from now on. Raises ValueError for a language we do not speak."""
    user.language = Language(language)
    user.save(update_fields=["language"])
