from __future__ import annotations

import re
from collections import Counter

import pytest

from doudi.engine.duties.book import BackstopDuty, DutyBook, Question, Seat
from doudi.engine.trees import Tree
from doudi.engine.units.types import UnitTypes
from doudi.web.demo.names import chance_for, read
from doudi.web.demo.offices import shipped, staff_town
from doudi.web.people.access import Access
from doudi.web.rulebook.services import SHIPPED, read_folder, rules_of
from tests.web.demo.small_town import NOW, catalogue, staffing, town_map

VILLAGES = {village.code for village in town_map().villages}


def test_every_role_that_a_rule_may_name_has_a_post() -> None:
    assert {row["role"] for row in shipped("roles")} <= {post.role for post in staffing().posts}


def test_a_role_has_one_post_for_the_town_or_one_for_each_village() -> None:
    by_role: dict[str, list[tuple[str, ...]]] = {}
    for post in staffing().posts:
        by_role.setdefault(post.role, []).append(post.areas)
    for role, areas in by_role.items():
        served = Counter(code for one in areas for code in one)
        assert len(areas) == 1 or (set(served.values()) == {1} and () not in areas), role


@pytest.mark.parametrize("role", ["chengguan.street", "grid_head.lead", "police.community"])
def test_posts_that_share_the_town_leave_no_village_out(role: str) -> None:
    assert {code for post in staffing().of_role(role) for code in post.areas} == VILLAGES


def test_sixty_grid_workers_share_the_180_grids() -> None:
    workers = staffing().of_role("grid.worker")
    walked = Counter(code for post in workers for code in post.areas)
    assert len(workers) == 60
    assert set(walked) == {grid.code for grid in town_map().grids}
    assert set(walked.values()) == {1}


def test_a_committee_supports_and_never_holds() -> None:
    committees = [post for post in staffing().posts if post.role.startswith("committee.")]
    assert {code for post in committees for code in post.areas} == VILLAGES
    assert not any(post.may_hold for post in committees)


def test_only_own_and_dispatched_offices_hold() -> None:
    relations = {office.code: office.relation for office in staffing().offices}
    assert {relations[post.office] for post in staffing().posts if post.may_hold} == {"own", "dispatched"}


def test_the_duty_desk_catches_for_the_town_and_a_grid_head_in_every_village() -> None:
    caught = {row.area: row.post for row in staffing().backstops}
    assert caught.pop(town_map().town.code) == "uoc.duty"
    assert set(caught) == VILLAGES
    assert all(post.startswith("grid_head.lead.") for post in caught.values())


def test_the_shipped_rules_find_a_post_in_every_village_for_every_kind() -> None:
    documents = read_folder(SHIPPED)
    areas = Tree({area.code: area.parent for area in town_map().areas})
    book = DutyBook(
        rules_of(documents),
        catalogue().tree,
        UnitTypes.from_document(documents["unit_types"]).tree,
        areas,
        [Seat(post.code, post.role, frozenset(post.areas), post.may_hold) for post in staffing().posts],
        [BackstopDuty(row.area, row.post, row.since) for row in staffing().backstops],
        "uoc.duty",
    )
    grids = [next(grid.code for grid in town_map().grids if grid.parent == village) for village in sorted(VILLAGES)]
    statuses = Counter(
        str(book.answer(Question(kind.code, None, grid, "work", {}, NOW.date())).status)
        for kind in catalogue().leaves()
        for grid in grids
    )
    assert set(statuses) <= {"rule", "gap", "conflict"}
    assert statuses["rule"] > 0.9 * statuses.total()


def test_there_is_an_account_for_each_kind_of_seat() -> None:
    access = {post.code: post.access for post in staffing().posts}
    seats = {access[row["post"]] for row in read("offices")["accounts"]}
    assert seats == set(Access.values) - {Access.NONE}


def test_every_account_sits_on_its_post_and_names_are_used_once() -> None:
    members = staffing().members
    accounts = {member.username: member.post for member in members if member.who}
    assert accounts == {row["username"]: row["post"] for row in read("offices")["accounts"]}
    assert len({member.username for member in members}) == len({member.phone for member in members}) == len(members)


def test_every_post_is_filled_and_every_number_is_one_that_is_not_given_out() -> None:
    assert {member.post for member in staffing().members} == {post.code for post in staffing().posts}
    assert all(re.fullmatch(r"1990000\d{4}", member.phone) for member in staffing().members)
    assert all(re.fullmatch(r"021-5550\d{4}", office.phone) for office in staffing().offices)


def test_filled_twice_it_is_the_same_people() -> None:
    assert staff_town(town_map(), chance_for("people")) == staffing()
