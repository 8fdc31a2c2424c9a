"""One head: the sentence, what stands in the way with the way out, the next step; the rest behind one button, and no empty box."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from tests.web.desk.conftest import STALL, Visitor, closed, dispatched, handled, report
from tests.web.town import TUESDAY, actor

Sit = Callable[[Any], Visitor]


def head_of(visitor: Visitor, matter: Matter, query: str = "") -> Any:
    return visitor.get(f"{matter.get_absolute_url()}{query}").context["head"]


def part(page: str, mark: str) -> str:
    """The element that begins with the mark, as far as the next section."""
    begin = page.index(mark)
    return page[begin : page.index("</section>", begin)]


def panels(page: str) -> list[str]:
    """The headings of the boxes on the page, without their counts."""
    found = re.findall(r'<section class="panel[^"]*"[^>]*>\s*(?:<div[^>]*>)?<h2[^>]*>(.*?)</h2>', page, re.S)
    return [re.sub(r"<span.*|<[^>]+>", "", one, flags=re.S).strip() for one in found]


@pytest.mark.parametrize(
    ("state", "who", "steps"),
    [
        (dispatched, "east_officer", ["take", "handle"]),
        (handled, "grid_east", ["verify"]),
        (handled, "east_officer", []),
        (closed, "desk", []),
        (report, "desk", []),
    ],
)
def test_the_next_step_stands_out_and_the_rest_waits_behind_one_button(
    town: SimpleNamespace, sit: Sit, state: Callable[..., Matter], who: str, steps: list[str]
) -> None:
    visitor, matter = sit(getattr(town.people, who)), state(town)
    head = head_of(visitor, matter)
    assert [one.action.name for one in head.steps] == steps
    rest = {one.action.name for _label, offers in head.more for one in offers}
    assert "note" in rest and not rest & set(steps) and not head.opened
    page = part(visitor.read(matter.get_absolute_url()), 'id="head"')
    assert page.count("btn-primary") - page.count('btn btn-primary" type') <= 1


def test_a_quiet_matter_has_no_empty_box(town: SimpleNamespace, sit: Sit) -> None:
    matter = handled(town)
    for who in ("desk", "shift", "east_officer", "grid_east"):
        boxes = panels(sit(getattr(town.people, who)).read(matter.get_absolute_url()))
        assert "经过" in boxes
        assert not {"催办督办", "申请", "哪里不清楚", "先期处置"} & set(boxes), (who, boxes)
    matters.urge(actor(town.people.desk), matter, "remind", "请尽快")
    assert "催办督办" in panels(sit(town.people.desk).read(matter.get_absolute_url()))


def test_what_stands_in_the_way_is_said_before_the_work_with_the_way_out(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    officer = sit(town.people.east_officer)
    page = officer.read(matter.get_absolute_url())
    said = part(page, 'id="hindrances"')
    for words in ("填处置结果之前要先办", "等东苑居委协办办完", "提醒协办", "请值班岗免除"):
        assert words in said
    # Once: the panel below says it without the buttons.
    assert page.count('/support-urge"') == 1 and "等协办" in page
    assert "免除协办" in part(sit(town.people.desk).read(matter.get_absolute_url()), 'id="hindrances"')
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场")
    assert "hindrances" not in officer.read(matter.get_absolute_url())


def test_a_matter_without_a_kind_says_why_its_work_cannot_be_told_yet(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town, "请来看看", unit_code="")
    assert matter.kind == ""
    desk = sit(town.people.desk)
    assert any("哪一类事项" in one.said for one in head_of(desk, matter).hindrances)


def test_put_off_waiting_and_merged_look_so(town: SimpleNamespace, sit: Sit) -> None:
    matter, desk, officer = dispatched(town), actor(town.people.desk), actor(town.people.east_officer)
    matters.take(officer, matter)
    until = TUESDAY + timedelta(days=9)
    wish = matters.apply(officer, matter, "suspend", reason="等施工", proposed_until=until)
    page = sit(town.people.desk).read(matter.get_absolute_url())
    assert "head-wait" in page and "申请待答复" in page
    matters.answer(actor(town.people.shift), matter, wish, granted=True, text="同意")
    page = sit(town.people.desk).read(matter.get_absolute_url())
    assert "head-away" in page and "挂账中" in page and "对群众和上级的时限照走" in page
    with clock.at(until + timedelta(hours=1)):
        assert "挂账中" not in sit(town.people.desk).read(matter.get_absolute_url())
    other = report(town, "又有人占道摆摊")
    matters.merge(desk, other, Matter.objects.get(pk=matter.pk), "同一件")
    page = sit(town.people.desk).read(other.get_absolute_url())
    assert "head-ended" in page and "已并入" in page and "工作在那一件里办" in page


def test_a_form_that_stands_open_opens_its_menu(town: SimpleNamespace, sit: Sit) -> None:
    matter, desk = dispatched(town), sit(town.people.desk)
    assert head_of(desk, matter, "?do=dispatch").opened
    refused = desk.press(f"{matter.get_absolute_url()}/void", words="")
    assert refused.status_code == 400 and refused.context["head"].opened
    assert 'id="more-steps" open' in refused.content.decode()
