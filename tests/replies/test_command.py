"""`manage.py receive_mail` as a mail server's pipe runs it: the exit code says whether the message is kept."""

import io
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError

from invites.replies import keeping, sealing, services
from invites.replies.keeping import Envelope
from invites.replies.models import InboundMail
from tests.replies.test_reports import raw

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pipe(monkeypatch):
    def feed(octets):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(octets)))

    return feed


def test_a_message_on_standard_input_is_kept_with_whom_it_was_for(db, pipe):
    pipe(raw("read_receipt"))
    call_command("receive_mail", "--envelope-to", "svar-x@moteplass.example")
    row = InboundMail.objects.get()
    assert (row.kind, sealing.unseal(row.raw)) == ("receipt", raw("read_receipt"))
    assert keeping.envelope(row) == Envelope("svar-x@moteplass.example", piped=True)


def test_a_message_that_is_too_large_is_read_to_its_end(db, pipe, monkeypatch):
    monkeypatch.setattr(services, "LARGEST", 10)
    octets = b"Subject: x\n\n" + b"x" * 3_000_000
    pipe(octets)
    call_command("receive_mail")
    assert sys.stdin.buffer.read() == b""
    assert InboundMail.objects.get().reason == "unreadable: larger than 30 MB"


@pytest.mark.parametrize("trouble", [OperationalError("gone"), RuntimeError("a bug")])
def test_when_it_cannot_be_kept_the_mail_server_is_asked_to_come_back(pipe, monkeypatch, trouble):
    def fail(*_args, **_options):
        raise trouble

    monkeypatch.setattr(services, "receive", fail)
    pipe(b"Subject: x\n\nx")
    with pytest.raises(SystemExit) as left:
        call_command("receive_mail")
    assert left.value.code == 75


def test_a_program_without_a_database_exits_75_without_a_traceback(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "receive_mail", "--envelope-to", "svar-geheim@moteplass.example"],
        input=b"\xff\x00Subject: x\n\n\xfe",
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/no/such/place.sqlite3"},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 75
    assert b"Traceback" not in done.stderr
    assert b"geheim" not in done.stderr
