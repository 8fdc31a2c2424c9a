"""Who besieges the town. Each attack runs in a thread of its own until it is told to stop, and counts what it did."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Thread

from tests.web.operations.wire import Wire, ask


class Attack(Thread):
    """``seen``: what the attacker did and met, by name."""

    def __init__(self, port: int, town: Mapping[str, str], size: int) -> None:
        super().__init__(daemon=True)
        self.port, self.town, self.size = port, town, size
        self.seen: Counter[str] = Counter()
        self._stop_asked = Event()

    def run(self) -> None:
        while not self._stop_asked.is_set():
            self.once()
            self._stop_asked.wait(1)

    def once(self) -> None:
        """What is done each second."""
        raise NotImplementedError

    def stop(self) -> Counter[str]:
        self._stop_asked.set()
        self.join(60)
        return self.seen


class Slow(Attack):
    """``size`` connections that stay open: slow heads, slow bodies, bodies that never begin, slow readers of large files."""

    def __init__(self, port: int, town: Mapping[str, str], size: int) -> None:
        super().__init__(port, town, size)
        body = ask(
            "POST", f"/Q/{town['shop']}", Content_Length="100000", Content_Type="multipart/form-data; boundary=x"
        )
        self._kinds = {
            "slow heads": b"GET /report HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ",
            "slow bodies": body + b"--x",
            "no bodies": body,
            "slow readers": ask("GET", "/static/doudi/htmx.min.js"),
        }
        self._open: dict[int, Wire] = {}

    def once(self) -> None:
        names = list(self._kinds)
        for place in range(self.size):
            name = names[place % len(names)]
            wire = self._open.get(place)
            try:
                if wire is None:
                    self._open[place] = Wire(self.port, patience=5, window=1024).send(self._kinds[name])
                    self._open[place].socket.setblocking(False)
                    self.seen[name] += 1
                elif name == "slow readers":
                    if not wire.socket.recv(64):
                        raise ConnectionError
                elif name == "no bodies":
                    _still_open(wire.socket)
                else:
                    wire.send(b"x")
                    _still_open(wire.socket)
            except BlockingIOError:
                continue
            except OSError:
                self._open.pop(place, None)
                if wire is not None:
                    self.seen[f"{name} let go"] += 1
                    wire.socket.close()

    def stop(self) -> Counter[str]:
        seen = super().stop()
        for wire in self._open.values():
            wire.socket.close()
        return seen


def _still_open(connection: socket.socket) -> None:
    with suppress(BlockingIOError):
        if not connection.recv(4096):
            raise ConnectionError


ATTACKS: Mapping[str, type[Attack]] = {"slow": Slow}
