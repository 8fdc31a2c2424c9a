"""The shipped files keep their promises: every code exists, every figure has a source, every danger a number."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from doudi.engine.duties.bonds import Bond
from doudi.engine.duties.hurry import hurried
from doudi.engine.duties.rules import COLUMNS, read_rules
from doudi.engine.kinds.catalogue import Catalogue, Lane
from doudi.engine.units.types import UnitTypes
from doudi.engine.workdays import Calendar, Term
from tests.rulebook import shipped

OFFICES_THAT_MAY_HOLD = {"own", "dispatched"}


def leaf_kinds() -> list[dict[str, Any]]:
    return [entry for entry in shipped.kinds() if "lane" in entry]


def roles() -> dict[str, dict[str, Any]]:
    return {entry["role"]: entry for entry in shipped.document("roles")}


def parents_are_known(entries: list[dict[str, Any]]) -> bool:
    codes = {entry["code"] for entry in entries}
    return all(entry.get("parent") in codes | {None} for entry in entries)


def repeated(values: list[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def test_the_engine_reads_every_document() -> None:
    assert len(list(Catalogue.from_document(shipped.kinds()).leaves())) == len(leaf_kinds())
    assert len(UnitTypes.from_document(shipped.document("unit_types"))) == len(shipped.document("unit_types"))
    assert len(read_rules(shipped.rows())) == len(shipped.rows())
    assert Calendar.from_document(shipped.document("calendar")).is_workday(date(2026, 2, 28))


def test_the_town_handles_more_than_two_hundred_kinds_and_every_parent_exists() -> None:
    assert len(leaf_kinds()) >= 200
    assert parents_are_known(shipped.kinds())
    assert not repeated([entry["code"] for entry in shipped.kinds()])
    assert not repeated([entry["name"] for entry in leaf_kinds()])


def test_places_form_a_tree_with_edges_and_spots_without_owner() -> None:
    types = shipped.document("unit_types")
    assert parents_are_known(types)
    assert not repeated([entry["code"] for entry in types])
    assert len([code for code, leaves in shipped.unit_leaves().items() if leaves == {code}]) >= 14
    edges = {entry["code"] for entry in types if entry.get("is_edge")}
    assert edges == {"road_red_line", "compound_line", "river_line", "village_border"}
    assert "spot" in shipped.unit_leaves()


@pytest.mark.parametrize("kind", leaf_kinds(), ids=lambda kind: kind["code"])
def test_a_kind_says_when_it_is_taken_up_until_when_and_by_whose_decision(kind: dict[str, Any]) -> None:
    assert kind["source"].strip()
    assert kind["words"]
    assert not repeated(kind["words"])
    assert kind["module"] in {module["code"] for module in shipped.document("modules")}
    for filing in kind["filing"]:
        assert filing["condition"].strip()
        assert filing["closes_when"].strip()
        assert filing["limits"]
        for limit in filing["limits"]:
            assert Term.read(limit["amount"], limit["unit"]).amount > 0


def test_every_danger_to_life_says_whom_to_call_and_is_met_within_half_an_hour() -> None:
    life = [kind for kind in leaf_kinds() if kind["lane"] == "life"]
    assert len(life) >= 10
    for kind in life:
        assert re.fullmatch(r"1[12][0-9]|95598", kind["emergency"]["call"]), kind["code"]
        assert kind["emergency"]["say"].strip()
        first = kind["filing"][0]["limits"][0]
        assert (first["amount"], first["unit"]) == (30, "minute"), kind["code"]


def test_the_scan_page_has_a_dozen_pictures_to_pick_from() -> None:
    pictures = [kind for kind in leaf_kinds() if kind.get("pickable")]
    assert 12 <= len(pictures) <= 18
    assert not repeated([kind["icon"] for kind in pictures])


def test_numbers_of_the_standard_are_used_once() -> None:
    assert not repeated([kind["standard"] for kind in leaf_kinds() if kind.get("standard")])


def test_offices_are_own_dispatched_or_outside_and_only_the_first_two_hold() -> None:
    offices = {entry["code"]: entry for entry in shipped.document("offices")}
    assert not repeated([entry["code"] for entry in shipped.document("offices")])
    assert not repeated([entry["role"] for entry in shipped.document("roles")])
    for role in shipped.document("roles"):
        assert role["office"] in offices, role["role"]
        assert role["level"] in {"town", "village_group", "village", "grid"}
        assert role["may_hold"] == (offices[role["office"]]["relation"] in OFFICES_THAT_MAY_HOLD), role["role"]


def test_modules_say_what_they_need_and_how_they_may_end() -> None:
    modules = shipped.document("modules")
    assert len(modules) >= 8
    assert not repeated([module["code"] for module in modules])
    assert {"take", "first_contact", "make_safe", "verify", "reply"} <= {module["code"] for module in modules}
    for module in modules:
        assert set(module) == {"code", "name", "inputs", "checklist", "evidence", "post", "term", "outcome"}
        assert module["checklist"]
        assert module["outcome"]
        assert module["post"] in {"holder", "answerer", "other", "desk"}
        if parameter := module["term"].get("parameter"):
            assert parameter in shipped.document("parameters")


def test_parameters_name_a_term_for_each_lane_and_keep_dispatch_in_human_hands() -> None:
    parameters = shipped.document("parameters")
    assert set(parameters["take_by"]) == {"life", "urgent", "normal"}
    for term in [*parameters["take_by"].values(), *parameters["reply_by"].values(), parameters["contact_by"]]:
        assert Term.read(term["amount"], term["unit"]).amount > 0
    assert parameters["auto_dispatch"] is False
    assert parameters["verify_sample_percent"] == 20
    assert parameters["similar_days"] == 30


def test_a_rule_names_only_what_is_registered() -> None:
    kinds, types, facts = shipped.kind_leaves(), shipped.unit_leaves(), shipped.fact_values()
    assert len(shipped.rows()) >= 400
    assert not repeated([row["id"] for row in shipped.rows()])
    for row in shipped.rows():
        assert set(row) == set(COLUMNS)
        assert re.fullmatch(r"D-\d{3,}", row["id"])
        assert shipped.split(row["kinds"]), row["id"]
        assert set(shipped.split(row["kinds"])) <= set(kinds), row["id"]
        assert set(shipped.split(row["unit_types"])) <= set(types), row["id"]
        assert all(value in facts[fact] for fact, value in shipped.facts_of(row["facts"]).items()), row["id"]
        assert all(re.fullmatch(r"310199101\d{3}", area) for area in shipped.split(row["areas"])), row["id"]
        helpers = {one.partition(":")[0] for one in shipped.split(row["supports"])}
        assert {row["holder"], *helpers} <= set(roles()), row["id"]
        assert row["holder"] not in helpers, row["id"]


def test_every_support_says_what_waits_for_it_most_only_inform_and_no_terms_contradict() -> None:
    supports = [one for rule in read_rules(shipped.rows()) for one in rule.supports]
    told = Counter(one.bond for one in supports)
    assert set(told) == set(Bond), "each rule says it of each support"
    assert told[Bond.INFORMS] > len(supports) * 0.6
    parameters = shipped.document("parameters")
    given, margins = (
        {lane: Term.read(**parameters[name][lane]) for lane in Lane} for name in ("support_by", "support_margin")
    )
    calendar = Calendar.from_document(shipped.document("calendar"))
    for since in (date(2026, 1, 1), date(2026, 11, 30)):
        catalogue = Catalogue.from_document(shipped.kinds())
        assert hurried(read_rules(shipped.rows()), catalogue, given, margins, calendar, since) == ()


def test_the_three_lists_the_town_rules_and_the_rulings_all_have_their_say() -> None:
    told = Counter((row["layer"], row["list"]) for row in shipped.rows())
    assert min(told["statute", "基本履职"], told["statute", "配合履职"], told["town_rule", ""]) >= 100
    assert told["statute", "上级收回"] >= 20
    assert told["gap_ruling", ""] and told["tie_break", ""]
    ruled = {
        kind for row in shipped.rows() for code in shipped.split(row["kinds"]) for kind in shipped.kind_leaves()[code]
    }
    assert len(ruled) >= 120
    assert (
        len(
            {
                leaf
                for row in shipped.rows()
                for code in shipped.split(row["unit_types"])
                for leaf in shipped.unit_leaves()[code]
            }
        )
        >= 12
    )


def test_no_committee_utility_contractor_or_bureau_holds() -> None:
    assert [row["id"] for row in shipped.rows() if not roles()[row["holder"]]["may_hold"]] == []


def test_every_rule_has_a_source_and_a_first_day_and_statute_names_the_competent_body() -> None:
    for row in shipped.rows():
        assert row["source"].strip(), row["id"]
        since = date.fromisoformat(row["since"])
        assert not row["until"] or since < date.fromisoformat(row["until"]), row["id"]
        assert (row["list"] != "") == (row["layer"] == "statute"), row["id"]
        if row["layer"] == "statute":
            assert row["competent"], row["id"]
            assert row["basis"], row["id"]


def test_gap_rulings_end_and_are_local() -> None:
    rulings = [row for row in shipped.rows() if row["layer"] == "gap_ruling"]
    assert rulings
    assert all(row["until"] and row["areas"] for row in rulings)


def days_of(entries: list[str]) -> set[date]:
    found = set()
    for entry in entries:
        first, _, last = entry.partition("..")
        day, end = date.fromisoformat(first), date.fromisoformat(last or first)
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return found


# The dates were compared day by day with an independent calendar when the file was written; the counts pin them.
@pytest.mark.parametrize(("year", "working_days"), [(2024, 251), (2025, 248), (2026, 248)])
def test_an_official_year_has_as_many_working_days_as_its_notice_leaves(year: int, working_days: int) -> None:
    plan = shipped.document("calendar")["years"][year]
    free, worked = days_of(plan["holidays"]), days_of(plan["workdays"])
    assert plan["status"] == "official"
    assert not free & worked
    assert {day.year for day in free | worked} == {year}
    assert all(day.weekday() >= 5 for day in worked)
    year_days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
    working = [
        day for day in year_days if day.year == year and (day in worked or (day.weekday() < 5 and day not in free))
    ]
    assert len(working) == working_days


def test_2027_holds_only_the_thirteen_days_that_the_regulation_fixes() -> None:
    plan = shipped.document("calendar")["years"][2027]
    assert plan["status"] == "provisional"
    assert len(days_of(plan["holidays"])) == 13
    assert plan["workdays"] == []


def test_files_can_be_read_in_one_sitting() -> None:
    long = {
        path.name: count
        for path in shipped.FOLDER.rglob("*.*")
        if (count := len(path.read_text("utf-8").splitlines())) > 450
    }
    assert long == {}
