"""What may be done with a matter, in the order in which a reader looks for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from doudi.web.areas.queries import AreaDirectory
from doudi.web.desk import forms as shapes
from doudi.web.desk.pages.acting import Offer, Step
from doudi.web.desk.queries.matter import MatterPage
from doudi.web.files.models import Upload
from doudi.web.matters import services
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import matter_by_number, next_steps
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import Rulebook

Uploads = Sequence[Upload]


def _offered(*names: str) -> Any:
    """Whether the life and this actor's seats allow one of the steps now."""

    def may(actor: Actor, matter: Matter) -> bool:
        return any(one.step.name in names and one.allowed for one in next_steps(actor, matter))

    return may


def _open_and(power: str) -> Any:
    return lambda actor, matter: matter.status in Matter.OPEN and actor.may(power)


def _may_handle(actor: Actor, matter: Matter) -> bool:
    return bool(matter.kind) and _offered("handle")(actor, matter)


def _finish_support(actor: Actor, matter: Matter, form: forms.Form, *, excused: bool) -> None:
    post = Post.objects.filter(code=form.cleaned_data["post"]).first()
    if post is None:
        raise MatterStepError("没有这个协办岗位，请刷新页面后再试。")
    services.finish_support(actor, matter, post, form.cleaned_data["words"], excused=excused)


def _merge(actor: Actor, matter: Matter, form: forms.Form, _uploads: Uploads) -> None:
    try:
        into = matter_by_number(actor, form.cleaned_data["into"])
    except Http404:
        raise MatterStepError("没有编号为“{number}”的事项，请核对后再填。", number=form.cleaned_data["into"]) from None
    services.merge(actor, matter, into, form.cleaned_data["words"])


def _call(actor: Actor, matter: Matter, form: forms.Form, _uploads: Uploads) -> None:
    services.log_emergency_call(actor, matter, form.cleaned_data["call"], form.cleaned_data["words"])


STEPS: tuple[Step, ...] = (
    Step(
        "call", _("记录已拨打"), "phone", shapes.CallForm, lambda actor, matter: matter.lane == "life" and _open_and("note")(actor, matter),
        _call, _("已记录：紧急电话已拨打。"),
    ),
    Step(
        "take", _("接单"), "user-check", shapes.StepForm, _offered("take"),
        lambda actor, matter, form, uploads: services.take(actor, matter), _("已接单。"), main=True,
    ),
    Step(
        "handle", _("处置完毕"), "check", shapes.HandleForm, _may_handle,
        lambda actor, matter, form, uploads: services.handle(actor, matter, form.cleaned_data["words"], uploads),
        _("处置结果已提交。"), main=True,
    ),
    Step(
        "verify", _("核查"), "eye", shapes.VerifyForm, _offered("pass_check", "fail_check"),
        lambda actor, matter, form, uploads: services.verify(
            actor, matter, form.cleaned_data["passed"] == "yes", form.cleaned_data["words"], uploads
        ),
        _("核查结果已记录。"), _("处置的人不核查自己，由另一人到现场确认。"), main=True,
    ),
    Step(
        "dispatch", _("派遣"), "send", shapes.DispatchForm, _offered("dispatch"),
        lambda actor, matter, form, uploads: services.dispatch(actor, matter, **form.given()),  # type: ignore[attr-defined]
        _("已派遣。"), asked_for=True,
    ),
    Step(
        "note", _("写备注"), "edit", shapes.NoteForm, lambda actor, matter: actor.may("note"),
        lambda actor, matter, form, uploads: services.note(actor, matter, form.cleaned_data["words"], uploads), _("备注已保存。"),
    ),
    Step(
        "merge", _("并案"), "arrow-merge", shapes.MergeForm, _offered("merge"), _merge, _("已并案。"),
        _("工作合并到另一件；每张诉求单仍各自联系、各自答复。"),
    ),
    Step(
        "reopen", _("重新打开"), "refresh", shapes.ReasonForm, _offered("reopen"),
        lambda actor, matter, form, uploads: services.reopen(actor, matter, form.cleaned_data["words"]), _("已重新打开。"),
    ),
    Step(
        "void", _("作废"), "x", shapes.ReasonForm, _offered("void"),
        lambda actor, matter, form, uploads: services.void(actor, matter, form.cleaned_data["words"]), _("已作废。"),
        _("只用于误报、重复录入；“不归我管”不是作废的理由。"), tone="danger",
    ),
)  # fmt: skip
#: Asked of one support at a time, beside its name.
SUPPORT_STEPS: tuple[Step, ...] = (
    Step(
        "support-done", _("填协办结果"), "check", shapes.SupportResultForm, lambda actor, matter: True,
        lambda actor, matter, form, uploads: _finish_support(actor, matter, form, excused=False), _("协办结果已记录。"), main=True,
    ),
    Step(
        "support-excuse", _("免除协办"), "x", shapes.ExcuseForm, lambda actor, matter: actor.may("dispatch"),
        lambda actor, matter, form, uploads: _finish_support(actor, matter, form, excused=True), _("已免除这项协办。"),
    ),
)  # fmt: skip
BY_NAME = {step.name: step for step in (*STEPS, *SUPPORT_STEPS)}


