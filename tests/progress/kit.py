"""Milestones for tests."""

from minutes.progress.milestones.models import Milestone
from tests.factories import number


def milestone(of, **facts):
    facts = {"title": f"Milepæl {next(number)}", **facts}
    return Milestone.objects.create(tenant=of.tenant, measure=of, **facts)
