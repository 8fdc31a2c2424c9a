"""How long one statement of a page may take: the process that serves cuts it off, so that no search stops everybody."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, connections

from doudi.web.config.sqlite3.base import DatabaseWrapper

#: far above what any page needs at a million matters, far below what somebody waits for
LONGEST_SECONDS = 8.0


def limit_statements(seconds: float = LONGEST_SECONDS) -> None:
    """For connections that this process opens from now on. Timers, imports and commands have no limit.

    On SQLite only what reads is cut off, by the time it was at work; on PostgreSQL the server cuts off any statement.
    """
    DatabaseWrapper.longest_statement = seconds
    settings = connections.settings[DEFAULT_DB_ALIAS]
    if settings["ENGINE"] == "django.db.backends.postgresql":
        limit = f"-c statement_timeout={round(seconds * 1000)}"
        options = settings.setdefault("OPTIONS", {})
        options["options"] = f"{options.get('options', '')} {limit}".strip()
