"""Which rows of an import somebody may look at: those of the areas in which they import, and of the circles they belong to.

A row is more than its report will be: it names who reported, and some rows never become a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from doudi.engine.people.vocabulary import Power
from doudi.engine.triage.sensitive import SECRET, sensitivity
from doudi.web.matters.queries import visible_reports
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.places.queries import resolve
from doudi.web.reports.reach import may_reach
from doudi.web.units.queries import unit_by_code
from doudi.web.upstream.columns import Columns
from doudi.web.upstream.models import ImportFault
from doudi.web.upstream.queries import places_by_name
from doudi.web.upstream.rows import is_secret


class Sight:
    """What one person sees of rows; made once for a page."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        scopes = [actor.scope(power) for power in (Power.IMPORT, Power.SEE_RESTRICTED)]
        self._sees_all = scopes == [None, None]

    @cached_property
    def _places(self) -> Mapping[str, str]:
        return places_by_name()

    def among(self, faults: Iterable[ImportFault]) -> list[ImportFault]:
        return [fault for fault in faults if self.may_see(fault)]

    def may_see(self, fault: ImportFault) -> bool:
        """The row by where it lies and what it says; one that belongs to a report also by that."""
        report = fault.report
        if report is not None and not (
            may_reach(self.actor, Power.IMPORT, report)
            and visible_reports(self.actor.only(Power.IMPORT)).filter(pk=report.pk).exists()
        ):
            return False
        return self.may_read(fault.cells, fault.batch.columns, known=report is not None)

    def may_read(self, cells: Mapping[str, str], columns: Columns, *, known: bool = False) -> bool:
        """Cells by header. ``known``: where the row lies was judged by its report."""
        if self._sees_all:
            return True
        restricted = bool(set(sensitivity("\n".join(cells.values()))) - {SECRET})
        area = self._area(cells, columns)
        mine = known or self.actor.may_in(Power.IMPORT, area)
        return mine and (not restricted or self.actor.may_in(Power.SEE_RESTRICTED, area))

    def hidden(self, cells: Mapping[str, str], columns: Columns) -> frozenset[str]:
        """The headers that tell who reported and that this person may not read; those that nobody named may tell it."""
        secret = any(is_secret(cells.get(header, "")) for header in columns.get("secret", ()))
        power = Power.SEE_SECRET_REPORTER if secret else Power.SEE_REPORTER
        whole = self.actor.scope(power) is None
        if whole or self.actor.may_in(power, self._area(cells, columns)):
            return frozenset()
        named = {header for name, given in columns.items() if name not in ("name", "phone") for header in given}
        return frozenset(cells.keys() - named)

    def _area(self, cells: Mapping[str, str], columns: Columns) -> str | None:
        """The area that the row names, its place's, or that of its address; None where nobody can tell."""
        said = {
            name: "".join(cells.get(header, "") for header in columns.get(name, ())).strip()
            for name in ("area", "unit_code", "address", "title", "words")
        }
        if code := self._places.get(said["area"]):
            return code
        if unit := unit_by_code(said["unit_code"]):
            return unit.area_id
        return resolve(said["address"], f"{said['title']}\n{said['words']}").area


def require_sight(actor: Actor, fault: ImportFault) -> None:
    """Raises NotAllowedError for a row that does not exist for this person."""
    actor.require(Power.IMPORT)
    if not (actor.is_system or Sight(actor).may_see(fault)):
        raise NotAllowedError("这一行不在您的权限范围内。如确需办理，请联系值班长。", power=Power.IMPORT)
