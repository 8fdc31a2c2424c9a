"""What the tests of disputes say over and over."""

from __future__ import annotations

from types import SimpleNamespace

from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, Statement
from doudi.web.matters.models import Matter
from doudi.web.triage.services import Incoming, receive
from tests.web.town import actor


def manhole(town: SimpleNamespace) -> Matter:
    return received("窨井没有盖子，危险", town.manhole.code)


def fume(town: SimpleNamespace) -> Matter:
    return received("饭店油烟呛人", town.shop.code)


def stall(town: SimpleNamespace) -> Matter:
    return received("有人占道摆摊", town.shop.code)


def received(words: str, unit: str) -> Matter:
    (received,) = receive([Incoming("scan", words, unit_code=unit)], auto_dispatch=True)
    return Matter.objects.select_related("holder").get(pk=received.matters[0].pk)


def opened(town: SimpleNamespace, *invited: str) -> Dispute:
    matter = Matter.objects.get(pk=town.matter.pk)
    return disputes.open_dispute(
        actor(town.people.desk), matter, "两家都说不是自己", invited=[town.posts[code] for code in invited]
    )


def fresh(dispute: Dispute) -> Dispute:
    return Dispute.objects.get(pk=dispute.pk)


def says(town: SimpleNamespace, who: str, dispute: Dispute, stance: str, words: str = "", basis: str = "") -> None:
    post = {seat.post.code for seat in actor(getattr(town.people, who)).seats}
    statement = Statement.objects.get(dispute=dispute, post__in=post)
    disputes.give_statement(actor(getattr(town.people, who)), statement, stance, words, basis)


def to_town(town: SimpleNamespace, dispute: Dispute) -> Dispute:
    disputes.raise_level(actor(town.people.desk), fresh(dispute), "值班岗定不了", to="town")
    return fresh(dispute)


def ruling(town: SimpleNamespace, lead: str, **columns: object) -> disputes.NewRuling:
    return disputes.NewRuling(lead=town.posts[lead], words="现场看过，就近承办", basis="镇职责会商纪要第1号", **columns)  # type: ignore[arg-type]
