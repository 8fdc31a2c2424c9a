"""Take a town's own files in: read by the slices, checked across them, written by their services, and told in words.

Loading a file again changes what it changes and adds nothing twice. Nothing is ended by being left out of a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import ParamSpec

from django.utils.translation import gettext as _
from shapely import unary_union
from shapely.geometry import shape

from doudi.engine.areas.shapes import AreaShape
from doudi.engine.areas.tiling import prove_tiling
from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.areas import files as area_files
from doudi.web.areas.files import read_areas
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.areas.services import NewArea, save_areas
from doudi.web.design.wording import say
from doudi.web.duties.models import Backstop
from doudi.web.duties.services import NewBackstop, set_backstops
from doudi.web.journal.services import unit_of_work
from doudi.web.orders import files as system_files
from doudi.web.orders.files import read_systems
from doudi.web.orders.services import describe
from doudi.web.people import files as people_files
from doudi.web.people.access import POWERS, Access
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.files import NewMember, Staff, read_staff
from doudi.web.people.models import Appointment, Office, Person, Post
from doudi.web.people.services import add_person, appoint, change_phones, save_offices, save_posts
from doudi.web.places import files as name_files
from doudi.web.places.files import read_names
from doudi.web.places.services import end_names, name_places
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.tables.named import Line, remarks_on
from doudi.web.tables.saved import Saved
from doudi.web.units import files as unit_files
from doudi.web.units.files import read_units
from doudi.web.units.models import Unit
from doudi.web.units.services import NewUnit, change_units, mint_units

Arguments = ParamSpec("Arguments")


def in_one_transaction(step: Callable[Arguments, Iterator[str]]) -> Callable[Arguments, list[str]]:
    """All that ``step`` does on its way through its sentences, or nothing; gives the sentences."""

    @wraps(step)
    def whole(*args: Arguments.args, **kwargs: Arguments.kwargs) -> list[str]:
        with unit_of_work():
            return list(step(*args, **kwargs))

    return whole


class LoadError(DoudiError):
    """Two files, or a file and the town, do not fit together; nothing was stored."""


@in_one_transaction
def load_areas(path: Path) -> Iterator[str]:
    """Areas from GeoJSON, CSV or XLSX; says where the grids leave ground uncovered or covered twice."""
    yield from map(say, remarks_on(path, [area_files.COLUMNS]))
    yield from take_in_areas(read_areas(path, clock.today()))


def take_in_areas(rows: Sequence[NewArea], by: Actor = SYSTEM) -> Iterator[str]:
    """These areas, parents first, and what is to be known of them then."""
    root = next((area.code for area in areas().areas.values() if area.parent_id is None), None)
    if strangers := [row.code for row in rows if row.parent is None and root is not None and row.code != root]:
        raise LoadError(
            "本库的镇是 {root}，文件里却有另一个镇 {other}：一个镇一个数据库。", root=root, other=strangers[0]
        )
    saved = save_areas(rows, by=by)
    yield _("区域：新增 {new} 个，更新 {old} 个。").format(new=len(saved.new), old=len(rows) - len(saved.new))
    yield from _changes(saved)
    yield from _tiling()


_MOST_TOLD = 30
#: columns as the headers of a table call them
_LABELS = {
    name + key: others[0]
    for columns in (
        people_files.PEOPLE,
        people_files.POSTS,
        people_files.OFFICES,
        unit_files.COLUMNS,
        area_files.COLUMNS,
    )
    for name, others in columns.items()
    for key in ("", "_id")
}


def _changes(saved: Saved) -> Iterator[str]:
    """What stood there before and says something else now, record by record."""
    for one in saved.changed[:_MOST_TOLD]:
        told = "；".join(
            _("{column}由“{before}”改为“{after}”").format(
                column=_LABELS.get(name, name), before=_shown(before), after=_shown(after)
            )
            for name, (before, after) in one.columns.items()
        )
        yield _("改动：{key} {name}：{told}。").format(key=one.key, name=one.name, told=told)
    if (more := len(saved.changed) - _MOST_TOLD) > 0:
        yield _("还有 {count} 条改动，都记入留痕。").format(count=more)
    if saved.revived:
        yield _("已撤销的重新启用：{codes}。").format(codes="、".join(saved.revived))


def _shown(value: object) -> str:
    if isinstance(value, Mapping) and "coordinates" in value:
        return _("边界")
    return "" if value is None else str(value)


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
        (_("没有网格管的空白"), found.gaps),
        (_("两个网格重叠"), found.overlaps),
        (_("伸出镇界"), found.outside),
    ):
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
    yield from map(say, remarks_on(path, [people_files.OFFICES, people_files.POSTS, people_files.PEOPLE]))
    yield from take_in_staff(read_staff(path, clock.today()))


def take_in_staff(staff: Staff, by: Actor = SYSTEM) -> Iterator[str]:
    """These offices, posts, backstops and people. Raises LoadError, TableError; then the caller's transaction is to go back."""
    _require_known(staff)
    before = _held_now()
    if staff.offices:
        saved = save_offices(staff.offices, by=by)
        yield _("单位：{count} 个。").format(count=saved.rows)
        yield from _changes(saved)
    if staff.posts:
        saved = save_posts(staff.posts, by=by)
        yield _("岗位：{count} 个。").format(count=saved.rows)
        yield from _changes(saved)
    _require_hold(staff, before)
    if changed := _backstops(staff, by):
        yield _("兜底岗：设定 {count} 个区域。").format(count=changed)
    if staff.members:
        _require_same_people(staff)
        new, appointed = _members(staff.members, by)
        yield _("人员：新开账号 {new} 个，新任岗 {appointed} 人次。").format(new=new, appointed=appointed)
        given = {line.get("username") for lines in staff.lines.values() for line in lines if "phone" in line.given}
        phones = {one.username: one.phone for one in staff.members if one.username in given and one.phone}
        yield from _changes(change_phones(phones, by=by))
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
    for area, code, _since in staff.backstops:
        if area != "*" and area not in places:
            raise LoadError("岗位 {post} 兜底的区域 {area} 没有登记，请先载入区域；全镇写 *。", post=code, area=area)
    for member in staff.members:
        if member.post not in posts:
            raise LoadError("{name}的岗位 {post} 没有登记，请先写上这个岗位。", name=member.name, post=member.post)


