"""Find every word of a word list in one pass over a text, however many words there are.

A pattern is a word with alternatives ``(a|b)``, parts that may be missing ``(a)?`` or come up to twice ``(a)*``, and
gaps ``~`` of up to six signs. All patterns together become one automaton whose states are made as texts need them.
A text of n signs takes n steps; no text can make it take more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

WIDEST_GAP = 6
MOST_STATES = 20_000
"""When a process has met so many states it forgets them and begins again: hostile text cannot fill the memory."""

_ANY = ""


class Automaton:
    """Words by mark: a mark is a bit, and ``marks_in`` says for each sign which marks' words end there."""

    def __init__(self, patterns: Mapping[int, Iterable[str]]) -> None:
        self._signs: list[str] = []
        self._next: list[frozenset[int]] = []
        self._mark: list[int] = []
        self._known: dict[tuple[str, frozenset[int], int], int] = {}
        starts: set[int] = set()
        for mark, words in patterns.items():
            end = frozenset({self._state("end", frozenset(), mark)})
            for word in words:
                starts |= self._read(word, end)
        self._starts: dict[str, frozenset[int]] = {}
        for start in starts:
            sign = self._signs[start]
            self._starts[sign] = self._starts.get(sign, frozenset()) | self._next[start]
        self._known.clear()
        self._forget()

    def marks_in(self, text: str) -> list[tuple[int, int]]:
        """Where words end: the position behind the word's last sign, and its marks, in order."""
        if len(self._sets) > MOST_STATES:
            self._forget()
        state, found = 0, []
        steps, marks = self._steps, self._marks
        for at, sign in enumerate(text, 1):
            after = steps[state].get(sign)
            state = self._step(state, sign) if after is None else after
            if marks[state]:
                found.append((at, marks[state]))
        return found

    def _forget(self) -> None:
        self._sets: list[frozenset[int]] = [frozenset()]
        self._steps: list[dict[str, int]] = [{}]
        self._marks: list[int] = [0]
        self._places: dict[frozenset[int], int] = {frozenset(): 0}

    def _step(self, state: int, sign: str) -> int:
        reached: set[int] = set()
        if sign.isalnum() or sign in "“”「」《》":
            reached.update(self._starts.get(sign, ()))
            # A process of some hundred texts walks through here for most of their signs.
            signs, after = self._signs, self._next
            for one in self._sets[state]:
                wanted = signs[one]
                if wanted == sign or not wanted:  # not: any sign
                    reached |= after[one]
        target = frozenset(reached)
        place = self._places.get(target)
        if place is None:
            place = self._places[target] = len(self._sets)
            self._sets.append(target)
            self._steps.append({})
            mark = 0
            for one in target:
                mark |= self._mark[one]
            self._marks.append(mark)
        self._steps[state][sign] = place
        return place

    def _state(self, sign: str, after: frozenset[int], mark: int = 0) -> int:
        key = (sign, after, mark)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self._signs)
            self._signs.append(sign)
            self._next.append(after)
            self._mark.append(mark)
        return found

    def _read(self, word: str, end: frozenset[int]) -> frozenset[int]:
        """The states that begin ``word``, read from its end."""
        return self._build(_parse(word), end)

    def _build(self, branches: list[list[tuple[str, Any]]], after: frozenset[int]) -> frozenset[int]:
        begun: set[int] = set()
        for parts in branches:
            then = after
            for sort, part in reversed(parts):
                if sort == "sign":
                    then = frozenset({self._state(str(part), then)})
                elif sort == "gap":
                    ahead = then
                    for _ in range(WIDEST_GAP):
                        ahead = then | {self._state(_ANY, ahead)}
                    then = ahead
                elif sort == "one":
                    then = self._build(part, then)
                elif sort == "maybe":
                    then = self._build(part, then) | then
                else:
                    then = self._build(part, self._build(part, then) | then) | then
            begun |= then
        return frozenset(begun)


def _parse(word: str) -> list[list[tuple[str, Any]]]:
    at = 0

    def branches() -> list[list[tuple[str, Any]]]:
        nonlocal at
        found: list[list[tuple[str, Any]]] = [[]]
        while at < len(word) and word[at] != ")":
            sign = word[at]
            at += 1
            if sign == "|":
                found.append([])
            elif sign == "~":
                found[-1].append(("gap", None))
            else:
                part: object = sign
                sort = "sign"
                if sign == "(":
                    part, sort = branches(), "one"
                    at += 1
                if at < len(word) and word[at] in "?*":
                    part = part if sort == "one" else [[("sign", sign)]]
                    sort = "maybe" if word[at] == "?" else "twice"
                    at += 1
                found[-1].append((sort, part))
        return found

    return branches()


def literals(word: str) -> list[str]:
    """Every word that a pattern without gaps stands for; meant for patterns with few alternatives."""

    def spell(branches: list[list[tuple[str, Any]]]) -> list[str]:
        found: list[str] = []
        for parts in branches:
            begun = [""]
            for sort, part in parts:
                if sort == "sign":
                    ends = [str(part)]
                else:
                    ends = spell(part)
                    ends = ends if sort == "one" else [*ends, ""]
                begun = [head + tail for head in begun for tail in ends]
            found += begun
        return found

    return spell(_parse(word))
