"""Notice words after which only a restricted circle should see a report. Nothing is ever refused for them.

A mark too many hides a report from those who would handle it, so words that people also use of streets
and shops are left out: 堵路 is a parked car, 跳楼价 a sale, 拉横幅 an advertisement, 举报 any complaint.
"""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine.triage.keywords import plain

MINOR, EXTREMISM, PETITION, WHISTLEBLOWING, SECRET = "minor", "extremism", "petition", "whistleblowing", "secret"

WORDS: Mapping[str, tuple[str, ...]] = {
    MINOR: (
        "未成年", "虐待儿童", "虐童", "虐待孩子", "毒打孩子", "猥亵", "性侵", "校园欺凌", "霸凌", "拐卖儿童",
        "弃婴", "童工",
    ),
    EXTREMISM: (
        "同归于尽", "报复社会", "炸药", "砍人", "杀人", "杀了他", "杀了你", "要杀了", "放火烧了", "血债",
        "不想活了", "要跳楼", "想跳楼", "跳楼自杀", "轻生", "自杀", "自焚", "割腕", "喝农药",
    ),
    PETITION: (
        "上访", "集体信访", "越级信访", "集体讨薪", "聚集讨薪", "拉横幅维权", "静坐示威", "游行示威",
        "上街游行", "罢市", "罢运", "群体性事件",
    ),
    WHISTLEBLOWING: (
        "实名举报", "受贿", "行贿", "贪污", "收黑钱", "吃拿卡要", "以权谋私", "徇私", "保护伞", "挪用公款",
        "官商勾结", "虚报冒领", "套取补贴",
    ),
    SECRET: (
        "请保密", "要求保密", "要保密", "保密处理", "替我保密", "对我保密", "信息保密", "身份保密", "不要透露",
        "别透露", "不要泄露", "别泄露", "勿泄露", "不要公开我", "匿名举报", "怕报复", "怕被报复", "打击报复",
        "别告诉对方", "不要告诉对方",
    ),
}  # fmt: skip


def sensitivity(text: str) -> tuple[str, ...]:
    """The codes whose words stand in ``text``, in the order of ``WORDS``; empty for nearly every report."""
    bare = plain(text)
    return tuple(code for code, words in WORDS.items() if any(word in bare for word in words))
