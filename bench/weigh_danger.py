"""Fit the points of the judgement of danger on the sentences for development: ``python -m bench.weigh_danger``.

Reads the rows of ``part`` dev and the learning sentences and ordinary complaints beside them, never another row.
Logistic regressions with a
penalty (C = 8) over tone and roles, found by Newton's steps; the same input gives the same file.
"""

from __future__ import annotations

import csv
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from doudi.engine.danger import points
from doudi.engine.danger.calls import CALLS
from doudi.engine.danger.features import FEATURES, read, tone
from doudi.engine.kinds.catalogue import Catalogue, Lane
from tests.rulebook import shipped
from tests.rulebook.scenarios import scenarios

HERE = Path(__file__).parent.parent / "tests" / "engine" / "danger"
SORTS = tuple(CALLS)
NUMBERS = ("119", "110", "120", "122", "utility", "none")
"""As the sentences name whom to call first; none: nobody, the town or the owner settles it."""
RARE = 3
"""Signs that stand in fewer sentences are not weighed."""
ROLE_SHARE = 0.1
"""A role's feature counts as a tenth: it has many companions."""
PENALTY, MOST_OF_A_SIGN = 0.5, 3
"""For sorts and numbers; of each sign only what it speaks for most is kept."""
STRENGTH = 8.0


def rows() -> list[dict[str, str]]:
    with (HERE / "sentences.csv").open(encoding="utf-8", newline="") as lines:
        known = [row for row in csv.DictReader(lines) if row["part"] == "dev"]
    with (HERE / "other.csv").open(encoding="utf-8", newline="") as lines:
        known += csv.DictReader(lines)
    ordinary = (HERE / "ordinary.txt").read_text(encoding="utf-8").splitlines()
    lessons = [line.split("|", 2) for line in (HERE / "lessons.txt").read_text(encoding="utf-8").splitlines() if line]
    known += [{"answer": answer, "sort": sort, "text": text} for answer, sort, text in lessons]
    known += [{"text": line, "answer": "none", "sort": ""} for line in ordinary if line]
    seen = {row["text"] for row in known}
    for row in (*scenarios_told(), *words_of_calm_kinds()):
        if row["text"] not in seen:
            seen.add(row["text"])
            known.append(row)
    return known


def scenarios_told() -> list[dict[str, str]]:
    """What the shipped scenarios say, heard as they expect it."""
    answers = {"生命安全": "life", "紧急": "urgent", "普通": "none"}
    found = []
    for scenario in scenarios():
        answer = answers[str(scenario.expected["通道"])]
        call = str(scenario.expected.get("先打", "none"))
        number = call if call in NUMBERS else "utility"
        found.append({"text": scenario.told["说法"], "answer": answer, "sort": "", "number": number})
    return found


def words_of_calm_kinds() -> list[dict[str, str]]:
    """The names of ordinary kinds, with their first words: what most reports are about."""
    catalogue = Catalogue.from_document(shipped.kinds())
    texts = ["，".join((kind.name, *kind.words[:3])) for kind in catalogue.leaves() if kind.lane is Lane.NORMAL]
    return [{"text": text, "answer": "none", "sort": ""} for text in texts]


def fit(given: Any, wanted: Any, strength: float = STRENGTH) -> tuple[Any, float]:
    """Weights and intercept of a logistic regression, in the space of the rows (there are fewer rows than features)."""
    kernel = given @ given.T
    count = len(wanted)
    left = np.zeros(count)
    bias = 0.0
    for _ in range(60):
        chance = 1 / (1 + np.exp(-(kernel @ left + bias)))
        spread = np.maximum(chance * (1 - chance), 1e-9)
        target = kernel @ left + bias + (wanted - chance) / spread
        system = np.zeros((count + 1, count + 1))
        system[:count, :count] = kernel + np.diag(1 / (strength * spread))
        system[:count, count] = 1
        system[count, :count] = 1
        found = np.linalg.solve(system, np.append(target, 0))
        moved = float(np.abs(found[:count] - left).max())
        left, bias = found[:count], float(found[count])
        if moved < 1e-7:
            break
    return given.T @ left, bias


