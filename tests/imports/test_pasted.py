"""Addresses copied from a mail."""

import pytest

from events.directory.imports.pasted import addresses
from events.directory.imports.problems import NotAList
from events.directory.imports.reading import read_pasted
from tests.imports.kit import sample


def found(text):
    return [(each.name, each.email) for each in addresses(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kari Nordmann <kari@x.example>", [("Kari Nordmann", "kari@x.example")]),
        ("<kari@x.example>", [("kari@x.example", "kari@x.example")]),
        ("ola.nordmann@y.example", [("Ola Nordmann", "ola.nordmann@y.example")]),
        ("post@y.example", [("post@y.example", "post@y.example")]),
        ('"Hansen, Per" <per@z.example>', [("Per Hansen", "per@z.example")]),
        ("Hansen, Per <per@z.example>", [("Per Hansen", "per@z.example")]),
        ("'siv@z.example' <siv@z.example>", [("siv@z.example", "siv@z.example")]),
        ('"O\\"Brien, Pat" <pat@z.example>', [('Pat O"Brien', "pat@z.example")]),
        ("mailto:kari@x.example", [("kari@x.example", "kari@x.example")]),
        ("Kari <mailto:kari@x.example>", [("Kari", "kari@x.example")]),
        (
            "a@x.example, b@y.example,c@z.example",
            [(e, e) for e in ("a@x.example", "b@y.example", "c@z.example")],
        ),
        (
            "Kari <a@x.example>, Hansen, Per <b@y.example>",
            [("Kari", "a@x.example"), ("Per Hansen", "b@y.example")],
        ),
        ("Kari Nordmann", [("Kari Nordmann", "")]),
        (" ;; , \n\n", []),
    ],
)
def test_each_way_of_writing_an_address(text, expected):
    assert found(text) == expected


def test_the_example_of_the_form():
    assert found('Kari Nordmann <kari@x.no>; ola@y.no, "Hansen, Per" <per@z.no>') == [
        ("Kari Nordmann", "kari@x.no"),
        ("ola@y.no", "ola@y.no"),
        ("Per Hansen", "per@z.no"),
    ]


def test_a_line_copied_from_outlook():
    table = read_pasted(sample("copied_from_outlook.txt").decode())
    assert table.columns == ["name", "email"]
    assert table.rows == [
        (1, ["Kari Nordmann", "kari@x.example"]),
        (1, ["ola@y.example", "ola@y.example"]),
        (1, ["Per Hansen", "per@z.example"]),
        (2, ["Ada Holm", "Ada@Harbour.example"]),
        (2, ["Siv Gronn", "siv.gronn@frikirken.example"]),
    ]


def test_text_without_an_address_is_refused():
    with pytest.raises(NotAList):
        read_pasted("Hei, hvem kommer?")
