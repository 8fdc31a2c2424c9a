"""Phrases are the town's own: entered, changed by versions, ended, brought back, each with its history."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from doudi.engine.answers.filling import PhraseError, filled, require_fields
from doudi.engine.answers.vocabulary import Situation
from doudi.web.answers import checks, services
from doudi.web.answers.errors import KeptError
from doudi.web.answers.models import Phrase, PhraseEvent
from doudi.web.answers.queries import phrases_for, versions_of
from doudi.web.answers.services import NewPhrase
from doudi.web.answers.shipped import shipped_phrases
from doudi.web.journal.models import Leaf
from doudi.web.people.actor import SYSTEM
from doudi.web.people.errors import NotAllowedError
from doudi.web.records.errors import StaleError
from doudi.web.registry.proof import Walk
from tests.web.desk.conftest import STALL, Visitor, content
from tests.web.town import actor

DONE = NewPhrase("办好", Situation.DONE, "{地点}已处理：{处置情况}")


@pytest.fixture
def desk(town: SimpleNamespace) -> Visitor:
    return Visitor(town.people.desk)


def entered(town: SimpleNamespace, new: NewPhrase = DONE) -> Phrase:
    return services.enter_phrase(actor(town.people.desk), new)


def test_it_is_entered_changed_ended_and_every_version_is_there(town: SimpleNamespace) -> None:
    by, one = actor(town.people.desk), entered(town)
    services.change_phrase(by, one, NewPhrase("办好了", Situation.DONE, "{地点}办好了", STALL))
    services.end_phrase(by, one)
    assert [one.pk for one in phrases_for((Situation.DONE,), (STALL,))] == []
    services.restore_phrase(by, one, 1)
    one.refresh_from_db()
    assert (one.name, one.text, one.kind, one.ended_at, one.version) == ("办好", DONE.text, "", None, 4)
    said = [(version.event.kind, version.said["text"]) for version in versions_of(one)]
    assert said == [
        ("restored", DONE.text),
        ("ended", "{地点}办好了"),
        ("changed", "{地点}办好了"),
        ("entered", DONE.text),
    ]
    assert list(checks.told(Walk("answers"))) == []
    assert Leaf.objects.filter(body__contains=f"phrase/{one.pk}").count() == 4


def test_a_row_changed_behind_its_events_is_found(town: SimpleNamespace) -> None:
    one = entered(town)
    Phrase.objects.filter(pk=one.pk).update(text="别的")
    assert [found.code for found in checks.told(Walk("answers"))] == ["answers.unlike_events"]


def test_events_are_only_added(town: SimpleNamespace) -> None:
    entered(town)
    with pytest.raises(DatabaseError), transaction.atomic():
        PhraseEvent.objects.all().delete()


def test_who_comes_second_is_told_so(town: SimpleNamespace) -> None:
    one = entered(town)
    old = Phrase.objects.get(pk=one.pk)
    services.end_phrase(actor(town.people.desk), one)
    with pytest.raises(StaleError):
        services.change_phrase(actor(town.people.shift), old, NewPhrase("x", Situation.DONE, "y"))


@pytest.mark.parametrize("to", [0, 2, 99])
def test_only_what_was_said_comes_back(town: SimpleNamespace, to: int) -> None:
    one = entered(town)
    with pytest.raises(KeptError):
        services.restore_phrase(actor(town.people.desk), one, to)


def test_only_the_desk_keeps_them_and_only_fields_that_are_known(town: SimpleNamespace) -> None:
    for who in (town.people.east_officer, town.people.leader, town.people.admin):
        with pytest.raises(NotAllowedError):
            services.enter_phrase(actor(who), DONE)
    with pytest.raises(PhraseError):
        entered(town, NewPhrase("x", Situation.DONE, "{结果}"))


def test_what_is_kept_for_the_kind_itself_comes_first(town: SimpleNamespace) -> None:
    any_, group, kind = (
        entered(town, NewPhrase(name, Situation.DONE, "x", code))
        for name, code in (("any", ""), ("group", "event"), ("kind", STALL))
    )
    entered(town, NewPhrase("other", Situation.DONE, "x", "event.street.noise"))
    entered(town, NewPhrase("progress", Situation.PROGRESS, "x"))
    assert phrases_for((Situation.DONE,), (STALL,)) == [kind, group, any_]
    assert phrases_for((Situation.DONE,), ()) == [any_]


def test_those_that_come_with_the_software_can_be_filled_and_come_once(town: SimpleNamespace, desk: Visitor) -> None:
    assert "装入附带的 5 条" in desk.read("/phrases")
    assert desk.press("/phrases/shipped").status_code == 302
    assert Phrase.objects.count() == len(shipped_phrases()) == 5
    assert services.enter_shipped(SYSTEM) == 0
    for _name, _situation, text in shipped_phrases():
        require_fields(text)
        assert "{" not in filled(text, {})
    assert {situation for _name, situation, _text in shipped_phrases()} == set(Situation)


def test_the_desk_works_them_by_its_pages(town: SimpleNamespace, desk: Visitor) -> None:
    wrong = desk.press("/phrases", name="办好", situation="done", text="写得很长{结果}")
    assert wrong.status_code == 400 and "没有“结果”这一栏" in content(wrong) and "写得很长" in content(wrong)
    desk.press("/phrases", name="办好", situation="done", kind=STALL, text="{地点}办好了")
    one = Phrase.objects.get()
    base = f"/phrases/{one.pk}"
    assert "{地点}办好了" in desk.read(base) and "占道" in desk.read("/phrases")
    changed = desk.client.post(
        f"{base}/change", {"name": "新", "situation": "done", "text": "新说法", "version": "1"}, follow=True
    )
    page = content(changed)
    assert "新说法" in page and f'action="{base}/restore"' in page and "撤销" in page
    late = desk.press(f"{base}/end", version="1")
    assert late.status_code == 409 and "刚刚被别人改过" in content(late)
    desk.press(f"{base}/restore", to="1", version="2")
    assert Phrase.objects.get().text == "{地点}办好了"
    desk.press(f"{base}/end", version="3")
    assert (
        "已停用" in desk.read(base)
        and one.pk not in desk.read("/phrases")
        and one.pk in desk.read("/phrases?tab=ended")
    )
    again = desk.press(f"{base}/restore", to="77", version="4")
    assert again.status_code == 409 and "没有这一版" in content(again)


@pytest.mark.parametrize("who", ["east_officer", "grid_east", "leader", "admin", "auditor"])
def test_nobody_else_has_the_pages(town: SimpleNamespace, who: str) -> None:
    one = entered(town)
    visitor = Visitor(getattr(town.people, who))
    visitor.read("/phrases", 404)
    visitor.read(f"/phrases/{one.pk}", 404)
    for step, fields in (
        ("change", {"name": "x", "situation": "done", "text": "y"}),
        ("end", {}),
        ("restore", {"to": 1}),
    ):
        answer: Any = visitor.press(f"/phrases/{one.pk}/{step}", version="1", **fields)
        assert answer.status_code == 404
    assert Phrase.objects.get().version == 1
