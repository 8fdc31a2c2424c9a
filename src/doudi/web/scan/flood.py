"""Floods at the public forms: what is set apart, which photographs are put off, and when guessed codes raise an alarm.

Nothing well-formed is refused. A report that comes in a flood is set apart under the duty desk, unless it tells of danger
(`triage` sees to that). One source above its published figure is set apart whatever it says; where a plaque or the whole
town is above its figure, only what resembles what came lately is, and what says nothing that we know, so that others who
report meanwhile are heard.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.http import HttpRequest

from doudi.engine.folding import fold
from doudi.engine.people.vocabulary import Power
from doudi.web.limits import tally
from doudi.web.limits.address import address_of, network_of
from doudi.web.limits.buckets import Alarms, Buckets, Distinct
from doudi.web.people.attacks import tell_of_attack
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.triage.services import CROWD
from doudi.web.units.models import Unit

_HOUR, _DAY = 3600, 24 * 3600
#: where a rulebook gives no figure of its own
_FIGURES = {
    "most_per_hour_from_one_source": 30,
    "most_per_hour_at_one_plaque": 20,
    "most_per_hour_in_town": 120,
    "photos_per_day_from_one_source": 60,
    "photos_per_day_at_one_plaque": 60,
    "photos_per_day_in_town": 2000,
}
#: reports alike that still go their way while there is a flood, and again each hour
_ALIKE = 5
#: codes that are not ours, tried within ten minutes by one address, or by all
_GUESSED_BY_ONE, _GUESSED_BY_ALL = 20, 200

_guessed = Distinct(600, most=_GUESSED_BY_ALL)
_alarms = Alarms(_HOUR)


@lru_cache(maxsize=64)
def _buckets(name: str, most: int, seconds: int) -> Buckets:
    """``most`` at once, and so many again within ``seconds``; another figure begins with full ones."""
    return Buckets(burst=most, seconds=seconds / max(1, most))


def _figures() -> Mapping[str, Any]:
    return rulebook_on().parameters.get("quarantine") or {}


def _within(name: str, key: str, seconds: int, figures: Mapping[str, Any]) -> bool:
    return _buckets(name, int(figures.get(name, _FIGURES[name])), seconds).take(key)


@lru_cache(maxsize=8)
def _folded(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(fold, words))


def doubt(request: ActorRequest, text: str, unit: Unit | None) -> str:
    """Why a report is to be set apart: ``words``, ``source``, ``plaque``, ``town`` or ``crowd``; empty for most. Counts it."""
    if request.actor.may(Power.REPORT):
        return ""
    said, figures = fold(text), _figures()
    if said and said in _folded(tuple(figures.get("words", ()))):
        return "words"
    address = network_of(address_of(request))
    from_source = _within("most_per_hour_from_one_source", address, _HOUR, figures)
    at_plaque = unit is None or _within("most_per_hour_at_one_plaque", unit.code, _HOUR, figures)
    in_town = _within("most_per_hour_in_town", "", _HOUR, figures)
    is_alike = not _buckets("alike", _ALIKE, _HOUR).take(_likeness(said))
    why = (
        "" if from_source and at_plaque and in_town else "source" if not from_source else _of_crowd(at_plaque, is_alike)
    )
    if why:
        tally.count("report", why)
        if _alarms.is_due(f"reports {why}"):
            tell_of_attack("reports", 1, address)
    return why


def _of_crowd(at_plaque: bool, is_alike: bool) -> str:
    return CROWD if not is_alike else "town" if at_plaque else "plaque"


def may_keep_photo(request: HttpRequest, unit: Unit | None) -> bool:
    """Whether one more photograph fits into what an address, a plaque and the town have in a day."""
    figures = _figures()
    fits = (
        _within("photos_per_day_from_one_source", network_of(address_of(request)), _DAY, figures)
        and (unit is None or _within("photos_per_day_at_one_plaque", unit.code, _DAY, figures))
        and _within("photos_per_day_in_town", "", _DAY, figures)
    )
    if not fits:
        tally.count("photograph", "quota")
    return fits


def note_guess(request: HttpRequest, code: str) -> None:
    """A code that is not ours. One is a slip, many are somebody who looks for ours."""
    tally.count("code", "unknown")
    address = network_of(address_of(request))
    tried = code[:60].upper()
    for key, most in ((address, _GUESSED_BY_ONE), ("", _GUESSED_BY_ALL)):
        count = _guessed.add(key, tried)
        if count >= most and _alarms.is_due(f"codes {key}"):
            tell_of_attack("codes", count, address)


def _likeness(said: str) -> str:
    """What two reports share that only differ in digits, signs and what follows the first hundred letters."""
    letters = "".join(sign for sign in said if sign.isalpha())[:100]
    return blake2b(letters.encode(), digest_size=16).hexdigest()


def forget() -> None:
    """As after a start; for tests."""
    _buckets.cache_clear()
    _guessed.clear()
    _alarms.clear()
