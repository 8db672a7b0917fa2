"""An organiser asks a question of their own, learns what it lacks, publishes it, and reads answers and needs."""

import os
from pathlib import Path

import pytest

from invites.answers.needs import services as needs
from invites.answers.needs.kinds import NeedKind, Told
from invites.answers.questions.models import Question
from invites.post import outbox
from tests.asking.conftest import say
from tests.factories import contact, event, invitation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHOTS = os.environ.get("SHOTS", "")  # a folder, to look at the pages oneself


def shot(visitor, name: str) -> None:
    if not SHOTS:
        return
    for width in (1280, 360):
        visitor.page.set_viewport_size({"width": width, "height": 900})
        visitor.page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_a_question_is_written_lacks_its_purpose_is_published_and_read(
    at_work, kari, sandefjord, monkeypatch
):
    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)
    meeting = event(sandefjord, title="Samarbeidsforum om trygghet")
    visitor = at_work(kari)
    visitor.go(f"/t/sandefjord/events/{meeting.pk}/questions/").reads("No question of your own yet")
    shot(visitor, "questions-empty")
    visitor.follow("New question").fill("Question", "Hvilken gruppe vil du være i?")
    visitor.tick("one of several choices").fill("Choices", "Ungdom\nFamilie")
    visitor.press("Publish")
    assert visitor.say("Write why you ask, before the question is published.") in visitor.error_at(
        "Why we ask"
    )
    shot(visitor, "questions-lacking")
    assert visitor.typed("Question") == "Hvilken gruppe vil du være i?"
    visitor.fill("Why we ask", "Rom til gruppene").tick("ordinary: tells nothing about the person")
    visitor.press("Publish").reads("The question is published.", "Rom til gruppene")
    shot(visitor, "questions")

    amina = invitation(meeting, contact=contact(sandefjord, name="Amina Noor"))
    asked = Question.objects.of(sandefjord).get()
    say(amina, **{f"q_{asked.pk}": "2"})
    needs.keep(amina, needs=[Told(NeedKind.DIET, "halal"), Told(NeedKind.INTERPRETER, "somali")])
    visitor.follow("See the answers").reads("Familie").never_reads("Amina Noor")
    shot(visitor, "questions-results")
    visitor.go(f"/t/sandefjord/questions/{asked.pk}/answers/").reads("Amina Noor", "Familie")
    visitor.go(f"/t/sandefjord/events/{meeting.pk}/questions/").follow("What those who come need")
    visitor.reads("halal", "somali").never_reads("Amina Noor")
    shot(visitor, "needs-totals")
    visitor.follow("Who needs what").never_reads("Amina Noor", "halal")
    visitor.press("Show needs by name").reads("Amina Noor", "halal")
    shot(visitor, "needs-people")
