"""The call that wakes a worker. One that nobody has taken yet is enough: whoever takes it sees all that is due by then.

So a burst of answers leaves one call and not one each, which cost a second transaction an answer.
"""

import datetime as dt
from typing import Any

from django.utils import timezone
from django_q.brokers.orm import ORM
from django_q.models import OrmQ

from events.prepared import Prepared

_left: tuple[int, dt.datetime] | None = (
    None  # the last call of this process; a race over it costs one call more
)
_UNTAKEN = Prepared(lambda call, lock: OrmQ.objects.filter(pk=call, lock=lock).only("pk")[:1])


class Caller(ORM):  # type: ignore[misc]
    """django-q2's broker, which also remembers the call it leaves."""

    def enqueue(self, task: Any) -> int:
        global _left
        call = OrmQ.objects.create(key=self.list_key, payload=task, lock=timezone.now())
        _left = call.pk, call.lock
        return int(call.pk)


def is_called() -> bool:
    """Whether the last call of this process still waits for a worker. One look-up by key; none before the first call.

    Ask after the commit: then a worker that takes the call sees what was committed. Taking a call changes its lock.
    """
    return _left is not None and _UNTAKEN.first(call=_left[0], lock=_left[1]) is not None
