"""Areas as pages and other slices read them. The tree is kept in memory for as long as the edition stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from django.db import connection
from shapely.geometry import shape

from doudi.engine.areas.shapes import AreaShape, AreaShapes
from doudi.engine.trees import Tree
from doudi.web import standing
from doudi.web.areas.models import Area, Directory

_ENDINGS = ("村民委员会", "居民委员会", "村委会", "居委会", "居民区", "社区", "村")


@dataclass(frozen=True)
class AreaDirectory:
    """The areas of one edition: tree, names and shapes."""

    edition: int
    areas: dict[str, Area]

    @cached_property
    def tree(self) -> Tree:
        return Tree({code: area.parent_id for code, area in self.areas.items()})

    @cached_property
    def shapes(self) -> AreaShapes:
        grids = [area for area in self.areas.values() if area.kind == Area.Kind.GRID and area.polygon]
        return AreaShapes([AreaShape(area.code, shape(area.polygon)) for area in grids])

    @cached_property
    def root(self) -> str | None:
        return next((code for code, area in self.areas.items() if area.parent_id is None), None)

    @cached_property
    def called(self) -> tuple[tuple[str, str], ...]:
        """What people call the villages and neighbourhoods: (code, name), and once more with each everyday short form."""
        named = [area for area in self.areas.values() if area.kind in (Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD)]
        return tuple((area.code, name) for area in named for name in _names(area.name))

    def name(self, code: str | None) -> str:
        return self.areas[code].name if code in self.areas else (code or "")

    def path(self, code: str | None) -> str:
        """"东片村 · 第三网格": the names from below the town down to the area."""
        if code not in self.areas:
            return code or ""
        return " · ".join(self.areas[one].name for one in reversed(list(self.tree.upward(code))[:-1])) or self.name(code)

    def below(self, codes: Iterable[str]) -> frozenset[str]:
        """The areas named and all that lies below them."""
        wanted = set(codes)
        return frozenset(code for code in self.areas if any(up in wanted for up in self.tree.upward(code)))


def _names(name: str) -> tuple[str, ...]:
    """A name and its everyday short form, where that is long enough to mean only this place."""
    for ending in _ENDINGS:
        short = name.removesuffix(ending)
        if short != name and len(short) >= 2:
            return name, short + ending[-1:], *((short,) if len(short) >= 3 else ())
    return (name,)


_lock = Lock()
_kept: AreaDirectory | None = None


def directory() -> Directory:
    return standing.once("directory", _directory)


def _directory() -> Directory:
    # Every request asks this: in plain words it costs a fifth of what the same query costs to be put together.
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, town_name, hotline, edition FROM doudi_areas_directory WHERE id = 1")
        row = cursor.fetchone()
    return Directory(*row) if row else Directory(id=1, edition=0)


def areas(edition: int | None = None) -> AreaDirectory:
    """The areas as they stand now: one small read when nothing changed."""
    global _kept
    edition = directory().edition if edition is None else edition
    kept = _kept
    if kept is None or kept.edition != edition:
        with _lock:
            kept = _kept = AreaDirectory(edition, {area.code: area for area in Area.objects.filter(until__isnull=True)})
    return kept


def locate(longitude: float, latitude: float) -> str | None:
    """The grid in which a WGS-84 point lies."""
    return areas().shapes.locate(longitude, latitude)
