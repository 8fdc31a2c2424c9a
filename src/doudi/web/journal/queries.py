"""Reading on in the journal from where one was."""

from __future__ import annotations

from doudi.web.journal.models import Head, Leaf


def leaves_after(seq: int, most: int = 1000) -> list[Leaf]:
    """The leaves behind ``seq`` (0: from the first), in the order of their commits, at most so many.

    ``seq`` is the only order without gaps on both databases: it is given under the head's lock, which is held to the
    commit, so whoever sees a leaf sees all before it. Moments and ids are taken earlier and may come to light later.
    """
    return list(Leaf.objects.filter(seq__gt=seq).order_by("seq")[:most])


#: how many leaves the journal has, as a query that others may ask beside theirs
LENGTH = f'SELECT size FROM "{Head._meta.db_table}" WHERE id = 1'


def length() -> int:
    """How many leaves the journal has: the ``seq`` of the last one, 0 where there is none."""
    return head()[0]


def head() -> tuple[int, str]:
    """The length, and the hash of the last leaf, which is the same only while nothing was added."""
    found = Head.objects.filter(id=1).values_list("size", "last_hash").first()
    return found or (0, "")
