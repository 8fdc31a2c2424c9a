"""What ruff holds for us by pyproject.toml bites: the clock, ids and days have one door each, and no import hides."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.apps import apps

from tests.contracts.house import ROOT, python_files

BEFORE = """\
import datetime as whole
import importlib
import time
import uuid
from datetime import UTC, date, datetime

import django
import django.utils.timezone
from django import forms
from django.db.models import DateTimeField
from django.utils import timezone

from doudi.web import clock

"""


def rules_broken(line: str, path: str) -> set[str]:
    """The rules that ``line`` breaks if it stood in ``path``, imports aside."""
    said = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--output-format", "concise", "--stdin-filename", path, "-"],
        cwd=ROOT,
        input=f"{BEFORE}found = {line}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    found = [one.split(":", 3) for one in said.stdout.splitlines() if one.startswith(f"{path}:")]
    return {rest.split()[0] for _path, place, _column, rest in found if int(place) > BEFORE.count("\n")} - {"E402"}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("datetime.now(UTC)", "TID251"),
        ("whole.datetime.now(UTC)", "TID251"),
        ("datetime.now()", "DTZ005"),
        ("date.today()", "TID251"),
        ("django.utils.timezone.now()", "TID251"),
        ("DateTimeField(default=timezone.now)", "TID251"),
        ("1\nfrom django.db.models.functions import Now", "TID251"),
        ("1\nfrom uuid_utils import uuid7", "TID251"),
        ("time.time()", "TID251"),
        ("uuid.uuid4()", "TID251"),
        ("forms.DateField()", "TID251"),
        ("forms.DateTimeField()", "TID251"),
        ("importlib.import_module('doudi.web.desk')", "TID251"),
    ],
)
def test_what_goes_around_a_door_is_found(line: str, rule: str) -> None:
    assert rule in rules_broken(line, "src/doudi/web/reports/services.py")


@pytest.mark.parametrize("line", ["clock.now()", "clock.new_id()", "time.monotonic()", "time.sleep(1)"])
def test_asking_the_clock_and_measuring_are_free(line: str) -> None:
    assert rules_broken(line, "src/doudi/web/jobs/services.py") == set()


def test_only_two_files_of_the_source_are_let_off() -> None:
    assert rules_broken("datetime.now(UTC)", "src/doudi/web/clock.py") == set()
    let_off = [file.path for file in python_files() if "noqa: TID251" in file.text]
    assert let_off == []


def test_no_field_reads_the_clock_by_itself() -> None:
    fields = [field for model in apps.get_models() for field in model._meta.concrete_fields]
    ours = [field for field in fields if field.model._meta.app_label.startswith("doudi_")]
    assert len(ours) > 100
    assert [str(one) for one in ours if getattr(one, "auto_now", False) or getattr(one, "auto_now_add", False)] == []
