"""What changes step by step is one sort of record: a version, an event of its own, and one way to change it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from inspect import signature

import pytest
from django.apps import apps

from doudi.web.areas.models import TownSettings
from doudi.web.matters import services as matters
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.declared import Guard
from doudi.web.registry.gathered import of
from tests.contracts.house import Code, dotted, python_files

#: no record that goes through steps: its version counts the changes of areas, posts, backstops and rosters
COUNTS_OTHERS = TownSettings
COUNTER = "web/areas/services.py"


def ours(base: type) -> list[type]:
    return [model for model in apps.get_models() if issubclass(model, base)]


def test_every_record_with_a_version_is_versioned_and_has_events() -> None:
    versioned = [
        model
        for model in apps.get_models()
        if model._meta.app_label.startswith("doudi_")
        and any(field.name == "version" and not field.is_relation for field in model._meta.get_fields())
    ]
    assert set(versioned) - {COUNTS_OTHERS} == set(ours(Versioned))
    told = {model._meta.get_field(model.RECORD).related_model for model in ours(Event)}  # type: ignore[attr-defined]
    assert set(ours(Versioned)) <= told


def test_told_columns_exist() -> None:
    for model in apps.get_models():
        for column in getattr(model, "TOLD", ()):
            assert column in {field.attname for field in model._meta.concrete_fields}, (model, column)


def test_events_are_only_ever_added() -> None:
    guarded = {guard.table for guard in of(Guard).values() if not guard.columns}
    assert {model._meta.db_table for model in ours(Event)} <= guarded  # type: ignore[attr-defined]


def own_ways(files: Iterable[Code]) -> list[str]:
    """Each place outside ``records`` that raises a version or makes a stale error by hand."""
    found = []
    for file in files:
        if not file.path.startswith("web/") or file.path.startswith("web/records/") or "/migrations/" in file.path:
            continue
        if file.path == COUNTER:
            continue
        for call in file.calls():
            name = dotted(call.func).split(".")[-1]
            if name in ("update", "update_where") and (
                any(word.arg == "version" and isinstance(word.value, ast.BinOp) for word in call.keywords)
                or any('"version":' in ast.unparse(arg).replace("'", '"') for arg in call.args)
            ):
                found.append(f"{file.path}:{call.lineno} raises a version by hand")
            if name == "StaleError" and not file.path.endswith("models.py"):
                found.append(f"{file.path}:{call.lineno} has its own words for whoever comes second")
    return found


def test_versions_rise_in_one_way() -> None:
    assert own_ways(python_files()) == []


@pytest.mark.parametrize(
    "line",
    [
        "Matter.objects.filter(pk=1).update(version=version + 1)",
        "update_where(Matter, {'version': 2}, id=1)",
        "raise StaleError('x')",
    ],
)
def test_another_way_is_found(line: str) -> None:
    assert len(own_ways([Code("web/matters/services/steps.py", f"{line}\n")])) == 1


def open_doors(files: Iterable[Code]) -> list[str]:
    """Each import, from another room, of what sets any column of a record."""
    return [
        f"{file.path}: {node.module}"
        for file in files
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ImportFrom)
        and (room := re.fullmatch(r"doudi\.web\.(\w+)\.services(\.transitions)?", node.module or ""))
        and not file.path.startswith(f"web/{room[1]}/")
        and (room[2] or {"transition", "transitions", "change", "swap"} & {name.name for name in node.names})
        and room[1] != "records"
    ]


def test_no_slice_sets_the_columns_of_another() -> None:
    assert open_doors(python_files()) == []
    known = [name for name in matters.__all__ if "changes" in signature(getattr(matters, name)).parameters]
    assert known == []


@pytest.mark.parametrize(
    "line",
    [
        "from doudi.web.matters.services import transitions",
        "from doudi.web.matters.services.transitions import transition",
    ],
)
def test_an_open_door_is_found(line: str) -> None:
    assert len(open_doors([Code("web/disputes/services/ruling.py", f"{line}\n")])) == 1
