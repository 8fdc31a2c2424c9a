"""Matters and reports as pages read them; ``visible`` and ``visible_reports`` decide who may see what, nowhere else.

What a person may not see does not exist for them: lists, counts, search, exports and pages all start here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404

from doudi.engine.danger.assessment import Severity
from doudi.engine.duties.bonds import UNSAID, Bond, waited_for
from doudi.engine.duties.layers import Layer
from doudi.engine.kinds.catalogue import Catalogue, Emergency, Lane
from doudi.engine.kinds.evidence import BEFORE_PHOTO, asked_when_handled
from doudi.engine.matters.applications import APPLICATION_TYPES, ApplicationType, application_type
from doudi.engine.matters.lanes import danger_of_lane, higher, is_above, lane_of_danger
from doudi.engine.matters.life import finishing_step
from doudi.engine.matters.vocabulary import AskedOf, MatterEventKind, MatterStep
from doudi.engine.numbers import NumberError, parse_number
from doudi.engine.people.vocabulary import Power
from doudi.engine.workdays import Term, TimeUnit
from doudi.web.areas.queries import areas
from doudi.web.files.models import Upload
from doudi.web.matters.models import (
    Application,
    Assignment,
    Danger,
    Decision,
    Demand,
    Evidence,
    Matter,
    MatterClock,
    MatterEvent,
    Urge,
)
from doudi.web.matters.photos import sample_share
from doudi.web.matters.reach import lies_in, may_on, reached_by
from doudi.web.notices.models import Notice
from doudi.web.people.access import Access
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.people.queries import active_posts
from doudi.web.reports.models import Report, ReportPhoto
from doudi.web.rulebook.queries import Rulebook, rulebook_of
from doudi.web.sql.select import first_where, get_or_none, prepared

Row = TypeVar("Row", bound=Model)


def visible(actor: Actor) -> QuerySet[Matter]:
    """The matters that exist for this actor: role × area, own office, and the restricted circle."""
    matters = Matter.objects.all()
    if actor.is_system:
        return matters
    asked, near = _asked_of(actor), lies_in(actor, Power.SEE_AREA)
    if actor.may(Power.SEE_UNPLACED):
        near |= Q(area__isnull=True)
    if actor.scope(Power.SEE_AREA) is not None or not actor.may(Power.SEE_UNPLACED):
        if offices := actor.offices_with(Power.SEE_OWN):
            near |= Q(Exists(Assignment.objects.filter(matter=OuterRef("pk"), post__office__in=offices)))
        matters = matters.filter(near | asked)
    if actor.scope(Power.SEE_RESTRICTED) is not None:
        matters = matters.filter(Q(restricted=False) | asked | reached_by(actor, Power.SEE_RESTRICTED))
    return matters


def names_of_view(actor: Actor) -> frozenset[str] | None:
    """Areas (``a:CODE``; ``a:`` for none) and posts (``p:CODE``), one of which every matter of ``visible`` has; None: any.

    A post belongs to a matter that it ever led or helped with; a report has those of its matters, and its answerer's.
    """
    scope = actor.scope(Power.SEE_AREA)
    if scope is None:
        return None
    names = {f"a:{code}" for code in scope} | {f"p:{code}" for code in actor.posts}
    if actor.may(Power.SEE_UNPLACED):
        names.add("a:")
    if offices := actor.offices_with(Power.SEE_OWN):
        names |= {f"p:{code}" for code in Post.objects.filter(office__in=offices).values_list("code", flat=True)}
    return frozenset(names)


def _asked_of(actor: Actor) -> Q:
    """Matters that the actor's own posts hold, are asked to help with or are to take over: anyone who must act must see."""
    if not actor.posts:
        return Q(pk__in=[])
    asked = Assignment.objects.filter(
        matter=OuterRef("pk"), role__in=Assignment.ASKED, until__isnull=True, post__in=actor.posts
    )
    return Q(holder__in=actor.posts) | Q(Exists(asked))


