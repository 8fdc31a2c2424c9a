"""What belongs to a slice stands in its ``declares.py``; it is gathered once, frozen, and read by the loops and faces alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from enum import Enum, StrEnum
from typing import Any

import pytest
from django.apps import apps

from doudi.engine.disputes.life import STEPS
from doudi.engine.disputes.vocabulary import DisputeStep, Stance
from doudi.engine.matters.applications import APPLICATION_LIFE
from doudi.engine.matters.life import MATTER_LIFE, REPORT_LIFE
from doudi.engine.matters.vocabulary import ApplicationStep, MatterStep, ReportStep
from doudi.web.registry.declared import Declared, Events, JobKind, NoticeKind, Sweep
from doudi.web.registry.gathered import REGISTRY, Registry, RegistryError, of
from tests.contracts.house import WEB, Code, python_files

#: rooms that read what all slices declare
READERS = {"design", "desk", "drafting", "exports", "fsck", "health", "operations", "registry", "scan", "timers"}


def meddlers(files: list[Code]) -> list[str]:
    """Rooms that read the registry without being a loop or a face, and whoever imports a slice's declarations."""
    found = []
    for file in files:
        room = file.path.split("/")[1] if file.path.startswith("web/") else ""
        if room not in READERS and re.search(r"^\s*from doudi\.web\.registry\.gathered import", file.text, re.M):
            found.append(f"{file.path} reads the registry")
        own = f"web/{room}/apps.py" == file.path
        if not own and re.search(r"^\s*(from|import) doudi\.web\.\w+\.declares\b", file.text, re.M):
            found.append(f"{file.path} imports what a slice hands to the registry")
    return found


def test_only_loops_and_faces_read_the_registry() -> None:
    assert meddlers(python_files()) == []


@pytest.mark.parametrize(
    "line", ["from doudi.web.registry.gathered import of", "from doudi.web.upstream.declares import IMPORT"]
)
def test_a_slice_that_looks_into_the_registry_is_found(line: str) -> None:
    assert len(meddlers([Code("web/matters/services.py", f"{line}\n")])) == 1


def test_every_declares_file_is_gathered() -> None:
    """Each slice with a ``declares.py`` hands it over in its ``apps.py``: what it names is in the registry."""
    slices = {path.parent.name for path in WEB.glob("*/declares.py")}
    handed = {
        path.parent.name
        for path in WEB.glob("*/apps.py")
        if f"from doudi.web.{path.parent.name}.declares import DECLARES" in path.read_text(encoding="utf-8")
    }
    assert slices and slices == handed


def test_after_the_start_nothing_is_declared() -> None:
    with pytest.raises(RegistryError):
        REGISTRY.add([Sweep("late", int)])
    assert "late" not in of(Sweep)


def test_nothing_is_declared_twice() -> None:
    fresh = Registry()
    fresh.add([JobKind("greet", "问候", lambda payload: None)])
    fresh.add([Sweep("greet", int)])
    with pytest.raises(RegistryError, match="JobKind greet"):
        fresh.add([JobKind("greet", "再问候", lambda payload: None)])


def test_a_trial_leaves_nothing_behind() -> None:
    before = dict(of(Sweep))
    with REGISTRY.also(Sweep("trial", int)):
        assert "trial" in of(Sweep)
    assert of(Sweep) == before


def undeclared(declared: Iterable[str], vocabulary: Iterable[str]) -> list[str]:
    """Members of a vocabulary that are not declared exactly once, and what is declared without being a member."""
    named, members = Counter(declared), set(vocabulary)
    return sorted(str(one) for one in members | set(named) if (one in members, named[one]) != (True, 1))


def vocabularies() -> Iterator[tuple[list[str], type[StrEnum]]]:
    """What is declared of each vocabulary: the kinds of events of each table."""
    for events in of(Events).values():
        names = [kind.name for kind in events.kinds]
        yield names, type(names[0])  # type: ignore[misc]  # the test below holds it to an enum


def test_every_member_of_a_vocabulary_is_declared_exactly_once() -> None:
    assert [(kind.__name__, wrong) for names, kind in vocabularies() if (wrong := undeclared(names, kind))] == []


def test_what_is_declared_is_named_by_a_vocabulary_of_the_engine() -> None:
    found = {kind for _, kind in vocabularies()}
    assert {kind.__module__.rpartition(".")[2] for kind in found} == {"vocabulary"} and len(found) == len(of(Events))


def test_every_table_of_events_is_declared() -> None:
    ours = {model for model in apps.get_models() if model._meta.app_label.startswith("doudi_")}
    assert {model for model in ours if model.__name__.endswith("Event")} == set(of(Events))


@pytest.mark.parametrize(("declared", "ending"), [(JobKind, "Job"), (NoticeKind, "Notice")])
def test_jobs_and_notices_are_named_by_the_vocabulary_of_their_subject(declared: type[Declared], ending: str) -> None:
    """Each kind is a member of a ``…Job`` or ``…Notice`` of the engine, and each member is declared once."""
    named = [member for kind in enums() if kind.__name__.endswith(ending) for member in kind]
    assert undeclared(list(of(declared)), named) == [] and {type(one) for one in of(declared)} == set(map(type, named))
    assert {type(member).__module__.rpartition(".")[2] for member in named} == {"vocabulary"}


@pytest.mark.parametrize(
    ("life", "vocabulary"),
    [
        (MATTER_LIFE, MatterStep),
        (REPORT_LIFE, ReportStep),
        (APPLICATION_LIFE, ApplicationStep),
        (STEPS, DisputeStep),
    ],
)
def test_steps_are_named_by_the_vocabulary_of_their_subject(life: tuple[Any, ...], vocabulary: type[StrEnum]) -> None:
    """Each step stands under its name in the table of the life, and each name is a step of it."""
    assert undeclared((step.name for step in life), vocabulary) == [] and {type(step.name) for step in life} == {
        vocabulary
    }


def test_a_member_that_is_declared_twice_or_never_is_found() -> None:
    assert undeclared(["taken", "taken", "lost"], ["taken", "handled"]) == ["handled", "lost", "taken"]


def test_what_a_reporter_is_told_names_an_office_at_most() -> None:
    """The public titles know the office alone: a person is never named to the reporter."""
    asked = {
        fact
        for events in of(Events).values()
        for kind in events.kinds
        if kind.public
        for fact in re.findall(r"\{(\w+)\}", kind.public.title)
    }
    assert asked <= {"office"}


def enums(kind: type[Enum] = Enum) -> set[type[Enum]]:
    """All enums of the house that have members."""
    below = {one for child in kind.__subclasses__() for one in enums(child)}
    return below | ({kind} if len(kind) and kind.__module__.startswith("doudi.") else set())


def doubled(found: Iterable[type[Enum]]) -> list[list[str]]:
    """Enums that hold the same values, so that one of them says what another says."""
    by_values = defaultdict(list)
    for one in found:
        by_values[frozenset(str(member.value) for member in one)].append(f"{one.__module__}.{one.__qualname__}")
    return [names for names in by_values.values() if len(names) > 1]


def test_each_vocabulary_stands_once() -> None:
    assert doubled(enums()) == []


def test_a_vocabulary_written_again_as_choices_is_found() -> None:
    again = StrEnum("Again", [(one.name, one.value) for one in Stance])
    assert len(doubled([*enums(), again])) == 1
