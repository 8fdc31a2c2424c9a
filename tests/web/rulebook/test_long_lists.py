"""No list of the rulebook goes on for ever: rules and kinds come in pages, each kind below its groups."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from doudi.web.rulebook.contents import page_of, page_of_kinds
from doudi.web.rulebook.contents.pages import KINDS_AT_ONCE


def row(code: str, depth: int, kind: object = None) -> SimpleNamespace:
    return SimpleNamespace(code=code, depth=depth, kind=kind)


#: two groups in one, with as many kinds each as a page and a half holds
EACH = KINDS_AT_ONCE * 3 // 2
TREE = [
    row("all", 0),
    row("a", 1),
    *(row(f"a{n}", 2, kind=True) for n in range(EACH)),
    row("b", 1),
    *(row(f"b{n}", 2, kind=True) for n in range(EACH)),
]


@pytest.mark.parametrize(
    ("asked", "at", "first", "many"),
    [
        ("", 1, 0, 40),
        ("1", 1, 0, 40),
        ("2", 2, 40, 40),
        ("3", 3, 80, 5),
        ("99", 3, 80, 5),
        ("x", 1, 0, 40),
        ("²", 1, 0, 40),
    ],
)
def test_a_page_is_asked_for_by_number(asked: str, at: int, first: int, many: int) -> None:
    page = page_of(range(85), asked, 40)
    assert (page.at, page.last, list(page.rows)) == (at, 3, list(range(first, first + many)))
    assert (page.before, page.after) == (at - 1, at + 1 if at < 3 else 0)


def test_nothing_is_one_empty_page() -> None:
    assert page_of([], "", 40).last == 1 and not page_of([], "7", 40).rows


def test_each_kind_stands_once_below_its_groups() -> None:
    pages = [page_of_kinds(TREE, str(number)) for number in (1, 2, 3)]
    assert [one.code for page in pages for one in page.rows if one.kind] == [one.code for one in TREE if one.kind]
    assert [[one.code for one in page.rows if not one.kind] for page in pages] == [
        ["all", "a"],
        ["all", "a", "b"],
        ["all", "b"],
    ]
