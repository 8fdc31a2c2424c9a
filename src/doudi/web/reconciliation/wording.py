"""What to do about each kind of difference, and on which page; an empty page is the order's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from doudi.engine.upstream.vocabulary import DifferenceKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NEXT_STEPS: dict[DifferenceKind, tuple[StrOrPromise, str]] = {
    DifferenceKind.MISSING_HERE: (_("把对方的工单表导入，这张就有承办岗了"), "imports"),
    DifferenceKind.MISSING_THERE: (_("请对方查是否派到了别处；查清之前照常办理"), ""),
    DifferenceKind.CLOSED_THERE: (_("看过对方的结果，在工单页记“上级结案”"), ""),
    DifferenceKind.SENT_BACK_THERE: (_("已答复的，在工单页记“上级退回重办”；还在办的，照它的话接着办"), ""),
    DifferenceKind.NOT_ARRIVED: (_("请对方查收；没有收到的，在回填页再取一次"), "answers"),
    DifferenceKind.STATE: (_("打开工单页，把没有记的一步（例如“上级收回”）补记，或请对方更正"), ""),
    DifferenceKind.DUE: (_("时限以对方为准：把这张工单重新导入，更正会自动采用"), "imports"),
    DifferenceKind.HOLDER: (_("请对方改承办单位，或在事项页改派"), ""),
    DifferenceKind.TWICE: (_("请对方确认哪一行为准"), ""),
}
