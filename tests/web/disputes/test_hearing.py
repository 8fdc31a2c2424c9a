"""Parties are asked and answer: whoever sits on the post, a body outside by a link that works once, or somebody for them."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.disputes import links
from doudi.web.disputes import services as disputes
from doudi.web.disputes.errors import DisputeError, LinkError
from doudi.web.disputes.models import Dispute, Statement
from doudi.web.disputes.queries import asked_of, visible_disputes
from doudi.web.fsck.queries import examine
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Matter
from doudi.web.people.errors import NotAllowedError
from doudi.web.records.errors import StaleError
from tests.web.disputes.arguing import fresh, opened, ruling, says
from tests.web.disputes.test_pages import signed_in
from tests.web.town import TUESDAY, actor


def of(dispute: Dispute, post: str) -> Statement:
    return Statement.objects.get(dispute=dispute, post=post)


def by_link(
    made: Statement, *, stance: str = "help", words: str = "只能提供图纸", basis: str = "", sign: str = "李工"
) -> Statement:
    return disputes.give_statement_by_link(links.token_for(made), stance, words, basis, sign)


def test_who_was_asked_sees_the_dispute_and_answers_though_the_matter_is_not_theirs(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "market.food")
    market = actor(gap.people.market)
    assert list(asked_of(market)) == [of(dispute, "market.food")]
    assert list(visible_disputes(market)) == [dispute]
    disputes.give_statement(
        market, of(dispute, "market.food"), "object", "窨井不归市监", "三定方案", strokes="[[[1,2],[30,40]]]"
    )
    said = of(dispute, "market.food")
    assert (said.stance, said.words.text, said.basis.text, said.answered_by) == (
        "object",
        "窨井不归市监",
        "三定方案",
        gap.people.market,
    )
    assert "三定方案" not in "".join(Leaf.objects.values_list("body", flat=True)), "the journal only commits to words"
    assert list(asked_of(market)) == []
    assert list(visible_disputes(actor(gap.people.west_officer))) == []


def test_nobody_speaks_for_another_post(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "market.food")
    for who in ("desk", "cleaner", "leader"):
        with pytest.raises(DisputeError, match="自己能陈述"):
            disputes.give_statement(actor(getattr(gap.people, who)), of(dispute, "market.food"), "agree")


def test_a_party_may_think_again_until_the_ruling(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street")
    says(gap, "cleaner", dispute, "object", "不在清单", "清单第3项")
    says(gap, "cleaner", dispute, "take")
    assert of(dispute, "greening.street").stance == "take"
    assert Leaf.objects.filter(body__contains='"kind":"dispute_stated"').count() == 2
    disputes.rule(actor(gap.people.desk), fresh(dispute), ruling(gap, "greening.street"))
    with pytest.raises(Exception, match="已经结束"):
        says(gap, "cleaner", dispute, "object", "反悔", "没有")


def test_only_who_convenes_invites_and_nobody_twice(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    disputes.invite(actor(gap.people.desk), dispute, gap.posts["greening.street"])
    with pytest.raises(DisputeError, match="已经在邀请之列"):
        disputes.invite(actor(gap.people.desk), fresh(dispute), gap.posts["greening.street"])
    with pytest.raises(DisputeError, match="由召集人"):
        disputes.invite(actor(gap.people.grid_east), fresh(dispute), gap.posts["market.food"])
    with pytest.raises(NotAllowedError):
        disputes.invite(actor(gap.people.market), fresh(dispute), gap.posts["market.food"])


def test_a_body_outside_answers_once_by_its_link(gap: SimpleNamespace) -> None:
    made = disputes.invite_body(actor(gap.people.desk), opened(gap), "供电公司", "王工 021-1")
    said = by_link(made)
    assert (said.stance, said.words.text, said.signature.text) == ("help", "只能提供图纸", "李工")
    with pytest.raises(LinkError, match="只用一次"):
        by_link(made)
    assert [str(one) for one in examine() if not one.code.startswith("job.")] == []


def test_a_link_that_is_forged_replaced_or_out_of_date_says_what_to_do(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    made = disputes.invite_body(actor(gap.people.desk), dispute, "供电公司")
    other = disputes.invite_body(actor(gap.people.desk), fresh(dispute), "电信公司")
    token = links.token_for(made)
    for forged in (token[:-1] + "x", links.token_for(other).split("~")[0] + "~" + token.split("~")[1], "", made.pk.hex):
        with pytest.raises(LinkError, match="不是由本平台发出"):
            disputes.give_statement_by_link(forged, "agree", "", "", "李工")
    disputes.renew_link(actor(gap.people.desk), made)
    with pytest.raises(LinkError, match="已经作废"):
        disputes.give_statement_by_link(token, "agree", "", "", "李工")
    made.refresh_from_db()
    with clock.at(made.due_at), pytest.raises(LinkError, match="已经过期"):
        by_link(made)
    with pytest.raises(DisputeError, match="姓名或签名"):
        by_link(made, sign=" ")
    disputes.withdraw(actor(gap.people.desk), fresh(dispute), "谈妥了")
    with pytest.raises(LinkError, match=r"已经作废|已经结束"):
        by_link(made)


def test_a_restricted_matter_never_leaves_by_a_link(gap: SimpleNamespace) -> None:
    dispute = opened(gap)
    Matter.objects.update(restricted=True)
    with pytest.raises(DisputeError, match="限制知悉"):
        disputes.invite_body(actor(gap.people.shift), dispute, "供电公司")


def test_absence_and_delegation_are_written_down(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street", "market.food")
    disputes.note_absence(actor(gap.people.cleaner), of(dispute, "greening.street"), "外出培训", "副所长张工")
    disputes.note_absence(actor(gap.people.desk), of(dispute, "market.food"), "联系不上")
    assert (of(dispute, "greening.street").delegate, of(dispute, "greening.street").absent) == ("副所长张工", False)
    assert of(dispute, "market.food").absent
    with pytest.raises(DisputeError, match="缺席的原因"):
        disputes.note_absence(actor(gap.people.cleaner), of(dispute, "greening.street"), " ")


def test_another_proposal_asks_those_anew_who_agreed_with_the_first(gap: SimpleNamespace) -> None:
    dispute = opened(gap, "greening.street")
    desk = actor(gap.people.desk)
    disputes.propose(desk, dispute, gap.posts["greening.street"], "就近")
    says(gap, "grid_east", dispute, "agree")
    disputes.propose(desk, fresh(dispute), gap.posts["market.food"], "改一下")
    assert of(dispute, "grid.east").stance == ""
    assert of(dispute, "market.food").own is False
    with pytest.raises(StaleError):
        disputes.propose(desk, dispute_of_old(dispute), gap.posts["greening.street"], "再改")


def dispute_of_old(dispute: Dispute) -> Dispute:
    old = fresh(dispute)
    old.version -= 1
    return old


def test_a_reminder_goes_out_once_at_half_time(gap: SimpleNamespace) -> None:
    from doudi.web.jobs.models import Job

    opened(gap, "greening.street")
    with clock.at(TUESDAY + timedelta(minutes=14)):
        assert disputes.sweep() == 0
    with clock.at(TUESDAY + timedelta(minutes=15)):
        assert disputes.sweep() == 2
        assert disputes.sweep() == 0
    assert Job.objects.filter(kind="notify_dispute", key__startswith="dispute_reminded").count() == 2


def test_a_statement_bears_the_name_of_whoever_is_signed_in(gap: SimpleNamespace) -> None:
    """Whatever a form says: nobody signs with the name of another."""
    dispute = opened(gap, "market.food")
    made = of(dispute, "market.food")
    data = {"stance": "object", "words": "不归我", "basis": "三定", "signature": "王局长"}
    assert signed_in(gap.people.market).post(f"/disputes/statements/{made.pk}", data).status_code == 302
    assert of(dispute, "market.food").signature.text == gap.people.market.name
