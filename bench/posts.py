"""Decide real posts under two rulebooks and list what changes hands: ``python -m bench.posts OLD NEW DATA``.

``OLD`` and ``NEW`` are rulebook folders, ``DATA`` a folder of CSV files with a body (or content) and a title. Each
post is asked as it came, its place not known; at a place drawn for it; and there once more with the old catalogue
reading its words, so that only rules differ. Nothing of the data is kept.
The run fails when a post changes hands although neither rulebook changed the rules that decide it.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from doudi.engine.duties.book import Answer, DutyBook, Question
from doudi.engine.duties.rules import Rule, read_rules
from doudi.engine.duties.seats import BackstopDuty, Seat
from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.trees import Tree
from doudi.engine.triage.judgement import judge
from doudi.engine.workdays import Calendar

TOWN = "310199101000"
DAY = date(2026, 6, 1)
"""All posts are asked on one day, so that no rule differs by having begun or ended."""
ZONE = ZoneInfo("Asia/Shanghai")
SHOWN = 12


@dataclass(frozen=True)
class Post:
    text: str
    hours: str


class Town:
    """A rulebook folder, ready to be asked: one post for each role, the grid head catches, the duty desk above."""

    def __init__(self, folder: Path, areas: set[str]) -> None:
        read = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in folder.glob("*.yaml")}
        kinds = [
            one for path in sorted((folder / "kinds").glob("*.yaml")) for one in yaml.safe_load(path.read_text("utf-8"))
        ]
        self.rules: dict[str, Rule] = {rule.id: rule for rule in rules_in(folder)}
        self.catalogue = Catalogue.from_document(kinds)
        self.calendar = Calendar.from_document(read["calendar"])
        self.unit_types = [one["code"] for one in read["unit_types"]]
        self.facts = {one["fact"]: tuple(one["values"]) for one in read["facts"]}
        self.book = DutyBook(
            self.rules.values(),
            self.catalogue.tree,
            Tree({one["code"]: one.get("parent") for one in read["unit_types"]}),
            Tree({TOWN: None} | dict.fromkeys(sorted(areas), TOWN)),
            [Seat(role["role"], role["role"], frozenset(), role["may_hold"]) for role in read["roles"]],
            [BackstopDuty(TOWN, "grid_head.lead", date.min)],
            "uoc.duty",
            facts=self.facts,
        )

    def decide(self, post: Post, place: dict[str, Any], catalogue: Catalogue) -> tuple[str | None, Answer]:
        facts = place.get("facts", {})
        question = Question(None, place.get("unit_type"), place.get("area"), post.hours, facts, DAY)  # type: ignore[arg-type]
        judged = judge(post.text, None, catalogue, self.book, question)
        return judged.kind, judged.answer


def rules_in(folder: Path) -> tuple[Rule, ...]:
    found: list[Rule] = []
    for path in sorted((folder / "duties").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as lines:
            found += read_rules(csv.DictReader(lines))
    return tuple(found)


def posts(folder: Path, calendar: Calendar) -> Iterator[Post]:
    """Every row that has words of its own; the hour as it was posted, where that is known."""
    csv.field_size_limit(10**7)
    for path in sorted(folder.rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            columns = set(rows.fieldnames or ())
            body = next((name for name in ("body", "content") if name in columns), None)
            if body is None or "title" not in columns:
                continue
            for row in rows:
                yield Post(f"{row['title']}\n{row[body]}", _hours(row.get("time") or "", calendar))


def _hours(written: str, calendar: Calendar) -> str:
    for shape in ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S"):
        try:
            at = datetime.strptime(written, shape).replace(tzinfo=ZONE)
        except ValueError:
            continue
        on_a_tuesday = at.replace(year=2026, month=6, day=2)
        return "work" if calendar.is_duty_time(on_a_tuesday) else "off"
    return "work"


def drawn_place(dice: Random, town: Town, areas: list[str]) -> dict[str, Any]:
    facts = {fact: dice.choice(values) for fact, values in town.facts.items()}
    return {"unit_type": dice.choice(town.unit_types), "area": dice.choice(areas), "facts": facts}


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def layer_of(answer: Answer) -> str:
    return str(answer.layer) if answer.status == "rule" else str(answer.status)


def compare(name: str, old: Town, new: Town, reads: Catalogue, asked: list[tuple[Post, dict[str, Any]]]) -> int:
    """Say what differs when the new rulebook ``reads`` the posts; returns how many moved for no reason that was found."""
    before, after, moved, unexplained = Counter[str](), Counter[str](), Counter[str](), 0
    for post, place in asked:
        (kind, was), (becomes_kind, becomes) = old.decide(post, place, old.catalogue), new.decide(post, place, reads)
        before[layer_of(was)] += 1
        after[layer_of(becomes)] += 1
        if was.post == becomes.post and was.status == becomes.status:
            continue
        touched = [rule for rule in {*was.rules, *becomes.rules} if old.rules.get(rule) != new.rules.get(rule)]
        if kind != becomes_kind:
            why = f"kind {kind or '?'} -> {becomes_kind or '?'}"
        elif touched:
            why = f"rules {'+'.join(sorted(touched))}"
        else:
            why, unexplained = "UNEXPLAINED", unexplained + 1
        moved[f"{why}: {was.post} ({layer_of(was)}) -> {becomes.post} ({layer_of(becomes)})"] += 1
    total = len(asked)
    say(f"\n{name}: {total:,} posts, {total - moved.total():,} as before, {moved.total():,} elsewhere")
    for layer in sorted({*before, *after}, key=lambda one: -after[one]):
        say(f"  {layer:12} {before[layer]:7,} -> {after[layer]:7,}")
    for why, times in moved.most_common(SHOWN):
        say(f"  {times:6,}  {why}")
    if len(moved) > SHOWN:
        say(f"  … and {len(moved) - SHOWN} smaller differences")
    return unexplained


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.posts", description=__doc__)
    for folder in ("old", "new", "data"):
        parser.add_argument(folder, type=Path)
    chosen = parser.parse_args(arguments)
    areas = {area for folder in (chosen.old, chosen.new) for rule in rules_in(folder) for area in rule.areas}
    old, new = Town(chosen.old, areas), Town(chosen.new, areas)
    kept = {rule for rule in old.rules if new.rules.get(rule) == old.rules[rule]}
    say(f"{len(old.rules)} rules before, {len(new.rules)} after; {len(kept)} unchanged")
    dice, named = Random(1), sorted(areas)
    read = list(posts(chosen.data, new.calendar))
    placed = [(post, drawn_place(dice, old, named)) for post in read]
    unexplained = compare("place not known", old, new, new.catalogue, [(post, {}) for post in read])
    unexplained += compare("place drawn", old, new, new.catalogue, placed)
    unexplained += compare("place drawn, words read as before", old, new, old.catalogue, placed)
    say(f"\nchanged hands though nothing that decides them changed: {unexplained}")
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
