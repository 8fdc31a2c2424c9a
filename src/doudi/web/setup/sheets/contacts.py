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
from doudi.web.setup.sheets.planned import Asking, Change, Fault, People, Planned, lines, read, several
from doudi.web.setup.wording import RELATIONS
from doudi.web.tables.named import Columns

COLUMNS: Columns = {
    "office": ("单位", "部门", "科室", "单位名称", "所属单位", "单位部门", "部门名称"),
    "post": ("岗位", "职务", "岗位名称", "职务岗位", "职务/岗位"),
    "name": ("姓名", "人员", "联系人"),
    "phone": ("手机", "电话", "联系电话", "手机号", "手机号码", "联系方式", "移动电话"),
}
_LONGEST = 60
_HOLDS = (Office.Relation.OWN, Office.Relation.DISPATCHED)
#: endings of names that tell what sort of office it is, as a proposal
_ENDINGS = (
    (("村委会", "居委会", "村民委员会", "居民委员会", "村", "居"), Office.Relation.COMMITTEE),
    (("公司",), Office.Relation.CONTRACTOR),
    (("派出所", "司法所", "市场监管所", "市场监督管理所", "房管所", "中队"), Office.Relation.DISPATCHED),
)


@dataclass(slots=True)
class _Town:
    """What stands, and what the sheet has brought so far."""

    offices: dict[str, tuple[str, str]]
    posts: dict[str, list[tuple[str, str]]]
    taken: set[str]
    codes: set[str]
    roles: dict[str, str]
    new: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    seated: set[tuple[str, str]] = field(default_factory=set)
    phones: dict[str, str] = field(default_factory=dict)


def plan_contacts(path: Path, answers: Mapping[str, str]) -> Planned:
    """Offices, posts, accounts, who sits where, and telephones. Two of one name are asked about."""
    plan = Planned()
    asking = Asking(plan, answers)
    people, town = People(asking), _standing()
    with read(path, COLUMNS, plan) as (table, heads):
        if not {"office", "name"} <= heads.keys():
            plan.faults.append(Fault(1, msg("通讯录要有单位和姓名两列。")))
            return plan
        office = ""
        for line, get in lines(table, heads, plan):
            office = get("office") or office
            if not office or not get("name"):
                continue
            if len(office) > _LONGEST or len(get("post")) > _LONGEST or len(get("name")) > _LONGEST:
                plan.faults.append(Fault(line, msg("单位、岗位、姓名最多 {most} 个字。", most=_LONGEST)))
                continue
            _line(plan, asking, people, town, line, office, get("post"), get("name"), get("phone"))
    return plan


def _standing() -> _Town:
    seated = set(active_posts().values_list("role", flat=True))
    posts: dict[str, list[tuple[str, str]]] = {}
    for code, name, office in active_posts().values_list("code", "name", "office_id"):
        posts.setdefault(office, []).append((code, name))
    return _Town(
        {one.name: (one.code, one.relation) for one in Office.objects.filter(until=None)},
        posts,
        set(Person.objects.values_list("username", flat=True)),
        set(Office.objects.values_list("code", flat=True)) | set(Post.objects.values_list("code", flat=True)),
        {role: name for role, name in rulebook_on().role_names.items() if role not in seated},
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
    seat = _post(plan, town, line, where, post) if where and post else ""
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


def _post(plan: Planned, town: _Town, line: int, office: tuple[str, str], name: str) -> str:
    code, relation = office
    standing = town.posts.setdefault(code, [])
    if found := next((one for one, known in standing if known == name or known.endswith(f"·{name}")), ""):
        return found
    role = next((one for one, known in town.roles.items() if known == name or known.endswith(f"·{name}")), "")
    made = _free(town, role or f"{code}.{''.join(initials(name)[:1]) or 'post'}", ".")
    town.roles.pop(role, None)
    standing.append((made, name))
    holds = bool(role) and relation in _HOLDS
    access = Access.OFFICER if holds else Access.NONE
    values = {"code": made, "office": code, "name": name, "role": role or made, "access": access, "may_hold": holds}
    plan.changes.append(Change(line, "post", name, str(Access(access).label), values))
    return made


def _person(
    plan: Planned, asking: Asking, people: People, town: _Town, line: int, office: str, name: str, phone: str
) -> str:
    """The login name of whoever is meant; empty where it is asked."""
    brought = town.new.setdefault(name, [])
    here = next((username for _line, its_office, username in brought if its_office == office), "")
    if here:
        return here
    found = people.named.get(name, [])
    of_office = [one for one in found if any(seat.post.office.name == office for seat in people.seats.get(one.pk, ()))]
    person: Person | None = of_office[0] if len(of_office) == 1 else None
    if person is None and (found or brought):
        choices = [
            ("new", _("另一个人，新开账号")),
            *((one.username, people.told(one)) for one in found),
            *((username, _("与第 {n} 行是同一人").format(n=its_line)) for its_line, _office_, username in brought),
        ]
        said = _("第 {n} 行“{office}”的“{name}”是谁？").format(n=line, office=office, name=name)
        answer = asking.ask(f"who:{office}/{name}", said, choices)
        if answer is None:
            return ""
        if answer != "new":
            person = next((one for one in found if one.username == answer), None)
            if person is None:
                brought.append((line, office, answer))
                return answer
    if person is not None:
        brought.append((line, office, person.username))
        town.seated.update((person.username, seat.post_id) for seat in people.seats.get(person.pk, ()))
        if phone and phone != person.phone and town.phones.setdefault(person.username, phone) == phone:
            told = f"{person.phone or '—'} → {phone}"
            plan.changes.append(Change(line, "phone", name, told, {"username": person.username, "phone": phone}))
        else:
            plan.known += 1
        return person.username
    username = _login(town, name)
    brought.append((line, office, username))
    values = {"username": username, "name": name, "phone": phone}
    plan.changes.append(Change(line, "person", name, f"{username} {phone}".strip(), values))
    return username


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
