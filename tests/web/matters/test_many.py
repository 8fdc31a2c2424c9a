"""Many matters are sent at once: one transaction, one append to the journal, and whoever is refused stays behind alone."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import Decision, Matter, MatterEvent
from doudi.web.people.errors import NotAllowedError
from doudi.web.records.errors import StaleError
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY, actor

KIND = "event.street.rubbish"


def heaps(town: SimpleNamespace, count: int) -> list[Matter]:
    receive(
        [Incoming("scan", f"第 {n} 堆垃圾没人清", unit_code=town.shop.code) for n in range(count)], auto_dispatch=False
    )
    return list(Matter.objects.order_by("number"))


def test_all_are_sent_with_one_append_to_the_journal(town: SimpleNamespace) -> None:
    rows = heaps(town, 5)
    with CaptureQueriesContext(connection) as asked:
        outcomes = matters.dispatch_many(actor(town.people.desk), [(one, KIND) for one in rows])
    assert not any(isinstance(one, DoudiError) for one in outcomes.values())
    assert set(Matter.objects.values_list("holder", flat=True)) == {"greening.street"}
    heads = [one for one in asked.captured_queries if 'UPDATE "doudi_journal_head"' in one["sql"]]
    assert len(heads) == 1
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_one_that_has_moved_on_stays_as_it_is_and_stops_no_other(town: SimpleNamespace) -> None:
    first, second, third = heaps(town, 3)
    desk = actor(town.people.desk)
    matters.void(desk, Matter.objects.get(pk=second.pk), "误报")
    outcomes = matters.dispatch_many(desk, [(one, KIND) for one in (first, second, third)])
    assert isinstance(outcomes[second], StaleError)
    assert list(MatterEvent.objects.filter(matter=second).values_list("kind", flat=True)) == ["accepted", "voided"]
    assert Matter.objects.filter(holder="greening.street", status="accepted").count() == 2
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_what_was_half_done_for_a_refused_one_is_undone(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = heaps(town, 2)
    transition = matters.dispatching.transitions.transition

    def refuses(by: object, matter: Matter, *args: object, **kwargs: object) -> object:
        if matter.pk == second.pk:
            raise DoudiError("半路不行了")
        return transition(by, matter, *args, **kwargs)

    monkeypatch.setattr(matters.dispatching.transitions, "transition", refuses)
    before = Decision.objects.count()
    outcomes = matters.dispatch_many(actor(town.people.desk), [(first, KIND), (second, KIND)])
    assert [isinstance(outcomes[one], DoudiError) for one in (first, second)] == [False, True]
    assert Decision.objects.count() == before + 1
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_whoever_may_not_dispatch_sends_none(town: SimpleNamespace) -> None:
    (one,) = heaps(town, 1)
    outcomes = matters.dispatch_many(actor(town.people.east_officer), [(one, KIND)])
    assert isinstance(outcomes[one], NotAllowedError)


def test_who_was_proposed_at_night_is_who_is_confirmed_in_the_morning(town: SimpleNamespace) -> None:
    with clock.at(TUESDAY + timedelta(hours=14)):
        (received,) = receive([Incoming("scan", "油烟呛人", unit_code=town.shop.code)], auto_dispatch=False)
    (matter,) = received.matters
    assert (matter.unclear, matter.decisions.get().inputs["hours"]) == ("confirm", "off")
    with clock.at(TUESDAY + timedelta(hours=24)):
        answer = matters.dispatch(actor(town.people.desk), matter, kind=matter.kind)
    assert (answer.status, matter.holder_id, matter.unclear) == ("rule", "chengguan.east", "")
