"""A coordinator puts the directory in order: types, tags, a group, and a new person in a role."""

import pytest

from events.directory.groups import members_of
from events.directory.groups.models import ContactGroup
from events.directory.models import Contact
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_directory_is_put_in_order_with_words_of_ones_own(at_work, kari, sandefjord):
    factories.contact(
        sandefjord,
        name="Ali Østby",
        organisation=factories.organisation(sandefjord, name="Nordhavn", kind="faith"),
    )
    visitor = at_work(kari)
    visitor.go("/t/sandefjord/directory/").follow("Types").follow("New type")
    visitor.fill("Name", "moské").choose("Belongs under", "faith and life-stance community").press("Save")
    visitor.reads("Moské").follow("Organisations").follow("Nordhavn").follow("Change")
    visitor.choose("Type", "Moské").fill("Tags", "nabolag, ungdom").press("Save").reads("Moské", "nabolag")

    visitor.follow("Organisations").fill("Search", "ungdommen").press("Search").reads("Nordhavn")
    visitor.follow("Groups").follow("New group").fill("Name", "Forum").press("Save")
    visitor.fill("Find people to add", "nordhavn").press("Search").tick("Ali Østby (Nordhavn)")
    visitor.press("Add to the group").reads("Ali Østby")
    assert [row.name for row in members_of(ContactGroup.objects.of(sandefjord).get())] == ["Ali Østby"]


@pytest.mark.parametrize("phone", [False, True])
def test_a_person_leaves_and_the_role_stays(at_work, kari, sandefjord, phone):
    old = factories.contact(sandefjord, name="Ali Østby", role="leder")
    visitor = at_work(kari, phone=phone, script=False)
    visitor.go(f"/t/sandefjord/directory/contacts/{old.pk}/").follow("New person in this role")
    visitor.press("Save").reads("Please correct this first")
    visitor.fill("Name", "Bo Ny").fill("First day in the role", "2026-01-15").press("Save")
    visitor.reads("Bo Ny", "leder", "In this role, one after another", "Ali Østby")
    assert Contact.objects.of(sandefjord).get(name="Bo Ny").succeeds == old
