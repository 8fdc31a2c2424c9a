"""The only writer of looks. A page that was opened is noted after its answer has gone, so that no reader waits for it."""

from __future__ import annotations

import logging

from django.db import DatabaseError
from django.http import HttpResponseBase

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.journal.services import append, keep_text, unit_of_work
from doudi.web.looks.models import Look
from doudi.web.looks.queries import fact_of
from doudi.web.people.actor import Actor
from doudi.web.sql.insert import bulk_insert

logger = logging.getLogger("doudi.looks")


class PurposeError(DoudiError):
    """Something hidden was to be revealed without saying what for."""


def keep_look(actor: Actor, about: str, what: Look.What, page: str) -> None:
    """Keep that the page was opened: once for a person, a record, a sort and an hour."""
    if actor.person is None:
        return
    now = clock.now()
    look = Look(
        about=about,
        what=what,
        page=page,
        person=actor.person,
        post=actor.post,
        at=now,
        hour=now.replace(minute=0, second=0, microsecond=0),
    )
    if Look.objects.filter(person=look.person, about=about, what=what, hour=look.hour).exists():
        return
    with unit_of_work():
        # Of two pages opened at once one row stands; only it has a leaf.
        bulk_insert([look], ignore_conflicts=True)
        if Look.objects.filter(pk=look.pk).exists():
            append(fact_of(look, actor.kind))


def keep_look_after(response: HttpResponseBase, actor: Actor, about: str, what: Look.What, page: str) -> None:
    """The same once ``response`` has been handed to the server: a store that is busy keeps no reader waiting."""

    def keep() -> None:
        try:
            keep_look(actor, about, what, page)
        except DatabaseError:
            logger.exception("a look at %s could not be kept", about)

    response._resource_closers.append(keep)  # type: ignore[attr-defined]  # called by close(), as open files are


def keep_reveal(actor: Actor, about: str, what: Look.What, page: str, purpose: str) -> None:
    """Keep that something hidden was shown, and what for. Inside the unit of work that reads it; raises PurposeError."""
    kept = keep_text(purpose)
    if kept is None:
        raise PurposeError("请写明查看的用途，查看会留痕。")
    look = Look(
        about=about, what=what, page=page, person=actor.person, post=actor.post, purpose=kept, at=clock.now(), hour=None
    )
    bulk_insert([look])
    append(fact_of(look, actor.kind))
