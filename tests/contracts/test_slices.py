"""A new slice edits at most seven files outside its own folders: kept true by building one in a copy of the house."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.house import ROOT

TOY = Path(__file__).parent / "toy"
OWN = ("src/doudi/web/lamps/", "src/doudi/engine/lamps/", "tests/web/lamps/")
MOST = 7

#: one edit of each central file: what stands there, and what stands there with the slice
EDITS = {
    "src/doudi/web/config/settings.py": (
        '    "doudi.web.backstop",\n',
        '    "doudi.web.backstop",\n    "doudi.web.lamps",\n',
    ),
    "pyproject.toml": ('  "backstop",\n', '  "backstop | lamps",\n'),
    "ARCHITECTURE.md": (
        "           │ backstop               ",
        f"           │ {'lamps':<23}{'lamps of the street':<57}│\n           │ backstop               ",
    ),
    "docs/glossary.md": (
        "| backstop | ",
        "| lamp | 路灯 | lights a street; it is lit, dark or taken down |\n| backstop | ",
    ),
    "tests/matrix/routes.csv": (
        "\nlogin,",
        "\nlamps,GET,路灯,—,请登录,不存在,不存在,不存在,不存在,可,可,不存在,可,不存在,不存在,可\nlogin,",
    ),
}
ENGLISH = {
    "路灯": "Street lamps",
    "亮着": "lit",
    "灭了": "dark",
    "已拆除": "taken down",
    "路灯 {number} 已经灭了 2 天": "Lamp {number} has been dark for 2 days",
    "立起路灯": "Lamp put up",
    "路灯灭了": "Lamp went out",
    "路灯又亮了": "Lamp lit again",
    "查看路灯": "look at a lamp",
    "这盏路灯刚有人动过，请刷新。": "Somebody has just changed this lamp; please load the page again.",
    "每盏路灯与它的事件一致": "every lamp is what its events say",
    "路灯的状态与事件不同。": "The lamp's state is not what its events say.",
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with the toy slice built in."""
    copy = tmp_path_factory.mktemp("house")
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc", "toy", "test_slices.py")
    for folder in ("src", "tests", "docs", "bench"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=left_out)
    for file in ("pyproject.toml", "ARCHITECTURE.md"):
        shutil.copy(ROOT / file, copy / file)
    shutil.copytree(TOY, copy, dirs_exist_ok=True)
    for file, (before, after) in EDITS.items():
        path = copy / file
        text = path.read_text(encoding="utf-8")
        assert before in text, f"{file} does not hold {before!r} any more"
        path.write_text(text.replace(before, after, 1), "utf-8")
    pyproject = copy / "pyproject.toml"
    engine = pyproject.read_text(encoding="utf-8")
    pyproject.write_text(engine.replace('  "duties | ', '  "duties | lamps | ', 1), "utf-8")
    _run(copy, "-m", "django", "makemigrations", "doudi_lamps", "--name", "first_tables")
    _translate(copy)
    return copy


def _translate(copy: Path) -> None:
    _run(copy, "-m", "tests.contracts.catalogue")
    words = copy / "src/doudi/web/locale/en/LC_MESSAGES/django.po"
    text = words.read_text(encoding="utf-8")
    for chinese, english in ENGLISH.items():
        text = text.replace(f'msgid "{chinese}"\nmsgstr ""', f'msgid "{chinese}"\nmsgstr "{english}"')
    words.write_text(text, "utf-8")
    _run(copy, "-m", "tests.contracts.catalogue")


def _run(copy: Path, *command: str) -> None:
    home = copy / "var"
    home.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DOUDI_", "PYTEST_"))}
    surroundings = kept | {
        "PYTHONPATH": f"{copy / 'src'}{os.pathsep}{copy}",
        "DJANGO_SETTINGS_MODULE": "doudi.web.config.settings",
        "DOUDI_DATA_DIR": str(home),
        "DOUDI_PROFILE": "test",
    }
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def edited(copy: Path) -> set[str]:
    """The files outside the slice's own folders that are not as they were."""
    found = set()
    for path in copy.rglob("*"):
        name = path.relative_to(copy).as_posix()
        if path.is_dir() or "__pycache__" in name or name.startswith((*OWN, "var/", ".")):
            continue
        if not (ROOT / name).is_file() or (ROOT / name).read_bytes() != path.read_bytes():
            found.add(name)
    return found


def listed() -> set[str]:
    """The files that docs/slices.md says a new slice edits."""
    page = (ROOT / "docs" / "slices.md").read_text(encoding="utf-8")
    table = page.split("## What it edits outside its folders")[1].split("A new power")[0]
    return set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE))


@pytest.mark.slow
def test_a_slice_edits_the_files_that_the_page_lists_and_no_others(house: Path) -> None:
    assert edited(house) == listed()
    assert len(listed()) <= MOST


@pytest.mark.slow
def test_the_slice_works_and_the_house_stands(house: Path) -> None:
    """Its own tests, the contracts, and the proof of a town that lived, all of them with the slice built in."""
    _run(
        house,
        *("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"),
        *("tests/web/lamps", "tests/contracts/test_registry.py", "tests/contracts/test_bounds.py"),
        *("tests/contracts/test_imports.py::test_every_wall_stands", "tests/contracts/test_drawing.py"),
        *("tests/contracts/test_relations.py", "tests/contracts/test_templates.py", "tests/contracts/test_words.py"),
        *("tests/contracts/test_writers.py", "tests/contracts/test_names.py", "tests/contracts/test_powers.py"),
        *("tests/contracts/test_records.py", "tests/contracts/test_addresses.py"),
        *("tests/web/fsck/test_clean.py", "tests/web/timers/test_bounds.py", "tests/web/design/test_pieces.py"),
        "tests/matrix/test_routes.py::test_every_address_has_its_lines",
    )
