"""The district's list against ours: every planted difference is found, none is invented, and a clean one is a proof."""

from __future__ import annotations

import os
import sys
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from doudi.engine.upstream.vocabulary import DifferenceKind, Stage
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.journal.models import Leaf
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.reconciliation import lists
from doudi.web.reconciliation.checks import counted
from doudi.web.reconciliation.errors import ReconciliationError
from doudi.web.reconciliation.models import Difference, ListProfile, Reconciliation
from doudi.web.reconciliation.services import explain, reconcile
from doudi.web.registry.proof import Walk
from doudi.web.reports.models import Report
from tests.web.reconciliation.quarter import HEADERS, SYSTEM, Quarter, make, plant, write
from tests.web.town import actor

ORDERS = int(os.environ.get("DOUDI_RECONCILE", "600"))
SINCE, UNTIL = date(2026, 8, 25), date(2026, 11, 24)
COLUMNS = {"number": "工单编号", "state": "工单状态", "due": "应反时间", "holder": "承办单位"}


def made(n: int) -> Quarter:
    return make(n, list(Post.objects.filter(code__in=("greening.street", "chengguan.east")).order_by("code")))


def run(town: SimpleNamespace, path: Path, who: str = "desk") -> Reconciliation:
    desk = actor(getattr(town.people, who))
    return reconcile(desk, path, system=SYSTEM, file_name="清单.csv", since=SINCE, until=UNTIL, columns=COLUMNS)


def test_all_planted_differences_are_found_and_none_is_invented(town: SimpleNamespace, tmp_path: Path) -> None:
    quarter = made(ORDERS)
    plant(quarter, share=1 if ORDERS >= 10_000 else 0.1)
    path = write(quarter, tmp_path / "清单.csv")
    begun, worked = time.perf_counter(), time.process_time()
    found = run(town, path)
    took, work = time.perf_counter() - begun, time.process_time() - worked
    kept = set(Difference.objects.filter(run=found).values_list("number", "kind"))
    assert kept == {(number, str(kind)) for number, kind in quarter.planted}
    assert found.differences_found == len(quarter.planted) and len({kind for _number, kind in kept}) == 9
    assert (found.theirs, found.ours, found.unread) == (len(quarter.lines), ORDERS, 0)
    told = f"{ORDERS} orders, {found.differences_found} planted, all found and no other: {took:.1f} s, {work:.1f} s of a core"
    sys.stdout.write(f"\n{told}\n")
    if ORDERS >= 10_000:
        assert found.differences_found == 203 and work <= 10


def test_a_clean_comparison_is_a_proof_that_the_journal_names(town: SimpleNamespace, tmp_path: Path) -> None:
    quarter = made(40)
    found = run(town, write(quarter, tmp_path / "清单.csv"))
    assert found.agreed and found.counts == {} and found.told == ["state", "due", "holder"]
    leaf = Leaf.objects.filter(body__contains='"reconciled"').get()
    assert found.digest in leaf.body and '"clean":true' in leaf.body
    assert list(counted(Walk("reconciliations"))) == []
    found.pk, found.counts = clock.new_id(), {"missing_here": 1}
    found.save(force_insert=True)
    assert [one.code for one in counted(Walk("reconciliations"))] == ["reconciliation.counts"]


def test_a_row_without_a_number_is_no_proof(town: SimpleNamespace, tmp_path: Path) -> None:
    quarter = made(5)
    path = write(quarter, tmp_path / "清单.csv")
    with path.open("a", encoding="gb18030") as file:
        file.write("—,2026-11-20 09:00,办理中,2026-11-27 17:00,绿化市容所,有人反映\r\n")
    found = run(town, path)
    assert found.unread == 1 and not found.agreed and found.differences_found == 0


def test_orders_of_other_days_are_matched_and_not_missed(town: SimpleNamespace, tmp_path: Path) -> None:
    quarter = made(30)
    path = write(quarter, tmp_path / "清单.csv")
    desk = actor(town.people.desk)
    found = reconcile(
        desk, path, system=SYSTEM, file_name="x", since=date(2026, 9, 1), until=date(2026, 9, 2), columns=COLUMNS
    )
    assert found.agreed and found.ours < 30
    quarter.lines = quarter.lines[:1]
    found = reconcile(
        desk, write(quarter, path), system=SYSTEM, file_name="x", since=SINCE, until=SINCE, columns=COLUMNS
    )
    assert set(found.counts) <= {DifferenceKind.MISSING_THERE}


