"""How many notices wait, for the bar of every page; counted only where a page shows it."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from doudi.web.notices.queries import unread
from doudi.web.people.actor import NOBODY


def waiting_notices(request: HttpRequest) -> dict[str, object]:
    return {"unread_notices": SimpleLazyObject(lambda: unread(getattr(request, "actor", NOBODY)))}