@dataclass(frozen=True, slots=True)
class _Held:
    """What no load may take away: who catches, and the kinds of seat that somebody must have."""

    catching: frozenset[str]
    desk: Post | None
    areas: frozenset[str]
    seats: frozenset[str]


_NEEDED_SEATS = (Access.SYSTEM_ADMIN, Access.DISPATCHER, Access.SHIFT_LEADER)


def _held_now() -> _Held:
    catching = Backstop.objects.filter(until__isnull=True).values_list("post_id", flat=True)
    root = areas().root
    desk = Post.objects.filter(
        code__in=Backstop.objects.filter(until__isnull=True, area_id=root).values("post_id")
    ).first()
    seats = Post.objects.filter(until__isnull=True, access__in=_NEEDED_SEATS).values_list("access", flat=True)
    served = desk.areas.values_list("code", flat=True) if desk else ()
    return _Held(frozenset(catching), desk, frozenset(served), frozenset(seats))


def _require_hold(staff: Staff, before: _Held) -> None:
    """The duty desk and whoever catches keep what they need for it; of the seats that run the town none is the last to go."""
    for post in Post.objects.filter(code__in=before.catching).select_related("office"):
        if not post.may_hold or post.office.relation not in (Office.Relation.OWN, Office.Relation.DISPATCHED):
            raise _at(staff, post, "岗位 {post} 正在兜底，必须能承办并属于镇属或派驻单位。请先改兜底岗。")
    offices = [row.code for row in staff.offices]
    holding = Post.objects.filter(until=None, may_hold=True, office__relation=Office.Relation.COMMITTEE)
    for post in holding.filter(office__in=offices).select_related("office").order_by("code"):
        raise _at(
            staff,
            post,
            "{office}成了村居委会，它的岗位 {post} 却能承办：村居委会只协助。请先改这个岗位，或把事交给别的岗位。",
            office=post.office.name,
        )
    if before.desk is not None:
        desk = Post.objects.get(pk=before.desk.pk)
        if "dispatch" in POWERS[before.desk.access] and "dispatch" not in POWERS[desk.access]:
            raise _at(staff, desk, "岗位 {post} 是全镇的值班岗，不能失去派遣权限。请先改兜底岗。")
        served = frozenset(desk.areas.values_list("code", flat=True))
        if served and not before.areas:
            raise _at(staff, desk, "岗位 {post} 是全镇的值班岗，不能只管几个区域。请先改兜底岗。")
    left = set(Post.objects.filter(until__isnull=True, access__in=before.seats).values_list("access", flat=True))
    if gone := before.seats - left:
        raise LoadError("载入后就没有“{seat}”席位了，请至少留一个。", seat=Access(sorted(gone)[0]).label)


def _at(staff: Staff, post: Post, template: str, **facts: object) -> DoudiError:
    """The refusal at the line of the post, or of its office, where the file has one."""
    facts |= {"post": post.code}
    for lines in (staff.lines.get(("posts", post.code)), staff.lines.get(("offices", post.office_id))):
        if lines:
            return lines[0].wrong(template, **facts)
    return LoadError(template, **facts)


def _require_same_people(staff: Staff) -> None:
    """A login name that is somebody's already is not given to somebody of another name."""
    known = dict(
        Person.objects.filter(username__in={one.username for one in staff.members}).values_list("username", "name")
    )
    for member in staff.members:
        if (name := known.get(member.username, member.name)) != member.name:
            raise staff.lines["people", member.username][0].wrong(
                "登录名 {username} 已是{known}的账号，这里写的是{name}。是另一个人请换登录名；是同一人改名请由管理员核实。",
                username=member.username,
                known=name,
                name=member.name,
            )


