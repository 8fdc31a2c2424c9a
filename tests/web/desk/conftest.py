"""People who sit down at the desk or stand in the street, and matters for them to look at."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from PIL import Image

from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.triage.services import Incoming, receive
from tests.web.town import NO_PHOTO, actor

#: what the form of "handled" says where nothing could be photographed
UNSHOWN = {"lack-before_photo": "too_late", "lack-after_photo": "dark"}
STALL = "event.street.stall"


class Visitor:
    """A person with a browser: ``read`` gives the words of a page, ``press`` sends a form."""

    def __init__(self, person: Any) -> None:
        self.client = Client()
        if person is not None:
            self.client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def read(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return content(answer)

    def press(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, fields)


def content(answer: HttpResponseBase) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return raw.decode("utf-8-sig")


@pytest.fixture
def sit() -> Callable[[Any], Visitor]:
    return Visitor


def report(town: SimpleNamespace, words: str = "有人占道摆摊", **more: Any) -> Matter:
    more.setdefault("unit_code", town.shop.code)
    (received,) = receive([Incoming(channel="scan", words=words, **more)])
    return received.matters[0]


def dispatched(town: SimpleNamespace, words: str = "有人占道摆摊") -> Matter:
    """With the eastern 城管, the committee's help already done."""
    matter = report(town, words)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL)
    matters.finish_support(actor(town.people.committee), matter, town.posts["committee.east"], "已到场劝导")
    return matter


def handled(town: SimpleNamespace) -> Matter:
    matter = dispatched(town)
    matters.handle(actor(town.people.east_officer), matter, "摊贩已劝离，夜间无法拍照", lacking=NO_PHOTO)
    return matter


def closed(town: SimpleNamespace) -> Matter:
    matter = handled(town)
    matters.verify(actor(town.people.grid_east), matter, True, "现场已清")
    return matter


def photograph(name: str = "after.jpg") -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (32, 24), "teal").save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), content_type="image/jpeg")
