"""Crews and their prices: entered, changed by adding, ended. What was ordered keeps its price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from doudi.engine.people.vocabulary import Power
from doudi.engine.resources.works import work_kind
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.backstop.errors import CrewError
from doudi.web.backstop.models import Crew, CrewPrice
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.people.models import Office, Post

#: who can be sent: the town's own, those dispatched to it, and whom it has a contract with
_SENT = (Office.Relation.OWN, Office.Relation.DISPATCHED, Office.Relation.CONTRACTOR)


@dataclass(frozen=True, slots=True)
class NewPrice:
    work: str
    name: str
    unit: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class NewCrew:
    """``areas``: none means the whole town. ``post``: where its lead is rostered, if it has a post."""

    code: str
    office: str
    name: str
    works: tuple[str, ...]
    prices: tuple[NewPrice, ...]
    phone: str = ""
    post: str | None = None
    areas: tuple[str, ...] = ()


@unit_of_work()
def save_crew(actor: Actor, new: NewCrew) -> Crew:
    """Enter a crew, or change one; a price that differs ends today and a new one begins."""
    actor.require(Power.MANAGE_CREWS)
    today = clock.today()
    office = Office.objects.filter(pk=new.office, until__isnull=True).first()
    if office is None or office.relation not in _SENT:
        raise CrewError(
            "“{office}”派不出队伍：请选镇属、派驻单位或签了合同的养护作业单位。",
            office=office.name if office else new.office,
        )
    post = Post.objects.filter(pk=new.post, until__isnull=True).first() if new.post else None
    if new.post and (post is None or post.office_id != office.pk):
        raise CrewError("队伍的岗位应在它自己的单位里，请另选。")
    if not new.name.strip() or not new.works:
        raise CrewError("请写队伍名称，并至少选一项它能做的事。")
    if not (new.phone.strip() or post):
        raise CrewError("请留电话，或指定排了班的岗位：半夜要找得到人。")
    works = [str(work_kind(work).work) for work in dict.fromkeys(new.works)]
    if stray := [one.name for one in new.prices if one.work not in works]:
        raise CrewError("价目“{name}”不在这支队伍能做的事里。", name=stray[0])
    row, made = Crew.objects.update_or_create(
        code=new.code,
        defaults={
            "office": office,
            "post": post,
            "name": new.name.strip(),
            "phone": new.phone.strip(),
            "works": works,
            "until": None,
        },
        create_defaults={
            "office": office,
            "post": post,
            "name": new.name.strip(),
            "phone": new.phone.strip(),
            "works": works,
            "since": today,
        },
    )
    row.areas.set(Area.objects.filter(code__in=new.areas))
    _price(row, new.prices)
    prices = [f"{one.work}/{one.unit}/{one.price}" for one in new.prices]
    payload = {"office": office.code, "works": works, "areas": sorted(new.areas), "prices": prices}
    append(Fact.new("crew_entered" if made else "crew_changed", f"crew/{row.code}", payload, by=actor))
    return row


def _price(crew: Crew, wanted: Sequence[NewPrice]) -> None:
    today = clock.today()
    standing = {(one.work, one.name, one.unit): one for one in crew.prices.filter(until__isnull=True)}
    kept = {
        (one.work, one.name, one.unit) for one in wanted if _same(standing.get((one.work, one.name, one.unit)), one)
    }
    for mark, one in standing.items():
        if mark not in kept:
            CrewPrice.objects.filter(pk=one.pk).update(until=today)
    CrewPrice.objects.bulk_create(
        [
            CrewPrice(crew=crew, work=one.work, name=one.name[:60], unit=one.unit[:12], price=one.price, since=today)
            for one in wanted
            if (one.work, one.name, one.unit) not in kept
        ]
    )


def _same(standing: CrewPrice | None, wanted: NewPrice) -> bool:
    return standing is not None and standing.price == wanted.price


@unit_of_work()
def end_crew(actor: Actor, crew: Crew) -> None:
    """The contract ends, or the team is dissolved; what it did stays on record."""
    actor.require(Power.MANAGE_CREWS)
    if not Crew.objects.filter(pk=crew.pk, until__isnull=True).update(until=clock.today()):
        raise CrewError("“{name}”已经停用了。", name=crew.name)
    append(Fact.new("crew_ended", f"crew/{crew.code}", {}, by=actor))
