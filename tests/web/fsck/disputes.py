"""What must always be true of disputes, broken by hand past all services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, DisputeClock, DisputeEvent, InterimCarrier, Ruling, Statement
from doudi.web.matters.models import Decision, Matter, MatterEvent
from tests.web.town import TUESDAY, actor

FAULTS_OF_DISPUTES: list[tuple[str, Callable[[SimpleNamespace], object], str]] = []


def breaks(code: str, about: str) -> Callable[[Callable[[SimpleNamespace], object]], None]:
    """As in ``test_faults``: how a fault is made, and which record it is about."""

    def registered(make: Callable[[SimpleNamespace], object]) -> None:
        FAULTS_OF_DISPUTES.append((code, make, about))

    return registered


def argued(matter: Matter, **columns: object) -> Dispute:
    return Dispute.objects.create(
        matter=matter, seq=1, why="desk", opened_at=TUESDAY, convenor_id="uoc.duty", **columns
    )


def ruled(lived: SimpleNamespace) -> Ruling:
    desk = actor(lived.town.people.desk)
    dispute = disputes.open_dispute(desk, lived.open, "两家都不认")
    return disputes.rule(desk, dispute, disputes.NewRuling(lived.town.posts["greening.street"], "就近"))


@breaks("dispute.outlives_matter", "dispute/{merged.number}-1")
def _(lived: SimpleNamespace) -> None:
    argued(lived.merged)


@breaks("dispute.clock", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    argued(lived.open)


@breaks("dispute.ruling", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    argued(lived.open, state="ruled", ended_at=TUESDAY)


@breaks("dispute.due_moved", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    DisputeClock.objects.create(
        dispute=argued(lived.open),
        which="desk",
        amount=30,
        unit="minute",
        started_at=TUESDAY,
        due_at=TUESDAY + timedelta(days=3),
    )


@breaks("dispute.carrier_outlives", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    decision = Decision.objects.filter(matter=lived.open).latest("at", "id")
    InterimCarrier.objects.create(
        dispute=argued(lived.open), level="town", post_id="uoc.duty", at=TUESDAY, due_at=TUESDAY, decision=decision
    )


@breaks("ruling.untold", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    Ruling.objects.create(
        dispute=argued(lived.open, state="ruled"),
        level="desk",
        lead_id="uoc.duty",
        valid_since=TUESDAY.date(),
        at=TUESDAY,
    )


@breaks("ruling.not_followed", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    ruled(lived)
    Matter.objects.filter(pk=lived.open.pk).update(holder="market.food")


@breaks("ruling.without_rules", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    Ruling.objects.filter(pk=ruled(lived).pk).update(scope="spot")


@breaks("matter.evaded_nothing", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    MatterEvent.objects.create(matter=lived.open, seq=99, kind="evasion", at=TUESDAY)


@breaks("statement.link_open", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    said = {"invited_at": TUESDAY, "due_at": TUESDAY, "answered_at": TUESDAY, "stance": "agree"}
    Statement.objects.create(dispute=argued(lived.open), body="供电公司", nonce="x", **said)


@breaks("statement.unsaid", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    Statement.objects.create(
        dispute=argued(lived.open), post_id="uoc.duty", invited_at=TUESDAY, due_at=TUESDAY, stance="agree"
    )


@breaks("dispute.unlike_events", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    dispute = ruled(lived).dispute
    Dispute.objects.filter(pk=dispute.pk).update(level="town")


@breaks("dispute.event_missing", "dispute/{open.number}-1")
def _(lived: SimpleNamespace) -> None:
    dispute = ruled(lived).dispute
    DisputeEvent.objects.filter(dispute=dispute, kind="dispute_asked")._raw_delete("default")
