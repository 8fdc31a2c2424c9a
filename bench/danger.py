"""How well danger is heard: ``python -m bench.danger`` prints rates alone, never a sentence.

On the sentences of ``tests/engine/danger`` (the part for development, the part held out and the fresh
ones, by sort and by style), on
real posts in a folder if one is named (``--posts DIR``: CSV files with a title and a body or content; nothing of them
is kept; ``--show`` prints the posts heard as life), and what a judgement costs.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import process_time

from doudi.engine.danger.assessment import Assessment, Severity, assess
from doudi.engine.danger.calls import number_of
from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.triage.danger import lane_of
from tests.rulebook import shipped

FOLDER = Path(__file__).parent.parent / "tests" / "engine" / "danger"
PARTS = ("dev", "heldout", "fresh")
MOST_FIELD = 10**8


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.danger", description=__doc__)
    parser.add_argument("--posts", type=Path)
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args(arguments)
    rows = sentences()
    for part in PARTS:
        here = [(row, assess(row["text"])) for row in rows if row["part"] == part]
        say(part, here)
        for column in ("style", "sort"):
            for value in sorted({row[column] for row, _ in here}):
                say(f"  {part} {value}", [pair for pair in here if pair[0][column] == value])
    catalogue = Catalogue.from_document(shipped.kinds())
    for part in PARTS:
        lanes = [
            (row["answer"], lane_of(row["text"], None, catalogue).lane.value) for row in rows if row["part"] == part
        ]
        for answer in ("life", "urgent", "none"):
            of_these = [lane for wanted, lane in lanes if wanted == answer]
            tell(f"{part} {answer} in lane life {share(lane == 'life' for lane in of_these)}", end=" ")
            tell(f"urgent {share(lane == 'urgent' for lane in of_these)}")
    if chosen.posts:
        texts = list(posts(chosen.posts))
        lanes = [("", lane_of(text, None, catalogue).lane.value) for text in texts]
        tell(
            f"posts in lane life {share(one == 'life' for _, one in lanes)} urgent {share(one == 'urgent' for _, one in lanes)}"
        )
        said = [(text, assess(text)) for text in posts(chosen.posts)]
        for severity in (Severity.LIFE, Severity.URGENT):
            count = sum(found.severity is severity for _, found in said)
            tell(f"posts {len(said)}: {severity} {count} = {count / len(said):.2%}")
        if chosen.show:
            for text, found in said:
                if found.severity is Severity.LIFE:
                    tell(f"{found.call} {found.sort} {found.danger}/{found.life} {text[:400]!r}")
    text = max((row["text"] for row in rows if row["part"] == "dev"), key=len)
    text = (text * 4)[:300]
    began = process_time()
    for _ in range(200):
        assess(text)
    tell(f"cost at 300 signs: {(process_time() - began) * 5:.3f} ms of processor")
    return 0


def sentences() -> list[dict[str, str]]:
    """All rows; those of the file of fresh sentences are a part of their own and had one reading."""
    rows: list[dict[str, str]] = []
    for name in ("sentences.csv", "fresh.csv"):
        with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
            rows += csv.DictReader(lines)
    return [row if "second_reader" in row else {**row, "second_reader": row["answer"], "part": "fresh"} for row in rows]


def say(name: str, here: Iterable[tuple[dict[str, str], Assessment]]) -> None:
    rows = list(here)
    dangers = [pair for pair in rows if pair[0]["answer"] != "none"]
    lives = [pair for pair in dangers if pair[0]["answer"] == pair[0]["second_reader"] == "life"]
    calm = [pair for pair in rows if pair[0]["answer"] == "none"]
    raised = [pair for pair in dangers if pair[1].severity is not Severity.NONE]
    shares = (
        ("heard", share(pair[1].severity is not Severity.NONE for pair in dangers)),
        ("life", share(pair[1].severity is Severity.LIFE for pair in lives)),
        ("number", share(number_of(found.call) == row["number"] for row, found in raised)),
        ("sort", share(found.sort == row["sort"] for row, found in raised)),
        ("raised falsely", share(found.severity is not Severity.NONE for _, found in calm)),
        ("to life falsely", share(found.severity is Severity.LIFE for _, found in calm)),
    )
    tell(f"{name:22}" + " · ".join(f"{what} {value}" for what, value in shares))


def tell(line: str, end: str = "\n") -> None:
    sys.stdout.write(line + end)


def share(found: Iterable[bool]) -> str:
    values = list(found)
    return f"{sum(values) / len(values):.1%}" if values else "–"


def posts(folder: Path) -> Iterator[str]:
    csv.field_size_limit(MOST_FIELD)
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            columns = set(table.fieldnames or ())
            body = next((name for name in ("body", "content") if name in columns), None)
            if body and "title" in columns:
                yield from (f"{row['title']}\n{row[body]}" for row in table)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
