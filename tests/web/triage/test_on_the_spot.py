"""Seen, done and shown in one go: only trifles, never a danger, and the sample goes to somebody else."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from doudi.engine.danger.assessment import Severity
from doudi.web.files.models import Upload
from doudi.web.fsck.queries import examine
from doudi.web.matters import queries
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Assignment, Decision, Evidence, Matter, MatterClock, MatterEvent
from doudi.web.notices.models import Notice
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Report
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Fixed, Incoming, fix_on_spot, receive
from tests.web.matters.test_bonds import next_version
from tests.web.town import NO_PHOTO, TUESDAY, actor

RUBBISH = "event.street.rubbish"


@pytest.fixture(autouse=True)
def _not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample is drawn by a number that chance gave; here nobody is drawn unless a test says so."""
    monkeypatch.setattr(queries, "drawn_for_check", lambda matter, rulebook: False)


def photo() -> Upload:
    """A photograph like no other."""
    digest = f"{Upload.objects.count():064x}"
    return Upload.objects.create(kind="photo", digest=digest, size=1, suffix="jpg", uploaded_at=TUESDAY)


def incoming(town: SimpleNamespace, words: str = "已当场处理好。", **more: object) -> Incoming:
    given = {"unit": town.shop, "picked_kind": RUBBISH, "uploads": (photo(),)} | more
    return Incoming(channel="grid", words=words, **given)  # type: ignore[arg-type]


def fix(town: SimpleNamespace, words: str = "已当场处理好。", who: str = "grid_east", **more: object) -> Fixed:
    return fix_on_spot(actor(getattr(town.people, who)), incoming(town, words, **more), words, [photo()])


def test_a_trifle_is_closed_with_both_photographs_and_one_holder_who_did_it(town: SimpleNamespace) -> None:
    done = fix(town)
    matter = done.matter
    assert (matter.status, matter.holder_id, matter.layer, matter.unclear) == ("closed", "grid.east", "on_spot", "")
    assert not done.stays_open and not done.to_check
    kinds = list(MatterEvent.objects.filter(matter=matter).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["accepted", "closed_on_spot"]
    assert Evidence.objects.filter(matter=matter, stage="after").count() == 1
    [report] = Report.objects.all()
    assert (report.channel, report.status, report.photos.count()) == ("grid", "closed", 1)
    assert not Assignment.objects.filter(matter=matter, until=None).exists()
    assert not MatterClock.objects.filter(matter=matter, ended_at=None).exists()
    assert [fault for fault in examine() if "matter" in fault.about] == []


def test_the_receipt_keeps_what_the_rules_would_have_said_and_that_post_is_told(town: SimpleNamespace) -> None:
    matter = fix(town).matter
    [decision] = Decision.objects.filter(matter=matter)
    assert (decision.status, decision.layer, decision.rules) == ("on_spot", "on_spot", ["D-002"])
    assert decision.by_person == town.people.grid_east
    run_due()
    assert set(Notice.objects.filter(path=matter.get_absolute_url()).values_list("post_id", flat=True)) == {
        "greening.street"
    }


def test_what_is_drawn_goes_to_somebody_else(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "drawn_for_check", lambda matter, rulebook: True)
    done = fix(town)
    assert done.to_check and done.matter.status == "handled"
    with pytest.raises(MatterStepError, match="不能核查自己"):
        matters.verify(actor(town.people.grid_east), done.matter, True)
    matters.verify(actor(town.people.desk), done.matter, True)
    assert Matter.objects.get().status == "closed" and Report.objects.get().status == "closed"


def test_one_photograph_for_before_and_after_goes_to_somebody_else(town: SimpleNamespace) -> None:
    before, after = photo(), photo()
    Upload.objects.filter(pk=after.pk).update(digest=before.digest)
    after.refresh_from_db()
    said = "已当场处理好。"
    assert fix_on_spot(actor(town.people.grid_east), incoming(town, uploads=(before,)), said, [after]).to_check


@pytest.mark.parametrize("words", ["煤气味很浓，有人晕倒", "有人要跳楼，救命"])
def test_words_that_tell_of_danger_are_received_and_never_closed_this_way(town: SimpleNamespace, words: str) -> None:
    done = fix(town, words)
    assert done.stays_open and done.matter.status == "accepted" and done.matter.lane == "life"
    assert done.matter.holder_id != "grid.east" or done.matter.layer != "on_spot"


def test_what_is_secret_is_received_and_stays_open(town: SimpleNamespace) -> None:
    done = fix(town, "实名举报有人吃拿卡要，垃圾也没人清")
    assert done.stays_open and done.matter.secret


@pytest.mark.parametrize("kind", ["event.street.stall", "event.street.manhole", "event.life.gas", "no.such"])
def test_only_what_the_catalogue_calls_a_trifle(town: SimpleNamespace, kind: str) -> None:
    with pytest.raises(MatterStepError, match="不能当场办结"):
        fix(town, picked_kind=kind)
    assert not Report.objects.exists()


def test_two_photographs_are_asked_for_and_a_word(town: SimpleNamespace) -> None:
    by = actor(town.people.grid_east)
    for said, after, before in (("做好了", [], (photo(),)), ("做好了", [photo()], ()), (" ", [photo()], (photo(),))):
        with pytest.raises(MatterStepError):
            fix_on_spot(by, incoming(town, uploads=before), said, after)
    assert not Report.objects.exists()


def test_nobody_closes_where_they_do_not_go_round_nor_from_a_post_that_holds_nothing(town: SimpleNamespace) -> None:
    for who in ("grid_west", "desk", "east_officer"):
        with pytest.raises(NotAllowedError):
            fix(town, who=who)
    with pytest.raises(MatterStepError, match="不能承办"):
        fix(town, who="committee")


def test_sent_again_from_the_same_form_it_happened_once(town: SimpleNamespace) -> None:
    by, same = actor(town.people.grid_east), replace(incoming(town), key="form:1")
    first = fix_on_spot(by, same, "清好了", [photo()])
    again = fix_on_spot(by, same, "清好了", [photo()])
    assert again.matter == first.matter and not again.stays_open
    assert Matter.objects.count() == Report.objects.count() == 1


@pytest.mark.parametrize(("bond", "closes"), [("informs", True), ("before_closed", False), ("before_handled", False)])
def test_supports_that_are_only_informed_keep_nothing_back_and_one_that_must_help_does(
    town: SimpleNamespace, bond: str, closes: bool
) -> None:
    next_version(f"committee.staff:{bond}", rule="D-002")
    done = fix(town)
    assert (done.matter.status == "closed", done.stays_open) == (closes, not closes)
    if closes:
        run_due()
        told = set(Notice.objects.filter(path=done.matter.get_absolute_url()).values_list("post_id", flat=True))
        assert told == {"committee.east", "greening.street"}


def test_a_danger_that_stands_is_always_looked_at_by_somebody_else_whatever_its_kind(town: SimpleNamespace) -> None:
    [received] = receive([incoming(town, "垃圾没人清", uploads=())], auto_dispatch=True)
    [matter] = received.matters
    matters.judge_danger(actor(town.people.desk), matter, Severity.URGENT, "玻璃碎在人行道上")
    matter.refresh_from_db()
    matters.handle(actor(town.people.cleaner), matter, "清好了", [photo()], lacking=NO_PHOTO)
    assert Matter.objects.get().status == "handled"
