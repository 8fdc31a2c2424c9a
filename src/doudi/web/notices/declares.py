"""What belongs to notices: telling who runs the town of what looks like an attack."""

from __future__ import annotations

from datetime import timedelta

from doudi.engine.people.vocabulary import PeopleJob, PeopleNotice
from doudi.web.notices.alarms import tell_of_attack
from doudi.web.registry.declared import Declared, JobKind, NoticeKind, Pace

DECLARES: tuple[Declared, ...] = (
    JobKind(PeopleJob.ATTACK, "通知疑似攻击", tell_of_attack, Pace.TOGETHER),
    NoticeKind(PeopleNotice.ATTACK, patience=timedelta(hours=1)),
)
