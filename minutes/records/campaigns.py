"""Whether a meeting of a campaign is reported: its minutes are approved. Nothing of what they say leaves this floor."""

from django.db.models import Exists, OuterRef

from events.campaigns import counting
from minutes.records.models import Minutes

WHY = "the coordinator of a campaign is told whether minutes are approved, never what they say (ADR 33)"

counting.register(
    counting.REPORTED,
    lambda: Exists(Minutes.objects.across_tenants(WHY).approved().filter(event=OuterRef("event"))),
)
