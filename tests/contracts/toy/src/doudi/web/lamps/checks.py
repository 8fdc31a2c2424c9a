"""A lamp is what its last event says."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.web.lamps.models import Lamp, LampEvent

from doudi.web.registry.proof import Fault, Walk, fault


def told(walk: Walk) -> Iterator[Fault]:
    for rows in walk.over(Lamp.objects.all()):
        for lamp in rows:
            last = LampEvent.objects.filter(lamp=lamp).order_by("-seq").first()
            if last is None or last.payload["set"]["state"] != lamp.state:
                yield fault("lamp.unlike_events", f"lamp/{lamp.number}", "路灯的状态与事件不同。")
