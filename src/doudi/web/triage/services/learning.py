"""Models that read what reports say: learned beside the town's work, taken if not worse, put away with one press."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

from django.conf import settings

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.triage.vocabulary import ModelFact, Refusal, TriageJob
from doudi.web import clock
from doudi.web.jobs.services import plan
from doudi.web.journal.queries import length
from doudi.web.journal.services import Fact, append, keep_text, text_payload, unit_of_work
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.registry.declared import Payload
from doudi.web.rulebook.queries import rulebook_on
from doudi.web.triage import files
from doudi.web.triage.models import KindModel, ModelUse
from doudi.web.triage.queries import forget_model, former_use, model_of, open_use
from doudi.web.triage.teaching import decided_since, is_worse, learn_kinds

WAIT = timedelta(days=1)
ENOUGH_NEW, ENOUGH_FRESH = 20, 30
_running: list[subprocess.Popen[bytes]] = []


class ModelError(DoudiError):
    """A model cannot be put away: there is none before it, or it is another one by now."""


def plan_teaching(by: Actor) -> None:
    """Somebody wants the model learned anew now."""
    by.require(Power.TEND_JOBS)
    with unit_of_work():
        plan(TriageJob.TEACH, f"asked/{clock.new_id()}", clock.now(), {})


def teach_if_due() -> int:
    """Plan learning where the model lacks, is of another version of the rulebook, or a day with decisions went by."""
    if not settings.LEARN_KINDS or not (why := _due()):
        return 0
    with unit_of_work():
        plan(TriageJob.TEACH, f"{clock.today().isoformat()}/{why}", clock.now(), {})
    return 1


def _due() -> str:
    use, number = open_use(), rulebook_on().version.number
    if use is None:
        return f"first/{number}"
    if not files.path_of(use.model_id).exists() or model_of(use.model_id) is None:
        return f"lost/{use.model_id[:12]}"
    newest = KindModel.objects.order_by("-made_at").first()
    if newest is None or newest.rulebook != number:
        return f"rulebook/{number}"
    old = clock.now() - newest.made_at >= WAIT
    return "decided" if old and decided_since(newest.made_at, ENOUGH_NEW) else ""


def start_teaching(payload: Payload) -> None:
    """Let a process of its own learn, which ends: the timers have notices to send meanwhile."""
    _running[:] = [one for one in _running if one.poll() is None]
    if _running:
        return
    command = [sys.executable, "-m", "doudi.cli", "rebuild", "kinds"]
    quiet = subprocess.DEVNULL
    _running.append(subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, preexec_fn=_lower))


def _lower() -> None:
    os.nice(10)


def teach_kinds() -> KindModel:
    """Learn a model now and take it into use, unless it is worse than the one in use. The same lessons, the same model."""
    seq, rulebook, use = length(), rulebook_on(), open_use()
    used = model_of(use.model_id) if use else None
    taught = learn_kinds(rulebook.catalogue, used, use.model.made_at if use else None)
    digest = files.keep(taught.model)
    with unit_of_work():
        return _taken(digest, seq, rulebook.version.number, taught.card)


def _taken(digest: str, seq: int, number: int, card: dict[str, int | bool]) -> KindModel:
    use = ModelUse.objects.select_for_update().select_related("model").filter(until__isnull=True).first()
    model, new = KindModel.objects.get_or_create(digest=digest, defaults={"seq": seq, "rulebook": number, "card": card})
    if use is not None and (use.model_id == digest or not new):
        return model
    gone = use is not None and not files.path_of(use.model_id).exists()
    worse = is_worse(card, use.model.card, ENOUGH_FRESH) if use is not None and not gone else ""
    if worse:
        model.refused = {"fresh": Refusal.WORSE_ON_FRESH, "held_out": Refusal.WORSE_WHEN_HELD_OUT}[worse]
        model.save(update_fields=["refused"])
        append(Fact.new(ModelFact.REFUSED, f"kind_model/{digest[:12]}", {"why": model.refused}, by=SYSTEM))
        return model
    _use(use, model)
    append(Fact.new(ModelFact.TAKEN, f"kind_model/{digest[:12]}", {"digest": digest, "seq": seq}, by=SYSTEM))
    return model


def _use(now: ModelUse | None, model: KindModel) -> None:
    if now is not None:
        ModelUse.objects.filter(pk=now.pk, until__isnull=True).update(until=clock.now())
    ModelUse.objects.create(model=model)
    forget_model()


@unit_of_work()
def step_back(by: Actor, digest: str, text: str) -> ModelUse:
    """Put away the model in use, which must be the one that the person sees, for the one before. Raises ModelError."""
    by.require(Power.TEND_JOBS)
    if not text.strip():
        raise ModelError("请写明为什么退回上一个模型：理由会留痕。")
    use = ModelUse.objects.select_for_update().filter(until__isnull=True).first()
    if use is None or use.model_id != digest:
        raise ModelError("正在使用的已经不是这个模型，请刷新后再看。")
    before = former_use(use)
    if before is None:
        raise ModelError("没有更早的模型可以退回。")
    _use(use, before.model)
    payload = {"from": digest[:12], **text_payload(keep_text(text))}
    append(Fact.new(ModelFact.STEPPED_BACK, f"kind_model/{before.model_id[:12]}", payload, by=by))
    return before
