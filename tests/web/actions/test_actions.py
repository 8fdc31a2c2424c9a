"""An action on any record costs one value: it is offered, shown, taken, refused and answered by the one component."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.messages.storage.cookie import CookieStorage
from django.template.loader import render_to_string
from django.test import RequestFactory

from doudi.engine.errors import DoudiError
from doudi.web.actions.action import Action, ActionContext, Given, offers, row_offers
from doudi.web.actions.taking import Outcome, take_action
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError

pytestmark = [pytest.mark.django_db, pytest.mark.only("sqlite", "boxes of a page, over services of their own")]


@dataclass
class Shed:
    """A record of no slice: what stands in it, and the version that a reader sees."""

    boxes: list[Any]
    version: int = 3


@dataclass(frozen=True)
class ShedContext(ActionContext[Shed]):
    def address(self, name: str) -> str:
        return f"/shed/{name}"

    @property
    def page(self) -> str:
        return "/shed"


def _lock(at: ShedContext, given: Given) -> None:
    if at.record.version != 3:
        raise DoudiError("刚被别人改过。")
    if given["words"] == "别人的":
        raise NotAllowedError("不是您的。")
    at.record.boxes.append(given["words"])


LOCK: Action[ShedContext] = Action(
    "lock",
    "上锁",
    "lock",
    lambda at: bool(at.record.boxes),
    _lock,
    "已上锁。",
    {"words": forms.CharField(label="说明")},
)
EMPTY: Action[ShedContext] = Action(
    "empty",
    lambda at: f"清空{at.row.pk}号箱",
    "trash",
    lambda at: at.row.full,
    lambda at, given: at.record.boxes.remove(at.row),
    "已清空。",
    rows=lambda at: at.record.boxes,
)
MANY: Action[ShedContext] = replace(LOCK, name="many", on_demand=True)
ACTIONS = (LOCK, EMPTY, MANY)


@pytest.fixture
def context(town: SimpleNamespace) -> ShedContext:
    boxes = [SimpleNamespace(pk=pk, full=full) for pk, full in ((1, True), (2, False))]
    return ShedContext(Actor.of(town.people.desk), Shed(boxes))


def press(context: ShedContext, action: Action[ShedContext], **said: str) -> Outcome:
    request: Any = RequestFactory().post(context.address(action.name), said)
    request.actor, request.user = context.actor, context.actor.person
    request._messages = CookieStorage(request)
    return take_action(request, action, context)


def test_what_may_be_done_is_offered_and_what_takes_long_to_make_waits_until_it_is_asked_for(
    context: ShedContext,
) -> None:
    shown = offers(ACTIONS, context, opened="lock")
    assert list(shown) == ["lock", "many"] and shown["lock"].opened
    assert shown["many"].form is None and offers(ACTIONS, context, opened="many")["many"].form is not None
    assert offers(ACTIONS, replace(context, record=Shed([]))) == {}


def test_each_row_has_its_own_offers_with_ids_that_do_not_meet(context: ShedContext) -> None:
    full, empty = context.record.boxes
    (found,) = row_offers(ACTIONS, replace(context, row=full))
    assert (found.label, found.mark, found.key) == ("清空1号箱", "empty-1", "1")
    assert row_offers(ACTIONS, replace(context, row=empty)) == []
    assert EMPTY.find(context, "1") is full and EMPTY.find(context, "9") is None


def test_a_press_does_it_and_no_two_forms_share_their_fields(context: ShedContext) -> None:
    assert press(context, LOCK, words="旧锁换新", version="3").offer is None
    assert context.record.boxes[-1] == "旧锁换新"
    assert LOCK.form(context).fields["words"] is not LOCK.form(context).fields["words"]


@pytest.mark.parametrize(
    ("said", "status", "told"),
    [
        ({"words": ""}, 400, "这个字段是必填项"),
        ({"words": "写了很久", "version": "2"}, 409, "刚被别人改过"),
        ({"words": "别人的", "version": "3"}, 404, "不是您的"),
        ({"words": "写了很久", "version": "²"}, 0, ""),
    ],
)
def test_a_refusal_keeps_what_was_typed_and_says_why(
    context: ShedContext, said: dict[str, str], status: int, told: str
) -> None:
    outcome = press(context, LOCK, **said)
    if not status:
        assert outcome.offer is None
        return
    assert outcome.offer is not None and outcome.status == status
    page = render_to_string("actions/offer.html", {"offer": outcome.offer})
    assert told in page and said["words"] in page and "<details" in page and " open" in page
    assert re.search(r'name="version" value="3"', page), "the next press is about the version that stands now"
    assert offers(ACTIONS, context, outcome.offer)["lock"] is outcome.offer


def test_a_question_can_be_left_again(context: ShedContext) -> None:
    asked = replace(LOCK, hint="真的吗？", asks=True, tone="danger")
    page = render_to_string("actions/offer.html", {"offer": offers((asked,), context)["lock"]})
    assert 'class="ask-question">真的吗？' in page and "data-close" in page and "btn-danger" in page
