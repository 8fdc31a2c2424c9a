"""Numbers of persons are hidden wherever they stand, and nothing else is touched."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.numbers import DRAWS, number, printed_number
from doudi.engine.secrecy.finding import NUMBERS, Sort, find, is_identity
from doudi.engine.secrecy.masking import masked, masked_phone, without_flat, without_person

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def _identity(day: date, order: int) -> str:
    bare = f"310117{day:%Y%m%d}{order:03d}"
    return bare + "10X98765432"[sum(int(one) * by for one, by in zip(bare, _WEIGHTS, strict=True)) % 11]


identities = st.builds(_identity, st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(0, 999))
mobiles = st.builds(lambda second, rest: f"1{second}{rest:09d}", st.sampled_from("3456789"), st.integers(0, 10**9 - 1))
#: Chinese text that holds no digit, no letter and none of the words that call a number an order's
plain_text = st.text(st.sampled_from("楼下饭店油烟很大，请来看看。垃圾没人清！\n"), max_size=20)
gaps = st.sampled_from(["", " ", "-", "\u3000", "－", "\u200b"])


@given(plain_text, identities, plain_text)
def test_a_true_identity_number_is_hidden_and_the_rest_is_untouched(before: str, card: str, after: str) -> None:
    assert is_identity(card)
    told = masked(before + card + after)
    assert told.startswith(before)
    assert told.endswith(after)
    assert card[6:14] not in told
    assert card not in told


@given(plain_text, mobiles, plain_text, gaps, st.booleans())
def test_a_mobile_is_hidden_in_any_width_and_with_gaps(
    before: str, phone: str, after: str, gap: str, wide: bool
) -> None:
    written = f"{phone[:3]}{gap}{phone[3:7]}{gap}{phone[7:]}"
    written = written.translate(_FULL_WIDTH) if wide else written
    told = masked(before + written + after)
    hidden = masked_phone(phone.translate(_FULL_WIDTH) if wide else phone)
    assert told == before + hidden + after


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once_and_leaves_no_number(text: str) -> None:
    once = masked(text)
    assert masked(once) == once
    assert find(once, NUMBERS) == ()


@given(st.text(st.sampled_from("138 1357-0246－８9２Xx+转电话：工单编号,.\n一三八"), max_size=60))
def test_numbers_in_all_disguises_do_not_survive(text: str) -> None:
    once = masked(text)
    assert find(once, NUMBERS) == ()
    assert len(once) <= len(text) + 4 * text.count("1") + 20


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(0, DRAWS - 1), plain_text)
def test_our_own_numbers_are_never_hidden(day: date, draw: int, text: str) -> None:
    ours = number(day, draw)
    for written in (ours, printed_number(ours), f"{text}{ours}{text}", f"诉求单 {printed_number(ours)}。"):
        assert masked(written) == written


@given(st.from_regex(r"(SH|GD|QP)?20[0-9]{14}", fullmatch=True), plain_text)
def test_an_order_of_a_system_above_is_left_alone_when_it_is_known(order: str, text: str) -> None:
    assert masked(f"{text}{order}{text}", [order]) == f"{text}{order}{text}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("打我手机13812345678", "打我手机138****78"),
        ("Tel:13812345678", "Tel:138****78"),
        ("+86 138-1234-5678找我", "138****78找我"),
        ("座机021-57351234转801", "座机021****01"),
        ("（021）57351234", "021****34"),
        ("联系电话57351234", "联系电话573****34"),
        ("一三八一二三四五六七八", "一三八****七八"),
        ("1.13812345678 2.13912345678", "1.138****78 2.139****78"),
        ("身份证310117198401010011", "身份证3101********11"),
        ("护照E12345678", "护照E123********78"),
        ("身份证号310117840101001", "身份证号3101********01"),
        ("卡号6222 0212 3456 7890 123", "卡号6222********23"),
    ],
)
def test_what_people_write(text: str, told: str) -> None:
    assert masked(text) == told


@pytest.mark.parametrize(
    "text",
    [
        "工单编号 13812345678",
        "快递单号：13812345678",
        "SH13812345678",
        "A20261124-13812345678",
        "20261124 12345",
        "请打12345或110、119、962121",
        "受理时间 2026-11-24 10:30:00",
        "电话20261124",
        "共 11 户，欠 13500 元，2026年11月24日",
        "400-820-8820",
        "东经121.4737，北纬31.2304",
        "310117198401010010",
        "编码 7K3M9Q2W4X5Y1",
        "一三五路，二四六号",
    ],
)
def test_what_is_nobodys_number_stays(text: str) -> None:
    assert masked(text) == text


def test_the_towns_own_telephone_stays() -> None:
    assert masked("请打021-57350000", ["021-57350000"]) == "请打021-57350000"
    assert masked("请打02157350000，别打021-57350001", ["021 57350000"]) == "请打02157350000，别打021****01"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我叫张小明，住在幸福小区3号楼402室", "我叫某，住在幸福小区3号楼某户"),
        ("我是李娟，电话13812345678", "我是某，电话（电话）"),
        ("张女士反映，12号402漏水", "某女士反映，12号某户漏水"),
        ("我的车沪A12345被划", "我的车（车牌）被划"),
        ("新能源车沪AD12345堵门", "新能源车（车牌）堵门"),
        ("2幢3单元1203，户号：31070021", "2幢某户1203，某户"),
        ("免贵姓欧阳", "免贵姓某"),
        ("我叫了救护车", "我叫了救护车"),
        ("两室一厅出租", "两室一厅出租"),
        ("会议室的灯坏了", "会议室的灯坏了"),
    ],
)
def test_a_retelling_begins_without_the_person(text: str, told: str) -> None:
    assert without_person(text) == told


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("幸福小区3号楼402室", "幸福小区3号楼"),
        ("朝阳路88弄12号402", "朝阳路88弄12号"),
        ("幸福小区12-402", "幸福小区"),
        ("东苑路8号（幸福里七零三）703室", "东苑路8号"),
        ("东苑路八号底楼老王家", "东苑路八号"),
        ("2号码头", "2号码头"),
        ("和平村5组", "和平村5组"),
        ("人民路与朝阳路口", "人民路与朝阳路口"),
        ("幸福小区3幢2单元1203室（张先生 13812345678）", "幸福小区3幢"),
        ("金桥大厦6楼", "金桥大厦"),
        ("", ""),
    ],
)
def test_a_place_without_the_flat(place: str, told: str) -> None:
    assert without_flat(place) == told


@given(st.text(max_size=120))
def test_what_is_found_lies_in_order_and_apart(text: str) -> None:
    found = find(text)
    assert all(one.start < one.end for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert {one.sort for one in find(text, NUMBERS)} <= NUMBERS
    assert all(one.sort in set(Sort) for one in found)
