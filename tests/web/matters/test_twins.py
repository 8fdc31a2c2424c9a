"""Many matters are joined, urged or remarked at once, each for itself; of a merge both holders and all who answer are told."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError, UndoError
from doudi.web.matters.models import Matter, MatterEvent, Urge
from doudi.web.notices.models import Notice
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Report
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.town import NO_PHOTO, TUESDAY, actor

STALL = "event.street.stall"


def stall(town: SimpleNamespace, words: str = "有人占道摆摊", **more: Any) -> Matter:
    more.setdefault("unit_code", town.shop.code)
    (found,) = receive([Incoming("scan", words, **more)], auto_dispatch=False)
    return found.matters[0]


def with_the_east(town: SimpleNamespace) -> Matter:
    matter = stall(town)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    return matter


def with_the_market(town: SimpleNamespace) -> Matter:
    matter = stall(town, "东门又有人占道摆摊")
    post = town.posts["market.food"]
    matters.dispatch(actor(town.people.desk), matter, kind=STALL, holder=post, text="食品摊")
    return matter


def handled(town: SimpleNamespace) -> Matter:
    matter = with_the_east(town)
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")
    matters.handle(actor(town.people.east_officer), matter, "已劝离", lacking=NO_PHOTO)
    return matter


def merge_all(town: SimpleNamespace, rows: list[Matter], into: Matter) -> dict[Matter, DoudiError | None]:
    desk = actor(town.people.desk)
    return matters.in_turn(rows, lambda one: matters.merge(desk, one, into, "同一处"), beside=[into])


def whole() -> None:
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def told(kind: str) -> list[str]:
    return sorted(Notice.objects.filter(kind=kind).values_list("post", flat=True))


def test_both_holders_and_all_who_answer_are_told_of_a_merge(town: SimpleNamespace) -> None:
    into, twin = with_the_east(town), with_the_market(town)
    # An answer that a third post owes: what is asked first in its report is handled elsewhere.
    Report.objects.filter(pk__in=twin.demands.values("report")).update(answerer="greening.street")
    run_due()
    matters.merge(actor(town.people.desk), twin, into, "同一处")
    with clock.at(TUESDAY + timedelta(minutes=1)):
        run_due()
    assert told("joined") == ["chengguan.east"]
    assert told("merged") == ["greening.street", "market.food"]
    assert set(Notice.objects.filter(kind="merged").values_list("path", flat=True)) == {twin.get_absolute_url()}


def test_who_answers_what_lies_in_the_other_is_told_of_what_joins(town: SimpleNamespace) -> None:
    into, twin = with_the_east(town), stall(town)
    Report.objects.filter(pk__in=into.demands.values("report")).update(answerer="greening.street")
    matters.merge(actor(town.people.desk), twin, into, "同一处")
    with clock.at(TUESDAY + timedelta(minutes=1)):
        run_due()
    assert told("joined_beside") == ["greening.street"]


def test_many_join_one_with_one_append_and_each_is_taken_back_for_itself(town: SimpleNamespace) -> None:
    into, rows = with_the_east(town), [stall(town, f"第{n}次说有人占道摆摊") for n in range(3)]
    with CaptureQueriesContext(connection) as asked:
        outcomes = merge_all(town, rows, into)
    assert list(outcomes.values()) == [None] * 3
    assert sum('UPDATE "doudi_journal_head"' in one["sql"] for one in asked.captured_queries) == 1
    assert into.demands.count() == 4
    whole()
    desk = actor(town.people.desk)
    matters.undo(desk, rows[0])
    matters.undo(desk, rows[2])
    assert (into.demands.count(), Matter.objects.filter(status="merged").get()) == (2, rows[1])
    with clock.at(TUESDAY + timedelta(minutes=1)):
        run_due()
    assert told("joined") == ["chengguan.east"]
    whole()


def test_a_merge_stays_where_the_other_went_on_between_two_joins(town: SimpleNamespace) -> None:
    into, first, second = with_the_east(town), stall(town), stall(town)
    merge_all(town, [first], into)
    matters.take(actor(town.people.east_officer), Matter.objects.get(pk=into.pk))
    into.refresh_from_db()
    merge_all(town, [second], into)
    with pytest.raises(UndoError, match="并入的那一件"):
        matters.undo(actor(town.people.desk), first)
    matters.undo(actor(town.people.desk), second)
    whole()


def test_one_that_moved_on_stays_and_stops_no_other(town: SimpleNamespace) -> None:
    into, first, second, third = with_the_east(town), stall(town), stall(town), stall(town)
    matters.void(actor(town.people.desk), Matter.objects.get(pk=second.pk), "误报")
    outcomes = merge_all(town, [first, second, third], into)
    assert [isinstance(outcomes[one], DoudiError) for one in (first, second, third)] == [False, True, False]
    assert into.demands.count() == 3
    whole()


def test_later_words_join_handled_work_only_by_a_yes_that_the_checker_reads(town: SimpleNamespace) -> None:
    into = handled(town)
    with clock.at(TUESDAY + timedelta(hours=1)):
        later = stall(town)
        with pytest.raises(MatterStepError, match="后来才反映"):
            matters.merge(actor(town.people.desk), later, into, "同一处")
        matters.merge(actor(town.people.desk), later, into, "当时就在这个摊位旁", covered=True)
    joined = MatterEvent.objects.get(matter=into, kind="joined")
    assert joined.words is not None and joined.words.text == "当时就在这个摊位旁"
    whole()


def test_many_are_urged_and_remarked_each_by_the_power_over_its_place(town: SimpleNamespace) -> None:
    rows, desk = [with_the_east(town), stall(town)], actor(town.people.desk)
    outcomes = matters.in_turn(rows, lambda one: matters.urge(desk, one, Urge.Kind.REMIND, "今天办完"))
    assert all(isinstance(one, Urge) for one in outcomes.values()) and Urge.objects.count() == 2
    officer = actor(town.people.east_officer)
    refused = matters.in_turn(rows, lambda one: matters.urge(officer, one, Urge.Kind.REMIND, "快"))
    assert all(isinstance(one, NotAllowedError) for one in refused.values())
    assert Urge.objects.count() == 2
    whole()
