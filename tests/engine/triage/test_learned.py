"""What is learned proposes kinds: the likely ones count, others are shown, and what brings everybody running needs its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.triage.learned import MOST_LIKELY, catalogue_lessons, families_of, learned_kinds
from doudi.engine.triage.whole_text import Seen, WholeText
from tests.rulebook import shipped

CATALOGUE = Catalogue.from_document(shipped.kinds())
STALL, BBQ, NOISE, FIRE = "event.order.hawker", "event.order.bbq", "event.works.noise", "event.danger.fire"


@dataclass(frozen=True)
class Told:
    """A model that answers what it is told to."""

    classes: tuple[str, ...]
    seen: Seen
    calibrated: bool

    def look(self, text: str) -> Seen:
        return self.seen

    def words_for(self, text: str, labels: Sequence[int]) -> list[tuple[str, ...]]:
        return [(text[:2],) for _ in labels]


def model(
    shares: dict[str, float], *, likely: Sequence[str] = (), calibrated: bool = False, known: float = 0.5
) -> WholeText:
    kinds = tuple(shares)
    seen = Seen(np.array(list(shares.values())), np.array([kind in likely for kind in kinds]), known)
    return Told(kinds, seen, calibrated)  # type: ignore[return-value]


def likely_of(text: str, given: WholeText) -> list[tuple[str, bool]]:
    return [(one.kind, one.likely) for one in learned_kinds(text, CATALOGUE, given)[0]]


def test_before_calibration_the_fewest_with_most_of_the_weight_are_likely() -> None:
    given = model({STALL: 0.5, BBQ: 0.35, NOISE: 0.15})
    assert likely_of("摆摊烧烤", given) == [(STALL, True), (BBQ, True), (NOISE, False)]


def test_a_calibrated_model_counts_its_set() -> None:
    given = model({STALL: 0.5, BBQ: 0.35, NOISE: 0.15}, likely=[STALL, NOISE], calibrated=True)
    assert likely_of("摆摊烧烤", given) == [(STALL, True), (BBQ, False), (NOISE, True)]


def test_an_empty_set_leaves_the_first_alone_likely() -> None:
    given = model({STALL: 0.5, BBQ: 0.35, NOISE: 0.15}, calibrated=True)
    assert [kind for kind, likely in likely_of("摆摊烧烤", given) if likely] == [STALL]


def test_what_brings_everybody_running_needs_its_own_words() -> None:
    given = model({FIRE: 0.9, BBQ: 0.1})
    assert FIRE not in dict(likely_of("烧烤摊的烟很大", given))
    assert dict(likely_of("烧烤摊着火了", given))[FIRE]


def test_a_kind_that_the_catalogue_dropped_is_not_proposed() -> None:
    assert likely_of("摆摊", model({"gone": 0.9, STALL: 0.1})) == [(STALL, True)]


@pytest.mark.parametrize(("known", "calibrated", "new"), [(0.0, True, True), (0.5, True, False), (0.0, False, False)])
def test_only_a_calibrated_model_calls_something_new(known: float, calibrated: bool, new: bool) -> None:
    given = model({STALL: 0.6, BBQ: 0.4}, calibrated=calibrated, known=known)
    assert learned_kinds("摆摊", CATALOGUE, given)[1] is new


def test_no_more_than_five_are_shown() -> None:
    kinds = [kind.code for kind in CATALOGUE.leaves() if kind.lane != "life"][:20]
    assert len(likely_of("说不清", model(dict.fromkeys(kinds, 0.05)))) == MOST_LIKELY


def test_the_catalogue_teaches_its_names_words_and_examples() -> None:
    taught = [text for kind, text in catalogue_lessons(CATALOGUE) if kind == STALL]
    kind = CATALOGUE.kind(STALL)
    assert {kind.name, *kind.words, *kind.examples} == set(taught) and kind.examples
    assert {code for code, _ in catalogue_lessons(CATALOGUE)} == {one.code for one in CATALOGUE.leaves()}


def test_kinds_of_one_group_are_one_family() -> None:
    stall, bbq, noise = families_of(CATALOGUE, [STALL, BBQ, NOISE])
    assert stall == bbq != noise
