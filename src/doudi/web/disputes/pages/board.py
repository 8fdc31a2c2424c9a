"""All disputes by level, what is due first on top; what waits for me; rulings whose day of review has come."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from doudi.engine.disputes.ladder import LADDER, Rung
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.disputes.models import Dispute, DisputeClock
from doudi.web.disputes.queries import asked_of, open_disputes, rulings_to_review, visible_disputes
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook.queries import rulebook_of

MOST_ENDED = 40
#: anyone who has none of these sees the board only while a dispute waits for them
BOARD = (Power.SEE_DESK, Power.SEE_OWN, Power.REVIEW_RULEBOOK)


@dataclass(frozen=True, slots=True)
class Card:
    """One dispute on the board: ``said`` of ``parties`` have spoken."""

    dispute: Dispute
    kind_name: str
    clock: DisputeClock | None
    said: int
    parties: int


@dataclass(frozen=True, slots=True)
class Column:
    rung: Rung
    cards: list[Card]


@require_safe
def board(request: ActorRequest) -> HttpResponse:
    actor = request.actor
    cards = sorted(
        map(_card, open_disputes(actor)), key=lambda card: (card.clock is None, card.clock and card.clock.due_at)
    )
    mine = list(asked_of(actor))
    ended = (
        visible_disputes(actor)
        .exclude(state=Dispute.State.OPEN)
        .select_related("matter__unit", "ruling__lead", "ruling__draft")
    )
    if not (cards or mine or any(actor.may(power) for power in BOARD)):
        raise Http404
    facts = {
        "columns": [Column(rung, [card for card in cards if card.dispute.level == str(rung.level)]) for rung in LADDER],
        "count": len(cards),
        "mine": mine,
        "ended": [(one, _kind_name(one)) for one in ended.order_by("-ended_at")[:MOST_ENDED]],
        "review": list(rulings_to_review(actor, clock.today())[:MOST_ENDED]),
    }
    return render(request, "disputes/board.html", facts)


def _card(one: Dispute) -> Card:
    said = list(one.statements.all())
    running = next((row for row in one.clocks.all() if row.running), None)
    return Card(one, _kind_name(one), running, sum(bool(row.stance) for row in said), len(said))


def _kind_name(one: Dispute) -> str:
    return rulebook_of(one.matter.rulebook_id).kind_name(one.matter.kind) if one.matter.kind else ""
