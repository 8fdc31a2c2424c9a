"""What the systems above are to be told, taken along as a file by a person who says when it has arrived."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from uuid import UUID

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.journal.services import Fact, append, keep_text, text_payload, unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.queries import visible_reports
from doudi.web.orders.queries import said_no_more
from doudi.web.outbox import services as outbox
from doudi.web.outbox.models import Outgoing
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.upstream.answers import Answer, answers_for


class WritebackError(DoudiError):
    """Nothing that waits was chosen, or it was seen to by somebody else."""


@unit_of_work()
def take_along(actor: Actor, system: str, *, again: UUID | None = None) -> Sequence[Answer]:
    """The answers that wait for the system, or those of an earlier file once more; from now on they count as taken along."""
    actor.require(Power.IMPORT)
    answers = answers_for(actor, system, batch=again)
    if not answers:
        raise WritebackError("“{system}”没有等着回填的答复。", system=system)
    batch = outbox.hand_over([one.row.pk for one in answers])
    append(Fact.new("answers_taken_along", f"outbox/{batch}", {"system": system, "rows": len(answers)}, by=actor))
    return answers


@unit_of_work()
def confirm_file(actor: Actor, batch: UUID) -> int:
    """The file has been entered above. Returns how many answers are done with it."""
    return _settle(actor, batch, "answers_confirmed", outbox.confirm)


@unit_of_work()
def take_file_back(actor: Actor, batch: UUID, text: str) -> int:
    """The file could not be entered: its answers wait again, and the reason stays in the journal.

    An answer whose report was opened again meanwhile waits no more; its order is unanswered.
    """
    if not text.strip():
        raise WritebackError("请写明为什么没有回填成功。")
    return _settle(actor, batch, "answers_taken_back", _take_back, text)


def _take_back(ids: Collection[UUID]) -> int:
    again = Outgoing.objects.filter(said_no_more(), pk__in=ids)
    orders = Report.objects.filter(pk__in=again.values_list("report", flat=True)).order_by("pk")
    opened_again = list(orders)
    done = outbox.drop(list(again.values_list("pk", flat=True))) + outbox.take_back(ids)
    for report in opened_again:
        matters.order_unanswered(report)
    return done


def _settle(actor: Actor, batch: UUID, kind: str, act: Callable[[Collection[UUID]], int], text: str = "") -> int:
    actor.require(Power.IMPORT)
    seen = visible_reports(actor.only(Power.IMPORT)).values("pk")
    rows = Outgoing.objects.filter(batch=batch, state=Outgoing.State.HANDED, report__in=seen)
    ids: Collection[UUID] = list(rows.values_list("pk", flat=True))
    done = act(ids) if ids else 0
    if not done:
        raise WritebackError("这个文件已经处理过了。请刷新页面看最新情况。")
    append(Fact.new(kind, f"outbox/{batch}", {"rows": done, **text_payload(keep_text(text))}, by=actor))
    return done
