"""How well several demands in one letter are told apart: ``python -m bench.splits`` prints figures alone.

On the letters of ``tests/engine/triage`` (odd ones for development, even ones held out, fresh ones); with ``--posts DIR`` (CSV files
with a body or content; nothing of them is kept) how many real posts would be proposed to be split, and with ``--show`` where.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from doudi.engine.triage.splitting import split

Letter = tuple[str, tuple[int, ...]]
_FILE = Path(__file__).parent.parent / "tests" / "engine" / "triage" / "letters.txt"
NEAR = 10
"""Signs by which a proposed beginning may lie off: words that lead on stand between."""
MOST_FIELD = 10**8


def _letter(line: str) -> Letter:
    text, begins = "", []
    for piece in line.split("‖"):
        begins.append(len(text))
        text += piece
    return text, tuple(begins[1:])


def _letters(path: Path) -> list[Letter]:
    return [_letter(line) for line in path.read_text("utf-8").splitlines() if line]


LETTERS = _letters(_FILE)
FRESH = _letters(_FILE.with_name("letters_fresh.txt"))


@dataclass(frozen=True, slots=True)
class Measured:
    right: int
    proposed: int
    wanted: int

    @property
    def precision(self) -> float:
        return self.right / self.proposed if self.proposed else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.wanted if self.wanted else 1.0


def measured(letters: Sequence[Letter]) -> Measured:
    """Beginnings of further demands: proposed, wanted, and both."""
    right = proposed = wanted = 0
    for text, begins in letters:
        left = list(begins)
        found = [one.begin for one in split(text)[1:]]
        for begin in found:
            hit = next((one for one in left if abs(one - begin) <= NEAR), None)
            if hit is not None:
                left.remove(hit)
                right += 1
        proposed, wanted = proposed + len(found), wanted + len(begins)
    return Measured(right, proposed, wanted)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.splits", description=__doc__)
    parser.add_argument("--posts", type=Path)
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args(arguments)
    for name, letters in (("dev", LETTERS[::2]), ("heldout", LETTERS[1::2]), ("fresh", FRESH)):
        found = measured(letters)
        sys.stdout.write(
            f"splits.{name} precision {found.precision:.3f} recall {found.recall:.3f} ({found.wanted} wanted)\n"
        )
    if chosen.posts:
        csv.field_size_limit(MOST_FIELD)
        for path in sorted(chosen.posts.rglob("*.csv")):
            with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
                texts = [row.get("body") or row.get("content") or "" for row in csv.DictReader(lines)]
            cut = [(text, pieces) for text in texts if len(pieces := split(text)) > 1]
            if any(texts):
                sys.stdout.write(f"{path.name}: {len(cut)} of {len(texts)} would be proposed\n")
            for text, pieces in cut if chosen.show else ():
                sys.stdout.write("‖".join(text[one.begin : one.end] for one in pieces).replace("\n", " ") + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
