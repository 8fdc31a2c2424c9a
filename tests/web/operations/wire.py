"""A client that speaks HTTP byte by byte, as careless phones and careful attackers do."""

from __future__ import annotations

import socket
import struct
from contextlib import closing, suppress


class Wire:
    """One connection. What it waits for comes within ``patience`` seconds or is a failure (TimeoutError)."""

    def __init__(self, port: int, *, patience: float = 60, window: int = 0) -> None:
        self.socket = socket.socket()
        if window:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window)
        self.socket.settimeout(patience)
        self.socket.connect(("127.0.0.1", port))

    def send(self, *parts: bytes) -> Wire:
        for part in parts:
            self.socket.sendall(part)
        return self

    def no_more(self) -> Wire:
        """The line breaks: what was sent last is the end."""
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def cut(self) -> None:
        """The line is gone without a word."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def all(self) -> bytes:
        """Whatever comes until the server ends the connection."""
        got = []
        with closing(self.socket), suppress(ConnectionResetError):
            while part := self.socket.recv(65536):
                got.append(part)
        return b"".join(got)

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """One answer with a length; the connection stays."""
        with self.socket.makefile("rb") as lines:
            return read_answer(lines.readline, lines.read)


def read_answer(line, read) -> tuple[int, dict[str, str], bytes]:  # type: ignore[no-untyped-def]
    status = int(line().split()[1])
    headers: dict[str, str] = {}
    while (row := line().strip()) != b"":
        name, _, value = row.decode().partition(":")
        headers[name.lower()] = value.strip()
    return status, headers, read(int(headers.get("content-length", "0")))


def ask(method: str, path: str, body: bytes = b"", *, close: bool = True, **headers: str) -> bytes:
    """A request as bytes; ``headers`` with underscores for hyphens, and an empty value leaves one out."""
    told = {"Host": "127.0.0.1", **({"Connection": "close"} if close else {})}
    if body:
        told["Content-Length"] = str(len(body))
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items() if value)]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def status(answer: bytes) -> int:
    return int(answer.split(None, 2)[1]) if answer else 0


def content(answer: bytes) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"transfer-encoding: chunked" not in head.lower():
        return body
    found = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        found, body = found + body[: int(size, 16)], body[int(size, 16) + 2 :]
    return found
