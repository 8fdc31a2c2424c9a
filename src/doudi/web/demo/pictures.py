"""Small drawn scenes in place of photographs: a street before and after, a shop, a lamp, a river.

They are drawn here, shape by shape, so that the demo shows photographs without showing any real place.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from doudi.web.demo.names import read

SIZE = (640, 480)
_HORIZON = 210
_GREY, _DARK, _KERB, _SKY = (150, 150, 148), (70, 72, 74), (196, 194, 188), (206, 222, 232)

Brush = ImageDraw.ImageDraw
Scene = Callable[[Brush, Random, bool], None]


def scene_of(kind: str) -> str:
    """The scene that fits a kind of matter."""
    return next((scene for scene, kinds in read("scenes").items() if kind in kinds), "street")


def draw(scene: str, chance: Random, *, mended: bool) -> bytes:
    """JPEG bytes of a scene with its trouble, or ``mended``."""
    tint = chance.randint(-14, 14)
    picture = Image.new("RGB", SIZE, tuple(channel + tint for channel in _SKY))
    SCENES[scene](ImageDraw.Draw(picture), chance, mended)
    out = BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _ground(brush: Brush, chance: Random, colour: tuple[int, int, int] = _GREY) -> None:
    """Houses at the back, a pavement with joints, a kerb."""
    west = 0
    while west < SIZE[0]:
        width, height = chance.randint(70, 150), chance.randint(80, 170)
        shade = chance.randint(165, 215)
        brush.rectangle((west, _HORIZON - height, west + width, _HORIZON), fill=(shade, shade - 8, shade - 22))
        for row in range(_HORIZON - height + 18, _HORIZON - 20, 34):
            for column in range(west + 12, west + width - 18, 30):
                brush.rectangle((column, row, column + 14, row + 18), fill=(112, 134, 150))
        west += width
    brush.rectangle((0, _HORIZON, *SIZE), fill=colour)
    for row in range(_HORIZON + 30, SIZE[1], 40):
        brush.line((0, row, SIZE[0], row), fill=tuple(channel - 10 for channel in colour))
    brush.rectangle((0, _HORIZON + 6, SIZE[0], _HORIZON + 16), fill=_KERB)


def _street(brush: Brush, chance: Random, mended: bool) -> None:
    _ground(brush, chance)
    brush.rectangle((440, 250, 520, 350), fill=(52, 104, 78))
    brush.rectangle((434, 240, 526, 256), fill=(40, 84, 62))
    for _ in range(0 if mended else chance.randint(9, 15)):
        x, y, size = chance.randint(180, 600), chance.randint(320, 440), chance.randint(22, 46)
        shade = chance.choice([(36, 38, 42), (228, 228, 224), (186, 60, 52), (214, 190, 120)])
        brush.ellipse((x, y, x + size, y + size * 3 // 4), fill=shade)


def _shop(brush: Brush, chance: Random, mended: bool) -> None:
    _ground(brush, chance)
    brush.rectangle((90, 90, 550, 300), fill=(232, 226, 212))
    brush.rectangle((90, 70, 550, 112), fill=chance.choice([(168, 52, 44), (38, 96, 128), (60, 112, 66)]))
    for column in (130, 290, 430):
        brush.rectangle((column, 150, column + 90, 296), fill=(120, 148, 160))
    for number in range(0 if mended else chance.randint(5, 8)):
        x, y = 70 + number * 66, chance.randint(320, 350)
        brush.rectangle((x, y, x + 52, y + 44), fill=chance.choice([(198, 152, 92), (226, 140, 60), (150, 176, 90)]))


def _bikes(brush: Brush, chance: Random, mended: bool) -> None:
    _ground(brush, chance)
    for number in range(7):
        x = 60 + number * 76 + (0 if mended else chance.randint(-26, 26))
        y = 330 + (0 if mended else chance.randint(-24, 60))
        lean = 0 if mended else chance.randint(-26, 26)
        colour = chance.choice([(44, 96, 150), (210, 160, 40), (60, 64, 70)])
        brush.ellipse((x, y, x + 40, y + 40), outline=_DARK, width=4)
        brush.ellipse((x + 46, y + lean, x + 86, y + 40 + lean), outline=_DARK, width=4)
        brush.line((x + 20, y + 20, x + 44, y - 18 + lean, x + 66, y + 20 + lean), fill=colour, width=6)
    brush.line((40, 400, 620, 400), fill=(240, 240, 236), width=4)


def _hole(brush: Brush, chance: Random, mended: bool) -> None:
    _ground(brush, chance, (122, 122, 120))
    x, y = chance.randint(220, 320), chance.randint(310, 350)
    brush.ellipse((x, y, x + 150, y + 74), fill=(96, 98, 100), outline=(60, 60, 60), width=5)
    if mended:
        for row in range(y + 14, y + 64, 12):
            brush.line((x + 24, row, x + 126, row), fill=(78, 80, 82), width=3)
    else:
        brush.pieslice((x + 6, y + 5, x + 144, y + 69), 200, 330, fill=(24, 24, 26))


def _lamp(brush: Brush, chance: Random, mended: bool) -> None:
    brush.rectangle((0, 0, *SIZE), fill=(34, 42, 62))
    brush.rectangle((0, _HORIZON + 60, *SIZE), fill=(58, 60, 64))
    x = chance.randint(250, 380)
    if mended:
        brush.polygon(((x + 70, 96), (x - 120, 470), (x + 250, 470)), fill=(132, 122, 82))
    brush.line((x, 440, x, 80, x + 74, 80), fill=(150, 154, 158), width=8)
    brush.ellipse((x + 50, 76, x + 96, 100), fill=(252, 236, 170) if mended else (70, 74, 80))


def _river(brush: Brush, chance: Random, mended: bool) -> None:
    _ground(brush, chance, (126, 148, 104))
    brush.polygon(((0, 300), (640, 250), (640, 440), (0, 470)), fill=(92, 128, 134) if mended else (92, 104, 88))
    for _ in range(0 if mended else chance.randint(14, 22)):
        x, y = chance.randint(10, 600), chance.randint(300, 420)
        brush.ellipse(
            (x, y, x + chance.randint(12, 34), y + 10),
            fill=chance.choice([(232, 232, 228), (104, 138, 60), (180, 90, 60)]),
        )


def _green(brush: Brush, chance: Random, mended: bool) -> None:
    _ground(brush, chance, (112, 150, 92))
    for x in range(60, 620, chance.randint(120, 160)):
        brush.rectangle((x - 6, 210, x + 6, 330), fill=(104, 78, 54))
        brush.ellipse(
            (x - 54, 110, x + 54, 236), fill=(64, 116, 66) if mended else chance.choice([(64, 116, 66), (146, 128, 70)])
        )
    for _ in range(0 if mended else chance.randint(8, 14)):
        x, y = chance.randint(30, 600), chance.randint(340, 450)
        brush.rectangle((x, y, x + 20, y + 14), fill=chance.choice([(236, 236, 232), (200, 70, 60), (80, 110, 170)]))


def _wall(brush: Brush, chance: Random, mended: bool) -> None:
    brush.rectangle((0, 0, *SIZE), fill=(214, 206, 190))
    for row in range(0, 380, 30):
        brush.line((0, row, SIZE[0], row), fill=(198, 188, 170))
    brush.rectangle((0, 380, *SIZE), fill=_GREY)
    for _ in range(0 if mended else chance.randint(8, 14)):
        x, y = chance.randint(40, 540), chance.randint(40, 300)
        brush.rectangle((x, y, x + 62, y + 44), fill=chance.choice([(250, 246, 210), (250, 250, 250), (240, 206, 206)]))
        for line in range(y + 9, y + 40, 9):
            brush.line((x + 8, line, x + 54, line), fill=(90, 90, 96), width=2)


SCENES: dict[str, Scene] = {
    "street": _street,
    "shop": _shop,
    "bikes": _bikes,
    "hole": _hole,
    "lamp": _lamp,
    "river": _river,
    "green": _green,
    "wall": _wall,
}
