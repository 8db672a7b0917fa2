"""`manage.py rotate_keys`: all is sealed with the first key, once, also while people answer."""

import base64
from io import StringIO

import pytest
from django.core.management import call_command

from events import keyring
from invites.answers import resealing
from invites.answers.needs import reading, services
from invites.answers.needs.kinds import NeedKind, Told
from invites.answers.needs.models import Need
from invites.answers.questions.models import QuestionAnswer
from invites.answers.questions.values import value_of
from tests.asking.conftest import KEY_A, KEY_B, say
from tests.factories import invitation, question

pytestmark = pytest.mark.usefixtures("still_post")
HALAL = (Told(NeedKind.DIET, "halal"),)


@pytest.fixture
def told(meeting, settings):
    """Three needs and two answers, sealed with the older key."""
    settings.FIELD_KEYS = (KEY_A,)
    special, ordinary = question(meeting, sensitivity="special"), question(meeting)
    rows = [invitation(meeting) for _n in range(3)]
    for row in rows:
        services.keep(row, needs=HALAL)
    for row in rows[:2]:
        say(row, **{f"q_{special.pk}": "insulin", f"q_{ordinary.pk}": "to"})
    return meeting, special


def rotate() -> str:
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    return out.getvalue()


def opened(meeting) -> set:
    return {reading.opened(need) for need in Need.objects.of(meeting.tenant)}


def answers(special) -> set:
    rows = QuestionAnswer.objects.of(special.tenant).filter(question=special)
    return {value_of(row, special) for row in rows}


def test_after_a_rotation_the_old_key_is_not_needed(told, settings):
    meeting, special = told
    settings.FIELD_KEYS = (KEY_B, KEY_A)
    said = rotate()
    assert "needs: 3 sealed anew, 0 cannot be opened." in said
    assert "question answers: 2 sealed anew, 0 cannot be opened." in said
    settings.FIELD_KEYS = (KEY_B,)
    assert opened(meeting) == {HALAL}
    assert answers(special) == {"insulin"}


def test_a_second_run_changes_nothing(told, settings):
    meeting, _special = told
    settings.FIELD_KEYS = (KEY_B, KEY_A)
    rotate()
    before = list(Need.objects.of(meeting.tenant).values_list("sealed", flat=True))
    assert "needs: 0 sealed anew" in rotate()
    assert list(Need.objects.of(meeting.tenant).values_list("sealed", flat=True)) == before


def test_moving_from_the_servers_secret_to_a_ring_of_keys(meeting, settings):
    row = invitation(meeting)
    services.keep(row, needs=HALAL)
    settings.FIELD_KEYS = (KEY_A,)
    assert "needs: 1 sealed anew" in rotate()
    settings.SECRET_KEY = "another secret" * 5
    assert opened(meeting) == {HALAL}


def test_what_no_key_opens_is_counted_and_left_as_it_is(told, settings):
    meeting, _special = told
    before = set(Need.objects.of(meeting.tenant).values_list("sealed", flat=True))
    settings.FIELD_KEYS = (KEY_B,)
    said = rotate()
    assert "needs: 0 sealed anew, 3 cannot be opened." in said
    assert "its key is not at hand" in said
    assert set(Need.objects.of(meeting.tenant).values_list("sealed", flat=True)) == before


def test_an_interrupted_run_goes_on_where_it_stopped(told, settings, monkeypatch):
    meeting, _special = told
    settings.FIELD_KEYS = (KEY_B, KEY_A)
    monkeypatch.setattr(resealing, "BATCH", 1)
    next(resealing._behind(Need))
    run = resealing._behind(Need)
    assert resealing._resealed(next(run))
    run.close()
    assert "needs: 2 sealed anew" in rotate()
    settings.FIELD_KEYS = (KEY_B,)
    assert opened(meeting) == {HALAL}


def test_what_somebody_writes_meanwhile_is_not_overwritten(told, settings):
    meeting, _special = told
    settings.FIELD_KEYS = (KEY_B, KEY_A)
    row = next(resealing._behind(Need))
    newer = (Told(NeedKind.ACCESS),)
    services.keep(row.invitation, needs=newer)
    assert resealing._resealed(row) is False
    assert reading.opened(Need.objects.of(meeting.tenant).get(pk=row.pk)) == newer


def test_neither_key_nor_content_is_printed(told, settings):
    settings.FIELD_KEYS = (KEY_B, KEY_A)
    said = rotate()
    assert "halal" not in said
    for _name, key in (KEY_A, KEY_B):
        assert base64.b64encode(key).decode() not in said
        assert key.decode() not in said
    assert keyring.current().rstrip(".") in said
