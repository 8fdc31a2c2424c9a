"""The small town in which the platform's tests live: two villages with a grid each, seven posts, five people, three places.

East has a neighbour, west; 城管 sits for each of them, the grid head of the east is its backstop, the duty desk is the
town's. Everybody signs in with ``PASSWORD``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

from doudi.engine.kinds.evidence import AFTER_PHOTO, BEFORE_PHOTO, Lack
from doudi.engine.units.codes import check_character
from doudi.web import clock
from doudi.web.areas.services import NewArea, name_town, save_areas
from doudi.web.duties.services import NewBackstop, set_backstops
from doudi.web.people.actor import Actor
from doudi.web.people.models import Appointment, Post
from doudi.web.people.services import NewOffice, NewPost, add_person, appoint, save_offices, save_posts
from doudi.web.rulebook.services import load_folder
from doudi.web.units.models import Plaque, Unit
from tests.commands import TOWN_PASSWORD as PASSWORD

RULEBOOK = Path(__file__).parent / "rulebook"
FOUNDED = date(2025, 1, 1)
#: A Tuesday, ten o'clock in the town.
TUESDAY = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

#: of what a kind wants shown, why it is not there; what is there needs no reason
NO_PHOTO = {BEFORE_PHOTO: Lack.TOO_LATE, AFTER_PHOTO: Lack.DARK}

TOWN, EAST, WEST = "310199101000", "310199101001", "310199101202"
EAST_GRID, WEST_GRID = "310199101001001", "310199101202001"


def _square(west: float, south: float) -> dict[str, object]:
    east, north = west + 0.02, south + 0.02
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


AREAS = (
    NewArea(TOWN, "测试镇", "town", None, FOUNDED),
    NewArea(EAST, "东苑居民区", "neighbourhood", TOWN, FOUNDED),
    NewArea(WEST, "西浜村", "village", TOWN, FOUNDED),
    NewArea(EAST_GRID, "东苑第一网格", "grid", EAST, FOUNDED, _square(121.20, 31.10)),
    NewArea(WEST_GRID, "西浜第一网格", "grid", WEST, FOUNDED, _square(121.18, 31.10)),
)
OFFICES = (
    NewOffice("uoc", "城运中心", "own", FOUNDED, phone="021-55500000"),
    NewOffice("chengguan", "综合行政执法队", "own", FOUNDED, phone="021-55500001"),
    NewOffice("greening", "绿化市容所", "own", FOUNDED),
    NewOffice("market", "市场监管所", "dispatched", FOUNDED),
    NewOffice("grid", "网格办", "own", FOUNDED),
    NewOffice("legal", "司法所", "dispatched", FOUNDED),
    NewOffice("committee", "东苑居委会", "committee", FOUNDED),
)
POSTS = (
    NewPost("uoc.duty", "uoc", "城运值班岗", "uoc.duty", FOUNDED, "dispatcher", may_hold=True),
    NewPost(
        "uoc.shift_leader",
        "uoc",
        "值班长",
        "uoc.shift_leader",
        FOUNDED,
        "shift_leader",
        may_hold=True,
        heads_office=True,
    ),
    NewPost(
        "chengguan.east",
        "chengguan",
        "城管东片岗",
        "chengguan.street",
        FOUNDED,
        "officer",
        (EAST,),
        True,
        silence_counts=True,
    ),
    NewPost(
        "chengguan.west",
        "chengguan",
        "城管西片岗",
        "chengguan.street",
        FOUNDED,
        "officer",
        (WEST,),
        True,
        silence_counts=True,
    ),
    NewPost("greening.street", "greening", "市容保洁岗", "sanitation.street", FOUNDED, "officer", may_hold=True),
    NewPost("market.food", "market", "市监食品岗", "market.food", FOUNDED, "officer", may_hold=True),
    NewPost("grid.east", "grid", "东片网格长", "grid.head", FOUNDED, "grid_worker", (EAST,), True),
    NewPost("grid.west", "grid", "西片网格员", "grid.worker", FOUNDED, "grid_worker", (WEST,)),
    NewPost("committee.east", "committee", "东苑居委", "committee.staff", FOUNDED, "committee", (EAST,)),
    NewPost("legal.review", "legal", "合法性审核岗", "legal.review", FOUNDED, "reviewer"),
    NewPost("leader", "uoc", "分管镇长", "leader", FOUNDED, "leader"),
    NewPost("auditor", "uoc", "审计岗", "auditor", FOUNDED, "auditor"),
    NewPost("admin", "uoc", "系统管理员", "admin", FOUNDED, "system_admin"),
)
SEATED = {
    "desk": "uoc.duty",
    "shift": "uoc.shift_leader",
    "east_officer": "chengguan.east",
    "west_officer": "chengguan.west",
    "cleaner": "greening.street",
    "grid_east": "grid.east",
    "grid_west": "grid.west",
    "committee": "committee.east",
    "leader": "leader",
    "reviewer": "legal.review",
    "auditor": "auditor",
    "admin": "admin",
    "market": "market.food",
}


def build() -> SimpleNamespace:
    """Found the town at ``TUESDAY``. Returns people by nickname, and the places."""
    with clock.at(TUESDAY):
        name_town("测试镇", "12345")
        save_areas(AREAS)
        save_offices(OFFICES)
        save_posts(POSTS)
        set_backstops([NewBackstop(TOWN, "uoc.duty", FOUNDED), NewBackstop(EAST, "grid.east", FOUNDED)])
        rulebook = load_folder(RULEBOOK)
        people = {name: add_person(name, f"{name}先生", password=PASSWORD, check_password=False) for name in SEATED}
        posts = {post.code: post for post in Post.objects.all()}
        appoint([Appointment(person=people[name], post=posts[code], since=FOUNDED) for name, code in SEATED.items()])
        units = {}
        for name, type_, area, drawn, facts in (
            ("东苑面馆", "shop.catering", EAST_GRID, "0123456789AB", {}),
            ("东苑路窨井", "manhole", EAST_GRID, "1123456789AB", {"owner": "unknown"}),
            ("西浜村口空地", "spot", WEST_GRID, "2123456789AB", {"owner": "unknown"}),
        ):
            unit = Unit.objects.create(
                code=drawn + check_character(drawn),
                type=type_,
                name=name,
                area_id=area,
                since=FOUNDED,
                facts=facts,
                address=f"{name}前",
            )
            Plaque.objects.create(unit=unit, batch="T1", state=Plaque.State.ACTIVE)
            units[name] = unit
    return SimpleNamespace(
        people=SimpleNamespace(**people),
        posts=posts,
        rulebook=rulebook,
        shop=units["东苑面馆"],
        manhole=units["东苑路窨井"],
        spot=units["西浜村口空地"],
    )


def actor(person: object) -> Actor:
    """Whoever ``person`` is at ``TUESDAY``."""
    with clock.at(TUESDAY):
        return Actor.of(person)  # type: ignore[arg-type]
