"""Whatever happened stays provable: facts in one canonical form, chained by their hashes.

A *link* is one fact's canonical body with its place (``seq``, from 1 without gaps) and the hash of the link before
(``prev``). The *head* says how long the chain is and what its last hash is; who keeps a head elsewhere can tell
whether the chain was rewritten or cut. Nobody needs this code to check: SHA-256 over 0x00 and the body is enough.
Bodies never hold personal free words, only a salted `commitment` to them, so words can be erased.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message

_LEAF = b"\x00"
_MOST = 2**53 - 1
_RESERVED = ("seq", "prev")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
#: where a value stands: what holds it, and its name or number there; put into words only when something is wrong with it
_Place: TypeAlias = "tuple[_Place, str | int] | None"


class JournalError(DoudiError):
    """A value has no canonical form, or a fact claims a field that belongs to the chain."""


class ActorKind(StrEnum):
    """Who acts: a person at a post; somebody concerned, by link or code; a program with a key; or the platform itself."""

    STAFF = "staff"
    PARTY = "party"
    CLIENT = "client"
    SYSTEM = "system"


class ClaimSource(StrEnum):
    """Who says that something happened at another moment than we recorded."""

    DEVICE = "device"
    UPSTREAM = "upstream"
    CALLER = "caller"
    SLIP = "slip"


@dataclass(frozen=True, slots=True)
class Claim:
    """When something happened, as somebody else says. It orders nothing and meets no clock, save where a rule says so."""

    at: datetime
    source: ClaimSource


@dataclass(frozen=True, slots=True)
class Head:
    """How many links there are and the hash (hex) of the last one; the empty chain is ``Head()``."""

    size: int = 0
    last_hash: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """One fact in its place: ``body`` is its canonical form, ``hash`` the hex of `leaf_hash` of it."""

    seq: int
    body: bytes
    hash: str


class FlawKind(StrEnum):
    """What is wrong with a chain at the first bad place."""

    BODY = "body"
    HASH = "hash"
    REPLACED = "replaced"
    MISPLACED = "misplaced"
    INSERTED = "inserted"
    MISSING = "missing"
    TRUNCATED = "truncated"
    HEAD = "head"


_FLAW_WORDS = {
    FlawKind.BODY: "第 {seq} 条留痕的内容被改动，请从备份核对这一条。",
    FlawKind.HASH: "第 {seq} 条留痕的校验值被改动，请从备份核对这一条。",
    FlawKind.REPLACED: "第 {seq} 条留痕连同校验值被整条替换，请从备份核对这一条。",
    FlawKind.MISPLACED: "第 {seq} 条留痕不在自己的位置上，请从备份核对前后次序。",
    FlawKind.INSERTED: "第 {seq} 条留痕是后来插入的，请从备份核对前后各条。",
    FlawKind.MISSING: "第 {seq} 条留痕缺失，请从备份补回。",
    FlawKind.TRUNCATED: "从第 {seq} 条起的留痕缺失，请从备份补回。",
    FlawKind.HEAD: "链头与第 {seq} 条留痕对不上，请从备份核对链头和最后一条。",
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first bad place of a chain."""

    seq: int
    kind: FlawKind

    def in_words(self) -> Message:
        """What is wrong and what to do, as a sentence that can be translated."""
        return Message(_FLAW_WORDS[self.kind], {"seq": self.seq})


def canonical(value: object) -> bytes:
    """The one byte form of ``value``: RFC 8785 for text, integers up to 2^53-1, booleans, null, lists and mappings.

    Text is brought to NFC first. Anything else, and keys that become equal, raises `JournalError`.
    """
    plain = _plain(value, None)
    try:
        return _ENCODER.encode(plain).encode()
    except UnicodeEncodeError:
        raise JournalError("留痕里有不完整的字符，请改成正常的文字。") from None


def leaf_hash(body: bytes) -> bytes:
    """SHA-256 of 0x00 and ``body``: the leaf hash of RFC 9162, so the same links can stand in a Merkle tree."""
    return hashlib.sha256(_LEAF + body).digest()


def commitment(salt: bytes, value: str) -> str:
    """Hex SHA-256 of ``salt`` and ``value`` (NFC, UTF-8): binds to words without holding them."""
    return hashlib.sha256(salt + _text(value).encode()).hexdigest()


