"""The index follows the journal, holds nothing that is restricted or erased, and says when it is behind or wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from doudi.engine.search import segments
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.reports.models import Report
from doudi.web.search import pending, queries
from doudi.web.search.declares import _FAR_BEHIND, _behind
from doudi.web.search.models import Apart, Page, Progress, Segment
from doudi.web.search.naming import digests
from doudi.web.search.reading import PartsMovedError, Query, Wanted, candidates
from doudi.web.search.services import follow, follow_when_due, make_anew, make_on, parts
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Unit
from doudi.web.units.services import bump_places_version
from tests.web.town import TUESDAY

Filed = Callable[[], None]


def said(words: str, **more: object) -> Matter:
    return receive([Incoming(channel="web", words=words, **more)])[0].matters[0]  # type: ignore[arg-type]


def held(kind: str, pair: str) -> set[UUID]:
    """What the index itself has under the pair, whatever the records say."""
    query = Query((Wanted((digests().of(pair),)),))
    return {UUID(one) for some in candidates(kind, query, ()) for one in some}


def raw(pair: str) -> int:
    """How many live pages name the digest of the pair."""
    count = 0
    for part in Segment.objects.filter(use=Segment.Use.LIVE):
        body = Page.objects.get(address=(part.pk << 16) + segments.page_of(digests().of(pair), part.bits)).body
        count += bool(len(segments.places_of(bytes(body), digests().of(pair), part.bits)))
    return count


def test_what_is_taken_in_is_found_before_and_after_it_is_filed(filed: Filed) -> None:
    matter = said("芦苇荡里有人烧荒")
    found = queries.matters(Matter.objects.all(), "芦苇", SYSTEM)
    assert list(found.ids()) == [matter.pk] and held("matter", "芦苇") == set() and pending.behind()
    filed()
    assert held("matter", "芦苇") == {matter.pk} and not pending.behind()
    with CaptureQueriesContext(connection) as asked:
        assert list(queries.matters(Matter.objects.all(), "芦苇", SYSTEM).ids()) == [matter.pk]
    assert not any('"doudi_reports_report"."words"' in one["sql"] for one in asked)
    assert list(queries.matters(Matter.objects.all(), "芦荡", SYSTEM).ids()) == []


def test_taking_in_writes_nothing_for_the_index(filed: Filed) -> None:
    with CaptureQueriesContext(connection) as asked:
        said("芦苇荡里有人烧荒")
    assert not any("doudi_search" in one["sql"] for one in asked)


def test_who_sets_a_matter_apart_takes_it_out_of_the_index(town: SimpleNamespace, filed: Filed) -> None:
    matter = said("芦苇荡里有人烧荒", unit_code=town.shop.code)
    report = Report.objects.get()
    filed()
    assert raw("芦苇") == 2
    with unit_of_work():
        Matter.objects.filter(pk=matter.pk).update(restricted=True)
        Report.objects.update(secrecy="restricted")
        append(Fact.new("restricted", matter.journal_name, {}), Fact.new("restricted", report.journal_name, {}))
    for _ in range(2):  # told by the journal, then filed
        for nickname in ("shift", "desk", "east_officer", "west_officer"):
            actor = Actor.of(getattr(town.people, nickname))
            sees = visible(actor).filter(pk=matter.pk).exists()
            assert list(queries.matters(visible(actor), "芦苇", actor).ids()) == ([matter.pk] if sees else [])
            assert list(queries.reports(visible_reports(actor), "芦苇", actor).ids()) == ([report.pk] if sees else [])
        filed()
    assert raw("芦苇") == 0 and Apart.objects.count() == 2
    assert visible(Actor.of(town.people.shift)).filter(pk=matter.pk).exists()


def test_what_is_erased_leaves_every_part(filed: Filed) -> None:
    matter, other = said("芦苇荡里有人烧荒"), said("芦苇倒伏")
    filed()
    said("井盖坏了")
    filed()
    report = Report.objects.get(words="芦苇荡里有人烧荒")
    with unit_of_work():
        Report.objects.filter(pk=report.pk).update(words="", title="", address="")
        Matter.objects.filter(pk=matter.pk).update(summary="", address="")
        matter.demands.update(asks="")
        append(Fact.new("erased", report.journal_name, {}))
    assert list(queries.matters(Matter.objects.all(), "烧荒", SYSTEM).ids()) == []
    filed()
    assert raw("烧荒") == 0 and held("matter", "芦苇") == {other.pk}
    assert list(queries.matters(Matter.objects.all(), matter.number, SYSTEM).ids()) == [matter.pk]
    assert not Page.objects.filter(address__lt=Segment.objects.order_by("pk")[0].pk << 16).exists()


def test_a_unit_that_is_renamed_is_found_by_its_new_name_and_no_matter_is_touched(
    town: SimpleNamespace, filed: Filed
) -> None:
    matter = said("垃圾没人收", unit_code=town.shop.code)
    filed()
    before = list(Segment.objects.order_by("pk").values_list("pk", flat=True))
    with unit_of_work():
        Unit.objects.filter(pk=town.shop.code).update(name="芦苇面馆", address="")
        bump_places_version()
    assert list(queries.matters(Matter.objects.all(), "芦苇", SYSTEM).ids()) == [matter.pk]
    assert list(queries.matters(Matter.objects.all(), "东苑面馆", SYSTEM).ids()) == []
    assert list(queries.units(Unit.objects.all(), "芦")) == [town.shop]
    assert list(Segment.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_a_telephone_finds_reports_save_those_of_who_wants_to_be_hidden(filed: Filed) -> None:
    known, hidden = said("垃圾", phone="138 0000 1111"), said("噪音", phone="13800001111", secret=True)
    for _ in range(2):
        found = list(queries.matters(Matter.objects.all(), "１３８００００１１１１", SYSTEM).ids())
        assert found == [known.pk] != [hidden.pk]
        assert list(queries.matters(Matter.objects.all(), "1380000111", SYSTEM).ids()) == []
        filed()
    assert "13800001111" not in str(list(map(bytes, Page.objects.values_list("body", flat=True))))


def test_one_sign_alone_is_not_searched_and_narrows_others(filed: Filed) -> None:
    matter = said("垃圾堆在楼道")
    said("垃圾堆在路边")
    filed()
    assert list(queries.matters(Matter.objects.all(), "垃", SYSTEM).ids()) == []
    assert list(queries.matters(Matter.objects.all(), "垃圾 楼", SYSTEM).ids()) == [matter.pk]


def test_another_key_begins_anew(filed: Filed, settings: object) -> None:
    matter = said("芦苇荡里有人烧荒")
    filed()
    settings.SEARCH_KEY = "another"  # type: ignore[attr-defined]
    assert list(queries.matters(Matter.objects.all(), "芦苇", SYSTEM).ids()) == [matter.pk]
    assert follow() == 0 and not held("matter", "芦苇")
    assert follow_when_due() > 0
    assert held("matter", "芦苇") == {matter.pk}


def test_timers_wait_for_enough_or_five_minutes(filed: Filed, monkeypatch: pytest.MonkeyPatch) -> None:
    said("芦苇荡里有人烧荒")
    assert follow_when_due() > 0
    said("芦苇倒伏")
    assert follow_when_due() == 0
    with clock.at(TUESDAY + timedelta(minutes=6)):
        assert follow_when_due() > 0
    said("芦苇又倒了")
    monkeypatch.setattr("doudi.web.search.services.following.LEAVES", 2)
    assert follow_when_due() == 2


def test_parts_that_are_joined_while_somebody_reads_are_read_again(
    filed: Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = []
    for _ in range(9):
        ids.append(said("芦苇荡里有人烧荒").pk)
        filed()
    stale = list(Segment.objects.filter(kind="matter", use="live"))
    assert len(stale) < 9
    make_anew()
    while make_on():
        pass
    calls = iter([stale])
    real = parts.live
    monkeypatch.setattr("doudi.web.search.reading.live", lambda kind: next(calls, None) or real(kind))
    assert list(queries.matters(Matter.objects.all(), "芦苇", SYSTEM).ids()) == ids[::-1]
    monkeypatch.setattr("doudi.web.search.reading.live", lambda kind: stale)
    with pytest.raises(PartsMovedError):
        held("matter", "芦苇")


def test_whoever_is_slower_files_nothing(filed: Filed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two timers read the same leaves: the second finds that it was done."""
    said("芦苇荡里有人烧荒")
    here = Progress.objects.get()
    follow()
    monkeypatch.setattr(pending, "progress", lambda: here)
    assert follow() == 0
    assert len(held("matter", "芦苇")) == 1 and raw("芦苇") == 2


def test_fsck_finds_an_index_that_is_unlike_the_records(filed: Filed) -> None:
    matter = said("芦苇荡里有人烧荒")
    filed()
    codes = {one.code for one in examine() if one.code.startswith("search")}
    assert codes == set()
    parts.take_out("matter", [matter.pk], Progress.objects.get().seq)
    assert {one.code for one in examine() if one.code.startswith("search")} == {"search.unlike"}
    filed()
    Matter.objects.filter(pk=matter.pk).update(restricted=True)
    assert "search.apart" in {one.code for one in examine()}


def test_far_behind_is_said(filed: Filed, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _behind() == ""
    monkeypatch.setattr("doudi.web.search.declares._FAR_BEHIND", 1)
    said("芦苇荡里有人烧荒")
    assert _behind() == "behind" and _FAR_BEHIND > 1000
