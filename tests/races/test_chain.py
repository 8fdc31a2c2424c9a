"""The head of the chain is locked last, so that whoever writes on keeps nobody else from being heard."""

from __future__ import annotations

from threading import Event
from types import SimpleNamespace

import pytest

from doudi.web.backstop import services as backstop
from doudi.web.fsck.queries import examine
from doudi.web.journal.models import Head
from doudi.web.journal.queries import leaves_after
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.matters.models import Matter, Task
from doudi.web.triage.services import Incoming, receive
from tests.model.mutants import Mutant
from tests.races.starting import before, impatient, kinds, together, without
from tests.web.town import actor

CHAINED_LAST = Mutant(
    "each part of a step is chained by itself",
    "doudi.web.journal.services",
    "unit_of_work",
    "            elif outer is None:\n                _chain(facts)",
    "            else:\n                _chain(facts)\n                facts.clear()",
)


def report_in_the_middle_of_a_step(town: SimpleNamespace) -> None:
    """One step of a search ends and the next begins; between the two a report comes in."""
    (received,) = receive([Incoming("scan", "窨井盖缺失", unit_code=town.manhole.code)], auto_dispatch=True)
    head = actor(town.people.grid_east)
    search = backstop.search_owner(head, received.matters[0])
    page, task = Matter.objects.get(), Task.objects.get(pk=search.pk)
    half_way, heard = Event(), Event()

    def at_the_point() -> None:
        half_way.set()
        assert heard.wait(10)

    def goes_on() -> None:
        with before('INSERT INTO "doudi_matters_task"', at_the_point):
            backstop.settle_task(head, page, task, "无人认领转公告", "问过各家单位")

    def reports() -> None:
        try:
            assert half_way.wait(10)
            with impatient():
                receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)])
        finally:
            heard.set()

    assert kinds(together([goes_on, reports])) == {"done": 2}
    assert Matter.objects.count() == 2
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


@pytest.mark.only("postgres", "on SQLite one writer at a time has all there is")
def test_a_report_is_heard_in_the_middle_of_a_long_step(crowd: SimpleNamespace) -> None:
    report_in_the_middle_of_a_step(crowd)


@pytest.mark.only("postgres", "on SQLite one writer at a time has all there is")
def test_without_its_guard_a_long_step_keeps_reports_waiting(crowd: SimpleNamespace) -> None:
    with without(CHAINED_LAST), pytest.raises(AssertionError):
        report_in_the_middle_of_a_step(crowd)


def test_whoever_reads_on_from_a_place_misses_nothing(crowd: SimpleNamespace) -> None:
    """Sixteen add to the chain at once; each then reads on, and finds no gap behind which something comes to light later."""
    start = Head.objects.get().size

    def adds_and_reads() -> list[int]:
        with unit_of_work():
            append(Fact.new("told", "directory", {}))
        return [leaf.seq for leaf in leaves_after(start)]

    outcomes = together([adds_and_reads] * 16)
    assert kinds(outcomes) == {"done": 16}
    for seen in outcomes:
        assert seen == list(range(start + 1, start + 1 + len(seen)))
    assert len(leaves_after(start)) == 16
    assert [leaf.seq for leaf in leaves_after(start, most=2)] == [start + 1, start + 2]