def append(head: Head, facts: Sequence[Mapping[str, object]]) -> tuple[Head, tuple[Link, ...]]:
    """Chain ``facts`` after ``head``; returns the new head and their links, in order.

    Each body is the fact with ``seq`` and ``prev`` added; a fact that brings these itself raises `JournalError`.
    """
    links: list[Link] = []
    for fact in facts:
        if claimed := [field for field in _RESERVED if field in fact]:
            raise JournalError("留痕的字段“{field}”由系统填写，请换一个名称。", field=claimed[0])
        seq = head.size + 1
        body = canonical({**fact, "seq": seq, "prev": head.last_hash})
        links.append(Link(seq, body, leaf_hash(body).hex()))
        head = Head(seq, links[-1].hash)
    return head, tuple(links)


def verify(links: Iterable[Link], head: Head) -> Flaw | None:
    """Find the first bad place of the whole chain, given in order of ``seq``; ``None`` when all of it holds.

    The links are read once, one at a time. Of two neighbours that disagree while both are sound in themselves, the
    earlier one is named as replaced: the later ones still speak for what stood there.
    """
    before, previous, size = "", "", 0
    for link, after in _with_next(links):
        seq = size + 1
        if link.seq != seq:
            return Flaw(seq, FlawKind.MISSING) if link.seq > seq else Flaw(link.seq, FlawKind.INSERTED)
        own = leaf_hash(link.body).hex()
        if own != link.hash:
            spoken_for = head.last_hash if after is None else _stated(after.body)[1]
            return Flaw(seq, FlawKind.HASH if spoken_for == own else FlawKind.BODY)
        stated_seq, stated_prev = _stated(link.body)
        if stated_seq != seq:
            # What stood one place earlier was pushed on by a forged link; a mere copy of that link is itself misplaced.
            pushed_on = seq > 1 and stated_prev == before and own != previous
            return Flaw(seq - 1, FlawKind.INSERTED) if pushed_on else Flaw(seq, FlawKind.MISPLACED)
        if stated_prev != previous:
            return Flaw(max(seq - 1, 1), FlawKind.REPLACED)
        before, previous, size = previous, own, seq
    if size != head.size:
        return Flaw(size + 1, FlawKind.TRUNCATED) if size < head.size else Flaw(head.size + 1, FlawKind.INSERTED)
    return Flaw(size, FlawKind.HEAD) if previous != head.last_hash else None


def _with_next(links: Iterable[Link]) -> Iterator[tuple[Link, Link | None]]:
    held: Link | None = None
    for link in links:
        if held is not None:
            yield held, link
        held = link
    if held is not None:
        yield held, None


def _stated(body: bytes) -> tuple[object, object]:
    """The place and the predecessor that a body claims; nothing when it cannot be read."""
    try:
        read = json.loads(body)
    except ValueError:
        return None, None
    return (read.get("seq"), read.get("prev")) if isinstance(read, dict) else (None, None)


def _plain(value: object, place: _Place) -> object:
    # Every leaf comes through here, a hundred values each: the usual kinds first, by nothing but their type.
    sort = type(value)
    if sort is str:
        return _text(value)  # type: ignore[arg-type]  # a text, by its type
    if value is None or sort is bool:
        return value
    match value:
        case dict():
            return _plain_mapping(value, place)
        case str():
            return _text(value)
        case int():
            if abs(value) > _MOST:
                raise JournalError("留痕字段“{path}”的整数太大，请改成文字。", path=_named(place))
            return int(value)
        case list() | tuple():
            return [_plain(item, (place, number)) for number, item in enumerate(value)]
        case Mapping():
            return _plain_mapping(value, place)
    raise JournalError(
        "留痕字段“{path}”的类型 {type} 不能写入，请改成文字、整数、是否、列表或映射。",
        path=_named(place),
        type=sort.__name__,
    )


def _plain_mapping(value: Mapping[object, object], place: _Place) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, item in value.items():
        if not isinstance(key, str):
            raise JournalError("留痕字段“{path}”的名称“{key}”应是文字。", path=_named(place), key=key)
        name = _text(key)
        if name in plain:
            raise JournalError("留痕字段“{path}”里有两个名称都是“{key}”，请改掉一个。", path=_named(place), key=name)
        plain[name] = _plain(item, (place, name))
    # RFC 8785 orders by UTF-16 units, which is code point order for all but the rarest signs.
    return {name: plain[name] for name in sorted(plain, key=None if all(map(str.isascii, plain)) else _units)}


def _named(place: _Place) -> str:
    """``evidence[0].digest``"""
    if place is None:
        return ""
    within, own = _named(place[0]), place[1]
    return f"{within}[{own}]" if isinstance(own, int) else f"{within}.{own}" if within else own


def _units(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


def _text(value: str) -> str:
    return value if value.isascii() else unicodedata.normalize("NFC", value)
