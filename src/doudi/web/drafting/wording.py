"""What the workbench calls the steps of a version and the figures of a replay."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: the figures of a replay, each with what it means
FIGURES: Mapping[str, tuple[Promise, Promise]] = {
    "hands": (_("换承办岗"), _("承办岗和现在不同")),
    "leave_backstop": (_("不再兜底"), _("原来由兜底岗承接，草案有规则管到")),
    "fall_to_backstop": (_("落到兜底"), _("原来有规则管到，草案里没有")),
}
#: why a matter lies where it lies
REASONS: Mapping[str, Promise] = {
    "rule": _("有规则"),
    "gap": _("职责空白"),
    "conflict": _("职责交叉"),
    "no_place": _("地点不明"),
    "no_post": _("没有岗位"),
    "no_kind": _("事项不明"),
}
