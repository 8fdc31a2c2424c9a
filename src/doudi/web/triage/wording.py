"""How the figures of a model are said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from doudi.engine.triage.vocabulary import Refusal


@dataclass(frozen=True, slots=True)
class Figure:
    name: str | Promise
    value: str
    says: str | Promise


_REFUSALS = {
    Refusal.WORSE_ON_FRESH: _("对新近办结的件，不如正在用的模型"),
    Refusal.WORSE_WHEN_HELD_OUT: _("对留出不学的文字，不如正在用的模型"),
}


def refusal_of(code: str) -> str | Promise:
    """Why a model was not taken; nothing for one that was."""
    return _REFUSALS[Refusal(code)] if code else ""


def figures_of(card: Mapping[str, int]) -> list[Figure]:
    """The card as people read it. Of the catalogue's own sentences only the first figures say something."""
    found = [
        Figure(_("事项"), str(card["kinds"]), _("目录里能认的事项数")),
        Figure(_("目录教的"), str(card["taught"]), _("名称、常用说法和例句")),
        Figure(_("镇里办结的"), str(card["decided"]), _("公开的、已结案的诉求；保密和限阅的不学")),
        Figure(_("首选对"), _percent(card["first"]), _("留出不学的文字里，排第一的就是正确事项")),
        Figure(_("前三有"), _percent(card["among_three"]), _("留出不学的文字里，前三个中有正确事项")),
    ]
    if not card["calibrated"]:
        return found
    return [
        *found,
        Figure(_("百分比误差"), _percent(card["error"]), _("页面上的百分比与实际对错相差多少")),
        Figure(_("范围包住"), _percent(card["covered"]), _("“可能的事项”里有正确的；承诺每一事项不低于 95%")),
        Figure(_("范围大小"), f"{card['set_size'] / 1000:.2f}", _("平均列几个可能的事项")),
    ]


def _percent(thousandths: int) -> str:
    return f"{thousandths / 10:.1f}%"
