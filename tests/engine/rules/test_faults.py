"""The tests are worth what they find: each fault made by hand in the engine turns one of them red."""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from hypothesis import settings

from doudi.engine.errors import DoudiError
from doudi.engine.rules.proof import verify
from doudi.engine.rules.table import Table

from . import test_difference as differing
from . import test_matcher as matching
from . import test_proof_against_every_matter as proving
from .test_oracles import guillotine

Belief = Callable[..., object]
MOST_EXAMPLES = 3000


@dataclass(frozen=True)
class Fault:
    """In ``function`` (or ``Class.method``) of the engine's ``module`` the text ``line`` becomes ``otherwise``."""

    says: str
    module: str
    function: str
    line: str
    otherwise: str
    met_by: Belief


def what_is_taken_out_comes_back() -> None:
    for seed in range(3):
        space, placed, drawn = guillotine(seed, 25)
        taken = Random(seed).choice(placed)
        found = verify(Table(space, [rule for rule in drawn if rule.id != taken.id]))
        assert [region.box for region in found.gaps] == [taken.proper]


FAULTS = (
    Fault(
        "two rules with one box outrank each other",
        "table",
        "Placed.outranks",
        "self.box != other.box and all(",
        "all(",
        matching.test_all_forms_decide_as_the_judge_does,
    ),
    Fault(
        "the lower layer wins",
        "table",
        "Placed.outranks",
        "self.layer > other.layer",
        "self.layer < other.layer",
        matching.test_all_forms_decide_as_the_judge_does,
    ),
    Fault(
        "what only the backstop covers counts as ruled",
        "table",
        "decision_of",
        "if layer == BACKSTOP_LAYER:",
        "if False:",
        matching.test_all_forms_decide_as_the_judge_does,
    ),
    Fault(
        "a ruling settles what it does not name",
        "table",
        "decision_of",
        "one.settles.issuperset(rules)",
        "one.settles.intersection(rules)",
        matching.test_all_forms_decide_as_the_judge_does,
    ),
    Fault(
        "two rules that name one holder are a conflict",
        "table",
        "decision_of",
        "len({one.holder for one in winners}) == 1",
        "len(winners) == 1",
        matching.test_all_forms_decide_as_the_judge_does,
    ),
    Fault(
        "a rule holds on the day it ends",
        "axes",
        "DayAxis.between",
        "until.toordinal() if until",
        "until.toordinal() + 1 if until",
        matching.test_all_forms_decide_as_the_judge_does,
    ),
    Fault(
        "the backstop closes gaps",
        "proof",
        "_cover",
        "if one.layer > BACKSTOP_LAYER and not one.settles",
        "if not one.settles",
        proving.test_gaps_are_exactly_the_matters_that_no_rule_above_the_backstop_covers,
    ),
    Fault(
        "what cannot be is reported as a gap",
        "proof",
        "_cover",
        "[*boxes, *space.excluded, ",
        "[*boxes, ",
        proving.test_gaps_are_exactly_the_matters_that_no_rule_above_the_backstop_covers,
    ),
    Fault(
        "an old list of gaps is shown for an edited table",
        "proof",
        "_gaps",
        "memo.gaps is not None and memo.gaps[0] == root",
        "memo.gaps is not None",
        proving.test_proving_an_edited_table_anew_or_with_a_memory_gives_the_same,
    ),
    Fault(
        "boxes stop growing too early",
        "diagram",
        "_Fit.open_side",
        "return domain if self.fits(node) else EMPTY",
        "return EMPTY",
        what_is_taken_out_comes_back,
    ),
    Fault(
        "whoever outranks only the second rival is forgotten",
        "rivalry",
        "_Questions._conflict",
        "near.above[one] | near.above[other]",
        "near.above[one]",
        proving.test_conflicts_are_exactly_the_matters_where_two_winners_name_two_holders,
    ),
    Fault(
        "an agreeing law does not excuse a town rule",
        "rivalry",
        "_Questions._defied",
        "near.above[other] | agreeing",
        "near.above[other]",
        proving.test_a_rule_defies_a_binding_one_exactly_where_the_law_in_force_names_somebody_else,
    ),
    Fault(
        "another pair of rivals is no change",
        "difference",
        "_Changed._pair",
        "if before == after:",
        "if before == after or (before < 0 and after < 0 and "
        "self._holding.diagram.what(before)[0] == self._holding.diagram.what(after)[0]):",
        differing.test_every_matter_that_changes_hands_is_found_and_no_other,
    ),
    Fault(
        "a batch takes the value at an edge to the part below it",
        "levels",
        "Level.atoms",
        "found: States = self.atom_of[numbers]",
        "found: States = self.atom_of[np.maximum(numbers - 1, 0)]",
        matching.test_all_forms_decide_as_the_judge_does,
    ),
    Fault(
        "an explanation tells that the weaker outranks the stronger",
        "matcher",
        "_beats",
        "return not other.settles and one.outranks(other)",
        "return not other.settles and other.outranks(one)",
        matching.test_an_explanation_names_all_rules_that_match_and_who_beats_whom,
    ),
    Fault(
        "only the last box weighs in the share of the past",
        "regions",
        "History.share",
        "found |= self.inside(box)",
        "found = self.inside(box)",
        proving.test_the_share_of_the_past_is_the_share_of_matters_that_would_have_fallen_in,
    ),
)


@contextmanager
def made(fault: Fault) -> Iterator[None]:
    """The fault stands in the engine while the block runs."""
    module = importlib.import_module(f"doudi.engine.rules.{fault.module}")
    *of, name = fault.function.split(".")
    home: Any = getattr(module, of[0]) if of else module
    sound = vars(home)[name]
    source = textwrap.dedent(inspect.getsource(sound))
    if source.count(fault.line) != 1:
        raise AssertionError(f"“{fault.says}” no longer fits {fault.module}.{fault.function}: write it anew")
    scratch = dict(vars(module))
    exec(compile(source.replace(fault.line, fault.otherwise), f"<{fault.says}>", "exec"), scratch)
    patch = pytest.MonkeyPatch()
    patch.setattr(home, name, scratch[name])
    for other in ("table", "holding"):
        known = importlib.import_module(f"doudi.engine.rules.{other}")
        if vars(known).get(name) is sound:
            patch.setattr(known, name, scratch[name])
        for asks in (one for one in vars(known).values() if sound in (getattr(one, "__defaults__", None) or ())):
            patch.setattr(
                asks, "__defaults__", tuple(scratch[name] if one is sound else one for one in asks.__defaults__)
            )
    try:
        yield
    finally:
        patch.undo()


@contextmanager
def longer(belief: Belief) -> Iterator[None]:
    """Rare faults are met by more examples than every run can afford; the first that meets one ends it."""
    given = getattr(belief, "_hypothesis_internal_use_settings", None)
    if given is None:
        yield
        return
    belief._hypothesis_internal_use_settings = settings(given, max_examples=MOST_EXAMPLES)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        belief._hypothesis_internal_use_settings = given  # type: ignore[attr-defined]


@pytest.mark.mutants
@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.says.replace(" ", "-"))
def test_the_fault_is_met(fault: Fault) -> None:
    with made(fault), longer(fault.met_by), pytest.raises((AssertionError, DoudiError)):
        fault.met_by()


@pytest.mark.mutants
@pytest.mark.parametrize("belief", dict.fromkeys(fault.met_by for fault in FAULTS), ids=lambda one: one.__name__)
def test_without_a_fault_the_belief_holds_as_long(belief: Belief) -> None:
    with longer(belief):
        belief()
