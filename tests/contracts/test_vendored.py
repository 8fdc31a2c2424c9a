"""Built files of others are exactly those whose version, licence and hash are written beside them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from tests.contracts.house import ROOT, WEB

SHELVES = (WEB / "design/static/doudi/vendor", ROOT / "tests/browser/vendor")
ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \| (?P<source>[^|]+) \| (?P<licence>[^|]+) \| `(?P<hash>[0-9a-f]{64})` \|$", re.MULTILINE
)


def differences(shelf: Path) -> list[str]:
    """Each file that is not as VENDORED.md says, is missing, or is not listed there."""
    listed = {row["file"]: row["hash"] for row in ROW.finditer((shelf / "VENDORED.md").read_text(encoding="utf-8"))}
    lying = {
        path.relative_to(shelf).as_posix(): path
        for path in shelf.rglob("*")
        if path.is_file() and path.name != "VENDORED.md"
    }
    wrong = [f"{name} is listed and missing" for name in listed.keys() - lying.keys()]
    wrong += [f"{name} is not listed" for name in lying.keys() - listed.keys()]
    wrong += [
        f"{name} was changed"
        for name in listed.keys() & lying.keys()
        if hashlib.sha256(lying[name].read_bytes()).hexdigest() != listed[name]
    ]
    return wrong


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.parent.name)
def test_every_file_is_the_one_that_is_listed(shelf: Path) -> None:
    assert differences(shelf) == []
    assert [path for path in shelf.rglob("*") if path.is_file()] != []


def test_a_changed_a_missing_and_a_new_file_are_found(tmp_path: Path) -> None:
    row = "| `{}` | lib 1.0 | MIT | `" + hashlib.sha256(b"as built").hexdigest() + "` |\n"
    (tmp_path / "VENDORED.md").write_text(row.format("true.js") + row.format("changed.js") + row.format("gone.js"))
    (tmp_path / "true.js").write_bytes(b"as built")
    (tmp_path / "changed.js").write_bytes(b"as patched")
    (tmp_path / "new.js").touch()
    assert sorted(differences(tmp_path)) == [
        "changed.js was changed",
        "gone.js is listed and missing",
        "new.js is not listed",
    ]
