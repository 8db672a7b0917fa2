"""The `file` transport, and reading back what it wrote."""

import datetime as dt
import os
import stat

import pytest
import time_machine

from invites.post import folder
from invites.post.letters import Address
from invites.post.transports.base import Fate
from invites.post.transports.file import FileTransport
from tests.post.kit import letter

MORNING = dt.datetime(2026, 12, 1, 8, 30, tzinfo=dt.UTC)


def send(**facts):
    transport, one = FileTransport(), letter(**facts)
    return one, transport.send(one, transport.prepare(one))


def test_one_file_a_message_named_by_time_and_delivery(settings):
    with time_machine.travel(MORNING, tick=False):
        one, outcome = send()
    assert outcome.fate is Fate.ACCEPTED
    assert [path.name for path in settings.MAIL_DIR.iterdir()] == [
        f"20261201T083000.000000Z-{one.delivery_id}.eml"
    ]
    assert outcome.provider_id == f"20261201T083000.000000Z-{one.delivery_id}"


def test_only_we_can_read_the_mails(settings):
    send()
    (path,) = settings.MAIL_DIR.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.MAIL_DIR.stat().st_mode) == 0o700


def test_a_reader_never_meets_half_a_message(settings, monkeypatch):
    """Until it is whole, a message has another name, and stays unseen when we die before it got its own."""

    def die(*_names):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.rename", die)
    with pytest.raises(KeyboardInterrupt):
        send()
    assert len(os.listdir(settings.MAIL_DIR)) == 1
    assert folder.names() == []


def test_a_folder_that_cannot_be_written_is_tried_again_later(settings, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    settings.MAIL_DIR = tmp_path / "file"
    _one, outcome = send()
    assert (outcome.fate, outcome.pause) == (Fate.LATER, True)


def test_newest_first_and_found_by_recipient(settings):
    for hour, who in ((8, "Ola"), (10, "Kari"), (9, "Ola")):
        with time_machine.travel(MORNING.replace(hour=hour), tick=False):
            send(to=Address(f"{who.lower()}@x.example", who), subject=f"{who} kl. {hour}")
    assert [entry.subject for entry in folder.entries(folder.names())] == [
        "Kari kl. 10",
        "Ola kl. 9",
        "Ola kl. 8",
    ]
    assert [entry.subject for entry in folder.entries(folder.to_whom("OLA@"))] == ["Ola kl. 9", "Ola kl. 8"]
    assert [entry.at.hour for entry in folder.entries(folder.names())] == [10, 9, 8]


def test_other_files_in_the_folder_are_no_mails(settings):
    settings.MAIL_DIR.mkdir()
    (settings.MAIL_DIR / "notes.eml").write_text("x")
    assert folder.names() == []


@pytest.mark.parametrize("name", ["", "x", "../outside", "20261201T083000.000000Z-../outside"])
def test_no_name_leads_out_of_the_folder(name, settings):
    settings.MAIL_DIR.mkdir()
    (settings.MAIL_DIR.parent / "outside.eml").write_text("secret")
    with pytest.raises(folder.NoSuchMail):
        folder.raw(name)


def test_a_folder_that_is_not_there_holds_no_mails():
    assert folder.names() == []
