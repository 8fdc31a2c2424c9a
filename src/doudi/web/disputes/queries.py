"""Disputes as pages and other slices read them; what a reader may not see does not exist for that reader."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404

from doudi.engine.disputes.hearing import Heard, all_agree
from doudi.engine.disputes.ladder import rung_of
from doudi.engine.disputes.vocabulary import Level, Silence, Stance
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.web.disputes.models import Dispute, DisputeClock, InterimCarrier, Ruling, Statement
from doudi.web.journal.models import FreeText
from doudi.web.matters.models import Assignment, Decision, Matter, MatterEvent
from doudi.web.matters.queries import visible
from doudi.web.matters.reach import may_on
from doudi.web.people.actor import Actor


def visible_disputes(actor: Actor) -> QuerySet[Dispute]:
    """A dispute exists for anyone who sees its matter, for the parties that were asked, and for the convenor."""
    if actor.is_system:
        return Dispute.objects.all()
    seen = Exists(visible(actor).filter(pk=OuterRef("matter")))
    asked = Exists(Statement.objects.filter(dispute=OuterRef("pk"), post__in=actor.posts))
    return Dispute.objects.filter(Q(seen) | Q(asked) | Q(convenor__in=actor.posts))


def dispute_by_number(actor: Actor, number: str, seq: int) -> Dispute:
    """The dispute, or Http404 — the same for one that is not there and one that may not be seen."""
    found = _with_all(visible_disputes(actor)).filter(matter__number=number, seq=seq).first()
    if found is None:
        raise Http404
    return found


def _with_all(rows: QuerySet[Dispute]) -> QuerySet[Dispute]:
    parties = Statement.objects.select_related("post__office", "words", "basis", "signature", "answered_by")
    return rows.select_related(
        "matter__holder__office",
        "matter__unit",
        "matter__area",
        "convenor",
        "proposed",
        "proposal",
        "opened_by",
        "opened_post",
        "application",
        "ended_words",
    ).prefetch_related(
        Prefetch("statements", parties), Prefetch("clocks", DisputeClock.objects.order_by("started_at", "id"))
    )


def disputes_of(matter: Matter) -> QuerySet[Dispute]:
    """All disputes of a matter, the newest first."""
    return Dispute.objects.filter(matter=matter).select_related("convenor", "ruling__lead").order_by("-seq")


def open_disputes(actor: Actor) -> QuerySet[Dispute]:
    """What is being argued, what is due first above."""
    rows = visible_disputes(actor).filter(state=Dispute.State.OPEN)
    return rows.select_related("matter__holder", "matter__unit", "convenor").prefetch_related("clocks", "statements")


def asked_of(actor: Actor) -> QuerySet[Statement]:
    """Statements that wait for this actor's posts."""
    waiting = Statement.objects.filter(
        post__in=actor.posts, answered_at__isnull=True, dispute__state=Dispute.State.OPEN
    )
    return waiting.select_related("dispute__matter", "post").order_by("due_at")


def rulings_to_review(actor: Actor, day: object) -> QuerySet[Ruling]:
    """Rulings whose day of review has come."""
    rows = Ruling.objects.filter(review_on__lte=day, dispute__in=visible_disputes(actor))
    return rows.select_related("dispute__matter", "lead").order_by("review_on")


def rulings_at(actor: Actor, unit: str) -> QuerySet[Ruling]:
    """What was ruled on in matters of one place, the newest first."""
    rows = Ruling.objects.filter(dispute__matter__unit=unit, dispute__in=visible_disputes(actor))
    return rows.select_related("dispute__matter", "lead").order_by("-at")


def rulings_of_draft(actor: Actor, number: int) -> QuerySet[Ruling]:
    """The rulings that drafted rules in a version of the rulebook."""
    rows = Ruling.objects.filter(draft=number, dispute__in=visible_disputes(actor))
    return rows.select_related("dispute__matter", "lead").order_by("at")


def agreed(dispute: Dispute) -> bool:
    """Whether the convenor's proposal stands."""
    parties = [
        Heard(
            one.post_id,
            one.own,
            Stance(one.stance) if one.stance else None,
            Silence(one.silence) if one.silence else None,
        )
        for one in Statement.objects.filter(dispute=dispute)
    ]
    return all_agree(parties, dispute.proposed_id)


def opening_words(dispute: Dispute) -> FreeText | None:
    """What the opener wrote; it stands with the event of its matter."""
    told = MatterEvent.objects.filter(
        matter=dispute.matter, kind=MatterEventKind.DISPUTE_OPENED, payload__dispute=str(dispute.pk)
    )
    event = told.select_related("words").first()
    return event.words if event else None


def at_opening(dispute: Dispute) -> tuple[Decision | None, str]:
    """The receipt that left it unclear, and the name of the post that held when the dispute was opened."""
    matter, at = dispute.matter, dispute.opened_at
    leads = Assignment.objects.filter(matter=matter, role=Assignment.Role.LEAD, since__lte=at).select_related("post")
    lead = leads.order_by("since", "id").last()
    receipt = (
        Decision.objects.filter(matter=matter, at__lte=at)
        .exclude(status__in=("ruling", Decision.NEXT))
        .order_by("at", "id")
        .last()
    )
    return receipt, lead.post.name if lead else ""


def may_convene(actor: Actor, dispute: Dispute) -> bool:
    return dispute.state == Dispute.State.OPEN and (
        dispute.convenor_id in actor.posts or may_on(actor, Power.CONVENE, dispute.matter)
    )


def may_name_carrier(actor: Actor, dispute: Dispute) -> bool:
    """On the spot the post that convenes there, in the town and above it whoever rules for the town; never a clerk."""
    if dispute.state != Dispute.State.OPEN or dispute.level == Level.DESK:
        return False
    return may_on(actor, Power.RULE_FOR_TOWN, dispute.matter) or (
        dispute.level == Level.ON_SITE and dispute.convenor_id in actor.posts
    )


def carrier_of(dispute: Dispute) -> InterimCarrier | None:
    """Who carries meanwhile, if anybody was named on the present level."""
    return InterimCarrier.objects.filter(dispute=dispute, ended_at=None).select_related("post", "words").first()


def may_rule(actor: Actor, dispute: Dispute) -> bool:
    """Whether this actor rules on the present level (on site: once all agree)."""
    if dispute.state != Dispute.State.OPEN:
        return False
    rung = rung_of(dispute.level)
    return (
        may_convene(actor, dispute) and agreed(dispute)
        if rung.rules is None
        else may_on(actor, rung.rules, dispute.matter)
    )
