"""The demo town's map, places, people and plan, made once for the tests that only look at them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.workdays import Calendar
from doudi.web.demo.geometry import TownMap, draw_town
from doudi.web.demo.names import chance_for, read
from doudi.web.demo.offices import Staffing, staff_town
from doudi.web.demo.places import Place
from doudi.web.demo.plan import PlannedReport, Setting, plan_history
from doudi.web.demo.registry import all_places
from doudi.web.demo.speech import topics
from doudi.web.rulebook.services import SHIPPED, read_folder

#: A Tuesday, eleven o'clock in the town.
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@cache
def town_map() -> TownMap:
    return draw_town(read("map"), chance_for("map"))


@cache
def places() -> tuple[Place, ...]:
    return all_places(town_map())


@cache
def staffing() -> Staffing:
    return staff_town(town_map(), chance_for("people"))


@cache
def catalogue() -> Catalogue:
    return Catalogue.from_document(read_folder(SHIPPED)["kinds"])


@cache
def calendar() -> Calendar:
    return Calendar.from_document(read_folder(SHIPPED)["calendar"])


def setting() -> Setting:
    return Setting(
        town_name=town_map().town.name,
        places=places(),
        rounds={int(post.code[-2:]): frozenset(post.areas) for post in staffing().of_role("grid.worker")},
        kind_names=catalogue().names(),
        topics=topics(),
        calendar=calendar(),
    )


@cache
def plan() -> tuple[PlannedReport, ...]:
    return plan_history(setting(), NOW, chance_for("plan"))
