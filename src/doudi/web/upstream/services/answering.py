"""What the systems above are to be told, taken along as a file by a person who says when it has arrived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from doudi.engine.errors import DoudiError
from doudi.web.journal.services import Fact, keep_words, record, words_payload
from doudi.web.outbox import services as outbox
from doudi.web.outbox.models import Outgoing
from doudi.web.people.actor import Actor
from doudi.web.upstream.answers import Answer, answers_for


class WritebackError(DoudiError):
    """Nothing that waits was chosen, or it was seen to by somebody else."""


@transaction.atomic
def take_along(actor: Actor, system: str, *, again: UUID | None = None) -> Sequence[Answer]:
    """The answers that wait for the system, or those of an earlier file once more; from now on they count as taken along."""
    actor.require("import")
    answers = answers_for(actor, system, batch=again)
    if not answers:
        raise WritebackError("“{system}”没有等着回填的答复。", system=system)
    batch = outbox.hand_over([one.row.pk for one in answers])
    record([Fact.new("answers_taken_along", f"outbox/{batch}", {"system": system, "rows": len(answers)}, by=actor)])
    return answers


@transaction.atomic
def confirm_file(actor: Actor, batch: UUID) -> int:
    """The file has been entered above. Returns how many answers are done with it."""
    return _settle(actor, batch, "answers_confirmed", outbox.confirm)


@transaction.atomic
def take_file_back(actor: Actor, batch: UUID, words: str) -> int:
    """The file could not be entered: its answers wait again, and the reason stays in the journal."""
    if not words.strip():
        raise WritebackError("请写明为什么没有回填成功。")
    return _settle(actor, batch, "answers_taken_back", outbox.take_back, words)


def _settle(actor: Actor, batch: UUID, kind: str, act: object, words: str = "") -> int:
    actor.require("import")
    rows = Outgoing.objects.filter(batch=batch, state=Outgoing.State.HANDED)
    ids: Collection[UUID] = list(rows.values_list("pk", flat=True))
    done = int(act(ids)) if ids else 0  # type: ignore[operator]
    if not done:
        raise WritebackError("这个文件已经处理过了。请刷新页面看最新情况。")
    record([Fact.new(kind, f"outbox/{batch}", {"rows": done, **words_payload(keep_words(words))}, by=actor)])
    return done
