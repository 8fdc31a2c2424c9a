"""What the platform does in the background as a whole: a copy of the town, when somebody presses for it."""

from __future__ import annotations

from django.conf import settings

from doudi.engine.setup.vocabulary import SetupJob
from doudi.web.registry.declared import Declared, JobKind, Pace, Payload


def _back_up(_payload: Payload) -> None:
    from doudi.web.operations.backup import backup

    backup(settings.DATA_DIR / "backups")


DECLARES: tuple[Declared, ...] = (JobKind(SetupJob.BACK_UP, "备份", _back_up, Pace.LONG),)
