"""The door with narrow limits before an application that tells what it was given: served on a port by ``python -m``."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from time import sleep
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings

from doudi.web.operations.door import Door, Limits

LIMITS = replace(
    Limits(),
    body=200_000,
    body_in_memory=1_000,
    bodies_on_disk=300_000,
    answer_in_memory=50_000,
    silence=1.0,
    threads=2,
    line=3,
)
RELEASED = Path(os.environ["DOUDI_DATA_DIR"]) / "released"


def tell(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    path = environ["PATH_INFO"]
    while path == "/hold" and not RELEASED.exists():
        sleep(0.05)
    if path == "/broken":
        raise RuntimeError("no page")
    body = environ["wsgi.input"].read()
    told = {name: value for name, value in environ.items() if isinstance(value, str)}
    answer = json.dumps({**told, "body": hashlib.sha256(body).hexdigest(), "size": len(body)}).encode()
    if path in ("/parts", "/many"):
        answer = bytes(range(256)) * (40 if path == "/parts" else 4000)
    start_response("200 OK", [("Content-Type", "application/x-test"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
    if path == "/file":
        return environ["wsgi.file_wrapper"](open(__file__, "rb"), 8192)  # type: ignore[no-any-return]
    if path == "/memory":
        return environ["wsgi.file_wrapper"](BytesIO(bytes(100_000)), 8192)  # type: ignore[no-any-return]
    return Pieces(answer[at : at + 999] for at in range(0, len(answer), 999))


class Pieces:
    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    def __iter__(self) -> Any:
        return iter(self._parts)

    def close(self) -> None:
        pass


application = Door(tell, LIMITS)

if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    Granian(
        "tests.web.operations.small_door:application",
        port=int(sys.argv[1]),
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=2000),
        websockets=False,
        log_enabled=False,
    ).serve()
