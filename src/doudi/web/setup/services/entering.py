"""What is typed while a town is set up: each step goes the way that a sheet goes, with its checks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from doudi.engine.areas.codes import parse_area_code
from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.places.initials import initials
from doudi.engine.setup.vocabulary import SetupJob
from doudi.web import clock
from doudi.web.areas.files import areas_of
from doudi.web.areas.models import Area
from doudi.web.areas.services import name_town
from doudi.web.jobs.services import plan
from doudi.web.journal.services import unit_of_work
from doudi.web.people.access import Access
from doudi.web.people.actor import Actor
from doudi.web.people.files import staff_of
from doudi.web.people.models import Office, Post
from doudi.web.setup.loading import take_in_areas, take_in_staff, take_in_units
from doudi.web.tables.named import Line, TableError
from doudi.web.units.files import unit_of

_Row = TypeVar("_Row")


class SetupError(DoudiError):
    """A step of setting up the town that cannot be taken so."""


@unit_of_work()
def call_town(by: Actor, name: str, hotline: str) -> None:
    """What the town is called, and its hotline."""
    by.require(Power.MANAGE_AREAS)
    name_town(name.strip(), hotline.strip(), by=by)


@unit_of_work()
def save_area(by: Actor, said: Mapping[str, str], opened: str = "") -> list[str]:
    """Add an area, or change the one that was ``opened`` for it. A grid without a code gets the next one of its village.

    Returns what is to be known of the areas then.
    """
    by.require(Power.MANAGE_AREAS)
    cells = dict(said)
    if not cells.get("code"):
        cells["code"] = _next_grid(cells.get("parent", ""))
    rows = _typed(lambda: areas_of([(_line(cells), None)], clock.today()))
    code = rows[0].code
    known = Area.objects.select_for_update().filter(pk=code, until=None).first()
    if known is not None and code != opened:
        raise SetupError(
            "代码 {code} 已经是“{name}”：要改它，请从列表里打开；要登记新的，请换代码。", code=code, name=known.name
        )
    return _typed(lambda: list(take_in_areas(rows, by)))


def _next_grid(parent: str) -> str:
    # Two who register at once get two codes: the second waits for the first.
    above = Area.objects.select_for_update().filter(pk=parent, until=None).first()
    if above is None or above.kind not in (Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD):
        raise SetupError("请写区划代码；只有网格可以不写，由系统接着编。")
    known = Area.objects.filter(code__startswith=parent, kind=Area.Kind.GRID).values_list("code", flat=True)
    last = max((int(code[12:]) for code in known), default=0)
    return str(parse_area_code(f"{parent}{last + 1:03d}"))


@unit_of_work()
def save_office(by: Actor, said: Mapping[str, str]) -> str:
    """Add an office, or change the one of this code. Returns its code, which is made of its name where none is given."""
    by.require(Power.MANAGE_PEOPLE)
    cells = dict(said)
    cells["code"] = cells.get("code") or _fresh(Office, cells["name"])
    _typed(lambda: list(take_in_staff(staff_of([("offices", _line(cells))], clock.today()), by)))
    return cells["code"]


@unit_of_work()
def save_post(by: Actor, said: Mapping[str, str]) -> str:
    """Add a post, or change the one of this code. Returns its code: that of its role where it is the first to bear it."""
    by.require(Power.MANAGE_PEOPLE)
    cells = dict(said)
    cells["code"] = cells.get("code") or _post_code(cells["office"], cells.get("role", ""), cells["name"])
    cells["role"] = cells.get("role") or cells["code"]
    _typed(lambda: list(take_in_staff(staff_of([("posts", _line(cells))], clock.today()), by)))
    return cells["code"]


@unit_of_work()
def fill_roles(by: Actor, office: Mapping[str, str], roles: Iterable[tuple[str, str]]) -> int:
    """Set up posts for these roles (with their names) in one office, which is made where it is not there yet."""
    by.require(Power.MANAGE_PEOPLE)
    roles = list(roles)
    if not roles:
        raise SetupError("请至少勾一个岗位。")
    lines = []
    if not Office.objects.filter(code=office["code"], until=None).exists():
        lines.append(("offices", _line(office)))
        relation = office["relation"]
    else:
        relation = Office.objects.get(code=office["code"]).relation
    holds = relation in (Office.Relation.OWN, Office.Relation.DISPATCHED)
    for role, name in roles:
        access = Access.OFFICER if holds else Access.COMMITTEE if relation == Office.Relation.COMMITTEE else Access.NONE
        cells = {"code": _post_code(office["code"], role, name), "office": office["code"], "name": name, "role": role}
        lines.append(("posts", _line(cells | {"access": access, "may_hold": "是" if holds else "否"})))
    _typed(lambda: list(take_in_staff(staff_of(lines, clock.today()), by)))
    return len(roles)


@unit_of_work()
def save_place(by: Actor, said: Mapping[str, str]) -> list[str]:
    """Enter a place; its code is minted."""
    by.require(Power.MANAGE_AREAS)
    line = _line(said)
    return _typed(lambda: list(take_in_units([(line, unit_of(line, clock.today()))], by)))


def back_up(by: Actor) -> None:
    """A copy of the town is made in the background, in its own folder."""
    by.require(Power.TEND_JOBS)
    now = clock.now()
    plan(SetupJob.BACK_UP, f"back_up:{int(now.timestamp()) // 60}", now, {})


def _line(cells: Mapping[str, str]) -> Line:
    """What was typed, as a line of a sheet: what is empty is said to be empty."""
    return Line("", 0, dict(cells), frozenset(cells))


def _typed(step: Callable[[], list[_Row]]) -> list[_Row]:
    """Do it; what would be wrong in a line of a sheet is said without naming a line."""
    try:
        return step()
    except TableError as error:
        why = error.facts.get("why")
        if why is None:
            raise
        raise SetupError("{why}", why=why) from error


def _fresh(table: type[Office], name: str) -> str:
    said = initials(name)
    base = "".join(sign for sign in (said[0] if said else "") if sign.isalnum())[:30] or "office"
    return _free(table, base)


def _post_code(office: str, role: str, name: str) -> str:
    said = initials(name)
    base = role or f"{office}.{(said[0] if said else '')[:20] or 'post'}"
    return _free(Post, base)


def _free(table: type[Office] | type[Post], base: str) -> str:
    taken = set(table._default_manager.filter(code__startswith=base).values_list("code", flat=True))
    sign = "." if table is Post else "-"
    return next(code for n in range(1, 10_000) if (code := base if n == 1 else f"{base}{sign}{n}") not in taken)


def named_roles(rows: Sequence[Mapping[str, str]], chosen: Iterable[str]) -> list[tuple[str, str]]:
    """The chosen ones of these roles, each with the name that the rulebook gives it."""
    names = {row["role"]: row["name"] for row in rows}
    return [(one, names[one]) for one in chosen if one in names]
