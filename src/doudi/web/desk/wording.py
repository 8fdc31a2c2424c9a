"""What the desk calls things: why a matter lies here, which layer named its holder, what happened to it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from doudi.engine.words import Words, words
from doudi.web.matters.models import Matter
from doudi.web.rulebook.wording import LAYERS as RULE_LAYERS

#: why a matter is not simply with the post that a rule names: short, and in a sentence
UNCLEAR = {
    "confirm": (_("待确认"), _("规则已经给出承办岗，等值班岗确认后派出。")),
    "kind_unclear": (_("事项不明"), _("文字像几种事项，承办岗各不相同，请看原话后选一个。")),
    "new": (_("没见过"), _("没有认出是哪一类事项，请看原话后指定。")),
    "no_kind": (_("事项不明"), _("还没有指定是哪一类事项。")),
    "place_unclear": (_("地点不明"), _("承办岗要看地点才能定，请补上场所或网格。")),
    "no_place": (_("地点不明"), _("承办岗要看地点才能定，请补上场所或网格。")),
    "gap": (_("职责空白"), _("没有规则管到这种情形，先由兜底岗承办；请指定承办岗并写明理由。")),
    "conflict": (_("职责交叉"), _("几条规则指向不同的岗位，裁定之前由兜底岗承办；请指定承办岗并写明理由。")),
    "no_post": (_("岗位空缺"), _("规则指定的岗位在这里没有人坐，先由兜底岗承办。")),
}
LAYERS = {**RULE_LAYERS, "backstop": _("兜底"), "desk": _("值班岗派遣"), "ruling": _("会商裁定")}
HOURS = {"work": _("工作时间"), "off": _("非工作时间")}
SENSITIVITY = {
    "extremism": _("极端言行"), "minor": _("涉及未成年人"), "whistleblowing": _("举报"), "petition": _("涉稳"),
    "secret": _("要求保密"),
}  # fmt: skip
SATISFACTION = {"satisfied": _("满意"), "fairly": _("基本满意"), "neutral": _("一般"), "dissatisfied": _("不满意")}

#: title, icon and tone of each kind of event
MATTER_EVENTS: Mapping[str, tuple[str, str, str]] = {
    "accepted": (gettext_noop("受理，由{holder}承办"), "plus", "wait"),
    "dispatched": (gettext_noop("派遣给{holder}：{kind}"), "send", "work"),
    "taken": (gettext_noop("已接单"), "user-check", "work"),
    "handled": (gettext_noop("处置完毕，等待核查"), "check", "check"),
    "closed_on_spot": (gettext_noop("已当场办结"), "circle-check", "done"),
    "check_passed": (gettext_noop("核查通过，结案"), "circle-check", "done"),
    "check_failed": (gettext_noop("核查未通过，退回返工"), "refresh", "alarm"),
    "noted": (gettext_noop("备注"), "edit", "away"),
    "emergency_called": (gettext_noop("已拨打 {call}"), "phone", "alarm"),
    "reopened": (gettext_noop("已重新打开"), "refresh", "wait"),
    "merged": (gettext_noop("并入 {into}"), "arrow-merge", "away"),
    "joined": (gettext_noop("{source} 并入本件"), "arrow-merge", "away"),
    "voided": (gettext_noop("已作废"), "x", "away"),
    "support_added": (gettext_noop("请{post}协办"), "heart-handshake", "work"),
    "support_done": (gettext_noop("{post}协办完成"), "heart-handshake", "done"),
    "support_excused": (gettext_noop("{post}的协办已免除"), "heart-handshake", "away"),
    "taken_by_silence": (gettext_noop("到期未表态，按规定视为接单"), "user-check", "work"),
    "made_safe": (gettext_noop("先期处置完成"), "shield-check", "done"),
    "crew_sent": (gettext_noop("派{crew}：{what}"), "traffic-cone", "work"),
    "crew_arrived": (gettext_noop("{crew}已到场"), "map-pin", "work"),
    "crew_done": (gettext_noop("{crew}已完成"), "shield-check", "done"),
    "crew_called_off": (gettext_noop("{crew}不用去了"), "x", "away"),
    "unit_made": (gettext_noop("此处建为场所，编码 {unit}"), "map-pin", "work"),
    "task_opened": (gettext_noop("开始{module}"), "list-check", "work"),
    "task_done": (gettext_noop("{module}：{outcome}"), "checks", "done"),
    "task_excused": (gettext_noop("{module}免办"), "x", "away"),
    "task_moved": (gettext_noop("{module}转由{post}办"), "arrow-right", "work"),
    "ambiguity_described": (gettext_noop("写明哪里不清楚"), "help-circle", "work"),
    "applied": (gettext_noop("申请{application}"), "message-circle", "wait"),
    "application_granted": (gettext_noop("同意{application}"), "circle-check", "work"),
    "application_refused": (gettext_noop("不同意{application}"), "x", "alarm"),
    "application_withdrawn": (gettext_noop("撤回{application}申请"), "x", "away"),
    "dispute_opened": (gettext_noop("提出争议，请各方陈述"), "gavel", "alarm"),
    "dispute_raised": (gettext_noop("争议提级"), "gavel", "alarm"),
    "dispute_withdrawn": (gettext_noop("争议撤回"), "gavel", "away"),
    "dispute_lapsed": (gettext_noop("争议随事项终止"), "gavel", "away"),
    "ruled": (gettext_noop("裁定由{lead}承办"), "gavel", "done"),
    "evasion": (gettext_noop("裁定之后再次推诿，计入考核"), "alarm", "alarm"),
    "urged": (gettext_noop("{urge}"), "alarm", "alarm"),
    "urge_answered": (gettext_noop("答复{urge}"), "message-circle", "done"),
}
REPORT_EVENTS: Mapping[str, tuple[str, str, str]] = {
    "received": (gettext_noop("收到诉求"), "message", "wait"),
    "contacted": (gettext_noop("联系上了诉求人"), "phone", "work"),
    "contact_tried": (gettext_noop("没有联系上诉求人"), "phone", "away"),
    "told": (gettext_noop("已告知进展"), "message-circle", "work"),
    "replied": (gettext_noop("作出答复"), "message-circle", "done"),
    "closed": (gettext_noop("已办结"), "circle-check", "done"),
    "quarantined": (gettext_noop("已转入甄别"), "shield", "alarm"),
    "released": (gettext_noop("解除甄别，照常办理"), "shield-check", "work"),
    "settled": (gettext_noop("巡查自己发现的，事项办完即办结"), "circle-check", "done"),
    "dismissed": (gettext_noop("已甄别办结"), "shield", "away"),
    "added": (gettext_noop("诉求人补充"), "plus", "wait"),
    "rated": (gettext_noop("诉求人评价：{satisfaction}"), "star", "away"),
    "reopened": (gettext_noop("要求重新办理"), "refresh", "wait"),
    "answerer_changed": (gettext_noop("答复岗改为{answerer}"), "user-check", "away"),
}
#: said of an event whose kind this version does not know
UNKNOWN_EVENT = (gettext_noop("记录"), "history", "away")

NO_KIND = words("事项待明确")


def why_here(matter: Matter) -> str:
    """The short reason in a row: why it is unclear, or which layer named the holder."""
    if matter.unclear:
        return str(UNCLEAR[matter.unclear][0]) if matter.unclear in UNCLEAR else matter.unclear
    return str(LAYERS.get(matter.layer, matter.layer))


def reason_of(matter: Matter, reason: Mapping[str, object] | None) -> Words | Mapping[str, object] | None:
    """Why its holder holds it: the receipt's own sentence, which for a mere proposal names another post than the desk."""
    if matter.unclear == "confirm" and reason:
        return words("等值班岗确认：{advice}", advice=reason)
    return reason
