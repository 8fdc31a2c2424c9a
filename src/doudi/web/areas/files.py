"""Areas as a town hands them over: a GeoJSON FeatureCollection with their outlines, or a CSV or XLSX table without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from shapely import force_2d
from shapely.geometry import mapping, shape

from doudi.engine.areas.codes import AreaCode, AreaCodeError, AreaKind, parse_area_code
from doudi.engine.areas.shapes import AreaShape, ShapeError
from doudi.web.areas.models import Area
from doudi.web.areas.services import NewArea
from doudi.web.tables.books import features_of
from doudi.web.tables.named import Columns, Line, cell_text, headers_of, read_lines

COLUMNS: Columns = {
    "code": ("代码", "区划代码", "编码", "网格编码", "网格代码"),
    "name": ("名称", "区域名称", "网格名称"),
    "kind": ("类型", "类别", "级别"),
    "parent": ("上级", "上级代码", "所属"),
    "since": ("启用日期", "起始日期", "自"),
}
_KINDS = {
    **{one: Area.Kind(one) for one in Area.Kind.values},
    "镇": Area.Kind.TOWN,
    "街道": Area.Kind.TOWN,
    "乡": Area.Kind.TOWN,
    "村": Area.Kind.VILLAGE,
    "行政村": Area.Kind.VILLAGE,
    "居委": Area.Kind.NEIGHBOURHOOD,
    "居民区": Area.Kind.NEIGHBOURHOOD,
    "社区": Area.Kind.NEIGHBOURHOOD,
    "网格": Area.Kind.GRID,
    "单元网格": Area.Kind.GRID,
}
_BY_CODE = {
    AreaKind.TOWN: Area.Kind.TOWN,
    AreaKind.VILLAGE: Area.Kind.VILLAGE,
    AreaKind.GRID: Area.Kind.GRID,
    AreaKind.NEIGHBOURHOOD: Area.Kind.NEIGHBOURHOOD,
    AreaKind.SIMILAR: Area.Kind.NEIGHBOURHOOD,
}


def read_areas(path: Path, since: date) -> list[NewArea]:
    """The areas in the file, parents first; ``since`` stands where the file names no day.

    Kind and parent follow from the code where they are not written. Raises TableError with file and line (for GeoJSON:
    the number of the feature).
    """
    return areas_of(
        _features(path) if path.suffix.lower() in (".geojson", ".json") else ((line, None) for line in _table(path)),
        since,
    )


def areas_of(lines: Iterable[tuple[Line, Any]], since: date) -> list[NewArea]:
    """The same of lines that come from elsewhere, each with its outline or None."""
    found: dict[str, tuple[Line, NewArea]] = {}
    for line, outline in lines:
        area = _area(line, outline, since)
        if area.code in found:
            raise line.wrong("区域代码 {code} 写了两次。", code=area.code)
        found[area.code] = line, area
    return _parents_first(found)


def _table(path: Path) -> Iterator[Line]:
    return read_lines(path, COLUMNS, needed=("code", "name"))


def _area(line: Line, outline: Any, since: date) -> NewArea:
    try:
        code = parse_area_code(line.need("code"))
    except AreaCodeError as error:
        raise line.wrong("{why}", why=error) from error
    known = Area.objects.filter(code=str(code)).first()
    written = line.get("kind") or (known.kind if known else "")
    if written and written not in _KINDS:
        raise line.wrong("不认识的区域类型“{kind}”，请写镇、村、居民区或网格。", kind=written)
    kind = _KINDS[written] if written else _BY_CODE[code.kind]
    if (kind == Area.Kind.GRID) != code.is_grid:
        raise line.wrong("代码 {code} 的位数与类型不符：网格 15 位，其余 12 位。", code=code)
    return NewArea(
        str(code),
        line.need("name"),
        kind,
        _parent(line, code, kind, known),
        line.day("since") or since,
        _outline(line, code, outline),
        line.given | ({"polygon"} if outline else set()),
    )


def _parent(line: Line, code: AreaCode, kind: str, known: Area | None) -> str | None:
    if kind == Area.Kind.TOWN:
        return None
    try:
        if written := line.get("parent"):
            return str(parse_area_code(written))
    except AreaCodeError as error:
        raise line.wrong("{why}", why=error) from error
    return known.parent_id if known else str(code.parent)


def _outline(line: Line, code: AreaCode, outline: Any) -> dict[str, object] | None:
    if not outline:
        return None
    try:
        polygon = force_2d(shape(outline))
        AreaShape(str(code), polygon)
    except (ShapeError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise line.wrong("边界有误：{why}", why=error) from error
    west, south, east, north = polygon.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise line.wrong("边界不是经纬度（WGS-84）。请先转换坐标，不要用平面坐标。")
    return dict(mapping(polygon))


def _features(path: Path) -> Iterator[tuple[Line, Any]]:
    for number, feature in enumerate(features_of(path), 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if not isinstance(properties, dict):
            raise Line(path.name, number, {}).wrong("这个区域没有 properties。")
        # Drawing programs write capitals, and add columns of their own, which are not ours to judge.
        names = headers_of([str(key) for key in properties], COLUMNS)
        cells = {
            name: cell_text(value)
            for name, value in zip(names, properties.values(), strict=True)
            if name and value is not None
        }
        yield Line(path.name, number, cells, frozenset(cells)), feature.get("geometry")


_RANK = {Area.Kind.TOWN: 0, Area.Kind.VILLAGE: 1, Area.Kind.NEIGHBOURHOOD: 1, Area.Kind.GRID: 2}


def _require_tree(found: dict[str, tuple[Line, NewArea]]) -> None:
    """Each area lies in one of a larger kind, so that none lies in itself, by whatever way."""
    kinds = dict(Area.objects.values_list("code", "kind")) | {code: area.kind for code, (_, area) in found.items()}
    below = dict(Area.objects.filter(until__isnull=True).values_list("code", "parent"))
    for line, area in found.values():
        if area.parent == area.code:
            raise line.wrong("区域 {code} 的上级写成了自己。", code=area.code)
        if area.parent is not None and _RANK[Area.Kind(kinds[area.parent])] >= _RANK[Area.Kind(area.kind)]:
            raise line.wrong("区域 {code} 的上级 {parent} 不比它大一级。", code=area.code, parent=area.parent)
        inside = (code for code, up in below.items() if up == area.code and code not in found)
        if small := next((code for code in inside if _RANK[Area.Kind(kinds[code])] <= _RANK[Area.Kind(area.kind)]), ""):
            raise line.wrong("区域 {code} 下面还有 {small}，不能改成这个类型。", code=area.code, small=small)


def _parents_first(found: dict[str, tuple[Line, NewArea]]) -> list[NewArea]:
    standing = set(Area.objects.filter(until__isnull=True).values_list("code", flat=True))
    for line, area in found.values():
        if area.parent is not None and area.parent not in found and area.parent not in standing:
            raise line.wrong("上级区域 {parent} 既不在文件里，也还没有载入。", parent=area.parent)
    _require_tree(found)
    order = [Area.Kind.TOWN, Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD, Area.Kind.GRID]
    return sorted((area for _, area in found.values()), key=lambda area: (order.index(Area.Kind(area.kind)), area.code))
