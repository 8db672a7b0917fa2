"""Jobs: each may run twice, or late, without harm."""

from django.contrib.sessions.models import Session
from django.utils import timezone

from invites.post import delivery
from invites.replies import services


def clean() -> int:
    """Once a day: forgets the messages themselves, events that were about no mail of ours, and ended sessions.

    Sessions hold what is not sent yet: who was ticked, and notes to them.
    """
    ended = Session.objects.filter(expire_date__lt=timezone.now()).delete()[0]
    return services.forget_old_raw() + delivery.forget_strangers() + ended
