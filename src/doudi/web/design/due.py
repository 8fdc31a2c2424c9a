"""A promised time as a reader needs it: how much is left, until when, and whether to worry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from doudi.engine.messages import Message
from doudi.web import clock
from doudi.web.design.wording import left_words, moment_words, say, span_words

SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class DueView:
    """``tone``: ok, soon, late, met, missed, paused or none; ``relative`` is the first thing read."""

    tone: str
    icon: str
    relative: str
    at: datetime | None
    note: str = ""


def due_view(promise: Any, left: object = None, done: datetime | None = None) -> DueView:
    """Say a clock row, or a bare due moment.

    ``left`` is what remains in the term's own unit, as the caller's calendar counts it (a number, or words);
    without it plain time is said. This floor knows no calendar. ``done``: the work was done then, and is being checked.
    """
    due_at = promise if isinstance(promise, datetime) or promise is None else promise.due_at
    ended_at = getattr(promise, "ended_at", None)
    note = _("暂按未公布的节假日推算，公布后重算") if getattr(promise, "provisional", False) else ""
    if getattr(promise, "given", False):
        note = _("上级给定，原样保留")
    if getattr(promise, "cancelled", False):
        return DueView("none", "minus", _("已取消"), due_at, note)
    if ended_at is not None and due_at is not None:
        if ended_at <= due_at:
            return DueView("met", "circle-check", _("按时完成"), due_at, note)
        return DueView(
            "missed", "alert-circle", _("超期 {span} 完成").format(span=span_words(ended_at - due_at)), due_at, note
        )
    if done is not None and due_at is not None:
        if done <= due_at:
            return DueView("met", "circle-check", _("按时处置，等待核查"), due_at, note)
        late = _("超期 {span} 处置，等待核查").format(span=span_words(done - due_at))
        return DueView("missed", "alert-circle", late, due_at, note)
    for pause in getattr(promise, "pauses", None) or ():
        until = datetime.fromisoformat(pause["until"]) if pause.get("until") else None
        if until is None:
            return DueView("paused", "hourglass", _("计时暂停"), due_at, note)
        if until > clock.now():
            paused = _("计时暂停到 {moment}").format(moment=moment_words(until))
            return DueView("paused", "hourglass", paused, due_at if due_at and due_at > until else None, note)
    if due_at is None:
        return DueView("none", "clock", _("无时限"), None, note)
    rest = due_at - clock.now()
    if rest < timedelta():
        return DueView("late", "alert-triangle", _("已超期 {span}").format(span=span_words(rest)), due_at, note)
    return DueView("soon" if rest <= SOON else "ok", "clock", _left(left, promise, rest), due_at, note)


def _left(left: object, promise: Any, rest: timedelta) -> str:
    if isinstance(left, int | float):
        return left_words(left, getattr(promise, "unit", ""))
    if isinstance(left, str | Message):
        return say(left)
    return _("还剩 {span}").format(span=span_words(rest))


def due_title(view: DueView) -> str:
    """The absolute moment with its note: what a tooltip and a screen reader give."""
    return " · ".join(part for part in (moment_words(view.at), view.note) if part)
