"""What is printed: the QR of a place as a picture, and sheets of labels to cut.

The QR holds the address in capitals (alphanumeric mode) at error level Q: at 40 mm a module stays above 1 mm for
host names of ordinary length. Level Q mends scratches inside the pattern; it does not mend the three corner squares by
which a reader finds it, where one wrong module can be enough. So the code stands printed beside it, to be typed by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

import segno
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from doudi.engine.units.codes import UnitCode
from doudi.web.units.errors import PlaqueError
from doudi.web.units.fonts import PrintFont, print_font

_COLUMNS, _ROWS = 2, 4
_WIDTH, _HEIGHT = 94 * mm, 66 * mm
_PAD, _QR, _QUIET = 5 * mm, 40 * mm, 4
_INK, _SOFT, _ACCENT = HexColor(0x17282B), HexColor(0x46585B), HexColor(0x0B5D62)
PER_SHEET = _COLUMNS * _ROWS


@dataclass(frozen=True, slots=True)
class Label:
    """One sign: what stands on it. ``url`` is what the QR says."""

    code: str
    url: str
    name: str
    address: str
    sheet_no: int = 0


def qr_svg(url: str) -> str:
    """The QR alone, as an SVG to be placed in a sign of the town's own design."""
    target = BytesIO()
    _qr(url).save(target, kind="svg", border=_QUIET, scale=10, xmldecl=False, svgns=True, dark="#000", light="#fff")
    return target.getvalue().decode()


def _qr(url: str) -> segno.QRCode:
    return segno.make(url, error="q", micro=False, boost_error=False)


def label_sheets(labels: Sequence[Label], *, town: str, hotline: str, site: str, batch: str = "") -> bytes:
    """A PDF of A4 sheets, eight labels each, with cut marks. `PlaqueError`: no label, no font, or a sign it cannot draw."""
    if not labels:
        raise PlaqueError("没有要打印的码牌，请先选择场所。")
    font = print_font()
    _require_drawable(font, labels, town + hotline + site + batch)
    target = BytesIO()
    canvas = Canvas(target, pagesize=A4, invariant=1)
    canvas.setTitle(f"{town} {batch}".strip())
    canvas.setAuthor(town)
    for start in range(0, len(labels), PER_SHEET):
        _draw_sheet(canvas, font, labels[start : start + PER_SHEET], town, hotline, site)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _require_drawable(font: PrintFont, labels: Iterable[Label], fixed: str) -> None:
    for label in labels:
        if lacking := font.missing(label.name + label.address + fixed):
            raise PlaqueError(
                "打印字体里没有“{signs}”这些字（{name}），打出来会缺字。请换一种字库更全的字体（环境变量 DOUDI_FONT），或改用常用字。",
                signs=lacking,
                name=label.name,
            )