def test_only_who_sees_all_of_ours_compares(town: SimpleNamespace, tmp_path: Path) -> None:
    path = write(made(5), tmp_path / "清单.csv")
    for who in ("east_officer", "leader"):
        with pytest.raises(NotAllowedError):
            run(town, path, who)
    with pytest.raises(ReconciliationError):
        explain(actor(town.people.desk), SYSTEM, HEADERS, {"state": "工单状态"}, {})


def test_unknown_words_and_headers_are_asked_once(town: SimpleNamespace, client: Client) -> None:
    made(5)
    client.force_login(town.people.desk)

    def send(**more: str) -> Any:
        given = {"system": SYSTEM, "since": "2026-11-01", "until": "2026-11-02", **more}
        return client.post("/reconciliation", {**given, "file": _file("甲,乙\nQP26-000000,街道处理\n")})

    asked = send()
    assert asked.status_code == 400 and "column-number" in asked.content.decode()
    columns = {"column-number": "甲", "column-state": "乙"}
    asked = send(**columns)
    assert asked.status_code == 400 and "“街道处理”是" in asked.content.decode()
    assert send(**columns, **{"word-0": "nonsense"}).status_code == 400
    assert not Reconciliation.objects.exists()
    assert send(**columns, **{"word-0": "at_work"}).status_code == 302
    assert send().status_code == 302, "asked once"
    assert lists.stages_of(SYSTEM)["街道处理"] is Stage.AT_WORK and ListProfile.objects.filter(headers=["甲", "乙"])
    assert not Upload.objects.exists(), "nothing of the file is kept"


def test_changed_headers_are_told_before_anything_is_compared(town: SimpleNamespace, client: Client) -> None:
    made(3)
    client.force_login(town.people.desk)
    given = {"system": SYSTEM, "since": "2026-08-25", "until": "2026-11-24"}
    explain(actor(town.people.desk), SYSTEM, ["12345工单编号", "工单状态"], {"number": "12345工单编号"}, {})
    told = client.post("/reconciliation", {**given, "file": _file("工单编号,工单状态\nQP26-000000,办理中\n")})
    seen = told.content.decode()
    assert told.status_code == 400 and "12345工单编号" in seen and "少了的列" in seen
    assert not Reconciliation.objects.exists()


def test_the_page_says_what_to_do_and_hides_what_only_a_circle_knows(
    town: SimpleNamespace, client: Client, tmp_path: Path
) -> None:
    quarter = made(300)
    plant(quarter, share=0.05)
    found = run(town, write(quarter, tmp_path / "清单.csv"))
    Report.objects.update(answerer="uoc.duty")
    client.force_login(town.people.desk)
    page = client.get(f"/reconciliation/{found.pk}").content.decode()
    assert "在工单页记“上级结案”" in page and "我方没有" in page
    closed = Difference.objects.filter(kind="closed_there").order_by("number")[0]
    assert f"/orders/{Report.objects.get(pk=closed.report).number}" in page
    one = client.get(f"/reconciliation/{found.pk}?kind=closed_there").content.decode()
    assert one.count("<tr>") == 1 + found.counts["closed_there"]
    Report.objects.filter(pk=closed.report).update(secrecy="restricted", answerer="market.food")
    hidden = client.get(f"/reconciliation/{found.pk}?kind=closed_there").content.decode()
    assert "限制知悉" in hidden and f"/orders/{Report.objects.get(pk=closed.report).number}" not in hidden
    assert client.get(f"/reconciliation/{found.pk}?kind=nonsense&from=²").status_code == 200
    assert client.get("/import").content.decode().count("/reconciliation") == 1
    client.force_login(town.people.east_officer)
    assert client.get(f"/reconciliation/{found.pk}").status_code == 404


def test_english(town: SimpleNamespace, client: Client, tmp_path: Path) -> None:
    found = run(town, write(made(5), tmp_path / "清单.csv"))
    client.force_login(town.people.desk)
    for page in ("/reconciliation", f"/reconciliation/{found.pk}"):
        seen = client.get(page, headers={"accept-language": "en"}).content.decode()
        assert ("Reconcil" in seen and "Compare a list" in seen) or "Both sides agree" in seen


def _file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("清单.csv", text.encode())


def test_it_is_told_today(town: SimpleNamespace, client: Client) -> None:
    client.force_login(town.people.desk)
    assert clock.today().isoformat() in client.get("/reconciliation").content.decode()
