"""People, shops and telephone numbers that nobody bears: drawn from lists, each name used once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

SEED = 20260101
FOLDER = Path(__file__).resolve().parent / "town"


@cache
def read(name: str) -> Any:
    """The document ``town/<name>.yaml``; anyone who reads it leaves it as it is."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def chance_for(part: str) -> Random:
    """The generator of one part of the town, so that a change in one part moves nothing in another."""
    return Random(f"{SEED}/{part}")


def once(draw: Callable[[], str], tries: int = 400) -> Callable[[], str]:
    """``draw`` without repetitions; when chance keeps repeating itself, a number makes the difference."""
    seen: set[str] = set()

    def fresh() -> str:
        name = next((name for name in (draw() for _ in range(tries)) if name not in seen), None)
        if name is None:
            stem = draw()
            name = next(f"{stem}{number}" for number in range(2, 10_000) if f"{stem}{number}" not in seen)
        seen.add(name)
        return name

    return fresh


def person_names(chance: Random) -> Callable[[], str]:
    lists = read("names")
    return once(lambda: chance.choice(lists["surnames"]) + chance.choice(lists["given"]))


def polite_name(chance: Random) -> str:
    """As a caller is noted down: 王女士, 李先生, 张阿姨."""
    surname: str = chance.choice(read("names")["surnames"])
    return surname + chance.choice(["先生", "女士", "先生", "女士", "阿姨", "师傅", "老伯"])


def mobile(number: int) -> str:
    """A mobile number of a block that is not given out: 1990000xxxx."""
    return f"1990000{number:04d}"


def landline(number: int) -> str:
    return f"021-5550{number:04d}"


def pick_weighted(chance: Random, weights: dict[str, float]) -> str:
    """One key, by weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def spread(total: int, weights: Sequence[float]) -> list[int]:
    """``total`` in whole numbers in proportion to ``weights`` (largest remainders)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: (counts[n] - exact[n], n))
    for number in by_remainder[: total - sum(counts)]:
        counts[number] += 1
    return counts
