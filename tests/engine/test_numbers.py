from __future__ import annotations

from datetime import date
from random import Random

import pytest

from doudi.engine.numbers import DRAWS, NumberError, check_digit, number, parse_number, printed_number

TODAY = date(2026, 11, 24)


def test_a_number_is_its_day_seven_drawn_digits_and_a_check() -> None:
    assert number(TODAY, 17).startswith("2611240000017")
    assert len(number(TODAY, 17)) == 14
    assert len(number(date(2005, 1, 2), DRAWS - 1)) == 14


def test_the_check_digit_is_the_one_of_the_standard() -> None:
    # Worked examples of ISO 7064 MOD 11,10 in public use: 0794 -> 5, and the Croatian OIB 6943515153 -> 0.
    assert check_digit("0794") == "5"
    assert check_digit("6943515153") == "0"


@pytest.mark.parametrize("draw", [-1, DRAWS])
def test_a_draw_outside_its_range_is_refused(draw: int) -> None:
    with pytest.raises(NumberError, match="应在 0 到 9999999 之间"):
        number(TODAY, draw)


def test_a_number_is_understood_however_it_is_typed() -> None:
    made = number(TODAY, 123456)
    assert parse_number(made) == made
    assert parse_number(printed_number(made)) == made
    assert parse_number(f" {made[:6]} {made[6:]}\u200b ") == made
    assert parse_number(made.translate(str.maketrans("0123456789", "０１２３４５６７８９"))) == made
    assert parse_number(made.replace("0", "o").replace("1", "l")) == made


def test_it_is_printed_in_groups_that_can_be_read_out() -> None:
    assert printed_number("26112401234567") == "261124-012-3456-7"


def test_every_single_wrong_digit_is_noticed() -> None:
    chance = Random(7)
    for _ in range(300):
        made = number(TODAY, chance.randrange(DRAWS))
        for place in range(14):
            for digit in set("0123456789") - {made[place]}:
                with pytest.raises(NumberError):
                    parse_number(made[:place] + digit + made[place + 1 :])


@pytest.mark.parametrize("text", ["", "2611240000017", "261124000001755", "2611240000A175", "请帮我查一下"])
def test_what_has_not_fourteen_digits_is_no_number(text: str) -> None:
    with pytest.raises(NumberError, match="应为 14 位数字"):
        parse_number(text)


def test_a_day_that_does_not_exist_makes_no_number() -> None:
    drawn = "2602300000000"
    with pytest.raises(NumberError, match="前六位不是日期"):
        parse_number(drawn + check_digit(drawn))
