"""The first hour of a town, step by step: the list with what is still missing, and a page to type each step."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas, town_settings
from doudi.web.design.wording import say
from doudi.web.people.guard import ActorRequest, only_for, refusal
from doudi.web.people.models import Office, Post
from doudi.web.people.queries import active_posts
from doudi.web.rulebook.documents import shipped_offices
from doudi.web.rulebook.queries import bears_shipped_name, rulebook_on
from doudi.web.rulebook.services import publish_in_own_name
from doudi.web.setup import queries, services
from doudi.web.setup.forms import AreaForm, OfficeForm, OwnNameForm, PlaceForm, PostForm, TownForm, TrialForm
from doudi.web.setup.models import Trial
from doudi.web.setup.wording import RELATIONS, TRIED
from doudi.web.units.models import Unit

_PLACES_SHOWN = 50


@require_safe
@only_for(Power.MANAGE_AREAS)
def setup(request: ActorRequest) -> HttpResponse:
    """All steps, what is done, and what each still lacks."""
    found = queries.steps()
    facts = {"steps": found, "done": sum(one.is_done for one in found), "all": len(found)}
    return render(request, "setup/setup.html", facts)


def _do(form: forms.Form, step: Callable[[dict[str, Any]], object]) -> int:
    """Take the step with what the form holds, or write into it what to mend. Returns the status; 302 when it is done."""
    if not form.is_valid():
        return 400
    try:
        step(form.cleaned_data)
    except DoudiError as error:
        form.add_error(None, say(error))
        return refusal(error)
    return 302


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_AREAS)
def town(request: ActorRequest) -> HttpResponse:
    """What the town is called."""
    now = town_settings()
    form = TownForm(request.POST or None, initial={"name": now.town_name, "hotline": now.hotline})
    status = 200
    if request.method == "POST":
        status = _do(form, lambda said: services.call_town(request.actor, said["name"], said["hotline"]))
        if status == 302:
            messages.success(request, _("镇名和热线已保存，各页和新印的码牌都用它。"))
            return redirect("setup")
    return render(request, "setup/town.html", {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_AREAS)
def area_list(request: ActorRequest) -> HttpResponse:
    """The tree of areas, and one to be added or changed."""
    tree = areas()
    asked = tree.areas.get(request.POST.get("opened") or request.GET.get("area", ""))
    initial = {
        "kind": Area.Kind.GRID
        if any(one.kind in queries.VILLAGES for one in tree.areas.values())
        else Area.Kind.VILLAGE,
        "parent": tree.root,
    }
    if asked is not None:
        initial = {"kind": asked.kind, "name": asked.name, "parent": asked.parent_id, "code": asked.code}
        initial["opened"] = asked.code
    told: list[str] = []
    form, status = AreaForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = _do(form, lambda said: told.extend(_save_area(request, said)))
        if status == 302:
            messages.success(request, _("“{name}”已登记。").format(name=form.cleaned_data["name"]))
            for sentence in told:
                messages.info(request, sentence)
            return redirect("setup_areas")
    rows = [(tree.areas[code], tree.tree.depth(code)) for code in tree.tree]
    return render(request, "setup/areas.html", {"form": form, "rows": rows, "changed": asked}, status=status)


def _save_area(request: ActorRequest, said: dict[str, str]) -> list[str]:
    cells = {name: text for name, text in said.items() if name != "opened"}
    return services.save_area(request.actor, cells, said["opened"])


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_AREAS)
def posts(request: ActorRequest) -> HttpResponse:
    """Offices with their posts, the roles that nobody bears yet, and one post to be added or changed."""
    asked = active_posts().filter(pk=request.GET.get("post", "")).prefetch_related("areas").first()
    initial: dict[str, Any] = {"office": request.GET.get("office", ""), "access": "officer", "may_hold": True}
    if asked is not None:
        initial = {
            name: getattr(asked, name) for name in ("code", "name", "role", "access", "may_hold", "heads_office")
        }
        initial |= {"office": asked.office_id, "areas": [one.code for one in asked.areas.all()]}
    form, status = PostForm(request.POST or None, initial=initial), 200
    if request.method == "POST":
        status = _do(form, lambda _said: services.save_post(request.actor, form.cells))
        if status == 302:
            messages.success(request, _("岗位“{name}”已保存。").format(name=form.cleaned_data["name"]))
            return redirect("setup_posts")
    return _posts(request, form, OfficeForm(initial=_office_of(request)), status, asked)


def _office_of(request: ActorRequest) -> dict[str, Any]:
    found = Office.objects.filter(pk=request.GET.get("office", ""), until=None).first()
    return {name: getattr(found, name) for name in ("code", "name", "relation", "phone")} if found else {}


def _posts(
    request: ActorRequest, form: PostForm, office_form: OfficeForm, status: int = 200, changed: Post | None = None
) -> HttpResponse:
    held: dict[str, list[Post]] = defaultdict(list)
    for one in active_posts().order_by("name", "code"):
        held[one.office_id].append(one)
    offices = [(one, held[one.code]) for one in Office.objects.filter(until=None).order_by("name", "code")]
    facts = {
        "form": form,
        "office_form": office_form,
        "changed": changed,
        "offices": offices,
        "groups": _empty_roles(),
        "relations": RELATIONS.items(),
    }
    return render(request, "setup/posts.html", facts, status=status)


def _empty_roles() -> list[dict[str, Any]]:
    """The roles without a post, by the office that the rulebook has in mind for them, as it may be called here."""
    there = {one.code: one for one in Office.objects.filter(until=None)}
    proposed = shipped_offices()
    groups: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in queries.empty_roles():
        groups[str(row.get("office", ""))].append(row)
    return [
        {
            "code": code,
            "office": there.get(code),
            "name": proposed.get(code, {}).get("name", code),
            "relation": proposed.get(code, {}).get("relation", Office.Relation.OWN),
            "roles": rows,
        }
        for code, rows in groups.items()
    ]


@require_POST
@only_for(Power.MANAGE_AREAS)
def office(request: ActorRequest) -> HttpResponse:
    """An office is added, or changed."""
    form = OfficeForm(request.POST)
    status = _do(form, lambda said: services.save_office(request.actor, said))
    if status != 302:
        return _posts(request, PostForm(), form, status)
    messages.success(request, _("单位“{name}”已保存。").format(name=form.cleaned_data["name"]))
    return redirect("setup_posts")


@require_POST
@only_for(Power.MANAGE_AREAS)
def fill(request: ActorRequest) -> HttpResponse:
    """Posts for the ticked roles of one office, all at once."""
    code, name = request.POST.get("group", "")[:40], request.POST.get("name", "").strip()[:60]
    said = {"code": code, "name": name, "relation": request.POST.get("relation", "")}
    offered = [row for row in queries.empty_roles() if row.get("office", "") == code]
    roles = services.named_roles(offered, request.POST.getlist("role"))
    made = services.fill_roles(request.actor, said, roles)
    messages.success(request, _("已设 {n} 个岗位，接着给它们任人。").format(n=made))
    return redirect("setup_posts")


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_AREAS)
def places(request: ActorRequest) -> HttpResponse:
    """The places that were entered last, and one to be added."""
    form, status = PlaceForm(request.POST or None), 200
    if request.method == "POST":
        status = _do(form, lambda said: services.save_place(request.actor, said))
        if status == 302:
            messages.success(request, _("“{name}”已登记，编码已发。").format(name=form.cleaned_data["name"]))
            return redirect("setup_places")
    units = Unit.objects.filter(until=None)
    newest = units.select_related("area").order_by("-since", "name", "code")[:_PLACES_SHOWN]
    types = {one.code: one.name for one in rulebook_on().unit_types}
    rows = [(one, types.get(one.type, one.type)) for one in newest]
    return render(request, "setup/places.html", {"form": form, "rows": rows, "count": units.count()}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_AREAS)
def rulebook(request: ActorRequest) -> HttpResponse:
    """The rulebook that came with the software becomes the town's own."""
    book, status = rulebook_on(), 200
    title = _("{town}城市治理规则手册").format(town=town_settings().town_name)
    form = OwnNameForm(request.POST or None, initial={"title": title})
    if request.method == "POST":
        status = _do(form, lambda said: publish_in_own_name(request.actor, said["title"], said["source"]))
        if status == 302:
            messages.success(request, _("本镇的规则手册已发布，今天起按它办。以后的修改走草案和审核。"))
            return redirect("setup")
    facts = {"form": form, "version": book.version, "is_shipped": bears_shipped_name(book)}
    return render(request, "setup/rulebook.html", facts, status=status)


@require_POST
@only_for(Power.MANAGE_AREAS)
def backup(request: ActorRequest) -> HttpResponse:
    """A copy of the town, made in the background."""
    services.back_up(request.actor)
    messages.success(request, _("正在备份，做好后这里会写上日期。备份封着，用建镇时打印的那一行钥匙打开。"))
    return redirect("setup")


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Power.MANAGE_AREAS)
def trial(request: ActorRequest) -> HttpResponse:
    """One report goes the whole way and is taken back; how far it came stays."""
    form, status = TrialForm(request.POST or None), 200
    if request.method == "POST":
        status = _do(form, lambda said: _try(request, said["kind"], said["place"]))
        if status == 302:
            return redirect("setup_trial")
    last = Trial.objects.select_related("made_by").first()
    steps = [(TRIED.get(row["step"], row["step"]), row) for row in last.steps] if last else []
    return render(request, "setup/trial.html", {"form": form, "last": last, "steps": steps}, status=status)


def _try(request: ActorRequest, kind: str, place: str) -> Trial:
    unit = Unit.objects.filter(pk=place, until=None).first()
    return services.try_out(request.actor, kind, unit, "" if unit else place)
