"""The pages of possible duplicates."""

import re

import pytest
from django.urls import reverse

from events.directory.merging import hints, services
from events.directory.merging.models import Merger, NotSame
from events.directory.models import Contact, Organisation
from tests.factories import contact, event, invitation, organisation
from tests.queries import queries_of


def at(name, **kwargs):
    return reverse(name, kwargs={"tenant": "sandefjord", **kwargs})


def twins(sandefjord, **facts):
    return [contact(sandefjord, **{"email": "a@x.example", **facts}) for _ in range(2)]


def text(response):
    return re.sub(r"\s+", " ", response.content.decode())


def test_without_duplicates_the_page_is_calm(at_desk, kari, sandefjord):
    contact(sandefjord)
    for what in ("contact", "organisation"):
        page = at_desk(kari).get(at("directory-duplicates"), {"what": what})
        assert "Ingen mulige dubletter" in text(page)


def test_a_pair_is_shown_with_the_reason_and_two_ways_to_go(at_desk, kari, sandefjord):
    one, other = twins(sandefjord)
    page = at_desk(kari).get(at("directory-duplicates"))
    (pair,) = page.context["pairs"]
    assert (pair.kept, pair.gone) == (one, other)
    assert "Samme e-post" in text(page)
    assert at("contact-merge", pk=one.pk, other=other.pk) in text(page)


def test_organisations_have_a_list_of_their_own(at_desk, kari, sandefjord):
    one = organisation(sandefjord, name="Sandefjord menighet")
    other = organisation(sandefjord, name="Menigheten i Sandefjord")
    page = at_desk(kari).get(at("directory-duplicates"), {"what": "organisation"})
    assert [(pair.kept, pair.gone) for pair in page.context["pairs"]] == [(one, other)]
    assert at("organisation-merge", pk=one.pk, other=other.pk) in text(page)


def test_the_list_asks_as_much_for_one_pair_as_for_three(at_desk, kari, sandefjord):
    client = at_desk(kari)
    twins(sandefjord, email="1@x.example")
    one = queries_of(client, at("directory-duplicates"))
    for n in (2, 3):
        twins(sandefjord, email=f"{n}@x.example")
    assert queries_of(client, at("directory-duplicates")) == one
    assert one <= 5


def test_not_the_same_is_remembered(at_desk, kari, sandefjord):
    one, other = twins(sandefjord)
    client = at_desk(kari)
    said = {"subject": "contact", "one": one.pk, "other": other.pk}
    for _click in range(2):
        assert client.post(at("directory-not-same"), said).url == at("directory-duplicates") + "?what=contact"
    assert NotSame.objects.of(sandefjord).count() == 1
    assert client.get(at("directory-duplicates")).context["pairs"] == []


@pytest.mark.parametrize("said", [{}, {"subject": "x", "one": 1, "other": 2}, {"one": "9" * 40}])
def test_an_odd_verdict_changes_nothing(at_desk, kari, sandefjord, said):
    twins(sandefjord)
    assert at_desk(kari).post(at("directory-not-same"), said).status_code == 302
    assert NotSame.objects.of(sandefjord).count() == 0


def test_another_tenants_row_is_neither_told_apart_nor_merged(at_desk, kari, sandefjord, kristiansand):
    mine, theirs = contact(sandefjord), contact(kristiansand)
    client = at_desk(kari)
    said = {"subject": "contact", "one": mine.pk, "other": theirs.pk}
    assert client.post(at("directory-not-same"), said).status_code == 404
    for pk, other in ((mine.pk, theirs.pk), (theirs.pk, mine.pk), (mine.pk, mine.pk)):
        assert client.post(at("contact-merge", pk=pk, other=other)).status_code == 404
    assert Contact.objects.of(kristiansand).count() == 1


def choices(client, page, **chosen):
    form = client.get(page).context["form"]
    return {"shown": form.stamp} | {f"keep_{field.name}": "kept" for field in form.asked} | chosen


def test_the_page_asks_for_what_differs_and_proposes_what_is_filled_in(at_desk, kari, sandefjord):
    here = organisation(sandefjord)
    kept = contact(sandefjord, name="Kari", organisation=here, email="a@x.example", phone="")
    gone = contact(sandefjord, name="Nordmann", organisation=here, email="a@x.example", phone="33 41 60 00")
    invitation(event(sandefjord), contact=gone)
    page = at_desk(kari).get(at("contact-merge", pk=kept.pk, other=gone.pk))
    form = page.context["form"]
    assert [field.name for field in form.asked] == ["name", "phone"]
    assert (form["keep_name"].initial, form["keep_phone"].initial) == ("kept", "gone")
    assert list(form.fields["keep_phone"].choices) == [("kept", "1. (tomt)"), ("gone", "2. 33 41 60 00")]
    assert ("E-post", "a@x.example") in page.context["same"]
    assert ("Språk", "Norsk bokmål") in page.context["same"]
    assert page.context["moves"] == ["1 invitasjon med svarene sine"]
    assert Contact.objects.of(sandefjord).count() == 2


def test_two_become_one_with_the_chosen_facts(at_desk, kari, sandefjord):
    kept, gone = twins(sandefjord)
    client, page = at_desk(kari), at("contact-merge", pk=kept.pk, other=gone.pk)
    answer = client.post(page, choices(client, page, keep_name="gone"))
    assert answer.url == at("contact-detail", pk=kept.pk)
    assert Contact.objects.of(sandefjord).get().name == gone.name
    shown = text(client.get(answer.url))
    assert "Slått sammen inn i denne" in shown
    assert gone.name in shown
    assert "slo sammen to kontakter" in shown


