"""Nobody slow, torn or rude holds a thread of the server, and what the pages are told is what was sent. On real sockets."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from select import select
from typing import Any

import pytest

from tests.postgres import free_port
from tests.web.operations.wire import Wire, ask, content, status

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("door")


@pytest.fixture(scope="module")
def port(folder: Path) -> Iterator[int]:
    number = free_port()
    env = {
        **os.environ,
        "DOUDI_DATA_DIR": str(folder),
        "DOUDI_PROFILE": "test",
        "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
    }
    env.pop("DOUDI_DATABASE_URL", None)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.web.operations.small_door", str(number)],
        env=env,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        while server.poll() is None:
            try:
                if status(Wire(number).send(ask("GET", "/health")).all()) == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield number
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(30)


def told(answer: bytes) -> Any:
    assert status(answer) == 200, answer[:300]
    return json.loads(content(answer))


def chunked(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)


def test_a_page_is_told_what_was_sent(port: int) -> None:
    request = ask("POST", "/%E5%85%9C%20x?a=1&b=%2B", b"words", Content_Type="text/plain", Cookie="a=1", X_Name="n")
    heard = told(Wire(port).send(request).all())
    assert heard["PATH_INFO"].encode("latin-1").decode() == "/兜 x"
    assert (heard["QUERY_STRING"], heard["CONTENT_TYPE"], heard["HTTP_X_NAME"]) == ("a=1&b=%2B", "text/plain", "n")
    assert (heard["REQUEST_METHOD"], heard["REMOTE_ADDR"], heard["CONTENT_LENGTH"]) == ("POST", "127.0.0.1", "5")
    assert heard["body"] == hashlib.sha256(b"words").hexdigest()


def test_a_header_in_another_spelling_does_not_pass_for_the_one_that_proxies_set(port: int) -> None:
    request = ask("GET", "/").replace(
        b"\r\n\r\n", b"\r\nX_Forwarded_For: 9.9.9.9\r\nCookie: a=1\r\nCookie: b=2\r\n\r\n"
    )
    heard = told(Wire(port).send(request).all())
    assert "HTTP_X_FORWARDED_FOR" not in heard
    assert heard["HTTP_COOKIE"] == "a=1; b=2"


def test_every_cookie_that_a_page_sets_is_set(port: int) -> None:
    answer = Wire(port).send(ask("GET", "/")).all()
    assert answer.lower().count(b"set-cookie:") == 2


@pytest.mark.parametrize("size", [1, 999, 1_001, 150_000])
def test_bodies_of_any_size_come_whole_with_a_length_or_in_chunks(port: int, size: int) -> None:
    body = os.urandom(size)
    digest = hashlib.sha256(body).hexdigest()
    assert told(Wire(port).send(ask("POST", "/", body)).all())["body"] == digest
    parts = [body[at : at + 7_000] for at in range(0, size, 7_000)]
    request = ask("POST", "/", Transfer_Encoding="chunked") + chunked(*parts, b"")
    heard = told(Wire(port).send(request).all())
    assert (heard["body"], heard["CONTENT_LENGTH"]) == (digest, str(size))


@pytest.mark.parametrize("rude", [False, True])
@pytest.mark.parametrize("form", ["length", "chunks", "chunk cut"])
def test_what_breaks_off_reaches_no_page(port: int, form: str, rude: bool) -> None:
    request = {
        "length": ask("POST", "/", Content_Length="900") + b"half",
        "chunks": ask("POST", "/", Transfer_Encoding="chunked") + chunked(b"half"),
        "chunk cut": ask("POST", "/", Transfer_Encoding="chunked") + b"9\r\nhalf",
    }[form]
    wire = Wire(port).send(request)
    if rude:
        wire.cut()
    else:
        assert status(wire.no_more().all()) == 400
    assert told(Wire(port).send(ask("GET", "/")).all())["size"] == 0


def test_a_client_that_asks_first_is_told_to_go_on_and_one_that_sends_too_much_is_not(port: int) -> None:
    wire = Wire(port).send(ask("POST", "/", Content_Length="5", Expect="100-continue"))
    assert wire.socket.recv(64).startswith(b"HTTP/1.1 100 ")
    assert told(wire.send(b"hello").all())["size"] == 5
    refused = Wire(port).send(ask("POST", "/", Content_Length="200001", Expect="100-continue")).all()
    assert status(refused) == 413


def test_more_than_was_allowed_is_refused_also_without_a_length(port: int) -> None:
    wire = Wire(port).send(ask("POST", "/", Transfer_Encoding="chunked"))
    wire.send(*[chunked(bytes(50_000))] * 5)
    assert status(wire.all()) in (413, 0)


def test_a_connection_serves_one_request_after_the_other(port: int) -> None:
    wire = Wire(port)
    for size in (3, 0, 2_000):
        request = ask("POST", "/", bytes(size), close=False) if size else ask("GET", "/", close=False)
        code, _, page = wire.send(request).answer()
        assert (code, json.loads(page)["size"]) == (200, size)


def test_head_and_http_1_0_and_a_request_without_host(port: int) -> None:
    head = Wire(port).send(ask("HEAD", "/file")).all()
    assert (status(head), content(head)) == (200, b"")
    assert told(Wire(port).send(b"GET / HTTP/1.0\r\nHost: a\r\n\r\n").all())["SERVER_PROTOCOL"] == "HTTP/1.0"
    for version in (b"1.0", b"1.1"):
        assert status(Wire(port).send(b"GET / HTTP/%s\r\nConnection: close\r\n\r\n" % version).all()) == 400


@pytest.mark.parametrize("path", ["/parts", "/many", "/file", "/memory"])
def test_answers_of_any_kind_come_whole(port: int, path: str) -> None:
    wanted = {
        "/parts": bytes(range(256)) * 40,
        "/many": bytes(range(256)) * 4000,
        "/file": (Path(__file__).parent / "small_door.py").read_bytes(),
        "/memory": bytes(100_000),
    }[path]
    assert content(Wire(port).send(ask("GET", path)).all()) == wanted


def test_a_page_that_fails_is_an_error_and_the_next_is_served(port: int) -> None:
    for _ in range(5):
        assert status(Wire(port).send(ask("GET", "/broken")).all()) == 500
    assert told(Wire(port).send(ask("GET", "/")).all())["size"] == 0


def test_slow_clients_of_every_kind_hold_nobody_up_and_are_let_go(port: int) -> None:
    slow = [Wire(port).send(ask("POST", "/", Content_Length="900")) for _ in range(30)]
    slow += [Wire(port).send(ask("POST", "/", Content_Length="900") + b"x") for _ in range(30)]
    slow += [Wire(port).send(b"GET / HTTP/1.1\r\nHost: ") for _ in range(30)]
    readers = []
    for _ in range(30):
        readers.append(Wire(port, window=1024).send(ask("GET", "/many")))
        assert readers[-1].socket.recv(1) == b"H"
    assert told(Wire(port).send(ask("POST", "/", b"words")).all())["size"] == 5
    assert {status(wire.all()) for wire in slow} <= {408, 0}
    assert {len(content(wire.all())) for wire in readers} == {256 * 4000}


def test_a_body_that_drips_is_let_go_although_it_never_stops(port: int) -> None:
    wire = Wire(port).send(ask("POST", "/", Content_Length="900"))
    for _ in range(600):
        try:
            wire.send(b"x")
        except OSError:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("it drips for ever")


def test_all_bodies_together_take_no_more_of_the_disk_than_is_theirs(port: int) -> None:
    half, whole = ask("POST", "/", Content_Length="195000") + bytes(190_000), ask("POST", "/", bytes(150_000))
    for _ in range(50):
        waiting = Wire(port).send(half)
        time.sleep(0.1)
        other = status(Wire(port).send(whole).all())
        small = status(Wire(port).send(ask("POST", "/", bytes(900))).all())
        waiting.cut()
        if other == 503:
            break
    assert (other, small) == (503, 200)
    while status(Wire(port).send(whole).all()) != 200:
        time.sleep(0.1)


def test_when_all_threads_are_taken_a_few_wait_and_the_next_is_told_so_at_once(port: int, folder: Path) -> None:
    holding = [Wire(port).send(ask("GET", "/hold")) for _ in range(2)]
    waiting, refused = [], b""
    while not refused:
        wire = Wire(port).send(ask("GET", "/", Accept_Language="en"))
        # Whoever is told to come again is told so before anybody else is served.
        if select([wire.socket], [], [], 1)[0]:
            refused = wire.all()
        else:
            waiting.append(wire)
        assert len(waiting) <= 5
    assert status(refused) == 503
    assert b"retry-after: 10" in refused.lower()
    assert b"12345" in content(refused) and b'lang="en"' in content(refused)
    assert content(Wire(port).send(ask("GET", "/health")).all()) == b"ok\n"
    brought = Wire(port).send(ask("POST", "/", b"words"))
    (folder / "released").touch()
    assert [told(wire.all())["size"] for wire in (*holding, *waiting, brought)] == [0] * (2 + len(waiting)) + [5]
