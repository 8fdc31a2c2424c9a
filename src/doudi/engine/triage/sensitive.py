"""Notice words for which perhaps only a restricted circle should see a report. Nothing is ever refused for them.

One word marks a report, so that the desk looks; only several of them close it to others: a single one stands as often in
a warning, a question or somebody else's words, and a danger must not wait behind a closed door for it.

A mark too many hides a report from those who would handle it, so words that people also use of streets
and shops are left out: 堵路 is a parked car, 跳楼价 a sale, 拉横幅 an advertisement, 举报 any complaint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from doudi.engine.triage.keywords import plain

MINOR, DOMESTIC, EXTREMISM = "minor", "domestic", "extremism"
PETITION, WHISTLEBLOWING, SECRET = "petition", "whistleblowing", "secret"

WORDS: Mapping[str, tuple[str, ...]] = {
    MINOR: (
        "未成年",
        "虐待儿童",
        "虐童",
        "虐待孩子",
        "毒打孩子",
        "殴打孩子",
        "殴打儿童",
        "打骂孩子",
        "体罚学生",
        "遗弃孩子",
        "遗弃婴儿",
        "虐待学生",
        "留守儿童",
        "困境儿童",
        "猥亵",
        "性侵",
        "校园欺凌",
        "霸凌",
        "拐卖儿童",
        "弃婴",
        "童工",
    ),
    DOMESTIC: (
        "家暴",
        "家庭暴力",
        "人身安全保护令",
        "虐待老人",
        "虐待妻子",
        "打老婆",
        "家里打人",
        "婚内强奸",
    ),
    EXTREMISM: (
        "同归于尽",
        "报复社会",
        "炸药",
        "砍人",
        "杀人",
        "杀了他",
        "杀了你",
        "要杀了",
        "放火烧了",
        "血债",
        "不想活了",
        "要跳楼",
        "想跳楼",
        "跳楼自杀",
        "轻生",
        "自杀",
        "自焚",
        "割腕",
        "喝农药",
    ),
    PETITION: (
        "上访",
        "集体信访",
        "越级信访",
        "集体讨薪",
        "聚集讨薪",
        "拉横幅维权",
        "静坐示威",
        "游行示威",
        "上街游行",
        "罢市",
        "罢运",
        "群体性事件",
    ),
    WHISTLEBLOWING: (
        "实名举报",
        "受贿",
        "行贿",
        "贪污",
        "收黑钱",
        "吃拿卡要",
        "以权谋私",
        "徇私",
        "保护伞",
        "挪用公款",
        "官商勾结",
        "虚报冒领",
        "套取补贴",
    ),
    SECRET: (
        "请保密",
        "要求保密",
        "要保密",
        "保密处理",
        "替我保密",
        "对我保密",
        "信息保密",
        "身份保密",
        "不要透露",
        "别透露",
        "不要泄露",
        "别泄露",
        "勿泄露",
        "不要公开我",
        "匿名举报",
        "怕报复",
        "怕被报复",
        "打击报复",
        "别告诉对方",
        "不要告诉对方",
    ),
}


_KIN = "老公|老婆|丈夫|妻子|爱人|前夫|前妻|男友|男朋友|女友|同居|公公|婆婆|父亲|爸爸|爸|母亲|妈妈|继父|继母|后爸|后妈|儿子|女婿"
#: 打 stands in a hundred words that hurt nobody: 打工, 打电话, 打疫苗
_BEATS = (
    "打(?!工|电|听|印|算|球|拼|车|卡|开|疫|针|扫|扮|折|架|水|点|造|击|分|预|招|脸|官|游|交|磨|了.{0,3}疫|[0-9])"
    "|殴打|毒打|暴打|揍|掐|虐待"
)
_HURT = "我|她|妻|老婆|妈妈|母亲|老人|奶奶|爷爷|孩子|小孩|女儿|儿子|宝宝|人"
_CHILD = "孩子|小孩|儿童|幼儿(?!园)|婴儿|宝宝|女童|男童|小朋友|幼童"
_OTHER = "人|别人|老师|他|她|家长|爸爸?|妈妈?|父亲|母亲|继父|继母|后爸|后妈|保姆|亲戚"
#: who hurts whom, with a few signs between: "老公昨晚又把我打了", "孩子身上都是伤"
FORMS: Mapping[str, re.Pattern[str]] = {
    MINOR: re.compile(
        f"(?:{_BEATS}|猥亵|强奸)(?:了|过|着|骂|自己|亲生|我|他|她|家|的|小){{0,2}}(?:{_CHILD})(?!车)"
        f"|(?:{_CHILD})(?:长期|经常|每天|总|老|天天)?(?:被|遭)(?:{_OTHER})?(?:{_BEATS}|猥亵|侵犯|遗弃)"
        f"|(?:{_CHILD})身上.{{0,4}}伤"
    ),
    DOMESTIC: re.compile(
        f"(?:{_KIN}).{{0,4}}[把将对](?:{_HURT}).{{0,3}}(?:{_BEATS}|动手)"
        f"|(?:{_KIN}).{{0,6}}(?:{_BEATS})(?:了|过|着|骂)?(?:{_HURT})"
        f"|被.{{0,2}}(?:{_KIN}).{{0,4}}(?:{_BEATS})"
    ),
}


def sensitivity(text: str) -> tuple[str, ...]:
    """The codes whose words stand in ``text``, in the order of ``WORDS``; empty for nearly every report."""
    bare = plain(text)
    return tuple(
        code
        for code, words in WORDS.items()
        if any(word in bare for word in words) or (code in FORMS and FORMS[code].search(bare))
    )


def restricts(text: str) -> bool:
    """Whether more than one word stands in ``text``, or words that say who hurts whom; a wish for secrecy does not count.

    A word that is part of another counts once.
    """
    bare = plain(text)
    if any(form.search(bare) for form in FORMS.values()):
        return True
    found = [word for code, words in WORDS.items() if code != SECRET for word in words if word in bare]
    return sum(not any(word != other and word in other for other in found) for word in found) > 1
