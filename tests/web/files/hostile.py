"""Files that nobody should have to trust, and a good photograph that tells more than it shows."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image

SECRET_PLACE = b"SECRET-PLACE-31.1-121.2"


def photo(size: tuple[int, int] = (640, 480), kind: str = "JPEG", **options: object) -> bytes:
    """A picture with a slope of colours, so that its corners can be told apart."""
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.putpixel((0, 0), (255, 0, 0))
    target = BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def talkative_photo() -> bytes:
    """A JPEG that was turned by the camera and says where, when and by whom it was taken."""
    picture = Image.new("RGB", (640, 480), "white")
    picture.paste((200, 0, 0), (0, 0, 320, 480))
    exif = Image.Exif()
    exif[0x0112] = 6  # shown turned by a quarter
    exif[0x010E] = SECRET_PLACE.decode()
    exif.get_ifd(0x8825)[2] = (31.0, 6.0, 0.0)
    target = BytesIO()
    picture.save(target, "JPEG", exif=exif, comment=SECRET_PLACE, icc_profile=b"\0" * 128 + SECRET_PLACE)
    return target.getvalue()


def png_claiming(width: int, height: int, rows: int = 1) -> bytes:
    """A PNG whose head claims a size that its body does not hold."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * ((width + 1) * rows)))
        + chunk(b"IEND", b"")
    )


def not_photos() -> dict[str, bytes]:
    """Each is refused, whatever its name says."""
    return {
        "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "a page": b"<!doctype html><script>alert(1)</script>",
        "a page behind a byte order mark": b"\xef\xbb\xbf<html>",
        "an animation": photo(kind="GIF"),
        "an animation that is a script too": b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)//",
        "a bitmap": photo(kind="BMP"),
        "a TIFF": photo(kind="TIFF"),
        "a document": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript>>>>",
        "an archive": b"PK\x03\x04" + b"\0" * 60,
        "a program": b"MZ\x90\0" + b"\0" * 60,
        "a drawing for printers": b"%!PS-Adobe-3.0 EPSF-3.0\n",
        "a JPEG head with a page behind": b"\xff\xd8\xff\xe0<html><script>alert(1)</script></html>",
        "half a photograph": photo()[: len(photo()) // 2],
        "a PNG that ends too soon": photo(kind="PNG")[:120],
        "a PNG that claims a lake of pixels": png_claiming(60_000, 60_000),
        "a PNG a little above what we draw": png_claiming(8_000, 5_001, rows=1),
        "a PNG of no size": png_claiming(0, 10, rows=0),
        "a JPEG that is drawn a thousand times": photo()[:-2] + b"\xff\xda\x00\x02" * 1000 + b"\xff\xd9",
        "a WebP without content": b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 8,
        "a photo of a kind we cannot draw": b"\0\0\0\x18ftypheic" + b"\0" * 40,
    }
