"""A made quarter of orders with the list of a district that agrees with them, save for what is planted in it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from doudi.engine.matters.vocabulary import ReportEventKind as K
from doudi.engine.numbers import number
from doudi.engine.upstream.vocabulary import DifferenceKind as D
from doudi.web import clock
from doudi.web.outbox.models import Outgoing
from doudi.web.people.models import Post
from doudi.web.reports.models import Report, ReportEvent

SYSTEM = "区12345"
HEADERS = ("工单编号", "受理时间", "工单状态", "应反时间", "承办单位", "诉求内容")
SINCE = datetime(2026, 8, 25, 1, tzinfo=clock.TOWN_ZONE)
DAYS = 91
#: how many of each kind are planted
PLANTED = dict(zip(D, (23, 23, 23, 23, 23, 22, 22, 22, 22), strict=True))

#: how an order came to stand where it does, whether its answer left or arrived, and as what the district tells it
WAYS: dict[str, tuple[tuple[K, ...], str, tuple[str, ...]]] = {
    "fresh": ((), "", ("待签收", "办理中")),
    "signed": ((K.ORDER_SIGNED_FOR,), "", ("已签收", "处理中")),
    "contacted": ((K.ORDER_SIGNED_FOR, K.CONTACTED), "", ("办理中", "待反馈")),
    "replied": ((K.ORDER_SIGNED_FOR, K.CONTACTED, K.REPLIED), "", ("办理中",)),
    "handed": ((K.ORDER_SIGNED_FOR, K.REPLIED), "handed", ("办理中", "已反馈")),
    "arrived": ((K.ORDER_SIGNED_FOR, K.CONTACTED, K.REPLIED), "confirmed", ("已反馈", "待回访")),
    "closed": ((K.ORDER_SIGNED_FOR, K.REPLIED, K.ORDER_CLOSED), "confirmed", ("已结案", "办结")),
    "sent back": ((K.ORDER_SIGNED_FOR, K.REPLIED, K.ORDER_SENT_BACK), "confirmed", ("退回重办", "办理中")),
}
WEIGHTS = (4, 6, 12, 8, 6, 20, 40, 4)


@dataclass(frozen=True)
class Line:
    """One row of the district's list."""

    number: str
    way: str
    state: str
    due: datetime
    holder: str
    received: datetime


@dataclass
class Quarter:
    lines: list[Line] = field(default_factory=list)
    planted: set[tuple[str, D]] = field(default_factory=set)


def make(n: int, posts: list[Post], *, seed: int = 1) -> Quarter:
    """``n`` orders in the database, and a list that agrees with them."""
    chance, quarter = Random(seed), Quarter()
    reports, events, left = list[Report](), list[ReportEvent](), list[Outgoing]()
    for at in range(n):
        received = SINCE + timedelta(minutes=at * (DAYS * 1200 // n))
        due, post = received.replace(hour=17) + timedelta(days=7), chance.choice(posts)
        way = chance.choices(list(WAYS), WEIGHTS)[0]
        told, state, words = WAYS[way]
        report = Report(
            number=number(received.date(), at),
            channel="hotline",
            system=SYSTEM,
            external_id=f"QP26-{at:06}",
            received_at=received,
            answerer=post,
            upstream_due=f"{due:%Y-%m-%d %H:%M}",
        )
        reports.append(report)
        for seq, kind in enumerate(told, 2):
            happened = received + timedelta(hours=seq)
            events.append(ReportEvent(report=report, seq=seq, kind=kind, at=happened, actor="staff"))
            if state and kind == K.REPLIED:
                left.append(_left(report, seq, state, happened + timedelta(minutes=10)))
        line = Line(report.external_id, way, chance.choice(words), due, post.office.name, received)
        quarter.lines.append(line)
    Report.objects.bulk_create(reports, batch_size=500)
    ReportEvent.objects.bulk_create(events, batch_size=500)
    Outgoing.objects.bulk_create(left, batch_size=500)
    return quarter


def _left(report: Report, seq: int, state: str, at: datetime) -> Outgoing:
    ended = at if state == "confirmed" else None
    return Outgoing(
        system=SYSTEM,
        external_id=report.external_id,
        key=f"{report.pk}:{seq}",
        kind="replied",
        report=report.pk,
        seq=seq,
        state=state,
        made_at=at,
        handed_at=at,
        ended_at=ended,
    )


def plant(quarter: Quarter, *, share: float = 1.0, seed: int = 2) -> None:
    """Differences of every kind, each at an order of its own."""
    chance, kept = Random(seed), list[Line]()
    spoil: dict[D, tuple[tuple[str, ...], Callable[[Line], Iterator[Line]]]] = {
        D.MISSING_THERE: (tuple(WAYS), lambda line: iter(())),
        D.CLOSED_THERE: (("arrived", "contacted"), lambda line: iter([replace(line, state="已结案")])),
        D.SENT_BACK_THERE: (("arrived", "handed"), lambda line: iter([replace(line, state="退回重办")])),
        D.NOT_ARRIVED: (("arrived",), lambda line: iter([replace(line, state="办理中")])),
        D.STATE: (("signed", "contacted"), lambda line: iter([replace(line, state="待签收")])),
        D.DUE: (("signed", "replied"), lambda line: iter([replace(line, due=line.due + timedelta(days=2))])),
        D.HOLDER: (("signed", "arrived"), lambda line: iter([replace(line, holder="市场监管所")])),
        D.TWICE: (("contacted", "closed"), lambda line: iter([line, replace(line, state="作废")])),
    }
    left = {kind: max(1, round(n * share)) for kind, n in PLANTED.items()}
    for n in range(left.pop(D.MISSING_HERE)):
        made = replace(quarter.lines[n], number=f"QP26-X{n:05}", state="办理中")
        kept.append(made)
        quarter.planted.add((made.number, D.MISSING_HERE))
    lines = list(quarter.lines)
    chance.shuffle(lines)
    for line in lines:
        kind = next((one for one, (ways, _how) in spoil.items() if left[one] and line.way in ways), None)
        if kind is None or (kind is D.HOLDER and line.holder == "市场监管所"):
            kept.append(line)
            continue
        left[kind] -= 1
        quarter.planted.add((line.number, kind))
        kept.extend(spoil[kind][1](line))
    assert not any(left.values()), f"no order left for {left}"
    quarter.lines = kept


def write(quarter: Quarter, path: Path) -> Path:
    """The list as a district gives it: GB 18030, days and moments in several ways, a title line above its headers."""
    with path.open("w", encoding="gb18030", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEADERS)
        for at, line in enumerate(quarter.lines):
            due = f"{line.due:%Y-%m-%d %H:%M}" if at % 3 else f"{line.due:%Y/%m/%d %H:%M:%S}"
            rows.writerow(
                (line.number, f"{line.received:%Y-%m-%d %H:%M}", line.state, due, line.holder, "有人反映一件事")
            )
    return path
