"""Who works in the town meanwhile: officers at their pages, and passers-by with true reports."""

from __future__ import annotations

import re
import time
from http.client import HTTPConnection
from threading import Event, Thread
from urllib.parse import urlencode

from tests.commands import TOWN_PASSWORD
from tests.faults.ledger import Form, Ledger

_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Officer(Thread):
    """Signs in and reads the pages of a day, one after the other. ``took``: (moment, seconds) of each page."""

    def __init__(self, port: int, name: str, pages: tuple[str, ...], pause: float) -> None:
        super().__init__(daemon=True)
        self.port, self.login, self.pages, self.pause = port, name, pages, pause
        self.took: list[tuple[float, float]] = []
        self.failed: list[str] = []
        self._stop_asked = Event()
        self._cookies: dict[str, str] = {}
        self._wire = HTTPConnection("127.0.0.1", port, timeout=120)

    def sign_in(self) -> None:
        page = self._ask("GET", "/login")[1]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        told = {"csrfmiddlewaretoken": token[1], "username": self.login, "password": TOWN_PASSWORD}
        assert self._ask("POST", "/login", urlencode(told))[0] == 302

    def run(self) -> None:
        while not self._stop_asked.is_set():
            for page in self.pages:
                began = time.monotonic()
                status, text = self._ask("GET", page)
                self.took.append((began, time.monotonic() - began))
                if status != 200:
                    self.failed.append(f"{status} {page} {text[:80]}")
                if self._stop_asked.wait(self.pause):
                    return

    def stop(self) -> None:
        self._stop_asked.set()
        self.join(180)
        self._wire.close()

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}
        self._wire.request(method, path, body, headers | (_FORM if body else {}))
        answer = self._wire.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self._cookies[name] = rest.partition(";")[0]
        return answer.status, answer.read().decode()


class Passers(Thread):
    """Report one thing after the other; what was acknowledged is written down on the disk first."""

    def __init__(self, port: int, code: str, ledger: Ledger, pause: float) -> None:
        super().__init__(daemon=True)
        self.port, self.code, self.ledger, self.pause = port, code, ledger, pause
        self.failed: list[str] = []
        self._stop_asked = Event()

    def run(self) -> None:
        number = 0
        while not self._stop_asked.is_set():
            number += 1
            wire = HTTPConnection("127.0.0.1", self.port, timeout=120)
            try:
                self._report(wire, f"楼道里堆满杂物，第{number}层")
            except (OSError, ConnectionError) as error:
                self.failed.append(repr(error))
            finally:
                wire.close()
            self._stop_asked.wait(self.pause)

    def _report(self, wire: HTTPConnection, words: str) -> None:
        wire.request("GET", f"/Q/{self.code}")
        found = re.search(rb'name="mark" value="([^"]+)"', wire.getresponse().read())
        if found is None:
            raise ConnectionError("the page has no form")
        form = Form(words, found[1].decode())
        wire.request("POST", f"/Q/{self.code}", urlencode({"words": form.words, "mark": form.mark}), _FORM)
        answer = wire.getresponse()
        answer.read()
        place = answer.headers.get("Location", "")
        if answer.status != 303:
            raise ConnectionError(f"not received: {answer.status}")
        self.ledger.note(form.words, place.removeprefix("/r/").partition("?")[0])

    def stop(self) -> None:
        self._stop_asked.set()
        self.join(180)
