"""Set and end who catches in an area, with dates: the rows behind /duties."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.backstop.forms import BackstopForm
from doudi.web.backstop.pages.guard import acting, for_manager, refusal
from doudi.web.design.wording import day_words, say
from doudi.web.duties.models import Backstop
from doudi.web.duties.services import NewBackstop, end_backstop, set_backstop


@require_http_methods(["GET", "HEAD", "POST"])
@for_manager
def duty_row(request: HttpRequest, area: str) -> HttpResponse:
    """The rows of one area, and the next one to be set."""
    places = areas()
    if area not in places.areas:
        raise Http404
    if request.method != "POST":
        return _show(request, area, BackstopForm(initial={"since": clock.today()}))
    form = BackstopForm(request.POST)
    if not form.is_valid():
        return _show(request, area, form, 400)
    found = form.cleaned_data
    try:
        set_backstop(acting(request), NewBackstop(area, found["post"], found["since"], found["source"]))
    except DoudiError as error:
        form.add_error(None, say(error))
        return _show(request, area, form, refusal(error))
    messages.success(request, _("已定：{name}从{day}起换兜底岗。").format(name=places.name(area), day=day_words(found["since"])))
    return redirect(f"/duties#{area}")


@require_POST
@for_manager
def duty_row_end(request: HttpRequest, area: str) -> HttpResponse:
    """The area goes back to the one above."""
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = clock.today()
    end_backstop(acting(request), area, until)
    messages.success(request, _("{name}从{day}起沿用上一级的兜底岗。").format(name=areas().name(area), day=day_words(until)))
    return redirect(f"/duties#{area}")


def _show(request: HttpRequest, area: str, form: BackstopForm, status: int = 200) -> HttpResponse:
    places, today = areas(), clock.today()
    rows = Backstop.objects.filter(area=area).select_related("post__office").order_by("-since")
    open_row = next((one for one in rows if one.until is None), None)
    facts = {
        "area": places.areas[area], "path": places.path(area), "rows": rows, "form": form, "today": today,
        "may_end": open_row is not None and places.areas[area].parent_id is not None,
    }  # fmt: skip
    return render(request, "backstop/duty_row.html", facts, status=status)
