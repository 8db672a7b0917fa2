"""The house rules that a machine can read (shared DESIGN and examples; docs/architecture.md)."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("config", "events", "invites", "minutes")
MODULES = sorted(
    path for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.ClassDef) -> int:
    """Lines from `def` to the end, without the docstring: what a reader has to hold in mind."""
    documented = ast.get_docstring(node) is not None
    prose = (node.body[0].end_lineno or 0) - node.body[0].lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - prose


def views() -> Iterator[tuple[str, object]]:
    def walk(patterns: list[URLPattern | URLResolver], ours: bool) -> Iterator[tuple[str, object]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, ours)
            elif not pattern.lookup_str.startswith(("allauth.", "django.")):
                yield pattern.lookup_str, pattern.callback

    yield from walk(get_resolver().url_patterns, ours=True)


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_modules_stay_below_the_wall_of_400_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_functions_stay_below_the_wall_of_40_lines(path):
    assert {f.name: length(f) for f in functions(path) if length(f) > 40} == {}


def test_nine_functions_in_ten_are_shorter_than_twenty_lines():
    lengths = [length(f) for path in MODULES for f in functions(path)]
    assert sum(n <= 20 for n in lengths) / len(lengths) >= 0.9


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if p.name in {"views.py", "public.py", "webhooks.py", "home.py"}],
    ids=relative,
)
def test_a_page_is_one_function_of_at_most_twenty_lines(path):
    assert {f.name: length(f) for f in functions(path) if length(f) > 20} == {}


@pytest.mark.parametrize("path", [p for p in MODULES if p.name == "tasks.py"], ids=relative)
def test_a_job_is_at_most_six_lines(path):
    assert {f.name: length(f) for f in functions(path) if length(f) > 6} == {}


@pytest.mark.parametrize(
    "path", [p for p in MODULES if "models" in p.name or p.name == "when.py"], ids=relative
)
def test_model_classes_stay_below_80_lines(path):
    classes = [
        n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.ClassDef)
    ]
    assert {c.name: length(c) for c in classes if length(c) > 80} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_templates_stay_below_60_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 60


def test_every_view_has_a_guard():
    unguarded = [name for name, view in views() if not getattr(view, "guard", "")]
    assert unguarded == []


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_no_signals_and_no_way_round_the_scope(path):
    code = path.read_text(encoding="utf-8")
    allowed = "scoping.py" in path.name
    found = re.findall(
        r"django\.dispatch|models\.signals|@receiver|_base_manager|_default_manager|mark_safe\(", code
    )
    assert found == [] or allowed


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_texts_are_marked_by_a_name_that_makemessages_knows(path):
    """`gettext as _t` marks nothing: its texts would stay English on every page."""
    known = r"gettext(_lazy)? as _$|[a-z_]+$"
    imported = re.findall(
        r"^from django\.utils\.translation import \(?([^()\n]+)", path.read_text(encoding="utf-8"), re.M
    )
    names = [one.strip() for line in imported for one in line.split(",") if one.strip()]
    assert [one for one in names if not re.match(known, one)] == []


def test_no_rooms_for_odds_and_ends():
    names = {"utils", "utils.py", "helpers.py", "common", "misc.py", "signals.py"}
    assert [relative(p) for floor in FLOORS for p in (ROOT / floor).rglob("*") if p.name in names] == []


def test_templates_hold_no_script_style_or_unescaped_text():
    forbidden = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|\|safe\b|autoescape off")
    found = {
        relative(path): forbidden.findall(path.read_text(encoding="utf-8"))
        for path in TEMPLATES
        # help_text is written by us and by allauth, never by a user, and may hold a list (Django's own convention)
        if path.name != "_help.html"
        and "emails" not in path.parts  # mail clients need styles in the message; no script there either
    }
    assert {path: hits for path, hits in found.items() if hits} == {}


def test_lock_files_and_sources_name_no_address_of_a_registry_or_this_machine():
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    offenders = []
    for name in filter(None, tracked.split("\0")):
        path = ROOT / name
        if not path.is_file() or path.suffix in {".png", ".ico"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        lock = path.name.startswith(("requirements", "package-lock", ".npmrc"))
        if str(ROOT) + "/" in text or (
            lock and re.search(r"https?://(?!opencollective|github|paypal|tidelift)", text)
        ):
            offenders.append(name)
    assert offenders == []


def test_forms_that_are_filled_in_leave_the_checking_to_us():
    """A browser's own bubbles speak the browser's language, and stop the post that would list every error."""
    asks = re.compile(r"as_field_group|error_summary|\{\{ form \}\}|slot body")
    sends = re.compile(r"<form(?=[^>]*method=\"(?:post|\{\{))(?![^>]*novalidate)")
    texts = {relative(path): path.read_text(encoding="utf-8") for path in TEMPLATES}
    filled_in = {name: text for name, text in texts.items() if asks.search(text) and "novalidate" not in text}
    assert [name for name, text in filled_in.items() if sends.search(text)] == []
