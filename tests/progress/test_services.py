"""Notes of where a measure stands."""

import datetime as dt

import pytest
from django.utils import timezone

from events.audit import AuditEntry
from minutes.progress import services
from minutes.progress.models import StatusNote
from minutes.records.models import Minutes, Outcome, Phase
from tests.factories import event, measure


@pytest.fixture
def update(sandefjord):
    row = measure(sandefjord)
    minutes = Minutes.objects.create(tenant=sandefjord, event=event(sandefjord))
    return Outcome.objects.create(
        tenant=sandefjord,
        minutes=minutes,
        kind="measure_update",
        text="Møtet er holdt.",
        measure=row,
        phase="under_way",
    )


def noted(update):
    at = timezone.now() - dt.timedelta(days=1)
    return services.note(update.measure, phase=Phase.UNDER_WAY, text=update.text, outcome=update, at=at)


def test_a_note_says_what_and_from_when_and_is_audited(update, sandefjord):
    note = noted(update)
    assert (note.phase, note.text, note.outcome) == ("under_way", "Møtet er holdt.", update)
    assert note.noted_at < timezone.now()
    [entry] = AuditEntry.objects.of(sandefjord).about(update.measure)
    assert str(update.measure) in entry.words()


def test_the_same_outcome_is_noted_once(update, sandefjord):
    assert noted(update) == noted(update)
    assert StatusNote.objects.of(sandefjord).count() == 1
    assert AuditEntry.objects.of(sandefjord).count() == 1
