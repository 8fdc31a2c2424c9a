"""The ground on which everybody asks for everything: one person of each kind of seat, all of them for the east village.

Seen from there a matter, report or place lies in the own area, below it, beside it, above it, or nowhere; and one lies
beside it but is in this person's own hands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from doudi.engine.answers.vocabulary import Situation
from doudi.engine.journal import ActorKind
from doudi.engine.matters.clocks import ClockPlan
from doudi.web import clock
from doudi.web.answers.services import NewAnswer, NewPhrase, change_answer, change_phrase, enter_answer, enter_phrase
from doudi.web.backstop.models import Crew, CrewPrice, ProblemReport
from doudi.web.disputes import services as arguing
from doudi.web.disputes.links import token_for
from doudi.web.drafting.services import begin_replay
from doudi.web.edition_cache import forget_all
from doudi.web.files.queries import opened_sheet
from doudi.web.files.services import keep_photo, keep_sheet
from doudi.web.jobs.models import Job
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.people.access import Access
from doudi.web.people.actor import PARTY, SYSTEM, Actor
from doudi.web.people.models import Appointment, Person, Post
from doudi.web.people.services import NewOffice, NewPost, add_person, appoint, save_offices, save_posts
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportClock
from doudi.web.resources.models import Roster
from doudi.web.retention.models import PersonalRequest
from doudi.web.retention.services import ask
from doudi.web.rulebook.cells import Cells
from doudi.web.rulebook.documents import digest_of
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.proving import prove
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.rulebook.services import accept, begin_draft
from doudi.web.rulebook.sheets.writing import write_csv
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Plaque, Unit
from doudi.web.units.services import NewUnit, mint_units
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.services import begin, survey
from tests.web.files.hostile import photo
from tests.web.town import EAST, EAST_GRID, FOUNDED, TOWN, WEST, WEST_GRID

AREAS = {"本区域": EAST, "下级": EAST_GRID, "相邻": WEST_GRID, "上级": TOWN, "无处": ""}
#: in this person's own hands: held by their post, or where that holds nothing, asked to help
IN_HAND = "经手"
NOBODY = "未登录"
#: works in the own area and leads the shift in the next one: neither seat lends the other what it has
TWO_SEATS, HERE, THERE = "两岗", Access.OFFICER, Access.SHIFT_LEADER
#: who asks, by the words over the table's columns
ASKERS = (NOBODY, *(str(one.label) for one in Access), TWO_SEATS)
#: as what each acts in what they leave behind
ACTS_AS = {who: ActorKind.PARTY if who == NOBODY else ActorKind.STAFF for who in ASKERS}
#: kinds that ask for no page: programs have no door yet, the platform acts at its own hours and in what follows from a step
NOT_AT_PAGES = {ActorKind.CLIENT, ActorKind.SYSTEM}
_HELP_ONLY = (Access.NONE, Access.COMMITTEE)
#: a competent body for which the town carried something in the own area
BODY = "区水务局"
#: somebody is to take the matter over; in one's own hands: from somebody else
NAMED = "待接手"
PASSWORD = "一二三四五六七八九十一二"
SHEET = "工单编号,受理时间,诉求内容,地址\nR-1,2026-11-20 09:00,垃圾没人清,西浜村口\n"


@dataclass
class Thing:
    """A report and the matter in which it is handled."""

    report: Report
    matter: Matter
    token: str
    photo: Any
    #: a wish to be relieved; a dispute; what an outside body is asked there, and the words of its link
    wish: Any = None
    dispute: Any = None
    statement: Any = None
    link: str = ""


@dataclass
class Ground:
    town: SimpleNamespace
    people: dict[str, Person | None] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    #: (position, how far it is); what is in somebody's own hands: (position, how far it is, who)
    things: dict[tuple[str, ...], Thing] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    plaques: dict[tuple[str, str], Plaque] = field(default_factory=dict)
    batch: ImportBatch | None = None
    fault: ImportFault | None = None
    request: PersonalRequest | None = None
    shift: Roster | None = None
    job: Job | None = None
    draft: Version | None = None
    rules: str = ""


def lay(town: SimpleNamespace, *, without: tuple[str, ...] = ()) -> Ground:
    ground = Ground(town, {NOBODY: None})
    _let_warn()
    save_offices([NewOffice(f"of.{one}", f"{one.label}单位", "own", FOUNDED) for one in Access])
    save_posts(
        [
            NewPost(
                f"as.{one}",
                f"of.{one}",
                f"{one.label}岗",
                f"as.{one}",
                FOUNDED,
                one,
                (EAST,),
                may_hold=one not in _HELP_ONLY,
            )
            for one in Access
        ]
    )
    for one in Access:
        ground.people[str(one.label)] = person = add_person(f"as.{one}", f"{one.label}先生", password=PASSWORD)
        ground.posts[str(one.label)] = post = Post.objects.get(code=f"as.{one}")
        appoint([Appointment(person=person, post=post, since=FOUNDED)])
    _two_seats(ground)
    desk = Actor.of(town.people.desk)
    for position, area in AREAS.items():
        for state, reach in STATES.items():
            if state not in without and (state == "新" or position != "无处"):
                ground.things[position, state] = thing = _reported(position, state, area)
                reach(desk, thing, town)
    for who, post in ground.posts.items():
        ground.things[IN_HAND, NAMED, who] = thing = _reported(IN_HAND, f"{who}{NAMED}", WEST_GRID)
        if post.may_hold:
            _named(desk, thing, town, post.code)
        else:
            matters.add_support(desk, _fresh(thing), post, "请协助")
        ground.things[IN_HAND, "新", who] = thing = _reported(IN_HAND, who, WEST_GRID)
        if post.may_hold:
            matters.dispatch(desk, _fresh(thing), kind="event.street.noise", holder=post, text="请办")
        else:
            matters.add_support(desk, _fresh(thing), post, "请协助")
    _places(ground)
    _import(ground)
    ground.request = ask(PARTY, ground.things["本区域", "新"].report, "see", "想看看留了什么")
    hours = {"starts_at": clock.now(), "ends_at": clock.now() + timedelta(hours=8)}
    ground.shift = Roster.objects.create(post=town.posts["grid.east"], name="值班人", phone="13800000000", **hours)
    ground.crew = Crew.objects.create(
        code="torch", office_id="uoc", name="托底队", phone="021-55500009", works=["fence"], since=FOUNDED
    )
    CrewPrice.objects.create(crew=ground.crew, work="fence", name="围挡", unit="米", price=30, since=FOUNDED)
    said = NewPhrase("办好", Situation.DONE, "{地点}办好了")
    ground.phrase = enter_phrase(Actor.of(town.people.desk), said)
    change_phrase(Actor.of(town.people.desk), ground.phrase, replace(said, text="{地点}已处理"))
    kept = NewAnswer("大件垃圾放哪里", "放到集中点", "管理办法", "uoc.duty", clock.today())
    ground.kept = enter_answer(Actor.of(town.people.desk), kept)
    change_answer(Actor.of(town.people.desk), ground.kept, replace(kept, answer="放到小区集中点"))
    ground.problems = ProblemReport.objects.create(month="2026-11", made_at=clock.now())
    Matter.objects.filter(pk=ground.things["本区域", "新"].matter.pk).update(competent_body=BODY)
    ground.job = Job.objects.create(
        kind="greet", key="greet", state=Job.State.DEAD, due_at=clock.now(), made_at=clock.now()
    )
    shift = Actor.of(town.people.shift)
    ground.draft = begin_draft(shift, "试改")
    book = rulebook_of(ground.draft.number)
    gap = prove(book).gaps.regions[0]
    accept(shift, ground.draft, gap, name="空白", why="待定", caught_by=[town.posts["uoc.duty"]])
    begin_replay(shift, ground.draft)
    ground.rules = write_csv(book.rules, Cells(book))
    return ground


def _let_warn() -> None:
    """The town opens warnings."""
    version = Version.objects.get()
    figures = version.documents["parameters"] | {"warning_by": {"amount": 3, "unit": "working_day"}}
    documents = version.documents | {"parameters": figures}
    Version.objects.update(documents=documents, digest=digest_of(documents))
    forget_all()


def _two_seats(ground: Ground) -> None:
    ground.people[TWO_SEATS] = person = add_person("as.two", "两岗先生", password=PASSWORD)
    seats = (("here", HERE, EAST, True), ("there", THERE, WEST, False))
    save_offices([NewOffice("of.two", "两岗单位", "own", FOUNDED)])
    save_posts(
        [
            NewPost(f"two.{name}", "of.two", f"两岗{name}", f"two.{name}", FOUNDED, access, (area,), may_hold=holds)
            for name, access, area, holds in seats
        ]
    )
    appoint([Appointment(person=person, post_id=f"two.{name}", since=FOUNDED) for name, *_ in seats])
    ground.posts[TWO_SEATS] = Post.objects.get(code="two.here")


def _reported(position: str, state: str, area: str) -> Thing:
    shot = keep_photo(SimpleUploadedFile("现场.jpg", photo(), content_type="image/jpeg"))
    incoming = Incoming(
        "scan",
        f"晚上噪声扰民，{position}{state}",
        area_code=area,
        uploads=(shot,),
        phone="19900000000",
        name="某人",
        key=f"{position}{state}",
    )
    (received,) = receive([incoming], auto_dispatch=True)
    return Thing(received.report, received.matters[0], received.token, shot)


def _fresh(thing: Thing) -> Matter:
    return Matter.objects.get(pk=thing.matter.pk)


def _helped(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    matters.add_support(desk, _fresh(thing), town.posts["committee.east"], "请协助")


def _handled(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    matters.dispatch(desk, _fresh(thing), kind="event.street.noise", holder=town.posts["greening.street"], text="请办")
    matters.handle(Actor.of(town.people.cleaner), _fresh(thing), "已劝阻")


def _ended(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    matters.void(desk, _fresh(thing), "误报")


def _replied(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    _ended(desk, thing, town)
    matters.answer_report(desk, Report.objects.get(pk=thing.report.pk), "到现场没有发现噪声")


def _to_call_back(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    _replied(desk, thing, town)
    _waits(thing, ReportClock.Which.CALL_BACK)


def _warned(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    _waits(thing, ReportClock.Which.WARNING)


def _waits(thing: Thing, which: str) -> None:
    now = clock.now()
    reports.start_clocks(thing.report, [ClockPlan(which, "", None, now, now + timedelta(days=3), False)])


def _quarantined(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    reports.quarantine(desk, Report.objects.get(pk=thing.report.pk), "像是骚扰")


def _wished(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    cleaner, post = Actor.of(town.people.cleaner), town.posts["market.food"]
    matters.dispatch(desk, _fresh(thing), kind="event.street.noise", holder=town.posts["greening.street"], text="请办")
    thing.wish = matters.apply(
        cleaner, _fresh(thing), "transfer", reason="归市监", basis="三定方案", proposed_holder=post
    )


def _named(desk: Actor, thing: Thing, town: SimpleNamespace, post: str = "market.food") -> None:
    matters.dispatch(desk, _fresh(thing), kind="event.street.noise", holder=town.posts["greening.street"], text="请办")
    given = {"reason": "归那边", "basis": "三定方案", "proposed_holder": Post.objects.get(code=post)}
    wish = matters.apply(Actor.of(town.people.cleaner), _fresh(thing), "transfer", **given)  # type: ignore[arg-type]
    matters.answer(desk, _fresh(thing), wish, True)


def _argued(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    thing.dispute = arguing.open_dispute(desk, _fresh(thing), "说不清归谁", invited=[town.posts["market.food"]])
    thing.statement = arguing.invite_body(desk, thing.dispute, "县公路中心")
    thing.link = token_for(thing.statement)


def _restricted(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    matters.restrict(Actor.of(town.people.shift), _fresh(thing), "涉及未成年人")


def _secret(desk: Actor, thing: Thing, town: SimpleNamespace) -> None:
    _restricted(desk, thing, town)
    matters.lift_restriction(Actor.of(town.people.shift), _fresh(thing), "已查清")
    _helped(desk, thing, town)


#: how far things have come, and how they came there
STATES: dict[str, Callable[[Actor, Thing, SimpleNamespace], None]] = {
    "新": _helped,
    "已处置": _handled,
    "已了结": _ended,
    "已答复": _replied,
    "待回访": _to_call_back,
    "预警": _warned,
    "甄别": _quarantined,
    "申请": _wished,
    NAMED: _named,
    "争议": _argued,
    "保密": _secret,
    "限制": _restricted,
}
#: of these, in the own area, not everybody reads the words, or knows at all: positions of their own
HIDDEN = ("保密", "限制")


def _places(ground: Ground) -> None:
    made = mint_units([NewUnit("spot", f"空地{position}", area) for position, area in AREAS.items() if area])
    for position, unit in zip(AREAS, made, strict=False):
        ground.units[position] = unit
        for sheet, state in enumerate((Plaque.State.ACTIVE, Plaque.State.PRINTED, Plaque.State.SUSPECT)):
            plaque = Plaque.objects.create(unit=unit, batch="M1", sheet_no=10 * len(ground.units) + sheet, state=state)
            ground.plaques[position, str(state)] = plaque


def _import(ground: Ground) -> None:
    sheet = keep_sheet(SimpleUploadedFile("工单.csv", SHEET.encode()))
    with opened_sheet(sheet) as path:
        seen = survey(path)
    ground.batch = begin(SYSTEM, seen, system="区热线", file_name="工单.csv", upload=sheet)
    ground.fault = ImportFault.objects.create(
        batch=ground.batch,
        line=2,
        row='{"工单编号": "R-1", "受理时间": "", "诉求内容": "垃圾没人清", "地址": ""}',
        template="看不懂",
    )
