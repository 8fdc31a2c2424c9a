"""A mail server and a gateway on the loopback: they keep what they get, and can fail, delay and refuse."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from doudi.web.channels import services
from doudi.web.channels.models import Channel, Way
from doudi.web.channels.services import NewChannel
from tests.mail_server import MailServer, listening
from tests.web.town import actor


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with listening() as kept:
        yield kept


@dataclass
class Http:
    """A gateway, or the robots: what was posted, and what is answered next (status, body, seconds)."""

    answers: deque[tuple[int, object, float]] = field(default_factory=deque)
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    url: str = ""

    @property
    def texts(self) -> list[str]:
        return [body["text"]["content"] for _path, body, _headers in self.asked]

    def query(self, at: int) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.asked[at][0]).query)


@pytest.fixture
def http() -> Iterator[Http]:
    kept = Http()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            kept.asked.append((self.path, body, dict(self.headers)))
            status, answer, seconds = kept.answers.popleft() if kept.answers else (200, {"errcode": 0}, 0.0)
            sleep(seconds)
            raw = json.dumps(answer).encode()
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("Location", f"{kept.url}/elsewhere")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args: object) -> None:
            """Nothing is written among the tests' own lines."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that does much else is slow, and no test here is about that but the one that says so."""
    for name in ("services.sending.SECONDS_PER_JOB", "senders.smtp.SECONDS", "senders.posting.SECONDS"):
        monkeypatch.setattr(f"doudi.web.channels.{name}", 60.0)


TEMPLATE = '{"mobile": "{phone}", "tpl": "T-1", "params": ["{number}", "{kind}", "{place}", "{due}", "{link}"]}'


@pytest.fixture
def by_mail(town: SimpleNamespace, mail: MailServer) -> Channel:
    new = NewChannel("smtp", "镇邮箱", f"127.0.0.1:{mail.port}", sender="notice@town.example.cn", per_minute=1000)
    return services.save_channel(actor(town.people.admin), new)


@pytest.fixture
def by_sms(town: SimpleNamespace, http: Http) -> Channel:
    new = NewChannel(
        "sms", "短信", f"{http.url}/sms", secret="令牌abc".encode().hex(), template=TEMPLATE, per_minute=100
    )
    return services.save_channel(actor(town.people.admin), new)


@pytest.fixture
def robot(town: SimpleNamespace, http: Http) -> Callable[..., Channel]:
    def made(kind: str = "wecom", secret: str = "", per_minute: int = 20) -> Channel:
        new = NewChannel(kind, "工作群", f"{http.url}/send?key=k1", secret=secret, per_minute=per_minute)
        return services.save_channel(actor(town.people.admin), new)

    return made


def own(person: Any, channel: Channel, to: str, **more: Any) -> Way:
    return services.add_way(actor(person), channel, person=person, to=to, **more)
