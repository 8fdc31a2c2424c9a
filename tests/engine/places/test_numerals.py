import pytest

from doudi.engine.places.numerals import in_chinese, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("128", 128),
        ("一百二十八", 128),
        ("一二八", 128),
        ("十", 10),
        ("二十", 20),
        ("一百零五", 105),
        ("两千", 2000),
        ("〇三", 3),
    ],
)
def test_a_number_is_read_in_digits_and_in_chinese(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["百米", "号", "12a", ""])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number(text) is None


def test_numbers_are_said_as_people_say_them() -> None:
    assert [in_chinese(value) for value in (0, 3, 10, 12, 20, 21)] == ["零", "三", "十", "十二", "二十", "二十一"]
    assert all(number(in_chinese(value)) == value for value in range(100))
