"""On paper: every column of the desk fits, and nothing that is longer than a page leaves the page before it blank."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pypdfium2
import pytest
from django.conf import LazySettings
from playwright.sync_api import BrowserContext, Page

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.triage.services import Incoming, receive
from tests.browser.conftest import WIDE
from tests.browser.test_whole_way import signed_in
from tests.web import town as small_town
from tests.web.town import actor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: points of a page of A4, and how far from its edge nothing is printed
A4, MARGIN = 595, 15


@pytest.fixture
def long_matter(transactional_db: None, settings: LazySettings, tmp_path: Path) -> SimpleNamespace:
    """A matter whose story is longer than a page."""
    settings.MEDIA_ROOT = tmp_path / "files"
    built = small_town.build()
    with clock.at(small_town.TUESDAY):
        (received,) = receive([Incoming("scan", "东门有人占道摆摊", unit_code=built.shop.code)])
        matter, desk = received.matters[0], actor(built.people.desk)
        for number in range(40):
            matters.note(
                desk, Matter.objects.get(pk=matter.pk), f"第 {number} 次到现场，摊主说马上就搬，过一会儿再来看"
            )
    return SimpleNamespace(number=matter.number, built=built)


def pages(page: Page) -> list[str]:
    """The text of each printed page."""
    book = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))
    return [one.get_textpage().get_text_range() for one in book]


def rightmost(page: Page) -> float:
    """How far to the right anything is printed, in points."""
    book = pypdfium2.PdfDocument(io.BytesIO(page.pdf(format="A4")))
    text = book[0].get_textpage()
    return max(text.get_charbox(at)[2] for at in range(text.count_chars()))


def test_the_desk_is_printed_with_its_last_column(
    long_matter: SimpleNamespace, open_browser: Callable[..., BrowserContext]
) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto("/desk?tab=all")
    (only,) = pages(page)
    assert "到什么时候" in only and "还剩" in only
    assert rightmost(page) < A4 - MARGIN


@pytest.mark.parametrize("path", ["/matters/{}", "/matters/{}/receipt"])
def test_a_long_story_begins_on_the_first_page(
    long_matter: SimpleNamespace, open_browser: Callable[..., BrowserContext], path: str
) -> None:
    page = signed_in(open_browser(WIDE), "desk")
    page.goto(path.format(long_matter.number))
    printed = pages(page)
    assert len(printed) > 1
    assert len(printed[0]) > 0.6 * max(map(len, printed)), [len(one) for one in printed]
