"""Django's own threads count as imports: a foreign key points down the floors and is not seen from below."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.contracts.house import stands_above

#: Reverse accessors that a lower slice may know, each with its reason.
SEEN_FROM_BELOW: dict[str, str] = {}


def our_models() -> list[type[models.Model]]:
    return [
        model for model in apps.get_models(include_auto_created=False) if model._meta.app_label.startswith("doudi_")
    ]


def loose_threads(found: Iterable[type[models.Model]]) -> list[str]:
    """Each relation that points up or sideways, or that another slice could follow backwards."""
    loose = []
    for model in found:
        room = model._meta.app_label.removeprefix("doudi_")
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            if not field.is_relation or field.related_model is None:
                continue
            name = f"{model._meta.label}.{field.name}"
            there = field.related_model._meta.app_label
            if there.startswith("doudi_") and not stands_above(room, there.removeprefix("doudi_")):
                loose.append(f"{name} points at {there}, which does not stand below {room}")
            at_home = there == model._meta.app_label
            if not at_home and not field.remote_field.hidden and name not in SEEN_FROM_BELOW:
                loose.append(f"{name} can be followed backwards from {there}; say related_name='+'")
    return loose


def test_relations_point_down_and_are_not_seen_from_below() -> None:
    assert our_models() != []
    assert loose_threads(our_models()) == []


def test_every_slice_bears_its_own_label() -> None:
    ours = [app for app in apps.get_app_configs() if app.name.startswith("doudi.")]
    assert {app.label for app in ours} == {f"doudi_{app.name.removeprefix('doudi.web.')}" for app in ours}


def test_every_exception_still_exists() -> None:
    assert set(SEEN_FROM_BELOW) <= {
        f"{model._meta.label}.{field.name}" for model in our_models() for field in model._meta.get_fields()
    }


@pytest.mark.parametrize(
    ("lower", "upper", "name", "complaints"),
    [
        ("doudi_reports", "doudi_matters", "+", ["points at doudi_matters"]),
        ("doudi_journal", "doudi_jobs", "+", ["points at doudi_jobs"]),
        ("doudi_matters", "doudi_reports", "matters", ["can be followed backwards"]),
        ("doudi_reports", "doudi_matters", None, ["points at doudi_matters", "can be followed backwards"]),
        ("doudi_matters", "doudi_reports", "+", []),
        ("doudi_matters", "doudi_matters", "threads", []),
    ],
)
@isolate_apps()
def test_a_thread_that_runs_up_is_found(lower: str, upper: str, name: str | None, complaints: list[str]) -> None:
    target = _model("Target", upper)
    bound = _model("Bound", lower, thread=models.ForeignKey(target, models.PROTECT, related_name=name))
    found = loose_threads([bound])
    assert len(found) == len(complaints)
    assert all(words in found[place] for place, words in enumerate(complaints))


def _model(name: str, label: str, **fields: models.Field) -> type[models.Model]:
    meta = type("Meta", (), {"app_label": label})
    return type(name, (models.Model,), {"__module__": __name__, "Meta": meta, **fields})
