"""Hand rows that were read to `triage`, and keep what comes back for a person to look at."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, InterfaceError, OperationalError

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message
from doudi.engine.upstream.vocabulary import RowSort
from doudi.web import clock
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.reports.queries import is_put_away
from doudi.web.sealing.marks import mark
from doudi.web.tables.reading import LeftOut, Row
from doudi.web.triage.services import Incoming, Received, receive
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.queries import kinds_by_name, places_by_name
from doudi.web.upstream.rows import Reading, read_row
from doudi.web.upstream.services.known_orders import contacts_of, hear_anew, is_sent_again, update_known_order

logger = logging.getLogger(__name__)


class RowLostError(DoudiError):
    """A row could be read but not be stored, for a reason that lies with us; the log has it."""


def reading_for(batch: ImportBatch) -> Reading:
    columns = {name: tuple(headers) for name, headers in batch.columns.items()}
    return Reading(batch.system, columns, places_by_name(), kinds_by_name(), clock.now(), mark)


def received(
    good: Sequence[tuple[Row, Incoming]], auto_dispatch: bool | None, actor: Actor
) -> list[Received | DoudiError]:
    """All rows at once; when that fails, each by itself, so that only the row that is to blame stays behind."""
    if not good:
        return []
    try:
        with unit_of_work():
            return list(receive([incoming for _, incoming in good], auto_dispatch=auto_dispatch, actor=actor))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.warning("rows %s to %s go in one by one", good[0][0].line, good[-1][0].line, exc_info=True)
    answers = [received_alone(incoming, auto_dispatch, actor) for _, incoming in good]
    if len(good) > 1 and isinstance(first := answers[0], DoudiError) and all(_alike(first, one) for one in answers):
        # Not the rows are at fault then, and a thousand faults would only hide what is.
        raise first
    return answers


def _alike(first: DoudiError, other: Received | DoudiError) -> bool:
    return isinstance(other, DoudiError) and other.template == first.template


def received_alone(incoming: Incoming, auto_dispatch: bool | None, actor: Actor) -> Received | DoudiError:
    # A second try, since a number drawn by chance may have been taken.
    for last in (False, True):
        try:
            with unit_of_work():
                return receive([incoming], auto_dispatch=auto_dispatch, actor=actor)[0]
        except (OperationalError, InterfaceError):
            raise
        except DoudiError as error:
            return error
        except IntegrityError as error:
            if last:
                return _lost(error)
        except Exception as error:
            return _lost(error)
    raise AssertionError("both tries answer")


def _lost(error: Exception) -> RowLostError:
    logger.exception("a row could not be stored", exc_info=error)
    kind = type(error).__name__
    return RowLostError("这一行未能存入({kind})，原因已记入系统日志。请重试；仍不成功请联系管理员。", kind=kind)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of one row: new, known (unchanged, or the ``twin`` of another row), changed, or refused.

    ``faults``: what a person should look at, not yet stored; ``received``: None for a row that was refused.
    """

    row: Row
    sort: RowSort
    received: Received | None = None
    faults: tuple[ImportFault, ...] = ()


def bring(batch: ImportBatch, chunk: Sequence[Row], reading: Reading, actor: Actor) -> list[Brought]:
    """Read the rows and receive them, in the caller's unit of work; what they say of known orders is taken over."""
    found: list[Brought] = []
    good: list[tuple[Row, Incoming]] = []
    for row in chunk:
        try:
            good.append((row, read_row(row, reading)))
        except DoudiError as error:
            found.append(Brought(row, RowSort.REFUSED, faults=(fault_of(batch, row, error),)))
    answers = received(good, batch.auto_dispatch, actor)
    contacts = contacts_of([one.report for one in answers if not isinstance(one, DoudiError) and one.known])
    new = {one.report.pk for one in answers if not isinstance(one, DoudiError) and not one.known}
    for (row, incoming), answer in zip(good, answers, strict=True):
        if isinstance(answer, DoudiError):
            found.append(Brought(row, RowSort.REFUSED, faults=(fault_of(batch, row, answer),)))
        elif not answer.known:
            found.append(Brought(row, RowSort.NEW, answer))
        else:
            done = update_known_order(incoming, answer, contacts.get(answer.report.pk), actor)
            differing = differences(incoming, answer.report)
            hear_anew(incoming, answer)
            faults = [renewed_row(batch, row, answer, done)] if done else []
            faults += changed_row(batch, row, answer, differing) if differing else []
            same = RowSort.TWIN if answer.report.pk in new else RowSort.KNOWN
            found.append(Brought(row, RowSort.CHANGED if done or differing else same, answer, tuple(faults)))
    return sorted(found, key=lambda one: one.row.line)


