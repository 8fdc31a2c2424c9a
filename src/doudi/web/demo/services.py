"""Creates the demo town once, through the same services that load a real one, and leaves it alone ever after."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.answers.services import enter_shipped
from doudi.web.areas.models import Area
from doudi.web.areas.queries import town_settings
from doudi.web.areas.services import NewArea, name_town, save_areas
from doudi.web.demo.accounts import accounts, scan_address
from doudi.web.demo.arguments import Arguing
from doudi.web.demo.cast import Cast
from doudi.web.demo.catching import enter_crews
from doudi.web.demo.geometry import TownMap, draw_town
from doudi.web.demo.history import Player
from doudi.web.demo.names import FOLDER, chance_for, read
from doudi.web.demo.offices import Staffing, staff_town
from doudi.web.demo.pictures import SCENES, draw
from doudi.web.demo.places import Place
from doudi.web.demo.plan import DAYS, Setting, plan_history
from doudi.web.demo.registry import all_places
from doudi.web.demo.roster import draw_roster
from doudi.web.demo.speech import topics
from doudi.web.duties.services import set_backstops
from doudi.web.files.models import Upload
from doudi.web.files.services import keep_photo
from doudi.web.jobs import services as jobs
from doudi.web.journal.services import unit_of_work
from doudi.web.orders.files import read_systems
from doudi.web.orders.services import describe
from doudi.web.outbox import services as outbox
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Appointment, Person
from doudi.web.people.services import add_people, appoint, save_offices, save_posts
from doudi.web.resources.models import Roster
from doudi.web.resources.services import add_roster
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.rulebook.services import load_folder
from doudi.web.units.models import Unit
from doudi.web.units.services import NewUnit, mint_plaques, mint_units

__all__ = ["DemoError", "accounts", "create_town", "scan_address"]

Progress = Callable[[str, int, int], None]
_ROSTER_AHEAD = 30
_BATCH = "2026-01"


class DemoError(DoudiError):
    """The demo town cannot be created here."""


def create_town(progress: Progress = lambda what, done, whole: None, *, days: int = DAYS) -> bool:
    """Create the fictional town with ``days`` of history ending now. Returns whether anything was created.

    A demo that is there already is kept, with all that people did in it. All is one transaction: a creation that
    was stopped leaves nothing and is begun again. ``progress(what, done, whole)`` is called along the way.
    Raises DemoError in the data folder of another town, and outside the profiles demo and test.
    """
    if settings.PROFILE == "production":
        raise DemoError(
            "演示镇只能建在演示环境里：请用 doudi demo 启动，它会设好 DOUDI_PROFILE=demo 和单独的数据目录。"
        )
    name = read("map")["town"]["name"]
    if _already(name):
        return False
    now = clock.now()
    town = draw_town(read("map"), chance_for("map"))
    staffing = staff_town(town, chance_for("people"))
    places = all_places(town)
    # Tens of thousands of rows that all live: looking for rubbish among them again and again would take a tenth of the time.
    gc.disable()
    try:
        with unit_of_work():
            with clock.at(now - timedelta(days=days + 1)):
                progress("区域、单位和人员", 0, 3)
                _found(town, staffing)
                progress("场所和码牌", 1, 3)
                _enter_places(places, staffing)
                progress("值班表", 2, 3)
                _fill_roster(staffing, now, days)
            _play(town, staffing, places, now, days, progress)
            jobs.skip(now - timedelta(days=1))
            outbox.skip(now - timedelta(days=2))
    finally:
        gc.enable()
    return True


def _already(name: str) -> bool:
    """Whether the demo is here. Raises DemoError where another town is."""
    if not Area.objects.exists():
        return False
    if town_settings().town_name != name:
        raise DemoError(
            "这个数据目录里已经有“{town}”，不能再建演示镇：请换一个数据目录。",
            town=town_settings().town_name or "一个镇",
        )
    return True


def _found(town: TownMap, staffing: Staffing) -> None:
    name_town(town.town.name, town.hotline)
    save_areas(
        NewArea(area.code, area.name, area.kind, area.parent, staffing.since, area.polygon) for area in town.areas
    )
    save_offices(staffing.offices)
    save_posts(staffing.posts)
    set_backstops(staffing.backstops)
    # One hash for all demo accounts: hashing is slow on purpose, and the password is printed anyway.
    password, nobody = make_password(read("offices")["password"]), make_password(None)
    people = [
        Person(username=one.username, name=one.name, phone=one.phone, password=password if one.who else nobody)
        for one in staffing.members
    ]
    add_people(people)
    appoint(
        Appointment(person=person, post_id=one.post, since=staffing.since)
        for person, one in zip(people, staffing.members, strict=True)
    )
    load_folder()
    enter_shipped(SYSTEM)
    describe(SYSTEM, read_systems(FOLDER / "systems.csv"))
    enter_crews()


def _enter_places(places: Sequence[Place], staffing: Staffing) -> None:
    mint_units(
        NewUnit(
            type=place.type,
            name=place.name,
            area=place.area,
            address=place.address,
            point=place.at,
            facts=place.facts,
            external_codes=place.external_codes,
            supervisor=place.supervisor,
            owner=place.owner,
            maintainer=place.maintainer,
            since=staffing.since,
            code=place.code,
        )
        for place in places
    )
    units = Unit.objects.in_bulk([place.code for place in places])
    for state in sorted({place.plaque for place in places}, key=lambda state: (state != "active", state)):
        mint_plaques([units[place.code] for place in places if place.plaque == state], f"{_BATCH}-{state}", state=state)


def _fill_roster(staffing: Staffing, now: datetime, days: int) -> None:
    people = {person.username: person for person in Person.objects.all()}
    today = clock.day_of(now)
    shifts = draw_roster(
        staffing.members, today - timedelta(days=days), today + timedelta(days=_ROSTER_AHEAD), chance_for("roster")
    )
    add_roster(
        Roster(
            post_id=shift.post,
            person=people[shift.member.username],
            name=shift.member.name,
            phone=shift.member.phone,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            note=shift.note,
        )
        for shift in shifts
    )


def _play(
    town: TownMap, staffing: Staffing, places: Sequence[Place], now: datetime, days: int, progress: Progress
) -> None:
    with clock.at(now - timedelta(days=days)):
        rulebook = rulebook_on()
        photos = _draw_photos(chance_for("photos"))
        cast = Cast(chance_for("cast"))
    setting = Setting(
        town_name=town.town.name,
        places=places,
        rounds={int(post.code.rsplit(".", 1)[1]): frozenset(post.areas) for post in staffing.of_role("grid.worker")},
        kind_names=rulebook.catalogue.names(),
        topics=topics(),
        calendar=rulebook.calendar,
    )
    plan = plan_history(setting, now, chance_for("plan"), days)
    player = Player(cast, rulebook, photos, now, chance_for("play"), town.town.name)
    argued = Arguing(cast, places, chance_for("disputes")).steps(now, days)
    player.play(plan, lambda done, whole: progress("历史", done, whole), argued)


def _draw_photos(chance: Random) -> dict[tuple[str, bool], list[Upload]]:
    """A few drawn pictures of each scene, with its trouble and mended; they are shown again and again."""
    return {
        (scene, mended): [
            keep_photo(BytesIO(draw(scene, chance, mended=mended)), name=f"{scene}-{number}.jpg")
            for number in range(1, 2 if mended else 3)
        ]
        for scene in SCENES
        for mended in (False, True)
    }
