"""What lies in the repository speaks of Doudi alone, and each file can be read in one sitting."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.contracts.house import ROOT, tracked_files

LONGEST = 450
#: Files nobody reads from top to bottom: locked versions, catalogues of words, what the town has decided, built files.
NOT_READ = re.compile(r"(^requirements.*\.lock|\.po|\.csv|\.ya?ml|/vendor/.*|\.svg)$")
BUILT_BY_OTHERS = re.compile(r"/vendor/|\.(png|jpe?g|webp|ico|mo|pdf|xlsx?|woff2?)$")

#: Written so that this file does not find itself.
STRANGE = {
    "the path of somebody's machine": re.compile(r"(?<![\w.:/}])/(wor[k]|hom[e]|User[s]|roo[t])/[\w.]"),
    "the host of a package registry": re.compile(
        r"\b(pyp[i]|pythonhoste[d]|npmj[s]|yarnpk[g])\.(org|com)\b|\bregistr[y]\.[a-z]+\.[a-z]"
    ),
    "an address inside a lock file": re.compile(r"^--(index|extra-index|find)-", re.MULTILINE),
    "a key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KE[Y]-----"),
}


def texts() -> dict[str, str]:
    """Every tracked file that we wrote, by its path from the root."""
    names = {path.relative_to(ROOT).as_posix(): path for path in tracked_files()}
    return {name: path.read_text(encoding="utf-8") for name, path in names.items() if not BUILT_BY_OTHERS.search(name)}


def strangers(found: Mapping[str, str]) -> list[str]:
    """Each place that tells of the machine or the network it was written on."""
    return [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1} has {what}: {hit.group()}"
        for name, text in found.items()
        for what, pattern in STRANGE.items()
        for hit in pattern.finditer(text)
    ]


def too_long(found: Mapping[str, str]) -> list[str]:
    return [
        f"{name} has {lines} lines; two rooms may hide in it"
        for name, text in found.items()
        if not NOT_READ.search(name) and (lines := text.count("\n")) > LONGEST
    ]


def test_nothing_tells_of_the_machine_it_was_written_on() -> None:
    assert strangers(texts()) == []


def test_each_file_is_read_in_one_sitting() -> None:
    assert too_long(texts()) == []


@pytest.mark.parametrize(
    "line",
    [
        "see /wor" + "k/main/x",
        'path = "/hom' + 'e/li/x"',
        "cd /roo" + "t/x",
        "https://pyp" + "i.org/simple",
        "https://registr" + "y.npmj" + "s.org/x",
        "--index-url http://x",
    ],
)
def test_a_stranger_is_found(line: str) -> None:
    assert strangers({"a.py": f"first\n{line}\n"})[0].startswith("a.py:2 ")


@pytest.mark.parametrize(
    "line", ["/work", 'path("work/<uuid:id>")', "{{ url }}/home/", "href='/work?x'", "network/worker"]
)
def test_a_page_of_ours_is_no_stranger(line: str) -> None:
    assert strangers({"a.py": line}) == []


def test_a_long_file_is_found_and_a_long_table_is_not() -> None:
    long = "x\n" * (LONGEST + 1)
    assert len(too_long({"a.py": long})) == 1
    assert too_long({"requirements.lock": long, "src/doudi/rulebook/rules.csv": long}) == []
