"""Puts the acting person on the request, and asks for a login wherever a page is not public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth import middleware as auth
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from doudi.web.people.actor import NOBODY, Actor
from doudi.web.people.guard import ActorRequest
from doudi.web.people.models import Person


class ActorMiddleware:
    """``request.actor``: asked for only when a page needs it, so that the public pages cost nothing."""

    def __init__(self, get_response: Callable[[ActorRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: ActorRequest) -> HttpResponse:
        request.actor = cast(Actor, SimpleLazyObject(lambda: _actor_of(request)))
        return self.get_response(request)


def _actor_of(request: HttpRequest) -> Actor:
    return Actor.of(request.user) if isinstance(request.user, Person) else NOBODY


class LoginRequiredMiddleware(auth.LoginRequiredMiddleware):
    """Django's own, except that a public page does not read the session: it must stand while the database is away."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
