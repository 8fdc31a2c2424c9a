"""What is printed can be scanned, read and typed; what cannot be drawn is said."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from doudi.engine.units.codes import UnitCode, check_character
from doudi.web.units import fonts
from doudi.web.units.errors import PlaqueError
from doudi.web.units.plaques import PER_SHEET, Label, label_sheets, qr_svg, wrapped

TOWN = {"town": "测试镇", "hotline": "12345", "site": "town.example"}


def _label(number: int, name: str = "东苑面馆") -> Label:
    drawn = f"{number:012d}"
    while check_character(drawn) not in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
        drawn = f"A{drawn[1:]}" if drawn[0] != "A" else f"B{drawn[1:]}"
    code = drawn + check_character(drawn)
    return Label(code, f"HTTPS://TOWN.EXAMPLE/Q/{code}", name, "东苑路 1 号", number)


@pytest.fixture
def needs_font() -> None:
    try:
        fonts.print_font()
    except PlaqueError as why:
        pytest.skip(f"this machine has no Chinese TrueType font: {why}")


def _page(pdf: bytes, number: int = 0) -> Image.Image:
    with pypdfium2.PdfDocument(pdf) as document:
        return document[number].render(scale=3).to_pil()


def test_every_label_of_a_sheet_scans_to_its_own_address(needs_font: None) -> None:
    labels = [_label(number) for number in range(PER_SHEET)]
    read = {found.text for found in zxingcpp.read_barcodes(_page(label_sheets(labels, **TOWN)))}
    assert read == {label.url for label in labels}


def test_a_label_still_scans_with_a_tenth_of_it_scratched_away(needs_font: None) -> None:
    label = _label(7)
    page = _page(label_sheets([label], **TOWN))
    [found] = zxingcpp.read_barcodes(page)
    corners = found.position
    left, top, side = corners.top_left.x, corners.top_left.y, corners.top_right.x - corners.top_left.x
    scratch = round(side * 0.3)
    centre = (left + round(side * 0.55), top + round(side * 0.55))
    page.paste((255, 255, 255), (centre[0], centre[1], centre[0] + scratch, centre[1] + scratch))
    assert [one.text for one in zxingcpp.read_barcodes(page)] == [label.url]


def test_a_label_says_whose_it_is_and_how_to_call(needs_font: None) -> None:
    label = _label(3)
    text = PdfReader(BytesIO(label_sheets([label], **TOWN))).pages[0].extract_text()
    printed = UnitCode.parse(label.code).printed
    for words in ("测试镇", "东苑面馆", "12345", "扫码反映问题", printed, "town.example"):
        assert words in re.sub(r"\s", "", text).replace("热线", "") or words in text


def test_the_address_on_a_label_is_read_from_its_print_by_hand_too() -> None:
    label = _label(5)
    assert UnitCode.parse(label.url) == UnitCode.parse(UnitCode.parse(label.code).printed.lower())


def test_eight_labels_fill_a_sheet_and_the_ninth_begins_another(needs_font: None) -> None:
    sheets = label_sheets([_label(number) for number in range(PER_SHEET + 1)], **TOWN)
    assert len(PdfReader(BytesIO(sheets)).pages) == 2


def test_the_same_labels_give_the_same_bytes(needs_font: None) -> None:
    assert label_sheets([_label(1)], **TOWN) == label_sheets([_label(1)], **TOWN)


def test_the_qr_alone_is_a_drawing_with_its_quiet_border() -> None:
    svg = qr_svg("HTTPS://TOWN.EXAMPLE/Q/0123456789ABC")
    assert svg.startswith("<svg") and "xmlns" in svg and "script" not in svg


def test_capitals_keep_the_modules_large() -> None:
    size = {
        url: int(re.search(r'width="(\d+)"', qr_svg(url))[1])
        for url in ("HTTPS://TOWN.EXAMPLE.CN/Q/0123456789ABC", "https://town.example.cn/q/0123456789abc")
    }  # type: ignore[index]
    assert size["HTTPS://TOWN.EXAMPLE.CN/Q/0123456789ABC"] < size["https://town.example.cn/q/0123456789abc"]


def test_no_labels_are_no_sheet() -> None:
    with pytest.raises(PlaqueError, match="先选择场所"):
        label_sheets([], **TOWN)


def test_a_sign_that_the_font_lacks_is_named_and_not_left_out(needs_font: None) -> None:
    with pytest.raises(PlaqueError, match="\U0002b81c"):
        label_sheets([_label(1, "\U0002b81c面馆")], **TOWN)


def test_a_machine_without_a_chinese_font_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "_FOLDERS", ())
    monkeypatch.delenv("DOUDI_FONT", raising=False)
    fonts.print_font.cache_clear()
    try:
        with pytest.raises(PlaqueError, match="fonts-wqy-microhei"):
            fonts.print_font()
    finally:
        fonts.print_font.cache_clear()


def test_a_font_without_chinese_signs_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(fonts, "_FOLDERS", ())
    monkeypatch.setenv("DOUDI_FONT", str(tmp_path / "none.ttf"))
    fonts.print_font.cache_clear()
    try:
        with pytest.raises(PlaqueError):
            fonts.print_font()
    finally:
        fonts.print_font.cache_clear()


def test_long_names_break_in_lines_that_fit_and_no_line_begins_with_a_stop() -> None:
    lines = wrapped("ABCDEFGH，IJKL", "Helvetica", 10, 55, 3)
    assert "".join(lines) == "ABCDEFGH，IJKL" and all(not line.startswith("，") for line in lines)
    assert wrapped("A" * 60, "Helvetica", 10, 55, 2)[-1].endswith("…")
