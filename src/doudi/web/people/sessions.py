"""Sessions as Django keeps them; the session of a page is read past the query machinery."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from doudi.web import clock
from doudi.web.sql.select import get_or_none


class SessionStore(db.SessionStore):
    """The name is part of what sessions are signed with: those of Django's own store stay good."""

    def _get_session_from_db(self) -> Session | None:
        found = get_or_none(Session, session_key=self.session_key)
        if found is not None and found.expire_date > clock.now():
            return found
        self._session_key = None
        return None

    def get_expiry_date(self, **known: object) -> datetime:
        """Reckoned by the clock of the house, as it is looked at again."""
        return super().get_expiry_date(**{"modification": clock.now(), **known})
