"""A day or an hour that is written down is the town's own: a moment is kept in UTC, where its day is another one until eight."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from tests.contracts.house import Code, dotted, python_files
from tests.contracts.test_templates import templates

#: ``row.starts_at.date`` in a template asks the moment itself for its day, which is the day in UTC
DAY_OF_MOMENT = re.compile(r"\{[%{][^%}]*_at\.(date|time|day|hour|isoformat)\b")
WRITES = re.compile(r"%[YmdHMyj]")
#: what makes a moment the town's: by one of these the written value is in town time
TOWN = {"astimezone", "today", "day_of", "local", "day"}
#: values that bear no zone, or whose zone is the point; with the reason
OTHERWISE = {
    "web/desk/paging.py": "a cursor in UTC that nobody reads",
    "web/triage/marks.py": "an hour that only parts one hour from the next",
    "web/disputes/services/hearing.py": "a key that no day stands in",
    "web/disputes/services/timing.py": "a key of one due moment",
    "engine/workdays/calendar.py": "duty hours, which are times of day",
}


def days_of_moments(found: Mapping[str, str]) -> list[str]:
    return [f"{path}: {hit.group()}" for path, text in found.items() for hit in DAY_OF_MOMENT.finditer(text)]


def _names(node: ast.expr) -> set[str]:
    return {
        part for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute) for part in dotted(one).split(".")
    }


def written_in_utc(files: Iterable[Code]) -> list[str]:
    """Each moment that is written by a format without being the town's."""
    wrong = []
    for file in files:
        for node in ast.walk(file.tree):
            if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
                value, form = node.value, ast.unparse(node.format_spec)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "strftime":
                value, form = node.func.value, "%Y"
            else:
                continue
            if WRITES.search(form) and not _names(value) & TOWN and file.path not in OTHERWISE:
                wrong.append(f"{file.path}:{node.lineno} {ast.unparse(value)}")
    return sorted(wrong)


def test_a_template_asks_no_moment_for_its_day() -> None:
    assert days_of_moments(templates()) == []


def test_what_is_written_of_a_moment_is_town_time() -> None:
    assert written_in_utc(python_files()) == []
    assert set(OTHERWISE) <= {file.path for file in python_files()}


def test_the_guards_bite() -> None:
    assert days_of_moments({"a.html": "{% day row.starts_at.date %}", "b.html": "{% day row.starts_at %}"}) == [
        "a.html: {% day row.starts_at.date"
    ]
    file = Code("web/a.py", 'f"{now:%Y%m%d}"\nf"{clock.today():%Y%m%d}"\nnow.strftime("%H")\nlocal.strftime("%H")')
    assert written_in_utc([file]) == ["web/a.py:1 now", "web/a.py:3 now"]
