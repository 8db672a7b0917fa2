import pytest

from invites.answers.models import AnswerSource
from invites.answers.needs import services as needs
from invites.answers.questions import services as questions
from invites.answers.services import answer
from invites.invitations.models import Invitation
from tests.factories import contact, event, invitation, organisation

KEY_A = ("a-2026", b"A" * 32)
KEY_B = ("b-2027", b"B" * 32)
CANARY = "zebrafink-kanari"


@pytest.fixture
def meeting(sandefjord):
    return event(sandefjord, title="Samarbeidsforum")


@pytest.fixture
def amina(sandefjord, meeting):
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    person = contact(sandefjord, name="Amina Noor", email="amina@moske.example", organisation=mosque)
    return invitation(meeting, contact=person)


@pytest.fixture
def still_post(monkeypatch):
    from invites.post import outbox

    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None, raising=False)


def fresh(row: Invitation) -> Invitation:
    return Invitation.objects.of(row.tenant).select_related("event", "contact", "tenant").get(pk=row.pk)


def say(row: Invitation, reply: str = "accepted", **cleaned):
    """An answer as the invitee's page gives it to the service, with what the form cleaned."""
    row = fresh(row)
    said = {"answer": reply, **cleaned}
    kept = (needs.keeper(row, said), questions.keeper(row, said))
    return answer(
        row,
        reply=reply,
        comment="",
        source=AnswerSource.WEB,
        extras=[extra for extra in kept if extra],
    )
