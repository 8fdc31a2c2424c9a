"""The lane of a matter: the higher of its kind's own lane and of the danger that stands."""

from __future__ import annotations

from doudi.engine.danger.assessment import Severity
from doudi.engine.kinds.catalogue import Lane

_SEVERITIES = {Lane.LIFE: Severity.LIFE, Lane.URGENT: Severity.URGENT, Lane.NORMAL: Severity.NONE}
_LANES = {severity: lane for lane, severity in _SEVERITIES.items()}
_FIRST_TO_LAST = tuple(_SEVERITIES)


def lane_of_danger(severity: Severity) -> Lane:
    """How fast a danger alone has to be met."""
    return _LANES[severity]


def danger_of_lane(lane: Lane) -> Severity:
    """The danger that alone would put a matter there."""
    return _SEVERITIES[lane]


def higher(one: Lane, other: Lane) -> Lane:
    return min(one, other, key=_FIRST_TO_LAST.index)


def is_above(one: Lane, other: Lane) -> bool:
    """Whether ``one`` has to be met sooner."""
    return _FIRST_TO_LAST.index(one) < _FIRST_TO_LAST.index(other)


def greater(one: Severity, other: Severity) -> Severity:
    return danger_of_lane(higher(lane_of_danger(one), lane_of_danger(other)))
