"""Photographs are drawn anew: what they show stays, what they tell does not, and what is no photograph is refused."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from doudi.web.files.errors import FileRefusedError
from doudi.web.files.photos import LARGEST_BYTES, LONGEST_SIDE, SMALL_SIDE, redraw
from tests.web.files.hostile import SECRET_PLACE, not_photos, photo, talkative_photo


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_of_a_usual_format_becomes_our_own_jpeg(kind: str) -> None:
    kept = redraw(photo(kind=kind))
    opened = Image.open(BytesIO(kept.full))
    assert (opened.format, opened.size, (kept.width, kept.height)) == ("JPEG", (640, 480), (640, 480))


def test_where_and_by_whom_it_was_taken_is_forgotten_and_it_stands_upright() -> None:
    raw = talkative_photo()
    assert SECRET_PLACE in raw
    kept = redraw(raw)
    opened = Image.open(BytesIO(kept.full))
    assert opened.size == (480, 640), "turned as the camera meant it"
    assert opened.getpixel((240, 20))[0] > 180 > opened.getpixel((240, 620))[1] - 100
    assert not opened.getexif() and not set(opened.info) & {"exif", "icc_profile", "comment", "xmp"}
    for stored in (kept.full, kept.small):
        assert SECRET_PLACE not in stored


def test_what_hides_behind_the_last_pixel_does_not_come_along() -> None:
    kept = redraw(photo() + b"<script>alert(1)</script>PK\x03\x04")
    assert b"script" not in kept.full and b"PK\x03\x04" not in kept.full


def test_a_large_photograph_is_made_smaller_and_gets_a_small_twin() -> None:
    kept = redraw(photo((5000, 2000)))
    assert (kept.width, kept.height) == (LONGEST_SIDE, 1024)
    assert max(Image.open(BytesIO(kept.small)).size) == SMALL_SIDE


def test_see_through_pictures_stand_on_white() -> None:
    target = BytesIO()
    Image.new("RGBA", (60, 60), (0, 0, 0, 0)).save(target, "PNG")
    assert Image.open(BytesIO(redraw(target.getvalue()).full)).getpixel((30, 30)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "I;16"])
def test_pictures_of_other_modes_are_drawn_too(mode: str) -> None:
    target = BytesIO()
    Image.new("L", (60, 60), 90).convert("I").convert("I;16").save(target, "PNG") if mode == "I;16" else Image.new(
        "L", (60, 60), 90
    ).convert(mode).save(target, "PNG")
    assert Image.open(BytesIO(redraw(target.getvalue()).full)).size == (60, 60)


@pytest.mark.parametrize("what", not_photos())
def test_what_is_no_photograph_is_refused_with_a_word_on_what_to_do(what: str) -> None:
    with pytest.raises(FileRefusedError, match=r"没有保存|暂不能保存") as refused:
        redraw(not_photos()[what])
    assert refused.value.reason in {"not_photo", "unreadable", "heic", "too_large"}


def test_a_photo_of_a_phone_that_writes_heic_gets_its_own_advice() -> None:
    with pytest.raises(FileRefusedError, match="兼容性最佳") as refused:
        redraw(not_photos()["a photo of a kind we cannot draw"])
    assert refused.value.reason == "heic"


def test_too_many_bytes_are_refused_before_anything_is_decoded() -> None:
    with pytest.raises(FileRefusedError, match="10 MB") as refused:
        redraw(b"\xff\xd8\xff" + b"\0" * LARGEST_BYTES)
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize("what", ["a PNG that claims a lake of pixels", "a PNG a little above what we draw"])
def test_too_many_pixels_are_refused_before_they_are_decoded(what: str) -> None:
    with pytest.raises(FileRefusedError, match="像素太大") as refused:
        redraw(not_photos()[what])
    assert refused.value.reason == "too_large"


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "LA"])
def test_a_very_large_picture_is_made_smaller_before_it_is_copied(mode: str) -> None:
    target = BytesIO()
    Image.new(mode, (6000, 40), 1 if mode in ("1", "P") else None).save(target, "PNG")
    found = redraw(target.getvalue())
    assert (found.width, found.height) == (2560, 17)
