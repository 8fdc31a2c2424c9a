"""Whatever comes in about a report is listened to: by its leaves in the journal, in their order, whoever wrote them.

So no entrance can be forgotten: a form, a sheet, a call, later words, a rating, a note of a colleague. It runs within
seconds behind what it listens to, and danger itself was heard before that, in the transaction of the words.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from time import perf_counter
from uuid import UUID

from django.db import DatabaseError
from django.db.models import Max

from doudi.engine.mandatory.hearing import AT_ONCE, ground_of
from doudi.engine.mandatory.vocabulary import Body, Ground, MandatoryEventKind, MandatoryNotice, MandatoryState
from doudi.engine.matters.vocabulary import MatterEventKind, ReportEventKind
from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.duties.queries import duty_desk
from doudi.web.duties.services import BackstopError
from doudi.web.journal.models import Head, Leaf
from doudi.web.journal.services import unit_of_work
from doudi.web.mandatory.models import Listened, MandatoryReport, MandatoryReportEvent
from doudi.web.matters.models import Demand, Matter, MatterEvent
from doudi.web.notices.services import send
from doudi.web.people.access import Access
from doudi.web.people.actor import SYSTEM
from doudi.web.people.queries import posts_with
from doudi.web.records.services import add, snapshot
from doudi.web.reports.models import Report, ReportEvent

logger = logging.getLogger("doudi.mandatory")

LEAVES = 400
#: for so long the other work of the timers may wait
_SECONDS = 5.0
#: a town that begins to listen, or does so after a long time, does not answer for what is long past
_NOT_OLDER = timedelta(days=2)
_LEAF = re.compile(r'"about":"(matter|report)/\d{14}"')
#: what the town itself says; whatever else bears words is somebody's news, of whatever kind it is
_OURS = {
    str(one)
    for one in (
        ReportEventKind.REPLIED,
        ReportEventKind.TOLD,
        ReportEventKind.DOUBTED,
        MatterEventKind.RETOLD,
        MatterEventKind.MERGED,
        MatterEventKind.PARTED,
    )
}


def listen() -> int:
    """For the timers: listen to what came since, for some seconds at most; returns how many duties were opened."""
    begun, opened = perf_counter(), 0
    while perf_counter() - begun < _SECONDS:
        here = Listened.objects.filter(id=1).first() or _begin()
        leaves = list(Leaf.objects.filter(seq__gt=here.seq).order_by("seq").values_list("seq", "body")[:LEAVES])
        if not leaves:
            break
        with unit_of_work():
            # Of two who listen at once one goes on; the other leaves what it read.
            if not Listened.objects.filter(id=1, seq=here.seq).update(seq=leaves[-1][0]):
                break
            opened += _hear(leaves)
    return opened


def _begin() -> Listened:
    """Where a town begins to listen: at what is not long past yet, found by halves, since moments rise with the journal."""
    since, low = clock.now() - _NOT_OLDER, 0
    high = Head.objects.aggregate(size=Max("size"))["size"] or 0
    while low < high:
        middle = (low + high) // 2
        body = Leaf.objects.filter(seq__gt=middle).order_by("seq").values_list("body", flat=True).first()
        if body is not None and datetime.fromisoformat(json.loads(body)["at"]) < since:
            low = middle + 1
        else:
            high = middle
    with unit_of_work():
        return Listened.objects.get_or_create(id=1, defaults={"seq": low})[0]


def _hear(leaves: Sequence[tuple[int, str]]) -> int:
    told = [json.loads(body) for _seq, body in leaves if _LEAF.search(body)]
    since = clock.now() - _NOT_OLDER
    news = [one for one in told if one["kind"] not in _OURS and datetime.fromisoformat(one["at"]) >= since]
    ids = {
        about: [UUID(one["event"]) for one in news if one["about"].startswith(f"{about}/")]
        for about in ("report", "matter")
    }
    opened = 0
    reports = ReportEvent.objects.filter(pk__in=ids["report"]).select_related("report", "words").order_by("id")
    for said in reports:
        whole = [said.report.title, said.report.words] if said.kind == ReportEventKind.RECEIVED else []
        opened += _opened(said.report, "\n".join([*whole, said.words.text if said.words else ""]), said.at)
    notes = MatterEvent.objects.filter(pk__in=ids["matter"], words__isnull=False).select_related("words").order_by("id")
    for note in notes:
        first = Demand.objects.filter(matter=note.matter_id).order_by("position", "pk").select_related("report").first()
        if first is not None and note.words is not None:
            opened += _opened(first.report, note.words.text, note.at)
    return opened


def _opened(report: Report, text: str, said_at: datetime) -> int:
    """One thing said that cannot be dealt with keeps nobody from listening to the next; the store's own trouble does."""
    try:
        return len(listen_to(report, text, said_at))
    except DatabaseError:
        raise
    except Exception:
        logger.exception("what was said of report %s could not be listened to", report.number)
        return 0


@unit_of_work()
def listen_to(report: Report, text: str, said_at: datetime | None = None) -> list[MandatoryReport]:
    """Open what these words make a duty; what stands already, told or not, is not opened again.

    It is due by when it was said, whenever that is listened to.
    """
    ground = ground_of(text)
    if ground is None:
        return []
    standing = set(
        MandatoryReport.objects.filter(report=report)
        .exclude(state=MandatoryState.LIFTED)
        .values_list("body", flat=True)
    )
    due_at = (said_at or clock.now()) + AT_ONCE
    made = [_open(report, ground, body, due_at) for body in Body if body not in standing]
    if made:
        _tell_desk(report, made[0])
    return made


def _open(report: Report, ground: Ground, body: Body, due_at: datetime) -> MandatoryReport:
    duty = MandatoryReport(report=report, ground=ground, body=body, opened_at=clock.now(), due_at=due_at)
    duty.save(force_insert=True)
    opened = {"set": snapshot(duty)}
    add(MandatoryReportEvent.by(SYSTEM, duty, MandatoryEventKind.OPENED, opened), duty.journal_name)
    return duty


def _tell_desk(report: Report, duty: MandatoryReport) -> None:
    """The duty desk and whoever holds the work; by the number alone, since a notice may be read over a shoulder.

    Of what is restricted the shift leaders instead of the desk, which cannot open it.
    """
    holders = Matter.objects.filter(demands__report=report, status__in=Matter.OPEN).values_list("holder_id", flat=True)
    leaders = posts_with(Access.SHIFT_LEADER) if report.secrecy == Report.Secrecy.RESTRICTED else []
    words = msg("诉求单 {number} 要马上报告公安机关和民政部门，报告后请登记", number=report.number)
    key = f"{MandatoryNotice.OPENED}:{duty.pk}"
    posts = dict.fromkeys([*(leaders or _desk()), *sorted(set(holders))])
    send([(post, MandatoryNotice.OPENED, f"{key}:{post}", words, report.get_absolute_url(), True) for post in posts])


def _desk() -> list[str]:
    try:
        return [duty_desk()]
    except BackstopError:
        return []
