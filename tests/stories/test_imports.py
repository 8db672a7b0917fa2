"""Kari brings her list of contacts: one address is wrong, she mends it, imports, and thinks better of it."""

import pytest

from events.directory.models import Contact
from tests.imports.kit import DATA

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def names(tenant):
    return list(Contact.objects.of(tenant).values_list("name", flat=True))


def upload(kari, name):
    kari.field("File").set_input_files(DATA / name)
    return kari.press("Read the list")


@pytest.mark.parametrize("how", [{}, {"phone": True, "script": False}, {"language": "en"}])
def test_a_list_with_a_wrong_address_is_mended_imported_and_taken_back(at_work, kari, sandefjord, how):
    kari.language = how.get("language", "")
    kari.save()
    desk = at_work(kari, **how).go("/t/sandefjord/directory/").follow("Import").follow("Import contacts")

    upload(desk, "one_wrong_address_cp1252.csv").reads("What the columns hold", "Åse Østbø · Jørn Bærheim")
    desk.choose("Verv", "Not imported")
    desk.press("See what would change")
    desk.reads("Nothing can be imported before this is corrected in the list:", "siv(at)frikirken.example")
    assert desk.button("Import").count() == 0

    desk.follow("Upload the corrected list")
    upload(desk, "wrong_address_mended_cp1252.csv").reads(
        "What the list would change", "Havneby frikirke", "Siv Grønn"
    )
    assert names(sandefjord) == []

    desk.press("Import").reads("The contacts are imported.", "Siv Grønn")
    assert names(sandefjord) == ["Jørn Bærheim", "Siv Grønn", "Åse Østbø"]
    assert set(Contact.objects.of(sandefjord).values_list("role", flat=True)) == {""}

    desk.press("Take the import back").reads("The import is taken back.")
    assert names(sandefjord) == []
    desk.go("/t/sandefjord/directory/imports/").reads("wrong_address_mended_cp1252.csv", "taken back")


def test_a_picture_is_refused_in_words_and_the_keyboard_is_led_to_the_field(at_work, kari, sandefjord):
    desk = at_work(kari).go("/t/sandefjord/directory/imports/").reads("Nothing has been imported yet")
    desk.follow("Import contacts")
    upload(desk, "picture_named_list.csv")
    reason = "This is a picture, not a list. Ask for the list as a spreadsheet."
    assert desk.error_at("File") == desk.say(reason)
    desk.jump(reason, to="File")


def test_pasted_addresses_become_contacts_and_the_export_brings_them_home(at_work, kari, sandefjord):
    desk = at_work(kari).go("/t/sandefjord/directory/imports/new/")
    desk.fill("Or paste addresses", 'Kari Nordmann <kari@x.example>; "Hansen, Per" <per@z.example>')
    desk.press("Read the list").reads("What the list would change", "Per Hansen").press("Import")
    assert names(sandefjord) == ["Kari Nordmann", "Per Hansen"]
    exported = desk.go("/t/sandefjord/directory/").download("Export")
    assert "Per Hansen" in exported.decode("utf-8-sig")
