"""A published rulebook never changes; what is accepted under one is read with it."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from doudi.web import clock
from doudi.web.matters import services as matters
from doudi.web.matters.models import MatterClock
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import rulebook_of, rulebook_on
from doudi.web.rulebook.services import RulebookError, load_folder
from doudi.web.triage.services import Incoming, receive
from tests.web.town import RULEBOOK, TUESDAY, actor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "rulebook"
    copy.mkdir()
    for name in ("kinds", "duties"):
        shutil.copytree(RULEBOOK / name, copy / name)
    for file in RULEBOOK.glob("*.yaml"):
        shutil.copy(file, copy)
    return copy


def rename_stall(folder: Path, valid_from: date = date(2025, 6, 1)) -> None:
    """The second version knows no stalls any more, only pavements."""
    for file in (*folder.glob("kinds/*.yaml"), *folder.glob("duties/*.csv")):
        file.write_text(
            file.read_text(encoding="utf-8").replace("event.street.stall", "event.street.pavement"), encoding="utf-8"
        )
    cover = yaml.safe_load((folder / "rulebook.yaml").read_text(encoding="utf-8"))
    (folder / "rulebook.yaml").write_text(
        yaml.safe_dump(cover | {"valid_from": valid_from}, allow_unicode=True), encoding="utf-8"
    )


def test_the_same_files_are_one_version(town: SimpleNamespace, folder: Path) -> None:
    assert load_folder(folder) == town.rulebook
    assert Version.objects.count() == 1


def test_a_matter_is_read_with_the_version_under_which_it_was_accepted(town: SimpleNamespace, folder: Path) -> None:
    (old,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)])
    rename_stall(folder)
    second = load_folder(folder)
    assert rulebook_on().version == second
    (matter,) = old.matters
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.stall")
    assert (matter.rulebook_id, matter.holder_id) == (1, "chengguan.east")
    (new,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)])
    assert (new.matters[0].kind, new.matters[0].rulebook_id) == ("event.street.pavement", 2)
    assert MatterClock.objects.filter(matter=matter, which="handle", ended_at__isnull=True).count() == 1
    # A kind that only the newer edition has takes the matter along with it.
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.pavement")
    assert (matter.kind, matter.rulebook_id) == ("event.street.pavement", 2)
    assert rulebook_of(1).kind_name("event.street.pavement") == rulebook_of(2).kind_name("event.street.pavement")


def test_a_version_is_in_force_from_its_day(town: SimpleNamespace, folder: Path) -> None:
    tomorrow = (TUESDAY + timedelta(days=1)).date()
    rename_stall(folder, tomorrow)
    load_folder(folder)
    assert rulebook_on().version.number == 1
    with clock.at(TUESDAY + timedelta(days=1)):
        assert rulebook_on().version.number == 2
    with pytest.raises(RulebookError, match="没有生效"):
        rulebook_on(date(2020, 1, 1))
    with pytest.raises(RulebookError, match="没有第 9 版"):
        rulebook_of(9)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("rulebook.yaml", None, "rulebook.yaml"),
        ("calendar.yaml", None, "calendar.yaml"),
        ("roles.yaml", "{not: [closed", "roles.yaml"),
        ("duties/all.csv", "id,layer\nD-1,nonsense\n", "all.csv"),
    ],
)
def test_a_broken_file_is_named_and_nothing_is_published(
    town: SimpleNamespace, folder: Path, file: str, text: str | None, said: str
) -> None:
    path = folder / file
    if text is None:
        path.unlink()
    else:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError, match=said):
        load_folder(folder)
    assert Version.objects.count() == 1