def visible_reports(actor: Actor) -> QuerySet[Report]:
    """A report exists for anyone who may see a matter in which it is handled, and for its answerer."""
    if actor.is_system:
        return Report.objects.all()
    # Asked matter by matter: as a list, a database would first write down every matter of the town.
    seen = Exists(visible(actor).filter(pk=OuterRef("matter")))
    handled = Demand.objects.filter(seen, report=OuterRef("pk"))
    reports = Report.objects.filter(Q(Exists(handled)) | Q(answerer__in=actor.posts))
    if actor.scope(Power.SEE_RESTRICTED) is not None:
        known = Q(answerer__in=actor.posts) | reached_by(actor, Power.SEE_RESTRICTED)
        reports = reports.filter(~Q(secrecy=Report.Secrecy.RESTRICTED) | known)
    # A report is its reporter's own words: what is secret is there for those who hold the work, and for the desk.
    holds = Demand.objects.filter(report=OuterRef("pk"), matter__holder__in=actor.posts)
    told = Q(secrecy=Report.Secrecy.OPEN) | Q(answerer__in=actor.posts) | Q(Exists(holds))
    if actor.scope(Power.RETELL) is not None:
        reports = reports.filter(told | reached_by(actor, Power.RETELL))
    return reports


def matter_by_number(actor: Actor, number: str) -> Matter:
    """The matter, or Http404 — the same for one that is not there and one that may not be seen."""
    return _seen(actor, _only(Matter.objects.select_related("holder__office", "unit", "merged_into"), number))


def matter_to_act_on(actor: Actor, number: str) -> Matter:
    """The same without its place and holder, for a step, which looks at what it needs."""
    found = get_or_none(Matter, number=_digits(number))
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


def _only(rows: QuerySet[Row], number: str) -> Row:
    row = rows.filter(number=_digits(number)).first()
    if row is None:
        raise Http404
    return row


def _digits(number: str) -> str:
    try:
        return parse_number(number)
    except NumberError:
        raise Http404 from None


def asked_evidence(matter: Matter, rulebook: Rulebook) -> tuple[str, ...]:
    """What the kind wants shown when the work is handed over, save a photograph of before that is there already."""
    if matter.kind not in rulebook.catalogue:
        return ()
    asked = asked_when_handled(rulebook.catalogue.kind(matter.kind).evidence)
    return tuple(name for name in asked if name != BEFORE_PHOTO or not _seen_before(matter))


def _seen_before(matter: Matter) -> bool:
    """Somebody who reported, or worked here, has shown what it was like."""
    shown = Evidence.objects.filter(matter=matter, stage=Evidence.Stage.BEFORE)
    reported = ReportPhoto.objects.filter(report__in=Demand.objects.filter(matter=matter).values("report"))
    return shown.exists() or reported.exists()


def shown_evidence() -> QuerySet[Evidence]:
    """The photographs of work that may be looked at: none that was erased, and none of a matter whose whole file is blocked."""
    told = Demand.objects.filter(matter=OuterRef("matter"))
    blocked = Exists(told.exclude(report__blocked_at=None)) & ~Exists(told.filter(report__blocked_at=None))
    return Evidence.objects.filter(upload__erased_at=None).exclude(blocked)


def answerable_photos(report: Report) -> QuerySet[Evidence]:
    """The photographs of what was done that may go with an answer: of nothing that is secret, nor of a report that is."""
    of_report = Demand.objects.filter(report=report).values("matter")
    done = shown_evidence().filter(matter__in=of_report, stage=Evidence.Stage.AFTER, matter__secret=False)
    is_open = report.secrecy == Report.Secrecy.OPEN and report.blocked_at is None
    return (done if is_open else done.none()).order_by("pk")


def may_see_upload(actor: Actor, upload: Upload) -> bool:
    """Whether a photograph belongs to a matter or report that exists for the actor."""
    reports = ReportPhoto.objects.filter(upload=upload, report__blocked_at=None).values("report")
    return upload.erased_at is None and (
        shown_evidence().filter(upload=upload, matter__in=visible(actor)).exists()
        or visible_reports(actor).filter(pk__in=reports).exists()
    )


