"""The rulebook's own scenarios, as officials write them: what was reported, when and where, and what must follow.

Places, kinds, posts and facts are called by the names that the rulebook gives them; each must name exactly one thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import doudi.web
from doudi.engine.duties.book import AnswerStatus, DutyBook, Question
from doudi.engine.duties.rules import read_rules
from doudi.engine.duties.seats import BackstopDuty, Seat
from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.matters.clocks import handling_clocks, take_clock
from doudi.engine.trees import Tree
from doudi.engine.triage.danger import lane_of
from doudi.engine.triage.judgement import JudgementCode, judge
from doudi.engine.workdays import Calendar, Term
from tests.documents import document
from tests.rulebook import shipped

ZONE = ZoneInfo("Asia/Shanghai")
TOWN = "310199101000"
HOURS = {"work": "工作时间", "off": "非工作时间"}
WHY_BACKSTOP = {
    JudgementCode.GAP: "职责空白",
    JudgementCode.CONFLICT: "职责交叉",
    JudgementCode.PLACE_UNCLEAR: "地点不明",
    JudgementCode.KIND_UNCLEAR: "事项不明",
    JudgementCode.NEW: "事项不明",
    JudgementCode.NO_POST: "无岗可派",
}


@dataclass(frozen=True)
class Scenario:
    file: str
    told: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.file}: {self.told['情景']}"

    @property
    def expected(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.told["那么"]
        return found


def scenarios(folder: Path = shipped.FOLDER / "scenarios") -> list[Scenario]:
    return [Scenario(path.stem, told) for path in sorted(folder.glob("*.yaml")) for told in document(path)]


def named(entries: Mapping[str, str], what: str) -> str:
    """The code of what is called so; two things of one name are no name."""
    (code,) = [code for code, name in entries.items() if name == what]
    return code


@cache
def areas() -> dict[str, str]:
    """The town's villages by code, as the demo town numbers them: neighbourhoods from 001, villages from 201."""
    town = document(Path(doudi.web.__file__).parent / "demo/town/map.yaml")
    inner = {f"{TOWN[:9]}{n:03}": f"{name}居民区" for n, name in enumerate(town["neighbourhoods"], 1)}
    return inner | {f"{TOWN[:9]}{n:03}": f"{name}村" for n, name in enumerate(town["villages"], 201)}


@cache
def names(document: str, code: str) -> dict[str, str]:
    return {entry[code]: entry["name"] for entry in shipped.document(document)}


@cache
def facts() -> dict[str, tuple[str, str]]:
    """权属不明 -> (owner, unknown)."""
    return {
        label: (entry["fact"], value) for entry in shipped.document("facts") for value, label in entry["values"].items()
    }


@cache
def catalogue() -> Catalogue:
    return Catalogue.from_document(shipped.kinds())


@cache
def calendar() -> Calendar:
    return Calendar.from_document(shipped.document("calendar"))


@cache
def book() -> DutyBook:
    """The shipped rules, one post for each role; the grid head catches everywhere."""
    codes: dict[str, str | None] = {TOWN: None} | dict.fromkeys(areas(), TOWN)
    levels = {role["role"]: role["level"] for role in shipped.document("roles")}
    seats = [
        Seat(
            role["role"],
            role["role"],
            frozenset() if levels[role["role"]] == "town" else frozenset(areas()),
            role["may_hold"],
        )
        for role in shipped.document("roles")
    ]
    return DutyBook(
        read_rules(shipped.rows()),
        Tree({entry["code"]: entry.get("parent") for entry in shipped.kinds()}),
        Tree({entry["code"]: entry.get("parent") for entry in shipped.document("unit_types")}),
        Tree(codes),
        seats,
        [BackstopDuty(area, "grid_head.lead", shipped.DAY.replace(year=2024)) for area in areas()],
        "uoc.duty",
        facts=shipped.fact_values(),
    )


def term(*path: str) -> Term:
    value: Any = shipped.document("parameters")
    for key in path:
        value = value[key]
    return Term.read(value["amount"], value["unit"])


def outcome(told: Mapping[str, Any]) -> dict[str, Any]:
    """What the engine says to the report, in the words of a scenario."""
    at = datetime.fromisoformat(told["时间"]).replace(tzinfo=ZONE)
    place: Mapping[str, Any] = told.get("地点") or {}
    hours = "work" if calendar().is_duty_time(at) else "off"
    question = Question(
        kind=None,
        unit_type=named(names("unit_types", "code"), place["类型"]) if "类型" in place else None,
        area=named(areas(), place["区域"]) if "区域" in place else None,
        hours=hours,  # type: ignore[arg-type]
        facts=dict(facts()[label] for label in place.get("情况", [])),
        day=at.date(),
    )
    kinds = {entry["code"]: entry["name"] for entry in shipped.kinds()}
    picked = named(kinds, told["事项"]) if "事项" in told else None
    judged = judge(told["说法"], picked, catalogue(), book(), question)
    alarm = lane_of(told["说法"], judged.kind, catalogue())
    answer = judged.answer
    roles = names("roles", "role")
    found: dict[str, Any] = {
        "时段": HOURS[hours],
        "事项": kinds[judged.kind] if judged.kind else "不明",
        "通道": alarm.lane.label,
        "承办": roles[answer.post],
        "依据": "、".join(answer.rules) if answer.status is AnswerStatus.RULE else WHY_BACKSTOP[judged.code],
    }
    if answer.status is AnswerStatus.RULE:
        rule = book().rule(answer.rules[0])
        found["层级"] = rule.list or rule.layer.label
    elif answer.rules:
        found["交叉的规则"] = list(answer.rules)
    if answer.supports:
        found["配合"] = [roles[post] for post in answer.supports]
    if answer.competent:
        found["法定责任主体"] = answer.competent.body
    if alarm.emergency:
        found["先打"] = alarm.emergency.call
    kind = catalogue().kind(judged.kind) if judged.kind else None
    clocks = {"接单": take_clock(alarm.lane, at, calendar(), {alarm.lane: term("take_by", str(alarm.lane))})}
    clocks |= {one.stage: one for one in handling_clocks(kind, at, calendar(), term("unclear_by"))}
    found["时限"] = {
        stage: one.due_at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") for stage, one in clocks.items() if one.due_at
    }
    return found
