"""The pages of what people take along: small at once, large with its own page, and nobody sees another's."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from doudi.web.exports import pieces, services
from doudi.web.exports.models import Export
from doudi.web.journal.models import Leaf
from doudi.web.timers.running import run_due
from tests.web.desk.conftest import Visitor, content, report, sit
from tests.web.town import actor

__all__ = ["sit"]
Sit = Callable[[Any], Visitor]


@pytest.fixture(autouse=True)
def _no_files_left() -> Any:
    yield
    pieces.clear(pieces.lying())


def test_a_small_table_is_the_answer_and_is_kept_in_mind(town: SimpleNamespace, sit: Sit) -> None:
    matter = report(town)
    desk = sit(town.people.desk)
    answer = desk.get(reverse("desk_file", args=["csv"]))
    assert answer["Content-Disposition"].startswith("attachment") and answer["Cache-Control"] == "no-store"
    assert "占道摆摊" in content(answer)
    (export,) = Export.objects.all()
    assert (export.state, export.rows, export.parts.get().names) == ("given", 1, matter.number)
    body = Leaf.objects.order_by("-seq")[0].body
    assert '"exported"' in body and '"rows":1' in body and "占道摆摊" not in body
    assert "当场下载" in desk.read(reverse("exports"))


def test_an_empty_table_still_has_its_headers(town: SimpleNamespace, sit: Sit) -> None:
    assert sit(town.people.desk).read(reverse("desk_file", args=["csv"])).startswith("编号,")


def test_an_unknown_form_is_refused(town: SimpleNamespace, sit: Sit) -> None:
    assert sit(town.people.desk).get(reverse("desk_file", args=["pdf"])).status_code == 409


def test_a_large_one_has_a_page_with_its_progress_and_then_the_link(
    town: SimpleNamespace, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 1)
    first, _second = report(town), report(town, "第二个摊位占道")
    desk = sit(town.people.desk)
    answer = desk.get(f"{reverse('desk_file', args=['xlsx'])}?tab=all")
    (export,) = Export.objects.all()
    assert answer["Location"] == export.get_absolute_url()
    page = desk.read(export.get_absolute_url())
    assert "排队中" in page and reverse("export_progress", args=[export.pk]) in page
    assert "HX-Refresh" not in desk.get(reverse("export_progress", args=[export.pk])).headers
    again = desk.get(reverse("desk_file", args=["csv"]))
    assert again["Location"] == reverse("exports")
    assert "一次只能一份" in desk.read(reverse("exports"))
    run_due(sweep=False)
    assert desk.get(reverse("export_progress", args=[export.pk])).headers["HX-Refresh"] == "true"
    assert reverse("export_file", args=[export.pk]) in desk.read(export.get_absolute_url())
    file = desk.get(reverse("export_file", args=[export.pk]))
    raw = b"".join(file.streaming_content)
    assert raw[:2] == b"PK" and int(file["Content-Length"]) == len(raw)
    other = sit(town.people.shift)
    for name in ("export", "export_progress", "export_file"):
        other.read(reverse(name, args=[export.pk]), 404)
    for name in ("export_cancel", "export_again"):
        assert other.press(reverse(name, args=[export.pk])).status_code == 404
    assert "还没有导出过表格" in other.read(reverse("exports"))
    assert first.number


def test_it_can_be_cancelled_and_asked_again(town: SimpleNamespace, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "AT_ONCE", 0)
    report(town)
    desk = sit(town.people.desk)
    desk.get(reverse("desk_file", args=["csv"]))
    (export,) = Export.objects.all()
    assert desk.press(reverse("export_cancel", args=[export.pk]))["Location"] == reverse("exports")
    assert "再导出一次" in desk.read(export.get_absolute_url())
    answer = desk.press(reverse("export_again", args=[export.pk]))
    anew = Export.objects.exclude(pk=export.pk).get()
    assert answer["Location"] == anew.get_absolute_url()
    assert desk.get(reverse("export_file", args=[anew.pk]))["Location"] == anew.get_absolute_url()


@pytest.mark.parametrize("name", ["reports_file", "units_file", "looks_file"])
def test_every_list_goes_this_way(town: SimpleNamespace, sit: Sit, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(services, "AT_ONCE", -1)
    report(town)
    who = town.people.auditor if name == "looks_file" else town.people.desk
    visitor = sit(who)
    visitor.get(f"{reverse(name, args=['csv'])}?tab=all")
    (export,) = Export.objects.all()
    while run_due(sweep=False):
        pass
    export.refresh_from_db()
    assert export.state == "ready", export.words
    rows = b"".join(pieces.read(services.take(actor(who), export))).decode("utf-8-sig").splitlines()
    assert len(rows) - 1 == export.rows == {"reports_file": 1, "units_file": 3, "looks_file": 0}[name]


@pytest.mark.parametrize("name", ["carried_file", "problems_file"])
def test_the_ledger_and_the_bank_go_this_way(
    town: SimpleNamespace, sit: Sit, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(services, "AT_ONCE", -1)
    sit(town.people.desk).get(reverse(name))
    run_due(sweep=False)
    assert Export.objects.get().state == "ready"
