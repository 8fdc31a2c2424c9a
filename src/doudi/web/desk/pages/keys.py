"""The keys of the desk, and whether a key alone acts at all (WCAG 2.1.4); kept for the person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from doudi.web.desk.pages.matter import ACTIONS
from doudi.web.people import services
from doudi.web.people.guard import ActorRequest
from doudi.web.people.models import Person

#: where, and which key does what there; the keys of a matter's own steps are named by the steps
KEYS: tuple[tuple[Promise, tuple[tuple[str, Promise], ...]], ...] = (
    (gettext_lazy("每一页"), (("/", gettext_lazy("到搜索框")),)),
    (
        gettext_lazy("清单"),
        (
            ("j", gettext_lazy("下一行")),
            ("k", gettext_lazy("上一行")),
            ("x", gettext_lazy("勾选这一行")),
            ("Shift x", gettext_lazy("从上次勾选的一行起都勾选")),
            ("n", gettext_lazy("登记一件")),
        ),
    ),
    (
        gettext_lazy("事项"),
        (
            ("[", gettext_lazy("清单里的上一件")),
            ("]", gettext_lazy("清单里的下一件")),
            ("1–9", gettext_lazy("研判时选第几个建议")),
        ),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: ActorRequest) -> HttpResponseBase:
    person = request.user
    assert isinstance(person, Person)
    if request.method == "POST":
        on = request.POST.get("single") == "on"
        services.prefer_keys(person, single=on)
        messages.success(request, _("单键操作已打开。") if on else _("单键操作已关闭；Tab、回车和 Esc 照常可用。"))
        return redirect("keys")
    steps = [(one.stroke, one.label) for one in ACTIONS if one.stroke and not callable(one.label)]
    return render(request, "desk/keys.html", {"groups": KEYS, "steps": steps, "single": person.single_keys})
