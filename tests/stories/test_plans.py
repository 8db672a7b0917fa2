"""Kari writes a plan with the keyboard, brings another from a document, and makes the one that follows."""

import pytest

from events.plans.models import Measure, Plan
from tests.factories import measure
from tests.plans.kit import as_docx, as_text, sandefjord_data

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def choose_file(desk, name, kind, content):
    desk.field("Plan (file)").set_input_files([{"name": name, "mimeType": kind, "buffer": content}])
    return desk.press("See what would change")


@pytest.mark.parametrize("how", [{}, {"phone": True, "script": False, "dark": True}, {"language": "en"}])
def test_a_plan_in_a_document_is_previewed_imported_and_again_nothing_changes(at_work, kari, sandefjord, how):
    kari.language = how.get("language", "")
    kari.save()
    desk = at_work(kari, **how).go("/t/sandefjord/plans/").follow("Import a plan")
    choose_file(desk, "plan.docx", WORD, as_docx(sandefjord_data()))
    desk.reads("Nothing is saved yet.", "Samarbeid mellom kommune, politi og trossamfunn")
    assert Plan.objects.of(sandefjord).count() == 0
    desk.press("Import this plan").reads("Tett oppfølging av ekstreme personer og miljøer", "Mentorordning")
    assert Measure.objects.of(sandefjord).count() == 18

    text = as_text(sandefjord_data()).replace("ICDP-program", "ICDP-kurs") + "\nTiltak 19: Nytt\nAnsvar: NAV"
    desk.go("/t/sandefjord/plans/import/").fill("Or paste the plan’s text", "Utkast fra mai\n" + text)
    desk.press("See what would change").reads("Utkast fra mai", "ICDP-program", "ICDP-kurs")
    desk.press("Import this plan")
    assert desk.error_at("Reason for the correction") == desk.say("Say why: the plan is adopted.")
    desk.fill("Reason for the correction", "Ny metode").press("Import this plan").reads(
        "ICDP-kurs", "19. Nytt"
    )


def test_wrong_text_is_told_at_its_field_and_stays(at_work, kari, sandefjord):
    desk = at_work(kari).go("/t/sandefjord/plans/import/").fill("Or paste the plan’s text", "Kjære alle")
    desk.press("See what would change")
    assert desk.error_at("Or paste the plan’s text") != ""
    assert desk.typed("Or paste the plan’s text").strip() == "Kjære alle"


@pytest.mark.parametrize("how", [{}, {"phone": True, "script": False}])
def test_a_plan_is_written_by_keyboard_and_the_lead_is_whoever_stands_first(at_work, kari, sandefjord, how):
    desk = at_work(kari, **how).go("/t/sandefjord/plans/").follow("New plan")
    desk.fill("Applies from", "snart").press("Save")
    desk.jump("Title", to="Title")
    assert desk.typed("Applies from") == "snart"
    desk.fill("Title", "Plan mot utenforskap").fill("Applies from", "2020").press("Save")
    desk.follow("New focus area").fill("Title", "Dialog").press("Save")
    desk.follow("New measure").fill("Title as adopted", "Dialogmøter").fill("Deadline", "høsten 2021").press(
        "Save"
    )
    for name in ("Sandefjord kommune", "NAV"):
        desk.fill("Name as the plan writes it", name).press("Add")
    up = desk.page.get_by_role("button", name=desk.say("Move %(name)s up", name="NAV"), exact=True)
    desk.tab_to(up).enter().reads(desk.say("“%(name)s” stands first and leads.", name="NAV"))
    desk.follow("To the measure").reads("høsten 2021", "NAV")
    assert Measure.objects.of(sandefjord).get().lead.name_as_written == "NAV"
    desk.go(f"/t/sandefjord/plans/{Plan.objects.of(sandefjord).get().pk}/").follow("Enter the adoption")
    desk.fill("Adopted by", "kommunestyret").fill("Adopted on", "2020-01-30").press("Save")
    desk.reads("The plan is adopted.")


def test_the_plan_that_follows_says_what_became_of_each_measure(at_work, kari, sandefjord):
    row = measure(sandefjord, title="Møter", about_individuals=True)
    plan = Plan.objects.of(sandefjord).get()
    desk = at_work(kari).go(f"/t/sandefjord/plans/{plan.pk}/").follow("Make the plan that follows")
    desk.fill("Title of the new plan", "Plan 2027").press("Save").reads("Plan 2027")
    desk.follow("what became of its measures").reads("Møter")
    desk.follow(desk.say("Change what became of measure %(n)s", n=3))
    desk.choose("What became of it", "ended").press("Save")
    assert desk.error_at("Reason") != ""
    for box in desk.page.get_by_role("checkbox").all():
        box.uncheck(force=True)
    desk.fill("Reason", "Ferdig").press("Save").reads("Ferdig")
    desk.go(f"/t/sandefjord/measures/{row.pk}/").reads("Ferdig").follow("Remove the measure")
    desk.go(f"/t/sandefjord/measures/{row.pk}/edit/").fill("Title as adopted", "Dialog").press("Save")
    assert desk.error_at("Reason for the correction") == desk.say("Say why: the plan is adopted.")
    assert desk.typed("Title as adopted") == "Dialog"


def test_recommendations_catalogue_and_documents_are_pages_for_everybody_s_keyboard(
    at_work, kari, sandefjord
):
    measure(sandefjord, title="Møter")
    plan = Plan.objects.of(sandefjord).get()
    desk = at_work(kari).go(f"/t/sandefjord/plans/{plan.pk}/").follow("Recommendations")
    desk.follow("New expert group").fill("Name", "Ekspertgruppen").fill("Set up", "januar 2015").press("Save")
    desk.follow("New recommendation").fill("Recommendation", "Styrk samarbeidet")
    desk.choose("What was decided", "rejected").press("Save")
    assert desk.error_at("Reason") == desk.say("Say why it is rejected.")
    desk.fill("Reason", "Finnes fra før").press("Save").reads("Styrk samarbeidet", "Finnes fra før")
    desk.follow("Possible measures").fill("A possible measure", "Megling").press("Add").reads("Megling")
    desk.page.get_by_role("link", name=desk.say("Take into the plan: %(title)s", title="Megling")).click()
    desk.look()
    assert desk.typed("Title as adopted") == "Megling"
    desk.go(f"/t/sandefjord/plans/{plan.pk}/documents/")
    file = {"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 plan"}
    desk.field("File").set_input_files([file])
    desk.press("Add the file").reads("plan.pdf")
