"""Answers for a system above that nobody took along, or took along and never confirmed: told once a day for the whole system."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count

from doudi.engine.words import words
from doudi.web import clock
from doudi.web.duties.queries import duty_desk
from doudi.web.duties.services import BackstopError
from doudi.web.notices.services import send_once
from doudi.web.outbox.models import Outgoing

WITHIN = timedelta(days=1)


def unsent_answers() -> int:
    """Tell the desk of the systems whose answers have waited for a day; returns how many notices were sent."""
    late = Outgoing.objects.filter(
        state__in=(Outgoing.State.WAITING, Outgoing.State.HANDED), made_at__lte=clock.now() - WITHIN
    )  # fmt: skip
    systems = late.values_list("system").annotate(n=Count("pk")).order_by("system")
    try:
        desk = duty_desk() if systems else ""
    except BackstopError:
        return 0
    return sum(
        send_once(
            (
                desk, "standing", f"unsent:{system}:{clock.today().isoformat()}",
                words("“{system}”有 {n} 条答复还没有回填，最早的已超过 1 天", system=system, n=count), "/import/answers", False,
            )
        )
        for system, count in systems
    )  # fmt: skip
