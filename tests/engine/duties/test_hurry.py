"""A rule contradicts itself where a helper that is waited for has longer than the holder who waits."""

from __future__ import annotations

from datetime import date

import pytest

from doudi.engine.duties.bonds import Support
from doudi.engine.duties.hurry import hurried
from doudi.engine.duties.rules import Rule
from doudi.engine.kinds.catalogue import Catalogue, Lane
from doudi.engine.workdays import Term
from tests.engine.duties.towns import rule
from tests.engine.kinds.samples import fields
from tests.engine.workdays.notices import CALENDAR

MONDAY = date(2026, 11, 23)
MARGINS = {lane: Term.parse("2 工作时") for lane in Lane}


def catalogue(*limits: tuple[int, str]) -> Catalogue:
    stages = [{"stage": f"第{n}步", "amount": amount, "unit": unit} for n, (amount, unit) in enumerate(limits)]
    filing = [{"condition": "有", "limits": stages, "closes_when": "没有了"}]
    return Catalogue.from_document(
        [{"code": "street", "name": "街面"}, fields("street.one", "占道", "street", "占道", filing=filing)]
    )


def helped(bond: str, **more: object) -> Rule:
    return rule("D-1", "street", ["street"], supports=(Support("committee", bond),), **more)  # type: ignore[arg-type]


def found(one: Rule, kinds: Catalogue, given: str) -> list[str]:
    return [
        line.rule
        for line in hurried([one], kinds, {lane: Term.parse(given) for lane in Lane}, MARGINS, CALENDAR, MONDAY)
    ]


@pytest.mark.parametrize(
    ("limits", "given", "contradicts"),
    [
        ([(5, "working_day")], "2 工作日", False),
        ([(2, "working_day")], "2 工作日", True),  # due at the same hour: no margin is left
        ([(4, "working_hour")], "2 工作日", True),
        ([(4, "working_hour")], "1 工作时", False),
        ([(2, "working_hour")], "1 工作时", True),  # the margin alone takes all of it
        ([(2, "emergency_hour"), (5, "working_day")], "1 工作日", False),  # what counts is when all is done
        ([(36, "emergency_hour")], "1 工作日", True),  # over a weekend working days are longer
    ],
)
def test_when_terms_contradict(limits: list[tuple[int, str]], given: str, contradicts: bool) -> None:
    for bond in ("", "before_handled", "before_closed"):
        assert bool(found(helped(bond), catalogue(*limits), given)) == contradicts


def test_who_is_only_told_contradicts_nothing_nor_does_what_holds_no_more() -> None:
    short = catalogue((2, "working_hour"))
    assert found(helped("informs"), short, "2 工作日") == []
    assert found(helped("before_handled", until=MONDAY), short, "2 工作日") == []
    assert found(helped("before_handled"), short, "2 工作日") == ["D-1"]


def test_the_sentence_names_kinds_and_both_terms() -> None:
    (one,) = hurried(
        [helped("")], catalogue((4, "working_hour")), {Lane.NORMAL: Term.parse("2 工作日")}, MARGINS, CALENDAR, MONDAY
    )
    assert one.kinds == ("street.one",)
    assert str(one.reason) == (
        "规则 D-1：占道要在 4 工作时 内办完，要等的协办却有 2 工作日，赶不到承办前面。请改为知会，或调整时限。"
    )
