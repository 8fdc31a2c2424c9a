"""What a version leaves open: gaps and conflicts that nobody accepted, and everything that keeps it from being published.

The proofs of the engine are kept from one question to the next, so that after one edited rule only its neighbours are
proven again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from threading import RLock
from time import monotonic

from doudi.engine.duties.hurry import Hurried, hurried
from doudi.engine.duties.matrix import duty_space, duty_table
from doudi.engine.duties.rules import Rule
from doudi.engine.journal import canonical
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.messages import Message, msg
from doudi.engine.rules import sides
from doudi.engine.rules.axes import UNKNOWN
from doudi.engine.rules.budget import Budget
from doudi.engine.rules.difference import Difference, DifferenceMemo, difference
from doudi.engine.rules.proof import Conflict, Memo, OpenGaps, Proof, open_gaps, verify
from doudi.engine.rules.regions import History, Region, region
from doudi.engine.rules.sides import Sides
from doudi.engine.rules.space import Space, Values
from doudi.engine.rules.table import Table
from doudi.engine.rules.wording import Wording
from doudi.engine.trees import Tree
from doudi.web.areas.queries import AreaDirectory, areas
from doudi.web.edition_cache import by_edition
from doudi.web.rulebook.acceptances import Acceptance
from doudi.web.rulebook.queries import Rulebook
from doudi.web.rulebook.wording import space_names

#: something is proven for a year from the first day of a version
DAYS_PROVEN = 366
STEPS, SECONDS = 4_000_000, 20.0
_MOST_ANEW = 50


@dataclass(eq=False)
class Ground:
    """What versions with the same trees and facts are proven over, and what earlier proofs found out.

    Proofs write into the memos, so anyone who proves holds ``lock``.
    """

    space: Space
    trees: tuple[Tree, Tree, Tree]
    memo: Memo = field(init=False)
    open_memo: Memo = field(init=False)
    differences: DifferenceMemo = field(init=False)
    lock: RLock = field(default_factory=RLock)
    _last: tuple[dict[str, Rule], Table | None] = field(default_factory=lambda: ({}, None))

    def __post_init__(self) -> None:
        self.memo, self.open_memo, self.differences = Memo(self.space), Memo(self.space), DifferenceMemo(self.space)

    def history(self, matters: Iterable[Values]) -> History:
        return History(self.space, matters)

    def table(self, rules: Iterable[Rule]) -> Table:
        """The rules on this ground; codes that it does not know are left out, and so is a rule that then names nothing.

        Where few rules differ from the table asked for last, only those are placed again.
        """
        now = {rule.id: rule for rule in rules}
        before, table = self._last
        changed = [rule for code, rule in now.items() if before.get(code) != rule]
        gone = before.keys() - now.keys()
        settled = {code for rule in now.values() for code in rule.settles}
        apart = not any(rule.settles for rule in changed) and not any(before[code].settles for code in gone)
        if table is None or len(changed) > _MOST_ANEW or not apart or settled & (gone | {rule.id for rule in changed}):
            table = self._placed(now.values())
        elif changed or gone:
            fresh = self._placed(changed).rules
            table = table.edited(fresh.values(), without=gone | {rule.id for rule in changed if rule.id not in fresh})
        self._last = now, table
        return table

    def _placed(self, rules: Iterable[Rule]) -> Table:
        fitted = (self._fitted(rule) for rule in rules)
        return duty_table(self.space, [rule for rule in fitted if rule is not None])

    def _fitted(self, rule: Rule) -> Rule | None:
        named = rule.kinds, rule.unit_types, rule.areas
        kept = [
            frozenset(one for one in codes if one in tree or one == UNKNOWN)
            for codes, tree in zip(named, self.trees, strict=True)
        ]
        if any(bool(before) and not after for before, after in zip(named, kept, strict=True)):
            return None
        if any(fact not in self.space.places for fact in rule.facts):
            return None
        return replace(rule, kinds=kept[0], unit_types=kept[1], areas=kept[2])


def ground_of(book: Rulebook, since: date | None = None, places: AreaDirectory | None = None) -> Ground:
    """The ground under a version that holds from ``since`` (default: the first day it is meant for)."""
    places = places or areas()
    since = since or book.version.valid_from
    return _ground(book, since, places)


def _shape(book: Rulebook, since: date, places: AreaDirectory) -> tuple[str, date, int]:
    shape = {name: book.version.documents[name] for name in ("kinds", "unit_types", "facts")}
    return hashlib.sha256(canonical(shape)).hexdigest(), since, places.version


@by_edition(4, key=_shape)
def _ground(book: Rulebook, since: date, places: AreaDirectory) -> Ground:
    facts = {row["fact"]: list(row["values"]) for row in book.facts}
    trees = book.catalogue.tree, book.unit_types.tree, places.tree
    until = date.fromordinal(since.toordinal() + DAYS_PROVEN)
    return Ground(duty_space(*trees, facts, since, until), trees)


@dataclass(frozen=True, slots=True)
class Admitted:
    """An acceptance and where it still stands for something: ``regions`` is empty once rules have filled all of it."""

    acceptance: Acceptance
    regions: tuple[Region, ...]
    share: float | None
    where: Message
    in_full: Message


@dataclass(frozen=True, slots=True)
class ProofReport:
    """How a version stands: the proof, what of it nobody accepted, and what was accepted.

    ``conflicts`` are those with a region that no acceptance names; ``hurried``: rules whose
    terms contradict. ``since`` and ``until`` bound what was proven.
    """

    proof: Proof
    gaps: OpenGaps
    conflicts: tuple[Conflict, ...]
    admitted: tuple[Admitted, ...]
    wording: Wording
    since: date
    until: date
    hurried: tuple[Hurried, ...] = ()

    @property
    def hindrances(self) -> tuple[Message, ...]:
        """Everything that keeps the version from being published, in words."""
        found = [one.reason for one in self.proof.contradictions]
        found += dict.fromkeys((*self.proof.unproven, *self.gaps.unproven))
        say = self.wording.sentence
        found += [
            msg("职责空白“{where}”没有人按名接受，也没有规则管到。", where=say(one.box)) for one in self.gaps.regions
        ]
        if not self.gaps.complete and not self.gaps.unproven:
            found.append(msg("空白多得没有全部列出，请先补上前面的。"))
        for one in self.conflicts:
            template = "规则 {rules} 在“{where}”交叉，没有裁定，也没有人按名接受。"
            found.append(msg(template, rules="、".join(one.rules), where=say(one.regions[0].box)))
        return tuple(found)

    @property
    def settled(self) -> bool:
        return not self.hindrances


def prove(
    book: Rulebook, since: date | None = None, history: History | None = None, ground: Ground | None = None
) -> ProofReport:
    """Prove a version for a year from ``since``. ``history`` (on the same ground) weighs what is found."""
    since = since or book.version.valid_from
    ground = ground or ground_of(book, since)
    wording = wording_of(book, ground)
    with ground.lock:
        table = ground.table(book.rules)
        budget = Budget(STEPS, SECONDS, monotonic)
        proof = verify(table, budget, ground.memo, history, wording)
        accepted = {one: one.boxes(ground.space) for one in book.acceptances}
        taken = [box for one, boxes in accepted.items() if one.what == "gap" for box in boxes]
        gaps = open_gaps(table, taken, budget, ground.open_memo, history, wording)
    days = ground.space.proper[ground.space.places["day"]][0]
    return ProofReport(
        proof,
        gaps,
        tuple(_unaccepted(proof.conflicts, accepted)),
        tuple(_admitted(one, boxes, proof, ground.space, history, wording) for one, boxes in accepted.items()),
        wording,
        date.fromordinal(days[0]),
        date.fromordinal(days[1]),
        _hurried(book, since),
    )


@by_edition(8, key=lambda book, since: (book.version.number, book.version.digest, since))
def _hurried(book: Rulebook, since: date) -> tuple[Hurried, ...]:
    """The rules that let a holder wait for helpers who have longer; a version without margins asks for none."""
    given, margins = (
        {lane: term for lane in Lane if (term := book.term_if_set(name, str(lane))) is not None}
        for name in ("support_by", "support_margin")
    )
    return hurried(book.rules, book.catalogue, given, margins, book.calendar, since)


def difference_of(
    old: Rulebook, new: Rulebook, history: History | None = None, ground: Ground | None = None
) -> Difference:
    """Every region whose holder changes from one version to the other, on the ground of the new one."""
    ground = ground or ground_of(new)
    with ground.lock:
        return difference(
            ground.table(old.rules),
            ground.table(new.rules),
            Budget(STEPS, SECONDS, monotonic),
            ground.differences,
            history,
            wording_of(new, ground),
        )


def wording_of(book: Rulebook, ground: Ground) -> Wording:
    """Boxes in the words of this version and in the reader's language."""
    return Wording(ground.space, names_of(book))


