"""Gathers the rooms' models for Django."""

from minutes.approval.models import MinutesVersion
from minutes.progress.models import StatusNote
from minutes.records.models import ActionItem, Attendance, Headcount, Minutes, MinutesItem, Outcome

__all__ = [
    "ActionItem",
    "Attendance",
    "Headcount",
    "Minutes",
    "MinutesItem",
    "MinutesVersion",
    "Outcome",
    "StatusNote",
]
