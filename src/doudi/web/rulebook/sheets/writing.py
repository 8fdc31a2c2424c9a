"""Write the rules as XLSX with lists to choose from, or as CSV; what is written is read back as it was."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import gettext

from doudi.engine.duties.rules import COLUMNS, Rule
from doudi.web.rulebook.cells import HEADERS, NAMED, NEEDED, SEVERAL, Cells
from doudi.web.rulebook.models import Version
from doudi.web.tables.writing import Column, csv_parts

RULES_SHEET, CODES_SHEET, GUIDE_SHEET = "规则", "代码", "说明"
#: the custom property that says what the table looked like when it was written
DIGEST = "doudi_digest"
_WIDTHS = {
    "id": 9,
    "layer": 15,
    "list": 10,
    "kinds": 30,
    "unit_types": 20,
    "areas": 20,
    "hours": 11,
    "facts": 16,
    "holder": 26,
    "supports": 30,
    "competent": 22,
    "basis": 24,
    "source": 26,
    "since": 12,
    "until": 12,
    "note": 24,
    "settles": 14,
}
#: rows below the last rule that have lists too, for new rules
_SPARE = 200
_GUIDE = (
    "这份表是规则手册第 {number} 版“{title}”的职责规则，一行一条。",
    "改好后在草案页“上传表格”；整张表读通了才会保存，有问题会写明在哪一格。",
    "空着的条件就是不限；一格里写几个，用中文分号“；”隔开。",
    "名称、代码都可以写；可选的名称见“代码”表，也可从下拉列表选。",
    "编号一经使用不再改、不再给别的规则用；新规则请用新的编号。删去一行就是删去这条规则。",
    "日期写成 2026-01-31；失效日当天起不再适用。",
    "协办角色后面写明要不要等它：知会（不等）、处置前、结案前；不写就是处置前要等。",
    "层级：交叉裁定 > 法规与履职清单 > 镇级规则 > 空白裁定；同一层级范围小的优先。",
    "请不要合并单元格、不要写公式、不要改表头。",
)


def write_xlsx(version: Version, rules: Iterable[Rule], cells: Cells, target: BinaryIO) -> None:
    """The workbook: rules with a fixed head and lists, every code with its name, and how to fill it in."""
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_custom_property(DIGEST, version.digest)
    head = book.add_format({"bold": True, "bg_color": "#DCEBEA", "bottom": 1, "text_wrap": True, "valign": "vcenter"})
    plain = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    rows = list(rules)
    sheet, codes, guide = (book.add_worksheet(name) for name in (RULES_SHEET, CODES_SHEET, GUIDE_SHEET))
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, _WIDTHS[column], plain)
        sheet.write_string(0, place, HEADERS[column] + ("＊" if column in NEEDED else ""), head)
    sheet.set_row(0, 24)
    for line, rule in enumerate(rows, 1):
        for place, text in enumerate(cells.texts(rule).values()):
            if text:
                sheet.write_string(line, place, text, plain)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(COLUMNS) - 1)
    _lists(sheet, codes, cells, head, len(rows) + _SPARE)
    guide.set_column(0, 0, 90, plain)
    for line, text in enumerate(_GUIDE):
        guide.write_string(line, 0, gettext(text).format(number=version.number, title=version.title), plain)
    book.close()


def _lists(sheet: Any, codes: Any, cells: Cells, head: Any, last: int) -> None:
    """The sheet of codes, and on the rules a list for each column that names things; where several may stand it only offers."""
    for number, column in enumerate(NAMED):
        left = number * 4
        for offset, title in enumerate((HEADERS[column], "代码", "属于")):
            codes.write_string(0, left + offset, title, head)
        for line, one in enumerate(cells.choices[column], 1):
            for offset, text in enumerate((one.shown, one.code, one.path)):
                codes.write_string(line, left + offset, text)
        codes.set_column(left, left, 28)
        codes.set_column(left + 1, left + 2, 22)
        letters = xlsxwriter.utility.xl_col_to_name(left)
        place = COLUMNS.index(column)
        sheet.data_validation(
            1,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": f"={CODES_SHEET}!${letters}$2:${letters}${len(cells.choices[column]) + 1}",
                "show_error": column not in SEVERAL,
                "ignore_blank": True,
                "error_title": HEADERS[column],
                "error_message": "请从列表中选一个。",
                "input_title": HEADERS[column],
                "input_message": "写几个时用“；”隔开" if column in SEVERAL else "从列表中选一个",
            },
        )
    codes.freeze_panes(1, 0)


def write_csv(rules: Iterable[Rule], cells: Cells) -> str:
    """The same table as CSV with a mark by which spreadsheets know it for UTF-8; no cell begins like a formula."""
    columns = [Column[dict[str, str]](title, itemgetter(column)) for column, title in HEADERS.items()]
    return b"".join(csv_parts(columns, map(cells.texts, rules))).decode()


def header(column: str) -> str:
    """The header of a column in the reader's language."""
    return gettext(HEADERS[column])
