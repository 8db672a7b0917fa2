"""Documents are short and their links lead somewhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_readme_is_shorter_than_150_lines():
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) < 150


@pytest.mark.parametrize("path", sorted((ROOT / "docs/adr").glob("*.md")), ids=lambda p: p.name)
def test_a_decision_is_written_in_under_40_lines(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 40
    assert all(word in text for word in ("**Context.**", "**Decision.**", "**Consequence.**"))


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_links_in_documents_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in local if not (path.parent / link).exists()] == []
