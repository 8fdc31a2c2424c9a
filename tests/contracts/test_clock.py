"""Only ``web/clock.py`` reads the time and mints ids; everything else receives the moment or asks there."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.contracts.house import Code, dotted, python_files

CLOCK = "web/clock.py"
READS_TIME = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now", "timezone.localtime", "timezone.localdate",
    "time.time", "time.time_ns", "time.localtime", "time.gmtime", "Now",
}  # fmt: skip
MINTS_IDS = {"uuid1", "uuid3", "uuid4", "uuid5", "uuid6", "uuid7"}


def readings(files: Iterable[Code]) -> list[str]:
    """Each place outside the clock that reads the time, mints an id or lets a field do so."""
    found = []
    for file in files:
        if file.path == CLOCK or file.path.startswith("rulebook/"):
            continue
        for call in file.calls():
            name = dotted(call.func)
            if name.split(".")[-1] in MINTS_IDS or any(name == one or name.endswith(f".{one}") for one in READS_TIME):
                found.append(f"{file.path}:{call.lineno} calls {name}; use doudi.web.clock")
            found += [
                f"{file.path}:{call.lineno} lets the field read the clock by {word.arg}"
                for word in call.keywords
                if word.arg in ("auto_now", "auto_now_add")
                or (word.arg == "default" and dotted(word.value) in READS_TIME | MINTS_IDS)
            ]
    return found


def test_only_the_clock_reads_the_time() -> None:
    assert readings(python_files()) == []


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)", "datetime.datetime.now()", "date.today()", "django.utils.timezone.now()", "time.time()", "uuid.uuid4()",
        "uuid_utils.uuid7()", "DateTimeField(auto_now_add=True)", "DateTimeField(default=timezone.now)",
    ],
)  # fmt: skip
def test_a_hidden_clock_is_found(line: str) -> None:
    assert len(readings([Code("web/reports/services.py", f"x = {line}\n")])) == 1


@pytest.mark.parametrize("line", ["clock.now()", "clock.new_id()", "time.monotonic()", "time.sleep(1)"])
def test_asking_the_clock_and_measuring_are_free(line: str) -> None:
    assert readings([Code("web/jobs/services.py", f"x = {line}\n")]) == []
