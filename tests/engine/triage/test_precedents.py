"""Precedents are found by what they are about, and say why."""

from __future__ import annotations

from dataclasses import replace

from doudi.engine.trees import Tree
from doudi.engine.triage.precedents import Attributes, Fate, Match, Precedent, precedents_for

KINDS = Tree({"well": None, "well.lost": "well", "well.loud": "well", "tree": None, "tree.fallen": "tree"})
TYPES = Tree({"manhole": None, "edge": None, "edge.river": "edge", "edge.road": "edge"})
AREAS = Tree({"town": None, "east": "town", "e1": "east", "e2": "east", "w1": "town"})
HERE = Attributes("well.lost", "U1", "edge.river", "e1", {"owner": "unknown"}, "河边一个没有盖的井")


def found(*known: Precedent, asked: Attributes = HERE) -> tuple[Match, ...]:
    return precedents_for(asked, known, KINDS, TYPES, AREAS)


def test_the_same_again_is_the_best_precedent_and_every_point_has_its_reason() -> None:
    (one,) = found(Precedent("a", HERE))
    assert [str(said) for said in one.reasons] == [
        "同一事项",
        "同一地点",
        "同类场所",
        "同一网格",
        "1 项情况相同",
        "文字相似 100%",
    ]
    assert one.points == 40 + 25 + 12 + 8 + 3 + 20


def test_what_is_nearer_comes_first() -> None:
    group = Precedent("group", replace(HERE, kind="well.loud", unit="U2"))
    kind = Precedent("kind", replace(HERE, unit="U2", area="e2", unit_type="edge.road"))
    assert [one.key for one in found(group, kind)] == ["kind", "group"]
    assert "同一村居" in map(str, found(kind)[0].reasons)
    assert "相近场所" in map(str, found(kind)[0].reasons)


def test_another_sort_of_matter_elsewhere_is_no_precedent_however_alike_the_words() -> None:
    assert found(Precedent("a", replace(HERE, kind="tree.fallen", unit="U2"))) == ()
    (spot,) = found(Precedent("b", replace(HERE, kind="tree.fallen")))
    assert str(spot.reasons[0]) == "同一地点"
    assert found(Precedent("c", replace(HERE, kind=None, unit=None))) == ()


def test_what_was_overturned_counts_half() -> None:
    stood, fell = Precedent("stood", HERE), Precedent("fell", HERE, Fate.OVERTURNED)
    first, second = found(fell, stood)
    assert (first.key, second.key) == ("stood", "fell")
    assert second.points == first.points // 2


def test_what_the_parties_argued_about_weighs_more() -> None:
    ruled, decided = Precedent("ruled", HERE, ruled=True), Precedent("decided", HERE)
    first, second = found(decided, ruled)
    assert (first.key, first.points - second.points) == ("ruled", 10)
    assert str(first.reasons[-1]) == "经各方陈述后裁定"


def test_no_more_are_shown_than_a_reader_takes_in() -> None:
    assert len(found(*[Precedent(str(n), HERE) for n in range(9)])) == 5