def receipt(matter: Matter) -> Decision | None:
    """The decision that put the matter where it is."""
    rows = Decision.objects.filter(matter=matter).exclude(status=Decision.NEXT).select_related("by_person", "words")
    return rows.order_by("at", "id").last()


def timeline(matter: Matter) -> QuerySet[MatterEvent]:
    return MatterEvent.objects.filter(matter=matter).select_related("post__office", "person", "words").order_by("seq")


def reports_of(matter: Matter) -> QuerySet[Report]:
    return Report.objects.filter(pk__in=Demand.objects.filter(matter=matter).values("report")).select_related(
        "answerer"
    )


def matters_of(report: Report) -> QuerySet[Matter]:
    return Matter.objects.filter(demands__report=report).select_related("holder__office").distinct()


def supports_of(matter: Matter) -> QuerySet[Assignment]:
    return (
        Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT)
        .select_related("post__office")
        .order_by("since")
    )


def waited_supports(matter: Matter, *, closing: bool) -> list[Assignment]:
    """The open supports that keep the matter from being closed; without ``closing``, from being handled."""
    rows = supports_of(matter).filter(until__isnull=True)
    return [row for row in rows if waited_for(row.bond, closing=closing)]


def drawn_for_check(matter: Matter, rulebook: Rulebook) -> bool:
    """Whether a matter checked by sample is in the sample: fixed by its id, so that nobody can try again."""
    share = sample_share(matter.holder_id, rulebook.parameters)
    return int(sha256(matter.pk.bytes).hexdigest()[:8], 16) % 100 < share


def step_when_handled(matter: Matter, rulebook: Rulebook) -> MatterStep:
    """Whether a handled matter is checked or closed on the spot. Where danger stands somebody else always looks."""
    kind = rulebook.catalogue.kind(matter.kind)
    looked_at = danger_of(matter) is not Severity.NONE or drawn_for_check(matter, rulebook)
    return finishing_step(kind.verification, drawn=looked_at)


def hindering(matter: Matter, rulebook: Rulebook) -> list[Assignment]:
    """The open supports that keep the matter from its next step: to be handled, to be closed on the spot, or to be closed."""
    if matter.status not in Matter.OPEN:
        return []
    closing = matter.status == Matter.Status.HANDLED or (
        matter.kind in rulebook.catalogue and step_when_handled(matter, rulebook) == "close_on_spot"
    )
    return waited_supports(matter, closing=closing)


def reminded_again_at(matter: Matter, support: Assignment, kind: str) -> datetime | None:
    """From when on an event of this kind may come again about an open support; None: it has not come yet.

    Once in each term that the town gives a support; where it gives none, once a working day.
    """
    told = MatterEvent.objects.filter(matter=matter, kind=kind, at__gte=support.since).order_by("-seq")
    last = next((one for one in told if one.payload.get("post") == support.post_id), None)
    if last is None:
        return None
    book = rulebook_of(matter.rulebook_id)
    term = book.term_if_set("support_by", matter.lane) or Term(1, TimeUnit.WORKING_DAY)
    return book.calendar.due(last.at, term).at


def unsaid_supports() -> QuerySet[Assignment]:
    """Open supports that a rule named and of which its version did not say what waits for them."""
    return Assignment.objects.filter(
        role=Assignment.Role.SUPPORT, until__isnull=True, bond=UNSAID, why__in=("rule", "backstop")
    )


def held_by(posts: frozenset[str]) -> QuerySet[Matter]:
    """Open matters that these posts hold."""
    return Matter.objects.filter(holder__in=posts, status__in=Matter.OPEN)


def supported_by(posts: frozenset[str]) -> QuerySet[Matter]:
    """Open matters that wait for these posts' help."""
    helping = Assignment.objects.filter(
        matter=OuterRef("pk"), role=Assignment.Role.SUPPORT, until__isnull=True, post__in=posts
    ).exclude(bond=Bond.INFORMS)
    return Matter.objects.filter(Exists(helping), status__in=Matter.OPEN)