def facts_for_forms(matter: Matter, book: Rulebook, places: AreaDirectory) -> dict[str, Any]:
    """What the forms of this matter's steps ask for."""
    return {"matter": matter, "book": book, "places": places}


def _needs_photo(matter: Matter, book: Rulebook) -> bool:
    return matter.kind in book.catalogue and "after_photo" in book.catalogue.kind(matter.kind).evidence


def form_of(step: Step, page_facts: dict[str, Any], *args: Any, **options: Any) -> forms.Form:
    """The form of a step, given what only some of them ask for."""
    if step.form is shapes.DispatchForm:
        options |= {"book": page_facts["book"], "places": page_facts["places"]}
    elif step.form is shapes.HandleForm:
        options |= {"needs_photo": _needs_photo(page_facts["matter"], page_facts["book"])}
    return step.form(*args, step=options.pop("at", step.name), **options)


def offers(actor: Actor, page: MatterPage, tried: Offer | None = None, asked: str = "") -> dict[str, Offer]:
    """The steps that this person may take now, by name; the one just refused keeps its words, the one ``asked`` for is open."""
    facts = facts_for_forms(page.matter, page.book, page.places)
    found = {}
    for step in STEPS:
        if tried is not None and tried.step.name == step.name:
            found[step.name] = tried
        elif step.may(actor, page.matter):
            here = step.name == asked or not step.asked_for or (step.name == "dispatch" and bool(page.matter.unclear))
            form = form_of(step, facts, initial=_initial(step, page)) if here else None
            found[step.name] = Offer(step, form, opened=step.name == asked)
    return found


def _initial(step: Step, page: MatterPage) -> dict[str, Any]:
    if step.name == "dispatch":
        return {"kind": page.kind_name, "unit": page.matter.unit_id or ""}
    if step.name == "call" and page.emergency:
        return {"call": page.emergency.call}
    return {}


def support_offers(actor: Actor, page: MatterPage, tried: Offer | None = None) -> dict[str, list[Offer]]:
    """By post: what this person may say of each support that is still open."""
    facts = facts_for_forms(page.matter, page.book, page.places)
    found: dict[str, list[Offer]] = {}
    for one in page.supports:
        if one.until is not None:
            continue
        for step in SUPPORT_STEPS:
            allowed = one.post_id in actor.posts if step.name == "support-done" else step.may(actor, page.matter)
            again = tried is not None and tried.step is step and tried.about == one.post_id
            if tried is not None and again:
                found.setdefault(one.post_id, []).append(tried)
            elif allowed:
                form = form_of(step, facts, initial={"post": one.post_id}, at=f"{step.name}-{one.pk.hex[-6:]}")
                found.setdefault(one.post_id, []).append(Offer(step, form, about=one.post_id))
    return found


def own_supports(actor: Actor, page: MatterPage) -> bool:
    return any(one.until is None and one.post_id in actor.posts for one in page.supports)
