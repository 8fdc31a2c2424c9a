"""The page on which the desk moves open matters over to what the version in force says of their helpers."""

from __future__ import annotations

from types import SimpleNamespace

from doudi.web.matters.models import Assignment, MatterEvent
from tests.web.desk.conftest import Visitor
from tests.web.matters.test_bonds import next_version, stall


def test_the_desk_sees_what_would_change_and_changes_it_by_one_press(town: SimpleNamespace, sit: Visitor) -> None:
    matter = stall(town)
    next_version("committee.staff:informs")
    desk = sit(town.people.desk)
    page = desk.read("/desk/bonds")
    assert matter.number in page and "东苑居委" in page and "知会" in page and "按第 2 版改" in page
    answer = desk.press("/desk/bonds")
    assert answer.status_code == 302
    told = desk.read("/desk/bonds")
    assert "已改 1 件事项的 1 项协办，其中 1 项不用再等。" in told and "没有要改的协办" in told
    assert Assignment.objects.get(matter=matter, role="support").bond == "informs"
    assert MatterEvent.objects.filter(kind="bonds_adopted").count() == 1
    desk.press("/desk/bonds")
    assert MatterEvent.objects.filter(kind="bonds_adopted").count() == 1, "pressed twice it is done once"


def test_nobody_else_finds_the_page(town: SimpleNamespace, sit: Visitor) -> None:
    stall(town)
    next_version("committee.staff:informs")
    assert sit(town.people.market).get("/desk/bonds").status_code == 404


def test_where_nothing_is_to_be_moved_over_the_page_says_so(town: SimpleNamespace, sit: Visitor) -> None:
    stall(town)
    assert "没有要改的协办" in sit(town.people.desk).read("/desk/bonds")
