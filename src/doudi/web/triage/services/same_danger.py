"""A flood of one danger from one source is one matter that rings once; nothing is refused, and each report keeps its answer.

What differs in place or sort, is worse than what stands, or comes after the place was made safe or the danger was judged
lower, is a matter of its own that rings.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from doudi.engine.danger.assessment import Severity
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.lanes import is_above, lane_of_danger
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.triage.floods import Place, place_told, tells_the_same
from doudi.web import clock
from doudi.web.matters.models import Demand, Matter, MatterEvent
from doudi.web.matters.services import NewMatter
from doudi.web.reports.services import NewReport
from doudi.web.rulebook.queries import Rulebook
from doudi.web.sealing import SealingError
from doudi.web.sealing.marks import mark
from doudi.web.triage.incoming import Incoming
from doudi.web.triage.models import DangerHeard

logger = logging.getLogger(__name__)
MINUTES = 60
"""Where a rulebook gives no figure of its own."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """One report of a batch, about to be stored, with its matters."""

    report: NewReport
    matters: list[NewMatter]
    token: str


@dataclass(slots=True)
class Folded:
    """What of a batch was told before: by place in the batch the matter that goes on, and the demands that go into each."""

    into: dict[int, Matter] = field(default_factory=dict)
    joining: dict[UUID, list[Demand]] = field(default_factory=lambda: defaultdict(list))
    standing: dict[UUID, Matter] = field(default_factory=dict)
    heard: list[DangerHeard] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Rang:
    """What rang for a danger: how high it stands, who may see it, and the words that it rang for."""

    lane: Lane
    secret: bool
    restricted: bool
    words: str


@dataclass(frozen=True, slots=True)
class _Told:
    """A danger that one source tells of, with the mark that the same again would have."""

    mark: str
    place: Place
    new: NewMatter

    def rings(self) -> _Rang:
        lane = lane_of_danger(Severity(self.new.danger.answer)) if self.new.danger else Lane.NORMAL
        return _Rang(lane, self.new.row.secret, self.new.row.restricted, self.new.demands[0].asks)

    def is_same(self, rang: _Rang) -> bool:
        """Whether this tells what rang once more: in the same circle, no worse, and of the same place and trouble."""
        mine = self.rings()
        same_circle = (mine.secret, mine.restricted) == (rang.secret, rang.restricted)
        return same_circle and not is_above(mine.lane, rang.lane) and tells_the_same(self.place, mine.words, rang.words)


def forget_heard() -> int:
    """Forget the marks of what would ring again by now; returns how many."""
    return DangerHeard.objects.filter(until__lte=clock.now()).delete()[0]


def fold(batch: Sequence[Incoming], made: dict[int, Prepared], rulebook: Rulebook) -> Folded:
    """Take out of ``made`` the matters of dangers that their source has just told of; matters found are taken for this
    transaction.
    """
    figures = rulebook.parameters.get("quarantine") or {}
    minutes = int(figures.get("same_danger_minutes", MINUTES))
    told = {index: one for index, new in made.items() if minutes and (one := _told(batch[index], new))}
    found = Folded()
    if not told:
        return found
    now = clock.now()
    before = _standing({one.mark for one in told.values()})
    first: dict[str, int] = {}
    for index, one in told.items():
        if (stands := before.get(one.mark)) is not None and one.is_same(stands[1]):
            matter = stands[0]
            found.standing[matter.pk] = found.into[index] = matter
            found.joining[matter.pk].append(_moved(made[index], matter, matter.holder_id))
            continue
        if (earlier := first.get(one.mark)) is not None and one.is_same(told[earlier].rings()):
            into = made[earlier].matters[0]
            found.into[index] = into.row
            demand = _moved(made[index], into.row, into.held_by)
            due = (*into.upstream_due, *one.new.upstream_due)
            made[earlier].matters[0] = replace(into, demands=(*into.demands, demand), upstream_due=due)
            continue
        first.setdefault(one.mark, index)
        found.heard.append(DangerHeard(mark=one.mark, matter=one.new.row, until=now + timedelta(minutes=minutes)))
    return found


def _told(incoming: Incoming, new: Prepared) -> _Told | None:
    """The danger of a report with one demand from a source that is known; None: it goes its own way."""
    if len(new.matters) != 1 or new.matters[0].danger is None:
        return None
    [matter] = new.matters
    digits = "".join(sign for sign in incoming.phone if sign.isdecimal()) if incoming.system else ""
    source, danger = incoming.source or digits, matter.danger
    if not source or danger is None or not (danger.sort or danger.kind):
        return None
    row = new.report.row
    place = place_told(row.unit_id, row.area_id, row.address, matter.demands[0].asks)
    try:
        keyed = mark("\x1e".join(("danger", source, danger.sort, danger.kind, place.named)))
    except SealingError as error:
        # A key that is away folds nothing and stops no report.
        logger.warning("no mark of a danger's source: %s", error)
        return None
    return _Told(keyed, place, matter)


def _standing(marks: set[str]) -> dict[str, tuple[Matter, _Rang]]:
    """By mark the matter that rang for it last, if it is still being met."""
    heard = DangerHeard.objects.filter(mark__in=marks, until__gt=clock.now()).order_by("id")
    by_mark = dict(heard.values_list("mark", "matter_id"))
    if not by_mark:
        return {}
    waiting = (Matter.Status.ACCEPTED, Matter.Status.TAKEN)
    wanted = Matter.objects.filter(pk__in=set(by_mark.values()), status__in=waiting)
    matters = {one.pk: one for one in wanted.order_by("pk").select_for_update()}
    made_safe = MatterEvent.objects.filter(matter__in=matters, kind=MatterEventKind.MADE_SAFE)
    for pk in made_safe.values_list("matter_id", flat=True):
        matters.pop(pk, None)
    words: dict[UUID, str] = {}
    for pk, asks in Demand.objects.filter(matter__in=matters).order_by("pk").values_list("matter_id", "asks"):
        words.setdefault(pk, asks)
    rang = {pk: _Rang(Lane(one.lane), one.secret, one.restricted, words.get(pk, "")) for pk, one in matters.items()}
    return {one: (matters[pk], rang[pk]) for one, pk in by_mark.items() if pk in rang}


def _moved(new: Prepared, matter: Matter, holder: str) -> Demand:
    """The demand of a report, given to the matter that goes on; the matter that was prepared for it is dropped."""
    [demand] = new.matters[0].demands
    demand.matter = matter
    new.report.row.answerer_id = holder
    new.matters.clear()
    return demand
