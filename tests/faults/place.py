"""The small town on a machine of its own, which can be struck down, looked at from outside, and copied."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO, Any

from tests import forked
from tests.commands import Machine
from tests.made_once import Kept
from tests.postgres import free_port

ROOT = Path(__file__).parents[2]


class Place(Machine):
    """``town``: the codes of its places, once it is founded."""

    def __init__(self, folder: Path, *, like: Place | Kept | None = None) -> None:
        super().__init__(folder, like=like)
        # Both the package and its tests, whichever folder pytest was called from.
        self.env["PYTHONPATH"] = f"{ROOT / 'src'}:{ROOT}"
        self.town: dict[str, str] = like.town if isinstance(like, Place) else {}

    def found(self) -> None:
        self.town = self.witness("found")

    def witness(self, *arguments: str, **env: str) -> dict[str, Any]:
        command = ["-m", "tests.faults.witness", *arguments]
        done = forked.run(command, {**self.env, **env}, cwd=ROOT, timeout=300)
        assert done.returncode == 0, done.stderr[-2000:]
        return json.loads(done.stdout)  # type: ignore[no-any-return]

    def struck(self, *arguments: str, **env: str) -> subprocess.Popen[str]:
        """`doudi` in a session of its own, so that it can end alone."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.struck", *arguments],
            env={**self.env, "PYTHONUNBUFFERED": "1", **env},
            cwd=ROOT,
            start_new_session=True,
            text=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, *arguments: str, **env: str) -> bool:
        """Run it to its end, whichever it is; True when it was struck down."""
        command = ["-m", "tests.faults.struck", *arguments]
        done = forked.run(command, {**self.env, **env}, cwd=ROOT, timeout=300)
        assert done.returncode in (0, -signal.SIGKILL), (done.stdout + done.stderr)[-2000:]
        return done.returncode != 0

    @contextmanager
    def served(self, page: str = "report", **env: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
        """The server on a free port, answering; however it ends, nothing of it is left."""
        port = free_port()
        server = self.struck("serve", "--port", str(port), **env)
        try:
            answered(f"http://127.0.0.1:{port}/{page}", server)
            # A server that nobody listens to stands still once what it says has filled the pipe.
            Thread(target=_listen, args=[server.stdout], daemon=True).start()
            yield port, server
        finally:
            kill(server)


def _listen(said: IO[str]) -> None:
    with suppress(ValueError, OSError):
        while said.read(4096):
            pass


def kill(process: subprocess.Popen[str]) -> None:
    """kill -9, for it and whatever it started."""
    with suppress(ProcessLookupError):
        # It leads its own group, which outlives it while a child of it is there.
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(30)
    assert process.stdout is not None
    process.stdout.close()


def answered(url: str, server: subprocess.Popen[str]) -> None:
    while server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10):
                return
        except OSError:
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.1)
    assert server.stdout is not None
    raise AssertionError(f"the server did not come up: {server.stdout.read()[-2000:]}")
