"""Rules whose terms contradict: whoever supports is given longer than whoever waits for it has.

The holder's time is the last limit of the kind; a support that is waited for must be due before it, by a margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from doudi.engine.duties.rules import Rule
from doudi.engine.kinds.catalogue import Catalogue, Lane, MatterKind
from doudi.engine.messages import Listed, Message, msg
from doudi.engine.workdays import Calendar, Term

#: a matter may come in at any hour of any day of a week; these stand for all
_HOURS = (time(9), time(15), time(22))
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Hurried:
    """``rule`` lets the holders of ``kinds`` wait for helpers who need not be done in time; ``reason`` names one pair."""

    rule: str
    kinds: tuple[str, ...]
    reason: Message


def hurried(
    rules: Iterable[Rule],
    catalogue: Catalogue,
    given: Mapping[Lane, Term],
    margins: Mapping[Lane, Term],
    calendar: Calendar,
    since: date,
) -> tuple[Hurried, ...]:
    """The rules whose terms contradict for matters of the week from ``since``.

    ``given``: how long a support has, by lane. ``margins``: how long before the holder it must be due.
    """

    @cache
    def late(limit: Term, lane: Lane) -> bool:
        return any(
            (last := calendar.start_by(at, calendar.due(at, limit).at, margins[lane])) is None
            or calendar.due(at, given[lane]).at > last
            for at in _moments(calendar, since)
        )

    found = []
    for rule in rules:
        if not any(one.waited_for for one in rule.supports) or (rule.until is not None and rule.until <= since):
            continue
        kinds = [
            (kind, limit)
            for kind in _kinds(rule, catalogue)
            if (limit := _last_limit(kind)) is not None
            and {kind.lane} <= given.keys() & margins.keys()
            and late(limit, kind.lane)
        ]
        if kinds:
            kind, limit = kinds[0]
            reason = msg(
                "规则 {rule}：{kinds}要在 {limit} 内办完，要等的协办却有 {given}，赶不到承办前面。请改为知会，或调整时限。",
                rule=rule.id,
                kinds=Listed(one.name for one, _ in kinds[:_MOST_NAMED]),
                limit=limit.in_words(),
                given=given[kind.lane].in_words(),
            )
            found.append(Hurried(rule.id, tuple(one.code for one, _ in kinds), reason))
    return tuple(found)


def _moments(calendar: Calendar, since: date) -> Iterator[datetime]:
    zone = ZoneInfo(calendar.zone)
    for days in range(7):
        for hour in _HOURS:
            yield datetime.combine(since + timedelta(days=days), hour, zone)


def _kinds(rule: Rule, catalogue: Catalogue) -> Iterator[MatterKind]:
    leaves = dict.fromkeys(
        leaf for code in sorted(rule.kinds) if code in catalogue.tree for leaf in catalogue.tree.leaves(code)
    )
    named = [catalogue.kind(code) for code in leaves]
    yield from named or (catalogue.leaves() if not rule.kinds else ())


def _last_limit(kind: MatterKind) -> Term | None:
    """The limit by which all of it is done: the one that gives most time, as the kind lists its stages in order."""
    return kind.filing[0].limits[-1].term if kind.filing and kind.filing[0].limits else None
