import pytest

from tests.own import scene


@pytest.fixture(autouse=True)
def still_workers(monkeypatch):
    from invites.post import outbox

    monkeypatch.setattr(outbox, "wake", lambda *args, **kwargs: None)


@pytest.fixture
def her(sandefjord, kari):
    """About whom every room holds something."""
    return scene.build(sandefjord, kari)
