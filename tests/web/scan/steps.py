"""The ways through the public pages, as a person takes them."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

from doudi.web.reports.models import Report

RUBBISH, GAS = "event.street.rubbish", "event.life.gas"


def mark_on(page: HttpResponse) -> str:
    found = re.search(r'name="mark" value="([^"]*)"', page.content.decode())
    assert found
    return found[1]


def send(client: Client, path: str, **fields: Any) -> HttpResponse:
    """Open the form at ``path``, fill it in and send it."""
    fields.setdefault("mark", mark_on(client.get(path)))
    return client.post(path, fields)


def link_of(answer: HttpResponse) -> str:
    assert answer.status_code == 303, answer.content.decode()[-2000:]
    return str(answer["Location"]).split("?")[0]


def only_report() -> Report:
    return Report.objects.get()