def _backstops(staff: Staff, by: Actor) -> int:
    root = areas().root
    standing = dict(Backstop.objects.filter(until__isnull=True).values_list("area_id", "post_id"))
    rows = [
        NewBackstop(area=code, post=post, since=since)
        for area, post, since in staff.backstops
        if (code := root if area == "*" else area) is not None
    ]
    return set_backstops([row for row in rows if standing.get(row.area) != row.post], by=by)


def _members(members: Iterable[NewMember], by: Actor) -> tuple[int, int]:
    people = {person.username: person for person in Person.objects.all()}
    held = set(Appointment.objects.filter(until__isnull=True).values_list("person__username", "post_id"))
    new, rows = 0, []
    for member in members:
        if member.username not in people:
            people[member.username] = add_person(member.username, member.name, phone=member.phone, by=by)
            new += 1
        if (member.username, member.post) not in held:
            held.add((member.username, member.post))
            rows.append(
                Appointment(
                    person=people[member.username], post_id=member.post, acting=member.acting, since=member.since
                )
            )
    appoint(rows, by=by)
    return new, len(rows)


@in_one_transaction
def load_units(path: Path) -> Iterator[str]:
    """Places from CSV or XLSX. A place with the same code, or the same name, type, address and area, is there already."""
    yield from map(say, remarks_on(path, [unit_files.COLUMNS]))
    yield from take_in_units(read_units(path, clock.today()))


def take_in_units(rows: Iterable[tuple[Line, NewUnit]], by: Actor = SYSTEM) -> Iterator[str]:
    """These places, each with its line. Raises TableError; then the caller's transaction is to go back."""
    types = rulebook_on().unit_types
    offices = set(Office.objects.values_list("code", flat=True))
    places_known = set(areas().areas)
    standing = Unit.objects.filter(until__isnull=True)
    codes = set(standing.values_list("code", flat=True))
    ended = set(Unit.objects.filter(until__isnull=False).values_list("code", flat=True))
    found = standing.values_list("name", "type", "address", "area_id", "code")
    places = {(name, sort, address, area): code for name, sort, address, area, code in found}
    fresh: list[NewUnit] = []
    known: dict[str, NewUnit] = {}
    repeated = 0
    for line, unit in rows:
        if unit.type not in types:
            raise line.wrong("规则手册里没有单元类型“{type}”，请改用已有的类型。", type=unit.type)
        for office in (unit.supervisor, unit.owner, unit.maintainer):
            if office is not None and office not in offices:
                raise line.wrong("单位 {office} 没有登记，请先载入单位。", office=office)
        if unit.area not in places_known:
            raise line.wrong("网格 {area} 不在区域目录里，或已经撤销。请先载入区域。", area=unit.area)
        if unit.code in ended:
            raise line.wrong("编码 {code} 的场所已经注销，编码不再使用。请删去编码，当作新场所。", code=unit.code)
        place = (unit.name, unit.type, unit.address, unit.area)
        if code := unit.code if unit.code in codes else places.get(place, ""):
            if known.get(code, unit) != unit:
                raise line.wrong("场所 {code} 写了两次，内容不同。请只留一行。", code=code)
            known[code] = unit
            continue
        if place in places:
            repeated += 1
            continue
        places[place] = ""
        fresh.append(unit)
    mint_units(fresh, by=by)
    saved = change_units(known, by=by)
    yield _("场所：新增 {new} 个，已有 {known} 个未改动。").format(new=len(fresh), known=saved.same + repeated)
    yield from _changes(saved)
    if fresh:
        yield _("接下来：在网页的“场所”里打印码牌，张贴时由网格员现场扫码登记。")


@in_one_transaction
def load_names(path: Path) -> Iterator[str]:
    """Names of places from CSV or XLSX: old names, roads, landmarks, towns near by; a line with a last day ends its name."""
    yield from map(say, remarks_on(path, [name_files.COLUMNS]))
    units = set(Unit.objects.filter(until__isnull=True).values_list("code", flat=True))
    places_known = set(areas().areas)
    rows = read_names(path, clock.today())
    for row in rows:
        if row.name.unit is not None and row.name.unit not in units:
            raise row.line.wrong("编码 {code} 不是在用的场所。", code=row.name.unit)
        if row.name.area is not None and row.name.area not in places_known:
            raise row.line.wrong("网格 {area} 不在区域目录里，或已经撤销。请先载入区域。", area=row.name.area)
    made = name_places(SYSTEM, [row.name for row in rows if not row.ended])
    ended = end_names(SYSTEM, [row.name for row in rows if row.ended])
    known = sum(not row.ended for row in rows) - len(made)
    yield _("地名：新增 {new} 个，已有 {known} 个，停用 {ended} 个。").format(new=len(made), known=known, ended=ended)


@in_one_transaction
def load_systems(path: Path) -> Iterator[str]:
    """The systems above from CSV or XLSX: what each knows, until when and how often it may be asked, and who signs."""
    yield from map(say, remarks_on(path, [system_files.COLUMNS]))
    rows = read_systems(path)
    changed = describe(SYSTEM, rows)
    yield _("上级系统：{n} 个，其中 {changed} 个新登记或有改动。").format(n=len(rows), changed=changed)
