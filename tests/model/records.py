"""The model's own records of matters and reports, and what is always true of them whatever happens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from doudi.engine.workdays import Pause
from tests.model import beliefs

OPEN = {"accepted", "taken", "handled"}


@dataclass
class Running:
    """A promised time."""

    which: str
    stage: str
    started: datetime
    due: datetime
    ended: datetime | None = None
    cancelled: bool = False
    term: tuple[str, str] | None = None
    pauses: list[Pause] = field(default_factory=list)

    def end(self, at: datetime, *, cancelled: bool = False) -> None:
        if self.ended is None:
            # What was late by then stays late: cancelling takes back only what could still be met.
            self.ended, self.cancelled = at, cancelled and self.due > at

    @property
    def presses(self) -> datetime:
        """What was late before it was paused keeps its moment, but does not press before the pause is over."""
        return max([self.due, *(pause.until for pause in self.pauses if pause.until)])

    def row(self) -> tuple[object, ...]:
        return self.which, self.stage, self.started, self.due, self.ended, self.cancelled


def start(which: str, at: datetime, term: tuple[str, str], stage: str = "") -> Running:
    return Running(which, stage, at, beliefs.due(at, *term), term=term)


@dataclass
class Stay:
    """A post leads or helps for a while."""

    post: str
    since: datetime
    until: datetime | None = None
    mark: datetime | None = None  # taken at (a lead), done at (a support)
    bond: str | None = None  # what waits for a support; a lead has none

    def row(self) -> tuple[object, ...]:
        bond = () if self.bond is None else (self.bond,)
        return self.post, self.since, self.until, self.mark, *bond


@dataclass
class Named:
    """A post that is to take over."""

    post: str
    since: datetime
    take_by: datetime
    until: datetime | None = None
    taken: datetime | None = None

    def row(self) -> tuple[object, ...]:
        return self.post, self.since, self.take_by, self.until, self.taken


@dataclass
class Asked:
    """An application."""

    pk: str
    kind: str
    asked_of: str
    by_post: str
    by_person: str
    proposed: str | None
    until: datetime | None
    state: str = "open"
    granted_until: datetime | None = None
    order: str = ""  # the report that it is about, where it goes up

    @property
    def waits(self) -> bool:
        return self.state in ("open", "disputed")

    def row(self) -> tuple[object, ...]:
        return self.kind, self.asked_of, self.by_post, self.proposed, self.state, self.granted_until


@dataclass
class Urged:
    """A reminder or an order; ``about``: the clock of which a timer speaks."""

    pk: str
    kind: str
    due: datetime
    about: str = ""
    state: str = "open"

    def row(self) -> tuple[object, ...]:
        return self.kind, self.about, self.due, self.state


@dataclass
class Report:
    pk: str
    number: str
    key: str
    external: str
    area: str | None
    unit: str | None
    secrecy: str
    given: datetime | None
    answerer: str
    clocks: list[Running]
    said: bool = False  # an answer waits for the system above
    answered: bool = False  # one has gone there
    patrol: bool = False  # the town's own patrol saw it, and left neither name nor number
    status: str = "received"
    version: int = 1
    contacted: datetime | None = None
    replied: datetime | None = None
    closed: datetime | None = None
    satisfaction: str = ""
    demands: list[str] = field(default_factory=list)  # matter by position
    events: list[str] = field(default_factory=lambda: ["received"])

    @property
    def open(self) -> bool:
        return self.status != "closed"

    def happened(self, kind: str) -> None:
        self.version += 1
        self.events.append(kind)

    def end(self, at: datetime, *which: str, cancelled: bool = False) -> None:
        for one in self.clocks:
            if not which or one.which in which:
                one.end(at, cancelled=cancelled)

    def row(self) -> dict[str, object]:
        return {
            "status": self.status,
            "answerer": self.answerer,
            "version": self.version,
            "contacted": self.contacted,
            "replied": self.replied,
            "closed": self.closed,
            "satisfaction": self.satisfaction,
            "secrecy": self.secrecy,
            "area": self.area,
            "unit": self.unit,
            "external": self.external,
            "clocks": sorted((one.row() for one in self.clocks), key=str),
            "demands": list(enumerate(self.demands, start=1)),
        }


@dataclass
class Matter:
    pk: str
    number: str
    kind: str
    unit: str | None
    area: str | None
    lane: str
    restricted: bool
    holder: str
    unclear: str
    accepted: datetime
    drawn: bool
    book: int = 1  # the version of the rules under which it was accepted
    danger: str = "normal"  # the lane that the danger judged last asks for
    status: str = "accepted"
    version: int = 1
    handled_by: str | None = None
    handled_at: datetime | None = None
    closed: datetime | None = None
    into: str | None = None
    leads: list[Stay] = field(default_factory=list)
    supports: list[Stay] = field(default_factory=list)
    nexts: list[Named] = field(default_factory=list)
    clocks: list[Running] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    urged: list[Urged] = field(default_factory=list)
    events: list[str] = field(default_factory=lambda: ["accepted"])
    reminded: dict[tuple[str, str], datetime] = field(default_factory=dict)  # (event, post) -> last time

    @property
    def closes_on_spot(self) -> bool:
        """Once handled: its kind is checked by sample, it is not in the sample, and no danger stands."""
        return bool(self.kind) and bool(beliefs.KINDS[self.kind][1]) and not self.drawn and self.danger == "normal"

    @property
    def open(self) -> bool:
        return self.status in OPEN

    @property
    def waiting(self) -> set[str]:
        """The posts whose help is still open."""
        return {one.post for one in self.supports if one.until is None}

    def held_up(self, step: str) -> bool:
        """Whether an open support keeps it from being ``handled`` or ``closed``; one that does not say keeps it from both."""
        free = {"handled": ("informs", "before_closed"), "closed": ("informs",)}[step]
        return any(one.until is None and one.bond not in free for one in self.supports)

    @property
    def awaited(self) -> set[str]:
        """The posts whose help something waits for."""
        return {one.post for one in self.supports if one.until is None and one.bond != "informs"}

    @property
    def next(self) -> Named | None:
        """The post that is to take over, while it has not."""
        return next((one for one in self.nexts if one.until is None), None)

    def happened(self, kind: str) -> None:
        self.version += 1
        self.events.append(kind)

    def lead(self, post: str, at: datetime, *, taken: bool = False) -> None:
        for one in self.leads:
            one.until = one.until or at
        self.leads.append(Stay(post, at, mark=at if taken else None))
        self.holder = post

    def help(self, bonds: Mapping[str, str], at: datetime) -> int:
        """Who does not help yet is asked, or only told; who was only told may be asked for more. Returns how many."""
        for post, bond in bonds.items():
            if bond != "informs" and post in self.waiting - self.awaited:
                self.end_help(post, at, done=False)
        added = sorted(bonds.keys() - self.waiting)
        for post in added:
            self.supports.append(Stay(post, at, bond=bonds[post]))
            if bonds[post] != "informs":
                self.clocks.append(start("support", at, beliefs.SUPPORT[self.lane], post))
        return len(added)

    def end_help(self, post: str, at: datetime, *, done: bool, cancelled: bool = False) -> None:
        for one in self.supports:
            if one.post == post and one.until is None:
                one.until, one.mark = at, at if done else None
        for running in self.clocks:
            if (running.which, running.stage) == ("support", post):
                running.end(at, cancelled=cancelled)

    def end_next(self, at: datetime) -> None:
        for one in self.nexts:
            one.until = one.until or at

    def end_all(self, at: datetime) -> None:
        for one in (*self.leads, *self.supports):
            one.until = one.until or at
        self.end_next(at)

    def end(self, at: datetime, *which: str, cancelled: bool = False) -> None:
        for one in self.clocks:
            if not which or one.which in which:
                one.end(at, cancelled=cancelled)

    def supersede(self, at: datetime, which: str) -> None:
        """What is late stays late; what is not will not be measured any more."""
        for one in self.clocks:
            if one.which == which:
                one.end(at, cancelled=one.due > at)

    def begin_handling(self, at: datetime) -> None:
        limits = beliefs.KINDS[self.kind][2] if self.kind else beliefs.UNCLEAR
        self.clocks += [start("handle", at, (amount, unit), stage) for stage, amount, unit in limits]

    def make_safe(self, at: datetime) -> None:
        """Whoever holds it meets the danger first."""
        if self.lane in beliefs.MAKE_SAFE:
            self.clocks.append(start("make_safe", at, beliefs.MAKE_SAFE[self.lane]))

    def move(self, lane: str, at: datetime, *, take: bool = True) -> None:
        """To another lane. Raised, its clocks run from now, unless one that runs is due sooner; lowered, they end."""
        if lane == self.lane:
            return
        raised = beliefs.LANES.index(lane) < beliefs.LANES.index(self.lane)
        self.lane = lane
        if raised and self.status == "handled":
            self.status = "taken"
            self.supersede(at, "verify")
        waits = take and self.status == "accepted"
        if waits:
            self.answer_by_deed()
        before = [one for one in self.clocks if one.ended is None]
        begun = [start("take", at, beliefs.TAKE[lane])] if waits else []
        if lane in beliefs.MAKE_SAFE and (raised or any(one.which == "make_safe" for one in before)):
            begun.append(start("make_safe", at, beliefs.MAKE_SAFE[lane]))
        for which in () if raised else ("take", "make_safe") if take else ("make_safe",):
            self.supersede(at, which)
        for one in begun:
            if not raised or not any(one.which == old.which and at < old.due <= one.due for old in before):
                self.supersede(at, one.which)
                self.clocks.append(one)

    def transfer(self) -> Asked | None:
        """The wish to be relieved that still waits for its answer."""
        return next((one for one in self.asked if one.kind == "transfer" and one.waits), None)

    def lapse(self) -> None:
        """Who has done the work, or whose matter has ended, waits for nothing more of the desk."""
        for asked in self.asked:
            if asked.waits and asked.asked_of == "desk":
                asked.state = "withdrawn"
        for urged in self.urged:
            if urged.state == "open":
                urged.state = "lapsed"

    def answer_by_deed(self) -> None:
        """What a timer said about taking is settled once somebody takes it, or somebody else is to."""
        for urged in self.urged:
            if urged.about == "take" and urged.state == "open":
                urged.state = "lapsed"

    def take(self, at: datetime) -> None:
        if self.leads[-1].mark is None:
            self.leads[-1].mark = at
        self.end(at, "take")

    def due(self, orders: Iterable[Report]) -> datetime | None:
        """The nearest running moment: the check's own while it is checked, else ours; and what an upstream set."""
        if not self.open:
            return None
        ours = [one for one in self.clocks if one.ended is None and one.which != "support"]
        ours = [one for one in ours if one.which == "verify"] or ours
        given = [one for order in orders for one in order.clocks if one.which == "upstream" and one.ended is None]
        return min((one.presses for one in (*ours, *given)), default=None)

    def row(self) -> dict[str, object]:
        return {
            "status": self.status,
            "kind": self.kind,
            "unit": self.unit,
            "area": self.area,
            "lane": self.lane,
            "restricted": self.restricted,
            "holder": self.holder,
            "unclear": self.unclear,
            "into": self.into,
            "handled_by": self.handled_by,
            "handled_at": self.handled_at,
            "closed": self.closed,
            "version": self.version,
            "accepted": self.accepted,
            "leads": [one.row() for one in self.leads],
            "supports": sorted((one.row() for one in self.supports), key=str),
            "nexts": [one.row() for one in self.nexts],
            "clocks": sorted((one.row() for one in self.clocks), key=str),
            "asked": sorted((one.row() for one in self.asked), key=str),
            "urged": sorted((one.row() for one in self.urged), key=str),
        }

    def always(self) -> list[str]:
        """Each line of what is always true that this matter breaks."""
        broken = []
        standing = [one for one in self.leads if one.until is None]
        if len(standing) != (1 if self.open else 0):
            broken.append("an open matter has exactly one open lead, an ended one none")
        if standing and standing[0].post != self.holder:
            broken.append("the open lead is the holder")
        if sum(one.until is None for one in self.nexts) > (self.status in ("accepted", "taken")):
            broken.append("at most one post is to take over, and only while the work goes on")
        if self.next is not None and self.next.post == self.holder:
            broken.append("nobody takes over from themselves")
        if self.status in ("handled", "closed") and any(
            one.bond in ("", "before_handled") and one.since < (self.handled_at or one.since) and one.until is None
            for one in self.supports
        ):
            broken.append("nobody has handled it over the head of who must be done before")
        if self.status == "closed" and any(one.until is None for one in self.supports):
            broken.append("a support that is still open keeps its matter open")
        if not self.open and any(one.ended is None for one in self.clocks):
            broken.append("no promise of ours runs on after the end")
        if self.open and not any(one.ended is None for one in self.clocks):
            broken.append("an open matter has something promised")
        if (self.status == "merged") != (self.into is not None):
            broken.append("what is merged is merged into another")
        if not self.open and any(one.waits and one.asked_of == "desk" for one in self.asked):
            broken.append("nobody waits for the desk's answer about what has ended")
        if not self.open and any(one.state == "open" for one in self.urged):
            broken.append("nobody is urged to do what has ended")
        if sum(one.kind == "transfer" and one.state in ("granted", "refused") for one in self.asked) > 1:
            broken.append("a second wish to be relieved is not the desk's to answer")
        if not beliefs.POST[self.holder].may_hold:
            broken.append("only a post that may hold does")
        return broken
