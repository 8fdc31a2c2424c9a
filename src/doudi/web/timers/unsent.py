"""Answers for a system above that nobody took along, or took along and never confirmed: told once a day for the whole system."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count
from django.urls import reverse

from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import PeopleNotice
from doudi.web import clock
from doudi.web.notices.services import send_once
from doudi.web.outbox.models import Outgoing
from doudi.web.timers.unsent_notices import desk

WITHIN = timedelta(days=1)


def unsent_answers() -> int:
    """Tell the desk of the systems whose answers have waited for a day; returns how many notices were sent."""
    late = Outgoing.objects.filter(
        state__in=(Outgoing.State.WAITING, Outgoing.State.HANDED), made_at__lte=clock.now() - WITHIN
    )
    systems = late.values_list("system").annotate(n=Count("pk")).order_by("system")
    return sum(
        send_once(
            (
                post,
                PeopleNotice.STANDING,
                f"unsent:{system}:{clock.today().isoformat()}",
                msg("“{system}”有 {n} 条答复还没有回填，最早的已超过 1 天", system=system, n=count),
                reverse("answers"),
                False,
            )
        )
        for system, count in systems
        for post in desk()
    )
