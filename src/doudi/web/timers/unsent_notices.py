"""What all looks of the timers share: notices as rows, and which rows nobody was told of yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Replace

from doudi.engine.messages import Message
from doudi.web.duties.queries import duty_desk
from doudi.web.duties.services import BackstopError
from doudi.web.notices.models import Notice
from doudi.web.people.access import Access
from doudi.web.people.queries import posts_with

#: (post code, kind, key, words, path, urgent)
Row = tuple[str, str, str, Message, str, bool]

MOST_AT_ONCE = 500


def desk() -> Sequence[str]:
    """The duty desk's post; none in a town that has not named it."""
    try:
        return [duty_desk()]
    except BackstopError:
        return []


def shift_leaders() -> Sequence[str]:
    """The posts of the shift leaders; the duty desk where there are none."""
    return posts_with(Access.SHIFT_LEADER) or desk()


def unsaid(rows: QuerySet[Any], said: str, stamp: str = "") -> QuerySet[Any]:
    """Those rows of which no notice was sent yet, each with its notice's key as ``said_as``.

    With a ``stamp`` (a column that rises when the row is touched) a row is told again after it was touched. Ids are
    compared without dashes: SQLite stores them so.
    """
    bare_id = Replace(Cast(F("pk"), TextField()), Value("-"), Value(""), output_field=TextField())
    stamped = [Value(":"), Cast(F(stamp), CharField())] if stamp else []
    key = Concat(Value(f"{said}:"), bare_id, *stamped, output_field=TextField())
    told = Notice.objects.filter(key=OuterRef("said_as"))
    new: QuerySet[Any] = rows.annotate(said_as=key).filter(~Exists(told))
    return new
