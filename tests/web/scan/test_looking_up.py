"""Number and telephone open how far it is and what was answered; all that is wrong is told alike and costs alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from doudi.engine.numbers import number, printed_number
from doudi.web.limits.buckets import Buckets
from doudi.web.matters import services as matters
from doudi.web.reports.models import Contact, Report
from doudi.web.scan import looking_up
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import Visitor, content
from tests.web.desk.test_answering import done_with_photos
from tests.web.town import TUESDAY, actor

PHONE = "13900001234"
WORDS = "有人占道摆摊"


def filed(town: SimpleNamespace, **more: Any) -> Report:
    (received,) = receive([Incoming(channel="scan", words=WORDS, unit_code=town.shop.code, **{"phone": PHONE, **more})])
    return received.report


def ask(typed: str, phone: str = PHONE, **more: Any) -> Any:
    return Client(**more).post("/follow", {"number": typed, "phone": phone})


@pytest.mark.parametrize("phone", [PHONE, "139 0000 1234", "+86 139-0000-1234", "１３９００００１２３４"])
def test_whoever_knows_both_sees_how_far_it_is(town: SimpleNamespace, phone: str) -> None:
    one = filed(town)
    for typed in (one.number, printed_number(one.number)):
        page = content(ask(typed, phone))
        assert printed_number(one.number) in page and "最晚答复" in page and "收到您反映的问题" in page


def test_the_answer_stands_there_and_nothing_that_was_said_and_nothing_that_acts(town: SimpleNamespace) -> None:
    matter, one = done_with_photos(town, phone=PHONE, name="章女士")
    matters.add_to_report(Report.objects.get(), "我家在北门三楼")
    shown = [row.upload for row in matter.evidence.order_by("pk")][:1]
    matters.answer_report(actor(town.people.east_officer), Report.objects.get(), "11月24日已到场劝离。", shown=shown)
    page = content(ask(one.number))
    assert "11月24日已到场劝离。" in page and "您补充了内容" in page and "综合行政执法队" in page
    for hidden in (WORDS, "北门三楼", PHONE, "章女士", town.shop.name, "/r/", "/photo/", one.token, "占道摆摊"):
        assert hidden not in page, hidden
    assert re.findall(r'<form[^>]*action="([^"]*)"', page) in ([], ["/reading"])


def test_what_was_typed_is_kept_nowhere(town: SimpleNamespace) -> None:
    one = filed(town)
    answer = ask(one.number)
    assert "no-store" in answer["Cache-Control"] and "Location" not in answer


def vain(town: SimpleNamespace) -> Iterator[tuple[str, str, str]]:
    """Each way in which nothing is found: what it is, the number, the telephone."""
    yield "another telephone", filed(town).number, "13900009999"
    yield "no telephone typed that is one", filed(town).number, "qqq"
    yield "a number that is not there", number(TUESDAY.date(), 1234567), PHONE
    yield "no number", "zzz", PHONE
    yield "asked for secrecy", filed(town, secret=True).number, PHONE
    restricted = filed(town)
    Report.objects.filter(pk=restricted.pk).update(secrecy="restricted")
    yield "only a small circle may know", restricted.number, PHONE
    yield "none was left", filed(town, phone="").number, PHONE
    nameless = filed(town)
    Contact.objects.filter(pk=nameless.pk).delete()
    yield "nothing was left", nameless.number, PHONE


def test_all_that_is_wrong_is_told_alike_and_costs_alike(
    town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    unseal = looking_up.unseal
    monkeypatch.setattr(looking_up, "unseal", lambda *told: opened.append("x") or unseal(*told))
    cases = list(vain(town))
    ask("abc")  # what is made once is made
    found: dict[str, Any] = {}
    for what, typed, phone in cases:
        looking_up.forget()
        opened.clear()
        with CaptureQueriesContext(
            connection,
        ) as told:
            answer = ask(typed, phone)
        statements = tuple(re.sub(r"'[^']*'", "?", one["sql"]) for one in told)
        page = content(answer).replace(typed, "N").replace(phone, "P")
        found[what] = answer.status_code, page, statements, len(opened)
    assert len(set(found.values())) == 1, {what: (one[0], len(one[1]), one[2:]) for what, one in found.items()}
    status, page, statements, seals = next(iter(found.values()))
    # One asks for the report, one for the town whose page it is.
    assert (status, len(statements), seals) == (200, 2, 1) and "没有查到" in page


def test_three_tries_and_then_one_waits(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    one = filed(town)
    for _try in range(looking_up.TRIES):
        assert "没有查到" in content(ask(one.number, "13900009999"))
    with CaptureQueriesContext(connection) as told:
        held = ask(one.number)
    assert held.status_code == 429 and "请过 5 分钟再查" in content(held)
    assert not any("doudi_reports" in one["sql"] for one in told)
    # Somebody else, from elsewhere, is not kept from their own.
    assert printed_number(one.number) in content(ask(one.number, REMOTE_ADDR="203.0.113.9"))
    looking_up.forget()
    assert printed_number(one.number) in content(ask(one.number))


def test_who_is_right_spends_nothing(town: SimpleNamespace) -> None:
    one = filed(town)
    for _again in range(looking_up.TRIES + 2):
        assert ask(one.number).status_code == 200


def test_many_addresses_do_not_help_with_one_number(town: SimpleNamespace) -> None:
    one = filed(town)
    answers = [ask(one.number, "13900009999", REMOTE_ADDR=f"203.0.113.{last}").status_code for last in range(20)]
    assert answers == [200] * 12 + [429] * 8
    other = filed(town)
    assert ask(other.number, REMOTE_ADDR="203.0.113.30").status_code == 200


def test_a_network_of_one_subscriber_counts_as_one(town: SimpleNamespace) -> None:
    one = filed(town)
    codes = [ask(one.number, "1", REMOTE_ADDR=f"2001:db8::{last}").status_code for last in range(1, 6)]
    assert codes == [200, 200, 200, 429, 429]


def test_a_try_comes_back_with_time(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [0.0]
    monkeypatch.setattr("doudi.web.limits.buckets.monotonic", lambda: moment[0])
    tries = Buckets(looking_up.TRIES, looking_up.WAIT)
    assert [tries.take("x") for _ in range(4)] == [True, True, True, False]
    moment[0] = looking_up.WAIT
    assert [tries.take("x") for _ in range(2)] == [True, False]


def test_what_is_missing_is_asked_for_and_the_front_page_leads_there(town: SimpleNamespace) -> None:
    empty = ask("", "")
    assert empty.status_code == 400 and "没有查到" not in content(empty)
    nobody = Visitor(None)
    assert 'href="/follow"' in nobody.read("/") and "查办理情况" in nobody.read("/follow")


def test_an_erased_or_blocked_report_is_not_found(town: SimpleNamespace) -> None:
    one = filed(town)
    Contact.objects.filter(pk=one.pk).update(name="", phone="")
    assert "没有查到" in content(ask(one.number))


def test_other_keys_end_in_the_same_words(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    looking_up._nobodys.cache_clear()
    monkeypatch.setattr(looking_up, "_nobodys", _altered())
    assert "没有查到" in content(ask("abc"))


def _altered() -> Any:
    stands = lambda: "v1:00:AAAA"  # noqa: E731
    stands.cache_clear = lambda: None  # type: ignore[attr-defined]
    return stands
