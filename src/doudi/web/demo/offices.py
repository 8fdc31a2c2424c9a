"""Who is there in the demo town: offices, posts with their areas, people on them, and who catches what falls through.

Offices and roles come from the shipped rulebook, so that every role that a rule names has a post.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import count
from random import Random
from typing import Any

import yaml

from doudi.web.demo.geometry import Ground, TownMap
from doudi.web.demo.names import landline, mobile, person_names, read
from doudi.web.duties.services import NewBackstop
from doudi.web.people.access import Access
from doudi.web.people.services import NewOffice, NewPost
from doudi.web.rulebook.services import SHIPPED

_SOURCE = "镇综合网格工作方案（虚构）"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on a post. ``who`` is said of a demo account, and empty for those who cannot sign in."""

    post: str
    username: str
    name: str
    phone: str
    who: str = ""


@dataclass(frozen=True, slots=True)
class Staffing:
    """All offices, posts, people and backstops; since the same day."""

    offices: tuple[NewOffice, ...]
    posts: tuple[NewPost, ...]
    members: tuple[Member, ...]
    backstops: tuple[NewBackstop, ...]
    since: date

    def of_role(self, role: str) -> tuple[NewPost, ...]:
        return tuple(post for post in self.posts if post.role == role)


@cache
def shipped(name: str) -> Any:
    """The document ``<name>.yaml`` of the rulebook that comes with the package."""
    return yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8"))


def staff_town(town: TownMap, chance: Random) -> Staffing:
    """Fill every role of the rulebook; the same map and seed give the same people."""
    plan = read("offices")
    since = date.fromisoformat(plan["since"])
    offices = tuple(_offices(town, plan, since))
    posts = tuple(_posts(town, plan, {office.code: office for office in offices}, since))
    return Staffing(
        offices,
        posts,
        tuple(_members(posts, offices, plan, chance)),
        tuple(_backstops(town, plan, posts, since)),
        since,
    )


def _offices(town: TownMap, plan: Mapping[str, Any], since: date) -> Iterator[NewOffice]:
    """The shipped offices, with the integrated grids and the committees told apart."""
    phones = count(1)
    for row in shipped("offices"):
        office = NewOffice(row["code"], row["name"], row["relation"], since, "", row["powers"])
        match row["code"]:
            case "grid_head":
                parts = [(f"grid_head_{code}", f"{group}综合网格") for group, code in plan["group_codes"].items()]
            case "committee":
                parts = [(f"committee_{village.code[9:]}", _committee_name(village)) for village in town.villages]
            case code:
                parts = [(code, office.name)]
        for code, name in parts:
            yield replace(office, code=code, name=name, phone=landline(next(phones)))


def _committee_name(village: Ground) -> str:
    """稻香村村民委员会, 禾丰居民委员会."""
    return f"{village.name}村民委员会" if village.kind == "village" else village.name.replace("居民区", "居民委员会")


def _posts(town: TownMap, plan: Mapping[str, Any], offices: Mapping[str, NewOffice], since: date) -> Iterator[NewPost]:
    relations = {row["code"]: row["relation"] for row in shipped("offices")}
    for row in shipped("roles"):
        relation = relations[row["office"]]
        access = plan["access_by_role"].get(row["role"], plan["access_by_relation"][relation])
        post = NewPost(
            row["role"],
            row["office"],
            row["name"],
            row["role"],
            since,
            access=access,
            may_hold=row["may_hold"],
            silence_counts=relation == "own" and row["may_hold"],
        )
        if row["role"] in plan["teams"]:
            yield from _teams(post, plan["teams"][row["role"]], town)
        elif row["level"] == "village_group":
            yield from _by_group(post, plan["group_codes"], town, own_office=row["office"] == "grid_head")
        elif row["level"] == "village":
            yield from _by_village(post, town)
        else:
            yield post
    yield from _grid_workers(town, plan, since)
    for row in plan["others"]:
        yield NewPost(
            row["code"],
            row["office"],
            row["name"],
            row["code"],
            since,
            access=row["access"],
            heads_office=row.get("heads", False),
        )
    led = {row["office"] for row in plan["others"] if row.get("heads")}
    for office in offices.values():
        if (
            office.relation in plan["head"]["relations"]
            and office.code not in led
            and not office.code.startswith("grid_head")
        ):
            name = plan["head"]["name"].format(office=office.name)
            yield NewPost(
                f"{office.code}.head",
                office.code,
                name,
                f"{office.code}.head",
                since,
                access=Access.OFFICER,
                heads_office=True,
            )


