"""Boxes in words that a town hall reads without a legend."""

from __future__ import annotations

from datetime import date

import pytest

from doudi.engine.rules.axes import ChoiceAxis, Conditions, DayAxis, NumberAxis, TreeAxis, Within
from doudi.engine.rules.proof import verify
from doudi.engine.rules.sides import minus
from doudi.engine.rules.space import Space
from doudi.engine.rules.table import Rule, Table
from doudi.engine.rules.wording import Wording
from doudi.engine.trees import Tree

NAMES = {
    "town": "全镇",
    "east": "东片",
    "west": "西片",
    "e1": "东一村",
    "e2": "东二村",
    "e3": "东三村",
    "e4": "东四村",
    "shop": "沿街商户",
    "fume": "油烟",
    "hours=off": "非工作时间",
    "hours=work": "工作时间",
}


def village_space() -> Space:
    parents: dict[str, str | None] = {"town": None, "east": "town", "west": "town"}
    parents |= {f"e{n}": "east" for n in range(1, 6)} | {f"w{n}": "west" for n in range(1, 15)}
    return Space(
        [
            ChoiceAxis("kind", ["fume", "noise", "waste", "light", "water"]),
            ChoiceAxis("place", ["shop", "river"], unknown=True),
            TreeAxis("area", Tree(parents), unknown=True),
            ChoiceAxis("hours", ["work", "off"]),
            NumberAxis("面积", 0, 500, unknown=True),
            DayAxis("日期", date(2026, 1, 1), date(2027, 1, 1)),
        ]
    )


def said(when: Conditions, since: date | None = None, until: date | None = None) -> str:
    space = village_space()
    return str(Wording(space, NAMES).sentence(space.clip(space.box(when, since, until))))


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({}, "所有事项"),
        (
            {"kind": ("fume",), "hours": ("off",), "area": ("e1", "e2", "e3")},
            "油烟 × 东一村、东二村、东三村 × 非工作时间",
        ),
        ({"area": ("east", "west")}, "全镇"),
        ({"area": ("e1", "e2")}, "东一村、东二村"),
        ({"area": ("e1", "e2", "e3", "e4")}, "东片（除e5外）"),
        ({"area": ("town", "unknown")}, "所有事项"),
        ({"area": ("west", "unknown")}, "除东片外"),
        ({"area": ("e1", "unknown")}, "东一村、area不明"),
        ({"area": ("e1", "e3", *(f"w{n}" for n in range(1, 14, 2)))}, "东一村、东三村、w1、w3、w5、w7、w9、w11等9项"),
        ({"kind": ("fume", "noise", "waste", "light")}, "除water外"),
        ({"kind": ("noise", "fume")}, "油烟、noise"),
        ({"place": ("river", "unknown")}, "river、place不明"),
        ({"面积": Within(20, 50)}, "面积不少于 20、不足 50"),
        ({"面积": Within(high=50)}, "面积不足 50"),
        ({"面积": Within(20)}, "面积不少于 20"),
    ],
)
def test_a_box_is_said_in_as_few_words_as_will_do(when: Conditions, words: str) -> None:
    assert said(when) == words


def test_in_full_nothing_is_left_out() -> None:
    space, named = village_space(), ("e1", "e3", *(f"w{n}" for n in range(1, 14, 2)))
    box = space.clip(space.box({"area": named}, None, None))
    assert str(Wording(space, NAMES).in_full().sentence(box)) == "东一村、东三村、w1、w3、w5、w7、w9、w11、w13"


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (date(2026, 3, 1), None, "日期自 2026-03-01 起"),
        (None, date(2026, 3, 1), "日期在 2026-03-01 之前"),
        (date(2026, 3, 1), date(2026, 5, 1), "日期自 2026-03-01 起、2026-05-01 之前"),
        (date(2025, 1, 1), date(2028, 1, 1), "所有事项"),
    ],
)
def test_days_are_said_with_the_first_that_counts_and_the_first_that_does_not(
    since: date | None, until: date | None, words: str
) -> None:
    assert said({}, since, until) == words


def test_a_quantity_that_may_be_unknown_says_so() -> None:
    space = village_space()
    axis, wording = space.axes[4], Wording(space, NAMES)
    middle = axis.side(Within(20, 50))  # type: ignore[arg-type,union-attr]
    assert str(wording.side(axis, minus(axis.proper, middle))) == "面积不足 20、面积不少于 50，或不明"
    assert str(wording.side(axis, ((500, 501),))) == "面积不明"


def test_all_but_some_is_said_of_the_whole_when_the_place_itself_may_be_unknown() -> None:
    space = village_space()
    axis, wording = space.axes[2], Wording(space, NAMES)
    taken = axis.side(["e1"])  # type: ignore[arg-type,union-attr]
    assert str(wording.side(axis, minus(axis.proper, taken))) == "除东一村外"


def test_a_gap_tells_where_it_is_with_a_matter_inside() -> None:
    space = village_space()
    rest = tuple(code for code in ("noise", "waste", "light", "water"))
    rules = [
        Rule("D-1", "a", 1, {"kind": rest}),
        Rule("D-2", "b", 1, {"kind": ("fume",), "hours": ("work",)}),
        Rule("D-3", "b", 1, {"kind": ("fume",), "area": ("west", "unknown", "e4", "e5")}),
        Rule("D-4", "b", 1, {"kind": ("fume",), "place": ("river", "unknown")}),
    ]
    (gap,) = verify(Table(space, rules)).gaps
    assert str(gap.say(Wording(space, NAMES))) == "油烟 × 沿街商户 × 东一村、东二村、东三村 × 非工作时间"
    assert {name: gap.witness[name] for name in ("kind", "place", "area", "hours")} == {
        "kind": "fume",
        "place": "shop",
        "area": "e1",
        "hours": "off",
    }
    assert gap.points == 3 * 501 * 365
