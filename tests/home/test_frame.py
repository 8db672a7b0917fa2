"""The frame of every page: navigation for the role, one current entry, skip link, ways out; and the form components."""

import re

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string

from tests.factories import event, staff

NAVIGATION = re.compile(r'<nav class="wrap site-nav".*?</nav>', re.DOTALL)
LINKS = re.compile(r'<a href="([^"]+)"( aria-current="page")?>')


def links_of(page):
    return LINKS.findall("".join(NAVIGATION.findall(page.content.decode())))


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("kari", ["", "events/", "minutes/", "directory/", "campaigns/", "plans/"]),
        ("mina", ["", "events/", "minutes/", "directory/", "campaigns/", "plans/"]),
        ("leif", ["", "events/", "minutes/", "campaigns/", "plans/"]),
    ],
)
def test_the_navigation_offers_what_the_role_may_open_and_every_entry_opens(at_desk, request, who, seen):
    client = at_desk(request.getfixturevalue(who))
    offered = [address for address, _ in links_of(client.get("/t/sandefjord/"))]
    assert offered == [f"/t/sandefjord/{path}" for path in seen]
    assert {client.get(address).status_code for address in offered} == {200}


def test_one_entry_is_marked_as_current_also_on_pages_below_it(at_desk, kari, sandefjord):
    meeting = event(sandefjord)
    pages = {
        "/t/sandefjord/": "/t/sandefjord/",
        "/t/sandefjord/events/": "/t/sandefjord/events/",
        f"/t/sandefjord/events/{meeting.pk}/": "/t/sandefjord/events/",
        **{
            f"/t/sandefjord/events/{meeting.pk}/{room}/": "/t/sandefjord/events/"
            for room in ("invitations", "decisions", "seats", "questions", "door", "visibility")
        },
        "/t/sandefjord/minutes/": "/t/sandefjord/minutes/",
        "/t/sandefjord/directory/": "/t/sandefjord/directory/",
        "/t/sandefjord/plans/": "/t/sandefjord/plans/",
    }
    client = at_desk(kari)
    marked = {page: [address for address, here in links_of(client.get(page)) if here] for page in pages}
    assert marked == {page: [entry] for page, entry in pages.items()}


def test_the_account_menu_offers_staff_and_audit_to_those_who_may(at_desk, sandefjord, kari, leif):
    ada = staff(sandefjord, "administrator", name="Ada Administrator")
    menu = {}
    for user in (ada, kari, leif):
        page = at_desk(user).get("/t/sandefjord/").content.decode()
        menu[user.name] = [
            word for word in ("calendar", "staff", "audit") if f"/t/sandefjord/{word}/" in page
        ]
    assert menu == {
        "Ada Administrator": ["calendar", "staff", "audit"],
        "Kari Koordinator": ["calendar", "audit"],
        "Leif Leser": ["calendar"],
    }


@pytest.mark.parametrize("address", ["/", "/about/", "/accounts/login/", "/no/such/page/"])
def test_each_page_has_a_skip_link_one_main_and_one_heading(client, db, address):
    page = client.get(address).content.decode()
    counts = [page.count(words) for words in ('href="#main"', '<main id="main"', "<h1")]
    assert counts == [1, 1, 1]


class Everything(forms.Form):
    name = forms.CharField(help_text="As on the door")
    note = forms.CharField(widget=forms.Textarea, required=False)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    reply = forms.ChoiceField(choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect)
    days = forms.MultipleChoiceField(choices=[("1", "1"), ("2", "2")], widget=forms.CheckboxSelectMultiple)
    when = forms.SplitDateTimeField()
    agree = forms.BooleanField()
    paper = forms.FileField()


def ids_in(html):
    return set(re.findall(r'\sid="([^"]+)"', html))


def test_every_kind_of_field_has_a_label_for_an_element_that_is_there():
    html = str(Everything())
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    assert labelled - ids_in(html) == set()
    single = {f"id_{name}" for name in ("name", "note", "day", "kind", "agree", "paper")}
    groups = {"id_reply_0", "id_reply_1", "id_days_0", "id_days_1"}
    assert labelled == single | groups
    assert html.count("<legend") == 3


def test_help_and_error_are_tied_to_the_field():
    html = str(Everything({}))
    described = {each for value in re.findall(r'aria-describedby="([^"]+)"', html) for each in value.split()}
    assert described - ids_in(html) == set()
    assert {"id_name_helptext", "id_name_error", "id_reply_error", "id_when_error"} <= described


def test_the_error_summary_leads_to_each_field_with_an_error():
    form = Everything({})
    summary = render_to_string("components/error_summary.html", {"form": form})
    targets = re.findall(r'href="#([^"]+)"', summary)
    assert len(targets) == len(form.errors) == 8
    assert set(targets) - ids_in(str(form)) == set()


def test_the_error_summary_gathers_forms_and_formsets_and_is_silent_without_errors():
    class Row(forms.Form):
        title = forms.CharField()

    rows = forms.formset_factory(Row, extra=0, min_num=2, validate_min=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-title": "x", "form-1-title": ""}
    bad = render_to_string("components/error_summary.html", {"forms": [Row({})], "formsets": [rows(data)]})
    good = render_to_string("components/error_summary.html", {"form": Row(), "formsets": [rows()]})
    assert re.findall(r'href="#([^"]+)"', bad) == ["id_title", "id_form-1-title"]
    assert good.strip() == ""


def test_what_was_typed_stays_and_is_escaped():
    html = str(Everything({"name": '"><script>alert(1)</script>'}))
    assert ("<script>" in html, "&lt;script&gt;" in html) == (False, True)


def test_optional_is_said_only_where_something_else_is_required():
    class Search(forms.Form):
        q = forms.CharField(required=False)

    assert (str(Everything()).count('class="optional"'), str(Search()).count('class="optional"')) == (1, 0)


def test_turning_pages_keeps_the_search(rf):
    page = Paginator(range(100), 10).page(3)
    html = render_to_string("components/pagination.html", {"page": page}, rf.get("/?q=moske&page=3"))
    addresses = re.findall(r'href="([^"]+)"', html)
    assert {address.partition("&amp;page=")[0] for address in addresses} == {"?q=moske"}
    assert re.findall(r'page=(\d+)"[^>]*aria-current="true"', html) == ["3"]


def test_a_single_page_needs_no_turning(rf):
    html = render_to_string("components/pagination.html", {"page": Paginator([1], 10).page(1)}, rf.get("/"))
    assert html.strip() == ""
