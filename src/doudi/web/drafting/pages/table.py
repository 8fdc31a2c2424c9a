"""The rules as a table to be typed into: each row is proven and saved as it is left; without scripts a form does the job."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponseBase, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doudi.engine.duties.rules import COLUMNS, Rule
from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.design.wording import say
from doudi.web.drafting.forms import RuleForm
from doudi.web.drafting.pages.access import frame, may_edit, with_version
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook import services
from doudi.web.rulebook.cells import HEADERS, SEVERAL, Cells
from doudi.web.rulebook.documents import mark_of
from doudi.web.rulebook.errors import RuleCellsError, RuleContradictionError
from doudi.web.rulebook.proving import ProofReport, prove
from doudi.web.rulebook.queries import Rulebook, rulebook_of
from doudi.web.rulebook.wording import LAYERS

FILTERS = ("q", "layer", "holder")
MOST_ROWS = 500


@require_safe
@with_version
def table(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """All rules, or those that hold what was asked for."""
    cells = Cells(book)
    asked = {name: request.GET.get(name, "").strip() for name in FILTERS}
    rows = [row for rule in book.rules if _passes(rule, (row := _row(rule, cells))["cells"], asked)]
    base = {rule.id: rule for rule in rulebook_of(book.version.base_id).rules} if book.version.base_id else None
    for row in rows:
        row["news"] = (
            ""
            if base is None
            else "new"
            if row["id"] not in base
            else "changed"
            if base[row["id"]] != row["rule"]
            else ""
        )
    facts = {
        **frame(request, book, "rules"),
        "rows": rows,
        "asked": asked,
        "narrowed": any(asked.values()),
        "layers": LAYERS.items(),
        "columns": [{"name": column, "label": _(HEADERS[column]), "several": column in SEVERAL} for column in COLUMNS],
        "holders": sorted(book.role_names.items(), key=lambda pair: pair[1]),
        "proof_report": prove(book),
        "next_id": _next_id(book),
    }
    return render(request, "drafting/table.html", facts)


def _row(rule: Rule, cells: Cells) -> dict[str, Any]:
    texts = cells.texts(rule)
    return {"id": rule.id, "mark": mark_of(rule), "cells": texts, "pairs": list(texts.items()), "rule": rule}


def _passes(rule: Rule, texts: dict[str, str], asked: dict[str, str]) -> bool:
    if asked["layer"] and str(rule.layer) != asked["layer"]:
        return False
    if asked["holder"] and asked["holder"] not in rule.roles:
        return False
    said = " ".join(texts.values()).lower()
    return all(word in said for word in asked["q"].lower().split())


def _next_id(book: Rulebook) -> str:
    """The id after the highest of the commonest form, D-123."""
    numbers = [int(rule.id[2:]) for rule in book.rules if rule.id[:2] == "D-" and rule.id[2:].isdecimal()]
    return f"D-{max(numbers, default=0) + 1:03d}"


@require_safe
@with_version
def choices(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """What each column may name, for completion."""
    found = {
        column: [[one.shown, one.code, one.path] for one in offered] for column, offered in Cells(book).choices.items()
    }
    return JsonResponse(found, headers={"Cache-Control": "private, no-cache"})


@require_POST
@with_version
def save_rows(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """Save rows that were typed or pasted, and take others out: all of it or nothing. Answers in JSON.

    Body: ``{"put": [{"cells": {column: text}, "was": id or "", "mark": mark}], "remove": [ids]}``.
    """
    if not request.actor.may(Power.MANAGE_RULEBOOK):
        return JsonResponse({"ok": False, "words": _("只有修订规则的岗位能改；您可以在审核时写意见。")}, status=404)
    try:
        asked = json.loads(request.body)
        put, remove = list(asked.get("put", ())), [str(one) for one in asked.get("remove", ())]
        rows = [{column: str(one["cells"].get(column, "")) for column in COLUMNS} for one in put]
        seen = {str(one["was"]): str(one["mark"]) for one in put if one.get("was")}
    except (ValueError, KeyError, TypeError, AttributeError, RawPostDataException):
        return JsonResponse({"ok": False, "words": _("没有读懂送来的内容，请刷新页面再试。")}, status=400)
    if len(rows) > MOST_ROWS:
        return JsonResponse(
            {"ok": False, "words": _("一次最多粘贴 {n} 行，更多请上传表格。").format(n=MOST_ROWS)}, status=400
        )
    cells = Cells(book)
    rules, faults = cells.read(rows)
    if faults:
        return _faulty([(fault.line - 1, fault.column, say(fault.reason)) for fault in faults])
    places = {rule.id: place for place, rule in enumerate(rules)}
    # A row whose number was changed is another rule: the old one goes.
    gone = [code for code in seen if code not in places]
    try:
        services.change_rules(request.actor, book.version, rules, [*remove, *gone], seen=seen)
    except RuleCellsError as error:
        return _faulty([(places.get(one.rule, -1), one.column, say(one.reason)) for one in error.faults])
    except RuleContradictionError as error:
        pairs = zip(error.rules, error.reasons, strict=True)
        return _faulty([(places.get(rule, -1), "holder", say(reason)) for rule, reason in pairs])
    except DoudiError as error:
        return JsonResponse({"ok": False, "words": say(error)}, status=409)
    now = rulebook_of(book.version.number)
    saved = [{"id": rule.id, "mark": mark_of(rule), "cells": cells.texts(rule)} for rule in rules]
    return JsonResponse({"ok": True, "rows": saved, "proof": proof_words(prove(now)), "next": _next_id(now)})


def _faulty(faults: list[tuple[int, str, str]]) -> JsonResponse:
    """Every fault with the place of its row among those that were sent; -1 for a rule that was not."""
    listed = [{"row": row, "column": column, "words": words} for row, column, words in faults]
    return JsonResponse({"ok": False, "faults": listed, "words": faults[0][2]}, status=409)


def proof_words(proof_report: ProofReport) -> dict[str, Any]:
    """How the version stands, in the few words beside the table."""
    hindrances = proof_report.hindrances
    return {
        "settled": not hindrances,
        "gaps": len(proof_report.gaps.regions),
        "conflicts": len(proof_report.conflicts),
        "words": [say(one) for one in hindrances[:3]],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@with_version
def rule_form(request: ActorRequest, book: Rulebook, code: str = "") -> HttpResponseBase:
    """One rule in a form: changed, copied (``like``), added or removed."""
    if not may_edit(request, book.version):
        raise Http404
    cells = Cells(book)
    like = code or request.GET.get("like", "")
    rule = next((one for one in book.rules if one.id == like), None)
    if like and rule is None:
        raise Http404
    begun = cells.texts(rule) if rule else {"layer": LAYERS_DEFAULT, "since": book.version.valid_from.isoformat()}
    form = RuleForm(
        request.POST or None,
        cells=cells,
        fixed_id=bool(code),
        initial=begun if code else {**begun, "id": _next_id(book)},
    )
    if request.method == "POST" and "remove" in request.POST and rule is not None:
        return _removed(request, book, rule)
    if request.method == "POST" and form.is_valid():
        rules, faults = cells.read([{**form.cleaned_data, "id": code or form.cleaned_data["id"]}])
        for fault in faults:
            form.add_error(fault.column if fault.column in form.fields else None, say(fault.reason))
        if not faults and _saved(request, book, rules, form, mark_of(rule) if rule and code else "", adding=not code):
            messages.success(request, _("规则 {id} 已保存。").format(id=rules[0].id))
            return redirect(f"{reverse('drafting_table', args=[book.version.number])}#{rules[0].id}")
    facts = {**frame(request, book, "rules"), "form": form, "rule": rule if code else None, "choices": _named(cells)}
    return render(request, "drafting/rule.html", facts, status=400 if form.errors else 200)


LAYERS_DEFAULT = "镇级规则"


def _named(cells: Cells) -> list[tuple[str, Any]]:
    return [(column, offered) for column, offered in cells.choices.items() if column not in ("layer", "list", "hours")]


def _saved(
    request: ActorRequest, book: Rulebook, rules: tuple[Rule, ...], form: RuleForm, mark: str, *, adding: bool
) -> bool:
    """Whether the rule was taken in; if not, the form says why."""
    try:
        if adding:
            services.add_rules(request.actor, book.version, rules)
        else:
            services.replace_rules(
                request.actor, book.version, rules, seen={rules[0].id: request.POST.get("mark", mark)}
            )
    except RuleCellsError as error:
        for one in error.faults:
            form.add_error(one.column, say(one.reason))
    except RuleContradictionError as error:
        form.add_error("holder", say(error))
    except DoudiError as error:
        form.add_error(None, say(error))
    else:
        return True
    return False


def _removed(request: ActorRequest, book: Rulebook, rule: Rule) -> HttpResponseBase:
    services.remove_rules(request.actor, book.version, [rule.id])
    messages.success(request, _("规则 {id} 已从草案删去；以前的版本里还在。").format(id=rule.id))
    return redirect("drafting_table", book.version.number)
