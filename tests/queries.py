"""Counting what a page asks the database."""

from django.db import connection
from django.test.utils import CaptureQueriesContext


def queries_of(client, address):
    """How many queries a GET makes, leaving out who asks (session, user, membership)."""
    with CaptureQueriesContext(connection) as caught:
        response = client.get(address)
    assert response.status_code == 200
    who = ("django_session", "events_user", "events_membership")
    asked = [q["sql"] for q in caught.captured_queries if " FROM " in q["sql"]]
    return len([sql for sql in asked if not sql.split(" FROM ")[1].strip('"').startswith(who)])
