"""Hand rows that were read to `triage`, and keep what comes back for a person to look at."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils.crypto import salted_hmac

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.people.actor import Actor
from doudi.web.triage.services import Incoming, Received, receive
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.queries import kinds_by_name, places_by_name
from doudi.web.upstream.rows import Reading
from doudi.web.upstream.sheets.tables import Row

logger = logging.getLogger(__name__)


class RowLostError(DoudiError):
    """A row could be read but not be stored, for a reason that lies with us; the log has it."""


def reading_for(batch: ImportBatch) -> Reading:
    def mark(text: str) -> str:
        return salted_hmac("doudi.upstream.row", text, secret=settings.SEALING_KEY, algorithm="sha256").hexdigest()[:40]

    columns = {name: tuple(headers) for name, headers in batch.columns.items()}
    return Reading(batch.system, columns, places_by_name(), kinds_by_name(), clock.now(), mark)


def received(
    good: Sequence[tuple[Row, Incoming]], auto_dispatch: bool | None, actor: Actor
) -> list[Received | DoudiError]:
    """All rows at once; when that fails, each by itself, so that only the row that is to blame stays behind."""
    if not good:
        return []
    try:
        with transaction.atomic():
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
            with transaction.atomic():
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


def fault_of(batch: ImportBatch, row: Row, error: DoudiError) -> ImportFault:
    return ImportFault(
        batch=batch, line=row.line, row=kept(row.texts), template=error.template[:200],
        facts={name: str(value)[:200] for name, value in error.facts.items()},
    )


def kept(texts: Mapping[str, str]) -> str:
    return json.dumps({header: text.replace("\x00", "\ufffd") for header, text in texts.items()}, ensure_ascii=False)


#: what is compared when a row comes again: its name and how much of it a report keeps
_COMPARED = {
    "title": ("标题", 200),
    "words": ("诉求内容", None),
    "address": ("事发地址", 200),
    "upstream_due": ("办理时限", 60),
}


def differences(incoming: Incoming, answer: Received) -> list[str]:
    """What a row that is known says otherwise now, in words."""
    return [
        label
        for name, (label, most) in _COMPARED.items()
        if getattr(incoming, name).strip()[:most] != getattr(answer.report, name).strip()
    ]


def changed_row(batch: ImportBatch, row: Row, answer: Received, differing: Sequence[str]) -> list[ImportFault]:
    """The row to be shown to a person, unless the same change was shown before."""
    came = kept(row.texts)
    shown = ImportFault.objects.filter(report=answer.report, kind=ImportFault.Kind.CHANGED)
    if any(one.row == came for one in shown):
        return []
    return [
        ImportFault(
            batch=batch, line=row.line, kind=ImportFault.Kind.CHANGED, row=came, report=answer.report,
            template="这件工单以前导入过，这次{fields}不同。原记录没有改动。", facts={"fields": "、".join(differing)},
        )
    ]
