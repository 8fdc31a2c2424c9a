"""Matters and reports as pages read them; ``visible`` and ``visible_reports`` decide who may see what, nowhere else.

What a person may not see does not exist for them: lists, counts, search, exports and pages all start here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from doudi.engine.matters.applications import ASKINGS, AskedOf, Asking, asking
from doudi.engine.matters.life import By, Step, matter_steps_from, report_steps_from
from doudi.engine.numbers import NumberError, parse_number
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.matters.models import Application, Assignment, Decision, Demand, Evidence, Matter, MatterEvent, Urge
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report, ReportPhoto
from doudi.web.selecting import row_by


def visible(actor: Actor) -> QuerySet[Matter]:
    """The matters that exist for this actor: role × area, own office, and the restricted circle."""
    matters = Matter.objects.all()
    if actor.is_system:
        return matters
    seen = Q(pk__in=[])
    scope = actor.scope("see_area")
    if scope is None and actor.may("see_unplaced"):
        return matters if actor.may("see_restricted") else matters.filter(Q(restricted=False) | _asked_of(actor))
    if scope is None:
        seen |= Q(area__isnull=False)
    elif scope:
        seen |= Q(area__in=scope)
    if actor.may("see_unplaced"):
        seen |= Q(area__isnull=True)
    if actor.may("see_own") and actor.offices:
        seen |= Q(Exists(Assignment.objects.filter(matter=OuterRef("pk"), post__office__in=actor.offices)))
    asked = _asked_of(actor)
    matters = matters.filter(seen | asked)
    if not actor.may("see_restricted"):
        matters = matters.filter(Q(restricted=False) | asked)
    return matters


def _asked_of(actor: Actor) -> Q:
    """Matters that the actor's own posts hold, or are asked to help with now: whoever must act must see."""
    if not actor.posts:
        return Q(pk__in=[])
    helping = Assignment.objects.filter(
        matter=OuterRef("pk"), role=Assignment.Role.SUPPORT, until__isnull=True, post__in=actor.posts
    )
    return Q(holder__in=actor.posts) | Q(Exists(helping))


def visible_reports(actor: Actor) -> QuerySet[Report]:
    """A report exists for whoever may see a matter in which it is handled, and for its answerer."""
    if actor.is_system:
        return Report.objects.all()
    # Asked matter by matter: as a list, a database would first write down every matter of the town.
    seen = Exists(visible(actor).filter(pk=OuterRef("matter")))
    handled = Demand.objects.filter(seen, report=OuterRef("pk"))
    reports = Report.objects.filter(Q(Exists(handled)) | Q(answerer__in=actor.posts))
    if not actor.may("see_restricted"):
        reports = reports.exclude(Q(secrecy=Report.Secrecy.RESTRICTED) & ~Q(answerer__in=actor.posts))
    return reports


def matter_by_number(actor: Actor, number: str) -> Matter:
    """The matter, or Http404 — the same for one that is not there and one that may not be seen."""
    return _seen(actor, _only(Matter.objects.select_related("holder__office", "unit", "merged_into"), number))


def matter_to_act_on(actor: Actor, number: str) -> Matter:
    """The same without its place and holder, for a step, which looks at what it needs."""
    found = row_by(Matter, number=_digits(number))
    if found is None:
        raise Http404
    return _seen(actor, found)


def _seen(actor: Actor, found: Matter) -> Matter:
    # Who holds a matter sees it; the database is asked about all others.
    if found.holder_id not in actor.posts and not visible(actor).filter(pk=found.pk).exists():
        raise Http404
    return found


def report_by_number(actor: Actor, number: str) -> Report:
    return _only(visible_reports(actor).select_related("answerer__office", "unit", "area"), number)


def _only(rows: QuerySet[Any], number: str) -> Any:
    row = rows.filter(number=_digits(number)).first()
    if row is None:
        raise Http404
    return row


def _digits(number: str) -> str:
    try:
        return parse_number(number)
    except NumberError:
        raise Http404 from None


def may_see_upload(actor: Actor, upload: Upload) -> bool:
    """Whether a photograph belongs to a matter or report that exists for the actor."""
    reports = ReportPhoto.objects.filter(upload=upload).values("report")
    return (
        Evidence.objects.filter(upload=upload, matter__in=visible(actor)).exists()
        or visible_reports(actor).filter(pk__in=reports).exists()
    )


@dataclass(frozen=True, slots=True)
class StepOffer:
    """A step that the life allows now. ``why_not`` is empty when this actor may take it."""

    step: Step
    why_not: str

    @property
    def allowed(self) -> bool:
        return not self.why_not


def next_steps(actor: Actor, matter: Matter) -> tuple[StepOffer, ...]:
    """The steps that lie ahead of the matter, and for each whether this actor may take it."""
    ahead = (step for step in matter_steps_from(matter.status) if step.name != "close_on_spot")
    return tuple(StepOffer(step, _why_not(actor, matter, step)) for step in ahead)


_POWER = {"dispatch": "dispatch", "merge": "merge", "void": "void", "reopen": "reopen"}


