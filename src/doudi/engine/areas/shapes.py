"""In which area a point lies: always the same answer, also on a line that two areas share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from shapely import MultiPolygon, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from doudi.engine.errors import DoudiError


class ShapeError(DoudiError):
    """An area's shape is no proper polygon, or an area was given twice."""


@dataclass(frozen=True, slots=True)
class AreaShape:
    """An area and its outline, WGS-84 longitude and latitude; `ShapeError` refuses what is no proper polygon."""

    code: str
    polygon: BaseGeometry

    def __post_init__(self) -> None:
        if not isinstance(self.polygon, Polygon | MultiPolygon) or self.polygon.is_empty:
            raise ShapeError("区域“{code}”的边界不是多边形，请重新勾画。", code=self.code)
        if not self.polygon.is_valid:
            raise ShapeError(
                "区域“{code}”的边界自相交或不闭合（{why}），请重新勾画。",
                code=self.code,
                why=explain_validity(self.polygon),
            )


class AreaShapes:
    """Areas that can be searched by place; an area given twice is refused with `ShapeError`."""

    __slots__ = ("_shapes", "_tree")

    def __init__(self, shapes: Iterable[AreaShape]) -> None:
        # In order of code, so that the first hit is the smallest one.
        self._shapes = sorted(shapes, key=lambda shape: shape.code)
        codes = [shape.code for shape in self._shapes]
        if twice := [code for code, after in pairwise(codes) if code == after]:
            raise ShapeError("区域“{code}”的边界登记了两次，请删去其中一条。", code=twice[0])
        self._tree = STRtree([shape.polygon for shape in self._shapes])

    def locate(self, lon: float, lat: float) -> str | None:
        """The area that the point lies in or on the edge of: of several the smallest code, of none ``None``."""
        hits = self._tree.query(Point(lon, lat), predicate="intersects")
        return self._shapes[min(hits)].code if len(hits) else None
