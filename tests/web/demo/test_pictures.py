from __future__ import annotations

from io import BytesIO
from random import Random

import pytest
from PIL import Image, ImageChops

from doudi.web.demo.names import read
from doudi.web.demo.pictures import SCENES, SIZE, draw, scene_of
from tests.web.demo.small_town import catalogue


@pytest.mark.parametrize("scene", sorted(SCENES))
def test_a_scene_is_a_small_jpeg_and_mending_shows(scene: str) -> None:
    before, after = (Image.open(BytesIO(draw(scene, Random(3), mended=mended))) for mended in (False, True))
    assert (before.format, before.size) == ("JPEG", SIZE)
    assert max(high for _, high in ImageChops.difference(before, after).getextrema()) > 60


def test_every_kind_has_a_scene_and_every_named_kind_exists() -> None:
    named = {kind for kinds in read("scenes").values() for kind in kinds}
    assert named <= {kind.code for kind in catalogue().leaves()}
    assert scene_of("event.advert.small_ads") == "wall"
    assert scene_of("hotline.voice.praise") == "street"
