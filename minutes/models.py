"""Gathers the rooms' models for Django."""

from minutes.approval.models import DecisionCounter, DecisionNumber, MinutesVersion
from minutes.progress.indicators.models import Indicator, IndicatorValue
from minutes.progress.milestones.models import Milestone
from minutes.progress.models import StatusNote
from minutes.records.actions.models import ActionChange, ActionItem
from minutes.records.models import (
    Attendance,
    Headcount,
    Minutes,
    MinutesItem,
    Outcome,
)

__all__ = [
    "ActionChange",
    "ActionItem",
    "Attendance",
    "DecisionCounter",
    "DecisionNumber",
    "Headcount",
    "Indicator",
    "IndicatorValue",
    "Milestone",
    "Minutes",
    "MinutesItem",
    "MinutesVersion",
    "Outcome",
    "StatusNote",
]
