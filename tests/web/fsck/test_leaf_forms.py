"""Leaves say their form, who acted and when somebody else says it was; those of the first form stay valid."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from doudi.engine.journal import ActorKind
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.journal.guards import lift_guards
from doudi.web.journal.models import Leaf
from doudi.web.journal.services import Fact
from doudi.web.matters import services as matters
from doudi.web.matters.models import MatterEvent
from doudi.web.people.actor import SYSTEM
from doudi.web.registry.declared import Guard
from doudi.web.registry.gathered import of
from doudi.web.reports.models import ReportClock, ReportEvent
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY, actor


def faults() -> set[str]:
    lift_guards(connection, of(Guard).values())
    with clock.at(TUESDAY + timedelta(hours=1)):
        return {one.code for one in examine()} - {"database.unguarded"}


def leaf_of(event: ReportEvent | MatterEvent) -> dict[str, object]:
    return dict(json.loads(Leaf.objects.get(event=event.pk).body))


def test_the_public_acts_as_a_party_a_colleague_as_staff_and_a_timer_as_the_system(
    town: SimpleNamespace, client: Client
) -> None:
    client.post(f"/Q/{town.shop.code}", {"words": "有人占道摆摊"})
    received, accepted = ReportEvent.objects.get(), MatterEvent.objects.get()
    matters.dispatch(actor(town.people.desk), accepted.matter, kind="event.street.noise")
    matters.void(SYSTEM, accepted.matter, "误报")
    told = [received, *MatterEvent.objects.order_by("seq")]
    kinds = [ActorKind.PARTY, ActorKind.PARTY, ActorKind.STAFF, ActorKind.SYSTEM]
    assert [(one.actor, leaf_of(one)["actor"], leaf_of(one)["v"]) for one in told] == [(one, one, 2) for one in kinds]
    assert faults() == set()


def test_a_claimed_moment_is_told_with_its_source_and_moves_no_clock(town: SimpleNamespace) -> None:
    said = TUESDAY - timedelta(days=3)
    plain = {"channel": "hotline", "words": "有人占道摆摊", "unit_code": town.shop.code, "system": "区热线"}
    receive([Incoming(**plain, external_id="1", received_at=said), Incoming(**plain, external_id="2")])  # type: ignore[arg-type]
    claimed, silent = ReportEvent.objects.order_by("report__external_id")
    assert (claimed.at, claimed.happened_at, claimed.happened_source) == (TUESDAY, said, "upstream")
    assert leaf_of(claimed)["happened"] == {"at": "2026-11-21T02:00:00.000000+00:00", "source": "upstream"}
    assert silent.happened_at is None and "happened" not in leaf_of(silent)
    dues = ReportClock.objects.values_list("which", "started_at", "due_at").order_by("which")
    assert list(dues.filter(report=claimed.report)) == list(dues.filter(report=silent.report))
    assert faults() == set()


@pytest.mark.parametrize("column", ["actor", "happened_source"])
def test_another_actor_or_source_than_the_leaf_tells_is_a_fault(town: SimpleNamespace, column: str) -> None:
    receive([Incoming("hotline", "垃圾", system="区热线", external_id="1", received_at=TUESDAY - timedelta(days=1))])
    assert faults() == set()
    ReportEvent.objects.update(**{column: "caller"[:6]})
    assert faults() == {"event.unlike_leaf"}


def test_leaves_of_the_first_form_stay_valid_and_tell_of_no_actor(
    town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = Fact.body
    later = ("v", "actor", "happened")
    with monkeypatch.context() as before:
        before.setattr(Fact, "body", lambda fact: {k: v for k, v in body(fact).items() if k not in later})
        receive([Incoming("scan", "垃圾")])
    lift_guards(connection, of(Guard).values())
    for table in (ReportEvent, MatterEvent):
        table.objects.update(actor=None)
    assert not {"v", "actor"} & set(json.loads(Leaf.objects.order_by("-seq")[0].body))
    assert faults() == set()
    ReportEvent.objects.update(actor="staff")
    assert faults() == {"event.unlike_leaf"}
