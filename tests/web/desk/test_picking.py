"""What pickers propose: found by name, letters, code, road and other names, and nothing that the asker could not look up."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Post
from doudi.web.places.services import NewName, name_places
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.services import begin_draft
from tests.web.desk.conftest import Visitor
from tests.web.town import EAST, actor

Sit = Callable[[Any], Visitor]


def picked(visitor: Visitor, path: str) -> list[str]:
    return re.findall(r'data-value="([^"]*)"', visitor.read(path))


@pytest.mark.parametrize("typed", ["chengguan.east", "城管东", "cgdp", "chengguandong", "执法队 东", "zhxz dong"])
def test_a_post_is_found_by_name_letters_and_code(town: SimpleNamespace, sit: Sit, typed: str) -> None:
    assert picked(sit(town.people.desk), f"/pick/posts?q={typed}") == ["chengguan.east"]


def test_the_best_comes_first_and_nothing_typed_is_all(town: SimpleNamespace, sit: Sit) -> None:
    desk = sit(town.people.desk)
    assert picked(desk, "/pick/posts?q=东")[0] in ("committee.east", "grid.east")
    assert set(picked(desk, "/pick/posts")) == set(Post.objects.values_list("code", flat=True))
    assert picked(desk, "/pick/posts?q=没有这个岗位") == []


def test_a_post_that_has_ended_is_not_proposed(town: SimpleNamespace, sit: Sit) -> None:
    Post.objects.filter(pk="market.food").update(until=clock.today())
    desk = sit(town.people.desk)
    assert "market.food" not in picked(desk, "/pick/posts?q=shipin")


def test_people_are_named_to_those_alone_who_arrange_them(town: SimpleNamespace, sit: Sit) -> None:
    for who in ("admin", "shift", "desk"):
        assert picked(sit(getattr(town.people, who)), "/pick/people?q=cleaner") == [str(town.people.cleaner.pk)]
    for who in ("east_officer", "reviewer", "leader", "auditor"):
        sit(getattr(town.people, who)).read("/pick/people?q=cleaner", 404)
    sit(town.people.auditor).read("/pick/posts?q=城管", 404)


def test_a_closed_account_is_not_proposed(town: SimpleNamespace, sit: Sit) -> None:
    town.people.cleaner.is_active = False
    town.people.cleaner.save()
    assert picked(sit(town.people.admin), "/pick/people?q=cleaner") == []


@pytest.mark.parametrize("typed", ["东苑面馆", "面馆", "dymg", "东苑面馆前", "老王面店", "lwmd"])
def test_a_place_is_found_by_name_letters_address_and_other_names(town: SimpleNamespace, sit: Sit, typed: str) -> None:
    called(town, "老王面店")
    assert picked(sit(town.people.desk), f"/pick/places?among=units&q={typed}") == [town.shop.code]


def test_a_place_is_found_by_its_code(town: SimpleNamespace, sit: Sit) -> None:
    assert picked(sit(town.people.desk), f"/pick/places?q={town.shop.code}") == [town.shop.code]


def test_a_place_elsewhere_is_proposed_to_nobody_who_could_not_look_it_up(town: SimpleNamespace, sit: Sit) -> None:
    called(town, "老王面店")
    for typed in ("面馆", "dymg", "老王面店", town.shop.code):
        path = f"/pick/places?q={typed}"
        assert town.shop.code in picked(sit(town.people.east_officer), path)
        for who in ("west_officer", "auditor", "admin"):
            assert town.shop.code not in picked(sit(getattr(town.people, who)), path), (who, typed)


def test_areas_are_sent_as_codes_to_selects_and_as_paths_where_one_types(town: SimpleNamespace, sit: Sit) -> None:
    desk = sit(town.people.desk)
    assert EAST in picked(desk, "/pick/places?among=areas&q=dyjm")
    assert picked(desk, "/pick/places?q=西浜第一网格") == ["西浜村 · 西浜第一网格"]


def test_kinds_are_found_by_letters_and_group_and_a_draft_tells_nothing(town: SimpleNamespace, sit: Sit) -> None:
    desk = sit(town.people.desk)
    assert "占道经营" in picked(desk, "/pick/kinds?q=zdjy")
    assert "占道经营" in picked(desk, "/pick/kinds?q=街面秩序")
    draft = begin_draft(actor(town.people.shift), "试改")
    documents = draft.documents
    documents["kinds"] = [
        *documents["kinds"],
        documents["kinds"][-1] | {"code": "event.street.new", "name": "草案里的事"},
    ]
    Version.objects.filter(pk=draft.pk).update(documents=documents)
    assert picked(desk, f"/pick/kinds?book={draft.number}&q=草案里的事") == []


def test_nobody_without_a_login_or_a_seat_is_told_anything(town: SimpleNamespace, sit: Sit) -> None:
    for sort in ("posts", "people", "places", "kinds"):
        assert sit(None).get(f"/pick/{sort}").status_code == 302


def called(town: SimpleNamespace, name: str) -> None:
    name_places(SYSTEM, [NewName(name, "unit", "地名表", unit=town.shop.code)])
