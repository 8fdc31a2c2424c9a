"""Machines are told whether the platform lives, whether it can serve, and how the town is doing; strangers are not."""

from __future__ import annotations

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import LazySettings
from django.db import DatabaseError
from django.test import Client

from doudi.web import clock
from doudi.web.health import figures
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.journal.models import Head
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.town import TUESDAY


def scraped(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", **headers)  # type: ignore[arg-type]
    assert answer.status_code == 200
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_the_process_says_that_it_lives_without_asking_the_database(client: Client) -> None:
    assert client.get("/health").content == b"ok\n"


def test_a_town_whose_timers_run_is_ready(town: SimpleNamespace, client: Client) -> None:
    assert client.get("/ready").json()["timers"] == "silent"
    run_due()
    answer = client.get("/ready")
    parts = ("database", "migrations", "search", "kind_model", "timers", "disk")
    told = {"ready": True, **dict.fromkeys(parts, "ok")}
    assert (answer.status_code, answer.json()) == (200, told)
    with clock.at(TUESDAY + timedelta(minutes=3)):
        answer = client.get("/ready")
    assert (answer.status_code, answer.json()["timers"]) == (200, "silent")


@pytest.mark.parametrize(("part", "state"), [("database", "away"), ("migrations", "waiting"), ("disk", "full")])
def test_what_keeps_reports_from_being_stored_is_not_ready(
    town: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch, part: str, state: str
) -> None:
    def away() -> None:
        raise DatabaseError

    monkeypatch.setattr(figures, "_tables_are_there", part != "migrations")
    if part == "database":
        monkeypatch.setattr(figures, "timers_silent", away)
    elif part == "migrations":
        monkeypatch.setattr(figures.MigrationExecutor, "migration_plan", lambda *_: ["one"])
    else:
        monkeypatch.setattr(figures, "free_bytes", lambda: 1 << 20)
    answer = client.get("/ready")
    assert (answer.status_code, answer.json()["ready"], answer.json()[part]) == (503, False, state)


def test_the_figures_are_those_of_the_town(town: SimpleNamespace, client: Client) -> None:
    receive(
        [Incoming("scan", "门口有人摆摊占道", unit_code=town.shop.code), Incoming("web", "说不清的事")],
        auto_dispatch=True,
    )
    jobs.plan("greet", "one", TUESDAY - timedelta(hours=2), {})
    jobs.plan("greet", "two", TUESDAY, {})
    Job.objects.filter(key="two").update(state="dead")
    with clock.at(TUESDAY + timedelta(minutes=10)):
        found = scraped(client)
    assert found['doudi_reports_day{channel="scan"}'] == 1
    assert sum(value for name, value in found.items() if name.startswith("doudi_matters_open")) == 2
    assert found["doudi_matter_untaken_seconds"] == 600
    assert found["doudi_matters_overdue"] == 0
    assert (found['doudi_jobs{state="dead"}'], found['doudi_jobs{state="waiting"}']) == (1, 4)
    assert found["doudi_job_oldest_due_seconds"] == 7800
    assert found["doudi_journal_links"] == Head.objects.get().size
    assert found["doudi_journal_last_seconds"] == 600
    assert found["doudi_disk_free_bytes"] > 0
    assert "doudi_timers_silent_seconds" not in found


def test_how_long_requests_take_is_counted_by_route_and_never_by_address(town: SimpleNamespace, client: Client) -> None:
    client.get("/r/" + "a" * 34)
    found = scraped(client)
    name = 'doudi_request_seconds_count{method="GET",route="r/<str:token>",status="4xx"}'
    assert found[name] >= 1
    assert not [one for one in found if "aaaa" in one]


def test_figures_are_for_this_machine_or_for_whoever_has_the_token(
    town: SimpleNamespace, client: Client, settings: LazySettings
) -> None:
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    settings.TRUSTED_PROXIES = 1
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "烟囱-7"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer x"}).status_code == 404
    settings.METRICS_TOKEN = "chimney-7"
    assert (
        client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers={"Authorization": "Bearer chimney-7"}).status_code
        == 200
    )


def test_every_answer_bears_its_number_and_only_a_trusted_proxy_gives_one(
    client: Client, settings: LazySettings
) -> None:
    own = client.get("/health", headers={"X-Request-ID": "given-by-me-1"}).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", own)
    settings.TRUSTED_PROXIES = 1
    assert client.get("/health", headers={"X-Request-ID": "given-by-me-1"}).headers["X-Request-ID"] == "given-by-me-1"
    forged = client.get("/health", headers={"X-Request-ID": 'x" onload="alert'}).headers["X-Request-ID"]
    assert re.fullmatch("[0-9a-f]{32}", forged)
