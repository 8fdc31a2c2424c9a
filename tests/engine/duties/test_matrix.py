"""The shipped rulebook under proof: the engine finds exactly the gaps and conflicts to which the rulebook admits."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from doudi.engine.duties.matrix import asked, duty_space, duty_table, facts_looked_at
from doudi.engine.duties.rules import read_rules
from doudi.engine.rules.budget import Budget
from doudi.engine.rules.matcher import Matcher
from doudi.engine.rules.proof import Proof, verify
from doudi.engine.rules.sides import Sides, holds
from doudi.engine.rules.table import Rule, Table
from doudi.engine.trees import Tree
from tests.rulebook import shipped

from .towns import AREAS, KINDS, UNIT_TYPES, book, rule
from .towns import asked as question

TOWN, QUIET = "310199101000", "310199101016"


@pytest.fixture(scope="module")
def table() -> Table:
    rules = read_rules(shipped.rows())
    facts = facts_looked_at(rules, shipped.fact_values())
    areas = {TOWN: None, QUIET: TOWN} | dict.fromkeys(shipped.named_areas(), TOWN)
    kinds = Tree({entry["code"]: entry.get("parent") for entry in shipped.kinds()})
    unit_types = Tree({entry["code"]: entry.get("parent") for entry in shipped.document("unit_types")})
    return duty_table(duty_space(kinds, unit_types, Tree(areas), facts, shipped.DAY, date(2026, 12, 31)), rules)


@pytest.fixture(scope="module")
def proof(table: Table) -> Proof:
    return verify(table)


def test_conflicts_are_those_that_the_rulebook_admits(proof: Proof) -> None:
    assert {conflict.rules for conflict in proof.conflicts} == {
        tuple(e["rules"]) for e in shipped.document("known_conflicts")
    }
    assert proof.proven and not proof.contradictions and not proof.shadowed


def admitted(table: Table, entry: dict[str, Any]) -> Sides:
    """The box of one known gap: what it names, outside the areas that have a ruling for the time being."""
    facts = {fact: (value,) for fact, value in entry.get("facts", {}).items()}
    areas = tuple(sorted({QUIET, *shipped.named_areas()} - set(entry.get("ruled_in", []))))
    types = tuple(code or "unknown" for code in entry.get("unit_types", []))
    hours = (entry["hours"],) if "hours" in entry else ()
    return table.space.clip(
        table.space.box({"kind": tuple(entry["kinds"]), "unit_type": types, "area": areas, "hours": hours, **facts})
    )


def test_gaps_are_box_by_box_those_that_the_rulebook_admits(table: Table, proof: Proof) -> None:
    boxes = [admitted(table, entry) for entry in shipped.document("known_gaps")]
    assert sorted(region.box for region in proof.gaps) == sorted(boxes)
    assert proof.all_gaps
    assert 3 <= len(proof.gaps) + len(proof.conflicts) <= 8


def test_gaps_are_where_the_slow_matcher_finds_them(table: Table, proof: Proof) -> None:
    space = table.space
    open_boxes = [region.box for region in proof.gaps]
    for point, won in shipped.verdicts().items():
        values: dict[str, object] = {
            "kind": point.kind,
            "unit_type": point.unit_type,
            "area": point.area or QUIET,
            "hours": point.hours,
            "day": shipped.DAY,
            **dict(point.facts),
        }
        places = space.point(values)
        assert any(all(map(holds, box, places)) for box in open_boxes) == (not won), point


def test_a_town_rule_that_defies_a_list_is_refused_by_name(table: Table) -> None:
    defying = table.edited([Rule("X-1", "chengguan.street", 2, {"kind": ("hotline.noise.traffic",)}, source="镇定")])
    refused = verify(defying).contradictions
    assert [(one.rule, one.binding) for one in refused] == [("X-1", ("D-221",))]
    assert "规则 X-1 与上位规则 D-221" in str(refused[0].reason)


def test_facts_that_nobody_declared_may_have_any_value() -> None:
    rules = [rule("D-1", "street", facts={"owner": "known"})]
    facts = facts_looked_at(rules, None)
    table = duty_table(duty_space(KINDS, UNIT_TYPES, AREAS, facts, date(2026, 1, 1), date(2027, 1, 1)), rules)
    for value, found in (("known", 1), ("somebody", 0), ("unknown", 0)):
        point = table.space.point(asked(question(facts={"owner": value}), facts))
        assert len(table.matching(point)) == found


def test_rules_too_tangled_to_compile_answer_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = (rule("D-1", "street"), rule("D-2", "environment", ["street"]))
    expected = book(*rules).answer(question())
    monkeypatch.setattr("doudi.engine.duties.book.Matcher", lambda table: Matcher(table, Budget(steps=0)))
    tangled = book(*rules)
    assert [tangled.answer(question()) for _ in range(2)] == [expected, expected]
