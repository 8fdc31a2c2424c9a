"""What belongs to drafting: the states of a replay, and its work in portions."""

from __future__ import annotations

from django.urls import reverse

from doudi.engine.rules.vocabulary import RuleJob
from doudi.web.drafting.models import Replay
from doudi.web.drafting.services import continue_replay
from doudi.web.registry.declared import Bound, Declared, JobKind, Life, Payload, State, Told
from doudi.web.registry.stale import hours, since


def _next_portion(payload: Payload) -> None:
    continue_replay(payload["replay"])


REPLAY = Life(
    Replay,
    facts=lambda row: {"title": row.version.title},
    path=lambda row: reverse("drafting_replay", args=[row.version_id]),
    states=(
        State(
            "running",
            "work",
            "refresh",
            bounds=(Bound(hours(6), Told.DESK, "规则手册草案“{title}”的重演 6 小时还没有完", since("started_at")),),
        ),
        State("done", "done", "circle-check", final=True),
        State("failed", "alarm", "alert-triangle", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (REPLAY, JobKind(RuleJob.REPLAY, "规则草案重演", _next_portion))