def names_of(book: Rulebook) -> dict[str, str]:
    """A name for every code that rules may name: kinds, unit types, areas, roles, hours and facts."""
    facts = {f"{row['fact']}={value}": str(name) for row in book.facts for value, name in row["values"].items()} | {
        f"{row['fact']}=": str(row.get("label") or row["fact"]) for row in book.facts
    }
    return (
        {code: area.name for code, area in areas().areas.items()}
        | {one.code: one.name for one in book.unit_types}
        | book.catalogue.names()
        | book.role_names
        | facts
        | space_names()
    )


def _unaccepted(conflicts: Iterable[Conflict], accepted: Mapping[Acceptance, list[Sides]]) -> Iterable[Conflict]:
    """Conflicts with only those regions that lie in no accepted box of the same rules."""
    for one in conflicts:
        taken = [
            box
            for each, boxes in accepted.items()
            if each.what == "conflict" and set(one.rules) <= set(each.rules)
            for box in boxes
        ]
        left = tuple(part for part in one.regions if not any(_inside(part.box, box) for box in taken))
        if left or (not one.complete and not taken):
            yield replace(one, regions=left or one.regions)


def _inside(box: Sides, other: Sides) -> bool:
    return all(map(sides.inside, box, other))


def _admitted(
    one: Acceptance, boxes: list[Sides], proof: Proof, space: Space, history: History | None, wording: Wording
) -> Admitted:
    """What of an acceptance is still a gap or a conflict."""
    if one.what == "gap":
        found = [part.box for part in proof.gaps]
    else:
        found = [part.box for each in proof.conflicts if set(each.rules) <= set(one.rules) for part in each.regions]
    met = dict.fromkeys(tuple(map(sides.meet, box, part)) for box in boxes for part in found)
    inner = [box for box in met if all(box)]
    largest = [box for box in inner if not any(box != other and _inside(box, other) for other in inner)]
    regions = tuple(region(space, box, history) for box in largest)
    where = wording.sentence(boxes[0]) if boxes else msg("（所写的代码已不在册）")
    in_full = wording.in_full().sentence(boxes[0]) if boxes else where
    return Admitted(one, regions, history.share(largest) if history is not None else None, where, in_full)
