"""The pack for when the network is gone, as one PDF: whom to call, who is on, what is open, and blank slips.

Of what is secret or restricted it bears the number and nothing else: paper is read by whoever picks it up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.graphics.barcode.qr import QrCode
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from doudi.engine.shifts.slips import printed_slip
from doudi.web.units.fonts import PrintFont, print_font

_INK, _SOFT, _LINE = HexColor(0x17282B), HexColor(0x46585B), HexColor(0x9AA8AA)
_MARGIN = 14 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_STUB, _SLIP_HEIGHT, _QR = 46 * mm, 86 * mm, 40 * mm
_MISSING = "〓"


@dataclass(frozen=True, slots=True)
class Section:
    """A table of the pack: its heading, the names of its columns with their shares of the width, and its rows."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class BlankSlip:
    """A slip to be printed: its number, and what its QR says to whoever keeps the stub."""

    number: str
    url: str


def pack_pdf(title: str, lead: str, sections: Sequence[Section], slips: Sequence[BlankSlip], hotline: str) -> bytes:
    """The pack as a PDF. Raises PlaqueError where the machine has no font for it; a sign that the font lacks is shown as 〓."""
    font = print_font()
    draw = _Pen(font)
    story: list[Flowable] = [draw.text(title, 16), Spacer(0, 2 * mm), draw.text(lead, 9, soft=True)]
    for section in sections:
        story += [Spacer(0, 5 * mm), draw.text(section.title, 12), Spacer(0, 1.5 * mm), draw.table(section)]
        if section.note:
            story += [Spacer(0, 1 * mm), draw.text(section.note, 8, soft=True)]
    for at, slip in enumerate(slips):
        story += [PageBreak()] if at % 3 == 0 else [Spacer(0, 3 * mm)]
        story.append(_slip(slip, draw, hotline))
    target = BytesIO()
    paper = SimpleDocTemplate(
        target,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=title,
        invariant=1,
    )
    number = _numbered(font)
    paper.build(story, onFirstPage=number, onLaterPages=number)
    return target.getvalue()


def _numbered(font: PrintFont) -> Callable[[Canvas, Any], None]:
    def draw(canvas: Canvas, paper: Any) -> None:
        canvas.setFont(font.name, 8)
        canvas.setFillColor(_SOFT)
        canvas.drawRightString(A4[0] - _MARGIN, 8 * mm, str(paper.page))

    return draw


class _Pen:
    """Words and tables in the font of the town, with its missing signs made visible."""

    def __init__(self, font: PrintFont) -> None:
        self.font = font

    def shown(self, text: str) -> str:
        missing = frozenset(self.font.missing(text))
        return "".join(_MISSING if sign in missing else sign for sign in text)

    def text(self, text: str, size: float, *, soft: bool = False, leading: float = 1.4) -> Paragraph:
        style = ParagraphStyle(
            f"{size}{soft}{leading}",
            fontName=self.font.name,
            fontSize=size,
            leading=size * leading,
            spaceAfter=size * 0.5,
            textColor=_SOFT if soft else _INK,
            wordWrap="CJK",
        )
        return Paragraph(escape(self.shown(text)), style)

    def table(self, section: Section) -> Table:
        whole = sum(share for _name, share in section.columns)
        head = [self.text(name, 8, soft=True) for name, _share in section.columns]
        rows = [[self.text(cell, 9) for cell in row] for row in section.rows]
        table = Table(
            [head, *rows], colWidths=[_WIDTH * share / whole for _name, share in section.columns], repeatRows=1
        )
        table.setStyle(
            TableStyle(
                [
                    ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
                    ("VALIGN", (0, 0), (-1, -1), "TOP"),
                    ("LEFTPADDING", (0, 0), (0, -1), 0),
                    ("TOPPADDING", (0, 0), (-1, -1), 2),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
                ]
            )
        )
        return table


def _slip(slip: BlankSlip, draw: _Pen, hotline: str) -> Flowable:
    """A slip of a third of a page, and beside it the stub that whoever reports takes along."""
    printed = printed_slip(slip.number)
    form = [draw.text(f"{_('登记单')}　{printed}", 12), *(draw.text(line, 10, leading=1.9) for line in _slip_lines())]
    stub = [
        draw.text(_("回执（交反映人）"), 9),
        draw.text(printed, 11),
        QrCode(slip.url, width=_QR, height=_QR, qrLevel="M"),
        draw.text(_("录入后扫码看进展"), 8.5),
        draw.text(_("热线 {phone}").format(phone=hotline), 8.5),
    ]
    table = Table([[form, stub]], colWidths=[_WIDTH - _STUB, _STUB], rowHeights=[_SLIP_HEIGHT])
    table.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.6, _LINE),
                ("LINEAFTER", (0, 0), (0, 0), 0.6, _LINE, None, (2, 2)),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return table


def _slip_lines() -> Iterator[str]:
    blank = "＿"
    yield _("时间 {a}月{b}日 {c}时{d}分　□ 电话 □ 窗口 □ 巡查 □ 其他").format(
        a=blank * 2, b=blank * 2, c=blank * 2, d=blank * 2
    )
    yield _("称呼 {a}　电话 {b}　□ 要求保密").format(a=blank * 8, b=blank * 13)
    yield _("地点 {a}").format(a=blank * 35)
    yield _("说了什么 {a}").format(a=blank * 33)
    yield blank * 37
    yield blank * 37
    yield _("有无危险 □ 无 □ 有，已拨 {a}，{b}时{c}分").format(a=blank * 5, b=blank * 2, c=blank * 2)
    yield _("已转告 {a}　登记人 {b}").format(a=blank * 17, b=blank * 10)
