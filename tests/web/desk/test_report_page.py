"""A report keeps its own contact, its own answer and its reporter's secret."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from doudi.engine.secrecy.masking import masked_name, masked_phone
from doudi.web import clock
from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.matters.models import Demand, Matter
from doudi.web.reports.models import Report, ReportClock, ReportEvent
from tests.web.desk.conftest import Visitor, closed, content, dispatched, report
from tests.web.town import actor

Sit = Callable[[Any], Visitor]
PHONE = "19912345678"


def filed(matter: Matter) -> Report:
    return matter.demands.get().report


def steps(visitor: Visitor, one: Report) -> set[str]:
    return {offer.action.name for offer in visitor.get(f"/reports/{one.number}").context["offers"]}


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("desk", 200),
        ("shift", 200),
        ("leader", 200),
        ("east_officer", 200),
        ("grid_east", 200),
        ("grid_west", 404),
        ("market", 404),
        ("auditor", 404),
        ("admin", 404),
    ],
)
def test_a_report_exists_for_those_who_see_its_matter(town: SimpleNamespace, sit: Sit, who: str, status: int) -> None:
    one = filed(dispatched(town))
    sit(getattr(town.people, who)).read(f"/reports/{one.number}", status)
    if status == 404:
        assert (
            sit(getattr(town.people, who)).press(f"/reports/{one.number}/contact", outcome="reached").status_code == 404
        )
        assert sit(getattr(town.people, who)).press(f"/reports/{one.number}/reveal").status_code == 404


def test_the_words_the_answerer_and_the_matter_stand_on_the_page(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    page = sit(town.people.desk).read(f"/reports/{filed(matter).number}")
    for said in (
        "有人占道摆摊",
        "城管东片岗",
        "综合行政执法队",
        f"/matters/{matter.number}",
        "还有 1 件事项在办",
        "扫码",
    ):
        assert said in page


def test_every_try_to_reach_the_reporter_is_kept(town: SimpleNamespace, sit: Sit) -> None:
    one = filed(dispatched(town))
    desk = sit(town.people.desk)
    silent = desk.press(f"/reports/{one.number}/contact", words="打过")
    assert silent.status_code == 400 and "请选打得怎么样" in content(silent)
    desk.press(f"/reports/{one.number}/contact", outcome="no_answer", words="两次无人接听")
    desk.press(f"/reports/{one.number}/contact", outcome="reached", words="补充了楼栋号")
    page = desk.read(f"/reports/{one.number}")
    assert "两次无人接听" in page and "没有联系上诉求人" in page and "补充了楼栋号" in page
    assert Report.objects.get().contacted_at is not None


def test_progress_is_told_while_the_work_goes_on_and_the_answer_comes_after_it(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    one = filed(matter)
    officer = sit(town.people.east_officer)
    assert steps(officer, one) == {"contact", "tell"}
    officer.press(f"/reports/{one.number}/tell", words="城管已到现场")
    early = officer.press(f"/reports/{one.number}/reply", words="今天已到场劝离")
    assert early.status_code == 409 and "还有事项没有办结" in content(early) and "今天已到场劝离" in content(early)
    assert Report.objects.get().status == "received"


def test_reply_close_and_open_again(town: SimpleNamespace, sit: Sit) -> None:
    one = filed(closed(town))
    officer, shift = sit(town.people.east_officer), sit(town.people.shift)
    base = f"/reports/{one.number}"
    assert "现在就该答复" in officer.read(base)
    assert officer.press(f"{base}/reply", words="").status_code == 400
    officer.press(f"{base}/reply", words="您反映的摊贩，11月24日已到场劝离，感谢监督。")
    assert "close" in steps(officer, one)
    officer.press(f"{base}/close")
    assert Report.objects.get().status == "closed"
    assert steps(officer, one) == set() and steps(shift, one) == {"reopen"}
    shift.press(f"{base}/reopen", words="来电说又摆出来了")
    assert (Report.objects.get().status, Matter.objects.get().status) == ("received", "taken")


def test_doubtful_content_is_set_apart_and_released(town: SimpleNamespace, sit: Sit) -> None:
    one = filed(report(town))
    desk = sit(town.people.desk)
    base = f"/reports/{one.number}"
    desk.press(f"{base}/quarantine", words="疑似骚扰")
    assert one.number in desk.read("/reports?tab=quarantined") and steps(desk, one) == {"release", "dismiss"}
    desk.press(f"{base}/release")
    assert Report.objects.get().status == "received"
    assert sit(town.people.grid_east).press(f"{base}/quarantine", words="试试").status_code == 404


def test_who_comes_second_keeps_the_words(town: SimpleNamespace, sit: Sit) -> None:
    one = filed(dispatched(town))
    desk = sit(town.people.desk)
    desk.press(f"/reports/{one.number}/tell", words="先告知")
    late = desk.press(f"/reports/{one.number}/tell", words="我写了很长一段", version=one.version)
    assert late.status_code == 409 and "我写了很长一段" in content(late) and "刚刚被别人更新过" in content(late)


def test_a_phone_is_masked_until_it_is_asked_for_and_never_cached(town: SimpleNamespace, sit: Sit) -> None:
    one = filed(report(town, name="赵小云", phone=PHONE))
    desk = sit(town.people.desk)
    page = desk.read(f"/reports/{one.number}")
    assert PHONE not in page and "赵小云" not in page and "199****78" in page and "赵**" in page
    shown = desk.press(f"/reports/{one.number}/reveal", words="核实情况")
    assert PHONE in content(shown) and "no-store" in shown["Cache-Control"]
    assert PHONE not in desk.read(f"/reports/{one.number}")


def test_whoever_owes_the_answer_can_ring_the_reporter_unless_it_is_to_be_kept_secret(
    town: SimpleNamespace, sit: Sit
) -> None:
    open_one, secret = filed(report(town, phone=PHONE)), filed(report(town, phone=PHONE, secret=True))
    Report.objects.update(answerer="chengguan.east")
    officer = sit(town.people.east_officer)
    assert PHONE in content(officer.press(f"/reports/{open_one.number}/reveal", words="先行联系"))
    refused = officer.press(f"/reports/{secret.number}/reveal", why="先行联系")
    assert refused.status_code == 404 and PHONE not in content(refused)


def test_who_has_not_the_power_learns_only_that_somebody_can_be_reached(town: SimpleNamespace, sit: Sit) -> None:
    one = filed(report(town, phone=PHONE))
    worker = sit(town.people.grid_east)
    page = worker.read(f"/reports/{one.number}")
    assert "199" not in page.split('id="reporter"')[1].split("</section>")[0] and "由答复岗联系" in page
    refused = worker.press(f"/reports/{one.number}/reveal")
    assert refused.status_code == 404 and PHONE not in content(refused)


def test_a_secret_reporter_is_shown_only_by_power_for_a_purpose_and_the_look_is_journalled(
    town: SimpleNamespace, sit: Sit
) -> None:
    one = filed(report(town, phone=PHONE, secret=True))
    desk, shift = sit(town.people.desk), sit(town.people.shift)
    assert "199" not in desk.read(f"/reports/{one.number}").split('id="reporter"')[1].split("</section>")[0]
    assert PHONE not in content(desk.press(f"/reports/{one.number}/reveal", words="想看看"))
    aimless = shift.press(f"/reports/{one.number}/reveal", words="")
    assert aimless.status_code == 409 and PHONE not in content(aimless) and "写明" in content(aimless)
    before = Leaf.objects.count()
    assert PHONE in content(shift.press(f"/reports/{one.number}/reveal", words="约时间上门"))
    assert Leaf.objects.count() == before + 1


def test_the_upstreams_row_is_shown_as_it_came_only_to_those_who_may_read_the_reporter(
    town: SimpleNamespace, sit: Sit
) -> None:
    one = filed(
        report(
            town,
            system="12345",
            external_id="A1",
            upstream_due="12月1日17时前",
            upstream_row={"联系电话": PHONE, "工单编号": "A1"},
        )
    )
    desk_page, worker_page = (
        sit(who).read(f"/reports/{one.number}") for who in (town.people.desk, town.people.grid_east)
    )
    assert "12月1日17时前" in desk_page and "工单编号" in desk_page and PHONE not in desk_page
    assert PHONE in content(sit(town.people.desk).press(f"/reports/{one.number}/reveal", words="核对工单"))
    assert "12月1日17时前" in worker_page and PHONE not in worker_page


def test_what_the_reporter_added_stands_in_the_story(town: SimpleNamespace, sit: Sit) -> None:
    from doudi.web.reports.services import add_by_reporter, rate

    one = filed(closed(town))
    add_by_reporter(one, "摊位在北门")
    sit(town.people.desk).press(f"/reports/{one.number}/reply", words="今天已到场劝离")
    rate(Report.objects.get(), "dissatisfied", "还在摆")
    page = sit(town.people.desk).read(f"/reports/{one.number}")
    assert "摊位在北门" in page and "诉求人评价：不满意" in page and "还在摆" in page
    assert ReportEvent.objects.filter(kind="rated").count() == 1


@pytest.mark.parametrize(("phone", "masked"), [(PHONE, "199****78"), ("12345", "****"), ("", "")])
def test_a_short_number_is_hidden_whole(phone: str, masked: str) -> None:
    assert masked_phone(phone) == masked
    assert masked_name("") == ""


def test_a_try_is_one_press_and_says_how_it_ended(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town, phone="13900001234")
    made = Demand.objects.get(matter=matter).report
    desk, base = sit(town.people.desk), f"/reports/{made.number}"
    assert "已试" not in desk.read(base)
    shown = content(desk.press(f"{base}/reveal", words="联系诉求人"))
    assert 'name="outcome" value="no_answer"' in shown and "13900001234" in shown
    for outcome in ("no_answer", "no_answer"):
        assert desk.press(f"{base}/contact", outcome=outcome).status_code == 302
    page = desk.read(base)
    assert "已试 2 次，始终未接。按本镇规定还要再试 1 次" in page and "没有联系上诉求人" in page
    desk.press(f"{base}/contact", outcome="switched_off", words="换了个时间打")
    page = desk.read(base)
    assert "已试 3 次，几次都没有联系上。已满本镇规定的次数" in page and "关机：换了个时间打" in page
    made.refresh_from_db()
    assert made.contacted_at is None
    desk.press(f"{base}/contact", outcome="reached")
    made.refresh_from_db()
    assert made.contacted_at is not None and "已试" not in desk.read(base)


@pytest.mark.parametrize("outcome", ["", "yes", "no_answer ' OR 1=1"])
def test_a_try_without_its_outcome_is_asked_for(town: SimpleNamespace, sit: Sit, outcome: str) -> None:
    made = Demand.objects.get(matter=report(town, phone="13900001234")).report
    answer = sit(town.people.desk).press(f"/reports/{made.number}/contact", outcome=outcome, words="打过")
    assert answer.status_code == 400 and "打过" in content(answer)
    assert not made.events.filter(kind="contact_tried").exists()


def test_late_answers_have_a_tab_and_every_list_says_by_when(town: SimpleNamespace, sit: Sit) -> None:
    report(town, phone="13800000000")
    one, desk = Report.objects.get(), sit(town.people.desk)
    due = ReportClock.objects.get(report=one, which="reply").due_at
    assert due is not None
    listed = reverse("reports")
    for path in (f"{listed}?tab=all", reverse("unit", args=[town.shop.code]), f"{reverse('search')}?q=占道摆摊"):
        assert "最晚答复" in desk.read(path), path
    assert one.number not in desk.read(f"{listed}?tab=late")
    with clock.at(due + timedelta(minutes=1)):
        desk = sit(town.people.desk)
        page = desk.read(f"{listed}?tab=late")
        assert one.number in page and 'class="late"' in page and "超期未答复" in page
        matters.void(actor(town.people.desk), Matter.objects.get(), "误报")
        matters.answer_report(actor(town.people.desk), Report.objects.get(), "现场没有摊位，已劝导")
        assert one.number not in desk.read(f"{listed}?tab=late")
