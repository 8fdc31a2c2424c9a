"""What the actions of a matter and of a report stand on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.engine.danger.traces import traces_of
from doudi.engine.kinds.catalogue import Emergency
from doudi.engine.matters.applications import ApplicationType
from doudi.engine.matters.vocabulary import ApplicationKind, AskedOf
from doudi.engine.people.vocabulary import Power
from doudi.engine.triage.splitting import split
from doudi.web.actions.action import ActionContext
from doudi.web.areas.queries import AreaDirectory, areas
from doudi.web.backstop.queries import Sendable, crews_tonight
from doudi.web.design.way_back import bear
from doudi.web.matters import services
from doudi.web.matters.handover import next_of
from doudi.web.matters.models import Demand, Matter
from doudi.web.matters.queries import available_applications, last_danger
from doudi.web.matters.reach import may_on
from doudi.web.orders.queries import Asking, asking, first_order, system_named
from doudi.web.reports.models import Report
from doudi.web.reports.reach import may_reach
from doudi.web.rulebook.queries import Rulebook, rulebook_of


@dataclass(frozen=True)
class MatterContext(ActionContext[Matter]):
    """A person before a matter. What only some actions need is read when they ask.

    ``emergency``: whom to call, where somebody may be in danger.
    """

    emergency: Emergency | None = None

    def address(self, name: str) -> str:
        return reverse("matter_step", args=[self.record.number, name])

    @property
    def page(self) -> str:
        return self.record.get_absolute_url()

    @property
    def is_open(self) -> bool:
        return self.record.status in Matter.OPEN

    @property
    def holds(self) -> bool:
        return self.record.holder_id in self.actor.posts

    def holds_or(self, power: Power) -> bool:
        """The matter is open, and in this person's hands or within the power."""
        return self.is_open and (self.holds or self.may(power))

    def may(self, power: Power) -> bool:
        """One of this person's seats has the power and reaches the matter."""
        return may_on(self.actor, power, self.record)

    def way_back(self) -> str:
        """The way back from a step that was just taken; none where it cannot be taken back."""
        until = services.undo_until(self.actor, self.record)
        return bear(self.address("undo"), [("version", str(self.record.version))], until) if until else ""

    @cached_property
    def takes_over(self) -> bool:
        """Whether this person sits on the post that is to take over."""
        named = next_of(self.record) if self.record.status in (Matter.Status.ACCEPTED, Matter.Status.TAKEN) else None
        return named is not None and named.post_id in self.actor.posts

    @cached_property
    def places(self) -> AreaDirectory:
        return areas()

    @cached_property
    def book(self) -> Rulebook:
        return rulebook_of(self.record.rulebook_id)

    @cached_property
    def available_applications(self) -> dict[ApplicationType, tuple[AskedOf, ...]]:
        """The applications that this person may make, each with who may be asked; what a system above takes not, it is not asked."""
        found = available_applications(self.actor, self.record)
        if not any(AskedOf.UPSTREAM in whom for whom in found.values()):
            return found
        known = {
            sort: tuple(one for one in whom if one is not AskedOf.UPSTREAM or sort.kind in self.askings)
            for sort, whom in found.items()
        }
        return {sort: whom for sort, whom in known.items() if whom}

    @cached_property
    def askings(self) -> dict[ApplicationKind, Asking]:
        """What may be asked of the system above that sent the matter's first order down."""
        order = first_order(self.record)
        if order is None:
            return {}
        system = system_named(order.system)
        found = {kind: asking(order, system, kind) for kind in ApplicationKind if f"apply_{kind}" in system.verbs}
        return {kind: one for kind, one in found.items() if one is not None}

    @cached_property
    def pieces(self) -> list[str]:
        """The things that the one demand of the matter seems to ask, in its words; one or none where it asks one thing."""
        asked = list(Demand.objects.filter(matter=self.record).values_list("asks", flat=True)[:2])
        return [one.of(asked[0]) for one in split(asked[0])] if len(asked) == 1 else []

    @cached_property
    def traces(self) -> str:
        """What has to be kept of the danger before it is cleared."""
        last = last_danger(self.record) if self.record.lane != Matter.Lane.NORMAL else None
        return _(traces_of(last.sort if last else ""))

    @cached_property
    def crews(self) -> list[Sendable]:
        """Who can be sent to the place now."""
        return crews_tonight(self.record.area_id)


@dataclass(frozen=True)
class ReportContext(ActionContext[Report]):
    """A person before a report."""

    def may(self, power: Power) -> bool:
        """One of this person's seats has the power and reaches the report."""
        return may_reach(self.actor, power, self.record)

    def address(self, name: str) -> str:
        return reverse("report_step", args=[self.record.number, name])

    @property
    def page(self) -> str:
        return self.record.get_absolute_url()
