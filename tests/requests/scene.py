"""What the tests of requests share."""

from events.gatherings.models import Event
from invites.answers.requests import services
from invites.answers.requests.models import AnswerRequest
from invites.answers.requests.services import Substitute
from invites.invitations.models import Invitation
from invites.post.letters import composer_of
from invites.post.models import OutgoingMail
from tests.invitations.telling import fresh, of, say

__all__ = [
    "BO",
    "asked",
    "fresh",
    "kinds",
    "name",
    "of",
    "only",
    "reply_of",
    "say",
    "seats",
    "stand_in",
    "written",
]
BO = Substitute("Bo Berg", "bo@moske.example", "nestleder", "nb")


def name(row, person=BO, **facts):
    return services.ask_substitute(fresh(row), person=person, **facts)


def asked(row):
    return list(AnswerRequest.objects.of(row.tenant_id).filter(invitation=row).order_by("pk"))


def only(row) -> AnswerRequest:
    (one,) = asked(row)
    return one


def stand_in(row) -> Invitation:
    rows = Invitation.objects.of(row.tenant_id).select_related(
        "event__tenant", "contact__organisation", "tenant"
    )
    return rows.get(stands_in_for=row)


def reply_of(row) -> str:
    return Invitation.objects.of(row.tenant_id).get(pk=row.pk).reply


def seats(meeting) -> int:
    return Event.objects.of(meeting.tenant_id).get(pk=meeting.pk).seats_taken


def kinds(tenant, to=""):
    """The kinds of mail that wait to be sent, in order; those to one address when it is given."""
    mails = OutgoingMail.objects.of(tenant).filter(state="queued").order_by("pk")
    return [mail.kind for mail in mails if not to or mail.to_address == to]


def written(tenant, kind):
    """The one mail of its kind, as it would go out."""
    (mail,) = OutgoingMail.objects.of(tenant).filter(kind=kind)
    return composer_of(kind)([mail])[mail.pk]
