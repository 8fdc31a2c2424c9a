"""The way from draft to law: what editors and reviewers may do with a version now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.actions.action import Action, ActionContext, Fields, Given
from doudi.web.design.fields import DayField
from doudi.web.drafting.errors import UnsettledError
from doudi.web.rulebook import services
from doudi.web.rulebook.errors import NotPublishableError
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import newest_version
from doudi.web.rulebook.reviewing import APPROVALS, Review, review_of

State = Version.State


@dataclass(frozen=True)
class VersionContext(ActionContext[Version]):
    """A person before a version; what they saw of it is proven by the services, not by a number."""

    def address(self, name: str) -> str:
        return reverse("drafting_step", args=[self.record.number, name])

    @property
    def page(self) -> str:
        return self.record.get_absolute_url()

    @property
    def version(self) -> None:
        return None

    def edits(self, *states: str) -> bool:
        """An editor, while the version stands in one of these states."""
        return self.actor.may(Power.MANAGE_RULEBOOK) and self.record.state in states

    @cached_property
    def newer(self) -> Version | None:
        """The version that was published since this draft began."""
        newest = newest_version()
        return newest if newest is not None and newest.number != self.record.base_id else None

    @property
    def is_scheduled(self) -> bool:
        return self.record.state == State.PUBLISHED and self.record.valid_from > clock.today()

    @cached_property
    def review(self) -> Review:
        return review_of(self.record)

    def reviews(self, approval: str) -> bool:
        """Nobody approves what they proposed, nor twice."""
        if self.record.state != State.PROPOSED or not self.actor.may(APPROVALS[approval].power):
            return False
        me = str(self.actor.person.pk) if self.actor.person else ""
        return approval in self.review.open and me != self.review.proposer and me not in self.review.approvers


class DayFromTodayField(DayField):
    """Not before today: what has been decided cannot be decided otherwise afterwards."""

    def clean(self, value: Any) -> date:
        day: date = super().clean(value)
        if day < clock.today():
            raise forms.ValidationError(_now("施行日不能早于今天。"))
        return day


def _short_words(label: Any, *, required: bool) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


WORDS = {"words": _short_words(_("说明"), required=False)}
REASON = {"words": _short_words(_("理由"), required=True)}


def _describe_fields(at: VersionContext) -> Fields:
    row = at.record
    return {
        "title": forms.CharField(label=_("名称"), max_length=80, initial=row.title),
        "source": forms.CharField(label=_("来源"), max_length=200, initial=row.source),
        "valid_from": DayField(label=_("拟施行日"), initial=row.valid_from),
    }


def _publish_fields(at: VersionContext) -> Fields:
    first = max(at.record.valid_from, clock.today())
    return {
        "valid_from": DayFromTodayField(label=_("施行日"), initial=first),
        "words": _short_words(_("说明"), required=False),
    }


def _settled(run: Callable[[VersionContext, Given], object]) -> Callable[[VersionContext, Given], None]:
    """What hinders stands on the page already; the form only says how much of it there is."""

    def told(at: VersionContext, given: Given) -> None:
        try:
            run(at, given)
        except NotPublishableError as error:
            raise UnsettledError(len(error.hindrances)) from error

    return told


def _rebase_label(at: VersionContext) -> str:
    return _now("并到第 {n} 版上").format(n=at.newer.number if at.newer else "")


def _rebase_hint(at: VersionContext) -> str:
    told = _now("第 {n} 版是在这份草案之后发布的；两边的改动都会保留。")
    return told.format(n=at.newer.number if at.newer else "")


EDITING: tuple[Action[VersionContext], ...] = (
    Action(
        "rebase",
        _rebase_label,
        "arrow-back-up",
        lambda at: at.edits(State.DRAFT) and at.newer is not None,
        lambda at, given: services.rebase(at.actor, at.record, given["prefer"]),
        _("已并到最新的版本上。"),
        {
            "prefer": forms.ChoiceField(
                label=_("两边都改过的规则"),
                required=False,
                choices=[("", _("有的话先告诉我")), ("draft", _("以草案为准")), ("published", _("以已发布的为准"))],
            )
        },
        hint=_rebase_hint,
        main=True,
        asks=True,
    ),
    Action(
        "propose",
        _("送审"),
        "send",
        lambda at: at.edits(State.DRAFT),
        _settled(lambda at, given: services.propose(at.actor, at.record, given["words"])),
        _("已送审，审核的岗位会收到通知。"),
        WORDS,
        hint=_("送审后内容不能再改，直到审完或撤回。"),
        main=True,
        asks=True,
    ),
    Action(
        "describe",
        _("改名称和施行日"),
        "edit",
        lambda at: at.edits(State.DRAFT),
        lambda at, given: services.describe(at.actor, at.record, **given.answers),
        _("已保存。"),
        _describe_fields,
        main=True,
        asks=True,
    ),
    Action(
        "publish",
        _("发布"),
        "check",
        lambda at: at.edits(State.REVIEWED),
        _settled(lambda at, given: services.publish(at.actor, at.record, given["valid_from"], given["words"])),
        _("已发布。"),
        _publish_fields,
        hint=_("发布后不能再改；已受理的事项仍按原来的版本办。"),
        main=True,
        asks=True,
    ),
    Action(
        "recall",
        _("撤回修改"),
        "arrow-back-up",
        lambda at: at.edits(State.PROPOSED, State.REVIEWED),
        lambda at, given: services.recall(at.actor, at.record, given["words"]),
        _("已撤回，可以接着改。"),
        WORDS,
        hint=_("已办的审核作废，改好后要重新送审。"),
        main=True,
        asks=True,
    ),
    Action(
        "withdraw",
        lambda at: _now("撤回发布") if at.is_scheduled else _now("放弃这份草案"),
        "x",
        lambda at: at.edits(*Version.OPEN) or (at.is_scheduled and at.edits(State.PUBLISHED)),
        lambda at, given: services.withdraw(at.actor, at.record, given["words"]),
        _("已不再进行，记录都在。"),
        REASON,
        hint=_("不能恢复；记录都会保留。"),
        tone="danger",
        asks=True,
    ),
)


def _verdicts(approval: str) -> tuple[Action[VersionContext], Action[VersionContext]]:
    """Yes and no of one approval."""
    label = APPROVALS[approval].label
    return (
        Action(
            f"approve-{approval}",
            lambda at: _now("{approval}：通过").format(approval=label),
            "check",
            lambda at: at.reviews(approval),
            _settled(lambda at, given: services.approve(at.actor, at.record, approval, given["words"])),
            _("审核已通过。"),
            WORDS,
            main=True,
            asks=True,
        ),
        Action(
            f"refuse-{approval}",
            lambda at: _now("{approval}：退回").format(approval=label),
            "arrow-back-up",
            lambda at: at.reviews(approval),
            lambda at, given: services.refuse(at.actor, at.record, approval, given["words"]),
            _("已退回修改。"),
            REASON,
            hint=_("写明要改哪里。"),
            tone="danger",
            asks=True,
        ),
    )


ACTIONS = (*EDITING, *(action for approval in APPROVALS for action in _verdicts(approval)))
BY_NAME = {action.name: action for action in ACTIONS}