def fault_of(batch: ImportBatch, row: Row, error: DoudiError) -> ImportFault:
    return ImportFault(
        batch=batch,
        line=row.line,
        row=kept(row.texts),
        template=error.template[:200],
        facts={name: str(value)[:200] for name, value in error.facts.items()},
    )


def keep_left_out(batch: ImportBatch, lines: Sequence[LeftOut]) -> None:
    """Keep each line that was taken for no report, once, so that a person can look and bring it in after all."""
    if not lines:
        return
    there = ImportFault.objects.filter(batch=batch, kind=ImportFault.Kind.LEFT_OUT)
    known = set(there.values_list("line", flat=True))
    ImportFault.objects.bulk_create(
        ImportFault(
            batch=batch,
            line=one.line,
            kind=ImportFault.Kind.LEFT_OUT,
            state=ImportFault.State.DROPPED,
            row=kept(one.texts),
            template=one.reason.template,
            facts=dict(one.reason.facts),
        )
        for one in lines
        if one.line not in known
    )


def kept(texts: Mapping[str, str]) -> str:
    return json.dumps({header: text.replace("\x00", "\ufffd") for header, text in texts.items()}, ensure_ascii=False)


_DIFFERS = "这件工单以前导入过，这次{fields}不同。原记录没有改动。"
#: what is compared when a row comes again: its name and how much of it a report keeps
_COMPARED = {
    "title": ("标题", 200),
    "words": ("诉求内容", None),
    "address": ("事发地址", 200),
    "upstream_due": ("办理时限", 60),
}


def differences(incoming: Incoming, report: Report) -> list[str]:
    """What a row that is known says otherwise now, in words. What it does not speak of is no difference, nor
    is what was put away here, unless the order was sent down again.
    """
    if is_put_away(report) and not is_sent_again(incoming, report):
        return []
    return [
        label
        for name, (label, most) in _COMPARED.items()
        if (now := getattr(incoming, name).strip()[:most]) and now != getattr(report, name).strip()
    ]


def renewed_row(batch: ImportBatch, row: Row, answer: Received, done: Message) -> ImportFault:
    """The row from which something was taken over, with what: nobody need do more about it."""
    return ImportFault(
        batch=batch,
        line=row.line,
        kind=ImportFault.Kind.CHANGED,
        state=ImportFault.State.MENDED,
        row=kept(row.texts),
        report=answer.report,
        template=done.template,
        facts={name: str(value) for name, value in done.facts.items()},
    )


def changed_row(batch: ImportBatch, row: Row, answer: Received, differing: Sequence[str]) -> list[ImportFault]:
    """The row to be shown to a person, unless the same change was shown before."""
    came = kept(row.texts)
    looked_at = ImportFault.objects.filter(report=answer.report, kind=ImportFault.Kind.CHANGED)
    shown = looked_at.filter(template=_DIFFERS)
    if any(one.row == came for one in shown):
        return []
    return [
        ImportFault(
            batch=batch,
            line=row.line,
            kind=ImportFault.Kind.CHANGED,
            row=came,
            report=answer.report,
            template=_DIFFERS,
            facts={"fields": "、".join(differing)},
        )
    ]