def shares_of(rows: list[int], labels: list[str], names: tuple[str, ...], given: Any) -> Any:
    """Weights of each feature for each of ``names``, by least squares with a penalty, on the ``rows`` with their labels."""
    wanted = np.array([[float(label == name) for name in names] for label in labels]) - 1 / len(names)
    here = given[rows]
    return here.T @ np.linalg.solve(here @ here.T + PENALTY * np.eye(len(rows)), wanted)


def matrix(texts: list[str], grams: list[str], weight: Any) -> Any:
    place = {gram: at for at, gram in enumerate(grams)}
    found = np.zeros((len(texts), len(grams) + len(FEATURES)))
    for row, text in enumerate(texts):
        reading = read(text)
        for gram, share in tone(reading.folded).items():
            if gram in place:
                found[row, place[gram]] = share * weight[place[gram]]
        found[row, : len(grams)] /= max(1e-9, float(np.linalg.norm(found[row, : len(grams)])))
        found[row, [len(grams) + at for at in reading.features]] = ROLE_SHARE
    return found


def loudest(given: Any) -> str:
    """The few columns that a sign speaks for (or against) most, each with its points."""
    kept = sorted(sorted(range(len(given)), key=lambda at: -abs(given[at]))[:MOST_OF_A_SIGN])
    return ",".join(f"{at},{given[at]:.0f}" for at in kept)


def main() -> None:
    known = rows()
    texts = [row["text"] for row in known]
    seen: dict[str, int] = {}
    for text in texts:
        for gram in tone(read(text).folded):
            seen[gram] = seen.get(gram, 0) + 1
    grams = sorted(gram for gram, count in seen.items() if count >= RARE and not set(gram) & set("\n\t\r_"))
    weight = np.array([log((1 + len(texts)) / (1 + seen[gram])) + 1 for gram in grams])
    given = matrix(texts, grams, weight)
    answers = np.array([row["answer"] for row in known])
    danger, danger_bias = fit(given, (answers != "none").astype(float))
    life, life_bias = fit(given, (answers == "life").astype(float))
    told = [at for at, row in enumerate(known) if row["sort"]]
    sorts = shares_of(told, [known[at]["sort"] for at in told], SORTS, given)
    called = [at for at, row in enumerate(known) if row["answer"] != "none" and row.get("number") in NUMBERS]
    numbers = shares_of(called, [known[at]["number"] for at in called], NUMBERS, given)
    lines = ['"""Points of tone and roles, made by ``python -m bench.weigh_danger``; not written by hand."""', ""]
    lines += [f"DANGER_FROM = {-danger_bias * 100:.0f}", f"LIFE_FROM = {-life_bias * 100:.0f}", ""]
    lines += ["SORTS = (", *(f'    "{sort}",' for sort in SORTS), ")"]
    lines += ["NUMBERS = (", *(f'    "{number}",' for number in NUMBERS), ")", ""]
    lines += ['ROLES = """']
    for at, name in enumerate(FEATURES):
        column = len(grams) + at
        first = " ".join(f"{one[column] * ROLE_SHARE * 100:.0f}" for one in (danger, life))
        rest = " ".join(f"{one * ROLE_SHARE * 1000:.0f}" for one in (*numbers[column], *sorts[column]))
        lines.append(f"{name}|{first} {rest}")
    lines += [
        '"""',
        '"""A feature, its points for danger, for life, for each number and for each sort."""',
        "",
        'TONE = """',
    ]
    signs = []
    for at, gram in enumerate(grams):
        first = ",".join(
            f"{one:.0f}" for one in (weight[at] * 100, *(w[at] * weight[at] * 100 for w in (danger, life)))
        )
        rest = (loudest(one[at] * weight[at] * 1000) for one in (numbers, sorts))
        signs.append(";".join((f"{gram.replace(' ', '_')}:{first}", *rest)).replace("\\", "\\\\"))
    lines += [" ".join(signs[at : at + 40]) for at in range(0, len(signs), 40)]
    lines += [
        '"""',
        '"""Signs that stand together, how rare they are, points for danger and life; the numbers and the sorts they speak for."""',
        "",
    ]
    Path(points.__file__).write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
