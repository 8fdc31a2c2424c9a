"""Only for whoever holds a power; for all others these pages do not exist."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from doudi.engine.errors import DoudiError
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError

Page = Callable[..., HttpResponse]


def only_for(*powers: str) -> Callable[[Page], Page]:
    """A page for whoever signed in and has any of these powers."""

    def guard(page: Page) -> Page:
        @login_required
        @wraps(page)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not any(acting(request).may(power) for power in powers):
                raise Http404
            return page(request, *args, **kwargs)

        return guarded

    return guard


for_people_managers = only_for("manage_people")


def acting(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def refusal(error: DoudiError) -> int:
    """Not by this person is 403, not now or not so is 409."""
    return 403 if isinstance(error, NotAllowedError) else 409
