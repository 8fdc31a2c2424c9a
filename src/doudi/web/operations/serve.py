"""The server: the safe door (``door``) with its few threads in one worker, and the timers beside it.

One worker, because SQLite has one writer and a second worker would only wait; four threads were as fast as any other
number on two cores.
"""

from __future__ import annotations

import multiprocessing
import signal
import socket
from contextlib import suppress
from threading import Event

from django.conf import settings
from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings

from doudi.engine.errors import DoudiError
from doudi.web.operations.checks.safety import is_private
from doudi.web.timers.running import Timers, run_until

TARGET = "doudi.web.operations.door:application"
#: connections open at once, most of them idle; each costs a few kilobytes
MOST_CONNECTIONS = 4096
#: from the connection to the end of a request's headers, and between two requests of a connection
SECONDS_TO_ASK = 10
#: how long a request in hand may take to end before its worker is ended
SECONDS_TO_END = 20


class ServeError(DoudiError):
    """The server cannot be started here in this way."""


def serve(host: str, port: int, *, with_timers: bool = True) -> None:
    """Serve until SIGTERM or Ctrl-C; requests and the job in hand are ended first. Raises ServeError."""
    if settings.PROFILE == "demo" and not is_private(host):
        raise ServeError(
            "演示镇的密码人人知道，不能在 {host} 上公开：请用 127.0.0.1 或本地网络地址；真实的镇请用 doudi init 新建。",
            host=host,
        )
    _require_free(host, port)
    # A fresh interpreter for the worker: a fork would share our database connection and the timers' locks.
    with suppress(RuntimeError):
        multiprocessing.set_start_method("spawn")
    connections.close_all()
    _allow_connections()
    server = Granian(
        TARGET,
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=SECONDS_TO_ASK * 1000, max_buffer_size=64 * 1024),
        websockets=False,
        workers=1,
        backpressure=MOST_CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END,
        log_enabled=False,
    )
    if with_timers:
        timers = Timers()
        server.on_startup(timers.start)
        server.on_shutdown(timers.stop)
    server.serve()


def _allow_connections() -> None:
    """As many open files as the machine lets us have: a connection is one, and a file on its way another."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * MOST_CONNECTIONS + 512
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


def run_timers() -> None:
    """Only the timers, until SIGTERM or Ctrl-C; the job in hand is ended first."""
    stop = Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: stop.set())
    run_until(stop)


def _require_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except (OSError, OverflowError) as error:
            raise ServeError(
                "{host}:{port} 已被占用或不能使用：请用 --port 换一个端口。", host=host, port=port
            ) from error
