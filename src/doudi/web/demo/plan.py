"""Ninety days of reports as pure values: what came in, when, by whom, in which words, and how each will go on.

Nothing here touches the database. Whose a matter becomes is not planned: the rules decide that when the plan
is played; the plan only says how brisk, how careful and how lucky people are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from doudi.engine.workdays import Calendar, Term, TimeUnit
from doudi.web import clock
from doudi.web.demo.names import mobile, pick_weighted, polite_name, read
from doudi.web.demo.places import Place
from doudi.web.demo.speech import Speaker, Topic

DAYS = 90
SYSTEM = "12345"


@dataclass(frozen=True, slots=True)
class Course:
    """How it goes on after it came in; shares are parts of the time that the rules allow.

    ``pace`` is the part of the handling time that the work takes (above 1: late); ``stops_at`` names the step
    before which it stays lying until today: desk, take, handle, check or reply. ``voided``: it never was a matter.
    """

    desk_minutes: int
    take_share: float
    pace: float
    failed_calls: int = 0
    rework: bool = False
    opinion: str = ""
    reopened: bool = False
    noted: bool = False
    voided: bool = False
    stops_at: str = ""


@dataclass(frozen=True, slots=True)
class PlannedReport:
    """One report to come. ``worker`` is the number of the grid worker who files it, 0 for everybody else.

    ``more`` is what else is asked in the same breath (一单多诉): a second topic and its words.
    """

    at: datetime
    channel: str
    topic: Topic
    place: Place | None
    words: str
    title: str = ""
    address: str = ""
    picked: bool = False
    names_unit: bool = False
    names_point: bool = False
    name: str = ""
    phone: str = ""
    secret: bool = False
    worker: int = 0
    photos: int = 0
    external_id: str = ""
    upstream_due_at: datetime | None = None
    more: tuple[Topic, str] | None = None
    course: Course = field(default_factory=lambda: Course(0, 0.5, 0.5))

    @property
    def kind(self) -> str:
        return self.topic.kind


@dataclass(frozen=True, slots=True)
class Setting:
    """What the plan is made from: the places, which grids each worker walks (by number), names of kinds, the calendar."""

    town_name: str
    places: Sequence[Place]
    rounds: Mapping[int, frozenset[str]]
    kind_names: Mapping[str, str]
    topics: Sequence[Topic]
    calendar: Calendar


def plan_history(setting: Setting, now: datetime, chance: Random, days: int = DAYS) -> tuple[PlannedReport, ...]:
    """All reports of the ``days`` before ``now`` (aware), in the order in which they come in."""
    planner = _Planner(setting, chance)
    today = clock.day_of(now)
    drawn = [
        report
        for back in range(days, -1, -1)
        for report in planner.day(today - timedelta(days=back))
        if now - timedelta(days=days) <= report.at <= now - timedelta(minutes=20)
    ]
    return tuple(sorted(_left_open(drawn, now, chance), key=lambda report: report.at))


class _Planner:
    def __init__(self, setting: Setting, chance: Random) -> None:
        self._setting = setting
        self._chance = chance
        self._rhythm = read("rhythm")
        self._speaker = Speaker(chance, setting.town_name)
        self._pools: dict[tuple[str, ...], tuple[list[Place], list[float]]] = {}
        self._found_by = dict(self._walks())
        self._serial = 0
        shuffled = list(setting.places)
        chance.shuffle(shuffled)
        # A few places are reported again and again; most hardly ever.
        self._heat = {place.code: 1.0 / (rank + 6) for rank, place in enumerate(shuffled)}

    def _walks(self) -> Iterator[tuple[int, dict[Topic, list[Place]]]]:
        """Per worker, what there is to find on the round, and where; a worker whose grids hold nothing files nothing."""
        for number, grids in self._setting.rounds.items():
            walked = [place for place in self._setting.places if place.area in grids]
            found = {
                topic: places
                for topic in self._setting.topics
                if topic.weights.get("grid") and (places := [place for place in walked if topic.fits(place.type)])
            }
            if found:
                yield number, found

    def day(self, day: date) -> Iterator[PlannedReport]:
        free = not self._setting.calendar.is_workday(day)
        busy = (self._rhythm["monday"] if day.weekday() == 0 and not free else 1.0) * self._chance.uniform(0.82, 1.18)
        for _ in range(self._count(self._rhythm["patrols"][free] * busy)):
            yield from self._patrol(day)
        for channel, means in self._rhythm["per_day"].items():
            for _ in range(self._count(means[free] * busy)):
                yield self._resident(day, channel)

    def _count(self, mean: float) -> int:
        """A whole number around ``mean``, never far off."""
        whole = mean + self._chance.gauss(0, mean**0.5 / 2)
        return max(int(whole) + (self._chance.random() < whole % 1), 0)

    def _patrol(self, day: date) -> Iterator[PlannedReport]:
        """One worker's round: one to four finds, minutes apart, in the worker's own grids."""
        worker = self._chance.choice(list(self._found_by))
        at = self._moment(day, "patrol")
        for _ in range(self._chance.choice([1, 2, 2, 2, 3, 3, 4])):
            found = self._found_by[worker]
            topic = pick_topic(self._chance, list(found), "grid")
            place = self._hot(found[topic])
            yield PlannedReport(
                at,
                "grid",
                topic,
                place,
                self._speaker.patrolled(topic, place),
                picked=True,
                names_unit=True,
                worker=worker,
                photos=self._photos("grid"),
                course=self._course(topic, "grid"),
            )
            at += timedelta(minutes=self._chance.randint(4, 25))

    def _resident(self, day: date, channel: str) -> PlannedReport:
        chance = self._chance
        topic = pick_topic(chance, self._setting.topics, channel)
        lost = bool(topic.nowhere) and chance.random() < 0.4
        place = self._somewhere(topic) if topic.at and not lost else None
        at = self._moment(day, channel)
        report = PlannedReport(
            at,
            channel,
            topic,
            place,
            self._speaker.reported(topic, channel, place),
            picked=bool(topic.kind) and chance.random() < self._rhythm["picks_kind"].get(channel, 0.0),
            names_unit=place is not None and chance.random() < self._rhythm["names_unit"][channel],
            secret=channel in ("hotline", "web") and chance.random() < 0.06,
            photos=self._photos(channel),
            course=self._course(topic, channel),
        )
        if chance.random() < self._rhythm["leaves_phone"].get(channel, 0.0):
            report = replace(report, name=polite_name(chance), phone=mobile(5000 + chance.randrange(5000)))
        if place is not None and not report.names_unit and (channel != "message" or chance.random() < 0.6):
            report = self._with_written_place(report, place)
        if topic.kind and not report.picked and chance.random() < self._rhythm["asks_more"].get(channel, 0.0):
            report = replace(report, more=self._more(topic, channel, place))
        return self._from_above(report) if channel in ("hotline", "upstream") else report

    def _more(self, topic: Topic, channel: str, place: Place | None) -> tuple[Topic, str] | None:
        """Something else that goes wrong at the same place, told by the way."""
        others = [one for one in self._setting.topics if one.kind not in ("", topic.kind) and one.weights.get(channel)]
        fitting = [one for one in others if place is None or one.fits(place.type)] or others
        other = pick_topic(self._chance, fitting, channel)
        return other, self._speaker.also(other, place)

    def _with_written_place(self, report: PlannedReport, place: Place) -> PlannedReport:
        """An address as the call-taker wrote it: mostly with its village, sometimes with a point, rarely neither."""
        draw = self._chance.random()
        town = self._setting.town_name
        bare = place.address.removeprefix(town)
        with_village = bare if bare.startswith(place.village) else f"{place.village}{bare}"
        address = town + (with_village if draw < 0.78 else bare)
        return replace(report, address=address, names_point=0.78 <= draw < 0.95)

    def _from_above(self, report: PlannedReport) -> PlannedReport:
        """An order carries its number, often a title, and the moment by which the system above wants it done."""
        self._serial += 1
        day = clock.day_of(report.at)
        days = 1 if report.topic.remedy == "explain" else self._chance.choices([5, 15], [9, 1])[0]
        due = self._setting.calendar.due(report.at, Term(days, TimeUnit.WORKING_DAY)).at
        name = self._setting.kind_names.get(report.kind, "")
        where = report.place.road or report.place.village if report.place else ""
        title = f"关于{where}{name}的诉求" if name and self._chance.random() < 0.85 else ""
        return replace(
            report,
            title=title,
            external_id=f"{'ZX' if report.channel == 'hotline' else 'QJ'}{day:%Y%m%d}{self._serial:05d}",
            upstream_due_at=due,
        )

    def _course(self, topic: Topic, channel: str) -> Course:
        chance = self._chance
        late = chance.random() < 0.008
        quick = channel == "grid" and topic.remedy in ("clean", "persuade")
        pace = (
            chance.uniform(1.1, 1.8)
            if late
            else chance.uniform(0.05, 0.5)
            if quick
            else min(chance.betavariate(2.2, 1.9) + 0.04, 0.96)
        )
        called_back = channel != "grid" and chance.random() < 0.45
        opinion = pick_weighted(chance, self._rhythm["opinions"]) if called_back else ""
        return Course(
            desk_minutes=chance.randint(4, 50),
            take_share=chance.uniform(0.02, 0.8) if chance.random() < 0.993 else chance.uniform(1.05, 1.5),
            pace=pace,
            failed_calls=chance.choices([0, 1, 2], [84, 13, 3])[0],
            rework=chance.random() < 0.03,
            opinion=opinion,
            reopened=opinion == "dissatisfied" and chance.random() < 0.3,
            noted=chance.random() < 0.06,
            voided=chance.random() < self._rhythm["voided"],
        )

    def _moment(self, day: date, what: str) -> datetime:
        hours = self._rhythm["hours"][what]
        hour = self._chance.choices(list(hours), list(hours.values()))[0]
        minute, second = self._chance.randrange(60), self._chance.randrange(60)
        return datetime.combine(day, time(hour, minute, second), clock.TOWN_ZONE).astimezone(UTC)

    def _photos(self, channel: str) -> int:
        return self._chance.choice([1, 1, 2]) if self._chance.random() < self._rhythm["photo"].get(channel, 0.0) else 0

    def _somewhere(self, topic: Topic) -> Place:
        types = topic.at
        if types not in self._pools:
            fitting = [place for place in self._setting.places if topic.fits(place.type)]
            self._pools[types] = fitting, [self._heat[place.code] for place in fitting]
        fitting, weights = self._pools[types]
        # First a type, then a place: else the many shops would crowd out the few roads and compounds.
        wanted = self._chance.choice(types)
        for _ in range(20):
            place = self._chance.choices(fitting, weights)[0]
            if place.type.startswith(wanted):
                return place
        return place

    def _hot(self, places: Sequence[Place]) -> Place:
        return self._chance.choices(places, [self._heat[place.code] for place in places])[0]


def pick_topic(chance: Random, topics: Sequence[Topic], channel: str) -> Topic:
    """A topic by how often it comes by this channel."""
    return chance.choices(topics, [topic.weights.get(channel, 0.0) for topic in topics])[0]


def _left_open(reports: Sequence[PlannedReport], now: datetime, chance: Random) -> Iterator[PlannedReport]:
    """Let some of the recent reports lie: not decided, not taken, overdue, waiting for the check or for the answer."""
    lying = read("rhythm")["lying"]
    for report in reports:
        age = (now - report.at) / timedelta(days=1)
        stops_at = _stop(
            chance, lying["today"] if age < 1.3 else lying["recent"] if age < 4 else lying["old"] if age < 25 else {}
        )
        if not report.kind:
            stops_at = "desk" if age < 5 and chance.random() < 0.7 else ""
        yield replace(report, course=replace(report.course, stops_at=stops_at)) if stops_at else report


def _stop(chance: Random, shares: Mapping[str, float]) -> str:
    draw = chance.random()
    for step, share in shares.items():
        draw -= share
        if draw < 0:
            return step
    return ""
