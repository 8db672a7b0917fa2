"""Bad input: a clear error beside the field, a way to it, and nothing lost."""

import datetime as dt

import pytest
from django.utils import timezone

from events.directory.models import Contact
from events.gatherings.models import Event
from events.plans.models import Plan
from invites.answers.models import Answer
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLE = "Dialogmøte om trygghet"


@pytest.fixture
def desk(at_work, kari):
    return at_work(kari)


def test_a_meeting_that_ends_before_it_starts_is_refused_and_nothing_typed_is_lost(desk, sandefjord):
    desk.go("/t/sandefjord/events/new/").fill("Title", TITLE).fill("Purpose", "Bli kjent.")
    desk.fill("Date", "2027-03-10").fill("Starts at", "19:00").fill("Ends at", "17:00").press("Save draft")
    message = desk.say("The meeting ends before it starts. Write a later time.")
    assert desk.error_at("Ends at") == message
    desk.jump(message, to="Ends at")
    kept = [desk.typed(label) for label in ("Title", "Purpose", "Date", "Starts at", "Ends at")]
    assert kept == [TITLE, "Bli kjent.", "2027-03-10", "19:00", "17:00"]
    assert Event.objects.of(sandefjord).count() == 0
    desk.fill("Ends at", "21:00").press("Save draft").reads(TITLE)
    assert Event.objects.of(sandefjord).count() == 1


def test_a_time_that_the_clock_skips_is_refused(desk, sandefjord):
    desk.go("/t/sandefjord/events/new/").fill("Title", TITLE)
    desk.fill("Date", "2027-03-28").fill("Starts at", "02:30").fill("Ends at", "04:00").press("Save draft")
    message = "This time does not exist on that day, because clocks go forward. Choose another time."
    assert desk.error_at("Starts at") == desk.say(message)
    desk.jump(message, to="Starts at")
    assert desk.typed("Starts at") == "02:30"
    assert Event.objects.of(sandefjord).count() == 0


def test_a_time_that_comes_twice_is_asked_about(desk, sandefjord):
    desk.go("/t/sandefjord/events/new/").fill("Title", TITLE)
    desk.fill("Date", "2027-10-31").fill("Starts at", "02:30").fill("Ends at", "04:00").press("Save draft")
    twice = desk.group("Which of the two times does it start?")
    desk.tick("the second time, after", within=twice).press("Save draft").reads(TITLE)
    assert Event.objects.of(sandefjord).get().starts_at == dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC)


def test_an_address_that_is_none_is_refused(desk, sandefjord):
    desk.go("/t/sandefjord/directory/contacts/new/").fill("Name", "Anita Lund")
    desk.fill("E-mail", "anita(at)forening.example").press("Save")
    assert desk.error_at("E-mail") != ""
    assert desk.typed("Name") == "Anita Lund"
    assert desk.typed("E-mail") == "anita(at)forening.example"
    assert Contact.objects.of(sandefjord).count() == 0
    desk.fill("E-mail", "anita@forening.example").press("Save").reads("Anita Lund")
    assert Contact.objects.of(sandefjord).get().email == "anita@forening.example"


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"\x89PNG\r\n\x1a\n\x00\xff", "UTF-8"), (b"plan: [1, 2", "YAML"), (b"", "")],
    ids=["a picture", "broken YAML", "an empty file"],
)
def test_a_file_that_is_no_plan_is_refused_at_the_field(desk, sandefjord, content, told):
    desk.go("/t/sandefjord/plans/import/")
    file = {"name": "plan.yaml", "mimeType": "application/yaml", "buffer": content}
    desk.field("Plan (file)").set_input_files([file])
    desk.press("See what would change")
    assert told in desk.error_at("Plan (file)")
    assert Plan.objects.of(sandefjord).count() == 0


def test_a_plan_with_mistakes_names_each_and_imports_nothing(desk, sandefjord):
    desk.go("/t/sandefjord/plans/import/")
    area = "{no: 1, title: Dialog, measures: [1, 2]}"
    wrong = "{no: 1, title: Dialog, label: X, responsible: []}"
    content = f"plan:\n  owner: Sandefjord kommune\n  focus_areas: [{area}]\n  measures: [{wrong}]\n".encode()
    file = {"name": "plan.yaml", "mimeType": "application/yaml", "buffer": content}
    desk.field("Plan (file)").set_input_files([file])
    desk.press("See what would change").reads("Nothing was imported. Correct this in the file:")
    assert desk.main.get_by_role("alert").get_by_role("listitem").count() > 1
    assert Plan.objects.of(sandefjord).count() == 0


def test_an_answer_after_the_deadline_is_told_whom_to_ask(meet, sandefjord):
    event = factories.event(sandefjord, contact_phone="33 00 00 00")
    invitation = factories.invitation(event)
    guest = meet(phone=True, script=False)
    guest.go(f"/rsvp/{invitation.token}/").tick("Yes, I will come").fill("Comment", "Vi blir to.")
    event.answer_by = timezone.now() - dt.timedelta(minutes=1)
    event.save()
    guest.press("Send answer", status=409)
    guest.reads("The answer deadline has passed", event.contact_email, "33 00 00 00")
    assert Answer.objects.of(sandefjord).count() == 0
    guest.go(f"/rsvp/{invitation.token}/").reads("The answer deadline has passed")
    assert guest.button("Send answer").count() == 0


def test_wrong_expired_and_withdrawn_links_look_alike_and_tell_nothing(meet, sandefjord):
    event = factories.event(sandefjord, title=TITLE)
    past = timezone.now() - dt.timedelta(days=1)
    expired = factories.invitation(event, expires_at=past)
    withdrawn = factories.invitation(event, revoked_at=past)
    guest = meet(phone=True, script=False)
    pages = []
    for token in ("a" * 32, expired.token, withdrawn.token):
        guest.go(f"/rsvp/{token}/", status=404).reads("This link does not work").never_reads(
            TITLE, "Sandefjord"
        )
        pages.append(guest.page.content())
    assert pages == [pages[0]] * 3
