"""Several demands in one letter (一单多诉): where each begins, by numbers, by words that lead on, and by a change of the thing.

A person confirms a split, so a wrong one costs a look; one too many costs more looks than one too few. The time that a
letter takes grows with its length alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from doudi.engine.triage.things import things_in

SHORTEST = 6
"""Signs below which nothing is a demand by itself."""
LONGEST = 4000

_NUMBER = (
    r"[（(]?\s*(?:[0-9]{1,2}|[一二三四五六七八九十])\s*(?:[）)]\s*[、.．,，:：]?|[、.．:：](?![0-9]))"
    r"|第[一二三四五六七八九十]\s*(?:[件个点条项]\s*)?(?:事情?|问题)?\s*[，,、：:是]"
    r"|[一二三四五六]是(?=[^非否不])|[①②③④⑤⑥⑦⑧⑨]"
)
_LEAD_ON = (
    r"另外一件事|另外还有|另外|另有一事|另有|另想|另称|另其|另反映|另[，,、]|此外|除此之外|除此以外|其次|再次[，,]|再一个|再有就是|再有|再者|再就是|再反映"
    r"|还有一个问题|还有就是|还有一件|还有|还想|还要|还反映|同时反映|同时举报|同时投诉|同时|顺便|顺带|其还反映|另一件|最后[，,]"
)
_START = re.compile(rf"\s*(?:(?P<number>{_NUMBER})|(?P<lead>(?:并且?)?(?:{_LEAD_ON})))\s*[，,：:、]?\s*")
#: behind a comma only what says outright that something else begins
_TURNS = r"(?:同时|其?还|另)(?:要|想)?反[映应]|另称|同时(?:举报|投诉)|另外(?:一件事|反[映应])"
_CLAUSE = re.compile(
    r"[。；;！!？?\n…]+|[，,](?=\s*(?:"
    + _TURNS
    + r"))|[：:](?=\s*(?:"
    + _NUMBER
    + "))|(?<=[^\\s])(?=[（(][0-9一二三四五六][）)])"
)
#: a new thing is spoken of at once
_ASKS_ANEW = re.compile(r"(?:我?[想要]?(?:请?问|咨询|反映|投诉|举报|建议|说)|一件事|一事|一个问题|就是)")
#: what belongs to the demand before it: what the writer did, wishes, or tells of it further
_BELONGS = re.compile(
    r"(?:我|我们|本人|家里|群里)?(?:也|还|都|曾|又|已)+(?:打|去|找|给|写|问|报|拍|向|跟|没|很)"
    r"|(?:[也还]?(?:希望|请|恳请|望|盼|要求|恳求)(?:相关|有关|领导|政府|部门|上级|能|尽快|给|他们|依法|予以))"
    r"|(?:很多|有人|有家长|不少|大家|其他|家长|邻居)(?:说|反映|带|围观)|(?:的|手续|原因|情况)"
)
_SEVERAL = re.compile(r"反[映应](?:以下|如下)?(?:[两二三四五几2-5])(?:个|件|方面)(?:问题|事|情况)")
_FIRST = re.compile(r"(?<![0-9十])(?:1(?![0-9])|一(?![0-9十])|①)")
_GROUNDS = re.compile(
    r"(?:理由|证据|事实|原因|举例|依据)(?:是|有|如下|为)|(?:问题|情况|诉求|具体|内容|后果|条款)(?:是|有|为)?如下|(?:以下|诸多|几点|多项)[^，。]{0,6}(?:问题|后果|影响|情况|条款)"
    r"|(?:存在|造成)[^，。：:]{0,16}[：:]"
)
_TITLES = re.compile(
    r"(?:基本情况|反映的?(?:问题|内容|情况)|诉求|要求|事实(?:与理由|经过)?|理由|背景|经过|事由|联系方式)\s*[：:，,。]?"
)
_TROUBLE = re.compile(
    r"坏|没|无人|无|滑|倒|流|洒|溅|泡|不[^过同]|乱|脏|臭|堵|漏|断|停|占|吵|响|掉|塌|裂|死|烂|满|锁|偷|骗|拖|欠|少|黑|锈|翘|扔|怎么|什么时候|能不能|如何|打架|强制|私自|危险|差|被"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """One demand: its place in the letter, without the number or words that lead to it."""

    begin: int
    end: int

    def of(self, text: str) -> str:
        return text[self.begin : self.end].strip(" \t\r\n，,；;、。")


def split(text: str) -> tuple[Piece, ...]:
    """The demands of a letter in their order; a single one for what asks one thing."""
    text = text[:LONGEST]
    begins: list[tuple[int, int]] = []
    told, names, said = frozenset[str](), frozenset[str](), False
    numbers_count = (len(text) <= LONG or bool(_SEVERAL.search(text))) and not _GROUNDS.search(text)
    for part in _parts(text):
        words = text[part.words : part.end]
        things = list(things_in(words))
        found = frozenset(topic for _word, topic in things)
        called = frozenset(word for word, _topic in things)
        ahead = told or (said and part.lead)
        marked = (numbers_count and not part.first) if part.numbered else part.lead
        if part.first and numbers_count:
            # What stands before the first number only leads up to it.
            told, names = found, called
        elif ahead and marked and _is_new(part, words, things, told, names, len(text) > LONG_LETTER):
            begins.append((part.begin, part.words))
            told, names = found, called
        else:
            told, names = told | found, names | called
        said = said or bool(_TROUBLE.search(words))
    if not begins:
        return (Piece(0, len(text)),)
    starts = [0, *(words for _, words in begins)]
    ends = [*(start for start, _ in begins), len(text)]
    return tuple(Piece(start, end) for start, end in zip(starts, ends, strict=True))


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch that begins with a number or with words that lead on, or a sentence; ``words``: behind these."""

    begin: int
    words: int
    end: int
    lead: str
    numbered: bool
    first: bool


