"""The list of lamps."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from doudi.web.lamps.models import Lamp

from doudi.engine.people.vocabulary import Power
from doudi.web.people.guard import ActorRequest, only_for


@require_safe
@only_for(Power.SEE_DESK)
def lamps(request: ActorRequest) -> HttpResponse:
    return render(request, "lamps/lamps.html", {"lamps": Lamp.objects.order_by("number")})
