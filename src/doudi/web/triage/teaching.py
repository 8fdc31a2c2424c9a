"""What the town's model learns from, and the card that says how good it became."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.secrecy.masking import without_person
from doudi.engine.triage.calibration import calibration_error, in_set
from doudi.engine.triage.features import features_of
from doudi.engine.triage.learned import SHOWN, catalogue_lessons, families_of
from doudi.engine.triage.whole_text import HeldOut, Lessons, WholeText, teach
from doudi.web.matters.models import Demand, Matter
from doudi.web.reports.models import Report

MOST_DECIDED = 200_000
_THOUSAND = 1000

Card = dict[str, int | bool]


@dataclass(frozen=True, slots=True)
class Taught:
    """A model with its card."""

    model: WholeText
    card: Card


def decided() -> Iterator[tuple[str, str, datetime]]:
    """What was asked, under which kind the town closed it, and when; nothing that a small circle may read."""
    rows = (
        Demand.objects.filter(
            matter__status=Matter.Status.CLOSED,
            matter__secret=False,
            matter__restricted=False,
            matter__unclear="",
            report__secrecy=Report.Secrecy.OPEN,
        )
        .exclude(matter__kind="")
        .exclude(asks="")  # photographs alone, or erased, or blocked
        .order_by("-matter__closed_at", "-id")
        .values_list("asks", "matter__kind", "matter__closed_at")
    )
    for asks, kind, closed_at in rows[:MOST_DECIDED].iterator(chunk_size=1000):
        if closed_at is not None:
            yield asks, kind, closed_at


def decided_since(moment: datetime, least: int) -> bool:
    """Whether at least so many demands were closed since that moment."""
    closed = Demand.objects.filter(matter__status=Matter.Status.CLOSED, matter__closed_at__gt=moment)
    return closed[:least].count() >= least


def learn_kinds(catalogue: Catalogue, used: WholeText | None, since: datetime | None) -> Taught:
    """Learn from the catalogue and from what the town has closed; held beside the model in use on what came ``since``."""
    kinds = [kind.code for kind in catalogue.leaves()]
    number = {kind: place for place, kind in enumerate(kinds)}
    texts, labels, fresh = [], [], []
    for kind, text in catalogue_lessons(catalogue):
        texts.append(features_of(text))
        labels.append(number[kind])
        fresh.append(False)
    given = len(texts)
    for asks, kind, closed_at in decided():
        if kind in number:
            texts.append(features_of(without_person(asks)))
            labels.append(number[kind])
            fresh.append(since is not None and closed_at > since)
    truth, taught = np.array(labels, np.int64), np.arange(len(texts)) < given
    model, held = teach(kinds, Lessons(texts, truth, taught), families_of(catalogue, kinds))
    card = _card(model, held, truth[held.texts], taught)
    if used is not None:
        asked = [place for place, index in enumerate(held.texts) if fresh[index]]
        said = [used.classes[int(used.look_at(texts[int(held.texts[place])]).shares.argmax())] for place in asked]
        right = [kinds[int(truth[held.texts[place]])] for place in asked]
        now = [kinds[int(held.shares[place].argmax())] for place in asked]
        card["fresh"] = len(asked)
        card["fresh_right"] = sum(one == other for one, other in zip(now, right, strict=True))
        card["fresh_right_before"] = sum(one == other for one, other in zip(said, right, strict=True))
    return Taught(model, card)


def _card(model: WholeText, held: HeldOut, truth: npt.NDArray[np.int64], taught: npt.NDArray[np.bool_]) -> Card:
    """Figures of texts held out while learning, in thousandths."""
    ranks = (-held.shares).argsort(1, kind="stable")
    sets = in_set(held.shares, model.limits[0])
    rows = np.arange(len(truth))
    return {
        "kinds": len(model.classes),
        "taught": int(taught.sum()),
        "decided": int((~taught).sum()),
        "calibrated": model.calibrated,
        "asked": len(truth),
        "first": _thousandths(float((ranks[:, 0] == truth).mean())),
        "among_three": _thousandths(float((ranks[:, :SHOWN] == truth[:, None]).any(1).mean())),
        "error": _thousandths(calibration_error(held.shares, truth)),
        "covered": _thousandths(float(sets[rows, truth].mean())),
        "set_size": _thousandths(float(sets.sum(1).mean())),
    }


def _thousandths(share: float) -> int:
    return round(share * _THOUSAND)


def is_worse(card: Mapping[str, int], before: Mapping[str, int], enough: int) -> str:
    """Why a model with this card is not to be taken after one with that card; nothing if it may be.

    Judged on what was decided since, where that is ``enough``; else by what both say of texts held out, if these were
    of the same sort. A catalogue's own texts and decided ones are not.
    """
    if card.get("fresh", 0) >= enough:
        return "fresh" if card["fresh_right"] < card["fresh_right_before"] else ""
    same_sort = bool(card["calibrated"]) == bool(before["calibrated"])
    return "held_out" if same_sort and card["first"] < before["first"] - SLACK else ""


SLACK = 20
"""Thousandths by which two models may differ without one being worse: about what chance alone does."""
