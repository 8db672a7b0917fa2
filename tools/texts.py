"""Which texts an invitee can see: those, and no others, are written in all ten languages.

`trim` leaves the eight languages that only invitees read with these texts alone; `ids` finds them (needs gettext).
"""

import ast
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
ONLY_INVITEES = ("nn", "da", "sv", "ar", "so", "pl", "uk", "ur")
# Sources of invitees' pages, mails, letters and calendar files. A file that staff read too is translated whole.
SOURCES = (
    "templates/answers/**/*.html",
    "templates/emails/*",
    "templates/bare.html",
    "templates/closed.html",
    "templates/calendar/embed.html",
    "templates/calendar/_embed_list.html",
    "templates/door/show.html",
    "templates/components/_*.html",
    "templates/components/error_summary.html",
    "templates/components/when.html",
    "templates/components/field.html",
    "templates/components/form.html",
    "templates/components/messages.html",
    "templates/components/page.html",
    "events/calendar/listing/as_atom.py",
    "templates/calendar/months/public_month.html",
    "templates/calendar/months/_days.html",
    "templates/calendar/months/_entry.html",
    "templates/calendar/months/_languages.html",
    "templates/calendar/months/_month.html",
    "templates/calendar/months/_table.html",
    "templates/calendar/months/_vague.html",
    "templates/components/tag.html",
    "events/calendar/months/entries.py",
    "events/calendar/render.py",
    "events/calendar/sharing.py",
    "templates/calendar/_address.html",
    "templates/calendar/_clients.html",
    "templates/calendar/_secret.html",
    "events/dates.py",
    "events/gatherings/kinds.py",
    "events/gatherings/typed.py",
    "invites/**/holdings.py",
    "minutes/**/holdings.py",
    "minutes/records/actions/answer_form.py",
    "minutes/records/actions/mails.py",
    "minutes/records/actions/public.py",
    "templates/actions/answer.html",
    "invites/answers/**/fields.py",
    "invites/answers/**/forms.py",
    "invites/answers/**/section.py",
    "invites/answers/feeds/detail.py",
    "invites/answers/feeds/writing.py",
    "invites/answers/needs/kinds.py",
    "invites/answers/**/mails.py",
    "invites/answers/**/public.py",
    "invites/answers/*.py",
    "invites/answers/own/sections.py",
    "invites/answers/requests/words.py",
    "invites/invitations/promises.py",
    "invites/replies/mails.py",
    "invites/invitations/*mails.py",
    "invites/invitations/*/mails.py",
    "invites/invitations/lettering/facts.py",
    "invites/invitations/notices.py",
    "invites/invitations/personal.py",
    "invites/invitations/standing.py",
    "invites/invitations/telling/changes.py",
    "invites/invitations/wording.py",
    "invites/invitations/words.py",
)
# Pages of staff among them.
STAFF = (
    "invites/answers/seats/forms.py",
    "invites/answers/truth.py",
    "invites/answers/views.py",
    "invites/answers/questions/forms.py",
    "templates/answers/record.html",
    "templates/answers/needs/*",
    "templates/answers/questions/*",
    "invites/answers/requests/views.py",
    "templates/answers/requests/decisions.html",
    "templates/answers/requests/refuse.html",
    "templates/answers/requests/_history.html",
    "templates/answers/requests/_row.html",
    "templates/answers/requests/_waiting.html",
)
# What the own page says of states and kinds; of these files nothing else is an invitee's.
CLASSES = {
    "events/directory/models.py": ("Channel",),
    "invites/answers/requests/models.py": ("RequestKind", "RequestState"),
    "invites/answers/seats/models.py": ("OfferReason", "OfferOutcome", "SeatOffer"),
    "invites/invitations/models.py": ("CallOutcome",),
    "invites/post/models.py": ("OutgoingMailState", "Delivery"),
    "invites/replies/models.py": ("InboundKind", "InboundState"),
    "minutes/records/models.py": ("AttendanceStatus",),
}


def sources() -> list[Path]:
    found = {path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(found - {path for pattern in STAFF for path in ROOT.glob(pattern)})


def ids() -> set[str]:
    """The English texts in the sources, singulars where there are plurals."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        for path in sources():
            target = copy / path.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        for name, classes in CLASSES.items():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_only(ROOT / name, classes), encoding="utf-8")
        (copy / "locale").mkdir()
        command = [sys.executable, str(ROOT / "manage.py"), "makemessages", "--locale", "nb", "--no-location"]
        env = {**os.environ, "TESTING": "1", "PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=copy, env=env, check=True, stdout=subprocess.DEVNULL)
        with (copy / "locale/nb/LC_MESSAGES/django.po").open("rb") as found:
            messages = [message.id for message in read_po(found) if message.id]
    return {id if isinstance(id, str) else id[0] for id in messages}


def _only(path: Path, classes: tuple[str, ...]) -> str:
    """The source of these classes. A name that is gone is an error, so that the list stays true."""
    text = path.read_text(encoding="utf-8")
    found = {node.name: node for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}
    return "\n".join(str(ast.get_source_segment(text, found[name])) for name in classes)


def lacking(language: str, wanted: set[str]) -> list[str]:
    """Those of `wanted` that the language has no text for."""
    with (ROOT / f"locale/{language}/LC_MESSAGES/django.po").open("rb") as found:
        texts = {
            message.id if isinstance(message.id, str) else message.id[0]: message
            for message in read_po(found, locale=language)
            if message.id and not message.fuzzy
        }
    return sorted(id for id in wanted if id not in texts or not _whole(texts[id].string))


def trim() -> None:
    wanted = ids()
    for language in ONLY_INVITEES:
        po = ROOT / f"locale/{language}/LC_MESSAGES/django.po"
        head, *blocks = po.read_text(encoding="utf-8").strip("\n").split("\n\n")
        with po.open("rb") as found:
            order = [message.id for message in read_po(found) if message.id]
        if len(order) != len(blocks):
            raise SystemExit(f"{po}: {len(blocks)} blocks, but {len(order)} texts")
        kept = [
            block
            for block, id in zip(blocks, order, strict=True)
            if (id if isinstance(id, str) else id[0]) in wanted
        ]
        po.write_text("\n\n".join([head, *kept]) + "\n", encoding="utf-8")


def _whole(string: object) -> bool:
    return bool(string) and (all(string) if isinstance(string, list | tuple) else True)


if __name__ == "__main__":
    if sys.argv[1:] != ["trim"]:
        sys.exit("usage: tools/texts.py trim")
    trim()
