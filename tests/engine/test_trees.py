"""A town of two villages and their grids, and any tree at all against a slow walk by parents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from doudi.engine.trees import Tree, TreeError

TOWN = {"west": "town", "w2": "west", "town": None, "east": "town", "w1": "west", "e1": "east"}


@st.composite
def parent_maps(draw: st.DrawFn) -> dict[str, str | None]:
    """Each node hangs under an earlier one or is a root; then the order of the entries is shuffled."""
    size = draw(st.integers(1, 12))
    parents = {f"n{i}": draw(st.sampled_from([None, *(f"n{j}" for j in range(i))])) for i in range(size)}
    return {name: parents[name] for name in draw(st.permutations(sorted(parents)))}


def climb(parents: dict[str, str | None], name: str) -> list[str]:
    above = parents[name]
    return [name] if above is None else [name, *climb(parents, above)]


def test_the_tree_is_walked_from_the_root_with_children_in_the_order_given() -> None:
    tree = Tree(TOWN)
    assert list(tree) == ["town", "west", "w2", "w1", "east", "e1"]
    assert tree.roots == ("town",)
    assert len(tree) == 6
    assert "w1" in tree
    assert "w9" not in tree


def test_a_grid_knows_its_way_up_and_a_village_what_lies_below() -> None:
    tree = Tree(TOWN)
    assert tree.upward("w1") == ("w1", "west", "town")
    assert tree.downward("west") == ("west", "w2", "w1")
    assert tree.parent("w1") == "west"
    assert tree.parent("town") is None
    assert tree.children("west") == ("w2", "w1")
    assert tree.children("w1") == ()
    assert [tree.depth(name) for name in ("town", "west", "w1")] == [0, 1, 2]


def test_leaves_are_numbered_in_the_order_of_the_walk() -> None:
    tree = Tree(TOWN)
    assert tree.leaves() == ("w2", "w1", "e1")
    assert tree.leaves("west") == ("w2", "w1")
    assert tree.leaves("e1") == ("e1",)
    assert tree.interval("town") == (0, 2)
    assert tree.interval("west") == (0, 1)
    assert tree.interval("east") == tree.interval("e1") == (2, 2)


def test_a_town_may_have_several_roots() -> None:
    tree = Tree({"b": None, "a": None, "a1": "a"})
    assert tree.roots == ("b", "a")
    assert list(tree) == ["b", "a", "a1"]
    assert not tree.contains("b", "a1")


def test_a_deep_tree_needs_no_deep_stack() -> None:
    deep = Tree({str(i): str(i - 1) if i else None for i in range(5000)})
    assert deep.depth("4999") == 4999
    assert deep.contains("0", "4999")


def test_nothing_is_no_tree() -> None:
    with pytest.raises(TreeError, match="一个节点也没有"):
        Tree({})


@pytest.mark.parametrize(
    "circle", [{"a": "a"}, {"a": "b", "b": "a"}, {"root": None, "a": "c", "b": "a", "c": "b", "d": "root"}]
)
def test_a_circle_is_refused_even_beside_a_sound_root(circle: dict[str, str | None]) -> None:
    with pytest.raises(TreeError, match="“a”的上级绕成了一个圈"):
        Tree(circle)


def test_an_unknown_parent_is_named_with_the_child_that_names_it() -> None:
    with pytest.raises(TreeError, match="“w1”的上级“west”没有登记"):
        Tree({"town": None, "w1": "west"})


def test_a_question_about_an_unknown_name_is_refused_everywhere() -> None:
    tree = Tree(TOWN)
    for ask in (tree.parent, tree.children, tree.depth, tree.upward, tree.downward, tree.leaves, tree.interval):
        with pytest.raises(TreeError, match="没有“w9”"):
            ask("w9")
    for above, below in (("w9", "town"), ("town", "w9")):
        with pytest.raises(TreeError, match="没有“w9”"):
            tree.contains(above, below)


@given(parent_maps())
def test_every_answer_agrees_with_a_slow_walk_by_parents(parents: dict[str, str | None]) -> None:
    tree = Tree(parents)
    assert sorted(tree) == sorted(parents)
    for above in parents:
        below = [name for name in tree if above in climb(parents, name)]
        assert list(tree.upward(above)) == climb(parents, above)
        assert list(tree.downward(above)) == below
        assert [name for name in parents if tree.contains(above, name)] == [n for n in parents if n in below]
        assert list(tree.children(above)) == [name for name, parent in parents.items() if parent == above]
        first, last = tree.interval(above)
        assert tree.leaves()[first : last + 1] == tree.leaves(above) != ()


@given(parent_maps())
def test_each_subtree_stands_together_in_the_walk(parents: dict[str, str | None]) -> None:
    tree = Tree(parents)
    order = list(tree)
    for name in tree:
        place = order.index(name)
        assert tuple(order[place : place + len(tree.downward(name))]) == tree.downward(name)
        assert tree.downward(name)[0] == name
