"""What a plain answer on the page asks the database (DESIGN, "Budgets"): one look-up, then four statements at once."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import event, invitation

pytestmark = pytest.mark.usefixtures("still_post")
FRAME = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def statements_of(client, row, reply):
    with CaptureQueriesContext(connection) as seen:
        assert client.post(f"/rsvp/{row.token}/", {"answer": reply, "comment": "Hei"}).status_code == 302
    return [query["sql"].split()[0] for query in seen if not query["sql"].startswith(FRAME)]


@pytest.mark.parametrize("reply", ["accepted", "tentative", "declined"])
@pytest.mark.parametrize("before", ["", "accepted", "declined"])
def test_a_plain_answer_takes_one_look_up_and_four_statements(client, sandefjord, before, reply):
    row = invitation(event(sandefjord, capacity=20))
    if before:
        statements_of(client, row, before)

    if before == reply:  # said again: nothing is written
        assert statements_of(client, row, reply) == ["SELECT", "SELECT"]
    else:
        assert statements_of(client, row, reply) == ["SELECT", "UPDATE", "UPDATE", "INSERT", "INSERT"]
