"""The verbs of the backstop's hands: a crew is sent and is done, an owner is looked for, a spot gets a code."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from doudi.engine.resources.works import WORKS
from doudi.web.backstop import services as backstop
from doudi.web.backstop.models import CrewPrice, MakeSafeOrder
from doudi.web.backstop.queries import ledger
from doudi.web.backstop.services.owners import OUTCOMES
from doudi.web.matters.models import Task
from doudi.web.people.actor import SYSTEM
from tests.scenarios.acting import VERBS, Stage, Told, photo
from tests.scenarios.cast import actor_of
from tests.scenarios.telling import only, unit_types

#: what the town's own team is paid for: work, what it is called, by what it is counted, at what price
PRICES = (
    ("fence", "围挡警示", "处", "120"),
    ("cover", "临时盖板", "处", "260"),
    ("clean", "清理清运", "车", "380"),
    ("pump", "抽排积水", "台时", "90"),
    ("prop", "临时支护", "处", "450"),
    ("tree", "清理倒伏树枝", "车", "300"),
    ("tow", "拖移车辆", "辆", "200"),
    ("cut", "剪除线缆", "米", "5"),
    ("fill", "填埋窨井", "座", "900"),
)


def enter_crew() -> None:
    prices = tuple(backstop.NewPrice(work, name, unit, Decimal(price)) for work, name, unit, price in PRICES)
    works = tuple(work for work, *_ in PRICES)
    backstop.save_crew(
        SYSTEM, backstop.NewCrew("torch", "torch_team", "镇托底队伍", works, prices, post="torch_team.lead")
    )


def send(stage: Stage, step: Told) -> None:
    matter = stage.matter
    work = only({str(one.work): one.label for one in WORKS}, step["做什么"])
    price = CrewPrice.objects.get(crew="torch", work=work)
    backstop.send_crew(
        actor_of(step["谁"], matter),
        matter,
        price,
        Decimal(str(step["数量"])),
        text=step.get("话", ""),
        authority=step.get("凭", ""),
    )


def arrive(stage: Stage, step: Told) -> None:
    matter = stage.matter
    backstop.arrive(actor_of(step.get("谁", "托底队伍·领班岗"), matter), matter, _under_way(stage), photo())


def finish(stage: Stage, step: Told) -> None:
    matter = stage.matter
    quantity = Decimal(str(step["实际"])) if "实际" in step else None
    backstop.finish(
        actor_of(step.get("谁", "托底队伍·领班岗"), matter),
        matter,
        _under_way(stage),
        step["话"],
        photo(),
        quantity=quantity,
    )


def _under_way(stage: Stage) -> MakeSafeOrder:
    return MakeSafeOrder.objects.filter(matter=stage.matter, state__in=MakeSafeOrder.UNDER_WAY).latest("ordered_at")


def search(stage: Stage, step: Told) -> None:
    matter = stage.matter
    backstop.search_owner(actor_of(step["谁"], matter), matter, step.get("话", ""))


def found(stage: Stage, step: Told) -> None:
    matter = stage.matter
    task = Task.objects.filter(matter=matter, module__in=OUTCOMES, state="open").latest("id")
    backstop.settle_task(actor_of(step["谁"], matter), matter, task, step["查得"], step["话"], photo())


def give_code(stage: Stage, step: Told) -> None:
    matter = stage.matter
    backstop.make_unit(actor_of(step["谁"], matter), matter, step["名称"], only(unit_types(), step["类型"]))


def carried(stage: Stage) -> list[dict[str, Any]]:
    """What the ledger of the backstop says of the matter: on whose behalf, and at what cost."""
    rows = [one.carried for one in ledger(SYSTEM) if one.matter.pk == stage.matter.pk]
    return [{"代": one.on_behalf_of or "尚未确定的责任主体", "月份": one.month, "费用": str(one.cost)} for one in rows]


VERBS |= {
    "派队伍": send,
    "队伍到场": arrive,
    "队伍完工": finish,
    "查权属": search,
    "权属结果": found,
    "建档": give_code,
}
