"""Sets of whole numbers written as few intervals: the sides of boxes.

A side is a tuple of half-open intervals ``(low, high)``, rising, none touching the next. Every function
expects such sides and gives one back, so two sides are the same set exactly when they are equal.
"""

from __future__ import annotations

from collections.abc import Iterable

Side = tuple[tuple[int, int], ...]
Sides = tuple[Side, ...]

EMPTY: Side = ()


def side_of(intervals: Iterable[tuple[int, int]]) -> Side:
    """The side of any intervals, in any order, that may overlap, touch or be empty."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(intervals):
        if low >= high:
            continue
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def meet(one: Side, other: Side) -> Side:
    """The numbers in both."""
    if len(one) == 1 and len(other) == 1:
        (low, high), (start, end) = one[0], other[0]
        if start <= low and high <= end:
            return one
        if low <= start and end <= high:
            return other
        low, high = (start if low < start else low), (end if end < high else high)
        return ((low, high),) if low < high else EMPTY
    found: list[tuple[int, int]] = []
    i = j = 0
    while i < len(one) and j < len(other):
        low, high = max(one[i][0], other[j][0]), min(one[i][1], other[j][1])
        if low < high:
            found.append((low, high))
        if one[i][1] < other[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def minus(one: Side, other: Side) -> Side:
    """The numbers in ``one`` that are not in ``other``."""
    found: list[tuple[int, int]] = []
    for low, high in one:
        for taken_low, taken_high in other:
            if taken_high <= low:
                continue
            if taken_low >= high:
                break
            if low < taken_low:
                found.append((low, taken_low))
            low = taken_high
        if low < high:
            found.append((low, high))
    return tuple(found)


def inside(one: Side, other: Side) -> bool:
    """Whether ``other`` has every number of ``one``."""
    return all(any(low <= first and end <= high for low, high in other) for first, end in one)


def touches(side: Side, low: int, high: int) -> bool:
    """Whether any number from ``low`` to just under ``high`` is in the side."""
    for start, end in side:  # noqa: SIM110 - a generator would cost twice the time
        if start < high and low < end:
            return True
    return False


def holds(side: Side, number: int) -> bool:
    for low, high in side:  # noqa: SIM110 - a generator would cost twice the time
        if low <= number < high:
            return True
    return False


def size(side: Side) -> int:
    """How many numbers the side has."""
    return sum(high - low for low, high in side)


def points(sides: Iterable[Side]) -> int:
    """How many points the box of these sides has."""
    product = 1
    for side in sides:
        product *= size(side)
    return product
