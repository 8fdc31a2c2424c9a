"""A month's roster as it hangs on the wall: days across, a post a row, one or two names a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext as _

from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.people.access import Access
from doudi.web.people.models import Person, Post
from doudi.web.people.queries import active_posts
from doudi.web.resources.models import Roster
from doudi.web.setup.sheets.planned import Asking, Change, Fault, People, Planned, cell, likely, several
from doudi.web.tables.reading import Row, opened

_DAY = re.compile(
    r"(?:(?:\d{4}[-./年])?(\d{1,2})[-./月])?(\d{1,2})(?:日|号)?(?:00:00:00)?"
    r"(?:[(（].*[)）])?(?:[周星期]+[一二三四五六日天])?"
)
_WEEKDAY = re.compile(r"(周|星期|礼拜)?[一二三四五六日天]|节|假|休")
HOURS = ("08:30-08:30", "08:00-08:00", "09:00-09:00", "08:30-17:30", "17:30-08:30")
_MONTHS_OFFERED = 3
_LEADER = "带班领导"


def plan_roster(path: Path, answers: Mapping[str, str]) -> Planned:
    """The shifts of the month. Whose row it is, the month and the hours are asked, since the grid does not say them."""
    plan = Planned()
    asking = Asking(plan, answers)
    people = People(asking)
    month = asking.ask("month", _("这是哪个月的值班表？"), _months(), _months()[0][0])
    hours = asking.ask(
        "hours", _("每班从几点到几点？（到第二天的写第二天的时间）"), [(one, one) for one in HOURS], HOURS[0]
    )
    posts = list(active_posts().order_by("office__name", "name", "code"))
    with opened(path, _meaning) as table:
        days = {header: found for header in table.headers if (found := _day(header)) is not None}
        if len(days) < 2:
            plan.faults.append(Fault(1, msg("没有看到日期：值班表的表头应写 1、2、3……日。")))
        for row in table.rows:
            label = next((said for one in table.headers if one not in days and (said := cell(row, one))), "")
            filled = {header: text for header in days if (text := cell(row, header))}
            if row.fault is not None:
                plan.faults.append(Fault(row.line, row.fault))
            elif filled and not all(_WEEKDAY.fullmatch(text) for text in filled.values()):
                _row(
                    plan,
                    asking,
                    people,
                    posts,
                    row,
                    label,
                    {days[one]: text for one, text in filled.items()},
                    month,
                    hours,
                )
        plan.remarks += table.remarks
    return plan


def _row(
    plan: Planned,
    asking: Asking,
    people: People,
    posts: list[Post],
    row: Row,
    label: str,
    filled: Mapping[tuple[int | None, int], str],
    month: str | None,
    hours: str | None,
) -> None:
    offered = [(post.code, f"{post.office.name} · {post.name}") for post in posts]
    leading = [post.code for post in posts if post.access == Access.SHIFT_LEADER]
    proposed = leading[0] if label == _LEADER and leading else likely(label, [(post.code, post.name) for post in posts])
    said = _("“{label}”这一行是哪个岗位？").format(label=label or _("第 {n} 行").format(n=row.line))
    code = asking.ask(f"post:{label}", said, offered, proposed)
    post = next((one for one in posts if one.code == code), None)
    for (its_month, number), text in filled.items():
        found = [people.find(name) for name in several(text)]
        if post is None or month is None or hours is None:
            continue
        day = _date(month, number)
        if day is None or its_month not in (None, day.month):
            plan.faults.append(Fault(row.line, msg("{month} 没有这一天：{day}。", month=month, day=number)))
            continue
        for person in found:
            if isinstance(person, Person):
                _shift(plan, row.line, post, person, _span(day, hours))


def _shift(plan: Planned, line: int, post: Post, person: Person, span: tuple[datetime, datetime]) -> None:
    starts_at, ends_at = span
    told = f"{clock.day_of(starts_at).isoformat()} {post.name}"
    if (
        ends_at <= clock.now()
        or Roster.objects.filter(post=post, person=person, starts_at=starts_at, ends_at=ends_at).exists()
    ):
        plan.known += 1
    elif not person.phone:
        plan.faults.append(
            Fault(line, msg("{name}的账号里没有电话，排了班也找不到人：请先写上电话。", name=person.name))
        )
    else:
        values = {"post": post.code, "person": str(person.pk), "name": person.name, "phone": person.phone}
        moments = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
        plan.changes.append(Change(line, "shift", person.name, told, values | moments))


def _meaning(header: str) -> str | None:
    return header if _day(header) is not None else None


def _day(header: str) -> tuple[int | None, int] | None:
    """Month, where it is written, and day of a header."""
    found = _DAY.fullmatch(header.strip())
    if found is None or not 1 <= int(found[2]) <= 31:
        return None
    return int(found[1]) if found[1] else None, int(found[2])


def _date(month: str, number: int) -> date | None:
    try:
        return date.fromisoformat(f"{month}-{number:02d}")
    except ValueError:
        return None


def _months() -> list[tuple[str, str]]:
    first = clock.today().replace(day=1)
    found = []
    for _n in range(_MONTHS_OFFERED):
        found.append((first.isoformat()[:7], first.isoformat()[:7]))
        first = (first + timedelta(days=32)).replace(day=1)
    return found


def _span(day: date, hours: str) -> tuple[datetime, datetime]:
    starts, ends = (time.fromisoformat(one) for one in hours.split("-"))
    until = day if ends > starts else day + timedelta(days=1)
    zone = clock.TOWN_ZONE
    return datetime.combine(day, starts, tzinfo=zone), datetime.combine(until, ends, tzinfo=zone)
