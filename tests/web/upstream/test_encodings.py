"""The words that arrive are the words that were written, or the file is refused; never something in between."""

from __future__ import annotations

import io

import pytest

from doudi.web.upstream.sheets.encodings import recognise
from doudi.web.upstream.sheets.lines import SheetError

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
    with pytest.raises(SheetError, match="CSV UTF-8"):
        recognise(io.BytesIO(raw))


def test_a_text_that_was_already_turned_into_other_words_is_refused() -> None:
    turned = (SENTENCE * 3).encode().decode("gb18030", errors="ignore")
    with pytest.raises(SheetError, match="乱码"):
        recognise(io.BytesIO(turned.encode()))


def test_one_broken_byte_does_not_turn_utf8_into_gbk() -> None:
    raw = (SENTENCE * 5).encode()
    assert recognise(io.BytesIO(raw[:100] + b"\xff" + raw[100:])) == "utf-8"


def test_plain_ascii_is_utf8() -> None:
    assert recognise(io.BytesIO(b"id,body\n1,hello\n")) == "utf-8"
