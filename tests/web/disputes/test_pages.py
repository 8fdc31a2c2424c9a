"""The pages of disputes: who sees what, steps that keep what was typed, and what leaves the house by a link."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web import clock
from doudi.web.disputes import links
from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, Ruling, Statement
from doudi.web.disputes.signatures import lines_of
from doudi.web.matters.models import Application, Matter
from tests.web.disputes.arguing import fresh, manhole, opened, ruling, stall, to_town
from tests.web.town import actor


def signed_in(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def path(dispute: Dispute) -> str:
    return f"/disputes/{dispute.matter.number}/{dispute.seq}"


def test_the_page_shows_the_arguments_side_by_side_and_who_holds_meanwhile(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street")
    statement = Statement.objects.get(post="greening.street")
    disputes.give_statement(
        actor(gap.people.cleaner), statement, "object", "不在清单", "清单第3项", "[[[1,2],[30,40]]]"
    )
    page = signed_in(gap.people.desk).get(path(dispute)).content.decode()
    for said in (
        "东片网格长",
        "承办",
        "不在清单",
        "清单第3项",
        "等陈述",
        "值班岗裁定",
        "现场会商",
        "没有规则管到",
        'points="1,2 30,40"',
    ):
        assert said in page


def test_who_was_not_asked_finds_nothing(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    for who in ("market", "west_officer", "auditor"):
        for end in ("", "/minutes"):
            assert signed_in(getattr(gap.people, who)).get(path(dispute) + end).status_code == 404
        assert signed_in(getattr(gap.people, who)).post(path(dispute) + "/withdraw", {"words": "x"}).status_code == 404
    assert Client().get(path(dispute)).status_code == 302


def test_a_party_of_another_office_sees_the_dispute_but_not_the_matter(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "market.food")
    client = signed_in(gap.people.market)
    page = client.get(path(dispute)).content.decode()
    assert "请市监食品岗陈述意见" in page
    assert f'href="/matters/{dispute.matter.number}"' not in page
    assert client.get(f"/matters/{dispute.matter.number}").status_code == 404
    assert "等您陈述" in client.get("/disputes").content.decode()


def test_a_refused_step_keeps_what_was_typed(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    response = signed_in(gap.people.desk).post(
        path(dispute) + "/rule", {"lead": "committee.east", "words": "写了很久的裁定理由", "version": dispute.version}
    )
    assert response.status_code == 400
    assert "写了很久的裁定理由" in response.content.decode()
    stale = signed_in(gap.people.desk).post(
        path(dispute) + "/propose", {"holder": "greening.street", "words": "方案甲", "version": 7}
    )
    assert (stale.status_code, "刚刚被别人更新过" in stale.content.decode(), "方案甲" in stale.content.decode()) == (
        409,
        True,
        True,
    )
    assert signed_in(gap.people.desk).post(path(dispute) + "/nonsense", {}).status_code == 404


def test_the_desk_rules_on_the_page(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street")
    response = signed_in(gap.people.desk).post(
        path(dispute) + "/rule", {"lead": "greening.street", "words": "就近", "version": dispute.version}
    )
    assert (response.status_code, response.url) == (302, path(dispute))  # type: ignore[attr-defined]
    page = signed_in(gap.people.desk).get(path(dispute)).content.decode()
    assert "裁定：由市容保洁岗承办" in page
    assert (
        "裁定由市容保洁岗承办" in signed_in(gap.people.desk).get(f"/matters/{dispute.matter.number}").content.decode()
    )


def test_before_the_town_rules_it_sees_what_each_scope_would_become(gap: SimpleNamespace) -> None:
    dispute = to_town(gap, opened(gap))
    manhole(gap)
    page = signed_in(gap.people.leader).get(path(dispute)).content.decode()
    for said in ("如果定给东片网格长", "东苑路窨井", "东苑居民区", "井盖缺失", "2 件"):
        assert said in page
    assert "不是东片网格长" not in page


def test_after_the_ruling_the_rule_stands_on_the_page_and_in_the_minutes(gap: SimpleNamespace) -> None:
    dispute = to_town(gap, opened(gap))
    disputes.rule(actor(gap.people.leader), dispute, ruling(gap, "greening.street", scope="spot", cost_bearer="镇财政"))
    made = Ruling.objects.get()
    for end in ("", "/minutes"):
        page = signed_in(gap.people.leader).get(path(dispute) + end).content.decode()
        for said in (made.rules[0], "空白裁定", "镇财政", "镇职责会商纪要第1号"):
            assert said in page


def test_ruling_and_draft_lead_to_each_other(gap: SimpleNamespace) -> None:
    dispute = to_town(gap, opened(gap))
    made = disputes.rule(actor(gap.people.leader), dispute, ruling(gap, "greening.street", scope="spot"))
    leader = signed_in(gap.people.leader)
    assert f"/rulebook/versions/{made.draft_id}/replay" in leader.get(path(dispute)).content.decode()
    draft = leader.get(f"/rulebook/versions/{made.draft_id}").content.decode()
    assert "出自裁定" in draft and path(dispute) in draft


@pytest.mark.parametrize("who", ["desk", "shift", "leader", "east_officer", "grid_east"])
def test_the_board_opens_for_those_who_argue(gap: SimpleNamespace, who: str) -> None:
    opened(gap)
    assert signed_in(getattr(gap.people, who)).get("/disputes").status_code == 200


def test_the_board_is_no_page_for_an_auditor(gap: SimpleNamespace) -> None:
    assert signed_in(gap.people.auditor).get("/disputes").status_code == 404


def test_the_board_shows_each_dispute_on_its_level(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    to_town(gap, dispute)
    page = signed_in(gap.people.desk).get("/disputes").content.decode()
    town = page.split('aria-label="镇级裁定"')[1].split("</section>")[0]
    assert "井盖缺失" in town and "0/1 方已陈述" in town


def test_the_statement_page_is_for_whoever_was_asked(gap: SimpleNamespace) -> None:
    opened(gap, "market.food")
    made = Statement.objects.get(post="market.food")
    client = signed_in(gap.people.market)
    page = client.get(f"/disputes/statements/{made.pk}").content.decode()
    assert "市监食品岗的陈述" in page and "先催办" in page
    refused = client.post(
        f"/disputes/statements/{made.pk}", {"stance": "object", "words": "不归我", "basis": "", "signature": "甲"}
    )
    assert (
        refused.status_code == 409 and "不归我" in refused.content.decode() and "要写依据" in refused.content.decode()
    )
    done = client.post(
        f"/disputes/statements/{made.pk}", {"stance": "object", "words": "不归我", "basis": "三定", "signature": "甲"}
    )
    assert done.status_code == 302
    assert Statement.objects.get(pk=made.pk).stance == "object"
    assert signed_in(gap.people.cleaner).get(f"/disputes/statements/{made.pk}").status_code == 404
    kept = client.post(f"/disputes/statements/{made.pk}/absent", {"words": "", "delegate": "副所长"})
    assert kept.status_code == 400 and 'value="副所长"' in kept.content.decode()
    absent = client.post(f"/disputes/statements/{made.pk}/absent", {"words": "出差", "delegate": "副所长"})
    assert absent.status_code == 302 and Statement.objects.get(pk=made.pk).delegate == "副所长"


def test_the_page_of_a_body_outside_tells_nothing_of_the_reporter(gap: SimpleNamespace) -> None:
    Matter.objects.update(summary="张女士 13900000000 说窨井没盖")
    made = disputes.invite_body(actor(gap.people.desk), opened(gap), "供电公司", "王工 021-1")
    client = Client()
    response = client.get(f"/s/{links.token_for(made)}")
    page = response.content.decode()
    assert response.status_code == 200
    assert "请供电公司陈述意见" in page and "东苑路窨井" in page
    for secret in ("张女士", "13900000000", "窨井没有盖子", "王工", made.dispute.matter.number, "东片网格长"):
        assert secret not in page
    assert "noindex" in response["X-Robots-Tag"] and response["Cache-Control"] == "no-store"
    done = client.post(
        f"/s/{links.token_for(made)}", {"stance": "help", "words": "可提供图纸", "basis": "", "signature": "李工"}
    )
    assert "陈述已收到" in done.content.decode()
    again = client.get(f"/s/{links.token_for(made)}")
    assert (again.status_code, "只用一次" in again.content.decode()) == (410, True)


def test_a_link_that_does_not_open_says_why(gap: SimpleNamespace) -> None:
    made = disputes.invite_body(actor(gap.people.desk), opened(gap), "供电公司")
    assert Client().get("/s/nonsense").status_code == 410
    with clock.at(made.due_at):
        late = Client().get(f"/s/{links.token_for(made)}")
    assert (late.status_code, "已经过期" in late.content.decode()) == (410, True)


def test_a_body_outside_cannot_offer_to_hold(gap: SimpleNamespace) -> None:
    made = disputes.invite_body(actor(gap.people.desk), opened(gap), "供电公司")
    refused = Client().post(f"/s/{links.token_for(made)}", {"stance": "take", "words": "x", "signature": "李工"})
    assert refused.status_code == 400


def test_the_convenor_finds_the_link_and_may_send_another(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    desk = signed_in(gap.people.desk)
    desk.post(path(dispute) + "/body", {"body": "供电公司", "contact": "", "version": dispute.version})
    made = Statement.objects.get(body="供电公司")
    assert links.token_for(made) in desk.get(path(dispute)).content.decode()
    assert links.token_for(made) not in signed_in(gap.people.grid_east).get(path(dispute)).content.decode()
    desk.post(path(dispute) + f"/links/{made.pk}")
    assert Client().get(f"/s/{links.token_for(made)}").status_code == 410
    made.refresh_from_db()
    assert Client().get(f"/s/{links.token_for(made)}").status_code == 200


def test_from_the_matter_page_a_holder_asks_and_the_desk_refers(town: SimpleNamespace) -> None:
    matter = stall(town)
    officer, desk = signed_in(town.people.east_officer), signed_in(town.people.desk)
    assert f"/disputes/transfer/{matter.number}" in officer.get(f"/matters/{matter.number}").content.decode()
    assert f"/disputes/transfer/{matter.number}" not in desk.get(f"/matters/{matter.number}").content.decode()
    given = {"proposed": "greening.street", "reason": "是垃圾", "basis": "清单第12项"}
    refused = officer.post(f"/disputes/transfer/{matter.number}", {**given, "basis": ""})
    assert refused.status_code == 400 and "是垃圾" in refused.content.decode()
    assert officer.post(f"/disputes/transfer/{matter.number}", given).url == f"/matters/{matter.number}"  # type: ignore[attr-defined]
    asked = Application.objects.get()
    assert f"/disputes/refer/{asked.pk}" in desk.get(f"/matters/{matter.number}").content.decode()
    assert officer.post(f"/disputes/refer/{asked.pk}", {"words": "x"}).status_code == 404
    assert desk.post(f"/disputes/refer/{asked.pk}", {"words": "两边都有理"}).status_code == 302
    assert "改派申请提请裁定" in desk.get(path(Dispute.objects.get())).content.decode()


def test_the_desk_opens_a_dispute_from_the_matter_page(gap: SimpleNamespace) -> None:
    number = Matter.objects.get().number
    desk = signed_in(gap.people.desk)
    assert f"/disputes/new/{number}" in desk.get(f"/matters/{number}").content.decode()
    assert desk.get(f"/disputes/new/{number}").status_code == 200
    assert signed_in(gap.people.grid_east).get(f"/disputes/new/{number}").status_code == 404
    answered = desk.post(f"/disputes/new/{number}", {"words": "说不清", "invited": ["greening.street"]})
    assert answered.url == path(Dispute.objects.get())  # type: ignore[attr-defined]
    again = desk.post(f"/disputes/new/{number}", {"words": "再来"})
    assert again.status_code == 409 and "再来" in again.content.decode()


def test_precedents_stand_beside_what_is_unclear(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    disputes.rule(actor(gap.people.desk), fresh(dispute), ruling(gap, "greening.street"))
    again = manhole(gap)
    page = signed_in(gap.people.desk).get(f"/matters/{again.number}").content.decode()
    assert "相似的先例" in page and "至今有效" in page and path(dispute) in page


def test_my_work_and_the_place_tell_of_it(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street")
    made = Statement.objects.get(post="greening.street")
    cleaner = signed_in(gap.people.cleaner)
    assert f"/disputes/statements/{made.pk}" in cleaner.get("/work").content.decode()
    Matter.objects.update(restricted=True, secret=True, summary="只给圈内人看")
    for path_ in ("/work", "/disputes"):
        assert "只给圈内人看" not in cleaner.get(path_).content.decode()
    Matter.objects.update(restricted=False)
    disputes.rule(actor(gap.people.desk), fresh(dispute), ruling(gap, "greening.street"))
    assert f"/disputes/statements/{made.pk}" not in cleaner.get("/work").content.decode()
    assert "此处的裁定" in signed_in(gap.people.desk).get(f"/units/{gap.manhole.code}").content.decode()


def test_strokes_are_numbers_and_nothing_else() -> None:
    assert lines_of("[[[1,2],[3,4]],[[5,5]]]") == ("1,2 3,4",)
    for wrong in ("", "<svg onload=x>", "[[[1,2],[999,4]]]", '{"a":1}', "[1,2", "[[1,2]]"):
        assert lines_of(wrong) == ()