def test_who_posts_again_is_led_to_the_one_that_stayed(at_desk, kari, sandefjord):
    kept, gone = twins(sandefjord)
    client, page = at_desk(kari), at("contact-merge", pk=kept.pk, other=gone.pk)
    said = choices(client, page)
    client.post(page, said)
    for again in (page, at("contact-merge", pk=gone.pk, other=kept.pk)):
        answer = client.post(again, said, follow=True)
        assert answer.redirect_chain == [(at("contact-detail", pk=kept.pk), 302)]
        assert "allerede slått sammen" in text(answer)
    assert Merger.objects.of(sandefjord).count() == 1


def test_a_choice_between_facts_that_changed_meanwhile_is_asked_again(at_desk, kari, sandefjord):
    kept, gone = twins(sandefjord)
    client, page = at_desk(kari), at("contact-merge", pk=kept.pk, other=gone.pk)
    said = choices(client, page, keep_name="gone")
    Contact.objects.of(sandefjord).filter(pk=gone.pk).update(phone="33 41 60 00")
    answer = client.post(page, said)
    assert answer.status_code == 200
    assert "ble endret i mellomtiden" in text(answer)
    assert answer.context["form"]["keep_name"].value() == "gone"
    assert Contact.objects.of(sandefjord).count() == 2
    assert (
        client.post(page, {**said, "shown": answer.context["form"].stamp, "keep_phone": "gone"}).status_code
        == 302
    )


def test_choices_that_do_not_fit_together_are_told(at_desk, kari, sandefjord):
    kept, gone = twins(sandefjord)
    rows = Contact.objects.of(sandefjord)
    rows.filter(pk=kept.pk).update(valid_from="2026-01-01", valid_until="2030-01-01")
    rows.filter(pk=gone.pk).update(valid_from="2031-01-01", valid_until="2032-01-01")
    client, page = at_desk(kari), at("contact-merge", pk=kept.pk, other=gone.pk)
    answer = client.post(page, choices(client, page, keep_valid_from="gone"))
    assert answer.status_code == 200
    assert "passer ikke sammen" in text(answer)
    assert rows.count() == 2


def test_a_name_and_address_that_a_third_contact_has_are_told(at_desk, kari, sandefjord):
    contact(sandefjord, name="Kari", email="k@x.example")
    kept = contact(sandefjord, name="Kari", email="")
    gone = contact(sandefjord, name="Berit", email="k@x.example")
    client, page = at_desk(kari), at("contact-merge", pk=kept.pk, other=gone.pk)
    answer = client.post(page, choices(client, page, keep_email="gone"))
    assert answer.status_code == 200
    assert Contact.objects.of(sandefjord).count() == 3


def test_the_page_of_a_contact_tells_of_its_like(at_desk, kari, mina, sandefjord):
    one, other = twins(sandefjord)
    page = text(at_desk(kari).get(at("contact-detail", pk=other.pk)))
    assert at("contact-merge", pk=one.pk, other=other.pk) in page
    page = text(at_desk(mina).get(at("contact-detail", pk=other.pk)))
    assert "merge" not in page


def test_the_page_of_an_organisation_tells_of_its_like(at_desk, kari, sandefjord):
    one = organisation(sandefjord, name="Natteravnene")
    other = organisation(sandefjord, name="Natteravnen")
    page = text(at_desk(kari).get(at("organisation-detail", pk=one.pk)))
    assert at("organisation-merge", pk=one.pk, other=other.pk) in page


def test_who_enters_a_contact_twice_is_told_with_a_link(at_desk, kari, sandefjord):
    one = contact(sandefjord, email="a@x.example", name="<b>Kari</b>")
    typed = {"name": "Bo", "email": "a@x.example", "language": "nb", "channel": "email"}
    answer = at_desk(kari).post(at("contact-create"), typed, follow=True)
    other = Contact.objects.of(sandefjord).get(name="Bo")
    assert f'href="{at("contact-merge", pk=one.pk, other=other.pk)}"' in text(answer)


def test_history_goes_through_several_mergers(at_desk, kari, sandefjord):
    first, second, third = (contact(sandefjord, name=name) for name in ("Anna", "Berit", "Carl"))
    services.merge(kept=second, gone=first, facts={}, by=kari)
    services.merge(kept=third, gone=second, facts={}, by=kari)
    page = at_desk(kari).get(at("contact-detail", pk=third.pk))
    assert [merged.merger.name for merged in page.context["mergers"]] == ["Berit", "Anna"]
    assert [entry.action for entry in page.context["history"]] == ["contact.merged"] * 2


def test_the_other_one_can_be_looked_for(at_desk, kari, sandefjord):
    row, other = contact(sandefjord, name="Kari"), contact(sandefjord, name="Berit Berg")
    client, page = at_desk(kari), at("contact-merge-choose", pk=row.pk)
    assert list(client.get(page).context["found"]) == []
    assert list(client.get(page, {"q": "berg"}).context["found"]) == [other]
    assert list(client.get(page, {"q": "kari"}).context["found"]) == []
    assert at("contact-merge", pk=row.pk, other=other.pk) in text(client.get(page, {"q": "berg"}))


def test_merged_organisations_show_their_former_names(at_desk, kari, sandefjord):
    kept, gone = organisation(sandefjord, name="Moskeen"), organisation(sandefjord, name="Fjordbyen moské")
    client, page = at_desk(kari), at("organisation-merge", pk=kept.pk, other=gone.pk)
    assert client.post(page, choices(client, page)).url == at("organisation-detail", pk=kept.pk)
    assert Organisation.objects.of(sandefjord).count() == 1
    assert "Fjordbyen moské" in text(client.get(at("organisation-detail", pk=kept.pk)))
    assert hints.of_organisations(sandefjord) == {}
