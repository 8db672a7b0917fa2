import pytest

from tests.factories import contact, event, invitation, organisation, programme


@pytest.fixture
def meeting(sandefjord):
    """A published meeting with a programme, a chair, a room and a link for those who come."""
    row = event(
        sandefjord,
        title="Samarbeidsforum",
        purpose="Trygghet i sentrum",
        chair="Berit Ordfører",
        online_url="https://video.example/forum",
        contact_phone="33 41 60 00",
    )
    programme(row, "Velkommen", "Samtale")
    return row


@pytest.fixture
def amina(sandefjord, meeting):
    """Amina Noor of Sentrum moské, invited, with a working link."""
    mosque = organisation(sandefjord, name="Sentrum moské", kind="faith")
    person = contact(sandefjord, name="Amina Noor", email="amina@moske.example", organisation=mosque)
    return invitation(meeting, contact=person)


@pytest.fixture
def link(amina):
    return f"/rsvp/{amina.token}/"


@pytest.fixture
def still_post(monkeypatch):
    """The outbox keeps its rows, but nobody is woken: for counting statements and for threads."""
    from invites.post import outbox

    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None, raising=False)
