"""A load generator small enough to share two cores with what it measures: one socket per client, no library."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter
from urllib.parse import urlencode


@dataclass(frozen=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        for line in self.head.split(b"\r\n"):
            key, _, value = line.partition(b":")
            if key.strip().lower() == name.lower().encode():
                return value.strip().decode()
        return ""

    @property
    def text(self) -> bytes:
        """The body as it was before it was packed."""
        return gzip.decompress(self.body) if self.header("content-encoding") == "gzip" else self.body


class Browser:
    """Keeps its connection and its cookies, as a browser would; follows nothing by itself."""

    def __init__(self, port: int, cookies: dict[str, str] | None = None) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self.cookies = dict(cookies or {})

    def get(self, path: str) -> Answer:
        return self._ask(self._head("GET", path) + b"\r\n")

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        body = urlencode(fields).encode()
        kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
        return self._ask(self._head("POST", path) + kind.encode() + body)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _head(self, method: str, path: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self._port}",
            "User-Agent: bench",
            "Accept-Encoding: gzip",
        ]
        lines += [f"Cookie: {cookies}"] if cookies else []
        return ("\r\n".join(lines) + "\r\n").encode()

    def _ask(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), 60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        answer = self._read(self._socket)
        for line in answer.head.split(b"\r\n"):
            if line[:11].lower() == b"set-cookie:":
                name, _, value = line[11:].split(b";")[0].strip().partition(b"=")
                self.cookies[name.decode()] = value.decode()
        if answer.header("connection").lower() == "close":
            self.close()
        return answer

    @staticmethod
    def _read(connection: socket.socket) -> Answer:
        raw = b""
        while b"\r\n\r\n" not in raw:
            raw += (part := connection.recv(65536))
            if not part:
                raise ConnectionError("the server closed the connection")
        head, _, body = raw.partition(b"\r\n\r\n")
        lowered = head.lower()
        if (at := lowered.find(b"content-length:")) >= 0:
            length = int(lowered[at + 15 :].split(b"\r\n", 1)[0])
            while len(body) < length:
                body += connection.recv(65536)
        elif b"transfer-encoding: chunked" in lowered:
            while not body.endswith(b"0\r\n\r\n"):
                body += connection.recv(65536)
        return Answer(int(head.split(b" ", 2)[1]), head, body)


@dataclass
class Slice:
    """What one stretch of load brought: how many answers, in how many seconds, and how long each took."""

    seconds: float = 0.0
    taken: list[float] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.taken)

    @property
    def rate(self) -> float:
        return self.count / self.seconds

    def percentile(self, share: float) -> float:
        return sorted(self.taken)[min(int(self.count * share), self.count - 1)]

    def __add__(self, other: Slice) -> Slice:
        return Slice(self.seconds + other.seconds, self.taken + other.taken)


Ask = Callable[[Browser], Answer]


def load(
    browsers: Sequence[Browser], asks: Iterator[Ask], seconds: float, status: int, *, to_the_end: bool = False
) -> Slice:
    """All browsers at once, each with one request in hand, until the time is over. Any other status ends it.

    That nothing is left to ask is an error, unless asking it ``to_the_end`` is what is wanted.
    """
    lock, taken, faults = threading.Lock(), list[float](), list[str]()
    begun = perf_counter()
    until = begun + seconds

    def work(browser: Browser) -> None:
        while not faults and (at := perf_counter()) < until:
            with lock:
                ask = next(asks, None)
            if ask is None:
                faults.extend([] if to_the_end else ["the load ran out of things to ask"])
                return
            answer = ask(browser)
            taken.append(perf_counter() - at)
            if answer.status != status:
                faults.append(f"{answer.status} {answer.head[:300]!r} {answer.body[:2000].decode(errors='replace')}")

    threads = [threading.Thread(target=work, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise RuntimeError(faults[0])
    return Slice(perf_counter() - begun, taken)
