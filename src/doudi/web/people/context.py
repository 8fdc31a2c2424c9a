"""What every page knows of the person at work and of the town."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from doudi.web.areas.queries import town_settings
from doudi.web.people.actor import NOBODY


def person_at_work(request: HttpRequest) -> dict[str, object]:
    return {"actor": getattr(request, "actor", NOBODY), "town": SimpleLazyObject(town_settings)}
