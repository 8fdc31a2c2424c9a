"""Instructions of one report, one step and the filing of one report, by callgrind: ``python -m bench.requests.instructions [CHECKOUT …]``.

A machine that is shared tells nothing by its clock; instructions are the same within a percent. Each build, this one and
those named, makes its own demo town of a fortnight (kept beside the other towns), and is asked in-process on a copy of it:
``WARM`` reports and steps uncounted, then ``COUNTED`` of each. What search files of a report is counted apart, since timers do
it, and in the portions in which they do; a build without the room has no such figure. Needs valgrind; takes minutes.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
WARM, COUNTED, DAYS = 10, 40, "14"
#: two portions of what search files at a time, and some more
UNFILED = 300
SEARCH = Path("src/doudi/web/search")
LEAVES = "leaves"
_TOTAL = re.compile(r"^totals: (\d+)", re.MULTILINE)


def count(build: Path) -> dict[str, float]:
    """Instructions of one request, by what was asked; ``build`` is a checkout that has ``src`` and ``bench``."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "town"
        shutil.copytree(_town(build), folder)
        out = Path(room) / "out"
        valgrind = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}"]
        most = WARM + COUNTED
        reports, steps, unfiled = (
            _run(build, folder, sys.executable, "-m", "bench.requests.asking", what, str(many))
            for what, many in (("reports", most), ("steps", most), ("reports", UNFILED))
        )
        # Whatever stands in front of Python (a shim) would be counted in its place.
        own = os.path.realpath(sys.executable), "-P", __file__
        _run(build, folder, *valgrind, *own, "ask", reports, steps)
        nothing, report, step = _totals(out, 3)
        counted = {"report": (report - nothing) / COUNTED, "step": (step - nothing) / COUNTED}
        if (build / SEARCH).is_dir():
            each = _told(_run(build, folder, *own, "unfiled", unfiled))
            read = _told(_run(build, folder, *valgrind, *own, "file"))
            nothing, filing = _totals(out, 2)
            counted["filing"] = (filing - nothing) * each / read
    return counted


def _totals(out: Path, turns: int) -> list[int]:
    """What was counted in each turn; the next run writes under the same names."""
    return [int(_TOTAL.findall(out.with_name(f"out.{turn}").read_text())[-1]) for turn in range(1, turns + 1)]


def _told(said: str) -> float:
    """The number behind ``LEAVES``; requests log on the same channel."""
    return float(re.findall(rf"^{LEAVES} (\S+)$", said, re.MULTILINE)[-1])


def _town(build: Path) -> Path:
    from bench.requests.stage import HOME

    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=build, capture_output=True, text=True, check=True).stdout
    made = HOME / "instructions" / commit.strip()
    if not made.exists():
        begun = made.with_suffix(".begun")
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir(parents=True)
        _run(build, begun, sys.executable, "-m", "bench.requests.founding", DAYS, profile="demo")
        begun.rename(made)
    return made


def _run(build: Path, folder: Path, *command: str, profile: str = "production") -> str:
    env = {
        **os.environ,
        "DOUDI_DATA_DIR": str(folder),
        "DOUDI_DATABASE_URL": f"sqlite:///{folder / 'doudi.sqlite3'}",
        "DOUDI_PROFILE": profile,
        "DOUDI_SITE_URL": "http://127.0.0.1",
        "DOUDI_LANGUAGE": "zh",
        "DJANGO_SETTINGS_MODULE": "doudi.web.config.settings",
        "PYTHONPATH": os.pathsep.join((str(build / "src"), str(build), *_installed())),
        "PYTHONHASHSEED": "0",
    }
    done = subprocess.run(command, env=env, cwd=build, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def _installed() -> Iterator[str]:
    """The packages of this environment, for a Python that is started past it."""
    return (path for path in sys.path if path.endswith("site-packages"))


def ask(reports: str, steps: str) -> None:
    """Within callgrind, on the other build's own code: ask, and have each turn written down."""
    import django

    django.setup()
    report = _reporting(json.loads(reports))
    turns = [lambda: None, report, _stepping(json.loads(steps))]
    for one in turns:
        for _ in range(WARM):
            one()
    for one in turns:
        _control("-z")
        for _ in range(COUNTED):
            one()
        _control("-d")


def file_some() -> None:
    """Within callgrind: file one portion uncounted, then nothing, then another one; says how many leaves that read."""
    import django

    django.setup()
    from doudi.web.search.services import follow

    follow()
    for what in (int, follow):
        _control("-z")
        read = what()
        _control("-d")
    sys.stdout.write(f"{LEAVES} {read}\n")


def leave_unfiled(reports: str) -> None:
    """Let the index catch up with the journal, then send ``UNFILED`` reports; says how many leaves each of them has."""
    import django

    django.setup()
    from doudi.web.journal.models import Leaf
    from doudi.web.search.models import Progress
    from doudi.web.search.services import follow, make_on

    while not Progress.objects.filter(built=True).exists() and make_on():
        pass
    while follow():
        pass
    report, before = _reporting(json.loads(reports)), Leaf.objects.count()
    for _ in range(UNFILED):
        report()
    sys.stdout.write(f"{LEAVES} {(Leaf.objects.count() - before) / UNFILED}\n")


def _control(what: str) -> None:
    subprocess.run(["callgrind_control", what, str(os.getpid())], stdout=subprocess.DEVNULL, check=True)


def _reporting(asked: list[dict[str, str]]) -> Callable[[], None]:
    from django.test import Client

    try:
        from doudi.web.triage.marks import new_mark
    except ImportError:  # the build before, which is measured beside this one
        from doudi.web.scan.marks import new_mark  # type: ignore[import-not-found, no-redef]

    client, forms = Client(HTTP_HOST="127.0.0.1", HTTP_USER_AGENT="bench"), iter(asked)

    def report() -> None:
        one = next(forms)
        fields: dict[str, Any] = {name: one[name] for name in ("kind", "words")}
        answer = client.post(f"/Q/{one['code']}", fields | {"phone": "13000000000", "mark": new_mark()})
        assert answer.status_code == 303, answer.content.decode()

    return report


def _stepping(asked: dict[str, Any]) -> Callable[[], None]:
    from django.test import Client

    client, numbers = Client(HTTP_HOST="127.0.0.1", HTTP_USER_AGENT="bench"), iter(asked["numbers"])
    client.cookies["sessionid"] = asked["session"]

    def step() -> None:
        answer = client.post(f"/matters/{next(numbers)}/take", {"version": "1"})
        assert answer.status_code == 302, answer.content.decode()

    return step


if __name__ == "__main__":
    if sys.argv[1:2] == ["ask"]:
        ask(*sys.argv[2:])
    elif sys.argv[1:2] == ["unfiled"]:
        leave_unfiled(*sys.argv[2:])
    elif sys.argv[1:2] == ["file"]:
        file_some()
    else:
        for build in (ROOT, *(Path(name).resolve() for name in sys.argv[1:])):
            sys.stdout.write(json.dumps({"build": str(build), **count(build)}) + "\n")
            sys.stdout.flush()
