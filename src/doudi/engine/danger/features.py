"""What a text shows: the roles of danger in its clauses, in its first and its last one, and the signs it is written with.

How something is told stands at the edges: a clerk says first what sort of call it is, a caller says last what became of
it. What threatens and who is exposed belong together only where they stand together.

Roles carry what is known about danger; the signs (one to three together) carry the tone: how somebody writes who
asks, complains, remembers or cries for help. Both are weighed in ``points``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import log
from operator import add

from doudi.engine.danger.automaton import Automaton, literals
from doudi.engine.danger.words import INNOCENT, ROLES

STRETCH = 3
"""Clauses that are read together."""
LONGEST = 20_000
LONGEST_TONE = 600
"""Signs of a long text whose tone is read: its first half and its last."""

NAMES = tuple(ROLES)
BIT = {name: 1 << place for place, name in enumerate(NAMES)}
EVENTS = tuple(
    "gone hurt trapped cry leak shock fire collapse falling thrown drown perched gripped crash weapon violence"
    " threaten self_harm poison crowd missing helpless bite blast cold blown".split()
)
"""Roles that say that something happens; without one of them a stretch tells of no danger."""
CALM = tuple(
    "longpast past remedied cleared inquiry asks if feared quoted drill claims figure topic calmrecord chronic".split()
)
"""Roles that say that it happens not now, not here or not at all; an event in the same clause is not told bare."""
EXPOSED = ("child", "old", "people", "under", "now")
TOGETHER = tuple(
    tuple(pair.split("+"))
    for pair in (
        "gas+leak gas+gone wire+shock water+drown height+perched machine+gripped machine+trapped traffic+crash"
        " weapon+people explosive+blast animal+bite ice_tree+blown collapse+under falling+under crowd+hurt"
        " child+drown child+perched child+missing old+missing old+helpless fire+people poison+gone poison+hurt"
        " trapped+people gone+people hurt+people cold+gone cold+hurt now+hurt now+trapped threaten+weapon violence+hurt"
    ).split()
)
MOST_EVENTS = 3
FEATURES = (
    *NAMES,
    *(f"first {name}" for name in NAMES),
    *(f"last {name}" for name in NAMES),
    *(f"{count} bare" for count in range(MOST_EVENTS + 1)),
    "event",
    *(f"{name} exposed" for name in EXPOSED),
    *("+".join(pair) for pair in TOGETHER),
)
"""Roles of any clause, of the first, of the last; how many clauses tell of an event with nothing that calms it; whether
there is an event at all; and who or what is near one."""
_PLACE = {name: place for place, name in enumerate(FEATURES)}
_EVENT_BITS = sum(BIT[name] for name in EVENTS)
_CALM_BITS = sum(BIT[name] for name in CALM)
_SHOWN = tuple((BIT[name], _PLACE[f"{name} exposed"]) for name in EXPOSED)
_PAIRS = tuple((BIT[one] | BIT[two], _PLACE[f"{one}+{two}"]) for one, two in TOGETHER)
_COUNTED, _EVENT = _PLACE["0 bare"], _PLACE["event"]

_FOLD = (
    {sign: chr(sign - 0xFEE0).lower() for sign in range(0xFF01, 0xFF5F)}
    | {sign: chr(sign + 32) for sign in range(65, 91)}
    | {0xA0: " ", 0x3000: " "}
)
_BREAK = re.compile(r"[，,。．.！!？?；;：:\n\r\s、…()]+")


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the text without a stop, and the roles whose words it holds (a bit each)."""

    begin: int
    end: int
    roles: int


@dataclass(frozen=True, slots=True)
class Reading:
    """``features`` are places in ``FEATURES``; ``stretches`` are the clauses around each event."""

    folded: str
    clauses: tuple[Clause, ...]
    features: frozenset[int]
    stretches: tuple[tuple[int, int], ...]


def read(text: str) -> Reading:
    """What ``text`` shows; beyond ``LONGEST`` signs it is not read."""
    folded = text[:LONGEST].translate(_FOLD)
    clauses = _clauses(folded)
    roles = [clause.roles for clause in clauses]
    stretches = tuple(
        (first, min(first + STRETCH, len(roles)))
        for first in range(max(1, len(roles) - STRETCH + 1))
        if _union(roles[first : first + STRETCH]) & _EVENT_BITS
    )
    return Reading(folded, clauses, frozenset(_features(roles)), stretches)


def _features(roles: list[int]) -> set[int]:
    first, last = (roles[0], roles[-1]) if roles else (0, 0)
    found = set(_places(_union(roles) | first << len(NAMES) | last << 2 * len(NAMES)))
    events = [at for at, one in enumerate(roles) if one & _EVENT_BITS]
    bare = sum(not roles[at] & _CALM_BITS for at in events)
    found.add(_COUNTED + min(MOST_EVENTS, bare))
    if events:
        found.add(_EVENT)
    for near in {_union(roles[max(0, at - 1) : at + 2]) for at in events}:
        found.update(place for bit, place in _SHOWN if near & bit)
        found.update(place for bits, place in _PAIRS if near & bits == bits)
    return found


def _places(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def tone(folded: str) -> dict[str, float]:
    """How often each one to three signs stand together, damped: 1 + ln(n)."""
    if len(folded) > LONGEST_TONE:
        folded = folded[: LONGEST_TONE // 2] + folded[-LONGEST_TONE // 2 :]
    pairs = map(add, folded, folded[1:])
    counts = Counter(chain(folded, pairs, (folded[at : at + 3] for at in range(len(folded) - 2))))
    return {gram: 1 + log(count) if count > 1 else 1.0 for gram, count in counts.items()}


def _union(roles: list[int]) -> int:
    union = 0
    for one in roles:
        union |= one
    return union


def _clauses(folded: str) -> tuple[Clause, ...]:
    ends = _automaton().marks_in(_masked(folded))
    clauses: list[Clause] = []
    begin = at = 0
    for end in [*(stop.end() for stop in _BREAK.finditer(folded)), len(folded) + 1]:
        roles = 0
        while at < len(ends) and ends[at][0] <= end:
            roles |= ends[at][1]
            at += 1
        if end - begin > 1:
            clauses.append(Clause(begin, min(end, len(folded)), roles))
        begin = end
    return tuple(clauses)


def _masked(folded: str) -> str:
    """The text with a blot over each innocent word: none of its signs begins or ends a word of danger."""
    words, out, at = _innocent(), [], 0
    while at < len(folded):
        for word in words.get(folded[at : at + 2], ()):
            if folded.startswith(word, at):
                out.append("□" * len(word))
                at += len(word)
                break
        else:
            out.append(folded[at])
            at += 1
    return "".join(out)


@lru_cache(maxsize=1)
def _automaton() -> Automaton:
    return Automaton({BIT[name]: words.split() for name, (_, words) in ROLES.items()})


@lru_cache(maxsize=1)
def _innocent() -> dict[str, list[str]]:
    found: dict[str, set[str]] = {}
    for word in INNOCENT.split():
        for one in literals(word):
            if len(one) > 1:
                found.setdefault(one[:2], set()).add(one)
    return {begin: sorted(words, key=lambda word: (-len(word), word)) for begin, words in found.items()}
