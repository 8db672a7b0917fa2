"""The list for other web sites: what it tells, who may frame it, and the page where staff say so."""

import datetime as dt
import re

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.audit import AuditEntry
from events.calendar.embedding import hosts, services
from events.calendar.embedding.models import EmbedHost
from events.gatherings import locking
from events.gatherings.models import Event, EventHost
from events.languages import InviteeLanguage
from tests.factories import event, organisation
from tests.queries import queries_of

LIST = "/embed/sandefjord/"
PAGE = "/t/sandefjord/embed/"


def page(client, query=""):
    response = client.get(LIST + query)
    assert response.status_code == 200
    return response.content.decode()


def titles(client, query=""):
    return re.findall(
        r'<a href="[^"]*/events/[^"]+" target="_top"><bdi>([^<]+)</bdi></a>', page(client, query)
    )


def ancestors(response):
    return re.search(r"frame-ancestors ([^;]+)", response["Content-Security-Policy"])[1].split()


# --- Host names --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("www.sandefjord.kommune.no", "www.sandefjord.kommune.no"),
        ("  WWW.Sandefjord.Kommune.NO. ", "www.sandefjord.kommune.no"),
        ("https://www.sandefjord.kommune.no/", "www.sandefjord.kommune.no"),
        ("intranett.kommune.no:8443", "intranett.kommune.no:8443"),
        ("kommune.no:443", "kommune.no"),
        ("sørum.kommune.no", "xn--srum-gra.kommune.no"),
        ("SØRUM.kommune.no", "xn--srum-gra.kommune.no"),
        ("xn--srum-gra.kommune.no", "xn--srum-gra.kommune.no"),
    ],
)
def test_a_host_is_read_as_a_browser_compares_it(typed, host):
    assert hosts.read(typed) == host
    assert hosts.read(host) == host


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "*.no",
            "*",
            "*.kommune.no",
            "www.*.no",
            "no",
            "localhost",
            "localhost:8000",
            "",
            " ",
            ".",
            "a..no",
        ),
        *(
            "http://kommune.no",
            "ftp://kommune.no",
            "//kommune.no",
            "https://https://kommune.no",
            "javascript:x",
        ),
        *("kommune.no/moter", "kommune.no?x", "kommune.no#x", "kommune.no\\x", "https://kommune.no//"),
        *(
            "kommune.no:0",
            "kommune.no:65536",
            "kommune.no:",
            "kommune.no:x",
            "kommune.no:80:80",
            "kommune.no:٣",
        ),
        *(
            "a@kommune.no",
            "kommune.no; script-src *",
            "kommune.no https://evil.example",
            "kommune.no,evil.no",
        ),
        *("'self'", "'none'", "127.0.0.1", "10.0.0.1:8080", "[::1]", "1.2", "-a.no", "a-.no", "a_b.no"),
        *(
            "kommune\u2028.no\u2028x",
            "kommune.no\n*",
            f"{'a' * 64}.no",
            f"{'a.' * 140}no",
            "xn--.no",
            "\ud800.no",
        ),
    ],
)
def test_what_names_no_single_host_is_refused_in_words(typed):
    with pytest.raises(hosts.NoHost) as refused:
        hosts.read(typed)
    assert len(str(refused.value)) > 20


def test_a_host_is_shown_as_people_write_it_and_look_alikes_stand_out():
    assert hosts.shown("www.kommune.no") == "www.kommune.no"
    assert hosts.shown("xn--srum-gra.kommune.no") == "sørum.kommune.no (xn--srum-gra.kommune.no)"


@pytest.mark.parametrize("host", ["", "*", "a b", "a;b", "a,b", "a/b", "'self'", 'a"b'])
def test_the_database_refuses_what_would_mean_more_than_one_host(sandefjord, host):
    with pytest.raises(IntegrityError), transaction.atomic():
        EmbedHost.objects.create(tenant=sandefjord, host=host)


# --- Who may frame it --------------------------------------------------------------------------------------------
def test_nobody_may_frame_it_until_a_host_is_listed(client, sandefjord):
    response = client.get(LIST)
    assert (ancestors(response), response["X-Frame-Options"]) == (["'none'"], "DENY")


