"""Disputes: one matter, one open argument, one clock, one ruling — and the holder is the one that was ruled on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache

from django.db.models import Exists, OuterRef

from doudi.engine.disputes.vocabulary import DisputeEventKind
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.workdays import Term, TimeUnit
from doudi.web import clock
from doudi.web.disputes.models import Dispute, DisputeClock, DisputeEvent, InterimCarrier, Ruling, Statement
from doudi.web.journal.services import plain
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.registry.proof import Fault, Walk, fault, grouped, told_by
from doudi.web.rulebook.queries import completed_calendar
from doudi.web.terms import services as terms

#: the timers end what its matter has ended; so long nobody is at fault
_GRACE = timedelta(hours=1)


def lives(walk: Walk) -> Iterator[Fault]:
    """Each dispute against its matter, its clock and its ruling."""
    now = clock.now()
    calendar = lru_cache(maxsize=None)(completed_calendar)
    for chunk in walk.over(Dispute.objects.select_related("matter")):
        clocks = list(DisputeClock.objects.filter(dispute__in=chunk))
        ruled = set(Ruling.objects.filter(dispute__in=chunk).values_list("dispute_id", flat=True))
        for one in chunk:
            about = f"dispute/{one}"
            is_open = one.state == Dispute.State.OPEN
            ended = one.matter.closed_at
            if is_open and one.matter.status not in Matter.OPEN and (ended is None or ended <= now - _GRACE):
                yield fault("dispute.outlives_matter", about, "事项早已结束，争议却还开着。")
            running = [row for row in clocks if row.dispute_id == one.pk and row.running]
            if [row.which for row in running] != ([one.level] if is_open else []):
                yield fault(
                    "dispute.clock", about, "争议应恰有本级的一个计时在走，现有 {count} 个。", count=len(running)
                )
            if (one.state == Dispute.State.RULED) != (one.pk in ruled):
                yield fault(
                    "dispute.ruling", about, "状态是“{state}”，裁定却对不上。", state=str(one.get_state_display())
                )
        numbers = {one.pk: (str(one), one.matter.rulebook_id) for one in chunk}
        for row in clocks:
            about, version = numbers[row.dispute_id]
            if row.running and terms.recounted(row, calendar(version)):
                level = str(row.get_which_display())
                template = "“{level}”还是暂按推算的时限，放假安排早已公布。"
                yield fault("dispute.provisional", f"dispute/{about}", template, level=level)
            if row.amount is not None and not row.provisional:
                due = calendar(version).due(row.started_at, Term(row.amount, TimeUnit(row.unit)))
                if due is None or due.at != row.due_at:
                    level = str(row.get_which_display())
                    yield fault(
                        "dispute.due_moved", f"dispute/{about}", "“{level}”的到期时刻与时限和日历不一致。", level=level
                    )


def told(walk: Walk) -> Iterator[Fault]:
    """Each dispute is what its events say, as far back as there are events of disputes."""
    for chunk in walk.over(Dispute.objects.select_related("matter")):
        events = grouped(DisputeEvent.objects.filter(dispute__in=chunk).order_by("dispute_id", "seq"), "dispute_id")
        for one in chunk:
            mine = events[one.pk]
            if [event.seq for event in mine] != list(range(1, len(mine) + 1)):
                yield fault("dispute.event_missing", one.journal_name, "事件的序号不连续，可能丢了一条。")
            state = told_by(mine)
            whole = bool(mine) and mine[0].kind == DisputeEventKind.OPENED
            columns = Dispute.TOLD if whole else [column for column in Dispute.TOLD if column in state]
            if unlike := [column for column in columns if state.get(column) != plain(getattr(one, column))]:
                yield fault(
                    "dispute.unlike_events",
                    one.journal_name,
                    "这些列与事件重放的结果不同：{columns}。",
                    columns="、".join(unlike),
                )


def rulings(walk: Walk) -> Iterator[Fault]:
    """Who was ruled on holds, unless a later event named another; what reaches beyond the matter has its rules."""
    for chunk in walk.over(Ruling.objects.select_related("dispute__matter")):
        for one in chunk:
            about, matter = f"dispute/{one.dispute}", one.dispute.matter
            told = MatterEvent.objects.filter(
                matter=matter, kind=MatterEventKind.RULED, payload__ruling=str(one.pk)
            ).first()
            if told is None:
                yield fault("ruling.untold", about, "事项的经过里没有这次裁定。")
                continue
            later = MatterEvent.objects.filter(matter=matter, seq__gt=told.seq, payload__set__has_key="holder_id")
            if matter.holder_id != one.lead_id and not later.exists():
                now = matter.holder_id
                yield fault(
                    "ruling.not_followed",
                    about,
                    "裁定由 {lead} 承办，现在却在 {holder}。",
                    lead=one.lead_id,
                    holder=now,
                )
            if (one.scope == Ruling.Scope.MATTER) != (one.draft_id is None):
                yield fault("ruling.without_rules", about, "裁定的范围超出一件事，却没有写成规则。")


def carriers(walk: Walk) -> Iterator[Fault]:
    """Somebody carries in an open dispute only, on the level on which it was said."""
    for chunk in walk.over(InterimCarrier.objects.filter(ended_at=None).select_related("dispute__matter")):
        for one in chunk:
            if one.dispute.state != Dispute.State.OPEN or one.dispute.level != one.level:
                yield fault(
                    "dispute.carrier_outlives", f"dispute/{one.dispute}", "这一级已经过去，先行承接却还没有结束。"
                )


def evasions(walk: Walk) -> Iterator[Fault]:
    """Only what was ruled on can be evaded."""
    ruled = Exists(Ruling.objects.filter(dispute__matter=OuterRef("matter"), at__lte=OuterRef("at")))
    for number in (
        MatterEvent.objects.filter(~ruled, kind=MatterEventKind.EVASION)
        .values_list("matter__number", flat=True)
        .iterator()
    ):
        yield fault("matter.evaded_nothing", f"matter/{number}", "记了推诿，在它之前却没有裁定。")


def statements(walk: Walk) -> Iterator[Fault]:
    """What was said was said by somebody, and a link that was used is used up."""
    for one in (
        Statement.objects.exclude(answered_at__isnull=True)
        .exclude(nonce="")
        .select_related("dispute__matter")
        .iterator()
    ):
        yield fault(
            "statement.link_open", f"dispute/{one.dispute}", "{party}已经陈述，它的链接却还能用。", party=one.party
        )
    silent = (
        Statement.objects.exclude(stance="").filter(answered_at__isnull=True).select_related("dispute__matter", "post")
    )
    for one in silent.iterator():
        yield fault("statement.unsaid", f"dispute/{one.dispute}", "{party}有意见却没有陈述的时刻。", party=one.party)
