"""What passers-by and colleagues do at a plaque."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client


@pytest.fixture(autouse=True)
def _files_of_this_test(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    cache.clear()


@pytest.fixture
def passer_by() -> Client:
    """A browser that keeps every safety check of the platform switched on."""
    return Client(enforce_csrf_checks=True)