def _why_not(actor: Actor, matter: Matter, step: Step) -> str:
    if step.by is By.HOLDER:
        return "" if matter.holder_id in actor.posts else "由承办岗操作"
    if step.by is By.ANOTHER:
        if not actor.may("verify"):
            return "由有核查权限的岗位操作"
        return "承办岗不核查自己" if matter.holder_id in actor.posts or (actor.person and actor.person.pk == matter.handled_by_id) else ""
    return "" if actor.may(_POWER[step.name]) else "由值班岗操作"


def report_steps(actor: Actor, report: Report) -> tuple[StepOffer, ...]:
    """The same for a report; what only its reporter does is left out."""
    powers = {"quarantine": "quarantine", "release": "quarantine", "dismiss": "quarantine", "reply": "reply", "close": "reply"}

    def why_not(step: Step) -> str:
        own = step.by is By.ANSWERER and report.answerer_id in actor.posts
        return "" if own or actor.may(powers[step.name]) else "由答复岗操作" if step.by is By.ANSWERER else "由值班岗操作"

    return tuple(
        StepOffer(step, why_not(step)) for step in report_steps_from(report.status) if step.by not in (By.REPORTER, By.SYSTEM)
    )


def receipt(matter: Matter) -> Decision | None:
    """The decision that put the matter where it is."""
    return Decision.objects.filter(matter=matter).select_related("by_person", "words").order_by("at", "id").last()


def timeline(matter: Matter) -> QuerySet[MatterEvent]:
    return MatterEvent.objects.filter(matter=matter).select_related("post__office", "person", "words").order_by("seq")


def reports_of(matter: Matter) -> QuerySet[Report]:
    return Report.objects.filter(pk__in=Demand.objects.filter(matter=matter).values("report")).select_related("answerer")


def matters_of(report: Report) -> QuerySet[Matter]:
    return Matter.objects.filter(demands__report=report).select_related("holder__office").distinct()


def supports_of(matter: Matter) -> QuerySet[Assignment]:
    return Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT).select_related("post__office").order_by("since")


def held_by(posts: frozenset[str]) -> QuerySet[Matter]:
    """Open matters that these posts hold."""
    return Matter.objects.filter(holder__in=posts, status__in=Matter.OPEN)


def supported_by(posts: frozenset[str]) -> QuerySet[Matter]:
    """Open matters that wait for these posts' help."""
    helping = Assignment.objects.filter(matter=OuterRef("pk"), role=Assignment.Role.SUPPORT, until__isnull=True, post__in=posts)
    return Matter.objects.filter(Exists(helping), status__in=Matter.OPEN)


def applications_of(matter: Matter) -> QuerySet[Application]:
    """All that was asked for, the first first."""
    named = ("by_post__office", "by_person", "proposed_holder", "reason", "basis", "answer", "answered_by", "report")
    return Application.objects.filter(matter=matter).select_related(*named).order_by("applied_at", "id")


def undecided(actor: Actor) -> QuerySet[Application]:
    """Applications that wait for an answer, in matters that exist for the actor, the nearest due first."""
    waiting = Application.objects.filter(state__in=Application.UNDECIDED, matter__in=visible(actor))
    return waiting.select_related("matter", "by_post", "proposed_holder", "reason").order_by("due_at", "applied_at")


def askable(actor: Actor, matter: Matter) -> dict[Asking, tuple[AskedOf, ...]]:
    """What may be asked now, and of whom: the desk only hears the holder, the upstream only hears of its own orders."""
    at_work = matter.status in (Matter.Status.ACCEPTED, Matter.Status.TAKEN)
    fit = [one for one in ASKINGS if at_work or (one.after_end and matter.status != Matter.Status.MERGED)]
    holds = matter.holder_id in actor.posts
    from_above = bool(fit) and (holds or actor.may("dispatch")) and _has_order(matter)
    if not (holds or from_above):
        return {}
    waiting = Application.objects.filter(matter=matter, state__in=Application.UNDECIDED)
    asked = set(waiting.values_list("kind", "asked_of"))
    open_to = {AskedOf.DESK: holds, AskedOf.UPSTREAM: from_above}
    found = {
        one: tuple(
            whom for whom in AskedOf if whom in one.asked_of and open_to[whom] and (str(one.kind), str(whom)) not in asked
        )
        for one in fit
    }
    return {one: whom for one, whom in found.items() if whom}


def _has_order(matter: Matter) -> bool:
    return Demand.objects.filter(matter=matter).exclude(report__system="").exists()


def may_answer(actor: Actor, application: Application) -> bool:
    """The desk answers what it was asked, by somebody else than who asked; it writes down what the upstream answered."""
    if application.state != Application.State.OPEN:
        return False
    if application.asked_of == Application.AskedOf.UPSTREAM:
        return actor.may("dispatch")
    own = actor.person is not None and actor.person.pk == application.by_person_id
    return actor.may(asking(application.kind).power) and not own


def urges_of(matter: Matter) -> QuerySet[Urge]:
    named = ("by_post", "by_person", "instruction", "answer", "answered_by")
    return Urge.objects.filter(matter=matter).select_related(*named).order_by("urged_at", "id")


def suspended_until(matter: Matter) -> datetime | None:
    """Until when it stands on the books (挂账), if it does now."""
    granted = Application.objects.filter(matter=matter, kind="suspend", state="granted", granted_until__gt=clock.now())
    return granted.order_by("-granted_until").values_list("granted_until", flat=True).first()
