"""What every page of the workbench stands on: who may look, which version, and the ways between its pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.engine.people.vocabulary import Power
from doudi.web.people.guard import ActorRequest, only_for
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook, rulebook_of

#: who has to do with a version: anyone who edits, reviews or approves it
EDITORS = (Power.MANAGE_RULEBOOK, Power.REVIEW_RULEBOOK, Power.APPROVE_RULEBOOK)


def with_version(page: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page of ``EDITORS`` about one version, which it gets as a book that can be asked."""

    @only_for(*EDITORS)
    @wraps(page)
    def found(request: ActorRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not Version.objects.filter(pk=number).exists():
            raise Http404
        return page(request, rulebook_of(number), *args, **kwargs)

    return found


def may_edit(request: ActorRequest, version: Version) -> bool:
    return version.state == Version.State.DRAFT and request.actor.may(Power.MANAGE_RULEBOOK)


def frame(request: ActorRequest, book: Rulebook, here: str) -> dict[str, object]:
    """The facts of the head of every page about one version."""
    version = book.version
    root = reverse("drafting_version", args=[version.number])
    ways = (
        ("", _("概况")),
        ("rules", _("规则表")),
        ("proof", _("证明")),
        ("difference", _("差别")),
        ("replay", _("重演")),
    )
    tabs = [
        {
            "href": f"{root}/{name}" if name else root,
            "label": label,
            "here": name == here,
            "count": len(book.rules) if name == "rules" else None,
        }
        for name, label in ways
    ]
    return {
        "book": book,
        "version": version,
        "root": root,
        "version_tabs": tabs,
        "may_edit": may_edit(request, version),
    }
