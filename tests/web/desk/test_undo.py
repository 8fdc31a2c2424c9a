"""The note of a step offers its way back for half a minute, on whichever page comes next; the story says what was taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import reverse

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from tests.web.desk.conftest import STALL, Visitor, content, handled, photograph, report
from tests.web.town import TUESDAY, actor

Sit = Callable[[Any], Visitor]


def way_back(page: str) -> tuple[str, dict[str, list[str]]] | None:
    """Where the note's form is sent, and what it sends."""
    found = re.search(r'<form class="way-back[^>]*action="([^"]+)"(.*?)</form>', page, re.S)
    if found is None:
        return None
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found[2]):
        fields.setdefault(name, []).append(value)
    return found[1], {name: values for name, values in fields.items() if name != "csrfmiddlewaretoken"}


def test_the_page_after_a_step_offers_the_way_back_once(town: SimpleNamespace, sit: Sit) -> None:
    matter, desk = report(town), sit(town.people.desk)
    answer = desk.press(reverse("matter_step", args=[matter.number, "dispatch"]), kind=STALL, version=1)
    back = way_back(desk.read(answer["Location"]))
    assert back == (reverse("matter_step", args=[matter.number, "undo"]), {"version": ["2"]})
    assert way_back(desk.read(answer["Location"])) is None
    undone = desk.press(back[0], **back[1])
    assert undone["Location"] == matter.get_absolute_url()
    page = desk.read(undone["Location"])
    assert "已撤销，一切照旧" in page and "撤销上一步：派遣给城管东片岗" in page and "（已撤销）" in page
    assert Matter.objects.get().holder_id == "uoc.duty"


def test_in_a_walk_the_way_back_stands_before_the_next_matter(town: SimpleNamespace, sit: Sit) -> None:
    first, second = report(town, "东门有人占道摆摊"), report(town, "南门有人占道摆摊")
    desk, listed = sit(town.people.desk), "tab=to_dispatch"
    here = f"{first.get_absolute_url()}?in={quote(listed, safe='')}"
    answer = desk.press(reverse("matter_step", args=[first.number, "dispatch"]), kind=STALL, next=here)
    assert second.number in answer["Location"]
    back = way_back(desk.read(answer["Location"]))
    assert back is not None and back[0] == reverse("matter_step", args=[first.number, "undo"])


def test_a_late_press_is_refused_in_words(town: SimpleNamespace, sit: Sit) -> None:
    matter, desk = report(town), sit(town.people.desk)
    desk.press(reverse("matter_step", args=[matter.number, "note"]), words="写错了")
    with clock.at(TUESDAY + timedelta(seconds=31)):
        assert way_back(desk.read(matter.get_absolute_url())) is None
        refused = desk.press(reverse("matter_step", args=[matter.number, "undo"]), version="2")
    assert refused.status_code == 409 and "超过 30 秒" in content(refused)


def test_a_remark_that_was_taken_back_is_not_read_any_more(town: SimpleNamespace, sit: Sit) -> None:
    matter, desk = report(town), sit(town.people.desk)
    desk.press(reverse("matter_step", args=[matter.number, "note"]), words="写错了一件", photos=[photograph()])
    assert "写错了一件" in desk.read(matter.get_absolute_url())
    desk.press(reverse("matter_step", args=[matter.number, "undo"]), version="2")
    page = desk.read(matter.get_absolute_url())
    assert "写错了一件" not in page and "撤销上一步：备注" in page and "<h3>处置前</h3>" not in page


def test_another_way_of_taking_a_step_offers_it_too(town: SimpleNamespace, sit: Sit) -> None:
    matter, checker = handled(town), sit(town.people.grid_east)
    answer = checker.press(reverse("matter_step", args=[matter.number, "verify"]), passed="yes", words="已清")
    assert way_back(checker.read(answer["Location"])) is not None
    other = report(town, "南门有人占道摆摊")
    desk = sit(town.people.desk)
    again = report(town, "南门又有人占道摆摊")
    merged = desk.press(reverse("matter_step", args=[again.number, "merge"]), into=other.number, words="同一件")
    assert way_back(desk.read(merged["Location"])) is not None


def test_of_steps_that_stand_nothing_is_offered(town: SimpleNamespace, sit: Sit) -> None:
    matter, officer = report(town), sit(town.people.east_officer)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    answer = officer.press(reverse("matter_step", args=[matter.number, "take"]))
    assert way_back(officer.read(answer["Location"])) is None


def test_what_was_sent_together_is_taken_back_together(town: SimpleNamespace, sit: Sit) -> None:
    rows = [report(town, f"{name}有人占道摆摊") for name in ("东门", "南门", "西门")]
    desk, bulk = sit(town.people.desk), reverse("desk_bulk")
    desk.press(bulk, action="confirm", row=[one.number for one in rows])
    back = way_back(desk.read(reverse("desk")))
    assert back is not None and back[0] == bulk and len(back[1]["row"]) == 3
    matters.take(actor(town.people.east_officer), Matter.objects.get(pk=rows[0].pk))
    desk.press(back[0], **back[1])
    page = desk.read(reverse("desk"))
    assert "已撤销 2 件" in page and "又有了新的一步" in page
    assert Matter.objects.filter(holder="uoc.duty").count() == 2


@pytest.mark.parametrize("sent", [{"row": ["x"]}, {"row": [":", "1:²", "26112400000000:2"]}, {}])
def test_a_strange_way_back_changes_nothing(town: SimpleNamespace, sit: Sit, sent: dict[str, Any]) -> None:
    matter = report(town)
    assert sit(town.people.desk).press(reverse("desk_bulk"), action="undo", **sent).status_code == 302
    assert Matter.objects.get(pk=matter.pk).version == 1


def test_the_reporter_never_reads_of_what_was_taken_back(town: SimpleNamespace, sit: Sit) -> None:
    from doudi.web.triage.services import Incoming, receive

    (found,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)])
    matter, desk = found.matters[0], actor(town.people.desk)
    link = reverse("receipt", args=[found.token])
    untouched = sit(None).read(link).count("story-step")
    matters.dispatch(desk, matter, kind=STALL)
    assert sit(None).read(link).count("story-step") == untouched + 1
    matters.undo(desk, matter)
    page = sit(None).read(link)
    assert page.count("story-step") == untouched and "撤销" not in page
