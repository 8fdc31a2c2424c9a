"""One way to say how much time is left: lists, matter, report and receipt agree, and nothing shouts that stands still."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Matter, MatterClock
from doudi.web.notices.models import Notice
from doudi.web.reports.models import Report, ReportClock
from doudi.web.timers.due_moments import due_notices
from tests.web.desk.conftest import Visitor, dispatched, handled
from tests.web.town import TUESDAY, actor

pytestmark = pytest.mark.only("sqlite", "words alone")

Sit = Callable[[Any], Visitor]


def said(page: str) -> list[str]:
    return re.findall(r'class="due due-\w+"[^>]*>.*?<b>(.*?)</b>', page)


def suspended(town: SimpleNamespace, matter: Matter, days: int) -> None:
    officer = actor(town.people.east_officer)
    asked = matters.apply(
        officer, matter, "suspend", reason="等春季统一施工", proposed_until=clock.now() + timedelta(days=days)
    )
    matters.answer(actor(town.people.shift), matter, Application.objects.get(pk=asked.pk), True)


def test_what_is_left_never_exceeds_the_term_and_is_the_same_in_list_and_matter(
    town: SimpleNamespace, sit: Sit
) -> None:
    matter = dispatched(town)
    matters.take(actor(town.people.east_officer), matter)
    matter.refresh_from_db()
    desk = sit(town.people.desk)
    inside = said(desk.read(f"/matters/{matter.number}"))[0]
    assert inside.startswith("还剩") and "工作" in inside
    assert said(desk.read("/desk"))[0] == inside
    assert said(sit(town.people.east_officer).read("/work"))[0] == inside
    assert "还剩 2 个工作日" not in desk.read(f"/reports/{matter.demands.get().report.number}")


def test_a_suspended_matter_is_not_called_late_while_it_stands_still_and_late_again_afterwards(
    town: SimpleNamespace, sit: Sit
) -> None:
    matter = dispatched(town)
    matters.take(actor(town.people.east_officer), matter)
    late = TUESDAY + timedelta(days=10)
    with clock.at(late):
        suspended(town, matter, 20)
        desk = sit(town.people.desk)
        assert matter.number not in desk.read("/desk?tab=late")
        page = desk.read("/desk")
        assert "计时暂停到" in page and "已超期" not in page
        assert "已超期" not in said(desk.read(f"/matters/{matter.number}"))[0]
    assert MatterClock.objects.filter(which="handle", ended_at=None, due_at__lt=late).exists(), "what was late stays so"
    with clock.at(late + timedelta(days=21)):
        assert matter.number in sit(town.people.desk).read("/desk?tab=late")


def test_work_that_waits_for_its_check_shouts_nothing(town: SimpleNamespace, sit: Sit) -> None:
    matter = handled(town)
    with clock.at(TUESDAY + timedelta(days=30)):
        page = sit(town.people.desk).read(f"/matters/{matter.number}")
        assert "等待核查" in page
        due_notices()
    named = [str(one.facts["which"]) for one in Notice.objects.filter(kind="overdue")]
    assert named and not [one for one in named if "处置" in one], "the check is late, the work is not"


def test_lists_of_reports_say_until_when(town: SimpleNamespace, sit: Sit) -> None:
    dispatched(town)
    desk = sit(town.people.desk)
    report = Report.objects.get()
    assert said(desk.read("/reports?tab=all")) != []
    [row] = csv.DictReader(io.StringIO(desk.read("/reports.csv?tab=all")))
    answer = ReportClock.objects.get(report=report, which="reply")
    assert answer.due_at is not None and row["最晚答复"].startswith(
        f"{answer.due_at.astimezone(clock.TOWN_ZONE):%Y-%m-%d %H:%M}"
    )
    assert said(desk.read("/reports?tab=all"))[0] in said(desk.read(f"/reports/{report.number}"))
