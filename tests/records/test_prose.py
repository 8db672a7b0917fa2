"""The Markdown subset: safe as HTML, plain as blocks."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from minutes.records.prose import to_blocks, to_html

ALLOWED = re.compile(
    r'</?(?:p|br|h4|ul|li|blockquote|strong|em)>|</ol>|<ol(?: start="\d+")?>|</a>'
    r'|<a href="(?:https?|mailto):[^"<>]*" rel="noopener noreferrer nofollow">|<a rel="noopener noreferrer nofollow">'
)


def test_the_subset_is_rendered():
    html = to_html("## Om lys\n\n**fet** og *kursiv*\nny linje\n\n- en\n- to\n\n3. tre\n\n> sitat")
    assert html == (
        "<h4>Om lys</h4>\n<p><strong>fet</strong> og <em>kursiv</em><br>\nny linje</p>\n"
        "<ul>\n<li>en</li>\n<li>to</li>\n</ul>\n"
        '<ol start="3">\n<li>tre</li>\n</ol>\n<blockquote>\n<p>sitat</p>\n</blockquote>\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![bilde](https://ond.example/x.png)",
        "[x](javascript:alert(1))",
        "[x](data:text/html,x)",
        "<a href=https://ond.example>",
        "`kode` ~~strøket~~ | tabell |",
    ],
)
def test_what_is_not_in_the_subset_stays_text(text):
    html = to_html(text)
    assert ALLOWED.sub("", html).count("<") == 0
    assert "javascript:" not in re.sub(r">[^<]*<", "><", html)
    assert "<img" not in html


def test_a_link_keeps_its_address_and_nothing_else():
    assert to_html('[se](https://sandefjord.example/a?b=1&c=2 "tittel")') == (
        '<p><a href="https://sandefjord.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow">se</a></p>\n'
    )


@given(st.text())
def test_no_text_gets_through_as_markup(text):
    assert "<" not in ALLOWED.sub("", to_html(text))


@given(st.text(alphabet="ab *_#->\n1.`&;\\"))
def test_blocks_never_lose_a_letter(text):
    def letters(blocks):
        for block in blocks:
            for run in block.get("runs", ()):
                yield from run.get("text", "") + run.get("link", "")
            yield from letters(block.get("blocks", ()))
            for item in block.get("items", ()):
                yield from letters(item)

    assert sum(c in "ab" for c in letters(to_blocks(text))) == sum(c in "ab" for c in text)


def test_blocks_are_plain_data():
    assert to_blocks("# Om **lys**\n\nen\nto [se](https://x.example)\n\n2. a\n   - b\n\n> c") == [
        {"kind": "h", "runs": [{"text": "Om "}, {"text": "lys", "bold": True}]},
        {
            "kind": "p",
            "runs": [
                {"text": "en"},
                {"break": True},
                {"text": "to "},
                {"text": "se", "link": "https://x.example"},
            ],
        },
        {
            "kind": "ol",
            "start": 2,
            "items": [
                [
                    {"kind": "p", "runs": [{"text": "a"}]},
                    {"kind": "ul", "items": [[{"kind": "p", "runs": [{"text": "b"}]}]]},
                ]
            ],
        },
        {"kind": "quote", "blocks": [{"kind": "p", "runs": [{"text": "c"}]}]},
    ]
