"""Files that call themselves photographs: floods of pixels, halves, chimeras, floods of metadata, and a few true ones.

Each is made by its number alone, so that one that breaks something can be made again.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random

from PIL import Image

from tests.web.files.hostile import not_photos, photo, png_claiming

Made = tuple[str, bytes]
NAMES = (
    "a.jpg",
    "a.JPG",
    "a.png",
    "a.webp",
    "照片 (1).jpg",
    "../../x.jpg",
    "a.jpg.exe",
    "a.svg",
    "x" * 300 + ".jpg",
    "\u202egpj.exe",
    ".jpg",
    "a",
)


def files(count: int, seed: int = 0) -> Iterator[Made]:
    """``count`` files as (name, bytes)."""
    known = list(not_photos().values())
    for place in range(count):
        chance = Random(f"{seed}:{place}")
        if place < len(known):
            yield NAMES[place % len(NAMES)], known[place]
        else:
            yield chance.choice(NAMES), chance.choice(WAYS)(chance)


def _true(chance: Random) -> bytes:
    size = chance.randint(1, 900), chance.randint(1, 900)
    return photo(size, chance.choice(("JPEG", "PNG", "WEBP")))


def _strange_mode(chance: Random) -> bytes:
    """A true picture of a sort that cameras do not make."""
    mode = chance.choice(("1", "L", "LA", "P", "RGBA", "I;16"))
    target = BytesIO()
    Image.new(mode, (chance.randint(1, 64), chance.randint(1, 64))).save(target, "PNG")
    return target.getvalue()


def _cmyk(chance: Random) -> bytes:
    target = BytesIO()
    Image.new("CMYK", (chance.randint(1, 64), 40)).save(target, "JPEG")
    return target.getvalue()


def _cut(chance: Random) -> bytes:
    whole = _true(chance)
    return whole[: chance.randint(1, len(whole))]


def _flipped(chance: Random) -> bytes:
    raw = bytearray(_true(chance))
    for _ in range(chance.randint(1, 60)):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw)


def _flood(chance: Random) -> bytes:
    """A head that claims a lake of pixels over a puddle of bytes."""
    side = chance.choice((6_400, 8_000, 20_000, 65_000, 2**31 - 1))
    width, height = chance.choice(((side, side), (side, 1), (1, side)))
    return png_claiming(width, height, rows=0 if width > 100_000 else 1)


def _true_flood(chance: Random) -> bytes:
    """Forty million pixels in a few kilobytes, and not a lie in it."""
    target = BytesIO()
    side = chance.choice((6_000, 6_300, 6_400))
    Image.new("1", (side, side)).save(target, "PNG")
    return target.getvalue()


def _chimera(chance: Random) -> bytes:
    """A photograph in front, something else behind, or the other way round."""
    tail = chance.choice(
        (b"<script>alert(1)</script>", b"PK\x03\x04" + b"\0" * 40, b"%PDF-1.7", b"#!/bin/sh\nid\n", b"\0" * 4096)
    )
    return _true(chance) + tail if chance.random() < 0.5 else tail + _true(chance)


def _talkative(chance: Random) -> bytes:
    """Metadata without end: nested, huge, or pointing nowhere."""
    exif = Image.Exif()
    exif[0x0112] = chance.choice((0, 1, 3, 6, 8, 9, 65535))
    exif[0x010E] = chance.choice(("x" * 60_000, "\x00", "\u202e", "</script>"))
    target = BytesIO()
    Image.new("RGB", (64, 48)).save(target, "JPEG", exif=exif)
    return target.getvalue()


def _lying_exif(chance: Random) -> bytes:
    body = (
        b"Exif\0\0II*\0"
        + struct.pack("<I", chance.choice((0, 8, 2**31)))
        + bytes(chance.randrange(256) for _ in range(200))
    )
    plain = photo((32, 32))
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + plain[2:]


def _text_bomb(chance: Random) -> bytes:
    """PNG text that unfolds a thousandfold."""
    packed = b"Comment\0\0" + zlib.compress(b"x" * chance.choice((1 << 20, 1 << 24)))
    chunk = struct.pack(">I", len(packed)) + b"zTXt" + packed + struct.pack(">I", zlib.crc32(b"zTXt" + packed))
    plain = photo((32, 32), "PNG")
    return plain[:33] + chunk + plain[33:]


def _frames(chance: Random) -> bytes:
    target = BytesIO()
    frames = [Image.new("RGB", (40, 40), (n, 0, 0)) for n in range(chance.randint(2, 40))]
    frames[0].save(target, chance.choice(("WEBP", "PNG")), save_all=True, append_images=frames[1:])
    return target.getvalue()


def _noise(chance: Random) -> bytes:
    head = chance.choice(
        (b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBP", b"GIF89a", b"II*\0", b"BM")
    )
    return head + bytes(chance.randrange(256) for _ in range(chance.choice((0, 1, 20, 3000))))


WAYS: tuple[Callable[[Random], bytes], ...] = (
    _true,
    _strange_mode,
    _cmyk,
    _cut,
    _cut,
    _flipped,
    _flipped,
    _flood,
    _chimera,
    _talkative,
    _lying_exif,
    _text_bomb,
    _frames,
    _noise,
    _noise,
)
#: costs half a second each, so only some are thrown
HEAVY = (_true_flood,)
