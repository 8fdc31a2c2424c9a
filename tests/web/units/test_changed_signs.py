"""A sign that was changed for another serves a while longer, and its place needs another one."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython

from doudi.web import clock
from doudi.web.setup.queries import steps
from doudi.web.units.models import Plaque
from doudi.web.units.queries import served_by_old_sign, without_plaque
from tests.web.town import actor


def _fill() -> None:
    """What the migration does to the rows that stand."""
    step = MigrationLoader(connection).disk_migrations["doudi_units", "0008_fill_replaced_at"].operations[0]
    assert isinstance(step, RunPython)
    step.code(apps, SimpleNamespace(connection=connection))


def test_a_place_whose_signs_are_all_gone_needs_another(town: SimpleNamespace) -> None:
    desk = actor(town.people.desk)
    assert town.shop not in without_plaque(desk)
    Plaque.objects.filter(unit=town.shop).update(state=Plaque.State.REPLACED, replaced_at=clock.now())
    assert town.shop in without_plaque(desk)
    (step,) = [one for one in steps() if one.name == "plaques"]
    assert not step.is_done and "1 个场所还没有码牌" in step.gaps[0].said
    Plaque.objects.create(unit=town.shop, batch="T2")
    assert town.shop not in without_plaque(desk)


def test_signs_changed_before_the_moment_was_kept_end_once(town: SimpleNamespace) -> None:
    old, day = Plaque.objects.get(unit=town.shop), timedelta(days=1)
    first, next_one = clock.now() - 300 * day, clock.now() - 200 * day
    Plaque.objects.filter(pk=old.pk).update(state=Plaque.State.REPLACED, placed_at=first)
    Plaque.objects.create(unit=town.shop, batch="T2", state=Plaque.State.REVOKED, placed_at=next_one)
    assert served_by_old_sign(town.shop.code) is None, "without a moment it is not for ever lately"
    _fill()
    old.refresh_from_db()
    assert old.replaced_at == next_one
    Plaque.objects.filter(pk=old.pk).update(replaced_at=None, placed_at=None)
    _fill()
    old.refresh_from_db()
    assert old.replaced_at is not None and old.replaced_at > next_one
