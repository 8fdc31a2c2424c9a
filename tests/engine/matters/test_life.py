"""The two lives as tables: what may follow what, and what a step asks of whoever takes it."""

from __future__ import annotations

from itertools import product

import pytest

from doudi.engine.kinds.catalogue import Verification
from doudi.engine.matters.life import (
    MATTER_LIFE,
    OPEN_MATTER,
    REPORT_LIFE,
    StepError,
    finishing_step,
    matter_step,
    matter_steps_from,
    report_step,
    report_steps_from,
)
from doudi.engine.matters.vocabulary import MatterStatus, ReportStatus


def test_every_pair_of_status_and_step_is_either_in_the_table_or_refused() -> None:
    for status, step in product(MatterStatus, MATTER_LIFE):
        if status in step.before:
            assert matter_step(step.name, status, text="因为") == step.after
        else:
            with pytest.raises(StepError):
                matter_step(step.name, status, text="因为")
    for status, step in product(ReportStatus, REPORT_LIFE):
        if status in step.before:
            assert report_step(step.name, status, text="因为") == step.after
        else:
            with pytest.raises(StepError):
                report_step(step.name, status, text="因为")


def test_every_status_is_named_in_the_tables_and_no_row_names_another() -> None:
    matter = {row.after for row in MATTER_LIFE}.union(*(row.before for row in MATTER_LIFE))
    report = {row.after for row in REPORT_LIFE}.union(*(row.before for row in REPORT_LIFE))
    assert (matter, report) == (set(MatterStatus), set(ReportStatus))


def test_a_matter_always_finds_its_way_to_an_end() -> None:
    for status in OPEN_MATTER:
        reached, grown = {str(status)}, True
        while grown:
            further = {row.after for row in MATTER_LIFE for one in reached if one in row.before}
            grown = not further <= reached
            reached |= further
        assert MatterStatus.CLOSED in reached


def test_merged_is_an_end_and_what_was_closed_or_struck_can_only_be_opened_again() -> None:
    assert matter_steps_from("merged") == ()
    for status in ("closed", "voided"):
        assert [step.name for step in matter_steps_from(status)] == ["reopen"]


def test_a_step_that_the_life_does_not_know_here_is_refused_with_what_can_be_done() -> None:
    with pytest.raises(StepError, match="核查通过 / 退回返工 / 并案"):
        matter_step("take", "handled")
    with pytest.raises(StepError, match="不能做“消失”"):
        matter_step("消失", "accepted")
    with pytest.raises(StepError, match="此刻可以做：无"):
        matter_step("take", "merged")


@pytest.mark.parametrize("words", ["", "  \n"])
def test_going_back_needs_a_reason(words: str) -> None:
    with pytest.raises(StepError, match="请写明“退回返工”的理由"):
        matter_step("fail_check", "handled", text=words)


def test_a_closed_report_can_be_opened_again_and_a_quarantined_one_released() -> None:
    assert report_step("reopen", "closed", text="没解决") == "received"
    assert [step.name for step in report_steps_from("quarantined")] == ["release", "dismiss"]


def test_only_what_is_checked_by_sample_and_not_drawn_closes_on_the_spot() -> None:
    assert finishing_step(Verification.SAMPLED, drawn=False) == "close_on_spot"
    assert finishing_step(Verification.SAMPLED, drawn=True) == "handle"
    assert {finishing_step(one, drawn=False) for one in (Verification.SECOND_PERSON, Verification.UPSTREAM)} == {
        "handle"
    }


def test_every_row_says_why_the_town_wants_it_so() -> None:
    assert all(len(row.reason) >= 8 and row.label for row in (*MATTER_LIFE, *REPORT_LIFE))
