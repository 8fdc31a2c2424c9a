"""Find out how a text file is encoded, or refuse: a wrong guess would turn people's words into other words, silently.

UTF-8 proves itself. GB18030 (which contains GBK and GB2312) accepts almost any bytes, so it is believed only when
what it gives reads like Chinese: most hanzi are of the 3,755 common ones (GB/T 2312 level 1). Single bytes that do not
fit are kept as lone surrogates, so that the reader can name the line.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from functools import lru_cache
from typing import BinaryIO

from doudi.web.tables.cells import TableError

_CHUNK = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, ""),
    (codecs.BOM_UTF32_BE, ""),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
#: of the hanzi in real texts 97 % and more are common; of texts read in a wrong encoding far fewer
_COMMON_ENOUGH = 0.8
#: UTF-8 names each damaged line for sure; GB18030 may read damage as signs, so less of it is borne
_DAMAGED_UTF8, _DAMAGED_GB = 0.1, 0.02
#: fewer hanzi than this prove nothing
_ENOUGH_HANZI = 60
#: Python decodes by the edition of 2005; what that puts among the private signs, the edition of 2022 gives its own place
_EDITION_2022 = {
    chr(old): chr(new)
    for old, new in zip(
        (
            0xE5E5,
            0xE78D,
            0xE78E,
            0xE78F,
            *range(0xE790, 0xE797),
            0xE7C7,
            0xE81E,
            0xE826,
            0xE82B,
            0xE82C,
            0xE832,
            0xE843,
            0xE854,
            0xE864,
        ),
        (0x3000, 0xFE10, 0xFE12, 0xFE11, *range(0xFE13, 0xFE1A), 0x1E3F, *range(0x9FB4, 0x9FBC)),
        strict=True,
    )
}
_MOVED = re.compile(f"[{''.join(_EDITION_2022)}]")


def recognise(file: BinaryIO) -> str:
    """The Python name of the encoding of ``file``, which is read to its end and rewound.

    Raises `TableError` when none is beyond doubt.
    """
    head = file.read(4096)
    file.seek(0)
    for mark, name in _BOMS:
        if head.startswith(mark):
            if not name:
                raise _unknown()
            return name
    wide = _wide(head)
    if wide:
        return wide
    utf8 = _signs(file, "utf-8")
    if _damaged(utf8) <= _DAMAGED_UTF8 * max(1, _beyond_ascii(utf8)):
        if _hanzi(utf8) >= _ENOUGH_HANZI and _common_share(utf8) < _COMMON_ENOUGH / 2:
            raise TableError("这个文件的文字像是用错误的编码转存过(乱码)。请从来文系统重新导出，不要用记事本转存。")
        return "utf-8"
    gb = _signs(file, "gb18030")
    if _damaged(gb) <= _DAMAGED_GB * max(1, _beyond_ascii(gb)) and _common_share(gb) >= _COMMON_ENOUGH:
        return "gb18030"
    raise _unknown()


def modern(text: str) -> str:
    """``text``, decoded from GB18030, with the signs that the edition of 2022 moved out of the private-use area."""
    return _MOVED.sub(lambda found: _EDITION_2022[found[0]], text)


def _unknown() -> TableError:
    return TableError(
        "看不出这个文件用的是哪种文字编码，硬读会变成乱码。请用表格软件打开后另存为 XLSX 或“CSV UTF-8”，再导入。"
    )


def _wide(head: bytes) -> str:
    """UTF-16 without its mark: digits, commas and line ends leave zeros on one side only."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if even + odd < max(4, len(head) // 50) or min(even, odd) * 10 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _signs(file: BinaryIO, encoding: str) -> Counter[str]:
    """How often each sign occurs when the file is read so."""
    decoder = codecs.getincrementaldecoder(encoding)("surrogateescape")
    found: Counter[str] = Counter()
    while chunk := file.read(_CHUNK):
        found.update(decoder.decode(chunk))
    found.update(decoder.decode(b"", final=True))
    file.seek(0)
    if encoding == "gb18030":
        for sign in found.keys() & _EDITION_2022.keys():
            found[_EDITION_2022[sign]] += found.pop(sign)
    return found


def _damaged(signs: Counter[str]) -> int:
    return sum(count for sign, count in signs.items() if "\udc80" <= sign <= "\udcff")


def _beyond_ascii(signs: Counter[str]) -> int:
    return sum(count for sign, count in signs.items() if sign > "\x7f")


def _hanzi(signs: Counter[str]) -> int:
    return sum(count for sign, count in signs.items() if _is_hanzi(sign))


def _common_share(signs: Counter[str]) -> float:
    """The share of common hanzi among what is neither ASCII nor Chinese punctuation; of nothing: 1."""
    common = strange = 0
    for sign, count in signs.items():
        if _is_common(sign):
            common += count
        elif sign > "\x7f" and not _is_punctuation(sign):
            strange += count
    return common / (common + strange) if common + strange else 1.0


@lru_cache(maxsize=8192)
def _is_common(sign: str) -> bool:
    try:
        return _is_hanzi(sign) and 0xB0 <= sign.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


def _is_hanzi(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or "\U00020000" <= sign <= "\U0003ffff"


def _is_punctuation(sign: str) -> bool:
    wide = "\u2000" <= sign <= "\u303f" or "\uff00" <= sign <= "\uffee" or "\U0001f000" < sign < "\U00020000"
    return wide or sign in "·×÷°§\ufeff\xa0"
