"""The one head of a matter: what stands in the way of the next step and how to clear it, the next step, the rest behind one button."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from doudi.engine.matters.life import OPEN_MATTER
from doudi.engine.matters.vocabulary import ApplicationState, MatterStatus
from doudi.web import clock
from doudi.web.actions.action import Offer
from doudi.web.desk.actions.context import MatterContext
from doudi.web.desk.pages.panels import OF_DANGER, Panels
from doudi.web.desk.queries.matter import MatterPage
from doudi.web.matters.models import MatterClock, Task

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: the steps behind the button, in their groups; what is in none stands in the first
_GROUPS: tuple[tuple[StrOrPromise, tuple[str, ...]], ...] = (
    (gettext_lazy("办理"), ()),
    (gettext_lazy("催办、协办"), ("urge", "support")),
    (gettext_lazy("险情"), ("danger", "call", "send-crew", "made-safe", "keep-traces")),
    (gettext_lazy("哪里不清楚、归谁"), ("describe", "search-owner", "make-unit")),
    (gettext_lazy("知悉范围"), ("restrict", "lift", "retell")),
)
_APPLYING = gettext_lazy("申请（答复之前承办岗不变，时限照走）")


@dataclass(frozen=True, slots=True)
class Hindrance:
    """One thing that keeps the matter from its next step, with what this person may do about it; ``place``: where on the page."""

    said: str
    offers: Sequence[Offer] = ()
    place: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """``look`` and ``mark``: how a matter that stands still shows it, and in a word; ``until``: until when, where that is known.

    ``steps``: what is to be done next, the first of them first; ``more``: the rest in groups.
    """

    look: str
    mark: str
    until: datetime | None
    hindrances: Sequence[Hindrance]
    before: str
    steps: Sequence[Offer]
    more: Sequence[tuple[StrOrPromise, Sequence[Offer]]]

    @property
    def count(self) -> int:
        return sum(len(offers) for _label, offers in self.more)

    @property
    def opened(self) -> bool:
        """Whether a form behind the button stands open."""
        return any(one.opened for _label, offers in self.more for one in offers)


def head_of(
    context: MatterContext,
    page: MatterPage,
    own: Sequence[Offer],
    panels: Panels,
    about_supports: Mapping[str, Sequence[Offer]],
    *,
    triage: bool,
) -> Head:
    """``own``: the steps of the matter itself; ``triage``: the kind is chosen below first, and no other step stands out."""
    shown = [*own, *_of_panels(panels)]
    steps = [] if triage else [one for one in shown if one.action.main]
    rest = [one for one in shown if one not in steps]
    named = {name for _label, names in _GROUPS for name in names}
    more = [
        (label, [one for one in rest if one.action.name in names or (not names and one.action.name not in named)])
        for label, names in _GROUPS
    ]
    more.append((_APPLYING, panels.applying))
    hindrances = list(_hindrances(context, page, panels, about_supports))
    closing = context.record.status == MatterStatus.HANDLED
    look, mark, until = _standing_still(context, page, panels)
    return Head(
        look,
        mark,
        until,
        hindrances,
        _("结案之前要先办：") if closing else _("填处置结果之前要先办："),
        steps,
        [(label, offers) for label, offers in more if offers],
    )


def _of_panels(panels: Panels) -> Iterable[Offer]:
    """What the panels offer about the matter itself. What is done about a danger stands with the danger, where there is one."""
    beside = OF_DANGER if panels.of_danger else frozenset()
    return (one for name, one in panels.offers.items() if not name.startswith("apply-") and name not in beside)


def _hindrances(
    context: MatterContext, page: MatterPage, panels: Panels, about: Mapping[str, Sequence[Offer]]
) -> Iterable[Hindrance]:
    for one in page.hindering:
        yield Hindrance(_("等{post}协办办完").format(post=one.post.name), about.get(one.post_id, ()))
    if open_tasks := sum(line.row.state == Task.State.OPEN for line in panels.tasks):
        yield Hindrance(_("还有 {n} 项找权属的任务没有办完").format(n=open_tasks), place="unclear")
    at_work = context.record.status in (MatterStatus.ACCEPTED, MatterStatus.TAKEN)
    if at_work and not context.record.kind and context.holds:
        yield Hindrance(_("还没有明确是哪一类事项：先派遣到具体事项"))


def _standing_still(context: MatterContext, page: MatterPage, panels: Panels) -> tuple[str, str, datetime | None]:
    """How the head looks where the work stands still: put off, waiting for somebody, or ended."""
    matter = context.record
    if matter.status not in OPEN_MATTER:
        return "head-ended", "", None
    if until := _suspended_until(page):
        return "head-away", _("挂账中"), until
    if page.next:
        return "head-wait", _("等接手"), None
    if any(line.row.state in (ApplicationState.OPEN, ApplicationState.DISPUTED) for line in panels.applications):
        return "head-wait", _("申请待答复"), None
    if page.hindering:
        return "head-wait", _("等协办"), None
    return "", "", None


def _suspended_until(page: MatterPage) -> datetime | None:
    """Until when the handling stands still; None: it does not."""
    now = clock.now()
    ends = [
        datetime.fromisoformat(pause["until"])
        for one in page.clocks
        if one.clock.running and one.clock.which == MatterClock.Which.HANDLE
        for pause in one.clock.pauses
        if pause.get("until") and pause.get("reason") == "suspended"
    ]
    return max((one for one in ends if one > now), default=None)
