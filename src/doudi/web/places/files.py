"""Names of places as a town hands them over: a CSV or XLSX table, a name a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from doudi.engine.places.gazetteer import SHORTEST_NAME
from doudi.web.places.models import PlaceName
from doudi.web.places.services import NewName
from doudi.web.tables.named import Columns, Line, read_lines

COLUMNS: Columns = {
    "name": ("地名", "名称", "俗称", "别名"),
    "sort": ("类别", "类型"),
    "unit": ("场所编码", "单元编码", "编码", "一码"),
    "area": ("区域代码", "网格代码", "区域", "网格", "村居代码"),
    "of": ("现名", "道路现名", "指的是"),
    "since": ("启用日期", "起始日期"),
    "until": ("停用日期", "截止日期", "停用"),
    "source": ("来源", "依据"),
}
_SORTS = {
    **{value: value for value in PlaceName.Sort.values},
    **{str(label): str(value) for value, label in PlaceName.Sort.choices},
    "路": "road",
    "河": "water",
    "村": "area",
    "村居": "area",
    "网格": "area",
    "镇外": "outside",
    "外镇": "outside",
}


@dataclass(frozen=True, slots=True)
class NamedLine:
    """A name with its line; ``ended``: the sheet says that nobody uses it any more."""

    line: Line
    name: NewName
    ended: bool


def read_names(path: Path, today: date) -> list[NamedLine]:
    """The names in the table. A name whose last day lies behind ``today`` is one to be ended.

    Raises TableError with file and line for a name too short, an unknown sort, and a name that leads nowhere.
    """
    return [_name(line, path, today) for line in read_lines(path, COLUMNS, needed=("name",))]


def _name(line: Line, path: Path, today: date) -> NamedLine:
    name, unit, area, of = line.need("name"), line.get("unit"), line.get("area"), line.get("of")
    if len(name) < SHORTEST_NAME:
        raise line.wrong("地名“{name}”太短：至少两个字，否则会在别的词里误认。", name=name)
    written = line.get("sort") or ("unit" if unit else "road" if of else "area" if area else "outside")
    if written not in _SORTS:
        raise line.wrong("不认识的地名类别“{sort}”，可以写：{known}。", sort=written, known="、".join(_SORTS))
    sort = _SORTS[written]
    if sort not in ("road", "outside") and not (unit or area):
        raise line.wrong("地名“{name}”没有写在哪里：请填场所编码或区域代码。", name=name)
    until = line.day("until")
    made = NewName(name, sort, line.get("source") or path.name, unit or None, area or None, of, line.day("since"))
    return NamedLine(line, made, until is not None and until <= today)
