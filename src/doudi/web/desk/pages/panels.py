"""The panels of a matter in which the town catches, asks and reminds: their rows, each with what may be done about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from doudi.engine.duties.layers import Layer
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.messages import msg
from doudi.web.actions.action import Action, Offer, offers, row_offers
from doudi.web.backstop.queries import Sendable, orders_of
from doudi.web.design.wording import say
from doudi.web.desk.actions.applying import ANSWERING, APPLYING, SUPPORTING, URGING
from doudi.web.desk.actions.catching import CLEARING, CREWS, KEEP_TRACES, MADE_SAFE, SEND_CREW, owner_tasks
from doudi.web.desk.actions.context import MatterContext
from doudi.web.matters.models import Matter, MatterClock
from doudi.web.matters.queries import applications_of, urges_of
from doudi.web.orders.queries import filed

ACTIONS: tuple[Action[MatterContext], ...] = (
    *APPLYING,
    *ANSWERING,
    *URGING,
    *SUPPORTING,
    SEND_CREW,
    MADE_SAFE,
    KEEP_TRACES,
    *CREWS,
    *CLEARING,
)


#: what is done about a danger: it stands in the panel of making safe
OF_DANGER = frozenset({SEND_CREW.name, MADE_SAFE.name, KEEP_TRACES.name})


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a panel with what this person may do about it."""

    row: Any
    offers: Sequence[Offer]


@dataclass(frozen=True)
class Panels:
    """All panels of one matter for one person."""

    applications: Sequence[Line]
    urges: Sequence[Line]
    orders: Sequence[Line]
    tasks: Sequence[Line]
    crews: Sequence[Sendable]
    make_safe: MatterClock | None
    offers: Mapping[str, Offer] = field(repr=False)

    @property
    def applying(self) -> list[Offer]:
        return [offer for name, offer in self.offers.items() if name.startswith("apply-")]

    @property
    def of_danger(self) -> bool:
        """Whether the panel of making safe has something to show."""
        return bool(self.make_safe or self.orders or self.crews or self.asks_traces)

    @property
    def asks_traces(self) -> bool:
        """Whether what became of what vanishes may be said, and was not yet."""
        return KEEP_TRACES.name in self.offers

    @property
    def clearing(self) -> list[Offer]:
        """What may be done about a danger."""
        return [offer for name, offer in self.offers.items() if name in OF_DANGER]


#: each list: the event without which it has no row, so that a quiet matter asks the database for none; its rows; its actions
_LISTS: tuple[tuple[str, Callable[[Matter], Any], Sequence[Action[MatterContext]]], ...] = (
    ("applied", applications_of, ANSWERING),
    ("urged", urges_of, URGING),
    ("crew_sent", orders_of, CREWS),
    ("task_opened", owner_tasks, CLEARING),
)


def panels(
    context: MatterContext,
    safe: MatterClock | None,
    happened: frozenset[str],
    tried: Offer | None = None,
    asked: str = "",
) -> Panels:
    """What the matter's panels show. ``safe``: its clock of making safe; ``happened``: the kinds of its events;
    ``tried`` was refused and keeps its words; the one ``asked`` for is open."""
    found = [list(rows(context.record)) if begun in happened else [] for begun, rows, _actions in _LISTS]
    caught = context.record.lane != Matter.Lane.NORMAL or context.record.layer == Layer.BACKSTOP
    catching = context.is_open and (caught or bool(found[2]))
    wanted = catching or asked == SEND_CREW.name or (tried is not None and tried.action is SEND_CREW)
    hidden = {SEND_CREW.name} if not wanted else set()
    if MatterEventKind.MADE_SAFE not in happened:
        hidden.add(KEEP_TRACES.name)
    shown = offers((one for one in ACTIONS if one.name not in hidden), context, tried, opened=asked)
    applied, urged, ordered, tasks = (
        [Line(row, row_offers(actions, replace(context, row=row), tried)) for row in rows]
        for rows, (_begun, _rows, actions) in zip(found, _LISTS, strict=True)
    )
    above = filed(line.row for line in applied)
    for line in applied:
        line.row.filed = above.get(line.row.pk)
    names = {str(one["code"]): str(one["name"]) for one in context.book.modules} if tasks else {}
    for line in tasks:
        line.row.module_name = names.get(line.row.module, line.row.module)
        line.row.outcome_words = say(msg(line.row.outcome)) if line.row.outcome else ""
    crews = context.crews if catching and MADE_SAFE.name in shown else ()
    return Panels(applied, urged, ordered, tasks, crews, safe, shown)
