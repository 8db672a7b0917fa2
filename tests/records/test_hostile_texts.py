"""Two hundred hostile strings in every text field of minutes stay text, on the conflict page and the owner's too."""

from html.parser import HTMLParser
from itertools import product

import pytest
from django.utils import timezone

from minutes.records import services
from minutes.records.actions.models import ActionItem
from minutes.records.content import Content
from minutes.records.writing import read
from tests.actions.scene import DAY, amina, approved
from tests.records.scene import address, new, opened

TAGS = (
    "<script>pwned()</script>", "<img src=x onerror=pwned()>", "<svg/onload=pwned()>",
    "<a href=javascript:pwned()>x</a>", "<iframe srcdoc='<script>pwned()</script>'>",
    "<style>*{background:url(//pwned)}</style>",
    "<math><mi xlink:href=pwned>",
    "[x](javascript:pwned())", "![x](https://pwned.example/x.png)", "<details open ontoggle=pwned()>",
)  # fmt: skip
BREAKS = (
    "", "</textarea>", "\"'>", "</option></select>", "<!--", "]]>", "{{ pwned }}{% pwned %}", "</title>",
    "\u202e", "\u2028",
     "&lt;", "%00", "\\", "`", "#{pwned}", "${pwned}", "=cmd|'/c pwned'!A1", "\ufeff", "a\u0300" * 9, "\n\n    ",
)  # fmt: skip
STRINGS = [f"{n} {left}{tag}" for n, (left, tag) in enumerate(product(BREAKS, TAGS))]


class Watcher(HTMLParser):
    """Notes every tag and attribute that one of the strings would have made."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            is_typed = name in ("value", "title") or (name == "content" and tag == "meta")
            is_typed |= name == "href" and (value or "").startswith("https://")  # a link of Markdown
            if name.startswith("on") or (not is_typed and "pwned" in (value or "")):
                self.found.append((tag, name, value))
        if tag in ("iframe", "math", "img", "style"):
            self.found.append((tag, "", ""))


def judged(response):
    assert response.status_code in (200, 409), response.status_code
    page = response.content.decode()
    watcher = Watcher()
    watcher.feed(page)
    assert watcher.found == []
    assert "<script>pwned" not in page
    assert "pwned" in page  # so that there was something to make harmless
    return page


def rows(**fields):
    """A row for each string, with it in each of `fields`; others hold what `fields` say."""
    return [
        new(**{name: text[:limit] if limit else text for name, limit in fields.items()}) for text in STRINGS
    ]


PEOPLE = {
    "walkins": lambda: rows(name=200, organisation=200, substitute_for=200),
    "headcounts": lambda: [{**row, "count": 3} for row in rows(organisation=200)],
}
WORDS = {
    "items": lambda: rows(title=300, notes=0),
    "information": lambda: rows(text=0),
    "decisions": lambda: rows(text=0, basis=500, dissent=0),
    "actions": lambda: rows(text=0, owner=200),
    "referrals": lambda: rows(text=0, owner=200),
}
BOTH = {"items": ("title", "notes"), "decisions": ("text", "basis", "dissent"), "actions": ("text", "owner")}


def test_there_are_two_hundred(sandefjord):
    assert len(set(STRINGS)) == 200


@pytest.mark.parametrize("section", [*PEOPLE, *WORDS])
def test_on_the_pages_where_minutes_are_written_and_read(sandefjord, kari, leif, at_desk, section):
    minutes, desk = opened(sandefjord, kari), at_desk(kari)
    content = Content(**{section: (PEOPLE | WORDS)[section]()})
    services.save(minutes, by=kari, revision=0, content=content)
    judged(desk.get(address("minutes-edit", minutes)))
    approved(minutes, kari)
    judged(desk.get(address("minutes-detail", minutes)))
    if section in WORDS:
        judged(at_desk(leif).get(address("minutes-detail", minutes)))


@pytest.mark.parametrize("section", BOTH)
def test_on_the_conflict_page(sandefjord, kari, at_desk, section):
    """Each string stands there twice in each field: as the other stored it, and as it was typed here."""
    minutes = opened(sandefjord, kari)
    content = Content(**{section: WORDS[section]()})
    services.save(minutes, by=kari, revision=0, content=content)
    typed = {"revision": "0"}
    for name, many in read(minutes).sections():
        mine = many if name == section else []
        typed |= {f"{name}-TOTAL_FORMS": str(len(mine)), f"{name}-INITIAL_FORMS": "0"}
        for n, row in enumerate(mine):
            typed[f"{name}-{n}-id"] = row["id"]
            typed |= {f"{name}-{n}-{field}": f"{row[field][:190]} mitt" for field in BOTH[section]}
    joined = at_desk(kari).post(address("minutes-edit", minutes), typed)
    assert joined.status_code == 409
    assert judged(joined).count("Lagret i mellomtiden under") >= 200


def test_on_the_pages_of_action_points_and_the_owners(sandefjord, kari, at_desk, client):
    amina(sandefjord)
    minutes = opened(sandefjord, kari)
    actions = [{**row, "owner": "Amina Noor"} for row in rows(text=0)]
    services.save(minutes, by=kari, revision=0, content=Content(actions=actions))
    approved(minutes, kari)
    desk = at_desk(kari)
    for number in (1, 2, 3, 4):
        judged(desk.get(f"/t/sandefjord/actions/?page={number}"))
    for one in ActionItem.objects.of(sandefjord).order_by("pk")[::7]:
        one.seal()
        one.link_expires_at = timezone.now() + DAY
        one.save()
        judged(desk.get(f"/t/sandefjord/actions/{one.pk}/"))
        judged(client.get(f"/action/{one.token}/"))
        judged(
            client.post(f"/action/{one.token}/", {"said": "new_date", "due": one.text[:60], "note": one.text})
        )
        assert client.post(f"/action/{one.token}/", {"said": "not_yet", "note": one.text}).status_code == 302
        judged(desk.get(f"/t/sandefjord/actions/{one.pk}/"))
