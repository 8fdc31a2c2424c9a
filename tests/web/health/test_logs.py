"""The log tells when, where and which request; never what anybody wrote, who anybody is, or an address that is a secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web.health import figures
from doudi.web.health.logs import SafeLine
from doudi.web.jobs import services as jobs
from doudi.web.registry.declared import Declared, JobKind
from doudi.web.reports.models import Report
from doudi.web.timers.running import run_due
from doudi.web.triage.services import receiving as triage
from tests.web.town import PASSWORD, TUESDAY

CANARY_WORDS, CANARY_NAME, CANARY_PHONE = "金丝雀在面馆后厨唱歌", "鹂先生", "13900139000"
SECRETS = (CANARY_WORDS, CANARY_NAME, CANARY_PHONE, PASSWORD)


@pytest.fixture(params=["json", "line"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that the log would hold, at every level, in the form that the settings choose."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(SafeLine(request.param))
    root, ours = logging.getLogger(), logging.getLogger("doudi")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before[0])


def test_a_crawl_with_errors_leaves_nobody_in_the_log(
    town: SimpleNamespace,
    client: Client,
    written: io.StringIO,
    declare: Callable[[Declared], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.raise_request_exception = False
    form = {"words": CANARY_WORDS, "name": CANARY_NAME, "phone": CANARY_PHONE}
    receipt = client.post(f"/Q/{town.shop.code}", form).headers["Location"]
    token = receipt.split("/r/")[1].split("?")[0].strip("/")
    number = Report.objects.get().number
    client.post("/login", {"username": CANARY_NAME, "password": PASSWORD})
    client.force_login(town.people.shift)
    for address in (
        receipt,
        f"/r/{token}x",
        f"/search?q={CANARY_PHONE}",
        f"/reports/{number}",
        "/desk",
        f"/desk?q={CANARY_WORDS}",
        f"/people?q={CANARY_NAME}",
        f"/{CANARY_WORDS}",
        f"/matters/{CANARY_PHONE}",
    ):
        client.get(address)
    client.post(f"/reports/{number}/reply", {"words": CANARY_WORDS, "version": "99"})
    client.get("/desk", headers={"Host": f"{CANARY_PHONE}.example"})

    def broken(*_: object, **__: object) -> None:
        raise ValueError(f"cannot store {CANARY_WORDS} of {CANARY_NAME}, {CANARY_PHONE}, {token}")

    monkeypatch.setattr(triage, "_prepare", broken)
    page = client.post(f"/Q/{town.shop.code}", form | {"words": CANARY_WORDS * 2})
    assert page.status_code == 503
    assert CANARY_WORDS in page.content.decode()
    declare(JobKind("greet", "问候", broken))
    jobs.plan("greet", "one", TUESDAY, {})
    run_due()
    text = written.getvalue()
    assert "ValueError" in text
    assert [secret for secret in (*SECRETS, token) if secret in text or json.dumps(secret)[1:-1] in text] == []


def test_one_line_is_one_json_value_with_the_number_of_its_request(
    town: SimpleNamespace, client: Client, written: io.StringIO
) -> None:
    number = client.get(f"/Q/{town.shop.code}").headers["X-Request-ID"]
    lines = [line for line in written.getvalue().splitlines() if "served" in line]
    assert len(lines) == 1
    if lines[0].startswith("{"):
        told = json.loads(lines[0])
        assert (told["request"], told["route"], told["status"], told["method"]) == (number, "Q/<path:code>", 200, "GET")
        assert told["ms"] >= 0
    else:
        assert f"request={number}" in lines[0]


def test_nobody_writes_a_second_line_into_the_log(written: io.StringIO) -> None:
    logging.getLogger("doudi.test").warning("a %s", "line\r\n\x1b[31m2026 forged")
    logging.getLogger("else.where").warning("line\nforged: %s", "x")
    assert len(written.getvalue().splitlines()) == 2
    assert "\x1b" not in written.getvalue()


def test_an_error_page_names_the_number_under_which_the_log_has_it(
    town: SimpleNamespace,
    client: Client,
    written: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.raise_request_exception = False
    monkeypatch.setattr(figures, "chain", lambda: 1 / 0)
    client.force_login(town.people.shift)
    page = client.get("/system")
    assert page.status_code == 500
    number = page.headers["X-Request-ID"]
    assert number in page.content.decode()
    failed = [line for line in written.getvalue().splitlines() if "ZeroDivisionError" in line]
    assert failed
    assert all(number in line for line in failed)
    assert "tests/web/health/test_logs.py" in failed[0]
