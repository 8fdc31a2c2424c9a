"""What every page of the workbench stands on: who may look, which version, and the ways between its pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from doudi.web.people.actor import Actor
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook, rulebook_of

Page = Callable[..., HttpResponseBase]
POWERS = ("manage_rulebook", "review_rulebook", "approve_rulebook")


def acting(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def at_workbench(page: Page) -> Page:
    """Only for those who edit, review or approve rules; for everybody else these pages do not exist."""

    @login_required
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not any(acting(request).may(power) for power in POWERS):
            raise Http404
        return page(request, *args, **kwargs)

    return guarded


def with_version(page: Page) -> Page:
    """The same for a page about one version, which it gets as a book that can be asked."""

    @at_workbench
    @wraps(page)
    def found(request: HttpRequest, number: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not Version.objects.filter(pk=number).exists():
            raise Http404
        return page(request, rulebook_of(number), *args, **kwargs)

    return found


def may_edit(request: HttpRequest, version: Version) -> bool:
    return version.state == Version.State.DRAFT and acting(request).may("manage_rulebook")


def frame(request: HttpRequest, book: Rulebook, here: str) -> dict[str, Any]:
    """The facts of the head of every page about one version."""
    version = book.version
    root = f"/rulebook/versions/{version.number}"
    ways = (("", _("概况")), ("rules", _("规则表")), ("proof", _("证明")), ("difference", _("差别")), ("replay", _("重演")))
    tabs = [
        {
            "href": f"{root}/{name}" if name else root, "label": label, "here": name == here,
            "count": len(book.rules) if name == "rules" else None,
        }
        for name, label in ways
    ]  # fmt: skip
    return {"book": book, "version": version, "root": root, "version_tabs": tabs, "may_edit": may_edit(request, version)}
