"""The matter page says who holds it, why and until when, and lets each person take exactly their own steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import Assignment, Evidence, Matter, MatterEvent
from doudi.web.reports.models import Report
from tests.web.desk.conftest import STALL, UNSHOWN, Visitor, closed, content, dispatched, handled, photograph, report
from tests.web.town import TUESDAY, WEST, actor

Sit = Callable[[Any], Visitor]


def offered(visitor: Visitor, matter: Matter) -> set[str]:
    """The steps on the page, those beside the supports included."""
    facts = visitor.get(f"/matters/{matter.number}").context
    names = {one.action.name for one in facts["offers"]} | {
        one.action.name for part in facts["support_offers"].values() for one in part
    }
    return names | ({"call"} if facts["call"] else set()) | ({"dispatch"} if facts.get("triage") else set())


def test_the_first_sentence_says_holder_since_reason_and_until(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    page = sit(town.people.east_officer).read(f"/matters/{matter.number}")
    sentence = page[page.index('<p class="holder">') : page.index("</p>", page.index('<p class="holder">'))]
    for said in ("城管东片岗", "今天 10:00", "规则 D-001", "还剩 4 个工作时", "今天 15:30"):
        assert said in sentence, sentence


def test_a_mere_proposal_does_not_claim_that_the_rule_named_the_desk(town: SimpleNamespace, sit: Sit) -> None:
    page = sit(town.people.desk).read(f"/matters/{report(town).number}")
    assert "等值班岗确认：规则 D-001" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("desk", 200),
        ("shift", 200),
        ("leader", 200),
        ("east_officer", 200),
        ("grid_east", 200),
        ("committee", 200),
        ("west_officer", 200),
        ("grid_west", 404),
        ("market", 404),
        ("auditor", 404),
        ("admin", 404),
    ],
)
def test_a_matter_exists_for_those_whose_area_or_office_it_is(
    town: SimpleNamespace, sit: Sit, who: str, status: int
) -> None:
    matter = dispatched(town)
    for path in (f"/matters/{matter.number}", f"/matters/{matter.number}/receipt"):
        sit(getattr(town.people, who)).read(path, status)
    if status == 404:
        assert sit(getattr(town.people, who)).press(f"/matters/{matter.number}/note", words="看看").status_code == 404


def test_a_number_that_is_none_is_not_found(town: SimpleNamespace, sit: Sit) -> None:
    for number in ("26112400000000", "xx", "26112400000000/receipt"):
        sit(town.people.desk).read(f"/matters/{number}", 404)
    matter = report(town)
    assert sit(town.people.desk).press(f"/matters/{matter.number}/no-such-step").status_code == 404


@pytest.mark.parametrize(
    ("state", "who", "steps"),
    [
        (report, "desk", {"danger", "take", "handle", "dispatch", "call", "note", "merge", "void", "restrict"}),
        (report, "east_officer", None),
        (dispatched, "east_officer", {"take", "handle", "call", "note"}),
        (dispatched, "grid_east", {"call", "note"}),
        (dispatched, "leader", {"call", "note", "restrict"}),
        (dispatched, "desk", {"danger", "dispatch", "call", "note", "merge", "void", "restrict"}),
        (handled, "east_officer", {"call", "note"}),
        (handled, "grid_east", {"verify", "call", "note"}),
        (handled, "leader", {"call", "note", "restrict"}),
        (closed, "desk", {"note", "restrict"}),
        (closed, "shift", {"note", "reopen", "restrict"}),
    ],
)
def test_only_the_steps_that_this_person_may_take_now_are_offered(
    town: SimpleNamespace, sit: Sit, state: Callable[..., Matter], who: str, steps: set[str] | None
) -> None:
    visitor, matter = sit(getattr(town.people, who)), state(town)
    if steps is None:
        visitor.read(f"/matters/{matter.number}", 404)
    else:
        assert offered(visitor, matter) == steps


def test_the_whole_way_by_hand_from_desk_to_check(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    base = f"/matters/{matter.number}"
    desk, officer, committee, checker = (
        sit(getattr(town.people, who)) for who in ("desk", "east_officer", "committee", "grid_east")
    )
    assert desk.press(f"{base}/dispatch", kind="占道经营", version=1)["Location"] == base
    assert officer.press(f"{base}/take", version=2)["Location"] == base
    assert offered(committee, matter) == {"support-done", "call", "note"}
    assert committee.press(f"{base}/support-done", row="committee.east", words="已到场劝导").status_code == 302
    sent = officer.press(f"{base}/handle", words="摊贩已劝离", photos=[photograph(), photograph("two.jpg")], **UNSHOWN)
    assert sent["Location"] == base
    assert Evidence.objects.filter(matter=matter, stage="after").count() == 2
    assert "处置后" in checker.read(base)
    assert checker.press(f"{base}/verify", passed="yes", words="现场已清", photos=[photograph()]).status_code == 302
    matter.refresh_from_db()
    assert (matter.status, matter.handled_by) == ("closed", town.people.east_officer)
    page = officer.read(base)
    for said in (
        "受理，由城运值班岗承办",
        "派遣给城管东片岗：占道经营",
        "接单",
        "东苑居委协办完成",
        "核查通过，结案",
        "摊贩已劝离",
    ):
        assert said in page


def test_a_failed_check_needs_a_word_and_the_word_stays_until_it_is_given(town: SimpleNamespace, sit: Sit) -> None:
    matter = handled(town)
    checker = sit(town.people.grid_east)
    refused = checker.press(f"/matters/{matter.number}/verify", passed="no", words="")
    assert refused.status_code == 409 and "请写明“退回返工”的理由" in content(refused)
    unsaid = checker.press(f"/matters/{matter.number}/verify", words="摊位又摆出来了")
    assert unsaid.status_code == 400 and "摊位又摆出来了" in content(unsaid)
    checker.press(f"/matters/{matter.number}/verify", passed="no", words="摊位又摆出来了")
    assert Matter.objects.get().status == "taken"


def test_who_handled_cannot_check_even_by_sending_the_form(town: SimpleNamespace, sit: Sit) -> None:
    matter = handled(town)
    refused = sit(town.people.east_officer).press(f"/matters/{matter.number}/verify", passed="yes")
    assert refused.status_code == 409 and "不能核查自己" in content(refused)


def test_a_refused_handling_keeps_words_and_photographs(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    officer = sit(town.people.east_officer)
    refused = officer.press(f"/matters/{matter.number}/handle", words="摊贩已劝离", photos=[photograph()], **UNSHOWN)
    page = content(refused)
    assert refused.status_code == 409 and "东苑居委" in page and "摊贩已劝离" in page and "已存好 1 张照片" in page
    kept = page.split('name="kept" value="')[1].split('"')[0]
    matters.finish_support(actor(town.people.committee), Matter.objects.get(), town.posts["committee.east"], "已到场")
    assert (
        officer.press(f"/matters/{matter.number}/handle", words="摊贩已劝离", kept=kept, **UNSHOWN).status_code == 302
    )
    assert Evidence.objects.filter(matter=matter, stage="after").count() == 1


def test_photographs_kept_for_one_person_are_nothing_in_the_hands_of_another(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    officer = sit(town.people.east_officer)
    refused = content(officer.press(f"/matters/{matter.number}/handle", words="", photos=[photograph()]))
    assert 'name="kept"' not in refused, "an incomplete form is not read as far as its photographs"
    note = content(
        sit(town.people.grid_east).press(f"/matters/{matter.number}/handle", words="我来", photos=[photograph()])
    )
    kept = note.split('name="kept" value="')[1].split('"')[0]
    officer.press(f"/matters/{matter.number}/note", words="看看", kept=kept)
    assert Upload.objects.exists() and not Evidence.objects.exists()


def test_a_file_that_is_no_photograph_is_refused_at_its_field_and_costs_no_word(
    town: SimpleNamespace, sit: Sit
) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    matter = dispatched(town)
    hostile = SimpleUploadedFile("after.jpg", b"<svg onload=alert(1)>", content_type="image/jpeg")
    refused = sit(town.people.east_officer).press(
        f"/matters/{matter.number}/handle", words="摊贩已劝离", photos=[hostile], **UNSHOWN
    )
    assert refused.status_code == 400 and "不是照片" in content(refused) and "摊贩已劝离" in content(refused)
    assert Matter.objects.get().status == "accepted"


def test_who_comes_second_is_told_so_kindly_and_can_press_again(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    seen = matter.version
    matters.note(actor(town.people.desk), matter, "先电话联系店主")
    late = sit(town.people.desk).press(f"/matters/{matter.number}/void", words="重复录入", version=seen)
    page = content(late)
    assert late.status_code == 409 and "刚刚被别人更新过" in page and "重复录入" in page
    assert f'name="version" value="{seen + 1}"' in page
    assert Matter.objects.get().status == "accepted"
    sit(town.people.desk).press(f"/matters/{matter.number}/void", words="重复录入", version=seen + 1)
    assert Matter.objects.get().status == "voided"


def test_the_panel_of_triage_shows_words_kinds_reasons_and_the_posts_they_lead_to(
    town: SimpleNamespace, sit: Sit
) -> None:
    matter = report(town, "门口占道摆摊，油烟也很大")
    assert matter.unclear == "kind_unclear"
    facts = sit(town.people.desk).get(f"/matters/{matter.number}").context
    shown = {one.kind: (one.key, one.post) for one in facts["candidates"]}
    assert {kind for kind, _ in shown.items()} == {STALL, "event.street.fume"}
    assert sorted(key for key, _ in shown.values()) == [1, 2]
    page = sit(town.people.desk).read(f"/matters/{matter.number}")
    assert "事项不明" in page and "<mark>占道</mark>" in page and 'data-hotkey="1"' in page
    assert "triage" not in (sit(town.people.grid_east).get(f"/matters/{matter.number}").context or {})


def test_one_press_on_a_candidate_dispatches_it(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town, "门口占道摆摊，油烟也很大")
    sit(town.people.desk).press(f"/matters/{matter.number}/dispatch", kind=STALL, version=1)
    assert Matter.objects.get().holder_id == "chengguan.east"


def test_a_wrong_place_is_taken_off_by_clearing_it(town: SimpleNamespace, sit: Sit) -> None:
    matter, desk = report(town, "说不清楚在哪里的事情"), sit(town.people.desk)
    base = f"/matters/{matter.number}/dispatch"
    grid = Matter.objects.get().area_id
    desk.press(base, kind="占道经营", area="", unit=town.shop.code)
    assert (Matter.objects.get().unit_id, Matter.objects.get().area_id) == (town.shop.code, grid), "left alone it stays"
    desk.press(base, kind="占道经营", area="", unit="")
    assert (Matter.objects.get().unit_id, Matter.objects.get().area_id) == (None, grid)
    desk.press(base, kind="占道经营", area="-", unit="")
    assert Matter.objects.get().area_id is None
    whole = [str(fault) for fault in examine() if not fault.code.startswith("job.")]
    assert whole == []


def test_another_area_beside_the_old_place_says_that_the_place_was_wrong(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town, "说不清楚在哪里的事情")
    base = f"/matters/{matter.number}/dispatch"
    sit(town.people.desk).press(base, kind="占道经营", area=WEST, unit=town.shop.code)
    assert (Matter.objects.get().unit_id, Matter.objects.get().area_id) == (None, WEST)


def test_the_desk_sets_place_holder_and_supports_with_its_words(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town, "说不清楚在哪里的事情", unit_code="")
    desk = sit(town.people.desk)
    base = f"/matters/{matter.number}/dispatch"
    against = desk.press(base, kind="占道经营", holder="greening.street", unit=town.shop.code, words="")
    assert against.status_code == 409 and "请写明理由" in content(against)
    nowhere = desk.press(base, kind="占道经营", unit="7K3M-9QWR-T2XB-5")
    assert nowhere.status_code == 400 and "请核对码牌" in content(nowhere)
    unknown = desk.press(base, kind="没有这种事", words="我写的话")
    assert unknown.status_code == 400 and "事项目录里没有" in content(unknown) and "我写的话" in content(unknown)
    done = desk.press(
        base,
        kind="占道经营",
        holder="greening.street",
        unit=town.shop.code,
        supports=["grid.east"],
        words="保洁组在现场",
    )
    assert done.status_code == 302
    matter.refresh_from_db()
    assert (matter.holder_id, matter.unit_id) == ("greening.street", town.shop.code)
    assert list(Assignment.objects.filter(role="support", until=None).values_list("post", flat=True)) == ["grid.east"]


def test_the_form_of_dispatch_comes_when_it_is_asked_for(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    desk = sit(town.people.desk)
    assert 'list="kinds"' not in desk.read(f"/matters/{matter.number}")
    assert 'list="kinds"' in desk.read(f"/matters/{matter.number}?do=dispatch")


def test_similar_matters_are_shown_and_merged_with_a_reason(town: SimpleNamespace, sit: Sit) -> None:
    first, second = report(town), report(town, "又有人占道摆摊了")
    desk = sit(town.people.desk)
    page = desk.get(f"/matters/{second.number}").context["alike"]
    assert [(one.matter, [offer.action.name for offer in offers]) for one, offers in page] == [(first, ["merge-like"])]
    assert "没有编号为" in content(
        desk.press(f"/matters/{second.number}/merge", into="26112400000000", words="同一摊位")
    )
    desk.press(f"/matters/{second.number}/merge", into=first.number, words="同一摊位")
    second.refresh_from_db()
    assert second.merged_into == first
    assert f"/matters/{first.number}" in desk.read(f"/matters/{second.number}")


def test_a_like_is_merged_from_the_list_and_a_refusal_keeps_what_was_typed(town: SimpleNamespace, sit: Sit) -> None:
    first, second, far = (
        report(town),
        report(town, "又有人占道摆摊了"),
        report(town, "路灯不亮", unit_code=town.spot.code),
    )
    desk, path = sit(town.people.desk), f"/matters/{second.number}/merge-like"
    empty = desk.press(path, row=first.number, words=" ", version=second.version)
    assert empty.status_code == 400 and f'value="{first.number}"' in content(empty)
    stale = desk.press(path, row=first.number, words="还是那个摊位", version=second.version + 1)
    assert stale.status_code == 409 and "还是那个摊位" in content(stale)
    assert desk.press(path, row=far.number, words="同一件事").status_code == 409
    assert sit(town.people.cleaner).press(path, row=first.number, words="同一件事").status_code == 404
    desk.press(path, row=first.number, words="同一摊位", version=second.version)
    second.refresh_from_db()
    assert second.merged_into == first


def test_help_is_asked_for_and_excused(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    base = f"/matters/{matter.number}"
    sit(town.people.east_officer).press(f"{base}/support", post="greening.street", words="请清扫路面")
    cleaner = sit(town.people.cleaner)
    assert "support-done" in offered(cleaner, matter)
    empty = sit(town.people.desk).press(f"{base}/support-excuse", row="greening.street", words="")
    assert empty.status_code == 400
    sit(town.people.desk).press(f"{base}/support-excuse", row="greening.street", words="已由商户自行清扫")
    assert not Assignment.objects.filter(role="support", until=None).exists()
    assert sit(town.people.desk).press(f"{base}/support-excuse", row="greening.street", words="再免").status_code == 409


def test_danger_to_life_shows_the_number_first_and_logs_who_called(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town, "楼道里有煤气味")
    worker = sit(town.people.grid_east)
    page = worker.read(f"/matters/{matter.number}")
    assert page.index('href="tel:119"') < page.index('class="holder"')
    assert "还没有人记录打过" in page
    worker.press(f"/matters/{matter.number}/call", call="119", words="已通知消防")
    assert MatterEvent.objects.get(kind="emergency_called").person == town.people.grid_east
    assert "grid_east先生已记录拨打 119" in worker.read(f"/matters/{matter.number}")


def test_a_closed_matter_is_opened_again_by_the_shift_leader(town: SimpleNamespace, sit: Sit) -> None:
    matter = closed(town)
    sit(town.people.shift).press(f"/matters/{matter.number}/reopen", words="第二天又来了")
    assert Matter.objects.get().status == "taken"


def test_the_receipt_names_rule_source_and_rivals(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    page = sit(town.people.desk).read(f"/matters/{matter.number}/receipt")
    for said in ("D-001", "测试镇职责表", "镇级规则", "占道经营 · ", "城管东片岗", "desk先生"):
        assert said in page


def test_the_words_of_a_report_that_does_not_exist_for_the_reader_are_not_on_the_matter(
    town: SimpleNamespace, sit: Sit
) -> None:
    matter = dispatched(town)
    Report.objects.update(secrecy=Report.Secrecy.RESTRICTED)
    page = sit(town.people.grid_east).read(f"/matters/{matter.number}")
    assert "有人占道摆摊" not in page.split('class="said"')[1].split("</article>")[0] and "限制知悉" in page
    assert "有人占道摆摊" in sit(town.people.shift).read(f"/matters/{matter.number}").split('class="said"')[1]


def test_late_matters_say_so(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    with clock.at(TUESDAY + timedelta(days=8)):
        assert "已超期" in sit(town.people.east_officer).read(f"/matters/{matter.number}")


def test_a_matter_page_asks_thirty_statements_at_most(town: SimpleNamespace, sit: Sit) -> None:
    matter = closed(town)
    desk = sit(town.people.desk)
    desk.read(f"/matters/{matter.number}")
    with CaptureQueriesContext(connection) as asked:
        desk.read(f"/matters/{matter.number}")
    assert len(asked) <= 30


def test_more_photographs_than_are_kept_are_said_and_the_next_press_goes_on(town: SimpleNamespace, sit: Sit) -> None:
    matter = dispatched(town)
    officer, path = sit(town.people.east_officer), f"/matters/{matter.number}/note"
    refused = officer.press(path, words="现场", photos=[photograph(f"{n}.jpg") for n in range(7)])
    page = content(refused)
    assert refused.status_code == 400 and "一次最多 6 张照片" in page and "已存好 6 张照片" in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)
    assert kept
    assert officer.press(path, words="现场", kept=kept[1]).status_code == 302
    assert Evidence.objects.filter(matter=matter).count() == 6
