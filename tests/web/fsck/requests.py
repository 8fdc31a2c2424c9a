"""What is asked about a matter (wishes, urges, tasks, orders to crews), broken by hand past all services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from doudi.web.backstop.models import Crew, MakeSafeOrder
from doudi.web.matters.models import Application, Matter, Task, Urge
from tests.web.town import TUESDAY

FAULTS_OF_REQUESTS: list[tuple[str, Callable[[SimpleNamespace], object], str]] = []


def breaks(code: str, about: str) -> Callable[[Callable[[SimpleNamespace], object]], None]:
    """As in ``test_faults``: how a fault is made, and which record it is about."""

    def registered(make: Callable[[SimpleNamespace], object]) -> None:
        FAULTS_OF_REQUESTS.append((code, make, about))

    return registered


def asked(matter: Matter, **columns: object) -> Application:
    given = {"kind": "transfer", "asked_of": "desk", "by_post_id": matter.holder_id, "applied_at": TUESDAY, **columns}
    return Application.objects.create(matter=matter, **given)


@breaks("application.unlike_events", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    asked(lived.open)


@breaks("application.after_end", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    asked(lived.closed)


@breaks("application.holder_moved", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    asked(lived.open, applied_at=TUESDAY - timedelta(hours=1), by_post_id="greening.street")


@breaks("urge.unlike_events", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    Urge.objects.create(matter=lived.open, kind="remind", source="desk", urged_at=TUESDAY)


@breaks("urge.after_end", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    Urge.objects.create(matter=lived.closed, kind="remind", source="desk", urged_at=TUESDAY)


@breaks("task.after_end", "matter/{closed.number}")
def _(lived: SimpleNamespace) -> None:
    Task.objects.create(matter=lived.closed, module="public_notice", post_id="uoc.duty")


@breaks("order.unlike_events", "matter/{open.number}")
def _(lived: SimpleNamespace) -> None:
    crew = Crew.objects.create(code="torch", office_id="uoc", name="托底队", since=TUESDAY.date())
    MakeSafeOrder.objects.create(
        matter=lived.open, crew=crew, work="fence", what="围挡", quantity=1, unit="米", price=1, ordered_at=TUESDAY
    )
