"""The four levels on which a dispute is decided, in one table: who convenes, who rules, how long, and what delay does.

A dispute only goes up. On every level the matter keeps its holder and the citizen's clock runs on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from doudi.engine.disputes.vocabulary import Level
from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.workdays import Term, TimeUnit


class Convenor(StrEnum):
    """Which post calls the parties."""

    DUTY_DESK = "duty_desk"
    BACKSTOP = "backstop"
    PANEL = "panel"


class Late(StrEnum):
    """What happens by itself when a level's limit has passed without a ruling."""

    RAISE = "raise"
    URGE = "urge"


class LevelError(DoudiError):
    """There is no such step up."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One level: ``rules`` is the power of whoever decides (None: the convenor, where all agree), ``parameter`` names its limit.

    ``widest``: a ruling may reach beyond its one matter.
    """

    level: Level
    label: str
    convenor: Convenor
    rules: Power | None
    parameter: str
    otherwise: Term
    late: Late
    widest: bool
    reason: str


def _rung(
    level: Level,
    label: str,
    convenor: Convenor,
    rules: Power | None,
    parameter: str,
    otherwise: Term,
    late: Late,
    reason: str,
    *,
    widest: bool = False,
) -> Rung:
    return Rung(level, label, convenor, rules, parameter, otherwise, late, widest, reason)


LADDER: tuple[Rung, ...] = (
    _rung(
        Level.DESK,
        "值班岗裁定",
        Convenor.DUTY_DESK,
        Power.RULE_AT_DESK,
        "desk_decision",
        Term(30, TimeUnit.MINUTE),
        Late.RAISE,
        "多数争议一看规则和先例就能定；定不了的不压在值班岗，到时自动转现场会商",
    ),
    _rung(
        Level.ON_SITE,
        "现场会商",
        Convenor.BACKSTOP,
        None,
        "on_site_meeting",
        Term(1, TimeUnit.WORKING_DAY),
        Late.RAISE,
        "到现场看清楚再谈；各方同意或逾期未答视同同意的，按召集人的方案定；谈不拢的上镇级会商",
    ),
    _rung(
        Level.TOWN,
        "镇级裁定",
        Convenor.PANEL,
        Power.RULE_FOR_TOWN,
        "town_panel",
        Term(2, TimeUnit.WORKING_DAY),
        Late.URGE,
        "分管领导召集，裁定对镇属单位有约束力；可以定到地点或事项，写成规则；逾期督办，不再自动上交",
        widest=True,
    ),
    _rung(
        Level.DISTRICT,
        "吹哨上报",
        Convenor.PANEL,
        Power.RULE_FOR_TOWN,
        "district_answer",
        Term(5, TimeUnit.WORKING_DAY),
        Late.URGE,
        "镇里无权定的报区级部门，期间由镇里先承办；区里的答复由镇里登记为裁定",
        widest=True,
    ),
)
#: how long an interim carrier carries, until the next level has it by itself: the town's own figure, else this
CARRIER_PARAMETER, CARRIER_TERM = "interim_carrier", Term(5, TimeUnit.WORKING_DAY)

_RUNGS = {rung.level: rung for rung in LADDER}


def rung_of(level: str) -> Rung:
    return _RUNGS[Level(level)]


def term_of(level: str, answer_by: Mapping[str, Any]) -> Term:
    """The limit of a level: the town's own figure, else the usual one."""
    rung = rung_of(level)
    own = answer_by.get(rung.parameter)
    return Term.read(own["amount"], own["unit"]) if own else rung.otherwise


def carrier_term(answer_by: Mapping[str, Any]) -> Term:
    """How long an interim carrier carries."""
    own = answer_by.get(CARRIER_PARAMETER)
    return Term.read(own["amount"], own["unit"]) if own else CARRIER_TERM


def is_highest(level: str) -> bool:
    return Level(level) == list(Level)[-1]


def next_level(level: str) -> Level:
    """The level above. Raises LevelError on the highest."""
    above = list(Level)[list(Level).index(Level(level)) + 1 :]
    if not above:
        raise LevelError("已经上报到区级，没有更高的一级了；可以再次催办区级部门。")
    return above[0]


def require_above(level: str, wanted: str) -> Level:
    """``wanted`` if it lies above ``level``: a dispute never goes down again."""
    order = list(Level)
    if wanted not in list(map(str, order)) or order.index(Level(wanted)) <= order.index(Level(level)):
        raise LevelError("争议只能逐级向上：请选比“{level}”更高的一级。", level=rung_of(level).label)
    return Level(wanted)
