"""Each record of a decision has a number of its own, and who names a number finds the record."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from tests.contracts.house import ROOT

RECORDS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
#: how code and pages name a record
NAMED = re.compile(r"(?:docs/decisions/|decision )(\d{4})\b")


def named_in(path: Path) -> set[str]:
    return set(NAMED.findall(path.read_text(encoding="utf-8")))


def test_each_number_stands_once_and_in_its_title() -> None:
    numbers = Counter(path.name[:4] for path in RECORDS)
    assert {number for number, times in numbers.items() if times > 1} == set()
    titles = {path.name: path.read_text(encoding="utf-8").split(" · ", 1)[0] for path in RECORDS}
    assert titles == {path.name: f"# {path.name[:4]}" for path in RECORDS}


def test_whoever_names_a_record_finds_it() -> None:
    known = {path.name[:4] for path in RECORDS}
    texts = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py")]
    named = {path: found for path in texts if (found := named_in(path))}
    assert named, "no text names a record any more"
    assert {str(path.relative_to(ROOT)): found - known for path, found in named.items() if found - known} == {}
