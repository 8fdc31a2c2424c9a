"""What was written down once can be neither changed nor removed, whoever asks the database for it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from doudi.web import clock
from doudi.web.journal.guards import lift_guards, missing_guards, set_guards
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Assignment, MatterEvent
from doudi.web.registry.declared import Guard
from doudi.web.registry.gathered import of
from doudi.web.reports.models import ReportEvent
from doudi.web.triage.services import Incoming, receive


@pytest.fixture
def matter(town: SimpleNamespace) -> None:
    receive([Incoming("scan", "门口有人摆摊占道", unit_code=town.shop.code)], auto_dispatch=True)


@pytest.mark.parametrize(
    "touch",
    [
        lambda: Leaf.objects.update(body="{}"),
        lambda: Leaf.objects.filter(seq=1)._raw_delete("default"),
        lambda: MatterEvent.objects.update(payload={}),
        lambda: MatterEvent.objects.all()._raw_delete("default"),
        lambda: ReportEvent.objects.update(kind="nothing"),
        lambda: Assignment.objects.filter(role="lead").update(post_id="market.food"),
        lambda: Assignment.objects.update(since=clock.now()),
        lambda: Assignment.objects.all()._raw_delete("default"),
    ],
)
def test_the_database_itself_refuses(matter: None, touch: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        touch()


def test_an_assignment_is_ended_once_and_then_stands(matter: None) -> None:
    lead = Assignment.objects.filter(role="lead")
    lead.update(taken_at=clock.now())
    lead.update(until=clock.now())
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        lead.update(until=None)


def test_guards_that_were_taken_away_are_missed_and_can_be_set_again(matter: None) -> None:
    assert missing_guards(connection, of(Guard).values()) == []
    lift_guards(connection, of(Guard).values())
    missed = missing_guards(connection, of(Guard).values())
    assert sorted(missed) == sorted(name for guard in of(Guard).values() for name in guard.names)
    set_guards(connection, of(Guard).values())
    set_guards(connection, of(Guard).values())
    assert missing_guards(connection, of(Guard).values()) == []
