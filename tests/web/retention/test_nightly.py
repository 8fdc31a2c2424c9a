"""Every night, by the rulebook's figures: on the day and not before it, and only where nobody works with it any more."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.conf import LazySettings

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.fsck.queries import examine
from doudi.web.journal.models import Leaf
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.retention import services as retention
from doudi.web.retention.models import PersonalRequest
from doudi.web.rulebook.models import Version
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.retention.laying import CANARIES, SAID, WHO, end, lay, where
from tests.web.town import actor

DAY = timedelta(days=1)
FIGURES = {
    "reporter_phone_after_close": 10,
    "photographs_after_close": 20,
    "dismissed_reports": 5,
    "case_files_in_use": 30,
    "case_files": 40,
}


@pytest.fixture(autouse=True)
def _folders_of_this_test(settings: LazySettings, tmp_path: object) -> None:
    settings.MEDIA_ROOT, settings.REGISTER_DIR = f"{tmp_path}/files", f"{tmp_path}/register"


@pytest.fixture
def figures(town: SimpleNamespace) -> None:
    version = Version.objects.get()
    parameters = {**version.documents["parameters"], "retention_days": FIGURES}
    Version.objects.filter(pk=version.pk).update(
        documents=version.documents | {"parameters": parameters}, digest="of another version"
    )


def night(days: int) -> int:
    """What is done in the night so many days after now, in all portions."""
    with clock.at(clock.now() + days * DAY - timedelta(minutes=1)):
        before = retention.keep_to_figures(0)
    with clock.at(clock.now() + days * DAY):
        done, portion = 0, 0
        while some := retention.keep_to_figures(portion):
            done, portion = done + some, portion + 1
        assert before == 0, "not a minute before it"
        return done


def test_one_after_the_other_as_their_days_come(town: SimpleNamespace, figures: None) -> None:
    laid = lay(town)
    assert night(50) == 0, "what is not closed is nobody's but who works with it"
    end(laid)
    assert night(10) == 1
    assert not any(where(WHO).values()) and all(where(SAID).values())
    assert night(20) == 1
    assert Upload.objects.filter(erased_at=None).get().pk == laid.after.pk, "the photograph of the work is of the file"
    assert night(30) == 1
    assert Report.objects.get().blocked_at is not None
    assert night(40) == 1
    assert not any(where(CANARIES).values())
    assert night(60) == 0, "and then there is nothing left to do"
    # The figures of this test are not those that were published.
    assert [one.code for one in examine() if one.code != "rulebook.changed"] == []
    kinds = list(
        ReportEvent.objects.filter(report=laid.report, kind__in=["erased", "blocked"]).values_list("kind", flat=True)
    )
    assert kinds == ["erased", "erased", "blocked", "erased"]
    assert Leaf.objects.filter(body__contains='"actor":"system"', body__icontains='"kind":"erased"').count() >= 3


def test_what_was_dismissed_was_never_a_file(town: SimpleNamespace, figures: None) -> None:
    (got,) = receive([Incoming(channel="scan", words="加微信看紫藤萝", unit=town.shop, doubt="words")])
    reports.dismiss(actor(town.people.desk), got.report, "广告")
    assert night(5) == 1
    assert not any(where(("加微信看紫藤萝",)).values())


def test_a_version_without_figures_erases_nothing(town: SimpleNamespace) -> None:
    version = Version.objects.get()
    parameters = {**version.documents["parameters"], "retention_days": {}}
    Version.objects.filter(pk=version.pk).update(
        documents=version.documents | {"parameters": parameters}, digest="of another version"
    )
    end(lay(town))
    assert night(9000) == 0


def test_what_somebody_asks_about_waits_for_the_answer(town: SimpleNamespace, figures: None) -> None:
    laid = lay(town)
    end(laid)
    asked = PersonalRequest.objects.create(
        report=laid.report, kind="see", asked_at=clock.now(), due_at=clock.now() + 21 * DAY
    )
    assert night(10) == 0
    PersonalRequest.objects.filter(pk=asked.pk).update(state="answered")
    assert night(10) == 1


def test_the_timers_do_it_once_a_day(town: SimpleNamespace, figures: None) -> None:
    laid = lay(town)
    end(laid)
    with clock.at(clock.now() + 10 * DAY):
        run_due()  # plans the night
        run_due()
        assert not any(where(WHO).values())
        assert retention.plan_night() == 0
