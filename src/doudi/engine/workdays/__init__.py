"""Promised time: working days and hours with 调休, the time units, pauses and staged limits.

`terms` says how long, `years` on which days the town works, `calendar` until when.
"""

from doudi.engine.workdays.calendar import DUTY_HOURS, Calendar, Due, DutyPeriod, StageDue, stage_dues
from doudi.engine.workdays.terms import Pause, StagedLimit, Term, TermError, TimeUnit
from doudi.engine.workdays.years import CalendarError, YearPlan, YearStatus

__all__ = [
    "DUTY_HOURS",
    "Calendar",
    "CalendarError",
    "Due",
    "DutyPeriod",
    "Pause",
    "StageDue",
    "StagedLimit",
    "Term",
    "TermError",
    "TimeUnit",
    "YearPlan",
    "YearStatus",
    "stage_dues",
]
