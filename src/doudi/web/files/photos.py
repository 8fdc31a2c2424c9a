"""From bytes that a stranger handed in to a picture that is ours: looked at, decoded whole, drawn again.

What we store is never what came: metadata, colour profiles, positions and whatever hid behind the last pixel stay
outside. Nothing here touches the disk or the database.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image, ImageOps

from doudi.web.files.errors import FileRefusedError

LARGEST_BYTES = 10 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
LONGEST_SIDE, SMALL_SIDE = 2560, 480
_QUALITY = 82
_MOST_SCANS = 200
_FORMATS = ("JPEG", "PNG", "WEBP")
#: each decode may take 160 MB; two at a time leave room for everything else
_decoding = BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Picture:
    """``full`` and ``small`` are JPEG bytes without metadata; the sides are those of ``full``."""

    full: bytes
    small: bytes
    width: int
    height: int


def redraw(raw: bytes) -> Picture:
    """Decode a photograph and encode it again; `FileRefusedError` says why that cannot be done."""
    if len(raw) > LARGEST_BYTES:
        raise FileRefusedError(
            "照片超过 10 MB，没有保存。请改用手机的普通画质拍摄，或选一张小一些的。", reason="too_large"
        )
    _require_photo(raw)
    with _decoding:
        try:
            return _redraw(raw)
        except FileRefusedError:
            raise
        except Image.DecompressionBombError as error:
            raise _too_many_pixels() from error
        except Exception as error:
            # Decoders fail in many ways on hostile bytes; each of them means the same to the sender.
            raise FileRefusedError(
                "这个文件不是完整的照片，没有保存。请重新拍一张，或换一张 JPEG、PNG 照片。"
            ) from error


def _require_photo(raw: bytes) -> None:
    """The first bytes must be those of a format we draw; a name or a declared type is never believed."""
    if raw[:3] == b"\xff\xd8\xff":
        if raw.count(b"\xff\xda") > _MOST_SCANS:
            raise FileRefusedError("这个文件不是普通照片，没有保存。请重新拍一张。")
        return
    if raw[:8] == b"\x89PNG\r\n\x1a\n" or (raw[:4] == b"RIFF" and raw[8:12] == b"WEBP"):
        return
    if raw[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1", b"ftyphevc", b"ftypavif"):
        raise FileRefusedError(
            "这是 HEIC 格式的照片，暂不能保存。请在手机“设置—相机—格式”里选“兼容性最佳”，或截屏后再上传。",
            reason="heic",
        )
    raise FileRefusedError("这个文件不是照片，没有保存。只接受 JPEG、PNG、WebP 照片。", reason="not_photo")


def _too_many_pixels() -> FileRefusedError:
    return FileRefusedError("照片的像素太大，没有保存。请改用手机的普通画质拍摄。", reason="too_large")


def _redraw(raw: bytes) -> Picture:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture: Image.Image = Image.open(BytesIO(raw), formats=_FORMATS)
    width, height = picture.size
    if not width or not height or width * height > LARGEST_PIXELS:
        raise _too_many_pixels()
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.load()
    ImageOps.exif_transpose(picture, in_place=True)
    picture = _opaque(_nearer(picture))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.HAMMING)
    small = picture.copy()
    small.thumbnail((SMALL_SIDE, SMALL_SIDE), Image.Resampling.HAMMING)
    return Picture(_encoded(picture, _QUALITY), _encoded(small, 78), *picture.size)


def _nearer(picture: Image.Image) -> Image.Image:
    """What is twice too large or more is made smaller before anything is copied: forty million pixels are 160 MB a copy."""
    factor = max(picture.size) // LONGEST_SIDE
    if factor < 2:
        return picture
    if "transparency" in picture.info or picture.mode == "PA":
        picture = picture.convert("RGBA")
    elif picture.mode in ("1", "P"):
        picture = picture.convert("L" if picture.mode == "1" else "RGB")
    return picture.reduce(factor) if picture.mode in ("L", "LA", "RGB", "RGBA", "CMYK") else picture


def _opaque(picture: Image.Image) -> Image.Image:
    """RGB on white, in an image that carries nothing else along."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        ground = Image.new("RGB", layered.size, "white")
        ground.paste(layered, mask=layered.getchannel("A"))
        return ground
    if picture.mode.startswith("I;16") or picture.mode == "I":
        picture = picture.point(lambda value: value / 256).convert("L")
    plain = Image.new("RGB", picture.size)
    plain.paste(picture.convert("RGB"))
    return plain


def _encoded(picture: Image.Image, quality: int) -> bytes:
    target = BytesIO()
    picture.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()
