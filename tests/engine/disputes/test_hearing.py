"""What parties say, what their silence means, and when all agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from doudi.engine.disputes.hearing import (
    Heard,
    StatementError,
    all_agree,
    remind_at,
    require_statement,
    silence_of,
)
from doudi.engine.disputes.vocabulary import Silence, Stance

AGREED = Heard("城管岗", True, stance=Stance.AGREE)
TAKES = Heard("市容岗", True, stance=Stance.TAKE)


@pytest.mark.parametrize(
    ("stance", "words", "basis", "refused"),
    [
        ("agree", "", "", ""),
        ("take", "", "", ""),
        ("help", "可派两人", "", ""),
        ("object", "不在红线内", "清单第3项", ""),
        ("help", " ", "", "请写明理由"),
        ("object", "", "清单", "请写明理由"),
        ("object", "不是我们", " ", "要写依据"),
        ("shrug", "x", "y", "请选一种意见"),
    ],
)
def test_a_statement_comes_with_what_it_needs(stance: str, words: str, basis: str, refused: str) -> None:
    if refused:
        with pytest.raises(StatementError, match=refused):
            require_statement(stance, words, basis)
    else:
        assert require_statement(stance, words, basis) == stance


def test_silence_binds_the_towns_own_posts_to_what_was_proposed_and_nobody_else() -> None:
    assert silence_of(own=True, proposed=True) is Silence.AGREED
    assert silence_of(own=True, proposed=False) is silence_of(own=False, proposed=True) is Silence.ON_PAPERS


def test_a_party_is_reminded_at_half_time() -> None:
    nine = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
    assert remind_at(nine, nine + timedelta(minutes=30)) == nine + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("parties", "proposed", "agree"),
    [
        ([AGREED, TAKES], "市容岗", True),
        ([AGREED, TAKES], None, False),
        ([], "市容岗", False),
        ([AGREED, Heard("市容岗", True)], "市容岗", False),
        ([AGREED, Heard("市容岗", True, silence=Silence.AGREED)], "市容岗", True),
        ([AGREED, Heard(None, False, silence=Silence.ON_PAPERS)], "市容岗", True),
        ([AGREED, Heard(None, False, stance=Stance.OBJECT)], "市容岗", False),
        ([Heard("城管岗", True, stance=Stance.HELP), TAKES], "市容岗", True),
        ([Heard("市容岗", True, stance=Stance.HELP)], "市容岗", False),
        ([TAKES], "城管岗", False),
    ],
)
def test_a_proposal_stands_when_nobody_speaks_against_it(
    parties: list[Heard], proposed: str | None, agree: bool
) -> None:
    assert all_agree(parties, proposed) is agree
