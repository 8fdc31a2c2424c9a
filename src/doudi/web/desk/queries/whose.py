"""Whose it is: what the duties answer for a kind, a place and a moment, and whom one reaches there then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from doudi.engine.duties.answers import AnswerStatus
from doudi.engine.duties.clipping import SPOT
from doudi.engine.kinds.entries import Competent
from doudi.engine.messages import Message
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.desk.queries.lists import area_of
from doudi.web.desk.queries.receipt import RuleLine, fact_words, rule_line
from doudi.web.desk.wording import BONDS, HOURS, LAYERS, UNCLEAR
from doudi.web.duties.queries import book_under
from doudi.web.matters.services import question_for
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.places.queries import resolve
from doudi.web.resources.queries import Answering, who_answers_each
from doudi.web.resources.wording import ANSWERS_AS
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.search.queries import code_of
from doudi.web.units.models import Unit
from doudi.web.units.queries import served_unit, visible_units


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it is asked for: a unit in its grid, an area, or nowhere."""

    unit: Unit | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """A post, and who answers there at the moment."""

    post: Post
    answering: Answering
    bond: object = ""

    @property
    def how(self) -> object:
        return ANSWERS_AS.get(self.answering.how, "")


@dataclass(frozen=True, slots=True)
class Whose:
    """The answer. ``unclear``: in two words why no rule's own post holds; empty where one does."""

    holder: Reached
    reason: Message
    unclear: object
    layer: object
    rules: Sequence[RuleLine]
    losing: Sequence[RuleLine]
    supports: Sequence[Reached]
    competent: Competent | None
    kind: str
    unit_type: str
    place: str
    facts: Mapping[str, object]
    hours: object
    version: int
    at: datetime

    @property
    def settled(self) -> bool:
        return not self.unclear


def spot_named(actor: Actor, typed: str) -> Spot | None:
    """The place that was typed: a code, the name of an area, or an address that names one sure place; None: none of these.

    A place that the actor may not look up is found by the code alone that stands on its plaque, as a passer-by finds it.
    """
    town = areas()
    if not typed:
        return Spot()
    if code := code_of(typed):
        unit = visible_units(actor).filter(pk=code).first() or served_unit(code)
        return Spot(unit, unit.area_id) if unit else None
    named = [code for code in town.tree if typed in (town.path(code), town.name(code))]
    if len(named) == 1:
        return Spot(area=named[0])
    located = resolve(typed, "")
    if not located.confident or located.area is None:
        return None
    unit = visible_units(actor).filter(pk=located.unit).first() if located.unit else None
    return Spot(unit, unit.area_id if unit else located.area)


def whose(kind: str, spot: Spot, at: datetime) -> Whose:
    """Who holds it then, by the rules in force on that day, and who answers there at that moment."""
    rulebook, town = rulebook_on(clock.day_of(at)), areas()
    question = question_for(rulebook, kind, spot.unit, spot.area, {}, at=at)
    found = book_under(rulebook).answer(question)
    posts = Post.objects.select_related("office").in_bulk([found.post, *found.supports])
    reached = who_answers_each(posts.values(), at)
    rules = {rule.id: rule for rule in rulebook.rules}
    unclear = "" if found.status is AnswerStatus.RULE else UNCLEAR.get(str(found.status), ("", ""))[0]
    return Whose(
        holder=Reached(posts[found.post], reached[found.post]),
        reason=found.reason,
        unclear=unclear,
        layer=LAYERS.get(str(found.layer), found.layer),
        rules=[rule_line(rulebook, rules, one) for one in found.rules],
        losing=[
            rule_line(rulebook, rules, one.rule, one.holder, one.outranked_by or "")
            for one in found.runners_up
            if one.rule not in found.rules
        ],
        supports=[
            Reached(posts[code], reached[code], BONDS.get(str(bond), "")) for code, bond in found.supports.items()
        ],
        competent=found.competent,
        kind=rulebook.kind_name(kind) if kind else "",
        unit_type=rulebook.type_name(spot.unit.type) if spot.unit else "",
        place=" · ".join(filter(None, (spot.unit.name if spot.unit else "", area_of(spot.area, town)))),
        facts=fact_words(rulebook, {name: value for name, value in question.facts.items() if name != SPOT}),
        hours=HOURS[str(question.hours)],
        version=rulebook.version.number,
        at=at,
    )
