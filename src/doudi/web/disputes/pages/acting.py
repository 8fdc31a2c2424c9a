"""What the pages share: who acts, where a step leads, and forms that keep what was typed when something is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise

from doudi.engine.errors import DoudiError
from doudi.web.areas.queries import directory
from doudi.web.design.wording import say
from doudi.web.disputes.models import Dispute
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError

for_staff = login_required


def show(request: HttpRequest, template: str, facts: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """A page with the town on it."""
    return render(request, template, {"town": directory(), **facts}, status=status)


def acting(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined, no-any-return]


def refused(form: forms.Form, error: DoudiError) -> int:
    """The refusal stands above the form; not by this person is 403, not now or not so is 409."""
    form.add_error(None, say(error))
    return 403 if isinstance(error, NotAllowedError) else 409


def path_of(dispute: Dispute) -> str:
    return f"/disputes/{dispute.matter.number}/{dispute.seq}"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that may be done in a dispute: its name in the address, its words, its form, and who does it."""

    name: str
    label: str | Promise
    icon: str
    form: Callable[[Dispute, Any], forms.Form]
    may: Callable[[Actor, Dispute], bool]
    run: Callable[[Actor, Dispute, Any], object]
    done: str | Promise
    hint: str | Promise = ""
    main: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as the page shows it; ``opened``: its form stands open, after a refusal with what was typed."""

    step: Step
    form: forms.Form
    opened: bool = False
