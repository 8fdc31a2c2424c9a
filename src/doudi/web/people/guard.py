"""Who may open a page. Every page asks for a login; ``@public`` opens one to all, ``@only_for`` to some powers.

What somebody may not open does not exist for them: they get the same 404 as for an address that was never there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponseBase

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError

P = ParamSpec("P")


class ActorRequest(HttpRequest):
    """A request as ``ActorMiddleware`` hands it on: who acts stands on it (``NOBODY`` before a login)."""

    actor: Actor


Page = Callable[Concatenate[ActorRequest, P], HttpResponseBase]

#: a page without login
public = login_not_required


def only_for(*powers: Power) -> Callable[[Page[P]], Page[P]]:
    """A page for anyone who has any of these powers."""

    def guard(page: Page[P]) -> Page[P]:
        @wraps(page)
        def guarded(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not any(request.actor.may(power) for power in powers):
                raise Http404
            return page(request, *args, **kwargs)

        return guarded

    return guard


def refusal(error: DoudiError) -> int:
    """The status of a refused step: 404 what this person may not do, 409 what cannot be done now or not so."""
    return 404 if isinstance(error, NotAllowedError) else 409
