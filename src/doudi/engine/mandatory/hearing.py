"""Hear in somebody's words that a child or a helpless person is hurt or in danger, so that it must be told at once.

The law asks for a report already where it is suspected (未成年人保护法 11 II, 反家庭暴力法 14), and one too many costs a look:
a shift leader says why it is none. Words that only name children, as most letters about schools do, are not enough.
"""

from __future__ import annotations

import re
from datetime import timedelta

from doudi.engine.mandatory.vocabulary import Ground
from doudi.engine.triage.keywords import plain

#: both laws say at once; what is not told by then is late
AT_ONCE = timedelta(minutes=30)

_CHILD = "孩子|小孩|儿童|幼儿(?!园)|婴儿|宝宝|女童|男童|小朋友|幼童|未成年人?|学生|小学生|中学生|少女|少年|外甥女?|侄女|侄子|孙子|孙女"
_HELPLESS = "老人|老太|老头|老伯|阿婆|老母亲|老父亲|残疾人?|聋哑人?|盲人|瘫痪|智障|智力障碍|弱智|精神病人?|精神障碍|失智|失能|痴呆|植物人"
#: 打 stands in a hundred words that hurt nobody
_HURTS = (
    "殴打|毒打|暴打|虐待|家暴|猥亵|性侵|强奸|侵犯|遗弃|抛弃|拐卖|拐走|囚禁|关在家|锁在家|反锁|捆|绑着|打骂|体罚|霸凌|欺凌|"
    "打(?=了|得|伤|到|孩子|小孩|老人|他|她|$|，|。|！)|揍|掐|烫伤|饿着|不给饭|不给吃"
)
_ALONE = "一个人|独自|没人管|没有人管|没人照(?:看|顾|料)|无人照(?:看|顾|料)|没人看护|无人看护|没大人|没有大人|无人监护"
_DANGER = "哭|喊|救命|窗|阳台|车里|车内|锁|饿|病|发烧|昏|晕|摔|流血|受伤|快不行|起不来|爬|翻"


def _forms(who: str) -> re.Pattern[str]:
    """Who is hurt, who was left, in either order, with a few signs of one clause between."""
    near = "[^，。；！？,;!?]{0,8}"
    return re.compile(
        f"(?:{_HURTS})(?:了|过|着|自己|亲生|我|他|她|家|的|小|自家|一个|这个|那个|年迈|八十多岁){{0,3}}(?:{who})"
        f"|(?:{who}){near}(?:被|遭|受){near}(?:{_HURTS})"
        f"|[把将对](?:{near})(?:{who}){near}(?:{_HURTS}|动手)"
        f"|(?:{who})身上.{{0,6}}(?:伤|淤青|乌青|青一块)"
        f"|(?:{who}){near}(?:{_ALONE}).{{0,12}}(?:{_DANGER})"
        f"|(?:{who}){near}(?:锁|关|困)在(?:车|家|屋|房|门外)"
        f"|(?:捡到|发现|丢下|扔下)(?:了|一个|一名|个|弃){{0,3}}(?:婴儿|弃婴|女婴|男婴)"
    )


_MINOR = _forms(_CHILD)
_ADULT = _forms(_HELPLESS)
_WORDS = {
    Ground.MINOR: ("虐童", "弃婴", "校园霸凌", "校园欺凌", "校园暴力", "拐卖儿童", "童工", "虐待儿童"),
    Ground.HELPLESS: ("虐待老人", "遗弃老人", "虐待残疾", "虐待病人", "黑砖窑"),
}
#: somebody tells of a talk, a notice or a lesson about it, or that it is not so
_CALM = re.compile(
    "(?:宣传|讲座|海报|展板|预防|防止|反|防|抵制|普法|主题班会|标语|课程|电影|小说|节目|新闻)[^，。；！？,;!?]{0,8}$"
    "|(?:没有|没|未|无|不得|不许|不能|不可|禁止|严禁|不是|并非|不存在|从不|从未)[^，。；！？,;!?被]{0,3}$"
)
#: what stands behind it makes a lesson of it
_LESSON = re.compile(
    "^[^，。；！？,;!?]{0,6}(?:宣传|讲座|海报|展板|培训|知识|工作方案|主题|活动|日活动|专项|条例|法律?规定|热线开通)"
)


def ground_of(text: str) -> Ground | None:
    """Why ``text`` has to be told to police and civil affairs; None for nearly every report."""
    bare = plain(text)
    for ground, form in ((Ground.MINOR, _MINOR), (Ground.HELPLESS, _ADULT)):
        if any(not _is_calm(bare, *one.span()) for one in form.finditer(bare)):
            return ground
        for word in _WORDS[ground]:
            begins = [one.start() for one in re.finditer(word, bare)]
            if any(not _is_calm(bare, at, at + len(word)) for at in begins):
                return ground
    return None


def _is_calm(text: str, begin: int, end: int) -> bool:
    return bool(_CALM.search(text[max(0, begin - 14) : begin]) or _LESSON.match(text[end : end + 14]))
