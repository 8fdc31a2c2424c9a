"""Notices about a dispute are planned as jobs; a timer sends them."""

from __future__ import annotations

from doudi.engine.disputes.vocabulary import DisputeJob, DisputeNotice
from doudi.web import clock
from doudi.web.disputes.models import Dispute
from doudi.web.jobs.services import plan as plan_job


def notify_post(row: Dispute, post: str, kind: DisputeNotice, *, urgent: bool = False, key: str = "") -> None:
    """Plan a notice to a post; a timer sends it."""
    payload = {"dispute": str(row.pk), "post": post, "kind": kind, "urgent": urgent}
    plan_job(DisputeJob.NOTIFY, f"{kind}:{row.pk}:{post}:{key or row.version}", clock.now(), payload)
