"""Plays the planned history through the real services, moment by moment, as the town's people would.

Nothing is written past the services: every report is received, judged and held by the rules, and every later
step is taken by somebody who may take it. One simulated day is one transaction, so that a stopped creation
leaves whole days.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count
from random import Random

from doudi.engine.errors import DoudiError
from doudi.engine.kinds.evidence import AFTER_PHOTO, BEFORE_PHOTO, Lack, is_photo
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.demo.batches import automatic, batches, clocks_of, supports_of
from doudi.web.demo.calling_back import close
from doudi.web.demo.cast import Cast
from doudi.web.demo.catching import Catching
from doudi.web.demo.pacing import Pace
from doudi.web.demo.pictures import scene_of
from doudi.web.demo.plan import SYSTEM, PlannedReport
from doudi.web.demo.speech import Speaker
from doudi.web.files.models import Upload
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import asked_evidence
from doudi.web.people.actor import PARTY, Actor
from doudi.web.people.actor import SYSTEM as THE_SYSTEM
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import Rulebook
from doudi.web.triage.services import Incoming, receive

logger = logging.getLogger("doudi.demo")

#: what the desk makes of words that no rule and no catalogue understands
_GUESSED = (
    "hotline.voice.suggestion",
    "hotline.dispute.neighbour",
    "hotline.noise.odour",
    "hotline.dispute.loose_security",
)
_SETTLED_BY_DESK, _MERGED = 0.35, 0.6
#: by the last figure of its number: whose helpers are reminded, and where the desk is asked to let one off
_REMINDED, _EXCUSED = "36", "7"
#: as many of those that lie today may lie past their moment, and as long
_OVERDUE_MOST, _OVERDUE_LONGEST = 5, timedelta(days=5)
#: posts to which the desk gives by hand what no rule names
_NEAREST_DUTY = ("torch_team.lead", "greening.appearance", "construction.road", "safety.rescue", "agriculture.village")


@dataclass
class Story:
    """One report on its way, with its matter; ``followers`` are stories merged into this one."""

    planned: PlannedReport
    report: Report
    matter: Matter
    due_at: datetime
    take_due_at: datetime
    supports: list[str] = field(default_factory=list)
    reopened: bool = False
    reworked: bool = False
    followers: list[Story] = field(default_factory=list)
    worker: Actor | None = None


def _asked(planned: PlannedReport) -> Iterator[PlannedReport]:
    """Each thing asked, as if it came alone; the reporter is rung up for the first."""
    yield planned
    if planned.more:
        topic, words = planned.more
        yield replace(planned, topic=topic, words=words, phone="", more=None)


class Player:
    """Plays reports and what follows until ``now``; the same plan, people and seed give the same history."""

    def __init__(
        self,
        cast: Cast,
        rulebook: Rulebook,
        photos: dict[tuple[str, bool], list[Upload]],
        now: datetime,
        chance: Random,
        town_name: str,
    ) -> None:
        self._cast, self._rulebook, self._photos, self._now, self._chance = cast, rulebook, photos, now, chance
        self._pace = Pace(rulebook.calendar, chance)
        self._speaker = Speaker(chance, town_name)
        self._waiting: list[tuple[datetime, int, Callable[[], None]]] = []
        self._serial = count()
        self._open: dict[tuple[str, str], Story] = {}
        self._catching = Catching(cast, self._speaker, chance, self._later)
        self._overdue = 0

    def play(
        self,
        plan: Sequence[PlannedReport],
        progress: Callable[[int, int], None],
        besides: Iterable[tuple[datetime, Callable[[], None]]] = (),
    ) -> None:
        """Take everything in the order of time; ``progress(days done, days in all)`` after each day.

        ``besides``: what happens at its own moments, beside the reports of the plan.
        """
        for at, step in besides:
            self._later(at, step)
        for at, group in batches(plan):
            self._later(at, partial(self._receive, group))
        first = clock.day_of(plan[0].at)
        days = (clock.day_of(self._now) - first).days + 1
        for offset in range(days):
            day = first + timedelta(days=offset)
            if (day + timedelta(days=1)).day == 1:
                self._later(datetime.combine(day, time(16), clock.TOWN_ZONE), self._catching.month_ends)
        for offset in range(days):
            night = datetime.combine(first + timedelta(days=offset + 1), time(), clock.TOWN_ZONE)
            self._play_until(min(night, self._now))
            progress(offset + 1, days)

    def _play_until(self, moment: datetime) -> None:
        while self._waiting and self._waiting[0][0] < moment:
            at, _, step = heapq.heappop(self._waiting)
            with clock.at(at):
                try:
                    step()
                except DoudiError as refused:
                    # As at a real desk: who comes too late with something is told so, and the town goes on.
                    logger.debug("a step of the demo town was refused: %s", refused)

    def _later(self, at: datetime, step: Callable[[], None]) -> None:
        heapq.heappush(self._waiting, (at, next(self._serial), step))

    # Coming in

    def _receive(self, group: Sequence[PlannedReport]) -> None:
        actor = self._cast.worker(group[0].worker) if group[0].worker else THE_SYSTEM if group[0].external_id else PARTY
        received = receive([self._incoming(one) for one in group], auto_dispatch=automatic(group[0]), actor=actor)
        held = [matter for one in received for matter in one.matters]
        dues, supports = clocks_of(held), supports_of(held)
        for planned, one in zip(group, received, strict=True):
            for asked, matter in zip(_asked(planned), one.matters, strict=True):
                self._follow(
                    Story(
                        asked,
                        one.report,
                        matter,
                        dues.get((matter.pk, "handle"), clock.now()),
                        dues.get((matter.pk, "take"), clock.now()),
                        supports.get(matter.pk, []),
                    ),
                    dues.get((matter.pk, "make_safe")),
                )

    def _incoming(self, planned: PlannedReport) -> Incoming:
        place = planned.place
        return Incoming(
            channel=planned.channel,
            words=planned.words + (planned.more[1] if planned.more else ""),
            title=planned.title,
            unit_code=place.code if place and planned.names_unit else "",
            address=planned.address or (place.address if place and planned.names_unit else ""),
            longitude=place.at[0] if place and planned.names_point else None,
            latitude=place.at[1] if place and planned.names_point else None,
            picked_kind=planned.kind if planned.picked else "",
            name=planned.name,
            phone=planned.phone,
            secret=planned.secret,
            uploads=self._some_photos(planned.kind, planned.photos, mended=False),
            system=SYSTEM if planned.channel == "hotline" else "区平台" if planned.external_id else "",
            external_id=planned.external_id,
            upstream_due=planned.upstream_due_at.astimezone(clock.TOWN_ZONE).strftime("%Y-%m-%d %H:%M")
            if planned.upstream_due_at
            else "",
            upstream_due_at=planned.upstream_due_at,
            received_at=planned.at,
            demands=(planned.words, planned.more[1]) if planned.more else (),
        )

    def _follow(self, story: Story, safe_by: datetime | None) -> None:
        now, course, matter = clock.now(), story.planned.course, story.matter
        if not self._catching.received(story, safe_by) and safe_by:
            self._later(
                self._pace.within(now, safe_by, self._chance.uniform(0.1, 0.85)), partial(self._make_safe, story)
            )
        if matter.lane == Matter.Lane.LIFE:
            self._later(now + timedelta(minutes=2), partial(self._call_emergency, story))
        if course.voided and matter.lane == Matter.Lane.NORMAL:
            self._later(now + timedelta(minutes=course.desk_minutes), partial(self._void, story))
            return
        place = (matter.unit_id or "", matter.kind)
        first = self._open.get(place) if all(place) else None
        alike = first is not None and not (matter.restricted or first.matter.restricted)
        if first and alike and first.matter.status in Matter.OPEN and self._chance.random() < _MERGED:
            self._later(now + timedelta(minutes=course.desk_minutes), partial(self._merge, story, first))
            return
        if all(place):
            self._open[place] = story
        desk_decides = (
            matter.unclear in ("confirm", "kind_unclear", "place_unclear", "new", "no_post") or not matter.kind
        )
        if desk_decides or (matter.unclear and self._chance.random() < _SETTLED_BY_DESK):
            if not self._lies(story, "desk", matter.due_at):
                self._later(now + timedelta(minutes=course.desk_minutes), partial(self._dispatch, story))
        else:
            self._to_holder(story)

    def _call_emergency(self, story: Story) -> None:
        kind = self._rulebook.catalogue.kind(story.matter.kind) if story.matter.kind else None
        call = kind.emergency.call if kind and kind.emergency else "110"
        matters.log_call(self._cast.desk(story.matter), story.matter, call, "已先拨打并告知现场人员撤到安全处。")

    def _make_safe(self, story: Story) -> None:
        if story.matter.status in Matter.OPEN:
            matters.make_safe(self._worker(story), story.matter, self._speaker.any_of("secured"))

    def _merge(self, story: Story, into: Story) -> None:
        if into.matter.status not in Matter.OPEN:
            self._to_holder(story)
            return
        matters.merge(self._cast.desk(), story.matter, into.matter, "同一地点同一问题，并案办理，分别答复。")
        into.followers.append(story)

    def _lies(self, story: Story, step: str, due_at: datetime | None) -> bool:
        """Whether it lies before this step until today: hardly ever longer than it may."""
        if story.planned.course.stops_at != step:
            return False
        if due_at is None or due_at > self._now:
            return True
        self._overdue += (lately := due_at > self._now - _OVERDUE_LONGEST)
        return lately and self._overdue <= _OVERDUE_MOST

    def _void(self, story: Story) -> None:
        words = self._speaker.any_of("voided")
        matters.void(self._cast.desk(story.matter), story.matter, words)
        self._answer_all(story, words)

    def _dispatch(self, story: Story) -> None:
        planned, matter = story.planned, story.matter
        kind = matter.kind or planned.kind or self._chance.choice(_GUESSED)
        area = Area.objects.get(pk=planned.place.area) if matter.area_id is None and planned.place else None
        holder = None
        if matter.unclear in ("gap", "conflict"):
            holder = self._cast.posts[self._chance.choice(_NEAREST_DUTY)]
        words = self._speaker.any_of("desk_words") if holder else ""
        matters.dispatch(self._cast.desk(matter), matter, kind=kind, holder=holder, area=area, text=words)
        story.report.refresh_from_db()
        dues = clocks_of([matter])
        story.due_at, story.take_due_at = dues[matter.pk, "handle"], dues[matter.pk, "take"]
        story.supports = supports_of([matter]).get(matter.pk, [])
        self._to_holder(story)

    # The work

    def _to_holder(self, story: Story) -> None:
        now, course = clock.now(), story.planned.course
        if self._lies(story, "take", story.take_due_at):
            self._catching.silent(story)
            return
        if self._catching.asks(story, partial(self._after_answer, story)):
            return
        on_the_spot = story.planned.channel == "grid" and story.planned.topic.remedy in ("clean", "persuade")
        if on_the_spot and course.stops_at != "handle" and now + (story.due_at - now) * course.pace < story.take_due_at:
            self._work(story, now)
            return
        # Where the work itself is due sooner than "I have it", nobody waits that long to take it.
        take_due_at = min(story.take_due_at, now + (story.due_at - now) * 0.4)
        self._later(self._pace.at_work(now, take_due_at, course.take_share), partial(self._take, story))

    def _after_answer(self, story: Story) -> None:
        """The holder after the answer goes on, by the limits that run now."""
        if story.matter.status == Matter.Status.ACCEPTED:
            story.take_due_at = clocks_of([story.matter]).get((story.matter.pk, "take"), clock.now())
            self._to_holder(story)
        elif story.matter.status == Matter.Status.TAKEN:
            self._in_hand(story)

    def _take(self, story: Story) -> None:
        matters.take(self._worker(story), story.matter)
        self._in_hand(story)

    def _in_hand(self, story: Story) -> None:
        planned, now = story.planned, clock.now()
        if planned.phone:
            self._later(self._pace.soon(now, 0.05, 0.8), partial(self._contact, story, planned.course.failed_calls))
        if planned.course.noted:
            self._later(now + timedelta(minutes=self._chance.randint(20, 90)), partial(self._note, story))
        if not self._lies(story, "handle", story.due_at) and not self._catching.lasting(
            story, partial(self._go_on, story)
        ):
            self._work(story, now)

    def _go_on(self, story: Story) -> None:
        """What stood on the books begins again, by the limits that run now."""
        story.due_at = clocks_of([story.matter]).get((story.matter.pk, "handle"), clock.now())
        self._work(story, clock.now())

    def _contact(self, story: Story, failed: int) -> None:
        if story.report.status != Report.Status.RECEIVED:
            return
        if failed:
            words = self._speaker.any_of("contact_tried")
            reports.log_contact(self._worker(story), story.report, reached=False, text=words)
            self._later(self._pace.soon(clock.now(), 0.5, 3.0), partial(self._contact, story, failed - 1))
        else:
            reports.log_contact(self._worker(story), story.report, reached=True)

    def _note(self, story: Story) -> None:
        if story.matter.status in Matter.OPEN:
            matters.note(self._worker(story), story.matter, self._speaker.any_of("notes"))

    def _work(self, story: Story, since: datetime) -> None:
        at = self._pace.at_work(since, story.due_at, story.planned.course.pace)
        if story.supports:
            helped_at = self._pace.between(since, at)
            self._later(helped_at, partial(self._support, story))
            if story.matter.number[-1] in _REMINDED + _EXCUSED:
                self._later(since + (helped_at - since) / 2, partial(self._remind, story))
        self._later(at, partial(self._handle, story))

    def _remind(self, story: Story) -> None:
        """The holder gets the helpers moving, or asks the desk to let one of them off."""
        for code in supports_of([story.matter]).get(story.matter.pk, [])[:1]:
            post, holder = self._cast.posts[code], self._worker(story)
            if story.matter.number[-1] in _REMINDED:
                matters.urge_support(holder, story.matter, post, "现场等您这边，麻烦尽快办完。")
                continue
            matters.ask_to_excuse(holder, story.matter, post, "现场已由本岗一并处理，不用再等。")
            excused = partial(self._excuse, story, code)
            self._later(clock.now() + timedelta(minutes=15), excused)

    def _excuse(self, story: Story, code: str) -> None:
        desk = self._cast.desk(story.matter)
        matters.finish_support(desk, story.matter, self._cast.posts[code], "同意，不用再等。", excused=True)

    def _support(self, story: Story) -> None:
        # Meanwhile the holder may have changed, and with it who helps.
        for code in supports_of([story.matter]).get(story.matter.pk, []):
            words = self._speaker.any_of("supported")
            matters.finish_support(self._cast.someone(code), story.matter, self._cast.posts[code], words)
        story.supports = []

    def _handle(self, story: Story) -> None:
        matter, planned = story.matter, story.planned
        if matter.status not in (Matter.Status.ACCEPTED, Matter.Status.TAKEN):
            return
        self._catching.wrap_up(story)
        done, remedy = self._speaker.done(planned.topic.remedy), planned.topic.remedy
        wants_photo = "after_photo" in self._rulebook.catalogue.kind(matter.kind).evidence
        indoors = remedy in ("mediate", "explain", "order") and self._chance.random() < 0.3
        uploads = self._some_photos(matter.kind, int(wants_photo and not indoors), mended=True)
        asked = asked_evidence(matter, self._rulebook)
        texts = {name: self._speaker.beside(name) for name in asked if not is_photo(name)}
        lacking = {BEFORE_PHOTO: Lack.TOO_LATE, AFTER_PHOTO: Lack.PRIVATE}
        matters.handle(self._worker(story), matter, done, uploads, texts=texts, lacking=lacking)
        if matter.status == Matter.Status.CLOSED:
            self._answer_all(story, done)
        elif not self._lies(story, "check", matter.due_at):
            self._later(self._pace.soon(clock.now(), 0.4, 7.0), partial(self._verify, story, done))

    def _verify(self, story: Story, done: str) -> None:
        matter = story.matter
        checker = self._cast.checker(matter)
        if story.planned.course.rework and not story.reworked:
            story.reworked = True
            matters.verify(checker, matter, False, self._speaker.any_of("check_failed"))
            self._later(self._pace.soon(clock.now(), 1.0, 8.0), partial(self._handle, story))
            return
        uploads = self._some_photos(matter.kind, int(self._chance.random() < 0.15), mended=True)
        seen = "check_explained" if story.planned.topic.remedy == "explain" else "check_passed"
        matters.verify(checker, matter, True, self._speaker.any_of(seen), uploads)
        self._answer_all(story, done)

    # The answer

    def _answer_all(self, story: Story, done: str) -> None:
        """Each report gets its own answer; a worker's own find is closed with the work, since nobody waits for a letter."""
        for one in (story, *story.followers):
            if one.planned.course.stops_at != "reply" and one.planned.channel != "grid":
                self._later(self._pace.soon(clock.now(), 0.2, 4.0), partial(self._answer, one, story.matter, done))

    def _answer(self, story: Story, matter: Matter, done: str) -> None:
        if matter.status in Matter.OPEN:
            return
        report, planned = story.report, story.planned
        if story.matter is not matter:
            report.refresh_from_db()
        if report.status != "received":
            return  # the patrol's own report was closed with the work
        if Matter.objects.filter(demands__report=report, status__in=Matter.OPEN).exists():
            return  # the answer waits for the other thing that was asked
        actor = self._worker(story, report.answerer_id)
        topic = self._rulebook.kind_name(matter.kind)
        day = (matter.handled_at or clock.now()).astimezone(clock.TOWN_ZONE)
        words = self._speaker.reply(
            planned.topic.remedy, topic, self._cast.office_name(matter.holder_id), f"{day.month}月{day.day}日", done
        )
        matters.answer_report(actor, report, words)
        opinion = "" if story.reopened else planned.course.opinion
        if opinion:
            self._later(self._pace.soon(clock.now(), 2.0, 40.0), partial(self._rate, story, matter))
        else:
            self._later(self._pace.soon(clock.now(), 1.0, 20.0), partial(self._close, story, actor))

    def _rate(self, story: Story, matter: Matter) -> None:
        course = story.planned.course
        words = self._speaker.any_of("dissatisfied") if course.opinion == "dissatisfied" else ""
        matters.rate_report(story.report, course.opinion, words)
        if course.reopened and matter.status == Matter.Status.CLOSED:
            self._later(self._pace.soon(clock.now(), 0.1, 3.0), partial(self._reopen, story, matter))
        else:
            self._later(
                self._pace.soon(clock.now(), 1.0, 20.0),
                partial(self._close, story, self._worker(story, story.report.answerer_id)),
            )

    def _reopen(self, story: Story, matter: Matter) -> None:
        if matter.status != Matter.Status.CLOSED:
            return
        story.reopened = True
        matters.reopen_report(PARTY, story.report, self._speaker.any_of("reopen"), by_reporter=True)
        story.matter = matter
        matter.refresh_from_db()
        story.due_at = clocks_of([matter])[matter.pk, "handle"]
        story.followers = []
        self._work(story, clock.now())

    def _close(self, story: Story, actor: Actor) -> None:
        if story.report.status == Report.Status.REPLIED:
            close(self._cast, self._speaker, self._rulebook, story.report, actor)

    def _worker(self, story: Story, post: str = "") -> Actor:
        """The person of the post who began with it goes on with it; ``post``: the holder's, unless another is named."""
        post = post or story.matter.holder_id
        if story.worker is None or post not in story.worker.posts:
            story.worker = self._cast.someone(post)
        return story.worker

    def _some_photos(self, kind: str, how_many: int, *, mended: bool) -> tuple[Upload, ...]:
        drawn = self._photos.get((scene_of(kind), mended), [])
        return tuple(self._chance.sample(drawn, min(how_many, len(drawn))))
