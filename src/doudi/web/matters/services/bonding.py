"""Open matters are moved over to what the version in force says of their supports: one named step of the desk."""

from __future__ import annotations

from dataclasses import dataclass

from doudi.engine.duties.bonds import UNSAID, waited_for
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.duties.queries import book_under
from doudi.web.journal.services import unit_of_work
from doudi.web.matters.models import Assignment, Matter, MatterClock
from doudi.web.matters.queries import unsaid_supports, visible
from doudi.web.matters.reach import post_on, reached_by
from doudi.web.matters.services import transitions
from doudi.web.matters.services.intake import question_for
from doudi.web.people.actor import Actor
from doudi.web.rulebook.queries import Rulebook, rulebook_on
from doudi.web.terms import services as terms


@dataclass(frozen=True, slots=True)
class Adopted:
    """``matters`` were moved over, and in them ``supports``, of which ``freed`` are not waited for any more."""

    matters: int
    supports: int
    freed: int


@unit_of_work()
def adopt_bonds(actor: Actor) -> Adopted:
    """Give each open support that came from a rule without a bond the bond of the version in force.

    Only within what the actor sees. What the version does not name stays as it is: it is waited for.
    """
    actor.require(Power.DISPATCH)
    book, now = rulebook_on(), clock.now()
    waiting = visible(actor).filter(
        reached_by(actor, Power.DISPATCH), pk__in=unsaid_supports().values("matter"), status__in=Matter.OPEN
    )
    rows = list(
        Matter.objects.filter(pk__in=waiting.values("pk"))
        .select_related("unit")
        .order_by("pk")
        .select_for_update(of=("self",))
    )
    moved = supports = freed = 0
    for matter in rows:
        bonds = bonds_to_adopt(matter, book)
        if not bonds:
            continue
        for post, bond in bonds.items():
            Assignment.objects.filter(
                matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True, post=post, bond=UNSAID
            ).update(bond=bond)
            if not waited_for(bond):
                terms.end(MatterClock, now, cancelled=True, matter=matter, which=MatterClock.Which.SUPPORT, stage=post)
                freed += 1
        told = {"bonds": dict(bonds), "rulebook": book.version.number}
        transitions.transition(
            actor, matter, MatterEventKind.BONDS_ADOPTED, {}, told, post=post_on(actor, Power.DISPATCH, matter)
        )
        moved, supports = moved + 1, supports + len(bonds)
    return Adopted(moved, supports, freed)


def bonds_to_adopt(matter: Matter, book: Rulebook) -> dict[str, str]:
    """The posts of such supports with the bonds that ``book`` says of them, asked as when the matter was accepted."""
    question = question_for(book, matter.kind, matter.unit, matter.area_id, matter.facts, at=matter.accepted_at)
    said = book_under(book).answer(question).supports
    posts = unsaid_supports().filter(matter=matter).order_by("post_id").values_list("post_id", flat=True)
    return {post: said[post] for post in posts if said.get(post)}
