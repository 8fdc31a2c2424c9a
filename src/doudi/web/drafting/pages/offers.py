"""The steps that somebody may take with a version now, each with its form and its question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from doudi.web import clock
from doudi.web.drafting.forms import DescribeForm, PublishForm, ReasonForm, RebaseForm, WordsForm
from doudi.web.people.actor import Actor
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import newest_version
from doudi.web.rulebook.reviewing import APPROVALS, review_of

State = Version.State


@dataclass(frozen=True, slots=True)
class Offer:
    step: str
    label: str
    form: Any
    question: str = ""
    icon: str = ""
    tone: str = ""


def offers(actor: Actor, row: Version, returned: Mapping[str, Any]) -> list[Offer]:
    """``returned`` are forms that came back with errors, by step."""
    found = [*_of_editors(row)] if actor.may("manage_rulebook") else []
    found += _of_reviewers(actor, row)
    return [Offer(one.step, one.label, returned.get(one.step, one.form), one.question, one.icon, one.tone) for one in found]


def _of_editors(row: Version) -> list[Offer]:
    scheduled = row.state == State.PUBLISHED and row.valid_from > clock.today()
    found = []
    if row.state == State.DRAFT:
        if (newest := newest_version()) is not None and newest.number != row.base_id:
            told = _("第 {n} 版是在这份草案之后发布的；两边的改动都会保留。").format(n=newest.number)
            found.append(Offer("rebase", _("并到第 {n} 版上").format(n=newest.number), RebaseForm(), told, "arrow-back-up"))
        begun = {"title": row.title, "source": row.source, "valid_from": row.valid_from}
        found += [
            Offer("propose", _("送审"), WordsForm(), _("送审后内容不能再改，直到审完或撤回。"), "send"),
            Offer("describe", _("改名称和施行日"), DescribeForm(initial=begun), "", "edit"),
        ]
    if row.state == State.REVIEWED:
        form = PublishForm(initial={"valid_from": max(row.valid_from, clock.today())})
        found.append(Offer("publish", _("发布"), form, _("发布后不能再改；已受理的事项仍按原来的版本办。"), "check"))
    if row.state in (State.PROPOSED, State.REVIEWED):
        found.append(Offer("recall", _("撤回修改"), WordsForm(), _("已办的审核作废，改好后要重新送审。"), "arrow-back-up"))
    if row.state in Version.OPEN or scheduled:
        label = _("撤回发布") if scheduled else _("放弃这份草案")
        found.append(Offer("withdraw", label, ReasonForm(), _("不能恢复；记录都会保留。"), "x", "danger"))
    return found


def _of_reviewers(actor: Actor, row: Version) -> list[Offer]:
    if row.state != State.PROPOSED:
        return []
    review = review_of(row)
    me = str(actor.person.pk) if actor.person else ""
    if me == review.proposer or me in review.approvers:
        return []
    found = []
    for one in review.open:
        if actor.may(APPROVALS[one].power):
            label = str(APPROVALS[one].label)
            found += [
                Offer(f"approve-{one}", _("{approval}：通过").format(approval=label), WordsForm(), "", "check"),
                Offer(
                    f"refuse-{one}", _("{approval}：退回").format(approval=label), ReasonForm(), _("写明要改哪里。"), "arrow-back-up",
                    "danger",
                ),
            ]
    return found
