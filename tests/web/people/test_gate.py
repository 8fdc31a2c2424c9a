"""A flood of sign-ins waits before it costs anything; nobody is locked out by it, and what it tries is seen."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth import hashers
from django.test import Client

from doudi.web.jobs.models import Job
from doudi.web.limits import buckets
from doudi.web.notices.models import Notice
from doudi.web.people import gate
from doudi.web.timers.running import run_due
from tests.web.town import PASSWORD

pytestmark = pytest.mark.only("sqlite", "sign-ins are counted in memory")

HERE, THERE = "203.0.113.5", "198.51.100.7"


def sign_in(name: str, password: str, address: str = THERE, browser: Client | None = None) -> Any:
    return (browser or Client()).post("/login", {"username": name, "password": password}, REMOTE_ADDR=address)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [1000.0]
    monkeypatch.setattr(buckets, "monotonic", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


@pytest.fixture
def reckoned(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every time that a password is tried."""
    tried: list[str] = []
    verify = hashers.MD5PasswordHasher.verify

    def counted(self: Any, password: str, encoded: str) -> bool:
        tried.append(password)
        return verify(self, password, encoded)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "verify", counted)
    return tried


def test_a_flood_from_one_address_is_put_off_before_anything_is_reckoned(
    town: SimpleNamespace, later: Callable[[float], None], reckoned: list[str]
) -> None:
    answers = [sign_in("desk", f"wrong {number}", HERE) for number in range(200)]
    assert [one.status_code for one in answers[:7]] == [400] * 6 + [429]
    assert {one.status_code for one in answers[6:]} == {429} and len(reckoned) == 6
    assert int(answers[-1]["Retry-After"]) == 10
    assert "账号没有被停用" in answers[-1].content.decode() and 'value="desk"' in answers[-1].content.decode()
    # Everybody else comes in meanwhile, from elsewhere, under the very name.
    assert sign_in("desk", PASSWORD, THERE).status_code == 302
    later(10)
    assert sign_in("desk", PASSWORD, HERE).status_code == 302, "it was put off and not locked"


def test_behind_a_proxy_each_client_waits_for_its_own_tries(
    town: SimpleNamespace, settings: LazySettings, later: Callable[[float], None]
) -> None:
    """Where all are taken for the proxy, whoever fails shuts everybody out."""
    settings.TRUSTED_PROXIES = 1

    def come(password: str, client: str) -> int:
        said = {"username": "desk", "password": password}
        told = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"1.2.3.4, {client}"}
        return int(Client().post("/login", said, **told).status_code)

    assert [come("wrong", HERE) for _ in range(7)][-1] == 429
    assert come(PASSWORD, THERE) == 302


def test_from_many_addresses_all_strangers_together_have_so_many_tries_a_second(
    town: SimpleNamespace, later: Callable[[float], None], reckoned: list[str]
) -> None:
    assert sign_in("shift", PASSWORD, HERE).status_code == 302
    officer = Client()
    assert sign_in("desk", PASSWORD, THERE, officer).status_code == 302
    reckoned.clear()
    answers = [sign_in("desk", f"w{number}", f"192.0.2.{number % 250}").status_code for number in range(500)]
    assert answers.count(400) <= 16 and len(reckoned) <= 16
    officer.cookies.pop("sessionid", None)
    assert sign_in("desk", PASSWORD, "203.0.113.99", officer).status_code == 302, (
        "a device that is known is no stranger"
    )
    assert sign_in("shift", PASSWORD, HERE).status_code == 302, "nor an address that was right lately"
    later(1)
    assert sign_in("desk", PASSWORD, "203.0.113.98").status_code == 302, (
        "and a stranger in a moment, under the very name"
    )


def test_a_device_is_known_by_our_own_mark_and_for_its_own_name(
    town: SimpleNamespace, later: Callable[[float], None]
) -> None:
    officer = Client()
    sign_in("desk", PASSWORD, THERE, officer)
    mark = officer.cookies["doudi_device"]
    assert mark["httponly"] and PASSWORD not in mark.value
    for number in range(7):
        sign_in("desk", f"wrong {number}", HERE)
    officer.cookies.pop("sessionid", None)
    assert sign_in("shift", "wrong", HERE, officer).status_code == 429
    forged = Client()
    forged.cookies["doudi_device"] = mark.value[:-2] + "xx"
    assert sign_in("desk", PASSWORD, HERE, forged).status_code == 429
    assert sign_in("desk", PASSWORD, HERE, officer).status_code == 302


def test_many_addresses_do_not_try_one_name_fast(
    town: SimpleNamespace, later: Callable[[float], None], reckoned: list[str]
) -> None:
    for number in range(20):
        later(1)
        sign_in("desk", f"w{number}", f"192.0.2.{number}")
    reckoned.clear()
    for number in range(6):
        later(1)
        sign_in("desk", f"x{number}", HERE)
    assert len(reckoned) == 2, "two, where another name has six"


def test_whoever_is_right_loses_nothing(town: SimpleNamespace, later: Callable[[float], None]) -> None:
    """An office behind one address comes in the morning."""
    assert {sign_in("desk", PASSWORD, HERE).status_code for _ in range(40)} == {302}


@pytest.mark.parametrize("over", ["one password", "one address"])
def test_spraying_is_told_to_those_who_run_the_town(
    town: SimpleNamespace, later: Callable[[float], None], over: str
) -> None:
    for number in range(12):
        later(12)
        same = over == "one password"
        sign_in(f"name{number}", "Shanghai2026!" if same else f"w{number}", f"192.0.2.{number}" if same else HERE)
    assert Job.objects.filter(kind="tell_of_attack").count() == 1, "once in an hour"
    run_due()
    told = Notice.objects.filter(kind="attack")
    assert {one.post_id for one in told} >= {"uoc.shift_leader", "admin"} and all(one.urgent for one in told)
    assert "账号没有停用" in told[0].template and "Shanghai2026!" not in str(
        list(Job.objects.values()) + list(told.values())
    )


def test_a_few_who_mistype_are_no_attack(town: SimpleNamespace, later: Callable[[float], None]) -> None:
    for number in range(7):
        later(12)
        sign_in(f"name{number}", "123456", HERE)
    assert not Job.objects.filter(kind="tell_of_attack").exists()


def test_one_password_is_tried_at_a_time_and_one_waits() -> None:
    """However many come, they hold two of the door's threads and one processor."""
    turns: list[bool] = []

    def come() -> None:
        with gate.turn() as mine:
            turns.append(mine)

    with gate.turn() as first:
        assert first
        waiting = Thread(target=come)
        waiting.start()
        while gate._places._value:  # type: ignore[attr-defined]
            sleep(0.001)
        begun = monotonic()
        come()
        assert turns == [False] and monotonic() - begun < 1, "at once, and without a thread that waits"
    waiting.join(10)
    assert turns == [False, True]
