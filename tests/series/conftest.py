import datetime as dt

import pytest
import time_machine
from django.utils import translation


@pytest.fixture
def january():
    """It is the eleventh of January 2027, and the clock goes on."""
    with time_machine.travel(dt.datetime(2027, 1, 11, 9, tzinfo=dt.UTC), tick=True) as clock:
        yield clock


@pytest.fixture
def english():
    with translation.override("en"):
        yield
