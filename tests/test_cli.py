"""The command `doudi`, tried as a newcomer would: help that teaches, a town founded, served, and its mistakes named."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.conf import LazySettings

from doudi.cli import main
from doudi.web.operations.serve import ServeError, serve
from tests.commands import PASSWORD, Machine, founded
from tests.postgres import free_port

pytestmark = pytest.mark.slow

ALL = "demo init load import password serve timers check fsck backup restore drill rotate erase migrate rebuild".split()


def helped(*arguments: str, **env: str) -> str:
    done = CliRunner(env=env).invoke(main, [*arguments, "--help"])
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Machine]:
    """A machine on which a town was founded once for all these tests."""
    made = founded(tmp_path_factory.mktemp("machine"))
    yield made
    made.gone()


def test_the_first_page_of_help_names_every_command_in_the_order_of_need() -> None:
    page = helped()
    places = [page.index(f"\n  {name} ") for name in ALL]
    assert len(set(places)) == len(main.commands) == len(ALL)
    assert page.index("demo") < page.index("serve") < page.index("fsck")


@pytest.mark.parametrize(
    "path",
    [(name,) for name in ALL if name not in ("load", "rebuild")]
    + [("load", one) for one in ("areas", "offices", "units")],
)
def test_each_command_says_when_it_is_needed_with_an_example_and_what_comes_next(path: tuple[str, ...]) -> None:
    page = helped(*path)
    for title in ("什么时候用:", "例子:", "接下来:"):
        assert title in page
    assert f"doudi {' '.join(path)}" in page


def test_asking_for_help_makes_no_files_anywhere(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "data")
    # Started, not forked: what is read at the start is what this is about.
    assert subprocess.run(machine.command("serve", "--help"), env=machine.env, capture_output=True).returncode == 0
    assert not (tmp_path / "data").exists()
    machine.gone()


def test_before_there_is_a_town_it_says_how_to_make_one(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    done = machine.doudi("fsck")
    assert (done.returncode, "doudi init" in done.stderr) == (1, True)
    checked = machine.doudi("check")
    assert (checked.returncode, "E010" in checked.stdout) == (1, True)
    machine.gone()


def test_a_founded_town_is_ready_and_sound(machine: Machine) -> None:
    assert machine.doudi("check").returncode == 0
    done = machine.doudi("fsck")
    assert (done.returncode, done.stdout.strip()[-5:]) == (0, "全部成立。")
    assert machine.doudi("fsck", "--json").stdout == ""


def test_founding_again_does_nothing_twice(machine: Machine) -> None:
    done = machine.doudi("init", "--admin", "zhang")
    assert done.returncode == 0
    assert "已存在" in done.stdout
    assert "发布" not in done.stdout
    assert "登记" not in done.stdout


@pytest.mark.only("sqlite", "the command, whatever the store")
def test_a_town_cannot_be_founded_without_its_area(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    done = machine.doudi("init", "--town", "无码镇")
    assert (done.returncode, "--code" in done.stderr) == (1, True)
    done = machine.doudi("init", "--town", "村", "--code", "310199101201")
    assert (done.returncode, "不是镇的代码" in done.stderr) == (1, True)
    machine.gone()


@pytest.mark.only("sqlite", "the command, whatever the store")
def test_a_rulebook_that_the_town_cannot_work_with_is_not_published(machine: Machine, tmp_path: Path) -> None:
    import shutil

    from doudi.web.rulebook.services import SHIPPED

    folder = Path(shutil.copytree(SHIPPED, tmp_path / "rulebook"))
    done = machine.doudi("init", "--rulebook", str(folder))
    assert (done.returncode, "区域" in done.stderr) == (1, True)
    assert machine.doudi("check").returncode == 0


@pytest.mark.only("sqlite", "the command, whatever the store")
def test_a_password_is_set_from_the_machine_and_must_be_good(machine: Machine) -> None:
    assert machine.doudi("password", "zhang", "--password-stdin", given=f"{PASSWORD}二\n").returncode == 0
    weak = machine.doudi("password", "zhang", "--password-stdin", given="123\n")
    assert (weak.returncode, "密码不够安全" in weak.stderr) == (1, True)
    nobody = machine.doudi("password", "nobody", "--password-stdin", given=f"{PASSWORD}\n")
    assert (nobody.returncode, "没有账号" in nobody.stderr) == (1, True)


def test_orders_come_in_once_however_often_their_file_does(machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "orders.csv"
    file.write_text("编号,时间,内容\nA1,2026-11-23 09:00,路边有垃圾\nA2,昨天早上,井盖没了\n", encoding="gb18030")
    arguments = (
        "import",
        str(file),
        "--system",
        "区12345",
        "--map",
        "external_id=编号",
        "--map",
        "received_at=时间",
        "--map",
        "words=内容",
    )
    asked = machine.doudi(*arguments, given="n\n")
    assert (asked.returncode, "预演" in asked.stdout, "新增 1" in asked.stdout) == (1, True, True), asked.stderr
    first = machine.doudi(*arguments, given="y\n")
    assert (first.returncode, "第 3 行" in first.stdout, "共 2 行：新增 1" in first.stdout) == (0, True, True), (
        first.stderr
    )
    assert "共 2 行：新增 0，已有 1" in machine.doudi(*arguments, "--yes").stdout
    assert machine.doudi("import", str(file), "--system", "x", "--map", "编号").returncode == 2


@pytest.mark.only("sqlite", "the command, whatever the store")
def test_a_fault_ends_with_one_and_can_be_read_by_programs(machine: Machine) -> None:
    script = (
        "import django; django.setup()\nfrom doudi.web.jobs.models import Job\nfrom doudi.web import clock\n"
        "Job.objects.create(kind='greet', key='greet', state='dead', due_at=clock.now(), made_at=clock.now())"
    )
    subprocess.run(
        [*machine.command()[:1], "-c", script],
        env={**machine.env, "DJANGO_SETTINGS_MODULE": "doudi.web.config.settings"},
        check=True,
    )
    done = machine.doudi("fsck", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["code"] == "job.dead"
    assert "[job.dead] job/greet" in machine.doudi("fsck").stdout


def answered(url: str, patience: float = 30) -> int:
    until = time.monotonic() + patience
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return int(answer.status)
        except OSError:
            if time.monotonic() > until:
                raise


@pytest.mark.only("sqlite", "the command, whatever the store")
def test_it_serves_pages_and_timers_and_ends_cleanly(machine: Machine) -> None:
    port = free_port()
    server = subprocess.Popen(
        machine.command("serve", "--port", str(port)),
        env=machine.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert answered(f"http://127.0.0.1:{port}/report") == 200
        second = machine.doudi("serve", "--port", str(port))
        assert (second.returncode, "换一个端口" in second.stderr) == (1, True)
    finally:
        server.send_signal(signal.SIGTERM)
        told, _ = server.communicate(timeout=40)
    assert server.returncode == 0, told
    assert "Traceback" not in told


@pytest.mark.only("sqlite", "the command, whatever the store")
def test_the_timers_alone_end_cleanly_too(machine: Machine) -> None:
    timers = subprocess.Popen(
        machine.command("timers"), env={**machine.env, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True
    )
    assert timers.stdout is not None
    assert "运行中" in timers.stdout.readline()
    time_to_install = machine.doudi("check")
    assert time_to_install.returncode == 0
    timers.send_signal(signal.SIGTERM)
    assert timers.wait(30) == 0


@pytest.mark.only("sqlite", "the command, whatever the store")
def test_what_is_not_safe_is_not_served(machine: Machine) -> None:
    key = machine.folder / "keys" / "sealing"
    key.chmod(0o644)
    try:
        done = machine.doudi("serve", "--port", str(free_port()))
    finally:
        key.chmod(0o600)
    assert (done.returncode, "E020" in done.stdout, "没有启动" in done.stderr) == (1, True, True)


@pytest.mark.parametrize("host", ["0.0.0.0", "8.8.8.8"])
def test_a_demo_is_never_served_to_the_world(settings: LazySettings, host: str) -> None:
    settings.PROFILE = "demo"
    with pytest.raises(ServeError, match="密码人人知道"):
        serve(host, free_port())


def test_the_language_is_the_readers() -> None:
    from doudi.web.operations import console

    chosen = {}
    for name, env in {
        "machine": {"LANG": "en_GB.UTF-8"},
        "own": {"LANG": "en_GB.UTF-8", "DOUDI_LANGUAGE": "zh"},
        "none": {},
    }.items():
        with pytest.MonkeyPatch.context() as patch:
            for variable in ("DOUDI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
                patch.delenv(variable, raising=False)
            for variable, value in env.items():
                patch.setenv(variable, value)
            chosen[name] = console.language()
    assert chosen == {"machine": "en", "own": "zh-hans", "none": "zh-hans"}
    assert os.environ["DOUDI_PROFILE"] == "test"
