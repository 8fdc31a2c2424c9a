"""What belongs to the backstop: the states of orders to crews."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.backstop import checks
from doudi.web.backstop.models import MakeSafeOrder
from doudi.web.registry.declared import Bound, Check, Declared, Life, NavItem, State, Told
from doudi.web.registry.stale import days, hours, since

ORDER = Life(
    MakeSafeOrder,
    facts=lambda row: {"number": row.matter.number},
    path=lambda row: str(row.matter.get_absolute_url()),
    states=(
        State(
            "ordered",
            "away",
            "clock",
            bounds=(
                Bound(
                    hours(2),
                    Told.DESK,
                    "事项 {number} 派出的队伍 2 小时还没有到场",
                    since("ordered_at"),
                    urgent=True,
                ),
            ),
        ),
        State(
            "on_site",
            "away",
            "clock",
            bounds=(Bound(days(2), Told.DESK, "事项 {number} 的队伍到场 2 天还没有完成", since("on_site_at")),),
        ),
        State("done", "done", "circle-check", final=True),
        State("cancelled", "away", "clock", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (
    ORDER,
    NavItem("carried", "兜底", "lifebuoy", 70, frozenset({Power.SEE_DESK}), also=("problems", "crews")),
    Check("hands", "每张派工单与事件重放一致，为谁兜底的台账由它们算出", checks.told),
)
