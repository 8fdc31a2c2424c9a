"""The server: pages by four threads of one worker, and the timers beside them in the same tree of processes.

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
from granian.constants import Interfaces

from doudi.engine.errors import DoudiError
from doudi.web.config.checks.safety import is_private
from doudi.web.timers.running import Timers, run_until

TARGET = "doudi.web.config.wsgi:application"
THREADS = 4
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
    server = Granian(
        TARGET, address=host, port=port, interface=Interfaces.WSGI, workers=1, blocking_threads=THREADS, respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_END, log_enabled=False,
    )  # fmt: skip
    if with_timers:
        timers = Timers()
        server.on_startup(timers.start)
        server.on_shutdown(timers.stop)
    server.serve()


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
