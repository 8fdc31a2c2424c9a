"""What in a retelling only whoever reported can know, so that those told of it would know who spoke.

Nothing is decided here: each piece is shown to the person who writes the retelling, who leaves it out or says that it may
stand. What may never stand, whoever says so, is a number of a person, and the original word for word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from doudi.engine.secrecy.finding import NUMBERS, Sort, find

#: so many signs in one piece of the original are no retelling of it
LONGEST_QUOTE = 14


class Clue(StrEnum):
    """Why a piece tells who spoke."""

    NUMBER = "number"
    PLATE = "plate"
    ROOM = "room"
    NAME = "name"
    HOME = "home"
    KIN = "kin"
    ANIMAL = "animal"
    HOUR = "hour"
    NEIGHBOUR = "neighbour"
    LIFE = "life"
    BEFORE = "before"
    SELF = "self"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Telling:
    """One piece of a retelling, as it stands there, and why it tells who spoke."""

    clue: Clue
    words: str


_OF_SORT = {Sort.PLATE: Clue.PLATE, Sort.ROOM: Clue.ROOM, Sort.NAME: Clue.NAME}
_OF_WORDS = (
    (Clue.HOME, "我家|我们家|自己家|家里|家中|家门口|我住|租住|自住|我店|我们店|我公司|我单位|我这"),
    (
        Clue.KIN,
        "老公|老婆|丈夫|妻子|爱人|儿子|女儿|孩子|小孩|宝宝|婴儿|婆婆|公公|岳[父母]|父亲|母亲|爸爸|妈妈|爸妈|奶奶|爷爷|外[婆公]|孙[子女]|哥哥|姐姐|弟弟|妹妹|孕妇|怀孕",
    ),
    (
        Clue.ANIMAL,
        "(?:我|家|养)[^，。；\n]{0,6}(?:狗|犬|猫|鸟|鸡|鸽)|金毛|泰迪|柯基|哈士奇|边牧|拉布拉多|贵宾犬|博美|狗狗|猫咪|宠物",
    ),
    (
        Clue.HOUR,
        "(?:今天|昨天|前天|今早|昨晚|前晚|今晚|每天|每晚|每周.|周[一二三四五六日末]|星期.|凌晨|早上|清晨|上午|中午|下午|傍晚|晚上|夜里|半夜|深夜|刚才)*"
        "(?:[0-9]{1,2}|[一二两三四五六七八九十]{1,3})(?:点(?:[0-9]{1,2}分?|半|多|左右|钟)?|[:：][0-9]{2})"
        "|昨天|昨晚|前天|前晚|今早|刚才|凌晨|半夜|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号]",
    ),
    (Clue.NEIGHBOUR, "楼上|楼下|隔壁|对门|对面邻居|邻居|同一层|我的房东|我的租客"),
    (Clue.LIFE, "上班|下班|夜班|退休|失业|住院|手术|化疗|残疾|低保|心脏病|高血压|抑郁|失眠|生病|病人|坐月子"),
    (
        Clue.BEFORE,
        "(?:上次|之前|此前|已经?|曾经?|多次|[几二两三四五六七八九十0-9]次)[^，。；\n]{0,8}(?:打|拨|反映|投诉|举报|报警|报案|上访|来信)|第[0-9一二三四五六七八九十]+次",
    ),
    (
        Clue.SELF,
        "本人|业主|租客|租户|房东|亲眼|我拍|拍了(?:照|视频)|录(?:音|像|了)|监控|我看[到见]|我听[到见]|员工|同事|知情",
    ),
)
_WORDS = tuple((clue, re.compile(form)) for clue, form in _OF_WORDS)


def told_by(retelling: str, original: str = "") -> tuple[Telling, ...]:
    """The pieces of ``retelling`` that tell who spoke, each once, in the order of its words."""
    found = [
        (one.start, Telling(Clue.NUMBER if one.sort in NUMBERS else _OF_SORT[one.sort], retelling[one.start : one.end]))
        for one in find(retelling)
    ]
    found += [(one.start(), Telling(clue, one[0])) for clue, form in _WORDS for one in form.finditer(retelling)]
    found += [(start, Telling(Clue.QUOTE, words)) for start, words in _quotes(retelling, original)]
    return tuple(dict.fromkeys(one for _, one in sorted(found, key=lambda pair: pair[0])))


def is_original(retelling: str, original: str) -> bool:
    """Whether nothing was retold: but for signs and blanks the words are those of the original, or a long part of them."""
    said, told = _bare(original), _bare(retelling)
    return bool(told) and (told == said or (len(told) > LONGEST_QUOTE and told in said))


def _quotes(retelling: str, original: str) -> list[tuple[int, str]]:
    """The longest pieces that stand word for word in the original, each at least ``LONGEST_QUOTE`` signs."""
    found, at = [], 0
    while at + LONGEST_QUOTE <= len(retelling):
        if retelling[at : at + LONGEST_QUOTE] not in original:
            at += 1
            continue
        end = at + LONGEST_QUOTE
        while end < len(retelling) and retelling[at : end + 1] in original:
            end += 1
        found.append((at, retelling[at:end]))
        at = end
    return found


def _bare(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())
