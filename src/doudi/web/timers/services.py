"""What a person decides about work that failed for good: let it be tried anew, or lay it aside for ever, with the reason."""

from __future__ import annotations

from django.db import transaction

from doudi.engine.errors import DoudiError
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.journal.services import Fact, keep_words, record, words_payload
from doudi.web.people.actor import Actor


class JobStateError(DoudiError):
    """The job is not in the state that this step needs."""


@transaction.atomic
def retry_job(actor: Actor, job: Job) -> None:
    """What killed the job has been seen to: it is tried anew at once."""
    actor.require("tend_jobs")
    if not jobs.revive(job):
        raise JobStateError("这项任务没有搁置，不需要重试。请刷新页面看最新情况。")
    record([Fact.new("job_retried", f"job/{job.pk}", {"kind": job.kind, "attempts": job.attempts}, by=actor)])


@transaction.atomic
def drop_job(actor: Actor, job: Job, words: str) -> None:
    """The job shall not be done any more; the reason stays with it in the journal."""
    actor.require("tend_jobs")
    if not words.strip():
        raise JobStateError("请写明为什么不再执行。")
    if not jobs.drop(job):
        raise JobStateError("这项任务没有搁置，不能放弃。请刷新页面看最新情况。")
    kept = keep_words(words)
    record([Fact.new("job_dropped", f"job/{job.pk}", {"kind": job.kind, **words_payload(kept)}, by=actor)])
