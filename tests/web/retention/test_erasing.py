"""What somebody said is gone from every table once it is erased, and the journal still proves the rest."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.conf import LazySettings

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.files.queries import file_of
from doudi.web.fsck.queries import examine
from doudi.web.idempotency.models import Action
from doudi.web.journal.models import FreeText, Leaf
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.people.actor import SYSTEM
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Report
from doudi.web.retention import services as retention
from tests.web.retention.laying import CANARIES, SAID, WHO, WRITTEN, end, fresh, lay, where
from tests.web.town import actor


@pytest.fixture(autouse=True)
def _folders_of_this_test(settings: LazySettings, tmp_path: object) -> None:
    settings.MEDIA_ROOT, settings.REGISTER_DIR = f"{tmp_path}/files", f"{tmp_path}/register"


@pytest.fixture
def closed(town: SimpleNamespace) -> SimpleNamespace:
    laid = lay(town)
    end(laid)
    laid.report.refresh_from_db()
    before = where(CANARIES)
    assert all(before.values()), "each word stands somewhere, or its absence proves nothing"
    return laid


def left() -> dict[str, set[str]]:
    return {word: places for word, places in where(CANARIES).items() if places}


def faults() -> list[str]:
    return [f"{one.code} {one.about}" for one in examine()]


def test_nothing_of_it_is_left_in_any_table(closed: SimpleNamespace) -> None:
    retention.erase_report(SYSTEM, closed.report)
    assert left() == {}
    assert not file_of(closed.photo).exists() and not file_of(closed.photo, small=True).exists()
    assert not file_of(closed.after).exists(), "the photographs of the work show the place, too"
    assert Upload.objects.filter(erased_at=None).count() == 0
    assert not Action.objects.filter(outcome__report=str(closed.report.pk)).exists()
    assert Report.objects.get().key is None
    assert "已删除" in str(Notice.objects.filter(facts__has_key="summary").values_list("facts", flat=True)[0])
    leaf = Leaf.objects.filter(body__contains='"kind":"erased"').get(body__contains='"about":"report/')
    assert not any(word in leaf.body for word in CANARIES)
    assert faults() == []


def test_only_who_reported(closed: SimpleNamespace) -> None:
    retention.erase_contact(SYSTEM, closed.report)
    still = where(CANARIES)
    assert not any(still[word] for word in WHO)
    assert all(still[word] for word in (*SAID, *WRITTEN))
    assert faults() == []


def test_what_is_still_worked_on_is_not_erased(town: SimpleNamespace) -> None:
    laid = lay(town)
    laid.report.refresh_from_db()
    with pytest.raises(DoudiError, match="还没有办结"):
        retention.erase_report(SYSTEM, laid.report)
    assert where(SAID)["风铃草坠落"]


def test_what_another_report_says_stays(closed: SimpleNamespace, town: SimpleNamespace) -> None:
    """Two reports of one matter: the words of the one that is erased go, and the matter is told as the other says."""
    from doudi.web.matters import services as matters
    from doudi.web.triage.services import Incoming, receive

    desk = actor(town.people.desk)
    (other,) = receive([Incoming(channel="scan", words="面馆的灯箱挡路", unit=town.shop)], actor=desk)
    matters.reopen(actor(town.people.shift), fresh(closed.matter), "再看看")
    matters.merge(desk, fresh(other.matters[0]), fresh(closed.matter), "同一件")
    Matter.objects.filter(pk=closed.matter.pk).update(status=Matter.Status.CLOSED)
    closed.report.refresh_from_db()
    retention.erase_report(SYSTEM, closed.report)
    matter = fresh(closed.matter)
    assert (matter.summary, matter.address) == ("面馆的灯箱挡路", "")
    still = where((*CANARIES, "面馆的灯箱挡路"))
    assert not any(still[word] for word in (*WHO, *SAID))
    assert still["面馆的灯箱挡路"] and still["处置记了白鹭栖"], "the work was for the other report, too"
    # Once the other goes as well, nothing is left of either, also where it was merged away.
    Report.objects.filter(pk=other.report.pk).update(status=Report.Status.CLOSED, closed_at=clock.now())
    retention.erase_report(SYSTEM, Report.objects.get(pk=other.report.pk))
    assert not any(where((*CANARIES, "面馆的灯箱挡路")).values())


def test_a_blocked_file_is_read_by_nobody_but_for_a_purpose(closed: SimpleNamespace, town: SimpleNamespace) -> None:
    shift = actor(town.people.shift)
    retention.block_report(shift, closed.report, "满两年")
    still = where(CANARIES)
    assert not any(still[word] for word in WHO), "who reported is erased, not blocked"
    assert {place for places in still.values() for place in places} == {
        "doudi_journal_words.blocked",
        "doudi_reports_report.blocked",
        "doudi_files_upload.original_name",
    }
    assert faults() == []
    report = Report.objects.get()
    with pytest.raises(NotAllowedError):
        retention.open_blocked(actor(town.people.desk), report, "看看")
    with pytest.raises(DoudiError, match="用途"):
        retention.open_blocked(shift, report, " ")
    opened = retention.open_blocked(shift, report, "法院调卷")
    assert opened["title"] == "风铃草坠落" and "金毛犬巴顿" in opened["asks.1"] and "name" not in opened
    assert Leaf.objects.filter(body__contains='"what":"blocked"').count() == 1


def test_what_is_unblocked_is_as_it_was(closed: SimpleNamespace) -> None:
    retention.erase_contact(SYSTEM, closed.report)
    before, matter = where(CANARIES), fresh(closed.matter)
    closed.report.refresh_from_db()
    retention.block_report(SYSTEM, closed.report)
    with pytest.raises(DoudiError, match="写明"):
        retention.unblock_report(SYSTEM, Report.objects.get(), "")
    retention.unblock_report(SYSTEM, Report.objects.get(), "要复查")
    # What stood in notices is not written into them again.
    before = {word: places - {"doudi_notices_notice.facts"} for word, places in before.items()}
    assert where(CANARIES) == before
    again = fresh(closed.matter)
    assert (again.summary, again.address) == (matter.summary, matter.address)
    assert faults() == []


def test_a_blocked_file_is_erased_when_its_time_is_over(closed: SimpleNamespace) -> None:
    retention.block_report(SYSTEM, closed.report)
    retention.erase_report(SYSTEM, Report.objects.get())
    assert left() == {}
    assert not FreeText.objects.exclude(blocked=None).exists()
    assert faults() == []


def test_an_older_erasure_can_be_read_of_in_the_story(
    closed: SimpleNamespace, town: SimpleNamespace, client: object
) -> None:
    retention.erase_report(SYSTEM, closed.report)
    client.force_login(town.people.desk, backend="django.contrib.auth.backends.ModelBackend")  # type: ignore[attr-defined]
    page = client.get(closed.report.get_absolute_url()).content.decode()  # type: ignore[attr-defined]
    assert "按规定删除了部分内容" in page and "内容已按规定删除" in page
    assert str(closed.photo.pk) not in page
    assert client.get(f"/files/{closed.photo.pk}").status_code == 404  # type: ignore[attr-defined]
    told = client.get(f"/r/{closed.token}").content.decode()  # type: ignore[attr-defined]
    assert "按规定删除了部分内容" in told and not any(word in told for word in CANARIES)


def test_search_finds_it_no_more(closed: SimpleNamespace, town: SimpleNamespace) -> None:
    from doudi.web.search.services import follow, make_anew, make_on

    make_anew()
    while make_on():
        pass
    assert found(town)
    retention.erase_report(SYSTEM, closed.report)
    assert not found(town), "at once, before the index has followed"
    while follow():
        pass
    assert not found(town)
    assert faults() == []


def found(town: SimpleNamespace) -> bool:
    from django.test import Client

    desk = Client()
    desk.force_login(town.people.desk, backend="django.contrib.auth.backends.ModelBackend")
    page = desk.get("/search", {"q": "风铃草"}).content.decode()
    return "/matters/" in page.split("<main")[-1]
