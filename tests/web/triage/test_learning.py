"""A town's model is learned from catalogue and closed matters, reads what comes in, is never taken if worse, steps back."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from django.conf import LazySettings
from django.test import Client

from doudi.engine.triage.vocabulary import ModelFact, Refusal, TriageJob
from doudi.web import clock
from doudi.web.jobs.models import Job
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Decision, Matter
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports.models import Report
from doudi.web.triage import files
from doudi.web.triage.models import KindModel, ModelUse
from doudi.web.triage.queries import digest_in_use, model_of, trouble
from doudi.web.triage.services import learning, receive, step_back, teach_if_due, teach_kinds
from doudi.web.triage.teaching import decided, is_worse
from tests.web.town import actor
from tests.web.triage.test_receive import report

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(files, "folder", lambda: tmp_path)


@pytest.fixture
def tender(town: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(town.people.admin)
    return client


def closed(words: str, kind: str, town: SimpleNamespace, **more: object) -> Matter:
    (received,) = receive([report(words, unit_code=town.shop.code, **more)])
    (matter,) = received.matters
    Matter.objects.filter(pk=matter.pk).update(kind=kind, unclear="", status="closed", closed_at=clock.now())
    return matter


def told(fact: ModelFact) -> int:
    return Leaf.objects.filter(body__contains=f'"kind":"{fact}"').count()


def test_a_model_is_learned_and_reads_the_next_report(town: SimpleNamespace) -> None:
    model = teach_kinds()
    assert digest_in_use() == model.digest and not model.refused
    (received,) = receive([report("领导您好，路边有人占道摆摊卖菜，请尽快处理，谢谢", unit_code=town.shop.code)])
    (matter,) = received.matters
    inputs = Decision.objects.filter(matter=matter).order_by("pk")[0].inputs
    assert inputs["model"] == model.digest and inputs["calibrated"] is False
    assert inputs["candidates"][0]["kind"] == "event.street.stall"
    assert any("摊" in word for word in inputs["candidates"][0]["matched"])
    assert told(ModelFact.TAKEN) == 1


def test_the_same_lessons_change_nothing(town: SimpleNamespace) -> None:
    first, second = teach_kinds(), teach_kinds()
    assert first == second
    assert (KindModel.objects.count(), ModelUse.objects.count()) == (1, 1)


def test_the_file_holds_plain_arrays_alone(town: SimpleNamespace) -> None:
    model = teach_kinds()
    with np.load(files.path_of(model.digest), allow_pickle=False) as kept:
        assert {"weights", "classes", "limits"} <= set(kept.files)
        assert not any(kept[name].dtype.hasobject for name in kept.files)


def test_what_a_small_circle_reads_is_not_learned_from(town: SimpleNamespace) -> None:
    closed("楼下有人占道摆摊", "event.street.stall", town)
    closed("隔壁老王天天摆摊，请保密", "event.street.stall", town, secret=True)
    restricted = closed("店里的人收黑钱", "event.street.stall", town)
    Report.objects.filter(pk=restricted.demands.get().report_id).update(secrecy=Report.Secrecy.RESTRICTED)
    assert [asks for asks, _, _ in decided()] == ["楼下有人占道摆摊"]


def test_a_lost_or_torn_file_stops_no_report_and_is_said(town: SimpleNamespace) -> None:
    model = teach_kinds()
    path = files.path_of(model.digest)
    whole = path.read_bytes()
    path.write_bytes(whole[:-100])
    assert model_of(digest_in_use()) is None
    path.unlink()
    assert trouble() == "lost"
    (received,) = receive([report("垃圾没人清", unit_code=town.shop.code)])
    assert received.matters[0].kind == "event.street.rubbish"
    path.write_bytes(whole)
    assert model_of(digest_in_use()) is not None


def test_one_that_is_worse_is_refused_and_says_why(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    first = teach_kinds()
    closed("路口有人摆摊", "event.street.stall", town)
    monkeypatch.setattr(learning, "is_worse", lambda *cards: "fresh")
    second = teach_kinds()
    assert second != first and second.refused == Refusal.WORSE_ON_FRESH
    assert digest_in_use() == first.digest


def test_worse_is_judged_on_fresh_decisions_where_they_are_enough() -> None:
    card = {"calibrated": 1, "first": 900, "fresh": 40, "fresh_right": 30, "fresh_right_before": 31}
    assert is_worse(card, {"calibrated": 1, "first": 100}, 30) == "fresh"
    assert is_worse(card | {"fresh_right": 31}, {"calibrated": 1, "first": 100}, 30) == ""
    few = card | {"fresh": 3}
    assert is_worse(few, {"calibrated": 1, "first": 950}, 30) == "held_out"
    assert is_worse(few, {"calibrated": 0, "first": 950}, 30) == ""


def test_stepping_back_is_one_press_with_a_reason(town: SimpleNamespace) -> None:
    first = teach_kinds()
    closed("路口有人摆摊", "event.street.stall", town)
    second = teach_kinds()
    assert digest_in_use() == second.digest
    with pytest.raises(learning.ModelError, match="理由"):
        step_back(actor(town.people.admin), second.digest, " ")
    step_back(actor(town.people.admin), second.digest, "认错的多了")
    assert digest_in_use() == first.digest
    with pytest.raises(learning.ModelError, match="刷新"):
        step_back(actor(town.people.admin), second.digest, "再按一次")
    assert teach_kinds() == second and digest_in_use() == first.digest, "what was put away does not come back by itself"
    assert told(ModelFact.STEPPED_BACK) == 1


def test_nobody_without_the_power_steps_back(town: SimpleNamespace) -> None:
    model = teach_kinds()
    with pytest.raises(NotAllowedError):
        step_back(actor(town.people.leader), model.digest, "不喜欢")


def test_learning_is_planned_once_when_it_is_due(town: SimpleNamespace, settings: LazySettings) -> None:
    assert teach_if_due() == 0, "a test town asks for it"
    settings.LEARN_KINDS = True
    teach_if_due()
    teach_if_due()
    assert Job.objects.filter(kind=TriageJob.TEACH).count() == 1
    model = teach_kinds()
    assert teach_if_due() == 0
    files.path_of(model.digest).unlink()
    assert teach_if_due() == 1


def test_the_page_shows_the_card_and_its_buttons_act(town: SimpleNamespace, tender: Client) -> None:
    assert "还没有学过" in tender.get("/system/kinds").content.decode()
    first = teach_kinds()
    closed("路口有人摆摊", "event.street.stall", town)
    second = teach_kinds()
    page = tender.get("/system/kinds").content.decode()
    assert second.digest[:12] in page and first.digest[:12] in page and "不写百分比" in page
    assert tender.post("/system/kinds/teach").status_code == 302
    assert Job.objects.filter(kind=TriageJob.TEACH).count() == 1
    refused = tender.post("/system/kinds/back", {"model": second.digest, "words": ""})
    assert refused.status_code == 409 and digest_in_use() == second.digest
    assert tender.post("/system/kinds/back", {"model": second.digest, "words": "不准"}).status_code == 302
    assert digest_in_use() == first.digest
