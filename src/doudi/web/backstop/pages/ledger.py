"""Carried for whom: by body and month, each number with the list behind it, and a letter to the body."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doudi.engine.matters.carrying import by_body_and_month
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.queries import town_settings
from doudi.web.backstop.queries import CarriedRow, ledger
from doudi.web.people.guard import ActorRequest, only_for


@require_safe
@only_for(Power.SEE_DESK, Power.MANAGE_CREWS)
def carried(request: ActorRequest) -> HttpResponse:
    """The sums; with a month or a body chosen, the list behind them."""
    rows = ledger(request.actor)
    month, body = month_in(request.GET), request.GET.get("body")
    shown = [one for one in rows if _is_asked(one, month, body)]
    sums = by_body_and_month(one.carried for one in rows)
    facts = {
        "sums": sums,
        "rows": shown,
        "month": month,
        "body": body,
        "chosen": bool(month) or body is not None,
        "total": totals(shown),
    }
    return render(request, "backstop/carried.html", facts)


@require_safe
@only_for(Power.SEE_DESK, Power.MANAGE_CREWS)
def letter(request: ActorRequest) -> HttpResponse:
    """For paper: what the town carried for one body in one month, with every matter."""
    month, body = month_in(request.GET), request.GET.get("body", "")
    rows = [one for one in ledger(request.actor) if _is_asked(one, month, body)]
    if not rows or not month or not body:
        raise Http404
    facts = {
        "rows": rows,
        "month": month,
        "body": body,
        "total": totals(rows),
        "town_name": town_settings().town_name,
        "today": clock.today(),
    }
    return render(request, "backstop/letter.html", facts)


def month_in(fields: QueryDict) -> str:
    """The month of the address, if it is one."""
    asked = fields.get("month", "")
    return asked if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", asked) else ""


def _is_asked(one: CarriedRow, month: str, body: str | None) -> bool:
    return (not month or one.carried.month == month) and (body is None or one.carried.on_behalf_of == body)


def totals(rows: list[CarriedRow]) -> dict[str, object]:
    """Of the list that is shown: how many matters, crews, how much money, how long."""
    lines = [one.carried for one in rows]
    return {
        "matters": len({one.matter for one in lines}),
        "orders": sum(one.orders for one in lines),
        "cost": sum((one.cost for one in lines), Decimal(0)),
        "held": sum((one.held for one in lines), timedelta()),
    }
