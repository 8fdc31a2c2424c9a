"""Prove that every spot of the town lies in exactly one grid, or list the places where it does not.

Areas are measured in square metres on a plane laid at the town's middle latitude; over a town of 20 km this is true
to a few parts in a thousand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import Polygon, STRtree, get_parts, transform, unary_union
from shapely.geometry.base import BaseGeometry

from doudi.engine.areas.coordinates import metres_per_degree
from doudi.engine.areas.shapes import AreaShape

TOLERANCE_M2 = 1.0
_BESIDE_M = 0.5


@dataclass(frozen=True, slots=True)
class Patch:
    """One place where the grids fail: how large, a point inside it, and the grids concerned, in order of code."""

    area_m2: float
    lon: float
    lat: float
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tiling:
    """What was found, the largest first.

    ``gaps`` are town ground in no grid, with the grids beside them; ``overlaps`` are ground in two grids, one
    patch for each pair; ``outside`` is ground of a grid beyond the town.
    """

    gaps: tuple[Patch, ...]
    overlaps: tuple[Patch, ...]
    outside: tuple[Patch, ...]

    @property
    def is_complete(self) -> bool:
        """Whether the grids tile the town, up to the tolerance."""
        return not (self.gaps or self.overlaps or self.outside)


def prove_tiling(town: AreaShape, grids: Iterable[AreaShape], tolerance_m2: float = TOLERANCE_M2) -> Tiling:
    """Compare the grids with the town; patches up to ``tolerance_m2`` are rounding of coordinates and left out."""
    plane = _Plane(town.polygon)
    ordered = sorted(grids, key=lambda grid: grid.code)
    codes = [grid.code for grid in ordered]
    shapes = [plane.lay(grid.polygon) for grid in ordered]
    ground = plane.lay(town.polygon)
    tree = STRtree(shapes)

    def patches(found: Iterable[tuple[BaseGeometry, Sequence[str]]]) -> tuple[Patch, ...]:
        listed = [
            plane.patch(part, concerned)
            for shape, concerned in found
            for part in get_parts(shape)
            if isinstance(part, Polygon) and part.area > tolerance_m2
        ]
        return tuple(sorted(listed, key=lambda patch: (-patch.area_m2, patch.codes, patch.lon, patch.lat)))

    def gaps() -> Iterator[tuple[BaseGeometry, Sequence[str]]]:
        for part in get_parts(ground.difference(unary_union(shapes))):
            beside = tree.query(part, predicate="dwithin", distance=_BESIDE_M)
            yield part, [codes[number] for number in sorted(beside)]

    def overlaps() -> Iterator[tuple[BaseGeometry, Sequence[str]]]:
        for first, second in tree.query(np.array(shapes, dtype=object), predicate="intersects").T:
            if first < second:
                yield shapes[first].intersection(shapes[second]), (codes[first], codes[second])

    outside = ((shape.difference(ground), (code,)) for code, shape in zip(codes, shapes, strict=True))
    return Tiling(patches(gaps()), patches(overlaps()), patches(outside))


class _Plane:
    """A flat map in metres around the middle of a shape."""

    def __init__(self, shape: BaseGeometry) -> None:
        middle = shape.centroid
        self._origin = np.array([middle.x, middle.y])
        self._scale = np.array(metres_per_degree(middle.y))

    def lay(self, shape: BaseGeometry) -> BaseGeometry:
        def to_metres(points: NDArray[np.float64]) -> NDArray[np.float64]:
            metres: NDArray[np.float64] = (points - self._origin) * self._scale
            return metres

        return transform(shape, to_metres)

    def patch(self, part: Polygon, codes: Sequence[str]) -> Patch:
        inside = part.representative_point()
        lon, lat = self._origin + np.array([inside.x, inside.y]) / self._scale
        return Patch(part.area, float(lon), float(lat), tuple(codes))
