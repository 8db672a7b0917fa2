"""Translations. `compile` turns each .po into the .mo that Django reads, `check` says what is wrong in them.

Babel does it in pure Python, so that nobody needs gettext to run the product (finding new texts still does).
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def read(po: Path) -> Catalog:
    with po.open("rb") as source:
        return read_po(source, abort_invalid=True)


def errors_of(po: Path) -> list[str]:
    """A placeholder that differs between text and translation breaks the page that shows it."""
    return [
        f"{po.relative_to(ROOT)}:{message.lineno}: {error}"
        for message, errors in read(po).check()
        if message.string and not message.fuzzy
        for error in errors
    ]


def compile_one(po: Path) -> None:
    unfinished = po.with_suffix(".mo.part")
    with unfinished.open("wb") as target:
        write_mo(target, read(po))
    unfinished.replace(po.with_suffix(".mo"))


def main(verb: str) -> int:
    catalogues = sorted(ROOT.glob("locale*/*/LC_MESSAGES/*.po"))
    errors = [error for po in catalogues for error in errors_of(po)]
    for error in errors:
        print(error, file=sys.stderr)
    if errors:
        return 1
    if verb == "compile":
        for po in catalogues:
            compile_one(po)
    return 0


if __name__ == "__main__":
    if sys.argv[1:] not in (["compile"], ["check"]):
        sys.exit("usage: tools/messages.py compile|check")
    sys.exit(main(sys.argv[1]))
