"""Strangers stay outside and sessions stay whose they are: as production sets it up, and as pages behave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.serializers import serialize
from django.test import Client

from doudi.web.people.models import Person
from tests.hostile.description import description
from tests.web.town import PASSWORD

pytestmark = pytest.mark.only("sqlite", "headers and settings")

_ASK = """
import django, json; django.setup()
from django.conf import settings as s
from django.core.checks import run_checks
names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
         "SESSION_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG", "AXES_ENABLED", "PASSWORD_HASHERS")
found = [c.id for c in run_checks(include_deployment_checks=True) if not str(c.id).startswith("doudi.") and not c.is_silenced()]
print(json.dumps({name: getattr(s, name) for name in names} | {"found": found}))
"""


def as_set_up(folder: Path, **env: str) -> dict[str, Any]:
    """The settings, and what Django's own checks find, in a process of its own."""
    given = {
        **os.environ,
        "DOUDI_DATA_DIR": str(folder),
        "DOUDI_PROFILE": "production",
        "DOUDI_HOSTS": "d.example",
        **env,
    }
    given |= {
        "DJANGO_SETTINGS_MODULE": "doudi.web.config.settings",
        "DOUDI_DATABASE_URL": f"sqlite:///{folder / 'x.sqlite3'}",
    }
    done = subprocess.run([sys.executable, "-c", _ASK], env=given, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def test_behind_https_djangos_own_checks_find_nothing(tmp_path: Path) -> None:
    found = as_set_up(tmp_path, DOUDI_SITE_URL="https://d.example", DOUDI_PROXIES="1")
    assert found["found"] == []
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("__Host-sessionid", "__Host-csrftoken")
    assert found["SESSION_COOKIE_SECURE"] and found["CSRF_COOKIE_SECURE"] and found["SESSION_COOKIE_HTTPONLY"]
    assert found["SECURE_SSL_REDIRECT"] and found["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert (found["SESSION_COOKIE_SAMESITE"], found["DEBUG"], found["AXES_ENABLED"]) == ("Lax", False, True)
    assert found["PASSWORD_HASHERS"] == ["doudi.web.people.hashers.Argon2PasswordHasher"]


def test_without_https_the_town_still_opens(tmp_path: Path) -> None:
    """A start-up check advises against it; a cookie that no browser would send back would only lock everybody out."""
    found = as_set_up(tmp_path, DOUDI_SITE_URL="http://192.168.1.7:8000", DOUDI_PROXIES="0")
    assert (found["SESSION_COOKIE_NAME"], found["SECURE_SSL_REDIRECT"]) == ("sessionid", False)


@pytest.fixture
def throttled(settings: LazySettings, town: SimpleNamespace) -> SimpleNamespace:
    settings.AXES_ENABLED = True
    return town


def sign_in(password: str, *, who: str = "desk", address: str = "192.0.2.1") -> int:
    return Client(REMOTE_ADDR=address).post("/login", {"username": who, "password": password}).status_code


def test_guessing_is_put_off_at_one_place_and_locks_nobody_else_out(throttled: SimpleNamespace) -> None:
    assert [sign_in("wrong") for _ in range(6)] == [400] * 6
    assert sign_in(PASSWORD) == 429
    assert sign_in(PASSWORD, address="192.0.2.9") == 302
    assert sign_in(PASSWORD, who="shift", address="192.0.2.10") == 302


def test_an_account_that_is_closed_is_out_at_its_next_click(town: SimpleNamespace, client: Client) -> None:
    client.force_login(town.people.desk)
    assert client.get("/desk").status_code == 200
    Person.objects.filter(pk=town.people.desk.pk).update(is_active=False)
    assert client.get("/desk").headers["Location"].startswith("/login")


def test_a_session_holds_no_more_than_who_it_is(town: SimpleNamespace, client: Client) -> None:
    client.post("/login", {"username": "desk", "password": PASSWORD})
    client.get("/desk")
    (session,) = Session.objects.all()
    assert {name.split("_")[-1] for name in session.get_decoded()} <= {"id", "backend", "hash", "messages"}


def test_what_is_only_looked_at_changes_nothing(town: SimpleNamespace, client: Client) -> None:
    """Every address by GET, by whoever may see most: the records are the same afterwards, save what tells who looked and took along."""
    client.post(f"/Q/{town.shop.code}", {"words": "门口有人摆摊占道"})
    client.force_login(town.people.desk)
    client.post(
        "/import",
        {"system": "热线", "file": SimpleUploadedFile("a.csv", "工单编号,诉求内容\n1,路灯不亮\n2,\n".encode())},
    )
    client.force_login(town.people.shift)
    known = {
        name: str(row.pk if name != "number" else row.number)
        for name, table in (
            ("number", "doudi_matters.Matter"),
            ("batch_id", "doudi_upstream.ImportBatch"),
            ("code", "doudi_units.Unit"),
            ("seat_id", "doudi_people.Appointment"),
            ("person_id", "doudi_people.Person"),
            ("plaque_id", "doudi_units.Plaque"),
        )
        if (row := apps.get_model(table).objects.first()) is not None
    }
    before = _records()
    seen: set[int] = set()
    for path in description({})["paths"]:
        address = path
        for name, value in known.items():
            address = address.replace("{" + name + "}", value)
        for form in ("csv", "xlsx") if "{form}" in address else ("",):
            asked = address.replace("{form}", form).replace("{token}", "0" * 34).replace("{name}", "note")
            seen.add(client.get(asked.replace("{", "").replace("}", "")).status_code)
    assert {200, 404, 405} <= seen
    assert max(seen) < 500
    assert _records() == before


def _records() -> dict[str, str]:
    looks = {"journal", "exports", "sessions", "axes", "contenttypes", "auth"}
    return {
        model._meta.label: serialize("json", model._default_manager.order_by("pk"))
        for model in apps.get_models()
        if not any(one in model._meta.app_label for one in looks)
    }


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "FOO"])
def test_strange_methods_are_refused_everywhere(client: Client, db: None, method: str) -> None:
    assert {client.generic(method, path).status_code for path in ("/login", "/health", "/ready")} == {405}
