"""The town's list of telephones: offices over several rows, posts, names, and one number for several people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from doudi.engine.messages import msg
from doudi.engine.places.initials import initials, spellings
from doudi.web.people.access import Access
from doudi.web.people.models import Office, Person, Post
from doudi.web.people.queries import active_posts
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.setup.sheets.planned import Asking, Change, Fault, People, Planned, fits, lines, read, several
from doudi.web.setup.wording import RELATIONS
from doudi.web.tables.named import Columns

COLUMNS: Columns = {
    "office": ("单位", "部门", "科室", "单位名称", "所属单位", "单位部门", "部门名称"),
    "post": ("岗位", "职务", "岗位名称", "职务岗位", "职务/岗位"),
    "name": ("姓名", "人员", "联系人"),
    "phone": ("手机", "电话", "联系电话", "手机号", "手机号码", "联系方式", "移动电话"),
}
_LONGEST, _LONGEST_PHONE = 60, 30
_ROOM = (("post", _LONGEST), ("phone", _LONGEST_PHONE))
#: a post that is none of those in the rulebook
_NO_ROLE = "-"
_HOLDS = (Office.Relation.OWN, Office.Relation.DISPATCHED)
#: endings of names that tell what sort of office it is, as a proposal
_ENDINGS = (
    (("村委会", "居委会", "村民委员会", "居民委员会", "村", "居"), Office.Relation.COMMITTEE),
    (("公司",), Office.Relation.CONTRACTOR),
    (("派出所", "司法所", "市场监管所", "市场监督管理所", "房管所", "中队"), Office.Relation.DISPATCHED),
)


@dataclass(frozen=True, slots=True)
class _Brought:
    """Somebody of the sheet so far: the first line, the office there, the account, and the telephone."""

    line: int
    office: str
    username: str
    phone: str


@dataclass(slots=True)
class _Town:
    """What stands, and what the sheet has brought so far."""

    offices: dict[str, tuple[str, str]]
    posts: dict[str, list[tuple[str, str]]]
    taken: set[str]
    codes: set[str]
    #: those of the whole town that nobody bears yet, by code; and the names of those that are set up area by area
    roles: dict[str, str]
    by_area: frozenset[str]
    new: dict[str, list[_Brought]] = field(default_factory=dict)
    seated: set[tuple[str, str]] = field(default_factory=set)


def plan_contacts(path: Path, answers: Mapping[str, str]) -> Planned:
    """Offices, posts, accounts, who sits where, and telephones. Two of one name are asked about."""
    plan = Planned()
    asking = Asking(plan, answers)
    people, town = People(asking), _standing()
    with read(path, COLUMNS, plan, asking) as (table, heads):
        if not {"office", "name"} <= heads.keys():
            plan.faults.append(Fault(1, msg("通讯录要有单位和姓名两列。")))
            return plan
        office = ""
        for line, get in lines(table, heads, plan):
            office = get("office") or office
            if not office or not get("name"):
                continue
            names = [(heads["name"], one, _LONGEST) for one in several(get("name"))]
            its = [(heads[one], get(one), most) for one, most in _ROOM if one in heads]
            if fits(plan, line, (heads["office"], office, _LONGEST), *its, *names):
                _line(plan, asking, people, town, line, office, get("post"), get("name"), get("phone"))
    return plan


def _standing() -> _Town:
    seated, roles = set(active_posts().values_list("role", flat=True)), rulebook_on().version.documents["roles"]
    posts: dict[str, list[tuple[str, str]]] = {}
    for code, name, office in active_posts().values_list("code", "name", "office_id"):
        posts.setdefault(office, []).append((code, name))
    return _Town(
        {one.name: (one.code, one.relation) for one in Office.objects.filter(until=None)},
        posts,
        set(Person.objects.values_list("username", flat=True)),
        set(Office.objects.values_list("code", flat=True)) | set(Post.objects.values_list("code", flat=True)),
        {row["role"]: row["name"] for row in roles if row.get("level") == "town" and row["role"] not in seated},
        frozenset(row["name"] for row in roles if row.get("level") != "town"),
    )


def _line(
    plan: Planned,
    asking: Asking,
    people: People,
    town: _Town,
    line: int,
    office: str,
    post: str,
    names: str,
    phone: str,
) -> None:
    where = _office(plan, asking, town, line, office)
    seat = _post(plan, asking, town, line, (office, *where), post) if where and post else ""
    for name in several(names):
        username = _person(plan, asking, people, town, line, office, name, phone)
        if username and seat and (username, seat) not in town.seated:
            town.seated.add((username, seat))
            plan.changes.append(Change(line, "seat", name, post, {"username": username, "post": seat}))


def _office(plan: Planned, asking: Asking, town: _Town, line: int, name: str) -> tuple[str, str] | None:
    if name in town.offices:
        return town.offices[name]
    choices = [(value, str(label)) for value, label in RELATIONS.items()]
    proposed = next((sort for ends, sort in _ENDINGS if name.endswith(ends)), Office.Relation.OWN)
    relation = asking.ask(f"office:{name}", _("新单位“{name}”与镇的关系：").format(name=name), choices, proposed)
    if relation is None:
        return None
    code = _free(town, "".join(initials(name)[:1]) or "office", "-")
    town.offices[name] = (code, relation)
    values = {"code": code, "name": name, "relation": relation}
    plan.changes.append(Change(line, "office", name, str(RELATIONS[relation]), values))
    return code, relation


def _post(plan: Planned, asking: Asking, town: _Town, line: int, office: tuple[str, str, str], name: str) -> str:
    """The code of the post; empty where it is asked which it is in the rulebook."""
    office_name, code, relation = office
    standing = town.posts.setdefault(code, [])
    if found := next((one for one, known in standing if known == name or known.endswith(f"·{name}")), ""):
        return found
    role = _role(plan, asking, town, office_name, name)
    if role is None:
        return ""
    role_name = town.roles.pop(role, "")
    made = _free(town, role or f"{code}.{''.join(initials(name)[:1]) or 'post'}", ".")
    standing.append((made, name))
    holds = bool(role) and relation in _HOLDS
    access = Access.OFFICER if holds else Access.NONE
    values = {"code": made, "office": code, "name": name, "role": role or made, "access": access, "may_hold": holds}
    told = _("规则里的{name}").format(name=role_name) if role_name else _("规则没有提到")
    plan.changes.append(Change(line, "post", name, f"{Access(access).label} · {told}", values))
    return made


def _role(plan: Planned, asking: Asking, town: _Town, office: str, name: str) -> str | None:
    """The role of the rulebook that a new post takes by its name and its office's; empty: none; None: it is asked.

    One that is set up area by area is never taken: a list of telephones does not say for which area.
    """
    meant = {name, f"{office}·{name}"}
    same = [role for role, known in town.roles.items() if known in meant]
    if len(same) == 1:
        return same[0]
    alike = [(role, known) for role, known in town.roles.items() if known in meant or known.endswith(f"·{name}")]
    if alike:
        said = _("“{office}·{post}”是规则里的哪个岗位？").format(office=office, post=name)
        answer = asking.ask(f"role:{office}/{name}", said, [*alike, (_NO_ROLE, _("都不是"))])
        return "" if answer == _NO_ROLE else answer
    if any(known in meant or known.endswith(f"·{name}") for known in town.by_area):
        remark = msg(
            "“{office}·{post}”在规则里按片设岗，先不对应：请载入后在岗位页选规则岗位和区域。", office=office, post=name
        )
        plan.remarks.append(remark)
    return ""


def _person(
    plan: Planned, asking: Asking, people: People, town: _Town, line: int, office: str, name: str, phone: str
) -> str:
    """The login name of whoever is meant; empty where it is asked."""
    brought = town.new.setdefault(name, [])
    here = [one for one in brought if one.office == office]
    same = [one for one in here if one.phone == phone] or [one for one in here if not (phone and one.phone)]
    if len({one.username for one in same}) == 1:
        return _again(plan, people, town, line, office, name, same[0], phone)
    found = people.named.get(name, [])
    of_office = [one for one in found if any(seat.post.office.name == office for seat in people.seats.get(one.pk, ()))]
    person: Person | None = of_office[0] if len(of_office) == 1 and not here else None
    if person is None and (found or brought):
        earlier = {one.username: one for one in reversed(brought)}
        choices = [
            ("new", _("另一个人，新开账号")),
            *((one.username, people.told(one)) for one in found if one.username not in earlier),
            *((username, _("与第 {n} 行是同一人").format(n=one.line)) for username, one in earlier.items()),
        ]
        said = _("第 {n} 行“{office}”的“{name}”是谁？").format(n=line, office=office, name=name)
        answer = asking.ask(f"who:{office}/{name}" + (f"/{phone or '-'}" if here else ""), said, choices)
        if answer is None:
            return ""
        if known := earlier.get(answer):
            return _again(plan, people, town, line, office, name, known, phone)
        person = next((one for one in found if one.username == answer), None)
    if person is not None:
        brought.append(_Brought(line, office, person.username, phone))
        town.seated.update((person.username, seat.post_id) for seat in people.seats.get(person.pk, ()))
        if phone and phone != person.phone:
            plan.changes.append(_phone(line, person, phone))
        else:
            plan.known += 1
        return person.username
    username = _login(town, name)
    brought.append(_Brought(line, office, username, phone))
    plan.changes.append(_account(line, username, name, phone))
    return username


def _again(
    plan: Planned, people: People, town: _Town, line: int, office: str, name: str, known: _Brought, phone: str
) -> str:
    """Somebody of an earlier line once more, perhaps with the telephone that was missing there. One has one telephone."""
    brought = town.new[name]
    phones = {one.phone for one in brought if one.username == known.username and one.phone}
    brought.append(_Brought(known.line, office, known.username, phone))
    if phone and not phones:
        person = next((one for one in people.named.get(name, ()) if one.username == known.username), None)
        if person is None:
            made = next(
                n for n, one in enumerate(plan.changes) if one.values == _account(0, known.username, name, "").values
            )
            plan.changes[made] = _account(plan.changes[made].line, known.username, name, phone)
        elif phone != person.phone:
            plan.changes.append(_phone(line, person, phone))
    elif phone and phone not in phones:
        told = msg("第 {line} 行{name}的另一个电话 {phone} 没有载入。", line=line, name=name, phone=phone)
        plan.remarks.append(told)
    return known.username


def _phone(line: int, person: Person, phone: str) -> Change:
    told = f"{person.phone or '—'} → {phone}"
    return Change(line, "phone", person.name, told, {"username": person.username, "phone": phone})


def _account(line: int, username: str, name: str, phone: str) -> Change:
    values = {"username": username, "name": name, "phone": phone}
    return Change(line, "person", name, f"{username} {phone}".strip(), values)


def _login(town: _Town, name: str) -> str:
    base = "".join(sign for sign in "".join(spellings(name)[:1]) if sign.isascii() and sign.isalnum())[:40]
    base = base if len(base) > 1 and base[0].isalpha() else f"u{base}1"
    username = next(one for n in range(1, 100_000) if (one := base if n == 1 else f"{base}{n}") not in town.taken)
    town.taken.add(username)
    return username


def _free(town: _Town, base: str, sign: str) -> str:
    base = base[:36]
    code = next(one for n in range(1, 100_000) if (one := base if n == 1 else f"{base}{sign}{n}") not in town.codes)
    town.codes.add(code)
    return code
