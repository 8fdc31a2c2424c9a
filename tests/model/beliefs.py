"""What the small town has decided, said again in plain Python: who holds, who sees, who may, and until when.

Written from the rulebook's files and the table of powers, not from the code that reads them, so that the two can
disagree. Areas, posts and people are those of ``tests/web/town.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import yaml

from doudi.engine.workdays import Calendar, Term
from tests.web.town import EAST, EAST_GRID, POSTS, RULEBOOK, TOWN, WEST, WEST_GRID

ABOVE = {EAST_GRID: EAST, WEST_GRID: WEST, EAST: TOWN, WEST: TOWN, TOWN: None}
POST = {post.code: post for post in POSTS}
LANES = ("life", "urgent", "normal")

#: kind -> lane, checked by sample only, staged limits
KINDS: dict[str, tuple[str, bool, tuple[tuple[str, str, str], ...]]] = {
    "event.street.stall": ("normal", False, (("处置", "2", "working_day"),)),
    "event.street.rubbish": ("normal", True, (("清理", "4", "working_hour"),)),
    "event.street.manhole": ("urgent", False, (("围护", "2", "emergency_hour"), ("修复", "36", "emergency_hour"))),
    "event.street.fume": ("normal", False, (("停业整改", "5", "working_day"),)),
    "event.street.noise": ("normal", False, (("处置", "5", "working_day"),)),
    "event.life.gas": ("life", False, (("到场", "30", "minute"),)),
}
UNCLEAR = (("研判", "4", "working_hour"),)
TAKE = {"life": ("10", "minute"), "urgent": ("30", "minute"), "normal": ("4", "working_hour")}
#: danger is met by whoever holds it; what is harmless has no such promise
MAKE_SAFE = {"life": ("30", "minute"), "urgent": ("2", "emergency_hour")}
SUPPORT = {"life": ("30", "minute"), "urgent": ("1", "working_day"), "normal": ("2", "working_day")}
#: how long the notices of a step wait for whoever takes it back
UNDO = timedelta(seconds=30)
#: how long a timer's reminder waits before the order follows
PATIENCE = {"life": timedelta(minutes=10), "urgent": timedelta(minutes=30), "normal": timedelta(hours=4)}
CONTACT, REPLY, REDO, VERIFY = ("1", "working_day"), ("5", "working_day"), ("3", "working_day"), ("1", "working_day")

#: what people say -> the kind it clearly is; None: not clear, with the reason
TEXTS: dict[str, tuple[str, str]] = {
    "门口有人摆摊占道": ("event.street.stall", ""),
    "垃圾没人清": ("event.street.rubbish", ""),
    "窨井井盖没有了": ("event.street.manhole", ""),
    "油烟呛人": ("event.street.fume", ""),
    "晚上噪声扰民": ("event.street.noise", ""),
    "楼下有很浓的煤气味": ("event.life.gas", ""),
    "我有一个建议": ("", "new"),
    "占道摆摊还有垃圾": ("", "kind_unclear"),
}
RESTRICTED = "实名举报有人吃拿卡要，放任占道摆摊"
TEXTS[RESTRICTED] = ("event.street.stall", "")

#: what tells of danger by itself, whatever kind it is then taken for
DANGERS = {"楼下有很浓的煤气味": "life", "窨井井盖没有了": "urgent"}


def lane_of(kind: str, danger: str) -> str:
    """The higher of the kind's own and of the danger that stands."""
    return min(KINDS[kind][0] if kind else "normal", danger, key=LANES.index)


@dataclass(frozen=True)
class Asks:
    """What an application needs, whom it may be asked of, and whoever grants it."""

    needs: frozenset[str]
    asked_of: frozenset[str]
    power: str = "dispatch"
    after_end: bool = False


def _asks(needs: str, asked_of: str, power: str = "dispatch", *, after_end: bool = False) -> Asks:
    return Asks(frozenset(needs.split()), frozenset(asked_of.split()), power, after_end)


ASKS: dict[str, Asks] = {
    "transfer": _asks("basis holder", "desk"),
    "extend": _asks("until", "desk upstream", "grant_time"),
    "suspend": _asks("until", "desk upstream", "grant_time"),
    "void": _asks("", "desk upstream", "void"),
    "return": _asks("basis", "upstream"),
    "close": _asks("", "upstream", after_end=True),
    "exclude": _asks("basis", "upstream", after_end=True),
}


@lru_cache
def calendar() -> Calendar:
    return Calendar.from_document(yaml.safe_load((RULEBOOK / "calendar.yaml").read_text(encoding="utf-8")))


