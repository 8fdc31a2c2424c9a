"""What is looked for in an answer before it goes: empty phrases, claims that nothing bears out, and what was not answered.

Each doubt names the words that raise it and says what is missing. It is a warning: whoever answers may know better.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from doudi.engine.answers.filling import GAP
from doudi.engine.messages import Listed, Message, msg
from doudi.engine.search.folding import folded, pairs


class Doubt(StrEnum):
    """Why an answer is held up for a moment."""

    GAP = "gap"
    CONTRADICTS = "contradicts"
    NOT_REACHED = "not_reached"
    NO_OPINION = "no_opinion"
    VAGUE = "vague"
    UNANSWERED = "unanswered"
    NO_DAY = "no_day"
    SPOKEN = "spoken"
    UNSUPPORTED = "unsupported"
    UNFOUNDED = "unfounded"


@dataclass(frozen=True, slots=True)
class About:
    """What is known of the report: whether its reporter was ever reached, and each thing that was asked."""

    reached: bool
    asks: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """``text[start:end]`` raises the doubt; both 0 where it is about the whole."""

    doubt: Doubt
    words: Message
    start: int = 0
    end: int = 0


_WHO = "(?:您|诉求人|市民|来电人|反映人|投诉人)"
_REACHED = re.compile(
    rf"已(?:经)?(?:电话)?(?:与|和|同){_WHO}(?:本人)?(?:取得|进行)?了?(?:电话)?(?:联系|沟通|回访)"
    rf"|已(?:经)?(?:电话)?(?:联系|回访|致电|回电)[了过]?{_WHO}"
    r"|已(?:经)?(?:电话)?联系(?=[，。；！,;!]|$)"
)
#: whoever's number is not known cannot have been reached, whatever stands first
_NO_NUMBER = re.compile(r"电话(?:要求|需要|申请|已)?保密|号码(?:要求)?保密|(?<!\d)0{7,}(?!\d)")
_NOT_REACHED = re.compile(r"无法联系|联系不上|未能联系|没有联系上|无人接听|未接通|没有接通|空号|一直关机|始终关机")
_NO_OPINION = re.compile(
    r"未知意见|意见(?:未知|不详|不明)|无意见反馈|未反馈意见|(?:市民|诉求人|群众)意见[：:为是]?(?:无|暂无|不详|未知)"
)
_VAGUE = re.compile(
    r"临时检修|已(?:经)?[作做]?了?(?:处理|协调|解释|告知|反馈|沟通|转办|跟进|落实|关注|知悉)|已转(?:交|给)?(?:相关|有关)部门"
)
_PROCESS = re.compile(
    r"经查|到场|现场|上门|查看|勘[查察]|检测|测量|采样|更换|维修|修[复好剪补理]|抢修|安装|拆除|清[运理扫洗除]|冲洗|疏通|劝[离导]"
    r"|责令|整改|约谈|调解|协商|加固|围挡|补[植种]|喷洒|消杀|排查|巡查|张贴|退还|登记|关停|暂扣|移走|扶正|填[补平]|铺设|接通"
)
_DAY = re.compile(
    r"\d{1,2}\s*月\s*\d{1,2}|\d{1,2}\s*[日号](?!线|楼|桥|门)|\d{1,2}\s*[:：]\s*\d{2}|\d{1,2}\s*[点时]|\d{4}[-/.]\d"
    r"|[今昨前当次]\s*[天日晚]|[上中下]午|晚上|凌晨|(?:周|星期)[一二三四五六日天]"
)
_DONE = re.compile(r"已|到场|现场")
_SPOKEN = re.compile(r"师傅|咱们?|搞定|弄[好完]|老百姓|没辙|没法子|[啥咋]|不归我们管|你们|哥们|好嘞|拜拜")
_SOLVED = re.compile(
    r"(?:问题|诉求|此事)?已(?:经)?(?:全部|妥善|彻底|基本|得到)?(?:解决|办结|消除|整改到位|处置完毕|处理完毕|处理完成)"
)
_SAID_BY_REPORTER = re.compile(rf"(?:{_WHO}|居民)[^。；]{{0,12}}(?:表示|认可|满意|确认|同意|知晓|理解)|回访")
_SUPPORTS = (
    re.compile(r"由于|原因|导致|造成|所致|经查|(?<![原基])因(?!此)"),
    _PROCESS,
    re.compile(r"恢复|畅通|正常|整洁|干净|亮起|消失|完好|不再|达标"),
    _SAID_BY_REPORTER,
    re.compile(r"现场|到场|核实|复查|核查|查看"),
)
_LEAST_SUPPORTS = 2
_NOT_COUNTED = re.compile(r"不(?:予)?(?:计入|纳入|列入)[^。；，]{0,6}考核(?:评价)?(?:报告)?|不计考核|剔除考核")
_FOUNDED = (
    (msg("请求"), re.compile(r"申请|请求|恳请|请予")),
    (msg("依据条款"), re.compile(r"依据|根据|按照|第[^。；]{1,8}条|《")),
    (msg("证据清单"), re.compile(r"附件|附后|附[:：]|证据|证明材料|佐证")),
)
_SHOWN = 24


def review(text: str, about: About) -> tuple[Finding, ...]:
    """What is doubtful in an answer, in the order of its words; what is about the whole stands last."""
    found = [finding for look in _LOOKS for finding in look(text, about)]
    return tuple(sorted(found, key=lambda one: (one.end == 0, one.start, one.doubt)))


def _gaps(text: str, about: About) -> Iterator[Finding]:
    for gap in GAP.finditer(text):
        yield _at(gap, Doubt.GAP, "还没有填。")


def _contact(text: str, about: About) -> Iterator[Finding]:
    claim = _REACHED.search(text)
    if claim is None:
        return
    against = _NO_NUMBER.search(text) or _NOT_REACHED.search(text, claim.end())
    if against:
        said = against.group()[:_SHOWN]
        yield _at(claim, Doubt.CONTRADICTS, "后面又写着“{against}”：到底联系上没有，请写清。", against=said)
    elif not about.reached:
        yield _at(claim, Doubt.NOT_REACHED, "记录里还没有联系上过：请先联系并记下，或改掉这句。")


def _opinion(text: str, about: About) -> Iterator[Finding]:
    for said in _NO_OPINION.finditer(text):
        yield _at(said, Doubt.NO_OPINION, "等于没写：请写诉求人说了什么，没问到就写哪天问过、为什么没问到。")


def _vague(text: str, about: About) -> Iterator[Finding]:
    if not _PROCESS.search(text):
        for said in _VAGUE.finditer(text):
            yield _at(said, Doubt.VAGUE, "没有写怎么做的：谁到了哪里、做了什么、结果怎样。")


def _unanswered(text: str, about: About) -> Iterator[Finding]:
    if len(about.asks) < 2 or _counted(text) >= len(about.asks):
        return
    stands = pairs(folded(text))
    for place, ask in enumerate(about.asks, start=1):
        if ask.strip() and stands.isdisjoint(pairs(folded(ask))):
            told = msg("诉求里的第 {place} 件“{ask}”还没有答复。", place=place, ask=ask.strip()[:_SHOWN])
            yield Finding(Doubt.UNANSWERED, told)


def _counted(text: str) -> int:
    """How far it counts what it says: 一是…；二是…"""
    return next((at for at, sign in enumerate("一二三四五六七八九十") if f"{sign}是" not in text), 10)


def _no_day(text: str, about: About) -> Iterator[Finding]:
    if _DONE.search(text) and not _DAY.search(text):
        yield Finding(Doubt.NO_DAY, msg("没有写时间：请写哪天接到、哪天到场、哪天办好。"))


def _spoken(text: str, about: About) -> Iterator[Finding]:
    for said in _SPOKEN.finditer(text):
        yield _at(said, Doubt.SPOKEN, "是口语，请换成书面的说法。")


def _unsupported(text: str, about: About) -> Iterator[Finding]:
    claim = _SOLVED.search(text)
    if claim is None:
        return
    there = sum(bool(one.search(text)) for one in _SUPPORTS)
    if there < _LEAST_SUPPORTS:
        yield _at(claim, Doubt.UNSUPPORTED, "没有支撑：原因、措施、结果、反馈、现场核实，至少写两样。")
    elif not _SAID_BY_REPORTER.search(text):
        yield _at(claim, Doubt.UNSUPPORTED, "没有写诉求人怎么说：请写上回访或反馈的结果。")


def _unfounded(text: str, about: About) -> Iterator[Finding]:
    claim = _NOT_COUNTED.search(text)
    missing = [name for name, there in _FOUNDED if not there.search(text)] if claim else []
    if claim and missing:
        yield _at(claim, Doubt.UNFOUNDED, "还要写明：{missing}。", missing=Listed(missing))


def _at(said: re.Match[str], doubt: Doubt, template: str, **facts: object) -> Finding:
    quoted = msg("“{said}”：{why}", said=said.group()[:_SHOWN], why=msg(template, **facts))
    return Finding(doubt, quoted, said.start(), said.end())


_LOOKS: tuple[Callable[[str, About], Iterator[Finding]], ...] = (
    _gaps,
    _contact,
    _opinion,
    _vague,
    _unanswered,
    _no_day,
    _spoken,
    _unsupported,
    _unfounded,
)
