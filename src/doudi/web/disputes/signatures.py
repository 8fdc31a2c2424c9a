"""A signature as it was given: a name, and perhaps strokes of a finger, drawn again as lines and never as markup."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from doudi.web.disputes.models import Statement

WIDTH, HEIGHT = 320, 120
_MOST_POINTS = 4000


@dataclass(frozen=True, slots=True)
class Signature:
    """``lines``: the points of each stroke, for an SVG polyline; empty when the name was only typed."""

    name: str
    lines: tuple[str, ...] = ()


def signature_of(made: Statement) -> Signature | None:
    """None where nobody signed or the signature was erased."""
    if made.signature is None or not made.signature.text:
        return None
    name, _, strokes = made.signature.text.partition("\n")
    return Signature(name, lines_of(strokes))


def lines_of(strokes: str) -> tuple[str, ...]:
    """Only whole numbers inside the frame come through; anything else is no stroke."""
    if not re.fullmatch(r"[\[\]\d,\s]*", strokes) or not strokes.strip():
        return ()
    try:
        read = json.loads(strokes)
    except ValueError:
        return ()
    lines, left = [], _MOST_POINTS
    for stroke in read if isinstance(read, list) else ():
        points = [point for point in stroke if _is_point(point)][:left] if isinstance(stroke, list) else []
        left -= len(points)
        if len(points) > 1:
            lines.append(" ".join(f"{x},{y}" for x, y in points))
    return tuple(lines)


def _is_point(point: object) -> bool:
    if not isinstance(point, list) or len(point) != 2 or not all(isinstance(one, int) for one in point):
        return False
    return bool(point[0] <= WIDTH and point[1] <= HEIGHT)
