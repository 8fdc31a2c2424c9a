"""A chain of facts, and whoever tampers with it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from random import Random
from unicodedata import normalize

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.journal import (
    Flaw,
    FlawKind,
    Head,
    JournalError,
    Link,
    append,
    canonical,
    commitment,
    leaf_hash,
    verify,
)

FACTS = [{"kind": "accepted", "about": f"matter-{n}", "payload": {"post": "城管中队", "n": n}} for n in range(1, 9)]
HEAD, LINKS = append(Head(), FACTS)


class Lane(StrEnum):
    LIFE = "life"


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8).map(lambda text: normalize("NFC", text))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def sealed(seq: int, prev: str, kind: str = "forged") -> Link:
    """A link that is sound in itself, made by somebody who knows the format."""
    body = canonical({"kind": kind, "seq": seq, "prev": prev})
    return Link(seq, body, leaf_hash(body).hex())


@given(values)
def test_the_canonical_form_is_that_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_the_canonical_form_is_compact_sorted_and_composed() -> None:
    # e and a combining accent become one letter; the astral sign sorts before U+FF21 as RFC 8785 wants it.
    value = {"b": [1, True, None], "a": "e\u0301\n", "\uff21": {}, "\U00020000": Lane.LIFE, "t": (1,)}
    assert canonical(value).decode() == '{"a":"é\\n","b":[1,true,null],"t":[1],"\U00020000":"life","Ａ":{}}'


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"a": 1.5}, "字段“a”的类型 float"),
        ({"a": [0, {"b": b"x"}]}, re.escape("字段“a[1].b”的类型 bytes")),
        ({"a": {1, 2}}, "类型 set"),
        ({"a": 2**53}, "字段“a”的整数太大"),
        ({"a": -(2**53)}, "字段“a”的整数太大"),
        ({"a": {7: "x"}}, "字段“a”的名称“7”应是文字"),
        ({"é": 1, "e\u0301": 2}, "两个名称都是“é”"),
        ({"a": "\ud800"}, "不完整的字符"),
        ({"\ud800": 1}, "不完整的字符"),
    ],
)
def test_what_has_no_canonical_form_is_refused_with_its_place(value: object, complaint: str) -> None:
    with pytest.raises(JournalError, match=complaint):
        canonical(value)


def test_the_largest_integers_that_every_reader_understands_are_kept() -> None:
    assert canonical([2**53 - 1, 1 - 2**53]) == b"[9007199254740991,-9007199254740991]"


def test_a_leaf_is_hashed_as_certificate_logs_do() -> None:
    # RFC 9162, 2.1.1: the hash of the leaf that is empty.
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


def test_a_commitment_binds_to_the_words_whatever_their_composition() -> None:
    assert commitment(b"salt", "é") == commitment(b"salt", "e\u0301") == hashlib.sha256(b"salt\xc3\xa9").hexdigest()
    assert commitment(b"salt", "é") != commitment(b"tlas", "é")


def test_facts_are_chained_from_one_without_gaps() -> None:
    assert [link.seq for link in LINKS] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert Head(8, LINKS[-1].hash) == HEAD
    bodies = [json.loads(link.body) for link in LINKS]
    assert [body["prev"] for body in bodies] == ["", *(link.hash for link in LINKS[:-1])]
    assert [{key: body[key] for key in ("kind", "about", "payload")} for body in bodies] == FACTS


def test_a_chain_may_be_continued_later_and_by_nothing() -> None:
    head, first = append(Head(), FACTS[:3])
    assert append(head, []) == (head, ())
    assert append(head, FACTS[3:]) == (HEAD, LINKS[3:])
    assert verify(first, head) is None


@pytest.mark.parametrize("field", ["seq", "prev"])
def test_a_fact_cannot_claim_a_place_of_its_own(field: str) -> None:
    with pytest.raises(JournalError, match=f"字段“{field}”由系统填写"):
        append(Head(), [{field: 1}])


def test_a_whole_chain_holds_and_so_does_the_empty_one() -> None:
    assert verify(iter(LINKS), HEAD) is None
    assert verify([], Head()) is None
    assert verify(LINKS[:1], Head(1, LINKS[0].hash)) is None


def test_every_changed_byte_of_every_body_is_found_at_its_place() -> None:
    for place, link in enumerate(LINKS):
        for byte in range(len(link.body)):
            body = link.body[:byte] + bytes([link.body[byte] ^ 1]) + link.body[byte + 1 :]
            edited = [*LINKS[:place], replace(link, body=body), *LINKS[place + 1 :]]
            assert verify(edited, HEAD) == Flaw(link.seq, FlawKind.BODY)


Tamper = Callable[[list[Link]], list[Link]]


def renumbered(links: list[Link]) -> list[Link]:
    return [replace(link, seq=seq) for seq, link in enumerate(links, 1)]


def swapped(links: list[Link], left: int, right: int) -> list[Link]:
    links[left], links[right] = links[right], links[left]
    return links


@pytest.mark.parametrize(
    ("tamper", "flaw"),
    [
        (lambda c: [*c[:3], replace(c[3], hash=c[4].hash), *c[4:]], Flaw(4, FlawKind.HASH)),
        (lambda c: [*c[:7], replace(c[7], hash=c[0].hash)], Flaw(8, FlawKind.HASH)),
        (lambda c: [*c[:7], replace(c[7], body=b"{}")], Flaw(8, FlawKind.BODY)),
        (lambda c: [*c[:3], replace(c[3], body=b"{}"), replace(c[4], body=b"?"), *c[5:]], Flaw(4, FlawKind.BODY)),
        (lambda c: [*c[:3], sealed(4, c[2].hash), *c[4:]], Flaw(4, FlawKind.REPLACED)),
        (lambda c: [sealed(1, ""), *c[1:]], Flaw(1, FlawKind.REPLACED)),
        (lambda c: [sealed(1, "ab"), *c[1:]], Flaw(1, FlawKind.REPLACED)),
        (lambda c: [*c[:3], Link(4, b"[4]", leaf_hash(b"[4]").hex()), *c[4:]], Flaw(4, FlawKind.MISPLACED)),
        (lambda c: [*c[:3], Link(4, b"4!", leaf_hash(b"4!").hex()), *c[4:]], Flaw(4, FlawKind.MISPLACED)),
        (lambda c: renumbered(swapped(c, 2, 3)), Flaw(3, FlawKind.MISPLACED)),
        (lambda c: renumbered(swapped(c, 0, 6)), Flaw(1, FlawKind.MISPLACED)),
        (lambda c: swapped(c, 2, 3), Flaw(3, FlawKind.MISSING)),
        (lambda c: c[:3] + c[4:], Flaw(4, FlawKind.MISSING)),
        (lambda c: c[1:], Flaw(1, FlawKind.MISSING)),
        (lambda c: renumbered(c[:3] + c[4:]), Flaw(4, FlawKind.MISPLACED)),
        (lambda c: [*c[:3], c[2], *c[3:]], Flaw(3, FlawKind.INSERTED)),
        (lambda c: renumbered([*c[:3], sealed(4, c[2].hash), *c[3:]]), Flaw(4, FlawKind.INSERTED)),
        (lambda c: renumbered([sealed(1, ""), *c]), Flaw(1, FlawKind.INSERTED)),
        (lambda c: renumbered([*c[:3], c[2], *c[4:]]), Flaw(4, FlawKind.MISPLACED)),
        (lambda c: renumbered([c[0], c[0], *c[2:]]), Flaw(2, FlawKind.MISPLACED)),
        (lambda c: renumbered([sealed(5, ""), *c[1:]]), Flaw(1, FlawKind.MISPLACED)),
        (lambda c: [*c, sealed(9, c[7].hash)], Flaw(9, FlawKind.INSERTED)),
        (lambda c: c[:6], Flaw(7, FlawKind.TRUNCATED)),
        (lambda c: [], Flaw(1, FlawKind.TRUNCATED)),
        (lambda c: [*c[:7], sealed(8, c[6].hash)], Flaw(8, FlawKind.HEAD)),
        (lambda c: list(append(Head(), [{"kind": "all new"}] * 8)[1]), Flaw(8, FlawKind.HEAD)),
    ],
)
def test_whoever_tampers_is_found_at_the_first_bad_place(tamper: Tamper, flaw: Flaw) -> None:
    assert verify(tamper(list(LINKS)), HEAD) == flaw


def test_a_head_that_was_changed_alone_is_found() -> None:
    assert verify(LINKS, replace(HEAD, last_hash=LINKS[0].hash)) == Flaw(8, FlawKind.HEAD)
    assert verify([], Head(0, "ab")) == Flaw(0, FlawKind.HEAD)


def test_random_edits_of_a_longer_chain_never_pass() -> None:
    chance = Random(11)
    head, links = append(Head(), FACTS * 40)
    for _ in range(200):
        place = chance.randrange(len(links))
        bad = list(links)
        match chance.randrange(3):
            case 0:
                del bad[place]
            case 1:
                bad.insert(place, bad[chance.randrange(len(links))])
            case _:
                other = chance.choice([n for n in range(len(links)) if n != place])
                bad[place] = replace(links[other], seq=links[place].seq)
        found = verify(bad, head)
        assert found is not None
        assert found.seq <= place + 1
        assert found.seq == place + 1 or len(bad) > len(links)


def test_each_flaw_says_where_it_is_and_what_to_do() -> None:
    for kind in FlawKind:
        said = str(Flaw(42, kind).in_words())
        assert "第 42 条" in said
        assert "请从备份" in said
