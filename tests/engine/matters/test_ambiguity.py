"""Every ambiguous matter has a sort: what the rules and the place show, and nothing where a rule names a holder."""

from __future__ import annotations

import pytest

from doudi.engine.matters.ambiguity import AMBIGUITIES, DOUBTS, Ambiguity, Doubt, ambiguity_of, described


@pytest.mark.parametrize(
    ("unclear", "codes", "doubts"),
    [
        ("gap", ("gap",), ("who",)),
        ("conflict", ("overlap",), ("who",)),
        ("no_place", (), ("where",)),
        ("place_unclear", (), ("where",)),
        ("kind_unclear", (), ("what",)),
        ("new", (), ("what",)),
        ("no_post", (), ("who",)),
        ("confirm", (), ()),
        ("", (), ()),
    ],
)
def test_each_reason_says_what_it_can(unclear: str, codes: tuple[str, ...], doubts: tuple[str, ...]) -> None:
    said = ambiguity_of(unclear, on_edge=False, ownerless=False)
    assert (said.codes, said.doubts) == (codes, doubts)


def test_an_edge_and_a_spot_without_owner_add_their_own() -> None:
    said = ambiguity_of("gap", on_edge=True, ownerless=True)
    assert said.codes == ("gap", "boundary", "ownerless")
    assert said.doubts == ("who", "where")


def test_what_a_rule_names_a_holder_for_is_clear_wherever_it_lies() -> None:
    assert ambiguity_of("", on_edge=True, ownerless=True).codes == ()


def test_all_twelve_and_all_five_have_their_words() -> None:
    assert (len(AMBIGUITIES), len(DOUBTS)) == (12, 5)
    assert (set(AMBIGUITIES), set(DOUBTS)) == (set(Ambiguity), set(Doubt))


def test_what_is_said_twice_is_kept_once_and_what_does_not_exist_is_refused() -> None:
    both = described(["gap", "overlap", "gap"], []) | described(["gap"], ["who"])
    assert (both.codes, both.doubts) == (("overlap", "gap"), ("who",))
    with pytest.raises(ValueError, match="elsewhere"):
        described(["elsewhere"], [])
