"""Take a town's own files in: read by the slices, checked across them, written by their services, and told in words.

Loading a file again changes what it changes and adds nothing twice. Nothing is ended by being left out of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from django.db import transaction
from django.utils.translation import gettext as _
from shapely import unary_union
from shapely.geometry import shape

from doudi.engine.areas.shapes import AreaShape
from doudi.engine.areas.tiling import prove_tiling
from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.areas.files import read_areas
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.areas.services import save_areas
from doudi.web.duties.models import Backstop
from doudi.web.duties.services import NewBackstop, set_backstops
from doudi.web.people.files import NewMember, Staff, read_staff
from doudi.web.people.models import Appointment, Office, Person, Post
from doudi.web.people.services import add_person, appoint, save_offices, save_posts
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.units.files import read_units
from doudi.web.units.models import Unit
from doudi.web.units.services import NewUnit, mint_units

Arguments = ParamSpec("Arguments")


def in_one_transaction(step: Callable[Arguments, Iterator[str]]) -> Callable[Arguments, list[str]]:
    """All that ``step`` does on its way through its sentences, or nothing; gives the sentences."""

    @wraps(step)
    def whole(*args: Arguments.args, **kwargs: Arguments.kwargs) -> list[str]:
        with transaction.atomic():
            return list(step(*args, **kwargs))

    return whole


class LoadError(DoudiError):
    """Two files, or a file and the town, do not fit together; nothing was stored."""


@in_one_transaction
def load_areas(path: Path) -> Iterator[str]:
    """Areas from GeoJSON, CSV or XLSX; says where the grids leave ground uncovered or covered twice."""
    rows = read_areas(path, clock.today())
    known = set(Area.objects.values_list("code", flat=True))
    root = next((area.code for area in areas().areas.values() if area.parent_id is None), None)
    if strangers := [row.code for row in rows if row.parent is None and root is not None and row.code != root]:
        raise LoadError(
            "本库的镇是 {root}，文件里却有另一个镇 {other}：一个镇一个数据库。", root=root, other=strangers[0]
        )
    save_areas(rows)
    new = sum(row.code not in known for row in rows)
    yield _("区域：新增 {new} 个，更新 {old} 个。").format(new=new, old=len(rows) - new)
    yield from _tiling()


def _tiling() -> Iterator[str]:
    directory = areas()
    drawn = {code: AreaShape(code, shape(area.polygon)) for code, area in directory.areas.items() if area.polygon}
    grids = [one for code, one in drawn.items() if directory.areas[code].kind == Area.Kind.GRID]
    if not grids:
        yield _("网格还没有边界：扫码以外的诉求只能按地址猜到村居。可以以后再载入 GeoJSON。")
        return
    villages = [
        one.polygon
        for code, one in drawn.items()
        if directory.areas[code].kind in (Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD)
    ]
    town = drawn.get(directory.root or "") or (AreaShape("0", unary_union(villages)) if villages else None)
    if town is None:
        return
    found = prove_tiling(town, grids)
    if found.is_complete:
        yield _("网格拼满全镇：没有空白，没有重叠。")
    for words, patches in (
        (_("没有网格管的空白"), found.gaps), (_("两个网格重叠"), found.overlaps), (_("伸出镇界"), found.outside),
    ):  # fmt: skip
        if patches:
            worst = patches[0]
            yield _("注意：{what} {count} 处，最大 {area} 平方米，在 {lon:.5f}, {lat:.5f}（{codes}）。").format(
                what=words,
                count=len(patches),
                area=round(worst.area_m2),
                lon=worst.lon,
                lat=worst.lat,
                codes="、".join(worst.codes),
            )


@in_one_transaction
def load_offices(path: Path) -> Iterator[str]:
    """Offices, posts, backstops and people from YAML, CSV or XLSX."""
    staff = read_staff(path, clock.today())
    _require_known(staff)
    if staff.offices:
        yield _("单位：{count} 个。").format(count=save_offices(staff.offices))
    if staff.posts:
        yield _("岗位：{count} 个。").format(count=save_posts(staff.posts))
    if changed := _backstops(staff):
        yield _("兜底岗：设定 {count} 个区域。").format(count=changed)
    if staff.members:
        new, appointed = _members(staff.members)
        yield _("人员：新开账号 {new} 个，新任岗 {appointed} 人次。").format(new=new, appointed=appointed)
        if new:
            yield _("新账号还没有密码：用 doudi password 登录名 逐个设置，由本人首次登录后改掉。")
    yield from seats_without_posts()


def seats_without_posts() -> Iterator[str]:
    """Which roles the rules name and nobody sits on: their matters go to the backstop, honestly."""
    try:
        rules = rulebook_on().rules
    except DoudiError:
        return
    seated = set(Post.objects.filter(until__isnull=True).values_list("role", flat=True))
    if empty := sorted({rule.holder for rule in rules if rule.holder and rule.holder not in seated}):
        yield _("规则里有 {count} 种岗位还没有人设（{first} 等）：这些事项会先到兜底岗。").format(
            count=len(empty), first="、".join(empty[:3])
        )


def _require_known(staff: Staff) -> None:
    offices = {row.code for row in staff.offices} | set(Office.objects.values_list("code", flat=True))
    posts = {row.code for row in staff.posts} | set(Post.objects.values_list("code", flat=True))
    places = set(areas().areas)
    for post in staff.posts:
        if post.office not in offices:
            raise LoadError(
                "岗位 {post} 的单位 {office} 没有登记，请先写上这个单位。", post=post.code, office=post.office
            )
        if gone := [area for area in post.areas if area not in places]:
            raise LoadError("岗位 {post} 的区域 {area} 没有登记，请先载入区域。", post=post.code, area=gone[0])
    for area, post, _since in staff.backstops:
        if area != "*" and area not in places:
            raise LoadError("岗位 {post} 兜底的区域 {area} 没有登记，请先载入区域；全镇写 *。", post=post, area=area)
    for member in staff.members:
        if member.post not in posts:
            raise LoadError("{name}的岗位 {post} 没有登记，请先写上这个岗位。", name=member.name, post=member.post)


def _backstops(staff: Staff) -> int:
    root = areas().root
    standing = dict(Backstop.objects.filter(until__isnull=True).values_list("area_id", "post_id"))
    rows = [
        NewBackstop(area=root if area == "*" else area, post=post, since=since)
        for area, post, since in staff.backstops
        if root is not None or area != "*"
    ]
    return set_backstops([row for row in rows if standing.get(row.area) != row.post])


def _members(members: Iterable[NewMember]) -> tuple[int, int]:
    people = {person.username: person for person in Person.objects.all()}
    held = set(Appointment.objects.filter(until__isnull=True).values_list("person__username", "post_id"))
    new, rows = 0, []
    for member in members:
        if member.username not in people:
            people[member.username] = add_person(member.username, member.name, phone=member.phone)
            new += 1
        if (member.username, member.post) not in held:
            held.add((member.username, member.post))
            rows.append(
                Appointment(
                    person=people[member.username], post_id=member.post, acting=member.acting, since=member.since
                )
            )
    appoint(rows)
    return new, len(rows)


@in_one_transaction
def load_units(path: Path) -> Iterator[str]:
    """Places from CSV or XLSX. A place with the same code, or the same name, type, address and area, is there already."""
    types = rulebook_on().unit_types
    offices = set(Office.objects.values_list("code", flat=True))
    standing = Unit.objects.filter(until__isnull=True)
    codes, places = (
        set(standing.values_list("code", flat=True)),
        set(standing.values_list("name", "type", "address", "area_id")),
    )
    fresh: list[NewUnit] = []
    known = 0
    for line, unit in read_units(path, clock.today()):
        if unit.type not in types:
            raise line.wrong("规则手册里没有单元类型“{type}”，请改用已有的类型。", type=unit.type)
        for office in (unit.supervisor, unit.owner, unit.maintainer):
            if office is not None and office not in offices:
                raise line.wrong("单位 {office} 没有登记，请先载入单位。", office=office)
        place = (unit.name, unit.type, unit.address, unit.area)
        if unit.code in codes or place in places:
            known += 1
            continue
        places.add(place)
        fresh.append(unit)
    mint_units(fresh)
    yield _("场所：新增 {new} 个，已有 {known} 个未改动。").format(new=len(fresh), known=known)
    if fresh:
        yield _("接下来：在网页的“场所”里打印码牌，张贴时由网格员现场扫码登记。")
