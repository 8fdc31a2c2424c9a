"""Offices, posts and people as a town hands them over: one YAML file with all of it, or a table for each.

A YAML file has the lists ``offices``, ``posts`` and ``people``, each with the columns named below. A CSV or XLSX table
is told by its columns: with ``office`` it is of posts, with ``username`` of people, else of offices.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import yaml

from doudi.web.people.access import Access
from doudi.web.people.models import Office
from doudi.web.people.services import NewOffice, NewPost
from doudi.web.tables.named import Columns, Line, TableError, headers_in, headers_of, plain_header, read_lines

OFFICES: Columns = {
    "code": ("代码", "单位代码", "单位编码"),
    "name": ("名称", "单位名称"),
    "relation": ("关系", "与镇的关系"),
    "phone": ("电话", "联系电话"),
    "powers": ("职权", "依法有权做什么"),
    "since": ("启用日期", "起始日期"),
}
POSTS: Columns = {
    "code": ("代码", "岗位代码", "岗位编码"),
    "office": ("单位", "单位代码", "所属单位"),
    "name": ("名称", "岗位名称"),
    "role": ("角色", "规则里的岗位"),
    "access": ("权限", "席位"),
    "areas": ("区域", "服务区域"),
    "may_hold": ("可承办", "能承办"),
    "heads_office": ("主管", "单位负责人"),
    "silence_counts": ("默认接单", "到期视为接单"),
    "backstop_for": ("兜底区域", "兜底"),
    "since": ("启用日期", "起始日期"),
}
PEOPLE: Columns = {
    "username": ("登录名", "账号"),
    "name": ("姓名",),
    "phone": ("电话", "手机", "联系电话", "手机号"),
    "post": ("岗位", "岗位代码"),
    "acting": ("代理",),
    "since": ("任岗日期", "启用日期", "起始日期"),
}
_RELATIONS = {
    **{one: one for one in Office.Relation.values},
    **{str(label): value for value, label in Office.Relation.choices},
}
_SEATS = {**{one: one for one in Access.values}, **{str(label): value for value, label in Access.choices}}


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person on a post, with an account that has no password yet."""

    username: str
    name: str
    phone: str
    post: str
    acting: bool
    since: date


@dataclass(frozen=True, slots=True)
class Staff:
    """What a file says. ``backstops``: (area code, post code, since); the area ``*`` is the whole town.

    ``lines``: where each stands, by sort and code or login name.
    """

    offices: list[NewOffice] = field(default_factory=list)
    posts: list[NewPost] = field(default_factory=list)
    members: list[NewMember] = field(default_factory=list)
    backstops: list[tuple[str, str, date]] = field(default_factory=list)
    lines: dict[tuple[str, str], list[Line]] = field(default_factory=lambda: defaultdict(list))


def read_staff(path: Path, since: date) -> Staff:
    """All that the file says; ``since`` stands where it names no day. Raises TableError with file and line."""
    return staff_of(_lines(path), since)


def staff_of(lines: Iterable[tuple[str, Line]], since: date) -> Staff:
    """The same of lines that come from elsewhere, each with its sort: offices, posts or people."""
    staff = Staff()
    for sort, line in lines:
        match sort:
            case "offices":
                staff.offices.append(_office(line, since))
                _once(staff, sort, staff.offices[-1].code, line)
            case "posts":
                post = _post(line, since)
                staff.posts.append(post)
                _once(staff, sort, post.code, line)
                staff.backstops.extend((area, post.code, post.since) for area in line.several("backstop_for"))
            case "people":
                staff.members.append(_member(line, since))
                _require_one_person(staff, line)
    return staff


def _once(staff: Staff, sort: str, code: str, line: Line) -> None:
    if before := staff.lines[sort, code]:
        raise line.wrong("代码 {code} 写了两次，第 {other} 行也是它。", code=code, other=before[0].number)
    before.append(line)


def _require_one_person(staff: Staff, line: Line) -> None:
    """One login name is one person, on however many posts: a namesake needs a name of their own to sign in with."""
    member = staff.members[-1]
    before = staff.lines["people", member.username]
    for other, its_line in zip((one for one in staff.members if one.username == member.username), before, strict=False):
        if other.name != member.name:
            raise line.wrong(
                "登录名 {username} 在第 {other} 行是{one}，这一行是{two}。是两个人请改一个登录名，是同一人请统一姓名。",
                username=member.username,
                other=its_line.number,
                one=other.name,
                two=member.name,
            )
        if other.phone and member.phone and other.phone != member.phone:
            raise line.wrong(
                "登录名 {username} 在第 {other} 行的电话不同，请核对后统一。",
                username=member.username,
                other=its_line.number,
            )
    before.append(line)


