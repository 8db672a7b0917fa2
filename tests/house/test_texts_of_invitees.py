"""No template that an invitee may see is forgotten: what their views name, include or extend is translated whole."""

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from config import forms
from events.tenancy import closed
from tools import texts

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
NAMED = re.compile(r'{%\s*(?:include|extends)\s+"([^"]+)"')
# Open to everybody, and what an invitee is sent to: the field for a letter's code, and what a square code leads to.
OPEN_TO_INVITEES = {"code", "door-show", "public-month"}
# Behind links too, but for who stands at the door, in the organiser's language.
AT_THE_DOOR = {"door", "door-tick", "door-walk-in"}
FOR_THE_DOOR = {"door/list.html"}


def views(resolver: URLResolver) -> Iterator[tuple[str, object]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLPattern):
            yield one.name or "", one.callback
        else:
            yield from views(one)


def modules_of_invitees() -> set[Path]:
    """The modules that hold a view behind a secret link, the page of a locked event, and the looks of all forms."""
    found = {Path(inspect.getfile(closed)), Path(inspect.getfile(forms))}
    for name, view in views(get_resolver()):
        of_invitees = getattr(view, "guard", "") == "token" or name in OPEN_TO_INVITEES
        if of_invitees and name not in AT_THE_DOOR:
            found.add(Path(inspect.getfile(inspect.unwrap(view))))
    return found


def named_in(module: Path) -> Iterator[str]:
    """The templates a module names; of a name with a gap ("own/{name}.html"), all that fit."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
            yield node.value
        if isinstance(node, ast.JoinedStr):
            pattern = "".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)
            if pattern.endswith(".html"):
                yield from (str(path.relative_to(TEMPLATES)) for path in TEMPLATES.glob(pattern))


def with_parts(names: set[str]) -> set[str]:
    """The templates, and all that they include or extend."""
    found, ahead = set(), set(names)
    while ahead:
        name = ahead.pop()
        found.add(name)
        ahead |= set(NAMED.findall((TEMPLATES / name).read_text(encoding="utf-8"))) - found
    return found


def test_every_template_of_a_page_behind_an_invitees_link_is_among_the_translated_sources():
    modules = modules_of_invitees()
    named = {name for module in modules for name in named_in(module) if (TEMPLATES / name).exists()}
    shown = with_parts(named - FOR_THE_DOOR)
    assert {
        "answers/rsvp.html",
        "answers/own/correct.html",
        "answers/substitute.html",
        "closed.html",
    } <= shown
    translated = {
        str(path.relative_to(TEMPLATES)) for path in texts.sources() if path.is_relative_to(TEMPLATES)
    }
    assert sorted(shown - translated) == []


def test_the_list_of_sources_names_nothing_that_is_gone():
    patterns = (*texts.SOURCES, *texts.STAFF, *texts.CLASSES)
    assert [pattern for pattern in patterns if not any(ROOT.glob(pattern))] == []


def test_every_room_that_shows_what_it_holds_of_a_person_is_among_the_translated_sources():
    from invites.answers.own import holdings

    modules = {Path(inspect.getfile(show)) for show in holdings._shows}
    named = {path.name for path in modules}
    assert {"sections.py", "holdings.py"} <= named
    without_words = {ROOT / "invites/answers/own/erasing.py"}  # it only forgets
    assert sorted(modules - set(texts.sources()) - without_words) == []
