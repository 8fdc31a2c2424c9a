"""Strings that break what was not made for them: a fixed list, and as many more as one asks for, woven from it by a seed."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

NASTY: tuple[str, ...] = (
    # nothing, almost nothing
    "", " ", "\t", "\n", "\r\n", "\u3000", "\u00a0", "\u200b", "\ufeff", "0", "-", ".", "…",
    # what machines take for something else
    "null", "None", "undefined", "NaN", "Infinity", "true", "1e309", "-0", "0x1F", "00012", "1/0", "2026-02-30",
    "9999-12-31", "0001-01-01",
    str(2**31), str(2**63), str(2**64), "-1", "1e-400", "٣٤٥", "１２３４５", "²", "½", "一二三",
    # formulas, also in disguise
    "=1+1", "+1", "-1+1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠x", "\t=1+1", "\r=1+1",
    " \u200b=cmd|' /C calc'!A0", "'=1+1",
    '=HYPERLINK("http://x","点我")', "%0A=1+1",
    # markup and scripts
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "';alert(1)//", "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "</textarea><script>1</script>", "<!--", "]]>", "&#x3C;b&#x3E;", "&amp;&lt;", "<b", "{{7*7}}",
    "{% include 'x' %}", "{% load i18n %}",
    "${7*7}", "#{7*7}", "{0.__class__}", "{number}", "{}", "{", "}", "%s%s%s%n", "%(x)s", "%", "%%", "%00",
    "$(id)", "`id`", "|| ls", "; ls",
    # queries and paths
    "' OR '1'='1", "'; DROP TABLE x;--", "\\", "\\\\", "\\'", '"', "''", "%27", "_%", "*", "?", "[a-z]", "(",
    "((a+)+)+$", "../../etc/passwd",
    "..\\..\\x", "C:\\CON", "/dev/null", "file:///etc/passwd", "http://127.0.0.1/", "//evil.example",
    "\\\\x\\y", "a" * 300 + "/x",
    # lines of logs and heads
    "x\r\nSet-Cookie: a=b", "x\nforged line", "\x1b[31mred\x1b[0m", "\x08\x08", "\x7f", "\x85", "\u2028",
    "\u2029", "\x00", "a\x00b", "\x01\x02\x1f",
    # directions, invisible signs, joined signs
    "\u202e反过来", "\u2066里面\u2069", "‏مرحبا", "שלום", "a\u200db", "零\u200b宽", "\ufeff头", "\u00ad软",
    "\u180e", "\u2060", "\u061c", "\U000e0041",
    "👨‍👩‍👧‍👦", "🏳️‍🌈", "👍🏽", "❤️", "🇨🇳", "©️", "☃", "\ufe0f",
    # Chinese that not every table knows
    "㐱", "𠮷野家", "𪚥𪚥", "\uf900", "﨑", "龘靐齉", "〇", "々", "ㄅㄆㄇ", "①②", "㎡", "℃", "﹏", "～", "＂",
    "　全角　空格　", "简体繁體", "村東頭衛生間",
    # signs upon signs
    "Z̴̡̛a̷l̶g̷o̸", "é", "e\u0301", "ﬁ", "ǅ", "İi", "ß", "ſ", "K", "a" + "\u0301" * 200, "\u0301", "क्षि",
    "ᄀᄀᄀ각ᆨᆨ",
    # halves and holes
    "\ud83d", "\ude00\ud83d", "\udc80", "\ufffd", "\uffff", "\ufffe", "\U0010ffff", "\ue000",
    # much
    "垃" * 4000, "垃" * 4001, "x" * 70_000, "😀" * 3000, "\n" * 5000, " " * 10_000, "a " * 5000, "，" * 3000, "http://x " * 500,
    # people
    "13800138000", "310101199003077777", "O'Brien", "张三；李四", "Robert'); DROP TABLE Students;--",
    "null先生", "Иван", "José", "王\t小明",
)  # fmt: skip


def texts(count: int, seed: int = 0) -> Iterator[str]:
    """``count`` nasty strings: first the list itself, then pieces of it joined, cut, doubled and turned."""
    chance = Random(seed)
    for place in range(count):
        if place < len(NASTY):
            yield NASTY[place]
            continue
        pieces = [chance.choice(NASTY)[: chance.choice((1, 3, 40, 400))] for _ in range(chance.randint(1, 5))]
        text = chance.choice(("", " ", "\n", "，", "\u200b")).join(pieces)
        yield chance.choice((text, text[::-1], text * 2, text.upper(), f"路灯不亮{text}", f"{text}没人清"))
