from django.apps import AppConfig


class InvitesConfig(AppConfig):
    name = "invites"

    def ready(self) -> None:
        """The rooms that write mails name their kinds to the outbox."""
        from invites.answers import mails as receipts  # noqa: F401 - registers itself
        from invites.answers import truth  # noqa: F401 - registers itself
        from invites.invitations import mails as invitations  # noqa: F401 - registers itself
        from invites.invitations import merging  # noqa: F401 - registers its rule for merged contacts
        from invites.invitations.drafting import mails as trials  # noqa: F401 - registers itself
        from invites.invitations.guests import services  # noqa: F401 - registers itself
        from invites.invitations.place import mails as places  # noqa: F401 - registers itself
        from invites.invitations.reminders import mails as reminders  # noqa: F401 - registers itself
        from invites.invitations.telling import mails as notices  # noqa: F401 - registers itself
