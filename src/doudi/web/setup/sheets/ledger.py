"""A ledger of shops or facilities without any code: names, addresses, trades; the codes are minted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from doudi.engine.messages import msg
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.setup.sheets.planned import MOST_ASKED, Asking, Change, Fault, Planned, likely, lines, read
from doudi.web.tables.named import Columns
from doudi.web.units.models import Unit

COLUMNS: Columns = {
    "name": ("名称", "店名", "店招", "店铺名称", "商户名称", "商户", "字号", "场所名称", "单位名称"),
    "address": ("地址", "门牌", "经营地址", "详细地址", "店铺地址", "位置"),
    "sort": ("业态", "类型", "类别", "经营范围", "行业", "经营类别"),
    "area": ("网格", "村居", "所属网格", "所属村居", "居委", "网格名称", "网格代码", "区域"),
}


def plan_ledger(path: Path, answers: Mapping[str, str]) -> Planned:
    """The places that are not there yet. What a trade is in our tree, and where a row without a grid lies, is asked."""
    plan = Planned()
    asking = Asking(plan, answers)
    book, places = rulebook_on(), areas()
    types = [(one.code, one.name) for one in book.unit_types if not book.unit_types.tree.children(one.code)]
    grids = [(code, places.path(code)) for code, one in places.areas.items() if one.kind == Area.Kind.GRID]
    grids = grids or [(code, places.path(code)) for code in places.areas]
    by_name = {name: code for code, one in places.areas.items() for name in (code, one.name, places.path(code))}
    standing = set(Unit.objects.filter(until=None).values_list("name", "address"))
    seen: set[tuple[str, str]] = set()
    with read(path, COLUMNS, plan) as (table, heads):
        if "name" not in heads:
            plan.faults.append(Fault(1, msg("台账要有名称一列（店名、店招、商户名称都可以）。")))
            return plan
        for line, get in lines(table, heads, plan):
            name, address, sort, area = get("name"), get("address"), get("sort"), get("area")
            if not name:
                plan.faults.append(Fault(line, msg("这一行没有名称。")))
                continue
            if len(name) > 80 or len(address) > 200:
                plan.faults.append(Fault(line, msg("名称最多 80 个字，地址最多 200 个字。")))
                continue
            if (name, address) in standing or (name, address) in seen:
                plan.known += 1
                continue
            seen.add((name, address))
            said = _("“{sort}”是哪一类场所？").format(sort=sort) if sort else _("没有写类别的是哪一类场所？")
            type_ = asking.ask(f"type:{sort}", said, types, likely(sort, types) if sort else "")
            where = by_name.get(area) or asking.ask(
                f"area:{area}",
                _("“{area}”是哪个网格？").format(area=area) if area else _("没有写网格的在哪个网格？"),
                grids,
                likely(area, grids) if area else "",
            )
            if len(plan.asks) > MOST_ASKED:
                plan.faults.append(Fault(line, msg("类别或网格的写法太多，问不过来：请先在表里统一。")))
                break
            if type_ and where:
                values = {"name": name, "address": address, "type": type_, "area": where}
                detail = f"{dict(types)[type_]} · {places.name(where)} {address}".strip()
                plan.changes.append(Change(line, "unit", name, detail, values))
    return plan
