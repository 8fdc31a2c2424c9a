"""When the rulebook goes on: kinds that went keep their name, kinds that came can be chosen, and a year becomes official."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import MatterClock, MatterEvent
from doudi.web.reports.models import ReportClock, ReportEvent
from doudi.web.rulebook.documents import digest_of
from doudi.web.rulebook.models import Version
from doudi.web.scan.queries import follow
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import STALL, content, dispatched
from tests.web.town import TUESDAY, actor

RUBBISH, NEW = "event.street.rubbish", "event.street.newcomer"


def edition(**changed: Any) -> Version:
    """A further version in force from the day of the town, with these documents changed."""
    first = Version.objects.get(number=1)
    documents = deepcopy(first.documents) | changed
    return Version.objects.create(
        number=2,
        title="第二版",
        documents=documents,
        digest=digest_of(documents),
        state=Version.State.PUBLISHED,
        valid_from=date(2026, 11, 24),
        published_at=clock.now(),
        source="测试用",
    )


def kinds() -> list[dict[str, Any]]:
    return deepcopy(Version.objects.get(number=1).documents["kinds"])


def test_a_kind_that_an_edition_removes_keeps_its_last_name_everywhere(town: SimpleNamespace) -> None:
    matter = dispatched(town)
    name = town_name(STALL)
    edition(kinds=[row for row in kinds() if row["code"] != STALL])
    desk = Client()
    desk.force_login(town.people.desk, backend="django.contrib.auth.backends.ModelBackend")
    for path in (
        "/desk",
        f"/matters/{matter.number}",
        f"/reports/{matter.demands.get().report.number}",
        "/search?q=摆摊",
    ):
        page = desk.get(path).content.decode()
        assert name in page and STALL not in page, path
    sheet = content(desk.get("/desk/matters.csv?tab=open"))
    assert name in sheet and STALL not in sheet
    assert follow(matter.demands.get().report, "x", clock.now()).kind_name == name


def town_name(code: str) -> str:
    return next(str(row["name"]) for row in kinds() if row["code"] == code)


def test_an_older_matter_can_go_to_a_kind_that_the_edition_in_force_brings(town: SimpleNamespace) -> None:
    matter = dispatched(town)
    rows = kinds()
    rows.append(next(row for row in rows if row["code"] == STALL) | {"code": NEW, "name": "新设的事项"})
    edition(kinds=rows)
    desk = Client()
    desk.force_login(town.people.desk, backend="django.contrib.auth.backends.ModelBackend")
    assert "新设的事项" in desk.get(f"/matters/{matter.number}?do=dispatch").content.decode()
    matters.dispatch(actor(town.people.desk), matter, kind=NEW)
    matter.refresh_from_db()
    assert (matter.kind, matter.rulebook_id) == (NEW, 2)
    assert [one for one in examine() if one.code.startswith(("clock", "matter"))] == []


def test_the_public_story_names_each_office_to_which_it_was_sent(town: SimpleNamespace) -> None:
    matter = dispatched(town)
    with clock.at(TUESDAY + timedelta(hours=1)):
        matters.dispatch(
            actor(town.people.desk), matter, kind=STALL, holder=town.posts["greening.street"], text="保洁先清"
        )
    story = [str(one.title) for one in follow(matter.demands.get().report, "x", clock.now()).entries]
    assert [one for one in story if one.startswith("派给")] == ["派给绿化市容所", "派给综合行政执法队"]


def test_a_late_matter_stays_late_whatever_it_is_called_then(town: SimpleNamespace) -> None:
    matter = dispatched(town)
    matters.take(actor(town.people.east_officer), matter)
    late = list(MatterClock.objects.filter(matter=matter, which="handle", ended_at=None).values_list("pk", flat=True))
    with clock.at(TUESDAY + timedelta(days=40)):
        other = next(row["code"] for row in kinds() if row["code"] != STALL and "filing" in row)
        matters.dispatch(actor(town.people.desk), matter, kind=other)
    for one in MatterClock.objects.filter(pk__in=late):
        assert (one.cancelled, one.met) == (False, False)


def test_what_was_late_is_not_cancelled_by_striking_the_matter_either(town: SimpleNamespace) -> None:
    matter = dispatched(town)
    with clock.at(TUESDAY + timedelta(days=40)):
        matters.void(actor(town.people.desk), matter, "重复录入")
    assert MatterClock.objects.filter(matter=matter, which="take", cancelled=False).get().met is False


@pytest.fixture
def new_year(town: SimpleNamespace) -> SimpleNamespace:
    """A matter of the last days of December, whose terms run into a year that is only assumed."""
    with clock.at(datetime(2026, 12, 31, 2, 0, tzinfo=UTC)):
        (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code, phone="19900000000")])
        town.matter = received.matters[0]
        matters.dispatch(actor(town.people.desk), town.matter, kind=STALL)
        assert ReportClock.objects.filter(provisional=True).exists()
    return town


def official() -> Version:
    calendar = deepcopy(Version.objects.get(number=1).documents["calendar"])
    years = calendar["years"]
    year = 2027 if 2027 in years else "2027"
    years[year] = {
        "status": "official",
        "source": "放假通知",
        "holidays": ["2027-01-01", "2027-01-04..2027-01-05"],
        "workdays": [],
    }
    return edition(calendar=calendar)


def test_a_year_that_becomes_official_recounts_what_was_promised_with_an_event_each(new_year: SimpleNamespace) -> None:
    before = {one.pk: one.due_at for one in ReportClock.objects.filter(provisional=True)}
    with clock.at(datetime(2026, 12, 31, 3, 0, tzinfo=UTC)):
        official()
        assert [one.code for one in examine() if one.code == "clock.provisional"] != [], (
            "fsck sees what is not recounted"
        )
        assert matters.recount_provisional() > 0
        assert matters.recount_provisional() == 0
        assert [one for one in examine() if one.code.startswith(("clock", "chain", "report", "matter"))] == []
    assert ReportEvent.objects.filter(kind="recounted").count() == 1
    moved = [one for one in ReportClock.objects.filter(pk__in=before) if one.due_at != before[one.pk]]
    assert moved and not any(one.provisional for one in moved)
    waiting = MatterClock.objects.filter(matter=new_year.matter, provisional=True, ended_at=None)
    assert not waiting.exists()
    (event,) = MatterEvent.objects.filter(kind="recounted")
    assert all(one["from"] != "" and one["due_at"] for one in event.payload["clocks"])