def test_exactly_the_listed_hosts_may_frame_it_and_from_the_next_request_on(
    client, sandefjord, kristiansand, kari, nils, settings
):
    settings.SECURE_SITE = True
    first = services.add(tenant=sandefjord, by=kari, host="www.sandefjord.kommune.no")
    services.add(tenant=sandefjord, by=kari, host="intranett.kommune.no:8443")
    services.add(tenant=kristiansand, by=nils, host="www.kristiansand.kommune.no")
    response = client.get(LIST)
    listed = ["https://intranett.kommune.no:8443", "https://www.sandefjord.kommune.no"]
    assert (ancestors(response), response.has_header("X-Frame-Options")) == (listed, False)
    services.remove(first, by=kari)
    assert ancestors(client.get(LIST)) == listed[:1]


def test_nothing_keeps_the_answer_alive_after_a_host_is_removed(client, sandefjord, kari):
    """A 304 would leave the frame-ancestors of the kept answer standing in some browsers."""
    services.add(tenant=sandefjord, by=kari, host="www.kommune.no")
    response = client.get(LIST)
    assert response["Cache-Control"] == "public, no-cache"
    assert [response.has_header(name) for name in ("ETag", "Last-Modified")] == [False, False]


@pytest.mark.parametrize(
    "path", ["/", "/about/", "/calendar/public/sandefjord.ics", "/accounts/login/", "/nix/"]
)
def test_no_other_address_may_be_framed(client, sandefjord, kari, path):
    services.add(tenant=sandefjord, by=kari, host="www.kommune.no")
    response = client.get(path)
    assert (ancestors(response), response["X-Frame-Options"]) == (["'none'"], "DENY")


def test_the_frame_runs_no_script_sends_no_form_and_sets_no_cookie(client, at_desk, sandefjord, kari):
    event(sandefjord, is_public=True)
    assert "Cookie" not in client.get(LIST)["Vary"]
    for asker in (client, at_desk(kari)):
        response = asker.get(LIST)
        policy = response["Content-Security-Policy"]
        assert [part for part in ("script-src 'none'", "form-action 'none'") if part not in policy] == []
        assert dict(response.cookies) == {}
        assert [word for word in ("<script", "<form", "style=") if word in response.content.decode()] == []
        assert response["X-Robots-Tag"] == "noindex, nofollow"


# --- What it tells -----------------------------------------------------------------------------------------------
def test_it_lists_the_coming_meetings_of_its_tenant_soonest_first(client, sandefjord, kristiansand):
    now = timezone.now()
    for days, title in ((30, "senere"), (3, "snart"), (-3, "over")):
        starts = now + dt.timedelta(days=days)
        ends = starts + dt.timedelta(hours=1)
        event(sandefjord, title=title, is_public=True, starts_at=starts, ends_at=ends, answer_by=None)
    event(sandefjord, title="lukket")
    event(sandefjord, title="utkast", is_public=True, state=Event.State.DRAFT)
    event(sandefjord, title="låst", is_public=True, locked_at=now)
    event(sandefjord, title="holdt før tiden", is_public=True, state=Event.State.HELD)
    event(kristiansand, title="naboens", is_public=True)
    assert titles(client) == ["snart", "senere"]
    assert titles(client, "?limit=1") == ["snart"]


def test_a_cancelled_meeting_is_marked_and_the_place_told_as_far_as_the_public_sees(client, sandefjord):
    event(sandefjord, is_public=True, state=Event.State.CANCELLED, published_at=timezone.now())
    said = page(client)
    assert [words for words in ("Dette møtet er avlyst.", "Sandefjord</bdi></p>") if words not in said] == []
    assert [word for word in ("Rådhusgata", "Møterom 3", "Sentrum", "Kari") if word in said] == []


def test_it_is_narrowed_and_refuses_what_means_nothing(client, sandefjord):
    event(sandefjord, title="dialog", is_public=True)
    event(sandefjord, title="kurs", is_public=True, kind="course", city="Larvik", language="en")
    for query in ("?kind=course", "?place=larvik", "?language=en"):
        assert titles(client, query) == ["kurs"]
    for query in (
        "?kind=x",
        "?measure=x",
        "?language=tlh",
        "?lang=xx",
        "?limit=0",
        "?limit=51",
        "?limit=x",
        "?scheme=x",
    ):
        assert client.get(LIST + query).status_code == 400
    assert client.get("/embed/nobody/").status_code == 404


@pytest.mark.parametrize("language", InviteeLanguage.values)
def test_it_speaks_ten_languages(client, sandefjord, language):
    event(sandefjord, is_public=True)
    response = client.get(f"{LIST}?lang={language}")
    said = response.content.decode()
    way = "rtl" if language in ("ar", "ur") else "ltr"
    assert f'<html lang="{language}" dir="{way}">' in said
    assert (response["Content-Language"], ("Coming meetings" in said) == (language == "en")) == (
        language,
        True,
    )


