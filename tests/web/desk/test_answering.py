"""The reply opens with a draft of what was done; it tells nothing that its reader may not know."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.engine.answers.reviewing import About, review
from doudi.web.answers.services import enter_shipped
from doudi.web.desk.queries.answering import draft_of
from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Evidence, Matter
from doudi.web.people.actor import SYSTEM
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.reports.services import ReplyError
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import STALL, Visitor, closed, content, photograph, report
from tests.web.town import NO_PHOTO, actor


def done_with_photos(town: SimpleNamespace, **more: Any) -> tuple[Matter, Report]:
    """Handled by the eastern 城管 with two photographs, checked, its answer owed."""
    (received,) = receive([Incoming(channel="scan", words="有人占道摆摊", unit_code=town.shop.code, **more)])
    matter = received.matters[0]
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场劝导")
    officer = Visitor(town.people.east_officer)
    fields = {"words": "摊贩已劝离，路面已冲洗", "lack-before_photo": "too_late"}
    answer = officer.client.post(
        f"/matters/{matter.number}/handle", fields | {"photos": [photograph("a.jpg"), photograph("b.jpg")]}
    )
    assert answer.status_code == 302
    matter.refresh_from_db()
    matters.verify(actor(town.people.grid_east), matter, True, "现场已清")
    matter.refresh_from_db()
    received.report.token = received.token
    return matter, received.report


@pytest.fixture
def phrases(town: SimpleNamespace) -> None:
    enter_shipped(SYSTEM)


def drafted(visitor: Visitor, one: Report) -> str:
    offers = {offer.action.name: offer for offer in visitor.get(f"/reports/{one.number}").context["offers"]}
    return str(offers["reply"].form["words"].value())


def test_the_draft_says_what_was_done_where_when_and_by_whom(town: SimpleNamespace, phrases: None) -> None:
    _matter, one = done_with_photos(town)
    text = drafted(Visitor(town.people.east_officer), one)
    for told in ("东苑面馆", "综合行政执法队", "摊贩已劝离，路面已冲洗", "11月24日", "占道"):
        assert told in text, told
    assert "请填" not in text and "{" not in text


def test_it_goes_out_as_it_stands_with_the_photographs_that_were_ticked(town: SimpleNamespace, phrases: None) -> None:
    matter, one = done_with_photos(town)
    officer = Visitor(town.people.east_officer)
    ticked, left = Evidence.objects.filter(matter=matter).order_by("pk").values_list("upload", flat=True)
    page = officer.read(f"/reports/{one.number}")
    assert (
        f"/files/{ticked}/small" in page and 'name="shown"' in page and " checked" not in page.split("shown")[1][:400]
    )
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    sent = officer.press(
        f"/reports/{one.number}/reply", words=drafted(officer, one), shown=str(ticked), version=version[1]
    )
    assert sent.status_code == 302
    reporter = Visitor(None)
    receipt = reporter.read(f"/r/{one.token}")
    assert f"/r/{one.token}/photo/{ticked}" in receipt and str(left) not in receipt
    assert reporter.get(f"/r/{one.token}/photo/{ticked}").status_code == 200
    assert reporter.get(f"/r/{one.token}/photo/{left}").status_code == 404
    event = ReportEvent.objects.get(report=one, kind="replied")
    assert event.payload["photos"] == [str(ticked)] and event.payload["bytes"]
    assert str(ticked) in Leaf.objects.filter(body__contains=str(event.pk)).get().body
    assert f"/files/{ticked}/small" in content(officer.get(f"/reports/{one.number}")).split("作出答复")[1]


def test_a_photograph_is_shown_no_longer_than_its_matter_is_open_to_all(town: SimpleNamespace, phrases: None) -> None:
    matter, one = done_with_photos(town)
    photo = Evidence.objects.filter(matter=matter).order_by("pk").first()
    assert photo is not None
    officer = actor(town.people.east_officer)
    matters.answer_report(officer, Report.objects.get(), "已劝离", shown=[photo.upload])
    assert Visitor(None).get(f"/r/{one.token}/photo/{photo.upload_id}").status_code == 200
    Matter.objects.filter(pk=matter.pk).update(secret=True)
    assert Visitor(None).get(f"/r/{one.token}/photo/{photo.upload_id}").status_code == 404
    assert str(photo.upload_id) not in Visitor(None).read(f"/r/{one.token}")


def test_no_photograph_of_another_matter_goes_with_it(town: SimpleNamespace, phrases: None) -> None:
    other, _one = done_with_photos(town)
    mine = closed(town).demands.get().report
    strange = Evidence.objects.filter(matter=other).order_by("pk").first()
    assert strange is not None
    officer = Visitor(town.people.east_officer)
    answer = officer.press(f"/reports/{mine.number}/reply", words="今天已到场劝离", shown=str(strange.upload_id))
    mine.refresh_from_db()
    assert answer.status_code == 302 and "photos" not in mine.events.get(kind="replied").payload
    with pytest.raises(MatterStepError):
        matters.answer_report(SYSTEM, Report.objects.get(pk=other.demands.get().report_id), "x", shown=[photo_of(mine)])


def photo_of(one: Report) -> Any:
    from doudi.web.files.services import keep_photo

    return keep_photo(photograph("c.jpg"))


@pytest.mark.parametrize("note", ["赵小云说满意。", "赵女士家门口也清了。", "已回电13900001234。", "内部掌握。"])
def test_names_and_numbers_of_others_and_words_for_the_house_stay_out(
    town: SimpleNamespace, phrases: None, note: str
) -> None:
    matter = report(town, name="钱多多")
    other = report(town, words="面馆门口占道摆摊很吵", name="赵小云", phone="13900001234")
    desk = actor(town.people.desk)
    matters.dispatch(desk, matter, kind=STALL)
    matters.merge(desk, other, matter, "同一件")
    matter.refresh_from_db()
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "好")
    matters.handle(actor(town.people.east_officer), matter, f"路面已冲洗。{note}", lacking=NO_PHOTO)
    matter.refresh_from_db()
    matters.verify(actor(town.people.grid_east), matter, True, "好")
    one = Report.objects.order_by("received_at", "pk").first()
    assert one is not None
    text = drafted(Visitor(town.people.east_officer), one)
    assert "路面已冲洗" in text and note not in text and "13900001234" not in text and "赵" not in text


def test_of_what_is_secret_nothing_is_taken(town: SimpleNamespace, phrases: None) -> None:
    _matter, one = done_with_photos(town, secret=True)
    officer = Visitor(town.people.east_officer)
    draft = draft_of(actor(town.people.east_officer), Report.objects.get(), final=True)
    assert draft.photos == [] and "冲洗" not in draft.text and "〔请填：处置情况〕" in draft.text
    page = officer.read(f"/reports/{one.number}")
    assert "要保密，处置情况和照片不自动带入" in page and 'name="shown"' not in page


def test_several_things_asked_are_answered_one_by_one(town: SimpleNamespace, phrases: None) -> None:
    asks = ("有人占道摆摊", "面馆噪声很大")
    (received,) = receive([Incoming(channel="phone", words="\n".join(asks), demands=asks, unit_code=town.shop.code)])
    for matter in received.matters:
        matters.dispatch(actor(town.people.desk), matter, kind=STALL)
        for post, who in (("committee.east", "committee"),):
            matters.finish_support(actor(getattr(town.people, who)), matter, town.posts[post], "好")
        matter.refresh_from_db()
        matters.handle(actor(town.people.east_officer), matter, f"已处理{matter.number[-3:]}号", lacking=NO_PHOTO)
        matter.refresh_from_db()
        matters.verify(actor(town.people.grid_east), matter, True, "好")
    text = drafted(Visitor(town.people.east_officer), received.report)
    first, second = (f"已处理{one.number[-3:]}号" for one in received.matters)
    assert f"一是{first}；二是{second}" in text


def test_whoever_cannot_be_reached_is_told_in_writing_first(town: SimpleNamespace, phrases: None) -> None:
    _matter, one = done_with_photos(town, phone="13900001234")
    desk = Visitor(town.people.desk)
    assert "多次拨打" not in drafted(desk, one)
    for _try in range(3):
        desk.press(f"/reports/{one.number}/contact", outcome="no_answer")
    assert "多次拨打您留的电话没有接通" in drafted(desk, one)


def test_without_phrases_the_note_itself_is_proposed(town: SimpleNamespace) -> None:
    _matter, one = done_with_photos(town)
    assert drafted(Visitor(town.people.east_officer), one) == "摊贩已劝离，路面已冲洗"


def test_a_word_on_how_things_stand_begins_with_its_phrase(town: SimpleNamespace, phrases: None) -> None:
    matter = report(town)
    desk = Visitor(town.people.desk)
    page = desk.get(f"/reports/{matter.demands.get().report.number}")
    tell = next(offer for offer in page.context["offers"] if offer.action.name == "tell")
    assert "正在处理" in tell.form["words"].value() and "东苑面馆" in tell.form["words"].value()


def test_what_is_doubtful_is_said_at_the_words_and_goes_all_the_same_with_a_word(town: SimpleNamespace) -> None:
    _matter, one = done_with_photos(town)
    officer = Visitor(town.people.east_officer)
    base = f"/reports/{one.number}"
    held = officer.press(f"{base}/reply", words="已处理，师傅去过了。")
    page = content(held)
    assert held.status_code == 400 and "已处理，师傅去过了。" in page
    for said in ("没有写怎么做的", "是口语", "没有写时间"):
        assert said in page.split('id="reply-words_error"')[1], said
    assert 'type="text" name="anyway"' in page and 'data-doubt="已处理"' in page
    assert not ReportEvent.objects.filter(report=one, kind="replied").exists()
    sent = officer.press(f"{base}/reply", words="已处理，师傅去过了。", anyway="诉求人在场，当面说清了")
    assert sent.status_code == 302
    doubted, replied = ReportEvent.objects.filter(report=one, kind__in=["doubted", "replied"]).order_by("seq")
    assert doubted.payload["doubts"] == ["vague", "spoken", "no_day"] and doubted.words is not None
    assert doubted.words.text == "诉求人在场，当面说清了" and replied.kind == "replied"
    story = officer.read(base)
    assert "答复前有提示，写明理由后照发" in story and "没写怎么做的、口语、没写时间：诉求人在场" in story
    receipt = Visitor(None).read(f"/r/{one.token}")
    assert "当面说清了" not in receipt and "照发" not in receipt


def test_a_claim_that_nobody_noted_is_doubted_until_the_call_is(town: SimpleNamespace) -> None:
    _matter, one = done_with_photos(town, phone="13900001234")
    officer = Visitor(town.people.east_officer)
    words = "11月24日已与您取得联系，到场劝离了摊贩。"
    held = officer.press(f"/reports/{one.number}/reply", words=words)
    assert held.status_code == 400 and "记录里还没有联系上过" in content(held)
    officer.press(f"/reports/{one.number}/contact", outcome="reached")
    assert officer.press(f"/reports/{one.number}/reply", words=words).status_code == 302
    assert not ReportEvent.objects.filter(report=one, kind="doubted").exists()


@pytest.mark.parametrize("anyway", ["", "   "])
def test_nothing_doubtful_goes_without_a_word(town: SimpleNamespace, anyway: str) -> None:
    done_with_photos(town)
    with pytest.raises(ReplyError):
        matters.answer_report(
            actor(town.people.east_officer), Report.objects.get(), "已处理", doubts=["vague"], anyway=anyway
        )
    assert Report.objects.get().status == "received"


def test_every_phrase_that_comes_along_passes_when_it_is_filled(town: SimpleNamespace, phrases: None) -> None:
    _matter, _one = done_with_photos(town)
    draft = draft_of(actor(town.people.east_officer), Report.objects.get(), final=True)
    assert draft.phrases
    for name, text in draft.phrases:
        assert review(text, About(False)) == (), name
