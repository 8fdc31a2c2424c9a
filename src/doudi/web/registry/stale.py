"""Since when a row stands: the questions that bounds ask of a table."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, Model, OuterRef, QuerySet

from doudi.web.registry.declared import Since


def days(count: int) -> timedelta:
    return timedelta(days=count)


def hours(count: int) -> timedelta:
    return timedelta(hours=count)


def since(column: str) -> Since:
    """Since the moment in a column of the row."""
    return lambda rows, moment: rows.filter(**{f"{column}__lte": moment})


def untouched(events: type[Model], owner: str, begun: str) -> Since:
    """Since its last event. A row that began after the moment was touched after it, and needs no look at its events."""

    def standing(rows: QuerySet[Model], moment: datetime) -> QuerySet[Model]:
        later = events._default_manager.filter(**{owner: OuterRef("pk")}, at__gt=moment)
        return rows.filter(**{f"{begun}__lte": moment}).exclude(Exists(later))

    return standing
