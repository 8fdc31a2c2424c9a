"""What was written about matters when a desk changed hands, when the matters are erased or blocked."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from doudi.web.journal.services import block_texts, erase_texts, unblock_texts
from doudi.web.matters.models import Matter
from doudi.web.shifts.models import HandoverItem

#: the words of an item that is a matter
WORDS = ("words", "why")


def erase_said(matters: Collection[Matter]) -> None:
    erase_texts(_words_of(matters))


def block_said(matters: Collection[Matter]) -> None:
    block_texts(_words_of(matters))


def unblock_said(matters: Collection[Matter]) -> None:
    unblock_texts(_words_of(matters))


def _words_of(matters: Collection[Matter]) -> list[UUID]:
    rows = HandoverItem.objects.filter(matter__in=[one.pk for one in matters]).order_by("pk")
    return [key for each in rows.values_list(*WORDS) for key in each if key is not None]
