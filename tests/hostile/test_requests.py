"""Requests by the hundred, or by the ten thousand, at every address by everybody: an answer in words, never a 5xx."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings

from doudi.web.fsck.queries import examine
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.matters.models import Matter
from doudi.web.people.models import Appointment
from doudi.web.reports.models import Report
from doudi.web.resources.models import Roster
from doudi.web.units.models import Plaque
from doudi.web.upstream.models import ImportBatch
from tests.hostile.conftest import LONG, Judge
from tests.hostile.description import description
from tests.web.tables.files import HOTLINE, csv_text, order
from tests.web.town import TUESDAY

pytestmark = pytest.mark.slow

if TYPE_CHECKING:
    from schemathesis import Case

CASES = 10_000 if LONG else 400
WHO = ("", "shift", "desk", "admin", "east_officer", "grid_east", "committee", "leader", "auditor")


def test_every_address_answers_in_words(town: SimpleNamespace, client: Client, judge: Judge) -> None:
    import schemathesis  # a second, which whoever only collects need not pay

    token = _something_of_everything(town, client)
    schema = schemathesis.openapi.from_dict(description(_known(town, token)))
    operations = [found.ok() for found in schema.get_all_operations()]
    clients = {who: Client(raise_request_exception=False) for who in WHO}
    turns = cycle(WHO)
    answers: list[int] = []

    def throw(case: Case) -> None:
        who = next(turns)
        if who:
            # Anew each time: one of the requests before may have signed out, or closed the account.
            clients[who].force_login(getattr(town.people, who))
        answer = judge(f"{who or 'nobody'} {case.method} {case.formatted_path[:80]}", lambda: _ask(clients[who], case))
        answers.append(answer.status_code)
        assert judge.broken == [], (judge.broken, case.query, case.body)

    open_ones = []
    for place, operation in enumerate(operations):
        _drive(operation.as_strategy(), throw, 1, place)
        if answers[-1] != 405:
            open_ones.append(operation)
    each = max(1, -(-(CASES - len(answers)) // len(open_ones)))
    for place, operation in enumerate(open_ones):
        _drive(operation.as_strategy(), throw, each, place + len(operations))
    assert len(answers) >= CASES * 0.9
    # What came through the doors left the town whole.
    assert [str(fault) for fault in examine() if not fault.code.startswith(("job.", "upload"))] == []


def _drive(cases: Any, throw: Callable[[Case], None], most: int, place: int) -> None:
    quiet = settings(
        max_examples=most,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    seed(place)(quiet(given(cases)(throw)))()


def _ask(client: Client, case: Case) -> Any:
    query = {name: str(value) for name, value in (case.query or {}).items()}
    path = case.formatted_path.split("?")[0]
    if case.method == "GET":
        return client.get(path, query)
    body = case.body if isinstance(case.body, dict) else {}
    fields = {name: _field(value) for name, value in body.items() if value is not None}
    return client.post(path, fields)


def _field(value: Any) -> Any:
    if isinstance(value, bytes) or hasattr(value, "value"):
        raw = value if isinstance(value, bytes) else value.value
        return SimpleUploadedFile("a.csv", bytes(raw) or b"x")
    return str(value).encode("utf-8", "replace").decode()


def _something_of_everything(town: SimpleNamespace, client: Client) -> str:
    """A report, a matter, an import with a bad row, a shift, a dead job; returns the token of the report's link."""
    client.post(f"/Q/{town.shop.code}", {"words": "门口有人摆摊占道", "phone": "13900000000"})
    answer = client.post(f"/Q/{town.manhole.code}", {"words": "井盖坏了"})
    client.force_login(town.people.desk)
    sheet = csv_text([HOTLINE, order(1), order(2, 办理时限="后天")]).encode()
    batch = client.post("/import", {"system": "区12345", "file": SimpleUploadedFile("a.csv", sheet)})
    client.post(f"{batch['Location']}/confirm")
    Roster.objects.create(
        post_id="uoc.duty", name="值班的", phone="021", starts_at=TUESDAY, ends_at=TUESDAY.replace(hour=20)
    )
    jobs.plan("greet", "one", TUESDAY, {})
    Job.objects.filter(kind="greet").update(state="dead")
    client.logout()
    return str(answer.headers["Location"]).split("/r/")[1].split("?")[0]


def _known(town: SimpleNamespace, token: str) -> dict[str, list[str]]:
    matters, reports = (list(table.objects.values_list("number", flat=True)) for table in (Matter, Report))
    steps = (
        "take handle verify dispatch merge void reopen note add_support finish_support "
        "reply close contact tell quarantine release"
    ).split()
    return {
        "number": [*matters, *reports],
        "name": steps,
        "code": [town.shop.code, town.manhole.code, *town.posts],
        "token": [token],
        "batch": [str(Plaque.objects.values_list("batch", flat=True)[0])],
        "batch_id": [str(pk) for pk in ImportBatch.objects.values_list("pk", flat=True)],
        "form": ["csv", "xlsx"],
        "person_id": [str(person.pk) for person in (town.people.cleaner, town.people.market)],
        "plaque_id": [str(Plaque.objects.values_list("pk", flat=True)[0])],
        "seat_id": [str(Appointment.objects.values_list("pk", flat=True)[0])],
        "shift_id": [str(Roster.objects.values_list("pk", flat=True)[0])],
        "job": [str(Job.objects.get(kind="greet").pk)],
        "row": matters,
        "kind": ["event.street.stall", "event.street.rubbish"],
        "holder": list(town.posts),
        "words": ["已派人处理", "路灯不亮"],
    }
