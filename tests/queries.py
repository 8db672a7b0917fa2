"""Counting what a page asks the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

WHO_ASKS = ("django_session", "events_user", "events_membership")


def queries_of(client, address, *, count_people=False):
    """How many queries a GET makes; unless `count_people`, without those that find out who asks."""
    with CaptureQueriesContext(connection) as caught:
        response = client.get(address)
    assert response.status_code == 200
    tables = [
        q["sql"].split(" FROM ")[1].lstrip('"') for q in caught.captured_queries if " FROM " in q["sql"]
    ]
    return len([table for table in tables if count_people or not table.startswith(WHO_ASKS)])
