"""Looks as the auditor reads them, and the fact that each of them tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from doudi.engine.journal import ActorKind
from doudi.engine.numbers import NumberError, parse_number
from doudi.web import clock
from doudi.web.journal.services import Fact, text_payload
from doudi.web.looks.models import Look


def fact_of(look: Look, actor: ActorKind = ActorKind.STAFF) -> Fact:
    """What the leaf of a look tells; it bears the look's own id."""
    payload = {"what": str(look.what), "page": look.page, **text_payload(look.purpose)}
    return Fact(look.pk, "looked", look.about, look.at, look.post_id, str(look.person_id), payload, actor.value)


def looks(asked: Mapping[str, Any]) -> QuerySet[Look]:
    """The looks that pass the filters ``since``, ``until`` (days), ``who``, ``number`` and ``what``; the newest first."""
    rows = Look.objects.select_related("person", "post", "purpose").order_by("-id")
    if since := asked.get("since"):
        rows = rows.filter(at__gte=datetime.combine(since, time(), clock.TOWN_ZONE))
    if until := asked.get("until"):
        rows = rows.filter(at__lt=datetime.combine(until + timedelta(days=1), time(), clock.TOWN_ZONE))
    if who := asked.get("who"):
        rows = rows.filter(Q(person__name__icontains=who) | Q(post__name__icontains=who))
    if what := asked.get("what"):
        rows = rows.filter(what=what)
    if number := asked.get("number"):
        rows = rows.filter(about__in=_names(number))
    return rows


def _names(typed: str) -> list[str]:
    try:
        number = parse_number(typed)
    except NumberError:
        return []
    return [f"matter/{number}", f"report/{number}"]
