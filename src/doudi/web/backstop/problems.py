"""The problem bank: what stays open past its limit, and why it does. Nothing is entered here; it is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.web import clock
from doudi.web.backstop.queries import kind_name, where
from doudi.web.matters.models import Application, Matter, MatterClock, Task
from doudi.web.matters.queries import visible
from doudi.web.people.actor import Actor

DAYS = 30
#: why a matter stands in the bank, the weightiest first
WHYS: dict[str, Promise] = {
    "unclear": _("30 天仍不清楚归谁"),
    "ownerless": _("权属查找中"),
    "disputed": _("改派申请待裁定"),
    "late": _("超期 30 天以上"),
    "suspended": _("挂账"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A matter of the bank. ``whys``: all that keep it there; ``until``: when it comes off the books, if it stands on them."""

    matter: Matter
    whys: tuple[str, ...]
    days: int
    until: datetime | None

    @property
    def kind_name(self) -> str:
        return kind_name(self.matter)

    @property
    def where(self) -> str:
        return where(self.matter)

    def told(self) -> dict[str, object]:
        """As a report upward keeps it: facts that stand in the matter's events, and no free words."""
        matter = self.matter
        return {
            "number": matter.number,
            "kind": matter.kind,
            "area": matter.area_id or "",
            "unit": matter.unit_id or "",
            "holder": matter.holder_id,
            "competent": matter.competent_body,
            "ambiguity": list(matter.ambiguity),
            "whys": list(self.whys),
            "days": self.days,
            "until": self.until.isoformat() if self.until else "",
        }


def problems(actor: Actor) -> list[Problem]:
    """All problems that exist for the actor, the oldest first. What is restricted is never reported upward in a list."""
    now = clock.now()
    open_ = visible(actor).filter(status__in=Matter.OPEN, restricted=False)
    found: dict[object, list[str]] = {}
    for why, matters in _found(open_, now):
        for pk in matters.values_list("pk", flat=True):
            found.setdefault(pk, []).append(why)
    until = dict(
        _suspended(now).filter(matter__in=list(found)).order_by("granted_until").values_list("matter", "granted_until")
    )
    rows = open_.filter(pk__in=list(found)).select_related("holder__office", "unit", "area").order_by("accepted_at")
    return [Problem(one, tuple(found[one.pk]), (now - one.accepted_at).days, until.get(one.pk)) for one in rows]


def _found(open_: QuerySet[Matter], now: datetime) -> Iterator[tuple[str, QuerySet[Matter]]]:
    long_ago = now - timedelta(days=DAYS)
    late = MatterClock.objects.filter(
        which=MatterClock.Which.HANDLE, ended_at__isnull=True, due_at__lte=long_ago
    ).values("matter")
    searching = Task.objects.filter(
        module__in=("identify_owner", "public_notice", "dispose_by_law"), state=Task.State.OPEN
    )
    disputed = Application.objects.filter(state=Application.State.DISPUTED)
    yield "unclear", open_.exclude(unclear__in=["", "confirm"]).filter(accepted_at__lte=long_ago)
    yield "ownerless", open_.filter(pk__in=searching.values("matter"))
    yield "disputed", open_.filter(pk__in=disputed.values("matter"))
    yield "late", open_.filter(pk__in=late)
    yield "suspended", open_.filter(pk__in=_suspended(now).values("matter"))


def _suspended(now: datetime) -> QuerySet[Application]:
    return Application.objects.filter(
        kind=Application.Kind.SUSPEND, state=Application.State.GRANTED, granted_until__gt=now
    )
