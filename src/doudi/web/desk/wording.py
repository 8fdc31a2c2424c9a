"""What the desk calls things: why a matter lies here, which layer named its holder, what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from doudi.engine.answers.reviewing import Doubt
from doudi.engine.kinds.evidence import Lack
from doudi.engine.matters.vocabulary import ContactOutcome, TracesKept, WarnedBy
from doudi.engine.messages import Message, msg
from doudi.web.matters.models import Matter
from doudi.web.registry.declared import EventKind
from doudi.web.rulebook.wording import LAYERS as RULE_LAYERS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

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
    "not_taken": (_("无人接手"), _("改派点名的岗位到时限没有接手，由值班岗承办；请另派承办岗，或提请裁定。")),
    "no_post": (_("岗位空缺"), _("规则指定的岗位在这里没有人坐，先由兜底岗承办。")),
}
#: how like a kind the words are, where no percentage holds
CLOSENESS = {"very": _("很像"), "likely": _("像"), "perhaps": _("也可能")}
LAYERS = {
    **RULE_LAYERS,
    "backstop": _("兜底"),
    "desk": _("值班岗派遣"),
    "on_spot": _("当场处理"),
    "ruling": _("会商裁定"),
    "interim": _("先行承接"),
}
#: what waits for a support, by its bond; a version that does not say lets everything wait
BONDS = {
    "": _("办完才能填处置结果"),
    "before_handled": _("办完才能填处置结果"),
    "before_closed": _("办完才能结案"),
    "informs": _("知会，不用等它"),
}
HOURS = {"work": _("工作时间"), "off": _("非工作时间")}
SENSITIVITY = {
    "extremism": _("极端言行"),
    "minor": _("涉及未成年人"),
    "domestic": _("家庭暴力"),
    "whistleblowing": _("举报"),
    "petition": _("涉稳"),
    "secret": _("要求保密"),
}
#: what showed that somebody is inclined to be dissatisfied; a colleague says it in their own words
WARNED_BY = {WarnedBy.CALL_BACK: _("回访时不满意"), WarnedBy.RATING: _("评价不高"), WarnedBy.COLLEAGUE: ""}
SATISFACTION = {"satisfied": _("满意"), "fairly": _("基本满意"), "neutral": _("一般"), "dissatisfied": _("不满意")}
#: how a try to reach a reporter ended, and what it is called where every try ended so
CONTACT_OUTCOMES: dict[str, tuple[StrOrPromise, StrOrPromise]] = {
    ContactOutcome.REACHED: (_("接通"), ""),
    ContactOutcome.NO_ANSWER: (_("未接"), _("始终未接")),
    ContactOutcome.SWITCHED_OFF: (_("关机"), _("始终关机")),
    ContactOutcome.REFUSED: (_("拒接"), _("始终拒接")),
    ContactOutcome.SUSPENDED: (_("停机"), _("号码停机")),
    ContactOutcome.WRONG_NUMBER: (_("空号或号码有误"), _("空号或号码有误")),
}
#: what an answer's writer was warned of
DOUBTS: Mapping[str, StrOrPromise] = {
    Doubt.GAP: _("有没填的空"),
    Doubt.CONTRADICTS: _("联系情况前后不一"),
    Doubt.NOT_REACHED: _("写了已联系，记录里没有"),
    Doubt.NO_OPINION: _("诉求人意见空话"),
    Doubt.VAGUE: _("没写怎么做的"),
    Doubt.UNANSWERED: _("有一件没有答复"),
    Doubt.NO_DAY: _("没写时间"),
    Doubt.SPOKEN: _("口语"),
    Doubt.UNSUPPORTED: _("写了已解决，没有支撑"),
    Doubt.UNFOUNDED: _("不计考核没写全"),
}
#: why a photograph or a text that a kind wants is not there
LACKS: dict[str, StrOrPromise] = {
    Lack.UNSAFE: _("现场有危险，不能停留拍照"),
    Lack.PRIVATE: _("在居民家中，或涉及个人情况"),
    Lack.FORBIDDEN: _("按规定不能拍、不能记"),
    Lack.DARK: _("天黑或雨雪，拍不清"),
    Lack.NOTHING_TO_SEE: _("拍不出来，如声音、气味、口头答复"),
    Lack.TOO_LATE: _("到场时已经不是原样"),
    Lack.NO_CAMERA: _("设备坏了或没电"),
    Lack.NOT_NEEDED: _("这件事用不着"),
}
#: what became of what vanishes when a danger is met
TRACES: Mapping[str, StrOrPromise] = {
    TracesKept.PHOTOGRAPHED: _("拍了照片"),
    TracesKept.SAMPLED: _("取了样，留了实物"),
    TracesKept.MEASURED: _("当场测了数"),
    TracesKept.NOTHING_VANISHES: _("没有会消失的东西"),
    TracesKept.LIVES_FIRST: _("没留：救人要紧，来不及"),
    TracesKept.TOO_DANGEROUS: _("没留：靠近有危险"),
    TracesKept.GONE: _("没留：到场时已经没有了"),
}
#: said of an event whose kind this version does not know
UNKNOWN_EVENT = EventKind("", "记录", "history", "away")

NO_KIND = msg("事项待明确")


def secrecy_of(matter: Matter) -> str:
    """How far it may be known, for a mark; empty for nearly every matter."""
    return str(_("限制知悉")) if matter.restricted else str(_("保密")) if matter.secret else ""


def why_here(matter: Matter) -> str:
    """The short reason in a row: why it is unclear, or which layer named the holder."""
    if matter.unclear:
        return str(UNCLEAR[matter.unclear][0]) if matter.unclear in UNCLEAR else matter.unclear
    return str(LAYERS.get(matter.layer, matter.layer))


def reason_of(matter: Matter, reason: Mapping[str, object] | None) -> Message | Mapping[str, object] | None:
    """Why its holder holds it: the receipt's own sentence, which for a mere proposal names another post than the desk."""
    if matter.unclear == "confirm" and reason:
        return msg("等值班岗确认：{advice}", advice=reason)
    return reason
