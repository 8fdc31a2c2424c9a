"""Places as a town hands them over: a CSV or XLSX table of shops, facilities, edges and spots."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from doudi.engine.areas.codes import AreaCodeError, parse_area_code
from doudi.engine.areas.coordinates import CoordinateSystem
from doudi.engine.units.codes import UnitCode, UnitCodeError
from doudi.web.tables.named import Columns, Line, read_lines
from doudi.web.units.services import NewUnit

COLUMNS: Columns = {
    "code": ("编码", "单元编码", "一码"),
    "type": ("类型", "单元类型"),
    "name": ("名称", "场所名称", "店招"),
    "area": ("网格", "网格代码", "区域", "区域代码"),
    "address": ("地址", "门牌"),
    "longitude": ("经度", "lon", "lng"),
    "latitude": ("纬度", "lat"),
    "coordinates": ("坐标系",),
    "facts": ("情况", "要素"),
    "external": ("外部编码",),
    "credit_code": ("统一社会信用代码", "社会信用代码", "信用代码"),
    "supervisor": ("主管单位",),
    "owner": ("权属单位",),
    "maintainer": ("养护单位",),
    "since": ("启用日期", "起始日期"),
}


def read_units(path: Path, since: date) -> list[tuple[Line, NewUnit]]:
    """The places in the table, each with its line, since their types and offices are checked above.

    ``facts`` and ``external`` are written as ``owner=unknown; managed=no``, a credit code as it is. Raises TableError with file and line.
    """
    return [(line, unit_of(line, since)) for line in read_lines(path, COLUMNS, needed=("type", "name", "area"))]


def unit_of(line: Line, since: date) -> NewUnit:
    """The place that a line tells of. Raises TableError."""
    try:
        area = str(parse_area_code(line.need("area")))
        code = str(UnitCode.parse(line.get("code"))) if line.get("code") else ""
    except (AreaCodeError, UnitCodeError) as error:
        raise line.wrong("{why}", why=error) from error
    system = line.get("coordinates").lower() or "wgs84"
    if system not in list(CoordinateSystem):
        raise line.wrong(
            "不认识的坐标系“{system}”，可以写：{known}。", system=system, known="、".join(CoordinateSystem)
        )
    return NewUnit(
        type=line.need("type"),
        name=line.need("name"),
        area=area,
        address=line.get("address"),
        point=_point(line),
        coordinate_system=system,
        facts=_pairs(line, "facts"),
        external_codes=_pairs(line, "external")
        | ({"credit_code": line.get("credit_code")} if line.get("credit_code") else {}),
        supervisor=line.get("supervisor") or None,
        owner=line.get("owner") or None,
        maintainer=line.get("maintainer") or None,
        since=line.day("since") or since,
        code=code,
        given=line.given,
    )


def _point(line: Line) -> tuple[float, float] | None:
    longitude, latitude = line.number_in("longitude"), line.number_in("latitude")
    if longitude == latitude == 0:
        return None
    if longitude is None or latitude is None:
        if longitude is not None or latitude is not None:
            raise line.wrong("经度和纬度要么都填，要么都不填。")
        return None
    if not (73 <= longitude <= 136 and 3 <= latitude <= 54):
        raise line.wrong(
            "经纬度 {longitude}, {latitude} 不在国内，是不是写反了？", longitude=longitude, latitude=latitude
        )
    return longitude, latitude


def _pairs(line: Line, column: str) -> dict[str, str]:
    found = {}
    for pair in line.several(column):
        name, sign, value = pair.partition("=")
        if not sign or not name or not value:
            raise line.wrong(
                "“{column}”请写成 owner=unknown; managed=no 这样，现有“{pair}”。", column=column, pair=pair
            )
        found[name] = value
    return found
