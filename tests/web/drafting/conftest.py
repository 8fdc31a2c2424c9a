"""Those at the workbench, signed in."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web.rulebook.models import Version
from tests.web.rulebook.drafting import begun


@pytest.fixture
def sign_in(town: SimpleNamespace) -> Callable[[str], Client]:
    """``sign_in("shift")`` is the browser of that person."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(town.people, name), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def editor(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("shift")


@pytest.fixture
def draft(town: SimpleNamespace) -> Version:
    return begun(town)
