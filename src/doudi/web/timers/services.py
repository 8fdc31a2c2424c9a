"""What a person decides about work that failed for good: let it be tried again, or lay it aside for ever, with the reason."""

from __future__ import annotations

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.journal.services import Fact, append, keep_text, text_payload, unit_of_work
from doudi.web.people.actor import Actor


class JobStateError(DoudiError):
    """The job is not in the state that this step needs."""


@unit_of_work()
def retry_job(actor: Actor, job: Job) -> None:
    """What killed the job has been seen to: it is tried again at once."""
    actor.require(Power.TEND_JOBS)
    if not jobs.retry(job):
        raise JobStateError("这项任务没有搁置，不需要重试。请刷新页面看最新情况。")
    append(Fact.new("job_retried", f"job/{job.pk}", {"kind": job.kind, "attempts": job.attempts}, by=actor))


@unit_of_work()
def drop_job(actor: Actor, job: Job, text: str) -> None:
    """The job shall not be done any more; the reason stays with it in the journal."""
    actor.require(Power.TEND_JOBS)
    if not text.strip():
        raise JobStateError("请写明为什么不再执行。")
    if not jobs.drop(job):
        raise JobStateError("这项任务没有搁置，不能放弃。请刷新页面看最新情况。")
    kept = keep_text(text)
    append(Fact.new("job_dropped", f"job/{job.pk}", {"kind": job.kind, **text_payload(kept)}, by=actor))
