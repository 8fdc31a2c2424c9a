"""Areas as pages and other slices read them. The tree is kept in memory for as long as the town's version stands."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
from shapely.geometry import shape

from doudi.engine.areas.shapes import AreaShape, AreaShapes
from doudi.engine.trees import Tree, TreeError
from doudi.web import request_cache
from doudi.web.areas.models import Area, TownSettings
from doudi.web.edition_cache import by_edition

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class AreaDirectory:
    """The areas of one version: tree, names and shapes."""

    version: int
    areas: dict[str, Area]

    @cached_property
    def tree(self) -> Tree:
        parents = {code: area.parent_id for code, area in self.areas.items()}
        try:
            return Tree(parents)
        except TreeError as error:
            if not parents:
                raise
            # No report may wait for a directory to be mended: what hangs in the air hangs on the town meanwhile.
            logger.error("the areas form no tree: %s", error)
            return Tree(_mended(parents, self.root))

    @cached_property
    def shapes(self) -> AreaShapes:
        return AreaShapes(
            [
                AreaShape(area.code, shape(area.polygon))
                for area in self.areas.values()
                if area.kind == Area.Kind.GRID and area.polygon
            ]
        )

    @cached_property
    def root(self) -> str | None:
        found = [code for code, area in self.areas.items() if area.parent_id is None]
        return next(iter(found or [code for code, area in self.areas.items() if area.kind == Area.Kind.TOWN]), None)

    def name(self, code: str | None) -> str:
        return self.areas[code].name if code in self.areas else (code or "")

    def path(self, code: str | None) -> str:
        """ "东片村 · 第三网格": the names from below the town down to the area."""
        if code not in self.areas:
            return code or ""
        return " · ".join(self.areas[one].name for one in reversed(list(self.tree.upward(code))[:-1])) or self.name(
            code
        )

    def below(self, codes: Iterable[str]) -> frozenset[str]:
        """The areas named and all that lies below them."""
        wanted = set(codes)
        return frozenset(code for code in self.areas if any(up in wanted for up in self.tree.upward(code)))


def _mended(parents: dict[str, str | None], root: str | None) -> dict[str, str | None]:
    """The same without circles and strangers: each area whose way up does not end at a root hangs on ``root``."""
    mended: dict[str, str | None] = {}
    for code, above in parents.items():
        way, up = {code}, above
        while up is not None and up in parents and up not in way:
            way.add(up)
            up = parents[up]
        mended[code] = above if up is None else root
    return mended | ({root: None} if root is not None else {})


def town_settings() -> TownSettings:
    return request_cache.once("town_settings", _read_settings)


def _read_settings() -> TownSettings:
    # Every request asks this: in plain words it costs a fifth of what the same query costs to be put together.
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, town_name, hotline, edition FROM doudi_areas_directory WHERE id = 1")
        row = cursor.fetchone()
    return TownSettings(*row) if row else TownSettings(id=1, version=0)


def areas(version: int | None = None) -> AreaDirectory:
    """The areas as they stand now: one small read when nothing changed."""
    return _areas(town_settings().version if version is None else version)


@by_edition(1)
def _areas(version: int) -> AreaDirectory:
    return AreaDirectory(version, {area.code: area for area in Area.objects.filter(until__isnull=True)})


def locate(longitude: float, latitude: float) -> str | None:
    """The grid in which a WGS-84 point lies."""
    return areas().shapes.locate(longitude, latitude)