def _office(line: Line, since: date) -> NewOffice:
    relation = _one_of(line, "relation", _RELATIONS)
    return NewOffice(
        line.need("code"),
        line.need("name"),
        relation,
        line.day("since") or since,
        line.get("phone"),
        line.get("powers"),
        line.given,
    )


def _post(line: Line, since: date) -> NewPost:
    code = line.need("code")
    return NewPost(
        code=code,
        office=line.need("office"),
        name=line.need("name"),
        role=line.get("role") or code,
        since=line.day("since") or since,
        access=_one_of(line, "access", _SEATS) if line.get("access") else Access.NONE,
        areas=line.several("areas"),
        may_hold=line.flag("may_hold"),
        heads_office=line.flag("heads_office"),
        silence_counts=line.flag("silence_counts"),
        given=line.given,
    )


def _member(line: Line, since: date) -> NewMember:
    return NewMember(
        line.need("username"),
        line.need("name"),
        line.get("phone"),
        line.need("post"),
        line.flag("acting"),
        line.day("since") or since,
    )


def _one_of(line: Line, column: str, known: Mapping[str, str]) -> str:
    text = line.need(column)
    if text not in known:
        raise line.wrong(
            "“{column}”不认识“{text}”。可以写：{known}。", column=column, text=text, known="、".join(known)
        )
    return known[text]


def _lines(path: Path) -> Iterator[tuple[str, Line]]:
    if path.suffix.lower() in (".yaml", ".yml"):
        yield from _of_document(path)
        return
    sorts = (
        ("posts", POSTS, "office", ("code", "office", "name")),
        ("people", PEOPLE, "username", ("username", "name", "post")),
        ("offices", OFFICES, "code", ("code", "name", "relation")),
    )
    headers = headers_in(path, [columns for _, columns, _, _ in sorts])
    named = [headers_of(headers, columns) for _, columns, _, _ in sorts]
    # Whose headers are all known and all there; else whose mark is there, so that what is wrong can be said.
    whole = [None not in names and set(needed) <= set(names) for names, (*_, needed) in zip(named, sorts, strict=True)]
    marked = [mark in names for names, (_, _, mark, _) in zip(named, sorts, strict=True)]
    for fits in (whole, marked):
        for fit, (sort, columns, _, needed) in zip(fits, sorts, strict=True):
            if fit:
                yield from ((sort, line) for line in read_lines(path, columns, needed=needed))
                return
    raise TableError("{file} 看不出是单位、岗位还是人员表：请写上表头 code、name、relation 等。", file=path.name)


def _of_document(path: Path) -> Iterator[tuple[str, Line]]:
    try:
        document = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except OSError as error:
        raise TableError("打不开 {file}：{why}。", file=path, why=error.strerror) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise TableError("{file} 不是能读懂的 YAML：{why}", file=path.name, why=error) from error
    if not isinstance(document, yaml.MappingNode):
        raise TableError("{file} 应写 offices、posts、people 三个列表。", file=path.name)
    for key, rows in document.value:
        columns = {"offices": OFFICES, "posts": POSTS, "people": PEOPLE}.get(key.value)
        if columns is None or not isinstance(rows, yaml.SequenceNode):
            raise Line(path.name, key.start_mark.line + 1, {}).wrong("只认 offices、posts、people 三个列表。")
        for node in rows.value:
            yield key.value, _line_of(path.name, node, columns)


def _line_of(file: str, node: yaml.Node, columns: Columns) -> Line:
    """A mapping of the document, with the line on which it stands."""
    number = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise Line(file, number, {}).wrong("应写成 {{code: …, name: …}}。")
    known = {plain_header(one): name for name, others in columns.items() for one in (name, *others)}
    cells: dict[str, str] = {}
    for key, value in node.value:
        if plain_header(key.value) not in known:
            raise Line(file, key.start_mark.line + 1, {}).wrong("不认识“{key}”。", key=key.value)
        cells[known[plain_header(key.value)]] = (
            " ".join(_texts(value)) if isinstance(value, yaml.SequenceNode) else str(value.value).strip()
        )
    return Line(file, number, cells, frozenset(cells))


def _texts(node: yaml.SequenceNode) -> Iterable[str]:
    one: yaml.ScalarNode
    for one in node.value:
        yield str(one.value).strip()