def _parts(text: str) -> list[_Part]:
    cuts = [0, *(one.end() for one in _CLAUSE.finditer(text)), len(text)]
    found: list[_Part] = []
    for begin, end in pairwise(cuts):
        if not text[begin:end].strip():
            continue
        lead = _START.match(text, begin, end)
        start = lead.end() if lead else begin
        number = lead["number"] if lead else ""
        words = (lead["lead"] if lead else "") or ""
        found.append(_Part(begin, start, end, words, bool(number), bool(number and _FIRST.search(number))))
    return found


def _is_new(
    part: _Part,
    words: str,
    things: Sequence[tuple[str, str]],
    told: frozenset[str],
    names: frozenset[str],
    is_long: bool,
) -> bool:
    if len(words.strip()) < SHORTEST or _TITLES.match(words):
        return False
    found = {topic for _word, topic in things}
    # A long letter touches much; something else is what it has not touched at all.
    other = bool(found) and not found & told if is_long else bool(found - told)
    if part.numbered:
        return other
    if part.lead:
        if _ASKS_ANEW.match(words) and (other or not found):
            return True
        if _BELONGS.match(words):
            return False
        if other:
            return part.lead not in _WEAK or bool(_TROUBLE.search(words))
        # What the table does not know, or counts with the same: then it is told by what is wrong with it.
        known = {word for word, _topic in things}
        unsaid = not is_long and (not known or bool(known - names))
        return unsaid and part.lead not in _WEAK and len(words) >= LONG_ENOUGH and bool(_TROUBLE.search(words))
    return False


LONG_LETTER = 120
LONG = 250
"""In longer letters numbers as a rule count the points of one trouble, unless it is said that there are several."""
LONG_ENOUGH = 10
"""Signs from which on a clause says a trouble of its own."""
_WEAK = ("同时", "并同时", "最后", "还有")
