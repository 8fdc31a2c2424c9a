"""The words that arrive are the words that were written, or the file is refused; never something in between."""

from __future__ import annotations

import io

import pytest

from doudi.web.tables.cells import TableError
from doudi.web.tables.delimited import read_delimited
from doudi.web.tables.encodings import modern, recognise

SENTENCE = "东苑路路灯不亮，请尽快修复；另有垃圾未清运，影响居民出行。联系人：章某，工单编号 202611240001。\n" * 4


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "gb2312", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_text_reads_the_same_in_whatever_usual_encoding_it_came(encoding: str) -> None:
    file = io.BytesIO(SENTENCE.encode(encoding))
    assert file.getvalue().decode(recognise(file)).lstrip("\ufeff") == SENTENCE
    assert file.tell() == 0


def test_a_rare_name_of_four_bytes_survives_gb18030() -> None:
    text = SENTENCE + "联系人：𠮷㐱先生\n"
    file = io.BytesIO(text.encode("gb18030"))
    assert file.getvalue().decode(recognise(file)) == text


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "euc_kr", "utf-32"])
def test_what_would_become_other_words_is_refused(encoding: str) -> None:
    raw = "路口垃圾堆積，請處理；台灣街二號。".encode(encoding, errors="ignore") * 20
    with pytest.raises(TableError, match="CSV UTF-8"):
        recognise(io.BytesIO(raw))


def test_a_text_that_was_already_turned_into_other_words_is_refused() -> None:
    turned = (SENTENCE * 3).encode().decode("gb18030", errors="ignore")
    with pytest.raises(TableError, match="乱码"):
        recognise(io.BytesIO(turned.encode()))


def test_one_broken_byte_does_not_turn_utf8_into_gbk() -> None:
    raw = (SENTENCE * 5).encode()
    assert recognise(io.BytesIO(raw[:100] + b"\xff" + raw[100:])) == "utf-8"


def test_plain_ascii_is_utf8() -> None:
    assert recognise(io.BytesIO(b"id,body\n1,hello\n")) == "utf-8"


@pytest.mark.parametrize(
    ("raw", "sign"), [("fe59", "\u9fb4"), ("a6d9", "\ufe10"), ("a3a0", "\u3000"), ("a8bc", "\u1e3f")]
)
def test_a_sign_of_the_edition_of_2022_is_no_private_one(raw: str, sign: str) -> None:
    file = io.BytesIO(SENTENCE.encode("gb18030") + bytes.fromhex(raw) + "，见附件\n".encode("gb18030"))
    assert [line.cells[0] for line in read_delimited(file)][-1] == f"{sign}，见附件"


def test_a_sheet_filled_with_wide_spaces_of_the_old_edition_is_read() -> None:
    file = io.BytesIO(SENTENCE.encode("gb18030") + bytes.fromhex("a3a0") * 200)
    assert recognise(file) == "gb18030"


def test_no_sign_of_the_edition_of_2022_is_forgotten() -> None:
    moved = [*range(0xE78D, 0xE797), 0xE7C7, 0xE81E, 0xE826, 0xE82B, 0xE82C, 0xE832, 0xE843, 0xE854, 0xE864, 0xE5E5]
    found = [modern(chr(sign)) for sign in moved]
    assert len(set(found)) == len(moved) == 20
    assert not any("\ue000" <= sign <= "\uf8ff" for sign in found)
    assert "".join(found[:3]) == "\ufe10\ufe12\ufe11", "the second and the third changed their order"
