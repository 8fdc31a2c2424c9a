"""What is done with ticked rows: each by the power over it and against the version that was seen, with an account of what did not go."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter, MatterEvent, Urge
from tests.web.desk.conftest import STALL, Visitor, dispatched, handled, report
from tests.web.desk.test_undo import way_back
from tests.web.town import actor

Sit = Callable[[Any], Visitor]


def row(matter: Matter) -> str:
    return f"{matter.number}:{matter.version}"


def test_the_list_offers_each_what_they_may(town: SimpleNamespace, sit: Sit) -> None:
    report(town)
    desk, leader = sit(town.people.desk).read("/desk"), sit(town.people.leader).read("/desk")
    offered = {
        action: f'value="{action}"' for action in ("confirm", "urge", "order", "note", "merge", "print", "export")
    }
    assert [name for name, mark in offered.items() if mark not in desk] == ["order"]
    assert [name for name, mark in offered.items() if mark in leader] == ["urge", "order", "note", "print", "export"]


@pytest.mark.parametrize("action", ["confirm", "dispatch", "merge"])
def test_what_one_may_not_do_with_one_one_does_not_with_many(town: SimpleNamespace, sit: Sit, action: str) -> None:
    matter = report(town)
    leader = sit(town.people.leader)
    assert leader.press("/desk/bulk", action=action, row=[row(matter)], kind="占道经营").status_code == 404
    assert sit(town.people.east_officer).press("/desk/bulk", action="note", row=[row(matter)]).status_code == 404
    assert leader.press("/desk/bulk", action="unheard-of", row=[row(matter)]).status_code == 404
    assert Matter.objects.get().version == 1


def test_many_are_urged_and_what_did_not_go_is_said_with_its_reason(town: SimpleNamespace, sit: Sit) -> None:
    first, second, gone = dispatched(town), report(town, "门口有垃圾堆"), report(town, "南门有人占道摆摊")
    matters.void(actor(town.people.desk), Matter.objects.get(pk=gone.pk), "误报")
    desk = sit(town.people.desk)
    gone.refresh_from_db()
    desk.press("/desk/bulk", action="urge", row=[row(first), row(second), row(gone)], words="今天办完", next="/desk")
    page = desk.read("/desk")
    assert "已催办 2 件" in page and "1 件没有办" in page and way_back(page) is None
    assert {one.matter_id for one in Urge.objects.filter(kind="remind")} == {first.pk, second.pk}
    desk.press("/desk/bulk", action="urge", row=[one.number for one in (first, second)], words=" ")
    assert "2 件没有办" in desk.read("/desk") and Urge.objects.count() == 2


def test_what_another_changed_since_it_was_seen_stays(town: SimpleNamespace, sit: Sit) -> None:
    seen = report(town)
    matters.dispatch(actor(town.people.shift), Matter.objects.get(), kind=STALL)
    desk = sit(town.people.desk)
    desk.press("/desk/bulk", action="dispatch", row=[row(seen)], kind="占道经营")
    assert "1 件没有办" in desk.read("/desk")
    assert MatterEvent.objects.filter(kind="dispatched").count() == 1


def test_a_remark_to_many_is_taken_back_from_its_note(town: SimpleNamespace, sit: Sit) -> None:
    rows, desk = [report(town), report(town, "门口有垃圾堆")], sit(town.people.desk)
    desk.press("/desk/bulk", action="note", row=[row(one) for one in rows], words="台风天一并看")
    page = desk.read("/desk")
    back = way_back(page)
    assert "2 件写了备注" in page and back is not None
    desk.press(back[0], **back[1])
    assert "已撤销 2 件" in desk.read("/desk")
    assert MatterEvent.objects.filter(kind="undone").count() == 2


def test_likely_twins_become_one_and_can_be_parted_again(town: SimpleNamespace, sit: Sit) -> None:
    first, second, other = (
        dispatched(town),
        report(town, "又有人占道摆摊"),
        report(town, "路灯不亮", unit_code=town.spot.code),
    )
    desk, rows = sit(town.people.desk), [row(one) for one in (first, second, other)]
    there = desk.press("/desk/bulk", action="merge", row=rows, next="/desk?tab=open")["Location"]
    page = desk.read(there)
    assert page.count("同一管理单元") == 1 and page.count("说的话不像") == 1 and 'name="covered"' not in page
    assert desk.get(there).context["onward"] == first
    sent = {"row": rows[:2], "into": first.number, "words": "同一摊位", "next": "/desk?tab=open"}
    assert desk.press("/desk/merge", **sent)["Location"] == "/desk?tab=open"
    page = desk.read("/desk")
    assert "已有 1 件并入" in page and Matter.objects.get(pk=second.pk).merged_into == first
    back = way_back(page)
    assert back is not None
    desk.press(back[0], **back[1])
    assert Matter.objects.get(pk=second.pk).status == "accepted"


def test_a_merge_into_handled_work_is_asked_about(town: SimpleNamespace, sit: Sit) -> None:
    into, later = handled(town), report(town, "又有人占道摆摊")
    Matter.objects.filter(pk=into.pk).update(handled_at=later.accepted_at.replace(year=2020))
    into.refresh_from_db()
    desk = sit(town.people.desk)
    assert 'name="covered"' in desk.read(f"/desk/merge?row={into.number}&row={later.number}")
    sent = {"row": [row(into), row(later)], "into": into.number, "words": "同一摊位"}
    desk.press("/desk/merge", **sent)
    assert "后来才反映" in desk.read("/desk")
    desk.press("/desk/merge", **sent, covered="on")
    assert Matter.objects.get(pk=later.pk).merged_into == into


def test_one_matter_alone_is_no_merge(town: SimpleNamespace, sit: Sit) -> None:
    desk, one = sit(town.people.desk), report(town)
    assert desk.press("/desk/bulk", action="merge", row=[row(one)])["Location"].startswith("/desk/merge?row=")
    assert desk.get(f"/desk/merge?row={one.number}")["Location"] == "/desk"
    answer = desk.press("/desk/merge", row=[row(one)], into=one.number, next="https://elsewhere.example/")
    assert answer["Location"] == "/desk" and "两件以上" in desk.read("/desk")


def test_ticked_rows_are_printed_and_taken_along(town: SimpleNamespace, sit: Sit) -> None:
    ticked, left = report(town), report(town, "门口有垃圾堆")
    desk = sit(town.people.desk)
    sheet = desk.read(desk.press("/desk/bulk", action="print", row=[row(ticked)])["Location"])
    assert ticked.number in sheet and left.number not in sheet and 'type="checkbox"' not in sheet.split("<main")[1]
    there = desk.press("/desk/bulk", action="export", row=[row(ticked)])["Location"]
    assert desk.get(there).status_code == 200 and f"row={ticked.number}" in there and "csrf" not in there


def test_what_one_may_not_see_is_on_no_sheet_and_in_no_step(town: SimpleNamespace, sit: Sit) -> None:
    hidden = report(town, "实名举报店主行贿，有人占道摆摊")
    matters.dispatch(actor(town.people.shift), hidden, kind=STALL)
    assert hidden.restricted
    desk = sit(town.people.desk)
    desk.press("/desk/bulk", action="note", row=[row(hidden)], words="看看")
    assert "还没有勾选" in desk.read("/desk")
    assert hidden.number not in desk.read(f"/desk/sheet?row={hidden.number}")
