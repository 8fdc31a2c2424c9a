"""What the workbench calls the steps of a version and the figures of a replay."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STEPS: Mapping[str, Promise] = {
    "draft_begun": _("建立草案"), "draft_described": _("改了名称、来源或拟施行日"), "rules_changed": _("改了规则"),
    "rebased": _("并到新的一版上"),
    "gap_accepted": _("按名接受"), "acceptance_withdrawn": _("撤下按名接受"), "proposed": _("送审"), "approved": _("审核通过"),
    "refused": _("退回修改"), "recalled": _("撤回修改"), "withdrawn": _("不再进行"), "rulebook_published": _("发布"),
    "took_effect": _("开始施行"),
}  # fmt: skip
#: a picture for steps that are no edits
ICONS: Mapping[str, str] = {
    "draft_begun": "plus", "proposed": "send", "approved": "check", "refused": "arrow-back-up", "recalled": "arrow-back-up",
    "withdrawn": "x",
    "rulebook_published": "book", "took_effect": "circle-check", "gap_accepted": "lifebuoy",
    "acceptance_withdrawn": "lifebuoy",
}  # fmt: skip
#: the figures of a replay, each with what it means
FIGURES: Mapping[str, tuple[Promise, Promise]] = {
    "hands": (_("换承办岗"), _("承办岗和现在不同")), "leave_backstop": (_("不再兜底"), _("原来由兜底岗承接，草案有规则管到")),
    "fall_to_backstop": (_("落到兜底"), _("原来有规则管到，草案里没有")),
}  # fmt: skip
#: why a matter lies where it lies
REASONS: Mapping[str, Promise] = {
    "rule": _("有规则"), "gap": _("职责空白"), "conflict": _("职责交叉"), "no_place": _("地点不明"), "no_post": _("没有岗位"),
    "no_kind": _("事项不明"),
}  # fmt: skip
