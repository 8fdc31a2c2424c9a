"""Every long proof has its name, its short size in the suite and its line among the proofs."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.contracts.house import ROOT
from tests.long import PROOFS, Proof


@pytest.mark.parametrize("proof", PROOFS, ids=lambda one: one.name)
def test_a_proof_stands_where_it_says(proof: Proof) -> None:
    for place in proof.tests:
        assert (ROOT / place).exists()
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
    assert all(f'environ.get("{size}"' in source for size in proof.sizes)
    assert f"make long NAME={proof.name}`" in (ROOT / "docs" / "proofs.md").read_text(encoding="utf-8")


def test_the_makefile_knows_no_other_long_proof() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    older = re.findall(r"^([a-z ]+):.*\n\t@\$\(MAKE\) --no-print-directory long NAME=\$@$", makefile, re.MULTILINE)
    assert set(" ".join(older).split()) <= {one.name for one in PROOFS}
    assert re.findall(r"tests/(?:faults|hostile|model)\b|DOUDI_\w+", makefile) == []


def test_without_a_name_all_are_listed() -> None:
    done = subprocess.run([sys.executable, "-m", "tests.long"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert all(f"  {one.name} " in done.stdout for one in PROOFS)
