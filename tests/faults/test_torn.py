"""A report whose upload breaks off, wherever it does, stores nothing; the whole one sent again is a whole report."""

from __future__ import annotations

import csv
import re
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from tests.faults.place import Place
from tests.web.operations.wire import Wire, ask, content, status

pytestmark = pytest.mark.slow

LINE = b"----part-7d1"
_WORDS = "垃圾没人清，堵了消防通道"
EVERY = 500
TABLE = Path(__file__).parents[1] / "matrix" / "routes.csv"


def form(mark: str) -> bytes:
    """What a phone sends: words, photograph, telephone, the wish that the name be kept secret."""
    photo = BytesIO()
    Image.frombytes("RGB", (64, 48), Random(1).randbytes(64 * 48 * 3)).save(photo, "JPEG")
    plain = {"mark": mark, "words": _WORDS, "phone": "19900000001", "name": "甲", "secret": "on"}
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{text}'.encode() for name, text in plain.items()]
    head = b'Content-Disposition: form-data; name="photos"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts.insert(2, head + photo.getvalue())
    return b"".join(b"--%s\r\n%s\r\n" % (LINE, part) for part in parts) + b"--%s--\r\n" % LINE


def cuts(body: bytes, many: int) -> list[int]:
    """Before and after each field's line, and at bytes drawn from all over the form; at every byte where many are wanted."""
    if many >= EVERY:
        return list(range(1, len(body)))
    lines = [found.start() for found in re.finditer(re.escape(b"--" + LINE), body)]
    edges = [at + more for at in lines for more in (-2, 0, len(LINE) + 2, len(LINE) + 4)]
    drawn = Random(20261129).sample(range(1, len(body)), many)
    return sorted({at for at in [*edges, *drawn, len(body) - 1] if 0 < at < len(body)})


def mark_of(port: int, code: str) -> str:
    found = re.search(rb'name="mark" value="([^"]+)"', content(Wire(port).send(ask("GET", f"/Q/{code}")).all()))
    assert found
    return found[1].decode()


def chunks(body: bytes) -> bytes:
    return b"".join(
        b"%x\r\n%s\r\n" % (len(part), part) for part in (body[at : at + 900] for at in range(0, len(body), 900))
    )


def test_a_torn_report_is_no_report_and_the_whole_one_is_whole(place: Place, rounds: int) -> None:
    code = place.town["shop"]
    told = {"Content_Type": f"multipart/form-data; boundary={LINE.decode()}"}
    with place.served() as (port, _):
        body = form(mark_of(port, code))
        with_length = ask("POST", f"/Q/{code}", **told, Content_Length=str(len(body)))
        in_chunks = ask("POST", f"/Q/{code}", **told, Transfer_Encoding="chunked")
        for at in cuts(body, 15 * rounds):
            assert status(Wire(port).send(with_length + body[:at]).no_more().all()) == 400, at
            Wire(port).send(with_length + body[:at]).cut()
            assert status(Wire(port).send(in_chunks + chunks(body[:at])).no_more().all()) == 400, at
        first = Wire(port).send(with_length + body).all()
        again = Wire(port).send(in_chunks + chunks(body) + b"0\r\n\r\n").all()
        assert (status(first), status(again)) == (303, 303)
    (stored,) = place.witness("said")["reports"]
    assert stored == {"words": _WORDS, "photos": 1, "phone": "19900000001", "secrecy": "secret"}


def test_no_form_of_any_page_is_taken_torn(place: Place) -> None:
    """The door refuses before anybody is asked who it is: the same for each address that takes a form."""
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        paths = {re.sub(r"<[^>]+>", "1", row["地址"]) for row in csv.DictReader(file) if row["方式"] == "POST"}
    assert len(paths) > 100
    told = {"Content_Type": "application/x-www-form-urlencoded"}
    with place.served() as (port, _):
        for path in sorted(paths):
            whole = ask("POST", f"/{path}", **told, Content_Length="40")
            assert status(Wire(port).send(whole + b"words=abc").no_more().all()) == 400, path
            in_chunks = ask("POST", f"/{path}", **told, Transfer_Encoding="chunked")
            assert status(Wire(port).send(in_chunks + b"9\r\nwords=abc\r\n").no_more().all()) == 400, path
