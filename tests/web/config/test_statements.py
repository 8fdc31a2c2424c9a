"""No search stops everybody: what reads too long is cut off, one person searches once at a time, a lock stops no reader."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Event, Thread
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory

from doudi.web.config.middleware import DomainErrorMiddleware, OneAtATimeMiddleware
from doudi.web.config.sqlite3 import base
from doudi.web.config.statements import limit_statements
from doudi.web.jobs.models import Heartbeat
from doudi.web.limits.tally import counted
from doudi.web.operations import refusals

LONG = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n",
    "postgresql": "SELECT pg_sleep(30)",
}


@pytest.fixture
def short(transactional_db: None) -> Iterator[None]:
    """A process in which statements may take a quarter of a second."""
    settings = connections.settings["default"]
    before = dict(settings["OPTIONS"])
    limit_statements(0.25)
    connection.close()
    yield
    connection.close()
    settings["OPTIONS"] = before
    base.DatabaseWrapper.longest_statement = None
    connection.settings_dict["OPTIONS"] = before


def ask(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()


def test_what_reads_too_long_is_cut_off_and_the_connection_goes_on(short: None) -> None:
    begun = monotonic()
    with pytest.raises(OperationalError) as met:
        ask(LONG[connection.vendor])
    assert monotonic() - begun < 10
    assert ask("SELECT 1") == (1,)
    before = counted("search", "cut_off")
    answer = DomainErrorMiddleware(lambda _: HttpResponse()).process_exception(RequestFactory().get("/"), met.value)
    assert answer is not None and answer.status_code == 503 and "缩小" in answer.content.decode()
    assert counted("search", "cut_off") == before + 1


@pytest.mark.only("sqlite", "PostgreSQL ends any statement, and the transaction is rolled back")
def test_what_writes_ends_what_it_has_begun(short: None) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000000) SELECT COUNT(*) FROM n"
    begun = monotonic()
    with transaction.atomic():
        assert ask(many) == (9_000_000,)
    assert monotonic() - begun > 0.25, "long enough to be cut off elsewhere"


def test_without_a_limit_nothing_is_cut_off(transactional_db: None) -> None:
    """Timers, imports and commands."""
    assert base.DatabaseWrapper.longest_statement is None
    assert "statement_timeout" not in str(connections.settings["default"]["OPTIONS"])


@pytest.mark.only("sqlite", "PostgreSQL locks rows, and lets readers be")
def test_a_lock_of_another_program_stops_no_reader_and_is_said(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "_KEPT", 0.3)
    met: list[str] = []

    def write(name: str) -> None:
        try:
            with transaction.atomic():
                Heartbeat.objects.create(name=name, at="2026-06-02T00:00:00Z")
            met.append("written")
        except OperationalError as error:
            met.append(str(error))
        finally:
            connection.close()

    with closing(sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        writers = [Thread(target=write, args=(str(number),)) for number in range(4)]
        for one in writers:
            one.start()
        until = monotonic() + 10
        while len(met) < 2 and monotonic() < until:
            sleep(0.02)
        assert met == ["database is locked"] * 2, "two of four give their threads back long before the 20 s"
        begun = monotonic()
        assert Heartbeat.objects.count() == 0 and monotonic() - begun < 1
        other.execute("ROLLBACK")
    for one in writers:
        one.join(20)
    assert sorted(met[2:]) == ["written", "written"], "whoever waited is let in"
    held = OperationalError("database is locked")
    answer = DomainErrorMiddleware(lambda _: HttpResponse()).process_exception(RequestFactory().get("/"), held)
    assert answer is not None and answer.status_code == 503 and "另一个程序" in answer.content.decode()


@pytest.mark.only("sqlite", "the queue stands before SQLite's one lock")
def test_without_a_foreign_lock_many_writers_only_wait(transactional_db: None) -> None:
    met: list[str] = []

    def write(name: str) -> None:
        try:
            for number in range(20):
                with transaction.atomic():
                    Heartbeat.objects.create(name=f"{name}.{number}", at="2026-06-02T00:00:00Z")
        except OperationalError as error:
            met.append(str(error))
        finally:
            connection.close()

    writers = [Thread(target=write, args=(str(number),)) for number in range(8)]
    for one in writers:
        one.start()
    for one in writers:
        one.join(60)
    assert (met, Heartbeat.objects.count()) == ([], 160)


def test_a_person_searches_once_at_a_time(town: SimpleNamespace) -> None:
    begun, end = Event(), Event()

    def slow(_request: Any) -> HttpResponse:
        begun.set()
        end.wait(20)
        return HttpResponse("found")

    def asked(person: Any, name: str = "search") -> Any:
        request = RequestFactory().get("/search")
        request.user, request.resolver_match = person, SimpleNamespace(url_name=name)  # type: ignore[assignment]
        return request

    def through(view: Callable[[Any], HttpResponse], request: Any) -> HttpResponse:
        middleware.get_response = lambda one: middleware.process_view(one, None, (), {}) or view(one)
        return middleware(request)

    middleware = OneAtATimeMiddleware(slow)
    answers: list[HttpResponse] = []
    first = Thread(target=lambda: answers.append(through(slow, asked(town.people.desk))))
    first.start()
    assert begun.wait(10)
    quick = lambda _: HttpResponse("quick")  # noqa: E731
    second = through(quick, asked(town.people.desk))
    assert second.status_code == 429 and second["Retry-After"] == "5" and "还没有出结果" in second.content.decode()
    assert through(quick, asked(town.people.shift)).status_code == 200, "another person"
    assert through(quick, asked(town.people.desk, "desk")).status_code == 200, "another page"
    end.set()
    first.join(20)
    assert answers[0].content == b"found"
    assert through(quick, asked(town.people.desk)).status_code == 200


def test_the_page_that_searches_stands_under_the_rule(town: SimpleNamespace) -> None:
    browser = Client()
    browser.force_login(town.people.desk)
    assert browser.get("/search?q=路灯").status_code == 200
    assert browser.get("/search?q=路灯").resolver_match.url_name == "search"


def test_what_the_door_refuses_is_counted() -> None:
    before = counted("door", "slow")
    refusals.page("slow", {})
    assert counted("door", "slow") == before + 1
