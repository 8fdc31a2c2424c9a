"""How somebody arranges a list: which columns are shown, and lists kept under a name."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from doudi.engine.people.vocabulary import Power
from doudi.web.actions.taking import own_path
from doudi.web.areas.queries import areas
from doudi.web.design.wording import say
from doudi.web.desk.queries.arranging import LISTS, kept_query, view_path
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.views import services
from doudi.web.views.errors import ViewError
from doudi.web.views.queries import views


@require_POST
@only_for(Power.SEE_DESK, Power.REPLY)
def arrange(request: ActorRequest, which: str) -> HttpResponseBase:
    """Show these columns from now on (``columns``), or keep the list as it stands under a name (``keep``)."""
    listed = LISTS.get(which)
    if listed is None or not request.actor.may(listed.power):
        raise Http404
    back = own_path(request, reverse(listed.page))
    chosen = [name for name in listed.columns if name in request.POST.getlist("column")]
    columns = [] if set(chosen) == listed.default else chosen
    if request.POST.get("action") == "columns":
        services.read_by(request.actor, which, columns)
        return redirect(back)
    asked = kept_query(which, QueryDict(urlsplit(back).query), rulebook_on(), areas())
    name, post = request.POST.get("name", ""), request.POST.get("post", "")
    try:
        view = services.keep(request.actor, which, name, asked, columns, post)
    except ViewError as error:
        messages.warning(request, say(error))
        return redirect(back)
    messages.success(request, _("视图“{name}”已保存。").format(name=view.name))
    return redirect(view_path(view))


@require_POST
@only_for(Power.SEE_DESK, Power.REPLY)
def view_end(request: ActorRequest, view_id: UUID) -> HttpResponseBase:
    """Nobody is offered the view any more."""
    found = next(
        (one for which in LISTS for one in views(request.actor, which).named if one.pk == view_id),
        None,
    )
    if found is None:
        raise Http404
    services.end(request.actor, found)
    messages.success(request, _("视图“{name}”已删去。").format(name=found.name))
    return redirect(LISTS[found.which].page)
