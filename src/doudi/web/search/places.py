"""Units and posts by what they are called, looked up in memory: renaming one touches no record that lies there."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from doudi.engine.places.initials import initials, may_be_sounds
from doudi.engine.search.folding import BETWEEN, beside, joined
from doudi.web.areas.queries import town_settings
from doudi.web.edition_cache import by_edition
from doudi.web.people.models import Post
from doudi.web.places.models import PlaceName
from doudi.web.units.models import Unit
from doudi.web.units.queries import places_version

#: fewer signs of a code than these are met in many codes by chance
_LEAST_OF_CODE = 6


@dataclass(frozen=True, slots=True)
class Called:
    """What each of many is called, in one long text: ``codes[n]`` is called what stands from ``begins[n]``."""

    said: str
    begins: tuple[int, ...]
    codes: tuple[str, ...]

    def found(self, part: str) -> set[str]:
        """The codes of those in whose names the folded part stands."""
        found, at = set(), self.said.find(part)
        while at >= 0:
            number = bisect_right(self.begins, at) - 1
            found.add(self.codes[number])
            if number + 1 == len(self.codes):
                break
            at = self.said.find(part, self.begins[number + 1])
        return found


def _called(rows: list[tuple[str, str]]) -> Called:
    begins, at = [], 0
    for _, said in rows:
        begins.append(at)
        at += len(said) + 1
    return Called(BETWEEN.join(said for _, said in rows), tuple(begins), tuple(code for code, _ in rows))


def units_called(part: str) -> set[str]:
    """Units in whose name or address the part stands, and those whose code holds it, if it is long enough."""
    named, coded = _units(places_version())
    return named.found(part) | (coded.found(part) if len(part) >= _LEAST_OF_CODE and part.isascii() else set())


@by_edition(2)
def _units(version: int) -> tuple[Called, Called]:
    rows = list(Unit.objects.order_by().values_list("code", "name", "address"))
    return _called([(code, joined(beside((name, address)))) for code, name, address in rows]), _called(
        [(code, code) for code, _, _ in rows]
    )


def units_sounding(part: str) -> set[str]:
    """Units in whose names, by the first letters of their sounds, the part stands."""
    return _sounding(places_version()).found(part) if may_be_sounds(part) else set()


@by_edition(1)
def _sounding(version: int) -> Called:
    # 25 µs a name: only whoever types letters pays for it, once for each change of the places.
    rows = list(Unit.objects.order_by().values_list("code", "name"))
    return _called([(code, BETWEEN.join(initials(name)).upper()) for code, name in [*rows, *_other_names()]])


def units_also_called(part: str) -> set[str]:
    """Units of which another name, beside the one they bear, holds the part."""
    return _also(places_version()).found(part)


@by_edition(2)
def _also(version: int) -> Called:
    return _called([(code, joined(name)) for code, name in _other_names()])


def _other_names() -> list[tuple[str, str]]:
    named = PlaceName.objects.filter(until__isnull=True, unit__isnull=False)
    return [(str(code), name) for code, name in named.order_by("name", "id").values_list("unit_id", "name")]


def posts_called(part: str) -> set[str]:
    """Posts in whose own name or whose office's name the part stands."""
    return _posts(town_settings().version).found(part)


@by_edition(2)
def _posts(version: int) -> Called:
    rows = Post.objects.order_by().values_list("code", "name", "office__name")
    return _called([(code, joined(beside((name, office)))) for code, name, office in rows])