@lru_cache(maxsize=100_000)
def due(start: datetime, amount: str, unit: str) -> datetime:
    return calendar().due(start, Term.read(amount, unit)).at


def upward(area: str | None) -> Iterable[str]:
    while area is not None:
        yield area
        area = ABOVE[area]


@dataclass(frozen=True)
class Said:
    """What the duties say: how, who, who helps; ``informed``: only told, nobody waits for them."""

    status: str
    post: str
    supports: tuple[str, ...] = ()
    informed: bool = False

    @property
    def bonds(self) -> dict[str, str]:
        return dict.fromkeys(self.supports, "informs" if self.informed else "")


def _nearest(role: str, area: str | None) -> str | None:
    """The post of a role whose areas lie nearest above the place; one for the whole town serves everywhere."""
    for one in upward(area):
        for post in POSTS:
            if post.role == role and one in post.areas:
                return post.code
    return next((post.code for post in POSTS if post.role == role and not post.areas), None)


def backstop(area: str | None) -> str:
    return "grid.east" if EAST in upward(area) else "uoc.duty"


#: kind -> the role that statute names, and no clerk overrules
BY_STATUTE = {"event.life.gas": "grid.head"}


def duty(kind: str, unit_type: str | None, area: str | None, at: datetime, owner: str | None, book: int = 1) -> Said:
    """The rules D-001 to D-006 of the small town, and what catches where they say nothing.

    ``book``: from the second version on a stall only informs the committee; the first said nothing of it.
    """
    work = calendar().is_duty_time(at)
    shop = unit_type is not None and unit_type.startswith("shop")
    roles = {
        "event.street.stall": ["chengguan.street"],
        "event.street.rubbish": ["sanitation.street"],
        "event.street.fume": ["chengguan.street"] * shop + ["market.food"] * work,
        "event.street.manhole": ["sanitation.street"] * (owner == "known"),
        "event.life.gas": ["grid.head"],
    }.get(kind, [])
    helpers = {"event.street.stall": ["committee.staff"], "event.life.gas": ["uoc.shift_leader"]}.get(kind, [])
    if not kind:
        return Said("no_kind", "uoc.duty")
    if not roles:
        return Said("gap", backstop(area)) if area else Said("no_place", "uoc.duty")
    if len(roles) > 1:
        return Said("conflict", backstop(area))
    post = _nearest(roles[0], area)
    if post is None and area is None:
        return Said("no_place", "uoc.duty")
    holder = post or backstop(area)
    helping = tuple(one for role in helpers if (one := _nearest(role, area)) and one != holder)
    informed = kind == "event.life.gas" or (kind == "event.street.stall" and book > 1)
    return Said("rule" if post else "no_post", holder, helping, informed)


_DESK, _WORK = {"dispatcher", "shift_leader"}, {"grid_worker", "officer", "dispatcher", "shift_leader", "reviewer"}
#: who may, by kind of seat
MAY: dict[str, set[str]] = {
    "dispatch": _DESK,
    "retell": _DESK,
    "merge": _DESK,
    "void": _DESK,
    "quarantine": _DESK,
    "reply": _DESK,
    "reopen": {"shift_leader"},
    "verify": _WORK,
    "contact_reporter": _WORK,
    "note": _WORK | {"committee", "leader"},
    "see_area": _DESK | {"committee", "grid_worker", "leader", "reviewer"},
    "see_unplaced": _DESK | {"leader", "reviewer"},
    "see_own": _WORK | {"committee", "leader"},
    "see_restricted": {"shift_leader", "leader"},
    "manage_people": {"shift_leader", "system_admin"},
    "grant_time": {"shift_leader"},
    "supervise": {"shift_leader", "leader"},
    "urge": _DESK | {"leader"},
}


def may(posts: Iterable[str], power: str) -> bool:
    return any(POST[post].access in MAY[power] for post in posts)


#: seats without which a town stands still: the last of them leaves only when somebody is named who takes over
VITAL = ("dispatcher", "shift_leader", "system_admin")


def reaches(posts: Iterable[str], power: str, area: str | None) -> bool:
    """Does one of these seats both give the power and serve the place? Two never lend each other what they have."""
    return any(covers(post, area) for post in posts if POST[post].access in MAY[power])


def covers(post: str, area: str | None) -> bool:
    """What lies nowhere is served by the whole town's seats, and by those that see it."""
    seat = POST[post]
    if not seat.areas:
        return True
    return any(one in seat.areas for one in upward(area)) if area else seat.access in MAY["see_unplaced"]


def offices(posts: Iterable[str]) -> set[str]:
    return {POST[post].office for post in posts}
