"""Folding, digests and packed parts of the index, held against plain Python."""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np
import pytest

from doudi.engine.search import segments
from doudi.engine.search.digests import Digests
from doudi.engine.search.folding import beside, folded, joined, pairs, parts, phones


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("兴隆路４０ 号", "兴隆路40号"),
        ("3—502，ａｂ", "3502AB"),
        ("垃圾。\n清运！", "垃圾清运"),
        ("３．５℃", "35°C"),
        ("", ""),
    ],
)
def test_both_sides_are_folded_alike(text: str, plain: str) -> None:
    assert folded(text) == plain and folded(plain) == plain


def test_pairs_do_not_reach_from_one_text_to_the_next() -> None:
    assert pairs(joined(beside(["垃圾", "", "清运", "垃圾"]))) == {"垃圾", "清运"}
    assert pairs("哈") == set()


@pytest.mark.parametrize(
    ("typed", "cut"),
    [
        ("垃圾　兴隆路", ("垃圾", "兴隆路")),
        ("138 0000 1111", ("13800001111",)),
        ("40 号", ("40", "号")),
        ("， 。", ()),
        ("垃圾 垃圾", ("垃圾",)),
    ],
)
def test_what_was_typed_is_cut_at_blanks(typed: str, cut: tuple[str, ...]) -> None:
    assert parts(typed) == cut


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("138 0000 1111", "13800001111"),
        ("+86 13800001111", "13800001111"),
        ("０２１－５９１２３４５６", "59123456"),
        ("021-59123456-801", "02159123456"),
        ("59123456转801", "59123456"),
        ("家13800001111/单位59123456", "59123456"),
        ("0512-6512345", "6512345"),
    ],
)
def test_a_telephone_is_asked_for_as_people_know_it(text: str, asked: str) -> None:
    assert asked in phones(text)


def test_no_telephone_in_a_house_number() -> None:
    assert phones("兴隆路40号502室") == set()


def test_digests_depend_on_the_key() -> None:
    one, other = Digests("a"), Digests("b")
    assert one.of("垃圾") == Digests("a").of("垃圾") != other.of("垃圾") and one.mark != other.mark
    assert list(one.all_of(["垃圾", "清运"])) == [one.of("垃圾"), one.of("清运")]


def made(rng: random.Random, count: int, ids: list[bytes]) -> list[segments.Entry]:
    def some(most: int) -> np.ndarray:
        drawn = {
            (rng.randrange(300) if rng.random() < 0.5 else rng.randrange(5)) << 15 for _ in range(rng.randrange(most))
        }
        return np.array([*drawn, *list(drawn)[:2]], np.uint32)  # two pairs may have one digest

    return [
        segments.Entry(rng.choice(ids), some(40), some(6), rng.randrange(1 << 32), rng.randrange(1 << 32))
        for _ in range(count)
    ]


def read(packed: segments.Packed, digest: int, names: bool = False) -> list[bytes]:
    bits, begin = (packed.name_bits, segments.NAMES) if names else (packed.bits, 0)
    places = segments.places_of(packed.pages[begin + segments.page_of(digest, bits)], digest, bits).astype(np.int64)
    return [bytes(one).ljust(16, b"\0") for one in segments.ids_at(packed.pages, places)]


@pytest.mark.parametrize("seed", range(4))
def test_packed_parts_answer_as_a_plain_dictionary(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pages, ids that end in zeros, the same record in several parts, some taken out."""
    monkeypatch.setattr(segments, "_PAGE_BYTES", 600)
    rng = random.Random(seed)
    ids = [rng.randbytes(14) + bytes(2) for _ in range(1500)]
    batches = [made(rng, rng.randrange(1, 900), ids) for _ in range(4)]
    without = set(rng.sample(ids, 40))
    plain = {one.id: one for batch in batches for one in batch if one.id not in without}
    parts_ = [segments.unpack(segments.pack(segments.table(batch)).pages) for batch in batches]
    packed = segments.pack(segments.join(parts_, without))
    assert packed.records == len(plain) and packed.oldest == min(plain) and packed.newest == max(plain)
    assert packed.bits > 2
    under: dict[tuple[bool, int], list[bytes]] = defaultdict(list)
    for pk in sorted(plain):
        for digest in set(plain[pk].pairs.tolist()):
            under[False, int(digest)].append(pk)
        for digest in set(plain[pk].names.tolist()):
            under[True, int(digest)].append(pk)
    for digest in [one << 15 for one in range(300)]:
        assert read(packed, digest) == under[False, digest]
        assert read(packed, digest, names=True) == under[True, digest]
    units = np.frombuffer(packed.pages[segments.UNITS], np.uint32)
    assert list(units) == [plain[one].unit for one in sorted(plain)]


def test_all_at_meets_where_every_list_does() -> None:
    lists = [np.array(one, np.uint16) for one in ([1, 4, 9], [4, 5, 9, 11], [0, 4, 9])]
    assert list(np.flatnonzero(segments.all_at(lists, 12))) == [4, 9]
    assert not segments.all_at([*lists, np.empty(0, np.uint16)], 12).any()


def test_a_part_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="0 records"):
        segments.pack(segments.table([]))
