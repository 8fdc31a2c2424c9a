"""For whom the town carried what it should not have had to: from who held and what was ordered, never typed in.

A holding by the backstop and each work order is carried on behalf of somebody: the competent body that is recorded, else
the office that the matter was at last put to, else nobody known yet. It is a ledger, no debt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

#: the month, as 2026-11, in which a moment lies in the town
MonthOf = Callable[[datetime], str]
#: nobody has said yet whose it is
UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """``post`` led from ``since`` to ``until`` (None: still does); ``caught``: as backstop or interim carrier.

    ``triage``: the desk was still finding out what it is. That is its own work: minutes are not carried for anybody.
    """

    post: str
    office: str
    since: datetime
    until: datetime | None
    caught: bool
    triage: bool = False


@dataclass(frozen=True, slots=True)
class Ordered:
    """Work that a crew was sent to do; what was called off costs nothing and is not given here."""

    at: datetime
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Carried:
    """One matter in one month: who carried, for whom, for how long, how often crews went, and what it cost."""

    matter: str
    month: str
    by: str
    on_behalf_of: str
    held: timedelta
    orders: int
    cost: Decimal


def on_behalf_of(competent: str, holdings: Sequence[Holding]) -> str:
    """The competent body, else the office to which it passed from the backstop for good, else nobody known."""
    if competent:
        return competent
    return UNKNOWN if not holdings or holdings[-1].caught else holdings[-1].office


def carried(
    matter: str,
    competent: str,
    holdings: Sequence[Holding],
    orders: Sequence[Ordered],
    now: datetime,
    month_of: MonthOf,
) -> list[Carried]:
    """What was carried in a matter, month by month. ``holdings`` in the order of time; a matter never caught gives none."""
    caught = [one for one in holdings if one.caught]
    if not caught:
        return []
    whom = on_behalf_of(competent, holdings)
    held: dict[tuple[str, str], timedelta] = defaultdict(timedelta)
    for one in caught:
        held[month_of(one.since), one.post] += timedelta() if one.triage else (one.until or now) - one.since
    went: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for order in orders:
        went[month_of(order.at), _catching(caught, order.at).post].append(order.cost)
    return [
        Carried(
            matter, month, post, whom, held[month, post], len(went[month, post]), sum(went[month, post], Decimal(0))
        )
        for month, post in sorted({*held, *went})
    ]


def _catching(caught: Sequence[Holding], at: datetime) -> Holding:
    """Who caught when the order went out; one that went out later is still the last catcher's."""
    return next((one for one in reversed(caught) if one.since <= at), caught[0])


@dataclass(frozen=True, slots=True)
class Sum:
    """One cell of the ledger: so many matters carried for a body in a month."""

    on_behalf_of: str
    month: str
    matters: int
    orders: int
    cost: Decimal
    held: timedelta


def by_body_and_month(rows: Iterable[Carried]) -> list[Sum]:
    """The ledger in sums: the newest month first, in each month whom most was carried for."""
    cells: dict[tuple[str, str], list[Carried]] = defaultdict(list)
    for row in rows:
        cells[row.month, row.on_behalf_of].append(row)
    sums = [
        Sum(
            whom,
            month,
            len({row.matter for row in found}),
            sum(row.orders for row in found),
            sum((row.cost for row in found), Decimal(0)),
            sum((row.held for row in found), timedelta()),
        )
        for (month, whom), found in cells.items()
    ]
    by_need = sorted(sums, key=lambda one: (-one.matters, one.on_behalf_of))
    return sorted(by_need, key=lambda one: one.month, reverse=True)
