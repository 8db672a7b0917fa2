"""A group's rule as a person would say it."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from events.directory.groups.rules import Rule
from events.directory.labels.models import OrganisationType, Tag
from events.directory.models import Organisation, OrganisationKind
from events.tenancy.models import InviteeLanguage, Tenant


def conditions(rule: Rule, tenant: Tenant) -> list[tuple[str, str]]:
    """What is asked, and for which values, in the order of the form; conditions that ask nothing are left out."""
    kinds = [str(OrganisationKind(kind).label) for kind in rule.kinds]
    asked = (
        (_("Type of organisation"), kinds + _names(OrganisationType, tenant, rule.types)),
        (_("Tags"), _names(Tag, tenant, rule.tags)),
        (_("Member of the network"), _names(Organisation, tenant, rule.networks)),
        (_("Language"), [str(InviteeLanguage(language).label) for language in rule.languages]),
        (_("Town"), [rule.town] if rule.town else []),
        (_("Words"), [rule.words] if rule.words else []),
    )
    return [(label, get_text_list(values, _("or"))) for label, values in asked if values]


def _names(
    model: type[OrganisationType | Tag | Organisation], tenant: Tenant, ids: tuple[int, ...]
) -> list[str]:
    """Names in the order of the rule. One that was removed since is said to be gone: it matches nobody."""
    if not ids:
        return []
    known = dict(model.objects.of(tenant).filter(pk__in=ids).values_list("pk", "name"))
    return [known.get(pk) or _("one that was removed") for pk in ids]
