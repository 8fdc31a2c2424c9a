"""Look over what stands too long: the table of bounds, applied to every state that is not final."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from doudi.engine.words import Words, words
from doudi.web import clock
from doudi.web.backstop.models import MakeSafeOrder
from doudi.web.disputes.models import Dispute
from doudi.web.drafting.models import Replay
from doudi.web.duties.queries import duty_desk
from doudi.web.duties.services import BackstopError
from doudi.web.jobs.models import Job
from doudi.web.matters.models import Application, Matter, Task, Urge
from doudi.web.notices.services import send
from doudi.web.people.access import Access
from doudi.web.people.queries import posts_with
from doudi.web.reports.models import Report
from doudi.web.rulebook.models import Version
from doudi.web.timers.bounds import BOUNDS, STAMP, Bound, Told
from doudi.web.timers.telling import MOST_AT_ONCE, Row, unsaid
from doudi.web.timers.wording import KINDS
from doudi.web.units.models import Plaque
from doudi.web.upstream.models import ImportBatch


def standing_notices() -> int:
    """Tell whom the table names of all that stands longer than its bound; returns how many notices were sent."""
    return sum(send(_rows(bound)) for bound in BOUNDS)


def _rows(bound: Bound) -> Iterator[Row]:
    column = "state" if any(one.name == "state" for one in bound.table._meta.fields) else "status"
    waiting = bound.table._default_manager.filter(**{column: bound.state})
    late = unsaid(bound.standing(waiting, clock.now() - bound.within), said_as(bound), STAMP.get(bound.table, ""))
    for one in late.order_by("pk")[:MOST_AT_ONCE]:
        sentence = _sentence(bound, one)
        for place, post in enumerate(_posts(bound.told, one)):
            # Of several shift leaders each is told; the first notice bears the key that says it was told.
            key = one.said_as if not place else f"{one.said_as}:{place}"
            yield post, "standing", key, sentence, _path(one), bound.urgent


def said_as(bound: Bound) -> str:
    return f"{bound.table._meta.model_name}.{bound.state}.{bound.told}"


def _posts(told: Told, one: Any) -> Sequence[str]:
    match told:
        case Told.HOLDER:
            return [one.post_id if isinstance(one, Task) else one.holder_id]
        case Told.ANSWERER:
            return [one.answerer_id]
        case Told.SHIFT_LEADER if leaders := posts_with(Access.SHIFT_LEADER):
            return leaders
    try:
        return [duty_desk()]
    except BackstopError:
        return []


def _sentence(bound: Bound, one: Any) -> Words:
    """A matter or report is named by its number alone: whoever may see it opens it."""
    match one:
        case Matter() | Report():
            return words(bound.words, number=one.number)
        case Application() | Dispute() | MakeSafeOrder() | Task() | Urge():
            return words(bound.words, number=one.matter.number)
        case Job():
            return words(bound.words, kind=KINDS.get(one.kind, one.kind))
        case ImportBatch():
            return words(bound.words, file_name=one.file_name)
        case Plaque():
            return words(bound.words, batch=one.batch)
        case Version():
            return words(bound.words, title=one.title)
        case Replay():
            return words(bound.words, title=one.version.title)
    return words(bound.words)


def _path(one: Any) -> str:
    match one:
        case Matter():
            return f"/matters/{one.number}"
        case Dispute():
            return f"/disputes/{one.matter.number}/{one.seq}"
        case Application() | MakeSafeOrder() | Task() | Urge():
            return f"/matters/{one.matter.number}"
        case Report():
            return f"/reports/{one.number}"
        case Job():
            return "/system"
        case ImportBatch():
            return f"/import/{one.pk}"
        case Plaque():
            return f"/units/{one.unit_id}"
        case Version():
            return f"/rulebook/versions/{one.number}"
        case Replay():
            return f"/rulebook/versions/{one.version_id}/replay"
    return ""
