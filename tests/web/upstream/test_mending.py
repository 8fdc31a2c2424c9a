"""A row that stayed behind is corrected, added or dropped by a person; never twice, never silently."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.tables.moments import MomentError
from doudi.web.upstream import services
from doudi.web.upstream.models import ImportBatch, ImportFault
from doudi.web.upstream.sight import Sight
from tests.web.tables.files import hotline_csv, order
from tests.web.town import actor


@pytest.fixture
def fault(town: SimpleNamespace, tmp_path: Path) -> ImportFault:
    services.import_file(hotline_csv(tmp_path, [order(1), order(2, 受理时间="前天", 是否保密="是")]), system="区12345")
    return ImportFault.objects.get()


def test_a_corrected_row_becomes_a_report(town: SimpleNamespace, fault: ImportFault) -> None:
    report = services.mend_fault(actor(town.people.desk), fault, {"受理时间": "2026-11-22 08:00"})
    fault.refresh_from_db()
    assert (fault.state, fault.report, report.external_id) == ("mended", report, "202611240002")
    batch = ImportBatch.objects.get()
    assert (batch.added, batch.faulty) == (2, 0)
    with pytest.raises(services.ImportStateError):
        services.mend_fault(actor(town.people.desk), fault, {"受理时间": "2026-11-22 09:00"})
    assert Report.objects.count() == 2


def test_a_row_that_is_still_wrong_stays_open_as_it_was(town: SimpleNamespace, fault: ImportFault) -> None:
    with pytest.raises(MomentError):
        services.mend_fault(actor(town.people.desk), fault, {"受理时间": "昨天"})
    fault.refresh_from_db()
    assert (fault.state, fault.cells["受理时间"]) == ("open", "前天")


def test_a_row_mended_to_an_id_of_another_order_is_refused(town: SimpleNamespace, fault: ImportFault) -> None:
    with pytest.raises(services.ImportStateError, match="已有诉求单"):
        services.mend_fault(actor(town.people.desk), fault, {"受理时间": "2026-11-22", "工单编号": "202611240001"})
    assert Report.objects.count() == 1


def test_a_dropped_row_stays_in_the_list(town: SimpleNamespace, fault: ImportFault) -> None:
    services.drop_fault(actor(town.people.desk), fault)
    fault.refresh_from_db()
    assert fault.state == "dropped"
    assert Report.objects.count() == 1


def test_what_changed_is_added_to_the_report_and_overwrites_nothing(town: SimpleNamespace, tmp_path: Path) -> None:
    services.import_file(hotline_csv(tmp_path, [order(1)]), system="区12345")
    services.import_file(hotline_csv(tmp_path, [order(1, 诉求内容="又坏了一根")]), system="区12345")
    report = services.add_change(actor(town.people.desk), ImportFault.objects.get())
    assert "灯杆" in report.words
    told = ReportEvent.objects.get(report=report, kind="added").words
    assert told is not None
    assert "又坏了一根" in told.text
    assert "13900000000" not in told.text


def test_nobody_else_settles_a_row(town: SimpleNamespace, fault: ImportFault) -> None:
    for step in (lambda one: services.mend_fault(one, fault, {}), lambda one: services.drop_fault(one, fault)):
        with pytest.raises(NotAllowedError):
            step(actor(town.people.east_officer))


def test_who_may_not_see_a_secret_reporter_sees_no_name_in_the_row(town: SimpleNamespace, fault: ImportFault) -> None:
    for who, hidden in ((town.people.desk, {"联系人", "联系电话"}), (town.people.shift, frozenset())):
        assert Sight(actor(who)).hidden(fault.cells, fault.batch.columns) == hidden
