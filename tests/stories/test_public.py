"""What anybody meets: the front page, the languages, dark colours, the keyboard alone; and the demo."""

import pytest

from events.gatherings.models import Event
from invites.answers.models import Answer
from invites.invitations.services import invite
from tests import factories
from tests.stories import worker

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PASSWORD = "fjord-og-skog-2026"
STAFF_PAGES = ("", "events/", "events/new/", "minutes/", "directory/", "plans/", "calendar/", "audit/")


def test_the_public_reads_what_is_listed_and_switches_language(meet, sandefjord):
    listed = factories.event(sandefjord, title="Åpent dialogmøte om trygghet", is_public=True)
    factories.event(sandefjord, title="Lukket dialogmøte", is_public=False)

    citizen = meet()
    citizen.go("/").reads(listed.title).never_reads("Lukket dialogmøte", "Møterom 3")
    citizen.follow(listed.title).reads("Sandefjord").never_reads("Møterom 3", "Rådhusgata 1")
    citizen.language = "en"
    citizen.press("English").reads(listed.title, "Sign in")
    citizen.language = "nb"
    citizen.press("Norsk bokmål").reads(listed.title)


def test_pages_keep_their_contrast_in_dark_colours(meet, at_work, sandefjord, kari):
    event = factories.event(sandefjord, title="Åpent dialogmøte", is_public=True)
    invitation = factories.invitation(event)
    citizen = meet(dark=True)
    for path in ("/", f"/events/{event.uid}/", "/accounts/login/", "/about/", f"/rsvp/{invitation.token}/"):
        citizen.go(path)
    factories.measure(sandefjord)
    desk = at_work(kari, dark=True)
    for tail in (*STAFF_PAGES, f"events/{event.pk}/", f"events/{event.pk}/invitations/"):
        desk.go(f"/t/sandefjord/{tail}")
    background = desk.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert max(int(part) for part in background.strip("rgba()").split(",")[:3]) < 80, "this is not dark"


def test_a_coordinator_signs_in_and_drafts_a_meeting_with_the_keyboard_alone(meet, sandefjord, kari):
    kari.set_password(PASSWORD)
    kari.save()
    desk = meet()
    desk.go("/").tab_to(desk.link("Sign in")).enter()
    desk.tab_to(desk.field("Email")).type(kari.email).tab_to(desk.field("Password")).type(PASSWORD).enter()
    desk.tab_to(desk.link("New meeting")).enter().tab_to(desk.field("Title")).type("Dialogmøte uten mus")
    desk.tab_to(desk.field("Purpose")).type("Bli kjent.").tab_to(desk.button("Save draft")).enter()
    made = Event.objects.of(sandefjord).get()
    assert (made.title, made.purpose) == ("Dialogmøte uten mus", "Bli kjent.")


def test_the_skip_link_leads_past_the_navigation(at_work, sandefjord, kari):
    desk = at_work(kari)
    desk.go("/t/sandefjord/").tab_to(desk.link("Skip to main content")).page.keyboard.press("Enter")
    assert desk.page.evaluate("document.activeElement.id") == "main"


def test_the_demo_is_entered_by_a_button_and_its_mails_are_answered_in_the_mailbox(
    meet, settings, sandefjord
):
    settings.DEMO = True
    factories.staff(sandefjord, "coordinator", email="coordinator@sandefjord.example", name="Ingrid Solheim")
    event = factories.event(sandefjord, title="Dialogmøte om trygghet")
    invite(
        event, by=None, contacts=[factories.contact(sandefjord, name="Anita Lund", email="anita@hef.example")]
    )
    worker.work()

    guest = meet()
    guest.go("/accounts/login/").press("Coordinator, Sandefjord").reads("Ingrid Solheim", "Overview")
    guest.go("/mailbox/?q=anita").main.get_by_role("table").get_by_role("link").click()
    guest.page.wait_for_load_state("networkidle")
    mail = guest.look().page.frame_locator("iframe")
    with guest.page.expect_navigation():
        mail.get_by_role("link", name=guest.say("Yes"), exact=True).click()
    guest.look().press("Send answer").reads("Møterom 3")
    assert Answer.objects.of(sandefjord).get().reply == "accepted"


def test_without_the_demo_there_is_neither_button_nor_mailbox(meet, sandefjord):
    guest = meet()
    guest.go("/accounts/login/")
    assert guest.button("Coordinator, Sandefjord").count() == 0
    guest.go("/mailbox/", status=404)
