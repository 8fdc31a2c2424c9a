"""Kept answers: owned, found by what is said, and asked about once their last day has passed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from doudi.engine.answers.vocabulary import AnswerNotice
from doudi.web import clock
from doudi.web.answers import checks, services
from doudi.web.answers.errors import KeptError
from doudi.web.answers.models import KeptAnswer
from doudi.web.answers.queries import answers_about, kept_answers, versions_of
from doudi.web.answers.services import NewAnswer, ask_owners
from doudi.web.notices.models import Notice
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.registry.proof import Walk
from tests.web.desk.conftest import Visitor, closed, content
from tests.web.town import TUESDAY, actor

LATER = date(2027, 6, 30)
LAMP = NewAnswer("路灯不亮了怎么报修", "打城运中心电话报修，两个工作日内修好", "养护合同第五条", "uoc.duty", LATER)


def kept(town: SimpleNamespace, new: NewAnswer = LAMP) -> KeptAnswer:
    return services.enter_answer(actor(town.people.desk), new)


def test_every_version_is_there_and_comes_back(town: SimpleNamespace) -> None:
    by, one = actor(town.people.desk), kept(town)
    services.change_answer(by, one, replace(LAMP, answer="三天内修好", valid_until=date(2028, 1, 1)))
    services.end_answer(by, one)
    assert kept_answers() == [] and kept_answers("ended") == [one]
    services.restore_answer(by, one, 1)
    one.refresh_from_db()
    assert (one.answer, one.valid_until, one.ended_at, one.version) == (LAMP.answer, LATER, None, 4)
    assert [version.said["valid_until"] for version in versions_of(one)][-1] == LATER
    assert list(checks.told(Walk("answers"))) == []
    KeptAnswer.objects.filter(pk=one.pk).update(basis="别的")
    assert [found.about for found in checks.told(Walk("answers"))] == [f"kept/{one.pk}"]


def test_whoever_owns_it_changes_it_and_the_desk_any(town: SimpleNamespace) -> None:
    officer = actor(town.people.east_officer)
    own = services.enter_answer(officer, replace(LAMP, owner="chengguan.east"))
    services.change_answer(officer, own, replace(LAMP, owner="chengguan.east", answer="改了"))
    services.change_answer(actor(town.people.desk), own, replace(LAMP, owner="chengguan.east", answer="值班岗改的"))
    other = kept(town)
    for step in (
        lambda: services.enter_answer(officer, LAMP),
        lambda: services.change_answer(officer, own, LAMP),
        lambda: services.change_answer(officer, other, replace(LAMP, owner="chengguan.east")),
        lambda: services.end_answer(officer, other),
        lambda: services.restore_answer(officer, other, 1),
        lambda: services.enter_answer(actor(town.people.grid_east), replace(LAMP, owner="grid.east")),
        lambda: services.enter_answer(actor(town.people.leader), LAMP),
    ):
        with pytest.raises(NotAllowedError):
            step()
    Post.objects.filter(pk="market.food").update(until=clock.today())
    with pytest.raises(KeptError):
        kept(town, replace(LAMP, owner="market.food"))


def test_one_that_expired_asks_its_owner_once_in_the_digest_of_the_day(town: SimpleNamespace) -> None:
    one = kept(town, replace(LAMP, owner="chengguan.east", valid_until=clock.today()))
    assert ask_owners() == 0
    with clock.at(TUESDAY + timedelta(days=1)):
        assert ask_owners() == 1 and ask_owners() == 0
        notice = Notice.objects.get(kind=AnswerNotice.EXPIRED)
        assert (notice.post_id, notice.urgent, notice.path) == ("chengguan.east", False, f"/answers/{one.pk}")
        assert notice.digest is not None
        assert "已过有效期" in Visitor(town.people.east_officer).read("/notices")
        services.change_answer(
            actor(town.people.desk), one, replace(LAMP, owner="chengguan.east", valid_until=date(2026, 11, 25))
        )
        assert ask_owners() == 0
    with clock.at(TUESDAY + timedelta(days=2)):
        assert ask_owners() == 1
        services.end_answer(actor(town.people.desk), one)
    with clock.at(TUESDAY + timedelta(days=3)):
        assert ask_owners() == 0


def test_where_the_owner_is_gone_the_desk_is_asked(town: SimpleNamespace) -> None:
    kept(town, replace(LAMP, owner="market.food", valid_until=clock.today()))
    Post.objects.filter(pk="market.food").update(until=clock.today())
    with clock.at(TUESDAY + timedelta(days=1)):
        assert ask_owners() == 1
        assert Notice.objects.get(kind=AnswerNotice.EXPIRED).post_id == "uoc.duty"


def test_it_is_found_by_what_is_said_and_not_once_it_ended(town: SimpleNamespace) -> None:
    one = kept(town)
    kept(town, replace(LAMP, question="养犬证怎么办理"))
    assert answers_about("我们小区路灯不亮，两天了") == [one]
    assert answers_about("") == [] and answers_about("楼上漏水") == []
    services.end_answer(actor(town.people.desk), one)
    assert answers_about("我们小区路灯不亮，两天了") == []


def test_the_pages_of_whoever_owns_it(town: SimpleNamespace) -> None:
    officer = Visitor(town.people.east_officer)
    assert "还没有口径" in officer.read("/answers")
    fields: dict[str, Any] = {
        "question": "夜间可以摆摊吗",
        "answer": "不可以",
        "basis": "市容条例",
        "valid_until": "2027-01-01",
    }
    strange = officer.press("/answers", owner="uoc.duty", **fields)
    assert strange.status_code == 400 and "市容条例" in content(strange)
    past = officer.press("/answers", owner="chengguan.east", **{**fields, "valid_until": "2026-11-23"})
    assert past.status_code == 400 and "已经过去了" in content(past)
    assert officer.press("/answers", owner="chengguan.east", **fields).status_code == 302
    one = KeptAnswer.objects.get()
    assert "夜间可以摆摊吗" in officer.read("/answers?q=摆摊 条例") and "没有找到" in officer.read("/answers?q=路灯")
    grid = Visitor(town.people.grid_east)
    page = grid.read(f"/answers/{one.pk}")
    assert "不可以" in page and "/change" not in page and "恢复这一版" not in page
    assert grid.press(f"/answers/{one.pk}/end", version="1").status_code == 404
    west = Visitor(town.people.west_officer)
    assert "/change" not in west.read(f"/answers/{one.pk}")
    assert west.press(f"/answers/{one.pk}/end", version="1").status_code == 404
    changed = officer.client.post(
        f"/answers/{one.pk}/change",
        {**fields, "owner": "chengguan.east", "answer": "看地段", "version": "1"},
        follow=True,
    )
    assert "看地段" in content(changed) and "撤销" in content(changed)
    officer.press(f"/answers/{one.pk}/restore", to="1", version="2")
    assert KeptAnswer.objects.get().answer == "不可以"
    for who in ("committee", "auditor", "admin"):
        Visitor(getattr(town.people, who)).read("/answers", 404)


def test_it_stands_beside_a_call_and_beside_a_reply_and_says_when_it_expired(town: SimpleNamespace) -> None:
    stall = replace(LAMP, question="占道摆摊归谁管", answer="城管管，可打电话", valid_until=clock.today())
    one = kept(town, stall)
    desk = Visitor(town.people.desk)
    heard = content(desk.press("/desk/new/hear", words="门口有人占道摆摊"))
    assert "城管管，可打电话" in heard and f"/answers/{one.pk}" in heard and "已过期" not in heard
    made = closed(town).demands.get().report
    page = desk.read(f"/reports/{made.number}")
    assert 'data-into="reply-words"' in page and "城管管，可打电话" in page
    # Who does not answer is not helped to.
    assert "城管管，可打电话" not in Visitor(town.people.grid_east).read(f"/reports/{made.number}")
    with clock.at(TUESDAY + timedelta(days=1)):
        desk = Visitor(town.people.desk)
        for said in (
            content(desk.press("/desk/new/hear", words="门口有人占道摆摊")),
            desk.read(f"/reports/{made.number}"),
        ):
            assert "已过期" in said and "用之前请先问城运值班岗" in said
