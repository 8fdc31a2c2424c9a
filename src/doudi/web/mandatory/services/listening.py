"""Whatever comes in about a report is listened to: by its leaves in the journal, in their order, whoever wrote them.

So no entrance can be forgotten: a form, a sheet, a call, later words, a rating, a note of a colleague. It runs within
seconds behind what it listens to, and danger itself was heard before that, in the transaction of the words.
"""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Max

from doudi.engine.mandatory.hearing import AT_ONCE, ground_of
from doudi.engine.mandatory.vocabulary import Body, Ground, MandatoryEventKind, MandatoryNotice, MandatoryState
from doudi.engine.matters.vocabulary import MatterEventKind, ReportEventKind
from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.duties.queries import duty_desk
from doudi.web.journal.models import Head, Leaf
from doudi.web.journal.services import unit_of_work
from doudi.web.mandatory.models import Listened, MandatoryReport, MandatoryReportEvent
from doudi.web.matters.models import Demand, Matter, MatterEvent
from doudi.web.notices.services import send
from doudi.web.people.actor import SYSTEM
from doudi.web.records.services import add, snapshot
from doudi.web.reports.models import Report, ReportEvent

LEAVES = 400
#: a town that begins to listen, or does so after a long time, does not answer for what is long past
_NOT_OLDER = timedelta(days=2)
_LEAF = re.compile(r'"about":"(matter|report)/\d{14}"')
#: what says again all that the report says
_WHOLE = {ReportEventKind.RECEIVED, ReportEventKind.CORRECTED}
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
    """For the timers: listen to what came since; returns how many leaves were read."""
    size = Head.objects.aggregate(size=Max("size"))["size"] or 0
    here = Listened.objects.filter(id=1).first()
    if here is None:
        with unit_of_work():
            Listened.objects.get_or_create(id=1, defaults={"seq": 0})
        return listen() if size else 0
    if here.seq >= size:
        return 0
    leaves = list(Leaf.objects.filter(seq__gt=here.seq).order_by("seq").values_list("seq", "body")[:LEAVES])
    if not leaves:
        return 0
    told = [json.loads(body) for _, body in leaves if _LEAF.search(body)]
    since = clock.now() - _NOT_OLDER
    news = [one for one in told if one["kind"] not in _OURS and datetime.fromisoformat(one["at"]) >= since]
    with unit_of_work():
        # Of two who listen at once one goes on; the other leaves what it read.
        if not Listened.objects.filter(id=1, seq=here.seq).update(seq=leaves[-1][0]):
            return 0
        _hear([UUID(one["event"]) for one in news if one["about"].startswith("report/")], [])
        _hear([], [UUID(one["event"]) for one in news if one["about"].startswith("matter/")])
    return len(leaves)


def _hear(reports: list[UUID], matters: list[UUID]) -> None:
    for said in ReportEvent.objects.filter(pk__in=reports).select_related("report", "words").order_by("id"):
        whole = [said.report.title, said.report.words] if said.kind in _WHOLE else []
        listen_to(said.report, "\n".join([*whole, said.words.text if said.words else ""]))
    for note in MatterEvent.objects.filter(pk__in=matters, words__isnull=False).select_related("words").order_by("id"):
        first = Demand.objects.filter(matter=note.matter_id).order_by("position", "pk").select_related("report").first()
        if first is not None and note.words is not None:
            listen_to(first.report, note.words.text)


@unit_of_work()
def listen_to(report: Report, text: str) -> list[MandatoryReport]:
    """Open what these words make a duty; what stands already, told or not, is not opened again."""
    ground = ground_of(text)
    if ground is None:
        return []
    standing = set(
        MandatoryReport.objects.filter(report=report)
        .exclude(state=MandatoryState.LIFTED)
        .values_list("body", flat=True)
    )
    made = [_open(report, ground, body) for body in Body if body not in standing]
    if made:
        _tell_desk(report, made[0])
    return made


def _open(report: Report, ground: Ground, body: Body) -> MandatoryReport:
    now = clock.now()
    duty = MandatoryReport(report=report, ground=ground, body=body, opened_at=now, due_at=now + AT_ONCE)
    duty.save(force_insert=True)
    opened = {"set": snapshot(duty)}
    add(MandatoryReportEvent.by(SYSTEM, duty, MandatoryEventKind.OPENED, opened), duty.journal_name)
    return duty


def _tell_desk(report: Report, duty: MandatoryReport) -> None:
    """The duty desk and whoever holds the work; by the number alone, since a notice may be read over a shoulder."""
    holders = Matter.objects.filter(demands__report=report, status__in=Matter.OPEN).values_list("holder_id", flat=True)
    words = msg("诉求单 {number} 要马上报告公安机关和民政部门，报告后请登记", number=report.number)
    key = f"{MandatoryNotice.OPENED}:{duty.pk}"
    posts = dict.fromkeys([duty_desk(), *sorted(set(holders))])
    send([(post, MandatoryNotice.OPENED, f"{key}:{post}", words, report.get_absolute_url(), True) for post in posts])
