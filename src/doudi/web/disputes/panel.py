"""What the page of a matter shows of its disputes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doudi.web.disputes.models import Dispute
from doudi.web.disputes.precedents import Earlier, precedents_of
from doudi.web.disputes.queries import disputes_of
from doudi.web.matters.models import Application, Matter, MatterEvent
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
    waiting = Application.objects.filter(matter=matter, kind="transfer", state="open").values_list("pk", flat=True).first()
    at_work = matter.status in (Matter.Status.ACCEPTED, Matter.Status.TAKEN)
    return DisputesPanel(
        disputes=rows,
        evasions=MatterEvent.objects.filter(matter=matter, kind="evasion").count(),
        may_transfer=at_work and not argued and waiting is None and matter.holder_id in actor.posts,
        may_open=is_open and not argued and waiting is None and actor.may("open_dispute"),
        referable=str(waiting) if waiting and not argued and actor.may("open_dispute") else "",
        precedents=precedents_of(actor, matter) if is_open and (matter.unclear or argued) else (),
    )