def _teams(post: NewPost, teams: list[dict[str, Any]], town: TownMap) -> Iterator[NewPost]:
    for team in teams:
        areas = tuple(village.code for village in town.villages if village.group in team["groups"])
        yield replace(post, code=f"{post.code}.{team['code']}", name=team["name"], areas=areas)


def _by_group(post: NewPost, codes: Mapping[str, str], town: TownMap, *, own_office: bool) -> Iterator[NewPost]:
    for group, code in codes.items():
        areas = tuple(village.code for village in town.villages if village.group == group)
        name = f"{group}{post.name}" if own_office else f"{post.name}({group})"
        office = f"{post.office}_{code}" if own_office else post.office
        yield replace(post, code=f"{post.code}.{code}", office=office, name=name, areas=areas, heads_office=own_office)


def _by_village(post: NewPost, town: TownMap) -> Iterator[NewPost]:
    wanted = "neighbourhood" if post.role == "committee.residents" else "village"
    for village in town.villages:
        if village.kind == wanted:
            part = village.code[9:]
            name = _committee_name(village)
            yield replace(
                post,
                code=f"{post.code}.{part}",
                office=f"committee_{part}",
                name=name,
                areas=(village.code,),
                heads_office=True,
            )


def _grid_workers(town: TownMap, plan: Mapping[str, Any], since: date) -> Iterator[NewPost]:
    """Two for each village, who share its grids."""
    serial = count(1)
    share = plan["grid_workers"] // len(town.villages)
    for village in town.villages:
        grids = [grid.code for grid in town.grids if grid.parent == village.code]
        for number in range(share):
            yield NewPost(
                f"grid.worker.{next(serial):02d}",
                f"grid_head_{plan['group_codes'][village.group]}",
                plan["grid_worker"]["name"].format(village=village.name, number=number + 1),
                plan["grid_worker"]["role"],
                since,
                access=plan["grid_worker"]["access"],
                areas=tuple(grids[number::share]),
                may_hold=True,
                silence_counts=True,
            )


def _members(
    posts: tuple[NewPost, ...], offices: tuple[NewOffice, ...], plan: Mapping[str, Any], chance: Random
) -> Iterator[Member]:
    names, serial = person_names(chance), count(1)
    relations = {office.code: office.relation for office in offices}
    accounts: dict[str, list[dict[str, str]]] = {}
    for account in plan["accounts"]:
        accounts.setdefault(account["post"], []).append(account)
    for post in posts:
        waiting = iter(accounts.get(post.code, []))
        for _ in range(_people_on(post, relations[post.office], plan)):
            number, account = next(serial), next(waiting, {})
            yield Member(
                post.code, account.get("username", f"p{number:04d}"), names(), mobile(number), account.get("who", "")
            )


def _people_on(post: NewPost, relation: str, plan: Mapping[str, Any]) -> int:
    """How many sit on the post: one on a grid worker's, a head's or a post that no rule names, else as planned."""
    alone = (
        post.heads_office
        or post.role == plan["grid_worker"]["role"]
        or post.code in {row["code"] for row in plan["others"]}
    )
    return 1 if alone else int(plan["staff"].get(post.role, plan["staff_by_relation"].get(relation, 2)))


def _backstops(
    town: TownMap, plan: Mapping[str, Any], posts: tuple[NewPost, ...], since: date
) -> Iterator[NewBackstop]:
    """The duty desk catches for the town; in each village the head of its integrated grid is nearer."""
    desk = next(post for post in posts if post.role == "uoc.duty")
    yield NewBackstop(town.town.code, desk.code, since, _SOURCE)
    for post in posts:
        if post.role == "grid_head.lead":
            for area in post.areas:
                yield NewBackstop(area, post.code, since, _SOURCE)
