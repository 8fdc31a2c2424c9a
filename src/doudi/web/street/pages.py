"""The first page of those who go round, and the page on which a code is read. Where the phone is is asked at the press alone."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from doudi.engine.areas.coordinates import LonLat
from doudi.engine.people.vocabulary import Power
from doudi.web.areas.queries import areas
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.street import queries
from doudi.web.units.pages import degrees


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.WALK)
def my_grid(request: ActorRequest) -> HttpResponse:
    """A POST brings the position for this one answer: in an address it would stand in logs, and be a track."""
    here = _position(request)
    facts = {
        "grid": queries.my_grid(request.actor, rulebook_on(), areas(), here),
        "nearest": here is not None,
        "unseen_days": queries.UNSEEN_DAYS,
    }
    return render(request, "street/my_grid.html", facts)


@require_safe
@only_for(Power.WALK)
def read_code(request: ActorRequest) -> HttpResponse:
    return render(request, "street/read_code.html")


def _position(request: ActorRequest) -> LonLat | None:
    longitude = degrees(request.POST.get("longitude", ""), 180)
    latitude = degrees(request.POST.get("latitude", ""), 90)
    return (longitude, latitude) if longitude is not None and latitude is not None else None
