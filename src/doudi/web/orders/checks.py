"""What is always true of orders from above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.engine.upstream.systems import quarter_of
from doudi.web import clock
from doudi.web.orders.models import SystemAbove
from doudi.web.orders.queries import as_value, unsigned
from doudi.web.outbox.models import Outgoing
from doudi.web.registry.proof import Fault, Walk, fault
from doudi.web.reports.models import ReportEvent


def unsigned_left(walk: Walk) -> Iterator[Fault]:
    """An answer that must be signed and left without; what left before the town asked for signatures is no fault."""
    rule = {row.name: row.described_at for row in SystemAbove.objects.exclude(signer=None)}
    gone = Outgoing.objects.filter(unsigned(), state__in=(Outgoing.State.HANDED, Outgoing.State.CONFIRMED))
    for row in gone.order_by("made_at", "id").iterator():
        if row.handed_at is not None and row.handed_at >= rule[row.system]:
            about = f"report/{row.system}/{row.external_id}"
            yield fault("orders.unsigned_left", about, "答复没有签发就送出了。")


def quotas(walk: Walk) -> Iterator[Fault]:
    """No more applications of a sort in a quarter than the system takes, since the town wrote its quota down."""
    for row in SystemAbove.objects.order_by("name"):
        limits = {verb.name.removeprefix("apply_"): verb.quota for verb in as_value(row).verbs.values()}
        asked = ReportEvent.objects.filter(
            kind=ReportEventKind.ORDER_APPLIED, report__system=row.name, at__gte=row.described_at
        )
        counted = Counter(
            (payload["application"], quarter_of(clock.day_of(at))[0])
            for at, payload in asked.values_list("at", "payload")
        )
        for (kind, since), n in sorted(counted.items()):
            if (most := limits.get(kind)) is not None and n > most:
                yield fault(
                    "orders.quota",
                    f"system/{row.name}",
                    "{since} 起的一季申请了 {n} 次，额度是 {most} 次。",
                    since=since,
                    n=n,
                    most=most,
                )
