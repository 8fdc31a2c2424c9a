"""What looks like an attack is handed to a job, since whoever finds it stands below the notices that tell of it."""

from __future__ import annotations

from doudi.engine.people.vocabulary import PeopleJob
from doudi.web import clock
from doudi.web.jobs.services import plan


def tell_of_attack(what: str, count: int, address: str) -> None:
    """``what``: password, address, codes or reports, see `doudi.web.notices.alarms`."""
    now, key = clock.now(), f"attack:{clock.new_id().hex}"
    plan(PeopleJob.ATTACK, key, now, {"what": what, "count": count, "address": address, "key": key})
