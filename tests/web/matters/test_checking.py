"""Handled work is checked by somebody who is named, in time; a photograph that comes again is marked and widens the sample."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from doudi.engine.kinds.evidence import Lack
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.files.services import keep_photo
from doudi.web.fsck.queries import examine
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter, MatterClock, MatterEvent
from doudi.web.matters.photos import SamePhoto
from doudi.web.matters.queries import supports_of
from doudi.web.notices.models import Notice
from doudi.web.people.models import Appointment
from doudi.web.people.services import appoint
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import STALL, Visitor, dispatched, handled
from tests.web.files.hostile import photo
from tests.web.matters.test_calling_back import figure
from tests.web.town import FOUNDED, NO_PHOTO, TUESDAY, actor

RUBBISH = "垃圾没人清"


def named(matter: Matter) -> str:
    return MatterClock.objects.get(matter=matter, which=MatterClock.Which.VERIFY, ended_at=None).stage


def shot(name: str = "1.jpg", raw: bytes | None = None) -> Upload:
    return keep_photo(SimpleUploadedFile(name, raw or photo(), content_type="image/jpeg"))


def trifle(town: SimpleNamespace, *uploads: Upload) -> Matter:
    """Rubbish that the greening post has cleared, and showed by these photographs."""
    (matter,) = receive([Incoming("scan", RUBBISH, unit_code=town.shop.code)], auto_dispatch=True)[0].matters
    lacking = {"before_photo": Lack.TOO_LATE} if uploads else NO_PHOTO
    matters.handle(actor(town.people.cleaner), matter, "已清运", uploads, lacking=lacking)
    return matter


def to_check(person: object) -> list[str]:
    return [row.matter.number for row in Visitor(person).get("/work").context["work"].to_check]


def test_who_works_near_the_place_is_asked_to_check_and_told_when_it_is_late(town: SimpleNamespace) -> None:
    matter = handled(town)
    assert named(matter) == "grid.east"
    assert to_check(town.people.grid_east) == [matter.number]
    assert to_check(town.people.desk) == [] and to_check(town.people.west_officer) == []
    with clock.at(TUESDAY + timedelta(minutes=1)):
        run_due()
    assert list(Notice.objects.filter(kind="check_asked").values_list("post", flat=True)) == ["grid.east"]
    with clock.at(TUESDAY + timedelta(days=4)):
        run_due()
        late = Notice.objects.filter(kind="overdue", path=matter.get_absolute_url())
        assert set(late.values_list("post", flat=True)) == {"grid.east"}
    assert "核查 · 东片网格长" in Visitor(town.people.desk).read(f"/matters/{matter.number}")
    matters.verify(actor(town.people.desk), matter, True, "看过照片")


def test_never_the_holder_then_the_desk(town: SimpleNamespace) -> None:
    matter = dispatched(town)
    matters.dispatch(actor(town.people.desk), matter, kind=STALL, holder=town.posts["grid.east"], text="就近办")
    for post in supports_of(matter).filter(until=None).values_list("post", flat=True):
        matters.finish_support(actor(town.people.desk), matter, town.posts[post], "不需要", excused=True)
    matters.handle(actor(town.people.grid_east), matter, "已劝离", lacking=NO_PHOTO)
    assert named(matter) == "uoc.duty"


def test_never_a_post_where_only_the_one_who_did_it_sits(town: SimpleNamespace) -> None:
    Appointment.objects.filter(post="grid.east").update(until=FOUNDED + timedelta(days=1))
    appoint([Appointment(person=town.people.east_officer, post=town.posts["grid.east"], since=TUESDAY.date())])
    assert named(handled(town)) == "uoc.duty"


def test_what_is_restricted_is_checked_in_the_circle_alone(town: SimpleNamespace) -> None:
    matter = dispatched(town)
    matters.restrict(actor(town.people.shift), matter, "涉及未成年人")
    matters.handle(actor(town.people.east_officer), matter, "已劝离", lacking=NO_PHOTO)
    assert named(matter) == "uoc.shift_leader"


def test_the_same_photograph_again_is_checked_marked_and_widens_the_sample(
    town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    figure(verify_sample_percent=0, verify_sample_percent_after_fraud=100, days_after_fraud=30)
    raw = photo()
    first = trifle(town, shot(raw=raw))
    assert first.status == "closed"
    again = trifle(town, shot("2.jpg", raw))
    assert (again.status, named(again)) == ("handled", "grid.east")
    told = MatterEvent.objects.get(matter=again, kind="handled")
    assert len(told.payload["same_photos"]) == 1
    page = Visitor(town.people.desk).read(f"/matters/{again.number}")
    assert first.number in page and "完全相同" in page
    assert trifle(town).status == "handled", "whoever was met once is looked at each time"
    with clock.at(TUESDAY + timedelta(days=31)):
        assert trifle(town).status == "closed"
    assert [str(one) for one in examine() if one.code not in ("rulebook.changed", "upload.missing")] == []


def test_another_photograph_is_no_fraud_nor_is_one_that_was_erased(town: SimpleNamespace) -> None:
    figure(verify_sample_percent=0, verify_sample_percent_after_fraud=100, days_after_fraud=30)
    first = shot()
    assert trifle(town, first).status == "closed"
    Upload.objects.update(digest="")
    other = shot("3.jpg")
    Upload.objects.filter(pk=other.pk).update(digest="")
    other.refresh_from_db()
    assert trifle(town, other).status == "closed"
    assert not SamePhoto.objects.exists()


def test_the_reporters_own_photograph_shows_no_work(town: SimpleNamespace) -> None:
    raw = photo()
    said = Incoming("scan", RUBBISH, unit_code=town.shop.code, uploads=(shot(raw=raw),))
    (matter,) = receive([said], auto_dispatch=True)[0].matters
    matters.handle(actor(town.people.cleaner), matter, "已清运", [shot("2.jpg", raw)])
    assert matter.status == "handled"
    assert "就传过" in Visitor(town.people.desk).read(f"/matters/{matter.number}")
