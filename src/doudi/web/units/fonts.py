"""A font that can draw the town's words on paper, or a clear word about what to install.

PDF needs the outlines inside the file. The drawing library reads TrueType outlines only and leaves out, without a
word, each sign that the font lacks; so the font is asked first.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from doudi.web.units.errors import PlaqueError

#: good faces first; each with the number of the face inside a collection
_KNOWN = (
    ("wqy-microhei.ttc", 0),
    ("wqy-zenhei.ttc", 0),
    ("DroidSansFallbackFull.ttf", 0),
    ("DroidSansFallback.ttf", 0),
    ("NotoSansSC-Regular.ttf", 0),
    ("NotoSansSC-VF.ttf", 0),
    ("NotoSansSC[wght].ttf", 0),
    ("SourceHanSansSC-Regular.ttf", 0),
    ("LXGWWenKai-Regular.ttf", 0),
    ("simhei.ttf", 0),
    ("msyh.ttc", 0),
    ("simsun.ttc", 0),
    ("uming.ttc", 0),
    ("ukai.ttc", 0),
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)
_SAMPLE = "镇村路号扫码反映问题一二三〇（）·"


@dataclass(frozen=True, slots=True)
class PrintFont:
    """``name`` as the drawing library knows it."""

    name: str
    path: Path

    def missing(self, text: str) -> str:
        """The signs of ``text`` that the font cannot draw, each once."""
        glyphs = pdfmetrics.getFont(self.name).face.charToGlyph
        return "".join(dict.fromkeys(sign for sign in text if not sign.isspace() and ord(sign) not in glyphs))


@lru_cache(maxsize=1)
def print_font() -> PrintFont:
    """The first Chinese TrueType font of this machine. ``DOUDI_FONT`` names another file. `PlaqueError` says what to install."""
    for path, face in _candidates():
        try:
            pdfmetrics.registerFont(TTFont("DoudiPrint", str(path), subfontIndex=face))
        except (TTFError, OSError, ValueError, KeyError):
            continue
        font = PrintFont("DoudiPrint", path)
        if not font.missing(_SAMPLE):
            return font
    raise PlaqueError(
        "这台服务器上没有可用于打印的中文字体，暂不能生成 PDF（二维码图片仍可下载）。"
        "请安装一种 TrueType 中文字体，例如 Debian/Ubuntu：apt install fonts-wqy-microhei，或用环境变量 DOUDI_FONT 指定字体文件。"
    )


def _candidates() -> Iterator[tuple[Path, int]]:
    if named := os.environ.get("DOUDI_FONT"):
        yield Path(named), 0
    found = {path.name.lower(): path for folder in _FOLDERS for path in _fonts_below(Path(folder).expanduser())}
    for name, face in _KNOWN:
        if path := found.get(name.lower()):
            yield path, face


def _fonts_below(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in folder.rglob("*") if path.suffix.lower() in (".ttf", ".ttc"))
