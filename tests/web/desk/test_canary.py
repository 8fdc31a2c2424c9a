"""Nobody but holder and desk finds the words of a secret report: everything that each kind of seat can reach is read."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.web import clock
from doudi.web.backstop import services as backstop
from doudi.web.backstop.models import Crew, CrewPrice
from doudi.web.disputes import services as arguing
from doudi.web.disputes.links import token_for
from doudi.web.files.services import keep_photo
from doudi.web.matters import reading
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter
from doudi.web.matters.reading import Told
from doudi.web.notices.models import Notice
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.files.hostile import photo
from tests.web.town import EAST_GRID, FOUNDED, SEATED, TUESDAY, actor

pytestmark = pytest.mark.only("sqlite", "reads pages by links: what they ask of the store is asked elsewhere")

#: each stands once in what was said, in another column each
CANARIES = ("风铃草坠落", "金毛犬巴顿", "幸福里七零三", "钱晓舟", "13812345678")
WORDS = "我家养的金毛犬巴顿每天被楼下面馆的油烟熏，电话13812345678，请替我保密"
#: read the original on the pages of the matter and the report, and nowhere else
READERS = ("desk", "shift", "east_officer")
MOST_PAGES = 400
#: one page under so many filters, weeks and orders: else they alone fill what is read, and other pages never come
MOST_OF_ONE = 12


def lay(town: SimpleNamespace) -> SimpleNamespace:
    """A secret report on its whole way: held, helped with, a crew sent, argued about, told in notices."""
    shot = keep_photo(SimpleUploadedFile("现场.jpg", photo(), content_type="image/jpeg"))
    incoming = Incoming(
        channel="hotline",
        title="风铃草坠落",
        words=WORDS,
        demands=(f"{WORDS}。", "面馆占道，金毛犬巴顿过不去"),
        address="东苑路8号（幸福里七零三）703室",
        area_code=EAST_GRID,
        name="钱晓舟",
        phone="13812345678",
        uploads=(shot,),
        system="区热线",
        external_id="QX-1",
        upstream_row={"诉求人": "钱晓舟", "内容": WORDS},
    )
    desk = actor(town.people.desk)
    (received,) = receive([incoming], actor=desk)
    first, second = received.matters
    for matter in (first, second):
        matters.dispatch(
            desk, fresh(matter), kind="event.street.stall", holder=town.posts["chengguan.east"], text="请办"
        )
    matters.add_support(desk, fresh(first), town.posts["market.food"], "请一起上门")
    crew = Crew.objects.create(
        code="torch", office_id="uoc", name="托底队", phone="021-55500009", works=["fence"], since=FOUNDED
    )
    price = CrewPrice.objects.create(crew=crew, work="fence", name="围挡", unit="米", price=30, since=FOUNDED)
    backstop.send_crew(desk, fresh(first), price, Decimal(2), text="请围挡")
    dispute = arguing.open_dispute(desk, fresh(second), "说不清归谁", invited=[town.posts["market.food"]])
    link = token_for(arguing.invite_body(desk, dispute, "县公路中心"))
    with clock.at(TUESDAY + timedelta(minutes=1)):
        run_due(sweep=False)
    return SimpleNamespace(
        matters=(fresh(first), fresh(second)), report=received.report, link=link, photo=shot, token=received.token
    )


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def text_of(answer: Any) -> str:
    """What a reader can read of an answer; a workbook is opened."""
    raw = answer.getvalue()
    if raw[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(raw)) as book:
            raw = b"".join(book.read(name) for name in book.namelist())
    return html.unescape(raw.decode("utf-8", "replace"))


def everything(client: Client, begin: list[str]) -> dict[str, str]:
    """All pages and files that can be reached by links from ``begin``, by path."""
    ahead, seen, found = list(begin), set(begin), {}
    times = Counter[str]()
    while ahead:
        path = ahead.pop(0)
        answer = client.get(path)
        if answer.status_code in (301, 302):
            target = urljoin(path, answer["Location"])
            links = {target}
        else:
            found[path] = text_of(answer)
            links = {urljoin(path, html.unescape(one)) for one in re.findall(r'(?:href|src)="([^"]+)"', found[path])}
        for link in links:
            parts = urlsplit(link)
            clean = parts.path + (f"?{parts.query}" if parts.query else "")
            local = not parts.netloc and parts.path.startswith("/") and not parts.path.startswith("/static/")
            if local and clean not in seen and len(seen) < MOST_PAGES and times[parts.path] < MOST_OF_ONE:
                times[parts.path] += 1
                seen.add(clean)
                ahead.append(clean)
    return found


def ways(laid: SimpleNamespace) -> list[str]:
    """Where a curious colleague begins: what is shown, and the addresses that can be guessed."""
    paths = ["/", "/me", "/work", "/notices", "/search?q=巴顿", "/search?q=风铃", "/search?q=七零三", "/disputes"]
    paths += ["/desk?tab=all", "/desk/matters.csv?tab=all", "/desk/matters.xlsx?tab=all", "/carried", "/problems"]
    paths += ["/reports?tab=all", "/reports.csv?tab=all", "/reports.xlsx?tab=all", "/carried.xlsx", "/problems.xlsx"]
    paths += ["/desk?tab=all&q=巴顿", "/import", "/looks", "/looks.csv", f"/reports/{laid.report.number}"]
    for matter in laid.matters:
        base = f"/matters/{matter.number}"
        paths += [base, f"{base}/receipt", f"{base}/owner-notice", f"{base}?do=retell", f"/disputes/{matter.number}/1"]
        paths += [f"/disputes/{matter.number}/1/minutes", f"/disputes/new/{matter.number}"]
    return [*paths, f"/files/{laid.photo.pk}", f"/files/{laid.photo.pk}/small"]


def told_in(pages: dict[str, str]) -> set[tuple[str, str]]:
    return {(path, canary) for path, text in pages.items() for canary in CANARIES if canary in text}


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.slow
@pytest.mark.parametrize("who", list(SEATED))
def test_a_seat_finds_the_words_on_the_pages_of_holder_and_desk_or_nowhere(town: SimpleNamespace, who: str) -> None:
    laid = lay(town)
    pages = everything(client_of(getattr(town.people, who)), ways(laid))
    assert len(pages) > 3
    own = [f"/matters/{one.number}" for one in laid.matters] + [f"/reports/{laid.report.number}"]
    for path, canary in told_in(pages):
        assert who in READERS, (who, path, canary)
        assert path.partition("?")[0] in own, (who, path, canary)
        # Even there the name and the numbers wait for a purpose.
        assert canary not in ("钱晓舟", "13812345678"), (who, path, canary)
    if who in READERS:
        assert {canary for _path, canary in told_in(pages)} >= {"金毛犬巴顿"}
    elif who in ("committee", "market"):
        assert any("待转述" in text for text in pages.values())


def test_signed_links_notices_and_plaques_tell_none_of_it(town: SimpleNamespace) -> None:
    laid = lay(town)
    anybody = Client()
    pages = everything(anybody, [f"/s/{laid.link}", "/", f"/Q/{town.shop.code}"])
    assert told_in(pages) == set()
    assert "东苑路8号" in pages[f"/s/{laid.link}"]
    assert Notice.objects.exists()
    assert not [one for one in Notice.objects.values_list("facts", flat=True) if any(c in str(one) for c in CANARIES)]


def test_the_crawl_finds_what_is_told_too_freely(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    laid = lay(town)
    monkeypatch.setattr(
        reading, "_told", lambda retelling, place: Told(laid.matters[0].summary + WORDS, place, secret=True)
    )
    pages = everything(client_of(town.people.committee), [f"/matters/{laid.matters[0].number}"])
    assert {canary for _path, canary in told_in(pages)} >= {"金毛犬巴顿"}
