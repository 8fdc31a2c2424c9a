"""What WSGI tells an application of a request that came by RSGI."""

from __future__ import annotations

import sys
from io import BytesIO
from typing import Any


class Given:
    """A file that a page gives away (``wsgi.file_wrapper``)."""

    def __init__(self, file: Any, _block_size: int = 0) -> None:
        self.file = file


def environment(scope: Any) -> dict[str, Any]:
    """What WSGI tells an application. A header with an underscore is not told: it would pass for one with hyphens."""
    server, _, port = scope.server.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1" if scope.http_version == "1.1" else "HTTP/1.0",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": Given,
    }
    for name, value in scope.headers.items():
        if "_" not in name:
            key = name.replace("-", "_").upper()
            key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
            environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{value}" if key in environ else value
    return environ
