from __future__ import annotations

from itertools import count
from random import Random

import pytest

from doudi.engine.units.codes import SYMBOLS, UnitCode, UnitCodeError, check_character

PLAQUE = UnitCode("7K3M9QWRT2XWG")


def minted(how_many: int, seed: int) -> list[UnitCode]:
    chance = Random(seed)
    return [UnitCode.mint(chance.randbytes) for _ in range(how_many)]


def is_refused(symbols: str) -> bool:
    try:
        UnitCode(symbols)
    except UnitCodeError:
        return True
    return False


def test_the_check_is_the_one_of_the_standard() -> None:
    # ISO 7064 MOD 37-2 as used for blood donations (ISBT 128), from its public description.
    assert check_character("G123498654321") == "H"


def test_a_code_prints_in_groups_and_reads_back() -> None:
    assert str(PLAQUE) == "7K3M9QWRT2XWG"
    assert PLAQUE.printed == "7K3M-9QWR-T2XW-G"
    assert UnitCode.parse(PLAQUE.printed) == PLAQUE


@pytest.mark.parametrize(
    "typed",
    [
        "{lower}",
        "  {printed}\n",
        "\ufeff{plain}\u200b",
        "https://wg.example.gov.cn/q/{lower}",
        "HTTPS://WG.EXAMPLE.GOV.CN/Q/{plain}?from=scan#top",
        "wg.example.gov.cn/Q/{printed}/",
        "https://wg.example.gov.cn/Q/{plain}#top/2",
    ],
)
def test_a_code_is_understood_however_it_is_given(typed: str) -> None:
    text = typed.format(plain=PLAQUE, lower=str(PLAQUE).lower(), printed=PLAQUE.printed)
    assert UnitCode.parse(text) == PLAQUE


def test_full_width_and_every_dash_are_read_too() -> None:
    wide = "".join(chr(ord(symbol) + 0xFEE0) for symbol in str(PLAQUE))
    assert UnitCode.parse(wide) == PLAQUE
    for dash in "-‐‑–—―−－":
        assert UnitCode.parse(dash.join(str(PLAQUE))) == PLAQUE


def test_letters_that_look_like_digits_are_read_as_those_digits() -> None:
    code = next(code for code in minted(2000, 3) if {"0", "1"} <= set(str(code)))
    assert UnitCode.parse(str(code).replace("0", "O").replace("1", "I")) == code
    assert UnitCode.parse(str(code).replace("0", "o").replace("1", "l")) == code


def test_minted_codes_use_the_thirty_two_symbols_only_and_differ() -> None:
    codes = minted(3000, 1)
    assert all(set(str(code)) <= set(SYMBOLS) and len(str(code)) == 13 for code in codes)
    assert len(set(codes)) == 3000
    assert all(len({str(code)[place] for code in codes}) == 32 for place in range(12))


def test_a_draw_whose_check_falls_outside_the_symbols_is_drawn_again() -> None:
    asked = count()
    bad = next(n for n in count() if check_character(drawn_symbols(n)) not in SYMBOLS)
    good = next(n for n in count() if check_character(drawn_symbols(n)) in SYMBOLS)

    def draw(size: int) -> bytes:
        return (bad if next(asked) < 2 else good).to_bytes(size, "big")

    assert str(UnitCode.mint(draw))[:12] == drawn_symbols(good)
    assert next(asked) == 3


def drawn_symbols(bits: int) -> str:
    return "".join(SYMBOLS[bits >> 5 * place & 31] for place in range(12))


def test_a_source_that_is_stuck_is_reported_rather_than_asked_for_ever() -> None:
    bad = next(n for n in count() if check_character(drawn_symbols(n)) not in SYMBOLS)
    with pytest.raises(UnitCodeError, match="请检查系统随机数来源"):
        UnitCode.mint(lambda size: bad.to_bytes(size, "big"))


def test_every_single_wrong_symbol_is_caught() -> None:
    for code in map(str, minted(1000, 5)):
        for place, right in enumerate(code):
            for wrong in SYMBOLS:
                assert wrong == right or is_refused(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("apart", [1, 2], ids=["neighbours", "next but one"])
def test_every_swap_of_symbols_is_caught(apart: int) -> None:
    swaps = 0
    for code in map(str, minted(4000, 6)):
        for left in range(13 - apart):
            swapped = list(code)
            swapped[left], swapped[left + apart] = swapped[left + apart], swapped[left]
            if "".join(swapped) != code:
                swaps += 1
                assert is_refused("".join(swapped))
    assert swaps > 40_000


@pytest.mark.parametrize("text", ["", "7K3M9QWRT2XB", "7K3M9QWRT2XBUU", "7K3M9QWRT2X*5", "井盖坏了", "https://a.cn/Q/"])
def test_what_has_not_the_shape_of_a_code_is_refused(text: str) -> None:
    with pytest.raises(UnitCodeError, match="应为 13 位数字和字母"):
        UnitCode.parse(text)


def test_a_mistyped_code_is_told_from_what_is_none() -> None:
    mistyped = "8" + str(PLAQUE)[1:]
    with pytest.raises(UnitCodeError, match="编码“8K3M-9QWR-T2XW-G”的校验位不对"):
        UnitCode.parse(mistyped)