def test_without_lang_it_speaks_the_tenants_language_whatever_the_browser_asks(client, sandefjord):
    assert '<html lang="nb"' in client.get(LIST, headers={"accept-language": "en"}).content.decode()


def test_hostile_titles_stay_text(client, sandefjord):
    event(sandefjord, title='<b onclick="x">"&', is_public=True)
    assert titles(client) == ["&lt;b onclick=&quot;x&quot;&gt;&quot;&amp;"]


def test_an_empty_list_says_so(client, sandefjord):
    assert "Ingen møter er kunngjort nå" in page(client)


def test_it_asks_four_questions_however_many_events_and_hosts(client, sandefjord, kari):
    def more(number):
        for _n in range(number):
            row = event(sandefjord, is_public=True)
            EventHost.objects.create(tenant=sandefjord, event=row, organisation=organisation(sandefjord))
            services.add(
                tenant=sandefjord, by=kari, host=f"w{EmbedHost.objects.of(sandefjord).count()}.kommune.no"
            )

    more(1)
    one = queries_of(client, LIST)
    more(2)
    assert (one, queries_of(client, LIST)) == (4, 4)


def test_a_locked_event_is_gone_at_the_next_request(client, sandefjord):
    row = event(sandefjord, title="dialog", is_public=True)
    assert titles(client) == ["dialog"]
    locking.lock(row, by=None)
    assert titles(client) == []


# --- The page of staff -------------------------------------------------------------------------------------------
def test_staff_add_a_host_and_remove_it_and_both_are_in_the_audit_trail(at_desk, kari, sandefjord):
    desk = at_desk(kari)
    assert "Ingen nettsteder kan vise listen ennå" in desk.get(PAGE).content.decode()
    for _click in range(2):
        assert desk.post(PAGE, {"host": "https://Sørum.kommune.no/"}).status_code == 302
    row = EmbedHost.objects.of(sandefjord).get()
    said = desk.get(PAGE).content.decode()
    assert "Fjern sørum.kommune.no (xn--srum-gra.kommune.no)" in said
    for _click in range(2):
        desk.post(f"{PAGE}{row.pk}/remove/")
    assert EmbedHost.objects.of(sandefjord).count() == 0
    actions = AuditEntry.objects.of(sandefjord).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["embed.added", "embed.removed"]


def test_a_wrong_host_is_explained_beside_the_field_and_what_was_typed_stays(at_desk, kari, sandefjord):
    response = at_desk(kari).post(PAGE, {"host": "*.no"})
    said = response.content.decode()
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["host"])
    wanted = ('value="*.no"', "en stjerne ville slippe inn", "id_host_error")
    assert [words for words in wanted if words not in said] == []
    assert EmbedHost.objects.of(sandefjord).count() == 0


def test_no_more_hosts_than_one_header_holds(at_desk, kari, sandefjord):
    for n in range(services.MOST):
        services.add(tenant=sandefjord, by=kari, host=f"w{n}.kommune.no")
    response = at_desk(kari).post(PAGE, {"host": "en.til.no"})
    assert (response.status_code, response.context["form"]["host"].value()) == (200, "en.til.no")
    assert "Det er plass til høyst 20 nettsteder" in response.content.decode()


def test_a_strangers_host_cannot_be_removed(at_desk, nils, kari, sandefjord, kristiansand):
    row = services.add(tenant=sandefjord, by=kari, host="www.kommune.no")
    assert at_desk(nils).post(f"/t/kristiansand/embed/{row.pk}/remove/").status_code == 404
    assert EmbedHost.objects.of(sandefjord).count() == 1


def test_the_code_to_copy_is_a_frame_of_the_list(at_desk, kari, settings):
    said = at_desk(kari).get(PAGE).content.decode()
    assert f"&lt;iframe src=&quot;{settings.BASE_URL}{LIST}&quot; title=" in said.replace('"', "&quot;")
    assert "<iframe" not in said


def test_the_page_asks_as_much_for_three_hosts_as_for_one(at_desk, kari, sandefjord):
    event(sandefjord, is_public=True)
    desk = at_desk(kari)
    services.add(tenant=sandefjord, by=kari, host="en.kommune.no")
    one = queries_of(desk, PAGE)
    for host in ("to.kommune.no", "tre.kommune.no"):
        services.add(tenant=sandefjord, by=kari, host=host)
        event(sandefjord, is_public=True)
    assert (one, queries_of(desk, PAGE)) == (3, 3)
