"""The page for whoever keeps the town running names every setting, every command and every start-up check."""

from __future__ import annotations

import re

from tests.contracts.house import ROOT, SOURCE

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")


def spelt_out(text: str) -> set[str]:
    """The ids in ``text``, with those between two that are joined by a dash."""
    found = set(re.findall(r"\b[EW]\d{3}\b", text))
    for kind, first, last in re.findall(r"\b([EW])(\d{3})–[EW](\d{3})", text):
        found |= {f"{kind}{number:03}" for number in range(int(first), int(last) + 1)}
    return found


def test_every_start_up_check_is_told() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (SOURCE / "web/operations/checks").glob("*.py"))
    named = set(re.findall(r'id="doudi\.([EW]\d{3})"', source))
    assert len(named) > 15
    assert named - spelt_out(PAGE) == set()


def test_every_setting_is_told() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    asked = set(re.findall(r"\bDOUDI_[A-Z]\w+\b", source))
    assert len(asked) > 5
    assert {one for one in asked if f"`{one}`" not in PAGE} == set()
