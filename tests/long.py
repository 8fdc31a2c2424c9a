"""The long proofs, each by its name: ``make long NAME=faults``, and ``make long`` lists them.

Each has a short size in the suite; here it runs as long as it takes to be believed. A proof of your own is a row below.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

SQLITE, POSTGRES = "--database=sqlite", "--database=postgres"


@dataclass(frozen=True)
class Proof:
    """``tests`` run once for each of ``databases``, with ``sizes`` in the environment; ``plugin``: loaded before;
    ``module``: run that instead.
    """

    name: str
    says: str
    tests: tuple[str, ...] = ()
    databases: tuple[str, ...] = (SQLITE,)
    sizes: Mapping[str, str] = field(default_factory=dict)
    marked: str = ""
    plugin: str = ""
    module: str = ""

    def commands(self) -> list[list[str]]:
        if self.module:
            return [[sys.executable, "-m", self.module]]
        marked = ["-m", self.marked] if self.marked else []
        loaded = ["-p", self.plugin] if self.plugin else []
        return [
            [sys.executable, "-m", "pytest", "-q", "-s", *loaded, *marked, one, *self.tests] for one in self.databases
        ]


PROOFS = (
    Proof(
        "mutants",
        "faults made by hand in services and proofs, each to be met, and the same walks without one; minutes",
        ("tests/model", "tests/engine/rules"),
        marked="mutants",
    ),
    Proof(
        "walks",
        "random people do random things for a hundred thousand steps; half an hour",
        ("tests/model/test_matter_machine.py",),
        sizes={"DOUDI_MODEL_STEPS": "100000"},
    ),
    Proof(
        "matrix",
        "everybody asks for everything at every position of every address, and reads every page; half an hour",
        ("tests/matrix/test_routes.py", "tests/matrix/test_words.py"),
        sizes={"DOUDI_MATRIX": "whole"},
    ),
    Proof(
        "quiet",
        "orders left alone for two days: DOUDI_ORDERS names a table of your own, DOUDI_ORDERS_ID and _WORDS its columns; minutes",
        ("tests/web/upstream/test_quiet.py",),
    ),
    Proof(
        "order",
        "what stands on the order of rows that nobody ordered: the tests of pages and services with such rows shuffled; half an hour",
        ("tests/web", "tests/scenarios"),
        databases=(POSTGRES, SQLITE),
        marked="not mutants",
        plugin="tests.shuffled",
    ),
    Proof(
        "search",
        "ten thousand questions to the index and to a slow scan, on both databases; an hour",
        ("tests/web/search/test_same_as_scan.py",),
        databases=(SQLITE, POSTGRES),
        sizes={"DOUDI_SEARCHES": "10000"},
    ),
    Proof(
        "reconcile",
        "a made quarter of 30,000 orders and a list of the district with 203 planted differences of nine kinds; minutes",
        ("tests/web/reconciliation/test_reconciling.py",),
        databases=(SQLITE, POSTGRES),
        sizes={"DOUDI_RECONCILE": "30000"},
    ),
    Proof(
        "faults",
        "kill -9 in intake, import, job and migration, 50 times each on both databases; half an hour",
        ("tests/faults",),
        databases=(SQLITE, POSTGRES),
        sizes={"DOUDI_FAULT_ROUNDS": "50"},
    ),
    Proof(
        "hostile",
        "ten thousand requests and two thousand files that nobody should have to trust; minutes",
        ("tests/hostile",),
        sizes={"DOUDI_HOSTILE": "long"},
    ),
    Proof(
        "powercut",
        "power cuts on a disk of our own, 20 on SQLite and 10 on PostgreSQL; needs root, Linux",
        module="tests.faults.powercut",
    ),
    Proof(
        "siege",
        "slow clients and floods on the loopback while officers work, on both databases; prints what they felt; minutes",
        module="tests.siege",
    ),
    Proof(
        "proxy",
        "nginx with the configuration that we ship, before a served town; needs nginx",
        module="tests.siege.proxy",
    ),
)


def main(name: str) -> int:
    """Run the proof of that name to its end, all its databases even when the first fails."""
    proof = next((one for one in PROOFS if one.name == name), None)
    if proof is None:
        sys.stdout.write("Say which: make long NAME=…\n" + "".join(f"  {one.name:10}{one.says}\n" for one in PROOFS))
        return 2
    ended = [subprocess.run(one, env={**os.environ, **proof.sizes}, check=False).returncode for one in proof.commands()]
    return max(map(abs, ended))


if __name__ == "__main__":
    sys.exit(main("".join(sys.argv[1:2])))
