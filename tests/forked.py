"""Runs `doudi` in a process that is forked and not started: what a start costs is paid once for each of pytest's workers.

A parent process stands ready with the whole house read and Django set up on a folder of its own. For each command it
forks; the child takes the command's environment, has read no settings yet, and is a process like any other: with its own
connections, its own end, its own return code. What a start itself proves (a lost key before anything is read,
other profiles and hosts, servers with their workers) is started as ever: see ``may_fork``.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
#: what a child may be told otherwise than its parent; with anything else of ours it is started
FREE = {"DOUDI_DATA_DIR", "DOUDI_DATABASE_URL", "DOUDI_LANGUAGE", "DOUDI_STRIKE", "DOUDI_CARELESS", "DOUDI_TEST_HOME"}
_one_at_a_time = threading.Lock()
_parents: dict[str, subprocess.Popen[str]] = {}


def may_fork(env: Mapping[str, str]) -> bool:
    """Whether nothing in the environment changes what was read before the fork."""
    return env.get("DOUDI_PROFILE") == "test" and all(
        name in FREE or value == os.environ.get(name)
        for name, value in env.items()
        if name.startswith("DOUDI_")
        if name != "DOUDI_PROFILE"
    )


def run(
    command: Sequence[str], env: Mapping[str, str], *, given: str = "", cwd: Path | None = None, timeout: float = 120
) -> subprocess.CompletedProcess[str]:
    """Run ``-m module argument…`` or ``-c code`` to its end, as ``subprocess.run`` would with its output captured."""
    if not may_fork(env) or not _one_at_a_time.acquire(blocking=False):
        return subprocess.run(
            [sys.executable, *command],
            env=dict(env),
            cwd=cwd,
            input=given,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            start_new_session=True,
        )
    try:
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / name for name in ("in", "out", "err")]
            files[0].write_text(given, encoding="utf-8")
            code = _ask(
                {"command": command, "env": dict(env), "cwd": str(cwd or Path.cwd()), "files": list(map(str, files))},
                timeout,
            )
            out, err = (file.read_text(encoding="utf-8", errors="replace") for file in files[1:])
    finally:
        _one_at_a_time.release()
    return subprocess.CompletedProcess([sys.executable, *command], code, out, err)


def _ask(work: Mapping[str, Any], timeout: float) -> int:
    parent = _parent("postgres" if work["env"].get("DOUDI_DATABASE_URL", "").startswith("postgres") else "sqlite")
    assert parent.stdin is not None and parent.stdout is not None
    parent.stdin.write(json.dumps([work, timeout]) + "\n")
    parent.stdin.flush()
    answer = parent.stdout.readline()
    assert answer, "the process that forks has ended"
    code = int(answer)
    if code == _TIMED_OUT:
        raise subprocess.TimeoutExpired(work["command"], timeout)
    return code


_TIMED_OUT = 1000


def _parent(vendor: str) -> subprocess.Popen[str]:
    """The process that forks for this worker; it ends with its standard input."""
    if vendor not in _parents:
        env = {
            **os.environ,
            "DOUDI_PROFILE": "test",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
            "PYTHONUTF8": "1",
        }
        _parents[vendor] = subprocess.Popen(
            [sys.executable, "-m", "tests.forked"], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        atexit.register(_dismiss, _parents[vendor])
    return _parents[vendor]


def _dismiss(parent: subprocess.Popen[str]) -> None:
    parent.kill()
    parent.wait(10)


def serve() -> None:
    """The parent: set up once, then fork for each line."""
    import gc

    with tempfile.TemporaryDirectory() as folder:
        os.environ["DOUDI_DATA_DIR"] = folder
        from doudi.cli import main  # noqa: F401  # read before the fork
        from doudi.web.operations.console import set_up

        set_up()
        import doudi.web.config.urls  # noqa: F401  # pages and forms, and all that they read

        _keep_defaults()
        gc.freeze()
        answers = os.fdopen(os.dup(1), "w")
        for line in sys.stdin:
            work, timeout = json.loads(line)
            child = os.fork()
            if not child:
                _become(work)
            answers.write(f"{_waited(child, timeout)}\n")
            answers.flush()


def _keep_defaults() -> None:
    """What apps added to the settings while they were read is not added again in a child, which has read them: keep it."""
    from django.conf import Settings, global_settings, settings

    ours = vars(Settings(os.environ["DJANGO_SETTINGS_MODULE"]))
    for name, value in vars(settings._wrapped).items():
        if name.isupper() and name not in ours:
            setattr(global_settings, name, value)


def _waited(child: int, timeout: float) -> int:
    import signal
    import time

    until, rest = time.monotonic() + timeout, 0.002
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(rest)
        rest = min(rest * 1.5, 0.05)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return _TIMED_OUT


def _become(work: Mapping[str, Any]) -> None:
    """The child: leads a group of its own, has its own files, environment and settings, and ends as a process does."""
    code = 1
    try:
        os.setsid()
        flags = (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT)
        for number, (file, flag) in enumerate(zip(work["files"], flags, strict=True)):
            os.dup2(os.open(file, flag, 0o600), number)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, mode, encoding="utf-8", closefd=False) for number, mode in enumerate("rww")
        )
        os.chdir(work["cwd"])
        os.environ.clear()
        os.environ.update(work["env"])
        _forget_settings()
        code = _do(work["command"])
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        _end(code)


def _forget_settings() -> None:
    """Whoever asks for a setting first reads them all, as in a process that was started; nobody is connected to anything."""
    from asgiref.local import Local
    from django.conf import settings
    from django.db import connections
    from django.utils.functional import empty

    del sys.modules["doudi.web.config.settings"]
    settings._wrapped = empty
    connections.__dict__.pop("settings", None)
    connections._settings = None
    connections._connections = Local(connections.thread_critical)


def _do(command: Sequence[str]) -> int:
    """As the interpreter would: a module as ``__main__``, or code."""
    import runpy

    try:
        if command[0] == "-c":
            sys.argv = ["-c", *command[2:]]
            exec(compile(command[1], "<string>", "exec"), {"__name__": "__main__"})
        else:
            sys.argv = [command[1], *command[2:]]
            sys.modules.pop(command[1], None)
            runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
            return 1
        return end.code or 0
    return 0


def _end(code: int) -> None:
    try:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        from django.conf import settings
        from django.db import connections

        if settings.configured:
            connections.close_all()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


if __name__ == "__main__":
    serve()
