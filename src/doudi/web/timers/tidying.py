"""What nobody needs any more, put away once a day: sessions that ran out, work long done, old sign-in logs, imported files,
unused photographs."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command

from doudi.web import clock
from doudi.web.jobs import services as jobs
from doudi.web.rulebook.services import RulebookError
from doudi.web.timers.unused import forget_unused
from doudi.web.upstream.services import forget_files, forget_rows

#: a key that is forgotten could be planned again, so it is kept longer than anything is repeated
DONE_KEPT_FOR = timedelta(days=180)
#: six months of logs are asked for by law, and no more than is asked for is kept of who signed in from where
SIGN_INS_KEPT_FOR_DAYS = 190


def tidy() -> int:
    """Once a day, whichever timer comes first; returns how many jobs and files were put away."""
    if not jobs.acquire_interval("tidy", timedelta(days=1)):
        return 0
    SessionStore.clear_expired()
    # It says how many it found, whatever its verbosity; nobody reads that here.
    call_command("axes_reset_logs", age=SIGN_INS_KEPT_FOR_DAYS, verbosity=0, stdout=StringIO())
    return jobs.forget_done(clock.now() - DONE_KEPT_FOR) + _imported_files() + forget_unused()


def _imported_files() -> int:
    try:
        return forget_files() + forget_rows()
    except RulebookError:
        return 0  # the start-up checks say that no rules are in force
