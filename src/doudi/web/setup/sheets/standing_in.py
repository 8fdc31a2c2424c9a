"""Who stands in for whom: AB角 for always, leave for some days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.people.models import Appointment, Person
from doudi.web.setup.sheets.planned import Asking, Change, Fault, People, Planned, lines, read
from doudi.web.tables.moments import MomentError, read_moment
from doudi.web.tables.named import Columns

COLUMNS: Columns = {
    "post": ("岗位", "岗位名称"),
    "who": ("A角", "A岗", "姓名", "请假人", "请假人员"),
    "for_them": ("B角", "B岗", "代岗人", "顶岗人", "代理人", "替班"),
    "since": ("开始", "起始日期", "请假起", "开始日期", "自"),
    "until": ("结束", "截止日期", "请假止", "结束日期", "至"),
}


def plan_standing_in(path: Path, answers: Mapping[str, str]) -> Planned:
    """Acting appointments at the posts of whoever is away, for the days named, else until somebody ends them."""
    plan = Planned()
    asking = Asking(plan, answers)
    people = People(asking)
    with read(path, COLUMNS, plan, asking) as (table, heads):
        if not {"who", "for_them"} <= heads.keys():
            plan.faults.append(Fault(1, msg("要有两列：A角（或请假人）和 B角（或代岗人）。")))
            return plan
        for line, get in lines(table, heads, plan):
            who, other = (people.find(get(name)) if get(name) else None for name in ("who", "for_them"))
            if not (isinstance(who, Person) and isinstance(other, Person)):
                continue
            since, until = _day(plan, line, get("since")), _day(plan, line, get("until"))
            seats = [seat.post for seat in people.seats.get(who.pk, ()) if not seat.acting]
            if post_name := get("post"):
                seats = [one for one in seats if one.name == post_name]
                if not seats:
                    why = msg("{name}今天不在“{post}”岗位上，没有可代的岗。", name=who.name, post=post_name)
                    plan.faults.append(Fault(line, why))
            elif not seats:
                plan.faults.append(Fault(line, msg("{name}今天不在任何岗位上，没有可代的岗。", name=who.name)))
            first = max(since or clock.today(), clock.today())
            end = until + timedelta(days=1) if until else None
            if end is not None and end <= first:
                plan.faults.append(Fault(line, msg("这段请假已经过去，或起止写反了。")))
                continue
            for post in seats:
                standing = Appointment.objects.filter(person=other, post=post).exclude(until__lte=first)
                if standing.exists():
                    plan.known += 1
                    continue
                days = first.isoformat() + (f" – {until.isoformat()}" if until else " –")
                values = {"person": str(other.pk), "post": post.code, "since": first.isoformat()}
                values |= {"until": end.isoformat() if end else ""}
                plan.changes.append(Change(line, "stand_in", other.name, f"{post.name} {days}", values))
    return plan


def _day(plan: Planned, line: int, text: str) -> date | None:
    if not text:
        return None
    try:
        return clock.day_of(read_moment(text, near=clock.now()))
    except MomentError as error:
        plan.faults.append(Fault(line, msg("{why}", why=msg(error.template, **error.facts))))
        return None
