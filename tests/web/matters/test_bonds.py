"""What waits for a post that helps: nothing, the handling, or the closing; and how the holder gets it moving."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Assignment, Matter, MatterClock, MatterEvent
from doudi.web.matters.queries import hindering, supported_by
from doudi.web.notices.models import Notice
from doudi.web.people.errors import NotAllowedError
from doudi.web.rulebook.documents import digest_of
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.matters.test_life import photo
from tests.web.town import NO_PHOTO, TUESDAY, actor

COMMITTEE, MARKET = "committee.east", "market.food"


def stall(town: SimpleNamespace) -> Matter:
    (received,) = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)], auto_dispatch=True)
    return received.matters[0]


def alone(town: SimpleNamespace) -> Matter:
    """A matter whose helper by the rules is excused."""
    matter = stall(town)
    matters.finish_support(actor(town.people.desk), matter, town.posts[COMMITTEE], "不需要", excused=True)
    return matter


def next_version(supports: str, *, rule: str = "D-001", **figures: object) -> Version:
    """The small town's rules once more, where one of them says what waits for its helper."""
    before = Version.objects.get()
    documents = before.documents | {
        "rules": {
            name: [row | {"supports": supports} if row["id"] == rule else row for row in rows]
            for name, rows in before.documents["rules"].items()
        },
        "parameters": before.documents["parameters"] | figures,
    }
    return Version.objects.create(
        number=2,
        title="写明协办",
        state="published",
        valid_from=before.valid_from,
        source="测试",
        documents=documents,
        digest=digest_of(documents),
        published_at=clock.now(),
    )


def whole() -> None:
    assert [str(fault) for fault in examine() if not fault.code.startswith(("job.", "file.", "rulebook."))] == []


def test_who_is_only_told_holds_nothing_up_owes_nothing_and_hears_of_it_once(town: SimpleNamespace) -> None:
    matter, officer = alone(town), actor(town.people.east_officer)
    matters.add_support(officer, matter, town.posts[MARKET], "请知悉", bond="informs")
    run_due()
    told = Notice.objects.filter(post=MARKET)
    assert [one.kind for one in told] == ["informed"]
    assert not MatterClock.objects.filter(matter=matter, which="support", ended_at=None).exists()
    assert matter not in supported_by(frozenset([MARKET]))
    assert not hindering(matter, rulebook_of(matter.rulebook_id))
    with pytest.raises(MatterStepError, match="没有要等的协办"):
        matters.urge_support(officer, matter, town.posts[MARKET])
    matters.handle(officer, matter, "摊贩已劝离", [photo()], lacking=NO_PHOTO)
    matters.verify(actor(town.people.grid_east), matter, passed=True)
    assert matter.status == "closed"
    assert Assignment.objects.get(post=MARKET).done_at is None
    with clock.at(TUESDAY + timedelta(days=9)):
        run_due()
    assert told.count() == 1
    whole()


