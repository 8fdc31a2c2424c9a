"""What the steps of a trial, and what a sheet brings, are called."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TRIED = {
    "received": _("受理，落到"),
    "dispatched": _("研判派遣"),
    "taken": _("接单"),
    "supported": _("协办"),
    "tasked": _("免办任务"),
    "handled": _("处置"),
    "checked": _("核查"),
    "answered": _("答复"),
    "closed": _("办结"),
}

TABLES = {
    "office": _("单位"),
    "post": _("岗位"),
    "person": _("新账号"),
    "phone": _("电话"),
    "seat": _("任岗"),
    "stand_in": _("代理"),
    "shift": _("班次"),
    "unit": _("场所"),
}

#: what offices and areas are called in forms; their models bear the Chinese words alone
RELATIONS = {
    "own": _("镇属"),
    "dispatched": _("派驻"),
    "line": _("条线部门"),
    "utility": _("公用企业"),
    "contractor": _("养护作业单位"),
    "committee": _("村居委会"),
    "neighbour": _("邻镇"),
    "upstream": _("上级"),
}
AREA_KINDS = {"town": _("镇"), "village": _("村"), "neighbourhood": _("居民区"), "grid": _("网格")}
