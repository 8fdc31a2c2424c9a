"""What was said in disputes about matters whose file is erased, blocked or brought back."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Model

from doudi.web.disputes.models import Dispute, DisputeEvent, InterimCarrier, Ruling, Statement
from doudi.web.journal.services import block_texts, erase_texts, texts_in, unblock_texts
from doudi.web.matters.models import Matter

#: where words about a dispute lie: the way to its matter, and the columns that name them
WORDS: tuple[tuple[type[Model], str, tuple[str, ...]], ...] = (
    (Dispute, "matter", ("proposal", "ended_words")),
    (DisputeEvent, "dispute__matter", ("words",)),
    (Statement, "dispute__matter", ("words", "basis", "signature")),
    (InterimCarrier, "dispute__matter", ("words",)),
    (Ruling, "dispute__matter", ("words", "basis", "dissent")),
)


def erase_said(matters: Collection[Matter]) -> None:
    """Erase the words of all disputes about the matters, and who spoke for whom."""
    erase_texts(_words_of(matters))
    Statement.objects.filter(dispute__matter__in=[one.pk for one in matters]).update(contact="", delegate="")


def block_said(matters: Collection[Matter]) -> None:
    block_texts(_words_of(matters))


def unblock_said(matters: Collection[Matter]) -> None:
    unblock_texts(_words_of(matters))


def _words_of(matters: Collection[Matter]) -> list[UUID]:
    return texts_in(WORDS, [one.pk for one in matters])
