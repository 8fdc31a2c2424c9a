"""How well whole texts are understood: ``python -m bench.triage --train DIR [--test DIR]`` prints figures, no text.

Read in each folder: ``topics_tokens.csv`` (tokens, label; rows with ``dedup_keep`` 1), ``fuzhou_rivers.csv`` (title,
body, transfers_hand; batch A) and, if it is there, ``duplicates.csv`` (one, other, same: two texts and 0 or 1).

The protocol is fixed. A text's part follows from the SHA-256 of its signs without spaces, so it is the same on every
machine and for every order of rows. Without ``--test`` parts 0 to 5 of 10 are learned from and 6 to 9 asked; with it
all of ``--train`` is learned from and all of ``--test`` asked. Shares and sets are fitted by turns within what is
learned from; for the promise of each class what is asked is cut in two halves by 20 seeds, one half setting the bounds.
The plain recipe of scikit-learn (TF-IDF of characters 1 to 3, LinearSVC) runs beside, if it is installed.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import ceil, comb
from pathlib import Path
from time import process_time

import numpy as np
import numpy.typing as npt

from doudi.engine.triage.calibration import bounds, calibration_error, in_set
from doudi.engine.triage.features import Features, features_of
from doudi.engine.triage.linear import learn
from doudi.engine.triage.similar import likeness
from doudi.engine.triage.whole_text import Lessons, WholeText, teach

PARTS, LEARNED = 10, 6
SEEDS = 20
FOLDS, TURNS = 5, 5
BUDGETS = (0.1, 0.2, 0.3)
"""How many known texts may be taken for new."""
SURE = 0.999
SIGNS = 300
SAME = 0.25
MOST_FIELD = 10**8

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    texts: list[str]
    labels: list[str]

    @property
    def protocol(self) -> str:
        """By which two runs can be seen to have had the same texts and labels."""
        lines = sorted(f"{label}\t{text}" for text, label in zip(self.texts, self.labels, strict=True))
        return sha256("\n".join(lines).encode()).hexdigest()[:16]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.triage", description=__doc__)
    parser.add_argument("--train", type=Path, required=True)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--quick", action="store_true", help="without the curve of classes left out")
    chosen = parser.parse_args(arguments)
    learned, asked = parted(chosen.train, chosen.test, topics)
    tell("protocol.learned", learned.protocol, f"{len(learned.texts)} texts")
    tell("protocol.asked", asked.protocol, f"{len(asked.texts)} texts")
    classes = sorted(set(learned.labels))
    known = [label in classes for label in asked.labels]
    asked = Rows(
        [t for t, ok in zip(asked.texts, known, strict=True) if ok], [la for la in asked.labels if la in classes]
    )
    topic_figures(classes, learned, asked, curve=not chosen.quick)
    recipe(classes, learned, asked)
    transfer_figures(chosen.train, chosen.test)
    duplicate_figures(chosen.test or chosen.train)
    return 0


def tell(name: str, value: float | str, note: str = "") -> None:
    said = value if isinstance(value, str) else f"{value:.4f}"
    sys.stdout.write(f"{name:32} {said:>18}  {note}\n")
    sys.stdout.flush()


def part_of(text: str) -> int:
    return int(sha256("".join(text.split()).encode()).hexdigest()[:8], 16) % PARTS


def table(folder: Path, name: str) -> list[dict[str, str]]:
    csv.field_size_limit(MOST_FIELD)
    found = sorted(folder.rglob(name))
    rows: list[dict[str, str]] = []
    for path in found:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows += csv.DictReader(lines)
    return rows


def topics(folder: Path) -> Rows:
    rows = [row for row in table(folder, "topics_tokens.csv") if row.get("dedup_keep", "1") == "1"]
    return Rows([row["tokens"] for row in rows], [row["label"] for row in rows])


def transfers(folder: Path) -> Rows:
    """What an office knows when a report comes in, and whether it was sent on later."""
    rows = [row for row in table(folder, "fuzhou_rivers.csv") if row["transfers_hand"] and row["batch"].startswith("A")]
    said = [f"{row['title']}\n{row['body']}\n{row['district']}|{row['channel']}|{row['kind']}" for row in rows]
    return Rows(said, [str(int(float(row["transfers_hand"]) > 0)) for row in rows])


def parted(train: Path, test: Path | None, read) -> tuple[Rows, Rows]:  # type: ignore[no-untyped-def]
    if test is not None:
        return read(train), read(test)
    rows = read(train)
    sides: tuple[Rows, Rows] = Rows([], []), Rows([], [])
    for text, label in zip(rows.texts, rows.labels, strict=True):
        side = sides[part_of(text) >= LEARNED]
        side.texts.append(text)
        side.labels.append(label)
    return sides


def numbered(classes: Sequence[str], labels: Sequence[str]) -> Labels:
    return np.array([classes.index(label) for label in labels], np.int64)


def macro_f1(truth: Labels, said: Labels, classes: int) -> float:
    each = []
    for label in range(classes):
        both = int(((truth == label) & (said == label)).sum())
        each.append(2 * both / max(1, int((truth == label).sum() + (said == label).sum())))
    return float(np.mean(each))


def topic_figures(classes: list[str], learned: Rows, asked: Rows, *, curve: bool) -> None:
    texts = [features_of(text) for text in learned.texts]
    labels, truth = numbered(classes, learned.labels), numbered(classes, asked.labels)
    began = process_time()
    model, _ = teach(classes, Lessons(texts, labels, np.zeros(len(texts), bool)))
    tell("train.seconds", process_time() - began, "processor, shares, sets and gate included")
    seen = [model.look(text) for text in asked.texts]
    found = np.array([one.shares for one in seen])
    said = found.argmax(1)
    tell("topics.accuracy", float((said == truth).mean()))
    tell("topics.macro_f1", macro_f1(truth, said, len(classes)))
    tell("ece", calibration_error(found, truth), "15 bins of equal width; aim .02")
    coverage_figures(classes, found, truth)
    speed(model, asked.texts)
    if curve:
        novelty_figures(classes, texts, labels, [features_of(text) for text in asked.texts], truth)


def coverage_figures(classes: list[str], found: npt.NDArray[np.float64], truth: Labels) -> None:
    for alpha in (0.05, 0.10):
        outside, sizes, shares = 0, [], [[] for _ in classes]  # type: ignore[var-annotated]
        for seed in range(SEEDS):
            half = np.random.default_rng(seed).permutation(len(truth)) % 2 == 0
            chosen = in_set(found[~half], bounds(found[half], truth[half], [0] * len(classes), alpha))
            sizes.append(float(chosen.sum(1).mean()))
            for label in range(len(classes)):
                own = truth[~half] == label
                hit, tries = int(chosen[own, label].sum()), int(own.sum())
                low, high = interval(int((truth[half] == label).sum()), tries, alpha)
                shares[label].append(hit / tries)
                outside += not low <= hit <= high
        for label, name in enumerate(classes):
            tell(f"coverage.{name}@{alpha:.2f}", float(np.mean(shares[label])), f"lowest {min(shares[label]):.3f}")
        tell(f"coverage.outside@{alpha:.2f}", str(outside), f"of {SEEDS * len(classes)} intervals of 99.9 %")
        tell(f"set_size@{alpha:.2f}", float(np.mean(sizes)), "aim 1.35 at .05" if alpha == 0.05 else "")


def interval(held: int, asked: int, alpha: float) -> tuple[int, int]:
    """Between which counts a perfect method stays in 99.9 % of all cases: the hits are beta-binomial."""
    rank = ceil((held + 1) * (1 - alpha))
    if rank > held:
        return 0, asked
    ways = comb(held + asked, asked)
    chance = [
        comb(rank - 1 + hits, hits) * comb(held - rank + asked - hits, asked - hits) / ways for hits in range(asked + 1)
    ]
    below = np.cumsum(chance)
    low = int(np.searchsorted(below, (1 - SURE) / 2, side="right"))
    high = int(np.searchsorted(below, 1 - (1 - SURE) / 2, side="left"))
    return low, min(high, asked)


def speed(model: WholeText, texts: Sequence[str]) -> None:
    cut = [(text * (SIGNS // max(1, len(text)) + 1))[:SIGNS] for text in texts if text][:2000]
    began = process_time()
    for text in cut:
        model.look(text)
    tell("texts_per_second", len(cut) / (process_time() - began), f"{SIGNS} signs, one core; aim 2500")


def novelty_figures(
    classes: list[str], texts: list[Features], labels: Labels, asked: list[Features], truth: Labels
) -> None:
    """Each class left out in turn: what goes by itself of the known and of the class that the model never saw."""
    went: dict[float, list[tuple[float, float, float]]] = {budget: [] for budget in BUDGETS}
    for left in range(len(classes)):
        rest = [name for index, name in enumerate(classes) if index != left]
        names = np.cumsum(np.arange(len(classes)) != left) - 1
        some = np.flatnonzero(labels != left)
        model, _ = teach(rest, Lessons([texts[i] for i in some], names[labels[some]], np.zeros(len(some), bool)))
        seen = [model.look_at(text) for text in asked]
        known = truth != left
        single = np.array([one.likely.sum() == 1 for one in seen])
        familiar = np.array([one.known for one in seen])
        right = np.array([int(one.shares.argmax()) for one in seen]) == names[truth]
        for budget in BUDGETS:
            goes = single & (familiar >= budget)
            told = (goes[~known].mean(), goes[known].mean(), right[known & goes].mean())
            went[budget].append((float(told[0]), float(told[1]), float(told[2])))
        tell(f"novel.{classes[left]}", went[0.2][-1][0], f"known {went[0.2][-1][1]:.3f} at a budget of 20 %")
    for budget in BUDGETS:
        novel, known_auto, right_auto = np.mean(went[budget], axis=0)
        tell(f"novel.auto@{budget:.0%}", float(novel))
        tell(f"known.auto@{budget:.0%}", float(known_auto), f"right {right_auto:.3f}")


def recipe(classes: list[str], learned: Rows, asked: Rows) -> None:
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.svm import LinearSVC
    except ImportError:
        tell("recipe", "not measured", "scikit-learn is not installed here")
        return
    truth = numbered(classes, asked.labels)
    for name, spaces in (("joined", ""), ("spaced", " ")):
        made = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2)
        rows = made.fit_transform([spaces.join(text.split()) for text in learned.texts])
        line = LinearSVC().fit(rows, numbered(classes, learned.labels))
        said = line.predict(made.transform([spaces.join(text.split()) for text in asked.texts]))
        tell(f"recipe.accuracy.{name}", float((said == truth).mean()), "TF-IDF of characters 1-3, LinearSVC")
        tell(f"recipe.macro_f1.{name}", macro_f1(truth, said, len(classes)))


def transfer_figures(train: Path, test: Path | None) -> None:
    rows = transfers(train)
    if not rows.texts:
        tell("transfer.auc", "not measured", "no fuzhou_rivers.csv")
        return
    texts, labels = [features_of(text) for text in rows.texts], numbered(["0", "1"], rows.labels)
    if test is not None and (further := transfers(test)).texts:
        lean = leaning(texts, labels, [features_of(text) for text in further.texts])
        tell(
            "transfer.auc",
            area_under(lean, numbered(["0", "1"], further.labels)),
            "learned from --train, asked of --test",
        )
        return
    areas = [area_under(leaning_by_turns(texts, labels, seed), labels) for seed in range(TURNS)]
    tell("transfer.auc", float(np.mean(areas)), f"{FOLDS} folds by {TURNS} seeds, lowest {min(areas):.3f}; aim .72")


def leaning_by_turns(texts: list[Features], labels: Labels, seed: int) -> npt.NDArray[np.float64]:
    fold_of = np.random.default_rng(seed).permutation(len(texts)) % FOLDS
    lean = np.zeros(len(texts))
    for fold in range(FOLDS):
        here, rest = np.flatnonzero(fold_of == fold), np.flatnonzero(fold_of != fold)
        lean[here] = leaning([texts[i] for i in rest], labels[rest], [texts[i] for i in here])
    return lean


def leaning(texts: list[Features], labels: Labels, asked: list[Features]) -> npt.NDArray[np.float64]:
    model = learn(texts, labels, 2)
    margins = np.array([model.margins(model.vector(text)) for text in asked])
    return (margins[:, 1] - margins[:, 0]).astype(np.float64)


def area_under(scores: npt.NDArray[np.float64], truth: Labels) -> float:
    ranks = scores.argsort().argsort() + 1
    high, low = int((truth == 1).sum()), int((truth == 0).sum())
    return float((ranks[truth == 1].sum() - high * (high + 1) / 2) / (high * low))


def duplicate_figures(folder: Path) -> None:
    rows = table(folder, "duplicates.csv")
    if not rows:
        tell("duplicates", "not measured", "no duplicates.csv (one, other, same)")
        return
    said = np.array([likeness(row["one"], row["other"]) >= SAME for row in rows])
    same = np.array([row["same"] == "1" for row in rows])
    tell("duplicates.precision", float((said & same).sum() / max(1, said.sum())))
    tell("duplicates.recall", float((said & same).sum() / max(1, same.sum())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
