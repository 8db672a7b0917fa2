"""The key ring: what is sealed opens with its key, in its place, and nowhere else."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from config.settings import _field_keys
from events import keyring
from tests.asking.conftest import KEY_A, KEY_B

GOOD = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE="  # 32 times "A"


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_sealed_opens_again_and_shows_nothing_of_itself(text):
    sealed = keyring.seal(text, place="need:1:2")
    assert keyring.unseal(sealed, place="need:1:2") == text
    assert len(text) < 4 or text not in sealed


def test_the_same_text_is_never_sealed_alike_and_its_length_does_not_show():
    short, again, longer = (keyring.seal(text, place="p") for text in ("a", "a", "a" * 200))
    assert short != again
    assert len(short) == len(longer)


def test_a_value_opens_only_in_its_own_place():
    with pytest.raises(keyring.CannotOpen):
        keyring.unseal(keyring.seal("halal", place="need:1:2"), place="need:1:3")


@pytest.mark.parametrize(
    "broken",
    [
        "",
        ".",
        "halal",
        "nokey.AAAA",
        *(f"{{}}{end}" for end in ("", "A", "AAAA", "!", "AAAAAAAAAAAAAAAAAAAA")),
    ],
)
def test_what_is_no_sealed_value_cannot_be_opened_and_raises_nothing_else(broken):
    with pytest.raises(keyring.CannotOpen):
        keyring.unseal(broken.format(keyring.current()), place="p")


def test_a_changed_byte_shuts_it():
    sealed = keyring.seal("halal", place="p")
    other = "A" if sealed[-6] != "A" else "B"
    with pytest.raises(keyring.CannotOpen):
        keyring.unseal(f"{sealed[:-6]}{other}{sealed[-5:]}", place="p")


def test_the_first_key_seals_and_names_itself(settings):
    settings.FIELD_KEYS = (KEY_B, KEY_A)
    assert keyring.seal("halal", place="p").startswith("b-2027.")
    assert keyring.current() == "b-2027."


def test_an_older_key_of_the_ring_still_opens_and_a_lost_one_does_not(settings):
    settings.FIELD_KEYS = (KEY_A,)
    sealed = keyring.seal("halal", place="p")
    settings.FIELD_KEYS = (KEY_B, KEY_A)
    assert keyring.unseal(sealed, place="p") == "halal"
    settings.FIELD_KEYS = (KEY_B,)
    with pytest.raises(keyring.CannotOpen):
        keyring.unseal(sealed, place="p")


def test_without_keys_the_servers_secret_seals_and_a_former_one_still_opens(settings):
    sealed = keyring.seal("halal", place="p")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret" * 5
    assert keyring.unseal(sealed, place="p") == "halal"
    settings.FIELD_KEYS = (KEY_A,)
    assert keyring.unseal(sealed, place="p") == "halal"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(keyring.CannotOpen):
        keyring.unseal(sealed, place="p")


def test_a_name_of_a_derived_key_tells_nothing_of_the_key(settings):
    name = keyring.current()
    assert name.startswith("~")
    assert settings.SECRET_KEY[:8] not in name


def test_the_environment_names_the_keys_in_order(monkeypatch):
    monkeypatch.setenv("FIELD_KEYS", f"b-2027:{GOOD}, a-2026:{GOOD[:-1]}=")
    assert [(name, len(key)) for name, key in _field_keys()] == [("b-2027", 32), ("a-2026", 32)]


def test_the_keys_may_stand_in_a_file(monkeypatch, tmp_path):
    (tmp_path / "keys").write_text(f"a:{GOOD}\n")
    monkeypatch.setenv("FIELD_KEYS_FILE", str(tmp_path / "keys"))
    assert _field_keys() == (("a", b"A" * 32),)


@pytest.mark.parametrize(
    "wrong",
    [
        GOOD,
        f":{GOOD}",
        f"a:{GOOD},a:{GOOD}",
        "a:",
        "a:QUFB",
        "a:not base64!",
        f"A B:{GOOD}",
        f"~a:{GOOD}",
        f"A:{GOOD}",
    ],
)
def test_an_unreadable_key_stops_the_start_and_is_not_repeated_in_the_message(monkeypatch, wrong):
    monkeypatch.setenv("FIELD_KEYS", wrong)
    with pytest.raises(ImproperlyConfigured) as refused:
        _field_keys()
    assert "FIELD_KEYS must read" in str(refused.value)
    assert GOOD not in str(refused.value)