def test_a_rule_that_informs_sends_one_notice_and_starts_no_clock(town: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", "楼下有很浓的煤气味", unit_code=town.shop.code)], auto_dispatch=True)
    matter = received.matters[0]
    support = Assignment.objects.get(matter=matter, role="support")
    assert (support.post_id, support.bond) == ("uoc.shift_leader", "informs")
    assert MatterEvent.objects.get(matter=matter).payload["bonds"] == {"uoc.shift_leader": "informs"}
    assert not MatterClock.objects.filter(matter=matter, which="support").exists()
    run_due()
    assert Notice.objects.filter(post="uoc.shift_leader", kind="informed").count() == 1


def test_before_closed_lets_the_work_be_handled_and_keeps_it_from_being_closed(town: SimpleNamespace) -> None:
    matter, officer, grid = alone(town), actor(town.people.east_officer), actor(town.people.grid_east)
    matters.add_support(officer, matter, town.posts[MARKET], "查证照", bond="before_closed")
    assert not hindering(matter, rulebook_of(matter.rulebook_id))
    matters.handle(officer, matter, "摊贩已劝离", [photo()], lacking=NO_PHOTO)
    assert [one.post_id for one in hindering(matter, rulebook_of(matter.rulebook_id))] == [MARKET]
    with pytest.raises(MatterStepError, match=r"提醒它，或请值班岗免除"):
        matters.verify(grid, matter, passed=True)
    matters.finish_support(actor(town.people.market), matter, town.posts[MARKET], "证照齐全")
    matters.verify(grid, matter, passed=True)
    assert matter.status == "closed"
    whole()


def test_what_is_closed_on_the_spot_waits_for_both(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    from doudi.web.matters import queries

    monkeypatch.setattr(queries, "drawn_for_check", lambda *_: False)
    (received,) = receive([Incoming("scan", "路边垃圾没人清", unit_code=town.shop.code)], auto_dispatch=True)
    matter, cleaner = received.matters[0], actor(town.people.cleaner)
    matters.add_support(cleaner, matter, town.posts[MARKET], bond="before_closed")
    assert hindering(matter, rulebook_of(matter.rulebook_id))
    with pytest.raises(MatterStepError, match="协办没有完成"):
        matters.handle(cleaner, matter, "已清运", [photo()], lacking=NO_PHOTO)


def test_a_helper_is_reminded_once_in_a_term(town: SimpleNamespace) -> None:
    matter, officer = stall(town), actor(town.people.east_officer)
    with pytest.raises(NotAllowedError):
        matters.urge_support(actor(town.people.cleaner), matter, town.posts[COMMITTEE])
    matters.urge_support(officer, matter, town.posts[COMMITTEE], "今天下午能到吗")
    run_due()
    with pytest.raises(MatterStepError, match="已经说过一次"):
        matters.urge_support(officer, matter, town.posts[COMMITTEE])
    with clock.at(TUESDAY + timedelta(days=3)):
        matters.urge_support(officer, matter, town.posts[COMMITTEE])
        run_due()
    assert Notice.objects.filter(post=COMMITTEE, kind="support_urged").count() == 2
    whole()


def test_the_holder_asks_the_desk_to_excuse_and_waits_until_it_does(town: SimpleNamespace) -> None:
    matter, officer = stall(town), actor(town.people.east_officer)
    with pytest.raises(MatterStepError, match="写明"):
        matters.ask_to_excuse(officer, matter, town.posts[COMMITTEE], " ")
    with pytest.raises(MatterStepError, match="承办"):
        matters.ask_to_excuse(actor(town.people.committee), matter, town.posts[COMMITTEE], "不去了")
    matters.ask_to_excuse(officer, matter, town.posts[COMMITTEE], "商户自己收了")
    run_due()
    assert Notice.objects.filter(post="uoc.duty", kind="excuse_asked").count() == 1
    with pytest.raises(MatterStepError, match="协办没有完成"):
        matters.handle(officer, matter, "摊贩已劝离", [photo()], lacking=NO_PHOTO)
    matters.finish_support(actor(town.people.desk), matter, town.posts[COMMITTEE], "同意", excused=True)
    matters.handle(officer, matter, "摊贩已劝离", [photo()], lacking=NO_PHOTO)


def test_who_was_only_told_may_be_asked_for_more(town: SimpleNamespace) -> None:
    matter, officer = alone(town), actor(town.people.east_officer)
    matters.add_support(officer, matter, town.posts[MARKET], bond="informs")
    with pytest.raises(MatterStepError, match="已经在"):
        matters.add_support(officer, matter, town.posts[MARKET], bond="informs")
    with pytest.raises(MatterStepError, match="不用定期限"):
        matters.add_support(
            officer, matter, town.posts["greening.street"], bond="informs", due_at=TUESDAY + timedelta(days=1)
        )
    matters.add_support(officer, matter, town.posts[MARKET], "请查证照")
    rows = Assignment.objects.filter(matter=matter, post=MARKET).order_by("since", "until")
    assert sorted((one.bond, one.until is None) for one in rows) == [("before_handled", True), ("informs", False)]
    whole()


def test_a_helper_is_due_before_the_holder_by_the_margin(town: SimpleNamespace) -> None:
    next_version(
        "committee.staff:before_handled",
        support_margin={lane: {"amount": 4, "unit": "working_hour"} for lane in ("life", "urgent", "normal")},
    )
    matter = stall(town)
    holder = MatterClock.objects.get(matter=matter, which="handle").due_at
    helper = MatterClock.objects.get(matter=matter, which="support")
    book = rulebook_of(2)
    assert holder is not None and helper.due_at is not None and helper.due_at < holder
    assert book.calendar.due(helper.due_at, book.term("support_margin", "normal")).at == holder
    # One that is asked for more time later does not wait longer than the holder may, either.
    matters.add_support(actor(town.people.east_officer), matter, town.posts[MARKET])
    assert MatterClock.objects.get(matter=matter, stage=MARKET).due_at == helper.due_at
    whole()


def test_open_matters_are_moved_over_to_the_new_version_by_one_step_of_the_desk(town: SimpleNamespace) -> None:
    old, desk = stall(town), actor(town.people.desk)
    by_hand = alone(town)
    matters.add_support(actor(town.people.east_officer), by_hand, town.posts[COMMITTEE], "请到场")
    before = by_hand.version
    next_version("committee.staff:informs")
    assert (Assignment.objects.get(matter=old, role="support").bond, hindering(old, rulebook_of(1)) != []) == ("", True)
    with pytest.raises(NotAllowedError):
        matters.adopt_bonds(actor(town.people.east_officer))
    done = matters.adopt_bonds(desk)
    assert (done.matters, done.supports, done.freed) == (1, 1, 1)
    assert Assignment.objects.get(matter=old, role="support").bond == "informs"
    assert MatterClock.objects.get(matter=old, which="support").cancelled
    event = MatterEvent.objects.get(kind="bonds_adopted")
    assert (event.payload["rulebook"], event.payload["bonds"]) == (2, {COMMITTEE: "informs"})
    assert Leaf.objects.filter(event=event.pk).count() == 1
    # What somebody asked for by hand is still waited for, and is not touched.
    by_hand.refresh_from_db()
    assert by_hand.version == before and Assignment.objects.get(matter=by_hand, until=None, role="support").bond
    old.refresh_from_db()
    matters.handle(actor(town.people.east_officer), old, "摊贩已劝离", [photo()], lacking=NO_PHOTO)
    assert matters.adopt_bonds(desk).matters == 0
    whole()


def test_a_version_that_does_not_name_the_helper_leaves_it_waited_for(town: SimpleNamespace) -> None:
    matter = stall(town)
    next_version("market.food:informs")
    assert matters.adopt_bonds(actor(town.people.desk)).matters == 0
    assert Assignment.objects.get(matter=matter, role="support").bond == ""
