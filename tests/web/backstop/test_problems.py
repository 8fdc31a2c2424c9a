"""What stays open past its limit is found, reported upward once a month, and a spot without owner goes its lawful way."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.backstop import services as backstop
from doudi.web.backstop.errors import OwnerError
from doudi.web.backstop.models import ProblemReport
from doudi.web.backstop.problems import problems
from doudi.web.fsck.queries import examine
from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Matter, Task
from doudi.web.people.actor import SYSTEM
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment
from doudi.web.people.services import end_appointment
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Unit
from tests.web.town import EAST_GRID, NO_PHOTO, TUESDAY, actor

DAY = timedelta(days=1)


def whys(hands: SimpleNamespace) -> dict[str, tuple[str, ...]]:
    return {one.matter.number: one.whys for one in problems(hands.desk)}


def test_what_is_unclear_for_thirty_days_is_a_problem(hands: SimpleNamespace, matter: Matter) -> None:
    with clock.at(TUESDAY + 30 * DAY - timedelta(minutes=1)):
        assert whys(hands) == {}
    with clock.at(TUESDAY + 30 * DAY):
        assert whys(hands) == {matter.number: ("unclear",)}
        assert problems(hands.market) == []


def test_what_stands_on_the_books_is_in_the_bank_until_its_day(hands: SimpleNamespace, matter: Matter) -> None:
    until = TUESDAY + 20 * DAY
    asked = matters.apply(hands.grid_east, matter, "suspend", reason="等春季施工", proposed_until=until)
    assert whys(hands) == {}
    matters.answer(hands.shift, matter, asked, True)
    (problem,) = problems(hands.desk)
    assert (problem.whys, problem.until) == (("suspended",), until)
    with clock.at(until):
        assert whys(hands) == {}


def test_a_report_upward_stays_as_it_was_made(hands: SimpleNamespace, matter: Matter) -> None:
    with clock.at(TUESDAY + 40 * DAY):
        with pytest.raises(NotAllowedError):
            backstop.report_problems(hands.desk)
        made = backstop.report_problems(hands.shift, "两处需区级协调")
        assert (made.month, made.edition, [row["number"] for row in made.rows]) == ("2027-01", 1, [matter.number])
        matters.void(hands.desk, Matter.objects.get(), "重复")
        assert backstop.report_problems(hands.shift).edition == 2
    assert [len(one.rows) for one in ProblemReport.objects.order_by("edition")] == [1, 0]
    assert Leaf.objects.filter(body__contains='"kind":"problems_reported"').count() == 2
    assert not Leaf.objects.filter(body__contains="区级协调").exists()


def test_nobodys_manhole_is_filled_only_after_fifteen_days_of_notice(hands: SimpleNamespace, matter: Matter) -> None:
    search = backstop.search_owner(hands.grid_east, matter, "先看守")
    assert whys(hands) == {matter.number: ("ownerless",)}
    with pytest.raises(OwnerError, match="已经在找"):
        backstop.search_owner(hands.grid_east, matter)
    with pytest.raises(OwnerError, match="没有这种结果"):
        backstop.settle_task(hands.grid_east, matter, search, "期满无人认领", "x")
    notice = backstop.settle_task(hands.grid_east, matter, search, "无人认领转公告", "问过六家管线单位")
    assert notice is not None and notice.due_at == TUESDAY + 15 * DAY + timedelta(hours=14)
    with clock.at(TUESDAY + 15 * DAY), pytest.raises(OwnerError, match="公告要满 15 天"):
        backstop.settle_task(hands.grid_east, matter, notice, "期满无人认领", "没人来")
    with pytest.raises(MatterStepError, match="还有 1 项任务"):
        matters.handle(hands.grid_east, matter, "填了，无法拍照", lacking=NO_PHOTO)
    with clock.at(notice.due_at):
        by_law = backstop.settle_task(hands.grid_east, matter, notice, "期满无人认领", "没人来")
    assert by_law is not None and by_law.module == "dispose_by_law"
    assert backstop.settle_task(hands.grid_east, matter, by_law, "移交有权机关", "移交区水务局代履行") is None
    assert not Task.objects.filter(state="open").exists()
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []


def test_an_owner_who_comes_forward_ends_the_search(hands: SimpleNamespace, matter: Matter) -> None:
    search = backstop.search_owner(hands.desk, matter)
    assert backstop.settle_task(hands.grid_east, matter, search, "已认领", "通信单位认领") is None
    assert not Task.objects.filter(state="open").exists()


def test_a_task_given_by_name_moves_when_the_person_leaves(hands: SimpleNamespace, matter: Matter) -> None:
    person = hands.town.people.grid_east
    with pytest.raises(MatterStepError, match="不在承办岗上"):
        matters.open_task(hands.desk, matter, "public_notice", person=hands.town.people.market)
    task = matters.open_task(hands.desk, matter, "public_notice", person=person)
    end_appointment(actor(hands.town.people.admin), Appointment.objects.get(person=person))
    matters.move_task(SYSTEM, Matter.objects.get(), task)
    task.refresh_from_db()
    assert (task.person, task.post_id) == (None, "grid.east")


def test_a_spot_gets_a_code_of_its_own(hands: SimpleNamespace) -> None:
    heap = Incoming("scan", "高架下空地长期堆着垃圾，没人管", area_code=EAST_GRID, address="东苑路高架下")
    (received,) = receive([heap], auto_dispatch=True)
    matter = received.matters[0]
    with pytest.raises(NotAllowedError):
        backstop.make_unit(hands.grid_west, matter, "高架下空地", "spot")
    for name, kind, words in ((" ", "spot", "起个名字"), ("高架下空地", "shop.catering", "权属不明点位")):
        with pytest.raises(OwnerError, match=words):
            backstop.make_unit(hands.desk, matter, name, kind)
    unit = backstop.make_unit(hands.desk, matter, "东苑路高架下空地", "spot")
    assert (unit.area_id, unit.facts, Matter.objects.get().unit_id) == (EAST_GRID, {"owner": "unknown"}, unit.code)
    with pytest.raises(OwnerError, match="不必另建"):
        backstop.make_unit(hands.desk, matter, "再建一个", "spot")
    assert Unit.objects.filter(type="spot").count() == 2
    (again,) = receive([Incoming("scan", "又堆了", unit_code=unit.code)])
    assert again.matters[0].unit_id == unit.code
    assert [str(fault) for fault in examine() if not fault.code.startswith("job.")] == []
