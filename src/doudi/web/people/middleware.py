"""Puts the acting person on the request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from doudi.web.people.actor import NOBODY, Actor


class ActingPerson:
    """``request.actor``: asked for only when a page needs it, so that the public pages cost nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(  # type: ignore[attr-defined]
            lambda: Actor.of(request.user) if request.user.is_authenticated else NOBODY
        )
        return self.get_response(request)
