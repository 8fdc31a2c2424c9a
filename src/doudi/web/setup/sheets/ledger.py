"""A ledger of shops or facilities without any code: names, addresses, trades; the codes are minted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext as _

from doudi.engine.messages import msg
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.setup.sheets.planned import MOST_ASKED, Asking, Change, Fault, Planned, fits, likely, lines, read
from doudi.web.tables.named import Columns
from doudi.web.units.models import Unit

COLUMNS: Columns = {
    "name": ("名称", "店名", "店招", "店铺名称", "商户名称", "商户", "字号", "场所名称", "单位名称"),
    "address": ("地址", "门牌", "经营地址", "详细地址", "店铺地址", "位置"),
    "sort": ("业态", "类型", "类别", "经营范围", "行业", "经营类别"),
    "area": ("网格", "所属网格", "网格名称", "网格代码", "区域"),
    "village": ("村居", "所属村居", "居委", "居委会", "村", "村委会"),
}


def plan_ledger(path: Path, answers: Mapping[str, str]) -> Planned:
    """The places that are not there yet. What a trade is in our tree, and where a row without a grid lies, is asked."""
    plan = Planned()
    asking = Asking(plan, answers)
    book, lying = rulebook_on(), _Lying(asking)
    types = [(one.code, one.name) for one in book.unit_types if not book.unit_types.tree.children(one.code)]
    there = set(Unit.objects.filter(until=None).values_list("name", "type", "address", "area_id"))
    with read(path, COLUMNS, plan, asking) as (table, heads):
        if "name" not in heads:
            plan.faults.append(Fault(1, msg("台账要有名称一列（店名、店招、商户名称都可以）。")))
            return plan
        for line, get in lines(table, heads, plan):
            name, address, sort = get("name"), get("address"), get("sort")
            if not name:
                plan.faults.append(Fault(line, msg("这一行没有名称。")))
                continue
            if not fits(plan, line, (heads["name"], name, 80), (heads.get("address", ""), address, 200)):
                continue
            said = _("“{sort}”是哪一类场所？").format(sort=sort) if sort else _("没有写类别的是哪一类场所？")
            type_ = asking.ask(f"type:{sort}", said, types, likely(sort, types) if sort else "")
            where = lying.find(get("village"), get("area"))
            if len(plan.asks) > MOST_ASKED:
                plan.faults.append(Fault(line, msg("类别或网格的写法太多，问不过来：请先在表里统一。")))
                break
            if not (type_ and where):
                continue
            if (place := (name, type_, address, where)) in there:
                plan.known += 1
                continue
            there.add(place)
            values = {"name": name, "address": address, "type": type_, "area": where}
            detail = f"{dict(types)[type_]} · {lying.places.name(where)} {address}".strip()
            plan.changes.append(Change(line, "unit", name, detail, values))
    return plan


class _Lying:
    """In which area a row lies, by the names that stand in it; where these name none or several it is asked."""

    def __init__(self, asking: Asking) -> None:
        self._asking, self.places = asking, areas()
        self._named: dict[str, set[str]] = {}
        for code, one in self.places.areas.items():
            for name in (code, one.name, self.places.path(code)):
                self._named.setdefault(name, set()).add(code)
        every = [(code, self.places.path(code)) for code in self.places.areas]
        self._grids = [pair for pair in every if self.places.areas[pair[0]].kind == Area.Kind.GRID] or every

    def find(self, village: str, area: str) -> str | None:
        """The area; None where it is asked."""
        found = self._named.get(area or village, set())
        if area and (above := self._named.get(village)):
            found = {one for one in found if above & set(self.places.tree.upward(one))}
        if len(found) == 1:
            return next(iter(found))
        text = f"{village} · {area}" if village and area else area or village
        offered = [pair for pair in self._grids if pair[0] in found] or self._grids
        said = _("“{area}”是哪个网格？").format(area=text) if text else _("没有写网格的在哪个网格？")
        return self._asking.ask(f"area:{text}", said, offered, likely(area or village, offered) if text else "")
