"""What hangs together is chained together: the head of the chain is locked once in a transaction, and last."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.web.backstop import services as backstop
from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Ruling
from doudi.web.fsck.queries import examine
from doudi.web.matters.models import Matter
from doudi.web.triage.services import Incoming, receive
from tests.web.backstop.conftest import price
from tests.web.disputes.arguing import fume, opened, ruling, to_town
from tests.web.town import actor

HEAD = 'FROM "doudi_journal_head"'


def chained_last(act: Callable[[], object]) -> None:
    """``act`` locks the head once, and touches nothing but the journal from there on."""
    with CaptureQueriesContext(connection) as asked:
        act()
    said = [one["sql"] for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]
    heads = [place for place, sql in enumerate(said) if HEAD in sql]
    assert len(heads) == 1
    after = said[heads[0] + 1 :]
    assert after
    assert all("doudi_journal_" in sql for sql in after), after
    assert sum(sql.count('INSERT INTO "doudi_journal_leaf"') for sql in after) == 1
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_a_crew_that_is_sent_and_may_see_the_matter(hands: SimpleNamespace, matter: Matter) -> None:
    chained_last(lambda: backstop.send_crew(hands.grid_east, matter, price("围挡"), Decimal(3)))


def test_a_crew_that_has_made_it_safe_and_goes(hands: SimpleNamespace, matter: Matter) -> None:
    order = backstop.send_crew(hands.grid_east, matter, price("围挡"), Decimal(3))
    chained_last(lambda: backstop.finish(hands.lead, matter, order, "已围挡"))


def test_a_crew_that_is_called_off(hands: SimpleNamespace, matter: Matter) -> None:
    order = backstop.send_crew(hands.grid_east, matter, price("围挡"), Decimal(3))
    chained_last(lambda: backstop.call_off(hands.desk, matter, order, "不用去了"))


def test_a_step_of_the_search_for_an_owner_and_the_next(hands: SimpleNamespace, matter: Matter) -> None:
    search = backstop.search_owner(hands.grid_east, matter)
    chained_last(lambda: backstop.settle_task(hands.grid_east, matter, search, "无人认领转公告", "没人认"))


def test_a_place_that_gets_its_code(hands: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", "桥下堆了垃圾", area_code=hands.town.shop.area_id)])
    chained_last(lambda: backstop.make_unit(hands.desk, received.matters[0], "桥下空地", "spot"))


def test_a_ruling_that_drafts_its_rule(town: SimpleNamespace) -> None:
    town.matter = fume(town)
    dispute = to_town(town, opened(town, "market.food"))
    new = ruling(town, "market.food", scope=Ruling.Scope.KIND_IN_AREA)
    chained_last(lambda: disputes.rule(actor(town.people.leader), dispute, new))
