"""What the pickers of forms ask for while somebody types: one address for each sort, closed where its forms are closed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web.design.picking import offer_picks
from doudi.web.desk.queries import picking
from doudi.web.people.actor import Actor
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.resources.services import may_roster
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import readable_versions, rulebook_of, rulebook_on

#: whose forms name a post: whoever may hold or help, and whoever arranges posts
_NAMES_POSTS = (Power.SEE_OWN, Power.DISPATCH, Power.MANAGE_PEOPLE, Power.MANAGE_BACKSTOPS, Power.MANAGE_CREWS)


@never_cache
@require_safe
@only_for(*_NAMES_POSTS)
def pick_posts(request: ActorRequest) -> HttpResponse:
    return offer_picks(request, picking.posts(_typed(request)))


@never_cache
@require_safe
def pick_people(request: ActorRequest) -> HttpResponse:
    """For whoever seats people or says who stands where."""
    if not (request.actor.may(Power.MANAGE_PEOPLE) or may_roster(request.actor)):
        raise Http404
    return offer_picks(request, picking.people(_typed(request)))


@never_cache
@require_safe
def pick_places(request: ActorRequest) -> HttpResponse:
    """``among``: units, areas, or any of them, then areas by their path. Units are those that one may look up."""
    among = request.GET.get("among", "")
    found = picking.places(
        _seated(request),
        _typed(request),
        with_areas=among != "units",
        with_units=among != "areas",
        by_path=among not in ("units", "areas"),
    )
    return offer_picks(request, found)


@never_cache
@require_safe
def pick_kinds(request: ActorRequest) -> HttpResponse:
    """``book``: the published version under which the matter was accepted; else the one in force."""
    _seated(request)
    asked = request.GET.get("book", "")
    published = {str(one.number) for one in readable_versions() if one.state == Version.State.PUBLISHED}
    book = rulebook_of(int(asked)) if asked in published else rulebook_on()
    return offer_picks(request, picking.kinds(_typed(request), book))


def _seated(request: ActorRequest) -> Actor:
    """What every seat may ask, nobody without one may."""
    if not request.actor.seats:
        raise Http404
    return request.actor


def _typed(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:100]
