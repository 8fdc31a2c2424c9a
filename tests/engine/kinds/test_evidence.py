"""What is asked for when work is handed over, and which reasons count for what is missing."""

from __future__ import annotations

import pytest

from doudi.engine.kinds.evidence import Lack, asked_when_handled, is_photo, reasons_for

PHOTOS, TEXTS = ("before_photo", "after_photo"), ("minutes_text", "enquiry_text", "referral_text")


def test_all_that_a_kind_names_is_asked_for_once_save_what_is_written_in_any_case() -> None:
    named = ("before_photo", "record_text", "minutes_text", "after_photo", "reply_text", "after_photo", "of_our_own")
    assert asked_when_handled(named) == ("before_photo", "minutes_text", "after_photo", "of_our_own")


@pytest.mark.parametrize("name", [*PHOTOS, *TEXTS])
def test_a_photograph_has_other_reasons_than_a_text(name: str) -> None:
    assert is_photo(name) == (name in PHOTOS)
    assert (Lack.DARK in reasons_for(name)) == (name in PHOTOS)
    assert (Lack.NOT_NEEDED in reasons_for(name)) == (name in TEXTS)


def test_every_reason_counts_for_something() -> None:
    assert {reason for name in (*PHOTOS, *TEXTS) for reason in reasons_for(name)} == set(Lack)
