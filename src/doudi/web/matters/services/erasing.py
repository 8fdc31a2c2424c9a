"""What was said in a report leaves the matters in which it is handled: erased, or blocked and brought back.

A matter's summary and address are copies of what its first report said. They go with that report, or with the last one
that still says anything; where another report says the same or more, the matter is told in its words.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Model, Q

from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.messages import msg
from doudi.web.journal.services import block_texts, erase_texts, unblock_texts
from doudi.web.matters.models import Application, Danger, Decision, Demand, Evidence, Matter, MatterEvent, Urge
from doudi.web.matters.services import locking, transitions
from doudi.web.notices.services import hush
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report

#: where words about a matter lie, by the columns that name them
WORDS: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (MatterEvent, ("words",)),
    (Application, ("reason", "basis", "answer")),
    (Urge, ("instruction", "answer")),
    (Danger, ("reason",)),
    (Decision, ("words",)),
)
#: why something was erased or blocked is the town's own account and stays
_OF_THE_TOWN = (MatterEventKind.ERASED, MatterEventKind.BLOCKED, MatterEventKind.UNBLOCKED)


def words_of(matters: Collection[UUID]) -> list[UUID]:
    """Everything that anybody wrote about the matters."""
    found: list[UUID] = []
    for table, columns in WORDS:
        for column in columns:
            rows = table._default_manager.filter(**{"matter__in": matters, f"{column}__isnull": False})
            if table is MatterEvent:
                rows = rows.exclude(kind__in=_OF_THE_TOWN)
            found += rows.values_list(column, flat=True)
    return found


def erase_said(actor: Actor, report: Report) -> list[Matter]:
    """Empty what the matters of ``report`` hold of it, before the report itself is erased; in the caller's unit of work.

    Returns those matters of which nothing is left that anybody said, so that whoever stands above empties theirs, too.
    """
    whole = _take_out(actor, report, MatterEventKind.ERASED, {})
    erase_texts(_retellings_of(report))
    erase_texts(words_of([one.pk for one in whole]))
    return whole


def block_said(actor: Actor, report: Report) -> tuple[dict[str, str], list[Matter]]:
    """The same where it is only blocked. Returns also what was asked, by name, for the report to keep under its seal."""
    asks = {f"asks.{one.position}": one.asks for one in Demand.objects.filter(report=report) if one.asks}
    retold = _retellings_of(report)
    whole = _take_out(actor, report, MatterEventKind.BLOCKED, {})
    block_texts([*retold, *words_of([one.pk for one in whole])])
    return asks, whole


def unblock_said(actor: Actor, report: Report, asks: Mapping[str, str]) -> list[Matter]:
    """What was asked is read again, after the report itself was unblocked; so are the words about its matters."""
    for one in Demand.objects.filter(report=report):
        one.asks = asks.get(f"asks.{one.position}", "")
        one.save(update_fields=["asks"])
    matters = locking.matters_of(report)
    for matter in matters:
        told = _told_by(matter, None)
        again = {column: text for column, text in told.items() if not getattr(matter, column)}
        if again:
            Matter.objects.filter(pk=matter.pk).update(**again)
        transitions.transition(actor, matter, MatterEventKind.UNBLOCKED, {}, {"report": report.number})
    unblock_texts(words_of([one.pk for one in matters]))
    return matters


def _take_out(actor: Actor, report: Report, kind: MatterEventKind, payload: Mapping[str, object]) -> list[Matter]:
    """Take the report's words off its matters and off those merged into them; returns the matters that say nothing more."""
    here = locking.matters_of(report)
    mine = _copies_of(report)
    Demand.objects.filter(report=report).update(asks="")
    whole: list[Matter] = []
    for matter in [*here, *_merged_into(here)]:
        others = Demand.objects.filter(matter=matter).exclude(report=report)
        speaks = matter in here and others.filter(_SAYS_SOMETHING).exists()
        left = _told_by(matter, report)
        changes = {
            column: left[column] if speaks else ""
            for column in ("summary", "address")
            if (text := getattr(matter, column)) and (not speaks or text in mine[column])
        }
        mine_alone = not speaks and (matter in here or matter.summary in mine["summary"] or not matter.summary)
        if not mine_alone and matter not in here and not any(getattr(matter, one) in mine[one] for one in mine):
            continue
        Matter.objects.filter(pk=matter.pk).update(**changes)
        if kind is MatterEventKind.ERASED:
            _forget_place(matter)
        transitions.transition(actor, matter, kind, {}, {**payload, "report": report.number, "fields": sorted(changes)})
        hush([matter.get_absolute_url(), f"/disputes/{matter.number}"], msg("（已删除）"))
        if mine_alone:
            whole.append(matter)
    hush([report.get_absolute_url()], msg("（已删除）"))
    return whole


#: a demand whose report can still be read
_SAYS_SOMETHING = ~Q(asks="") | ~Q(report__words="") | ~Q(report__title="")


def _copies_of(report: Report) -> dict[str, set[str]]:
    """What a matter may have been given of this report, by its own column."""
    asks = list(Demand.objects.filter(report=report).values_list("asks", flat=True))
    return {
        "summary": {summary for one in asks if (summary := _summary(report.title, one))},
        "address": {report.address} - {""},
    }


def _summary(title: str, asks: str) -> str:
    """As it was made when the matter was (`triage.services`)."""
    return (title or asks.replace("\n", " "))[:200]


def _told_by(matter: Matter, but: Report | None) -> dict[str, str]:
    """Summary and address of the matter as the first report tells them that can still be read, ``but`` left out."""
    rows = Demand.objects.filter(matter=matter).select_related("report").order_by("report__received_at", "position")
    reports = [one for one in rows if but is None or one.report_id != but.pk]
    return {
        "summary": next((text for one in reports if (text := _summary(one.report.title, one.asks))), ""),
        "address": next((one.report.address for one in reports if one.report.address), ""),
    }


def _merged_into(matters: Sequence[Matter]) -> list[Matter]:
    """What was merged into them, over however many steps: it keeps its own copy of what was said."""
    found: list[Matter] = []
    ahead = [one.pk for one in matters]
    while ahead:
        step = list(Matter.objects.filter(merged_into__in=ahead).order_by("pk").select_for_update())
        found += step
        ahead = [one.pk for one in step]
    return found


def _retellings_of(report: Report) -> list[UUID]:
    """How the desk told on what this report says, among others; it is written anew where it is still needed."""
    matters = Demand.objects.filter(report=report).values("matter")
    told = MatterEvent.objects.filter(matter__in=matters, kind=MatterEventKind.RETOLD, words__isnull=False)
    return list(told.values_list("words", flat=True))


def _forget_place(matter: Matter) -> None:
    """The receipt says which words of an address named which place."""
    for decision in Decision.objects.filter(matter=matter, inputs__has_key="place"):
        del decision.inputs["place"]
        decision.save(update_fields=["inputs"])


def photographs_of(matters: Collection[Matter]) -> list[UUID]:
    """The photographs of the work on the matters."""
    return list(Evidence.objects.filter(matter__in=[one.pk for one in matters]).values_list("upload", flat=True))
