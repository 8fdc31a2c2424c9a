"""What the page of a matter shows of its disputes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.web.disputes.models import Dispute
from doudi.web.disputes.precedents import Earlier, precedents_of
from doudi.web.disputes.queries import disputes_of
from doudi.web.matters.models import Application, Matter, MatterEvent
from doudi.web.matters.reach import may_on
from doudi.web.people.actor import Actor


@dataclass(frozen=True, slots=True)
class DisputesPanel:
    """``referable``: the id of a transfer that waits for the desk and that this reader may refer; empty when there is none."""

    disputes: Sequence[Dispute]
    evasions: int
    may_transfer: bool
    may_open: bool
    referable: str
    precedents: Sequence[Earlier]

    @property
    def anything(self) -> bool:
        return bool(self.disputes or self.may_transfer or self.may_open or self.referable or self.precedents)


def panel_of(actor: Actor, matter: Matter) -> DisputesPanel:
    rows = list(disputes_of(matter))
    is_open = matter.status in Matter.OPEN
    argued = any(one.state == Dispute.State.OPEN for one in rows)
    waiting = (
        Application.objects.filter(matter=matter, kind=Application.Kind.TRANSFER, state=Application.State.OPEN)
        .values_list("pk", flat=True)
        .first()
    )
    at_work = matter.status in (Matter.Status.ACCEPTED, Matter.Status.TAKEN)
    may_open = is_open and not argued and may_on(actor, Power.OPEN_DISPUTE, matter)
    return DisputesPanel(
        disputes=rows,
        evasions=MatterEvent.objects.filter(matter=matter, kind=MatterEventKind.EVASION).count(),
        may_transfer=at_work and not argued and waiting is None and matter.holder_id in actor.posts,
        may_open=may_open and waiting is None,
        referable=str(waiting) if waiting and may_open else "",
        precedents=precedents_of(actor, matter) if is_open and (matter.unclear or argued) else (),
    )