def _draw_sheet(canvas: Canvas, font: PrintFont, labels: Sequence[Label], town: str, hotline: str, site: str) -> None:
    left = (A4[0] - _COLUMNS * _WIDTH) / 2
    top = A4[1] - (A4[1] - _ROWS * _HEIGHT) / 2
    for index, label in enumerate(labels):
        x = left + index % _COLUMNS * _WIDTH
        y = top - (index // _COLUMNS + 1) * _HEIGHT
        _cut_marks(canvas, x, y)
        _draw_label(canvas, font, label, x, y, town, hotline, site)


def _cut_marks(canvas: Canvas, x: float, y: float) -> None:
    canvas.setStrokeColor(Color(0.6, 0.6, 0.6))
    canvas.setLineWidth(0.3)
    arm = 2.5 * mm
    for corner_x in (x, x + _WIDTH):
        for corner_y in (y, y + _HEIGHT):
            canvas.line(corner_x - arm, corner_y, corner_x + arm, corner_y)
            canvas.line(corner_x, corner_y - arm, corner_x, corner_y + arm)


def _draw_label(
    canvas: Canvas, font: PrintFont, label: Label, x: float, y: float, town: str, hotline: str, site: str
) -> None:
    band = 11 * mm
    canvas.setFillColor(_ACCENT)
    canvas.rect(x + _PAD, y + _HEIGHT - _PAD - band, _WIDTH - 2 * _PAD, band, stroke=0, fill=1)
    canvas.setFillColor(HexColor(0xFFFFFF))
    canvas.setFont(font.name, 15)
    canvas.drawString(x + _PAD + 3 * mm, y + _HEIGHT - _PAD - 7.4 * mm, "扫码反映问题")
    canvas.setFont(font.name, 9.5)
    canvas.drawRightString(
        x + _WIDTH - _PAD - 3 * mm, y + _HEIGHT - _PAD - 6.9 * mm, _shortened(town, font.name, 9.5, 36 * mm)
    )

    _draw_qr(canvas, label.url, x + _PAD, y + _PAD, _QR)

    text_x, room = x + _PAD + _QR + 3 * mm, _WIDTH - 2 * _PAD - _QR - 3 * mm
    line_y = y + _PAD + _QR - 5 * mm
    canvas.setFillColor(_INK)
    for line in wrapped(label.name, font.name, 12.5, room, 2):
        canvas.setFont(font.name, 12.5)
        canvas.drawString(text_x, line_y, line)
        line_y -= 5.4 * mm
    canvas.setFillColor(_SOFT)
    canvas.setFont(font.name, 8)
    for line in wrapped(label.address, font.name, 8, room, 2):
        canvas.drawString(text_x, line_y, line)
        line_y -= 3.6 * mm
    canvas.setFillColor(_INK)
    canvas.setFont(font.name, 9.5)
    canvas.drawString(text_x, y + _PAD + 13.6 * mm, f"热线 {hotline}")
    canvas.setFont("Courier-Bold", 10)
    canvas.drawString(text_x, y + _PAD + 8.6 * mm, UnitCode.parse(label.code).printed)
    canvas.setFillColor(_SOFT)
    canvas.setFont(font.name, 6.5)
    canvas.drawString(text_x, y + _PAD + 4.2 * mm, _shortened(f"认准 {site}", font.name, 6.5, room))
    canvas.drawString(text_x, y + _PAD + 0.8 * mm, "不收费 · 不要验证码 · 不要身份证")


def _draw_qr(canvas: Canvas, url: str, x: float, y: float, side: float) -> None:
    """Modules as one path of rectangles, row runs joined: sharp at every size."""
    matrix = [list(row) for row in _qr(url).matrix]
    module = side / (len(matrix) + 2 * _QUIET)
    canvas.setFillColor(HexColor(0xFFFFFF))
    canvas.rect(x, y, side, side, stroke=0, fill=1)
    path = canvas.beginPath()
    for row_number, row in enumerate(matrix):
        bottom = y + side - (_QUIET + row_number + 1) * module
        start = None
        for column, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                path.rect(x + (_QUIET + start) * module, bottom, (column - start) * module, module)
                start = None
    canvas.setFillColor(HexColor(0x000000))
    canvas.drawPath(path, stroke=0, fill=1)


#: signs that must not begin a line
_NOT_FIRST = frozenset("，。、；：？！）》」』”’·")


def wrapped(text: str, font: str, size: float, room: float, most: int) -> list[str]:
    """``text`` in at most ``most`` lines no wider than ``room`` points; what does not fit ends in …"""
    lines, line = [], ""
    for sign in text:
        if stringWidth(line + sign, font, size) <= room or (sign in _NOT_FIRST and line):
            line += sign
            continue
        lines.append(line)
        line = sign
    lines.append(line)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], _shortened("".join(lines[most - 1 :]), font, size, room)]


def _shortened(text: str, font: str, size: float, room: float) -> str:
    if stringWidth(text, font, size) <= room:
        return text
    while text and stringWidth(text + "…", font, size) > room:
        text = text[:-1]
    return text + "…"
