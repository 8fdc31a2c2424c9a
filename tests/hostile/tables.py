"""Files that call themselves tables of orders: every encoding, broken quoting, bombs, lies, and true ones in between.

Each comes as (name, bytes, the words of those rows that a reader must not lose); None where the file as a whole may be
refused, and then it must be refused in words.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.hostile.words import NASTY
from tests.web.tables.files import HOTLINE, csv_text, order, raw_workbook, workbook

Made = tuple[str, bytes]
_ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "gbk",
    "gb18030",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "big5",
    "shift_jis",
    "latin-1",
)


def files(count: int, seed: int = 0) -> Iterator[Made]:
    """``count`` files as (name, bytes)."""
    for place in range(count):
        chance = Random(f"{seed}:{place}")
        yield WAYS[place % len(WAYS)](chance) if place < 2 * len(WAYS) else chance.choice(WAYS)(chance)


def _rows(chance: Random, most: int = 6) -> list[tuple[str, ...]]:
    return [
        order(chance.randrange(10**4), 诉求内容=chance.choice(NASTY), 事发地址=chance.choice(NASTY)[:50])
        for _ in range(chance.randint(0, most))
    ]


def _encoded(chance: Random) -> Made:
    text = csv_text([HOTLINE, *_rows(chance)], chance.choice(",\t;|"))
    return "a.csv", text.encode(chance.choice(_ENCODINGS), "replace")


def _honest(chance: Random) -> Made:
    rows = [order(chance.randrange(10**4)) for _ in range(chance.randint(1, 40))]
    encoding = chance.choice(("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"))
    return "a.csv", csv_text([HOTLINE, *rows]).encode(encoding)


def _damaged(chance: Random) -> Made:
    raw = bytearray(_honest(chance)[1])
    for _ in range(chance.randint(1, 30)):
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return "a.csv", bytes(raw[: chance.randint(1, len(raw))])


def _overlong(chance: Random) -> Made:
    bad = chance.choice(
        (
            b"\xc0\x80",
            b"\xe0\x80\xaf",
            b"\xed\xa0\xbd",
            b"\xf8\x88\x80\x80\x80",
            b"\xff\xfe",
            b"\x84\x31\xa4\x39",
            b"\x80",
        )
    )
    head = ",".join(HOTLINE).encode()
    return "a.csv", head + b"\n" + b"\n".join([b"1,2026-11-24," + bad + "路灯".encode() + bad] * chance.randint(1, 20))


def _quotes(chance: Random) -> Made:
    lines = [",".join(order(n)) for n in range(chance.randint(1, 30))]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        lines[at] = (
            chance.choice(('"', '""', '"a\n', 'a"b"c', '"a"b')) + lines[at] + chance.choice(("", '"', "\x00", "\r"))
        )
    return "a.csv", "\n".join([",".join(HOTLINE), *lines]).encode()


def _wide(chance: Random) -> Made:
    width = chance.choice((301, 1000, 100_000))
    return "a.csv", (
        ",".join(f"列{n}" for n in range(width)) + "\n" + "," * chance.choice((3, width, 100_000)) + "\n"
    ).encode()


def _long_cell(chance: Random) -> Made:
    return "a.csv", csv_text([HOTLINE, order(1, 诉求内容="垃" * chance.choice((4001, 30_000, 130_000)))]).encode()


def _headless(chance: Random) -> Made:
    return "a.csv", chance.choice(
        (
            b"",
            b"\n\n\n",
            b"\x00" * 100,
            b"\xef\xbb\xbf",
            b"a",
            b",,,,",
            b"<html><table>",
            b"%PDF-1.7",
            "工单编号".encode(),
        )
    )


def _header_only(chance: Random) -> Made:
    headers = [chance.choice((*HOTLINE, *NASTY[:60])) for _ in range(chance.randint(1, 30))]
    return "a.csv", csv_text([headers, *([""] * len(headers) for _ in range(3))]).encode("utf-8", "replace")


def _formulas(chance: Random) -> Made:
    return _of(
        lambda folder: workbook(
            folder, [HOTLINE, *([chance.choice(("=1+1", "+1", "@x", "正常")) for _ in HOTLINE] for _ in range(5))]
        )
    )


def _cells(chance: Random) -> Made:
    """Cells at far corners, of strange types, with lying references."""
    at, sort, said = (1, 2, 1048576), ("s", "n", "b", "e", "str", "inlineStr", "x"), ("0", "-1", "999999", "1e309", "x")
    place = ("A1", "XFD1048576", "ZZZZ9", "1A", "")
    rows = "".join(
        f'<row r="{chance.choice(at)}"><c r="{chance.choice(place)}" t="{chance.choice(sort)}"><v>{chance.choice(said)}</v></c></row>'
        for _ in range(chance.randint(1, 20))
    )
    return _of(lambda folder: raw_workbook(folder / "a.xlsx", rows, "<si><t>一</t></si>"))


def _strings(chance: Random) -> Made:
    """One long text that many cells refer to."""
    cells = '<c t="s"><v>0</v></c>' * chance.choice((10, 2000))
    return _of(
        lambda folder: raw_workbook(
            folder / "a.xlsx", f'<row r="1">{cells}</row>' * 20, f"<si><t>{'长' * chance.choice((10, 30_000))}</t></si>"
        )
    )


def _bomb(chance: Random) -> Made:
    fill = b"\0" * chance.choice((30 << 20, 60 << 20))
    return _of(lambda folder: raw_workbook(folder / "a.xlsx", "", extra={"xl/media/x.bin": fill}))


def _many_entries(chance: Random) -> Made:
    return _of(
        lambda folder: raw_workbook(
            folder / "a.xlsx", "", extra={f"x/{n}": b"x" for n in range(chance.choice((150, 400)))}
        )
    )


def _entities(chance: Random) -> Made:
    lol = (
        '<!DOCTYPE x [<!ENTITY a "' + "x" * 50 + '"><!ENTITY b "' + "&a;" * 50 + '"><!ENTITY c "' + "&b;" * 50 + '">]>'
    )
    return _of(
        lambda folder: raw_workbook(
            folder / "a.xlsx", f'<row r="1"><c t="inlineStr"><is><t>{chance.choice(("&c;", lol))}</t></is></c></row>'
        )
    )


def _linked(chance: Random) -> Made:
    """Links to other files and a macro: nobody follows them, nobody runs it."""
    link = b'<externalLink><oleLink r:id="r1" progId="x"/></externalLink>'
    rels = b'<Relationships><Relationship Id="r1" TargetMode="External" Target="http://127.0.0.1:1/x"/></Relationships>'
    extra = {
        "xl/externalLinks/externalLink1.xml": link,
        "xl/externalLinks/_rels/externalLink1.xml.rels": rels,
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 99,
    }
    return _of(
        lambda folder: raw_workbook(
            folder / "a.xlsx", '<row r="1"><c t="inlineStr"><is><t>x</t></is></c></row>', extra=extra
        )
    )


def _lying_sizes(chance: Random) -> Made:
    """The directory of the package says one size, the package holds another."""
    name, raw = _bomb(chance) if chance.random() < 0.3 else _honest_book(chance)
    at = raw.rfind(b"PK\x01\x02")
    changed = bytearray(raw)
    changed[at + 20 : at + 28] = chance.randbytes(8)
    return name, bytes(changed)


def _honest_book(chance: Random) -> Made:
    return _of(
        lambda folder: workbook(
            folder, [HOTLINE, *(order(chance.randrange(10**4)) for _ in range(chance.randint(1, 20)))]
        )
    )


def _cut_book(chance: Random) -> Made:
    name, raw = _honest_book(chance)
    return name, raw[: chance.randint(1, len(raw))]


def _flipped_book(chance: Random) -> Made:
    name, raw = _honest_book(chance)
    changed = bytearray(raw)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return name, bytes(changed)


def _zip_of_zips(chance: Random) -> Made:
    inner = _honest_book(chance)[1]
    for _ in range(chance.randint(1, 5)):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr(chance.choice(("x.zip", "../x", "/etc/x", "xl/workbook.xml", "\u202ex")), inner)
        inner = target.getvalue()
    return "a.xlsx", inner


def _old_book(chance: Random) -> Made:
    return "a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + chance.randbytes(chance.choice((0, 100, 5000)))


def _renamed(chance: Random) -> Made:
    _name, raw = chance.choice((_honest, _honest_book))(chance)
    return chance.choice(("a.xlsx", "a.csv", "a.xls", "a.txt", "表 格.CSV", "../a.csv", "a.csv.exe")), raw


def _of(make: Callable[[Path], Path]) -> Made:
    with TemporaryDirectory() as folder:
        path = make(Path(folder))
        return path.name, path.read_bytes()


WAYS: tuple[Callable[[Random], Made], ...] = (
    _honest,
    _encoded,
    _damaged,
    _overlong,
    _quotes,
    _wide,
    _long_cell,
    _headless,
    _header_only,
    _honest_book,
    _formulas,
    _cells,
    _strings,
    _bomb,
    _many_entries,
    _entities,
    _linked,
    _lying_sizes,
    _cut_book,
    _flipped_book,
    _zip_of_zips,
    _old_book,
    _renamed,
    _encoded,
    _damaged,
)
