"""Whoever signed in is known until the session ends, also by a session that Django's own store made."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from doudi.web import clock
from doudi.web.people.sessions import SessionStore

pytestmark = pytest.mark.django_db


def made(store: type[db.SessionStore]) -> str:
    session = store()
    session["who"] = "desk"
    session.create()
    return str(session.session_key)


def test_a_session_is_found_again(town: SimpleNamespace) -> None:
    assert SessionStore(made(SessionStore))["who"] == "desk"


def test_a_session_of_the_framework_s_own_store_stays_good(town: SimpleNamespace) -> None:
    key = made(db.SessionStore)
    with clock.at(Session.objects.get(pk=key).expire_date - timedelta(hours=1)):
        assert SessionStore(key)["who"] == "desk"


def test_a_session_ends(town: SimpleNamespace) -> None:
    key = made(SessionStore)
    with clock.at(Session.objects.get(pk=key).expire_date - timedelta(seconds=1)):
        assert "who" in SessionStore(key)
    with clock.at(Session.objects.get(pk=key).expire_date):
        assert "who" not in SessionStore(key)


def test_a_key_that_nobody_has_is_nobody(town: SimpleNamespace) -> None:
    session = SessionStore("a" * 32)
    assert "who" not in session
    assert session.session_key is None