def applications_of(matter: Matter) -> QuerySet[Application]:
    """All that was asked for, the first first."""
    named = ("by_post__office", "by_person", "proposed_holder", "reason", "basis", "answer", "answered_by", "report")
    return Application.objects.filter(matter=matter).select_related(*named).order_by("applied_at", "id")


def undecided(actor: Actor) -> QuerySet[Application]:
    """Applications that wait for an answer, in matters that exist for the actor, the nearest due first."""
    waiting = Application.objects.filter(state__in=Application.UNDECIDED, matter__in=visible(actor))
    return waiting.select_related("matter", "by_post", "proposed_holder", "reason").order_by("due_at", "applied_at")


def available_applications(actor: Actor, matter: Matter) -> dict[ApplicationType, tuple[AskedOf, ...]]:
    """What may be asked now, and of whom: the desk only hears the holder, the upstream only hears of its own orders."""
    at_work = matter.status in (Matter.Status.ACCEPTED, Matter.Status.TAKEN)
    fit = [one for one in APPLICATION_TYPES if at_work or (one.after_end and matter.status != Matter.Status.MERGED)]
    holds = matter.holder_id in actor.posts
    dispatches = may_on(actor, Power.DISPATCH, matter)
    from_above = bool(fit) and (holds or dispatches) and _has_order(matter)
    # A clerk needs the shift leader only where statute or the lists name the holder.
    bound = dispatches and matter.layer == Layer.STATUTE
    if not (holds or from_above or bound):
        return {}
    waiting = Application.objects.filter(matter=matter, state__in=Application.UNDECIDED)
    asked = set(waiting.values_list("kind", "asked_of"))
    open_to = {AskedOf.DESK: holds, AskedOf.UPSTREAM: from_above}
    found = {
        one: tuple(
            whom
            for whom in AskedOf
            if whom in one.asked_of
            and (bound if one.by_desk else open_to[whom])
            and (str(one.kind), str(whom)) not in asked
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
        return may_on(actor, Power.DISPATCH, application.matter)
    own = actor.person is not None and actor.person.pk == application.by_person_id
    return not own and may_on(actor, application_type(application.kind).power, application.matter)


def urges_of(matter: Matter) -> QuerySet[Urge]:
    named = ("by_post", "by_person", "instruction", "answer", "answered_by")
    return Urge.objects.filter(matter=matter).select_related(*named).order_by("urged_at", "id")


def lane_under(rulebook: Rulebook, kind: str, danger: Severity) -> Lane:
    """The higher of the kind's own lane (normal while it is not clear) and of the danger."""
    own = rulebook.catalogue.kind(kind).lane if kind in rulebook.catalogue else Lane.NORMAL
    return higher(own, lane_of_danger(danger))


def danger_of(matter: Matter) -> Severity:
    """The danger that stands: the one that was judged last.

    Of a matter from before dangers were records nothing but the lane is known: what lies above its kind's is danger.
    """
    if (last := last_danger(matter)) is not None:
        return Severity(last.answer)
    lane = Lane(matter.lane)
    above = is_above(lane, lane_under(rulebook_of(matter.rulebook_id), matter.kind, Severity.NONE))
    return danger_of_lane(lane) if above else Severity.NONE


def last_danger(matter: Matter) -> Danger | None:
    bound = [prepared(Danger, "matter", matter, connection)]
    return first_where(Danger, "t.matter_id = %s ORDER BY t.seq DESC LIMIT 1", bound)


def posts_to_tell(matter: Matter, rulebook: Rulebook) -> list[str]:
    """Whom the town wants told of a danger in the matter's lane, by code: the posts that answer for the matter's place.

    The setting names a post, a role (the post of it that is nearest to the place), or a kind of seat (all of the place
    and of the whole town). Where nobody of a name answers for the place, all of that name are told: better one too many.
    """
    wanted = (rulebook.parameters.get("tell_danger") or {}).get(matter.lane) or ()
    if not wanted:
        return []
    places, here = areas(), matter.area_id
    near = {area: steps for steps, area in enumerate(places.tree.upward(here))} if here in places.areas else {}
    standing: dict[str, list[tuple[str, str]]] = {}
    seats = set(Access).intersection(wanted)
    named = active_posts().filter(Q(code__in=wanted) | Q(role__in=wanted) | Q(access__in=seats)).order_by("code")
    for code, role, access, area in named.values_list("code", "role", "access", "areas"):
        for name in {code, role, access}.intersection(wanted):
            standing.setdefault(name, []).append((code, area))
    return list(
        dict.fromkeys(code for name in wanted for code in _of_place(standing.get(name, []), near, name in seats))
    )


def _of_place(posts: Sequence[tuple[str, str | None]], near: Mapping[str, int], is_seat: bool) -> list[str]:
    """Of posts, each with an area of its own (None: the whole town), those that answer for a place, ``near`` first."""
    whole_town = len(near)
    steps: dict[str, int] = {}
    for code, area in posts:
        if area is None or area in near:
            steps[code] = min(steps.get(code, whole_town), whole_town if area is None else near[area])
    if not steps:
        return [code for code, _ in posts]
    nearest = min(steps.values())
    return [code for code, far in steps.items() if is_seat or far == nearest]


def traces_kept(events: Sequence[MatterEvent]) -> str:
    """What was said last of what vanishes when the danger is met (`TracesKept`); empty where nobody said it."""
    return next((str(one.payload["traces"]) for one in reversed(events) if one.payload.get("traces")), "")


def traces_asked(matter: Matter) -> bool:
    """Whether the place was made safe and nobody has said what became of what vanishes."""
    told = (MatterEventKind.MADE_SAFE, MatterEventKind.TRACES_KEPT)
    events = list(MatterEvent.objects.filter(matter=matter, kind__in=told).order_by("seq"))
    cleared = any(one.kind == MatterEventKind.MADE_SAFE and not one.payload.get("nothing") for one in events)
    return cleared and matter.lane != Lane.NORMAL and not traces_kept(events)


def not_told(matter: Matter) -> list[Post]:
    """Who still has to be told: no notice since the danger was acknowledged, and no call to them was written down."""
    running = (
        MatterClock.objects.filter(matter=matter, which=MatterClock.Which.TELL, ended_at=None)
        .order_by("started_at")
        .last()
    )
    if running is None:
        return []
    codes = posts_to_tell(matter, rulebook_of(matter.rulebook_id))
    heard = Notice.objects.filter(
        path=matter.get_absolute_url(), read_at__isnull=False, sent_at__gte=running.started_at
    )
    told = {one.first.post_id if one.first else one.post_id for one in heard.select_related("first")}
    calls = MatterEvent.objects.filter(matter=matter, kind="emergency_called", at__gte=running.started_at)
    told |= {str(one.payload.get("whom", "")) for one in calls}
    return list(Post.objects.filter(code__in=[code for code in codes if code not in told]).select_related("office"))


def emergency_of(matter: Matter, catalogue: Catalogue, events: Sequence[MatterEvent]) -> Emergency | None:
    """The call to make first: the kind's own, else the one that the words asked for when the matter came in or later.

    Of what is urgent only if somebody has to be called at all.
    """
    if matter.lane == Matter.Lane.NORMAL:
        return None
    if matter.kind in catalogue and (call := catalogue.kind(matter.kind).emergency):
        return call
    heard = next((one.payload for one in reversed(events) if one.payload.get("emergency")), None)
    if heard is None:
        return Emergency("110", "") if matter.lane == Matter.Lane.LIFE else None
    if (danger := heard.get("danger", "")) in catalogue and (call := catalogue.kind(danger).emergency):
        return call
    return Emergency(str(heard["emergency"]), "")
