"""The safe door between the network and Django: nobody slow holds one of its few threads (docs/decisions/0021).

The server's loop reads each body whole, under limits, before a thread hears of it, and it writes each answer after the
thread is free again. Behind the threads waits a short line; whoever comes when it is full is told so at once.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import chain
from queue import SimpleQueue
from tempfile import SpooledTemporaryFile, TemporaryFile
from threading import Thread
from time import monotonic
from typing import Any

from django.conf import settings
from django.urls import reverse

from doudi.web.config import statements, wsgi
from doudi.web.operations import refusals
from doudi.web.operations.environ import Given, environment

logger = logging.getLogger("doudi.door")
KILOBYTE, MEGABYTE = 1024, 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a client may take of the server. Bytes, bytes a second, and seconds."""

    body: int = 64 * MEGABYTE  # six photographs of the largest size and the words around them
    body_in_memory: int = 64 * KILOBYTE
    bodies_on_disk: int = 1024 * MEGABYTE  # of all clients together
    answer_in_memory: int = 256 * KILOBYTE
    silence: float = 10.0  # to the first byte of a body, and between two
    rate: int = 4 * KILOBYTE  # the least, on the average, after twice the silence
    threads: int = 4
    line: int = 64  # requests that wait for a thread; who brings something is let into a line twice as long
    opening: float = 30.0  # how long a file stays open for the server to open it


class Refused(Exception):
    """The request is not taken in."""

    def __init__(self, why: refusals.Why) -> None:
        self.why = why


class Door:
    """The application that the server calls, by RSGI."""

    def __init__(self, application: Callable[..., Iterable[bytes]], limits: Limits, folder: str | None = None) -> None:
        self._application, self._limits, self._folder = application, limits, folder
        self._line: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._on_disk = 0

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop, self._health = loop, reverse("health")
        statements.limit_statements()
        for number in range(self._limits.threads):
            Thread(target=self._work, name=f"door-{number}", daemon=True).start()
        self._line.put(refusals.refresh)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.path == self._health and scope.method in ("GET", "HEAD"):
            protocol.response_bytes(200, refusals.PLAIN, b"ok\n")
            return
        environ = environment(scope)
        body, length = None, environ.get("CONTENT_LENGTH", "")
        try:
            if "HTTP_HOST" not in environ:
                raise Refused("unreadable")
            if length or "HTTP_TRANSFER_ENCODING" in environ:
                body = environ["wsgi.input"] = SpooledTemporaryFile(  # noqa: SIM115 (closed below)
                    self._limits.body_in_memory, dir=self._folder
                )
                environ["CONTENT_LENGTH"] = str(await self._read(protocol, body, length))
            if self._line.qsize() >= self._limits.line * (2 if body else 1):
                raise Refused("busy")
            done = self._loop.create_future()
            self._line.put(lambda: self._answer(environ, protocol, done))
            await done
        except Refused as refused:
            protocol.response_bytes(*refusals.page(refused.why, environ))
        finally:
            if body is not None:
                self._forget(body)

    async def _read(self, protocol: Any, body: SpooledTemporaryFile[bytes], length: str) -> int:
        """The whole body, or Refused: nothing is stored of one that broke off."""
        limits, size, ends = self._limits, 0, 0
        if length and (not length.isdecimal() or int(length[:20]) > limits.body):
            raise Refused("large")
        begun = self._loop.time()
        try:
            async with asyncio.timeout(limits.silence) as clock:
                async for part in protocol:
                    if not part:
                        ends += 1
                        continue
                    size += len(part)
                    if size > limits.body:
                        raise Refused("large")
                    self._write(body, part, size)
                    now = self._loop.time()
                    clock.reschedule(min(now + limits.silence, begun + 2 * limits.silence + size / limits.rate))
        except TimeoutError:
            raise Refused("slow") from None
        except OSError:
            raise Refused("busy") from None  # no room on the disk
        # The server ends a whole body with one empty part, and one that broke off with two.
        if ends != 1 or (length and int(length) != size):
            raise Refused("broken")
        body.seek(0)
        return size

    def _write(self, body: SpooledTemporaryFile[bytes], part: bytes, size: int) -> None:
        """Into memory while it is small, else to the disk, of which all bodies together get a share."""
        more = self._disk(size) - self._disk(size - len(part))
        if self._on_disk + more > self._limits.bodies_on_disk:
            raise Refused("busy")
        body.write(part)
        self._on_disk += more

    def _forget(self, body: SpooledTemporaryFile[bytes]) -> None:
        self._on_disk -= self._disk(body.seek(0, os.SEEK_END))
        body.close()

    def _disk(self, size: int) -> int:
        return size if size > self._limits.body_in_memory else 0

    def _work(self) -> None:
        while True:
            try:
                self._line.get()()
                refusals.refresh_if_old(monotonic())
            except Exception:
                # Django answers for its pages; what comes here is the door's own fault, and the server says 500.
                logger.exception("no answer could be given")

    def _answer(self, environ: dict[str, Any], protocol: Any, done: asyncio.Future[None]) -> None:
        """In a thread: the page is made and handed to the server, which writes it as fast as its reader reads."""
        try:
            self._call(environ, protocol)
        finally:
            self._loop.call_soon_threadsafe(_end, done)

    def _call(self, environ: dict[str, Any], protocol: Any) -> Any:
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            head[:] = int(status[:3]), headers

        response: Any = self._application(environ, start_response)
        given = response.file if isinstance(response, Given) else None
        try:
            if given is not None and (number := _file_number(given)) is not None:
                return self._give_file(protocol, head, os.dup(number))
            parts = iter(partial(given.read, 64 * KILOBYTE), b"") if given else iter(response)
            content, size = [], 0
            for part in parts:
                content.append(part)
                size += len(part)
                if size > self._limits.answer_in_memory:
                    break
            else:
                return protocol.response_bytes(*head, b"".join(content))
            with TemporaryFile(dir=self._folder) as file:
                file.writelines(chain(content, parts))
                file.flush()
                self._give_file(protocol, head, os.dup(file.fileno()))
        finally:
            (given or response).close()

    def _give_file(self, protocol: Any, head: list[Any], number: int) -> None:
        """The server reads it piece by piece, as the client does, so that slow readers hold no memory."""
        protocol.response_file(*head, f"/dev/fd/{number}")
        self._loop.call_soon_threadsafe(self._loop.call_later, self._limits.opening, os.close, number)


def _end(done: asyncio.Future[None]) -> None:
    if not done.done():
        done.set_result(None)


def _file_number(file: Any) -> int | None:
    """Of a file on the disk that is given whole, else None."""
    try:
        return int(file.fileno()) if file.tell() == 0 else None
    except (AttributeError, OSError):
        return None


application = Door(wsgi.application, Limits(), str(settings.DATA_DIR))
