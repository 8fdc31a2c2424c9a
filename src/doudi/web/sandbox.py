"""Run what reads foreign bytes in a process of its own, which ends: spawned, never forked, under limits of memory,
processor time, silence and size, and without the secrets of our environment.

The module that is run has ``main(say, hear, *arguments)``: each value said arrives here as JSON; ``hear()`` gives what
was told from here. It must import nothing that needs settings or a database.
"""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)

_CHUNK = 1 << 16
_ROOT = str(Path(__file__).parents[2])
#: the other process: it is isolated, so it is told where our package lies; bounded before it imports what reads
_START = """
import sys
sys.path.insert(0, {root!r})
from doudi.web import sandbox
sandbox.bound(int(sys.argv[1]), int(sys.argv[2]))
from {module} import main
sandbox.run(main, sys.argv[3:])
"""
#: what a Python needs to start; keys and database passwords are not among it
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT")


class SandboxError(Exception):
    """The other process met one of its limits, or (``crash`` names the error) failed on what it read. Whoever asked says
    it in words."""

    def __init__(self, crash: str = "") -> None:
        super().__init__(crash)
        self.crash = crash


@dataclass(frozen=True, slots=True)
class Limits:
    """``memory`` and ``output`` in bytes; ``processor`` in seconds of work; ``silence`` in seconds without a word."""

    memory: int = 384 << 20
    processor: int = 60
    silence: int = 90
    output: int = 1 << 30


class Sandbox:
    """One process. Walk it once for what it says; on leaving the block it is dead, whatever it was doing."""

    def __init__(self, module: str, *arguments: str, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        bounds = str(self._limits.memory), str(self._limits.processor)
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-c", _START.format(root=_ROOT, module=module), *bounds, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
        )

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *error: object) -> None:
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            with suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._child.wait()

    def tell(self, value: object) -> None:
        """Answer the process that waits in ``hear()``. Raises `SandboxError` when it lives no longer."""
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(value).encode() + b"\n")
            self._child.stdin.flush()
        except OSError as error:
            raise SandboxError from error

    def __iter__(self) -> Iterator[Any]:
        """What the process says, value by value. Raises `SandboxError` unless it came to its end by itself."""
        for raw in self._lines():
            answer = json.loads(raw)
            if answer == "end":
                return
            if isinstance(answer, str):
                logger.warning("the other process failed with %s", answer)
                raise SandboxError(answer)
            yield answer[0]
        raise SandboxError

    def _lines(self) -> Iterator[bytes]:
        assert self._child.stdout is not None
        pipe, rest, came = self._child.stdout.fileno(), b"", 0
        while select.select([pipe], [], [], self._limits.silence)[0] and (chunk := os.read(pipe, _CHUNK)):
            came += len(chunk)
            if came > self._limits.output:
                return
            *whole, rest = (rest + chunk).split(b"\n") if b"\n" in chunk else (rest + chunk,)
            yield from whole


def bound(memory: int, processor: int) -> None:
    """Let this process have no more memory (bytes) and processor time (seconds), write no file and leave no core."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # Reads, never writes: a file of its own could fill the disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def run(main: Callable[..., None], arguments: Sequence[str]) -> None:
    """In the other process: run ``main`` and say at last how it ended."""
    out = sys.stdout.buffer

    def say(value: object) -> None:
        out.write(json.dumps([value], ensure_ascii=True).encode() + b"\n")

    def hear() -> Any:
        out.flush()
        return json.loads(sys.stdin.buffer.readline())

    ending = "end"
    try:
        main(say, hear, *arguments)
    except MemoryError:
        sys.exit(1)
    except Exception as error:
        ending = f"{type(error).__name__}: {error}"[:200]
    out.write(json.dumps(ending).encode() + b"\n")
    out.flush()
