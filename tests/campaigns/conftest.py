"""A ministry coordinates; Sandefjord (Kari) and Kristiansand (Nils) are asked."""

import pytest
from django.urls import reverse

from tests import factories


@pytest.fixture
def ministry(db):
    return factories.tenant("ministry", name="Justisdepartementet", kind="ministry")


@pytest.fixture
def siv(ministry):
    """Coordinator at the ministry."""
    return factories.staff(ministry, "coordinator", name="Siv Samordner")


@pytest.fixture
def campaign(ministry):
    return factories.campaign(ministry, title="Dialogmøter høsten 2014", theme="Forebygging")


@pytest.fixture
def joined(campaign, sandefjord):
    """Sandefjord takes part."""
    return factories.participation(campaign, sandefjord)


def at(name, tenant, **kwargs):
    return reverse(name, kwargs={"tenant": tenant.slug, **kwargs})


def text_of(answer):
    return " ".join(answer.content.decode().split())
