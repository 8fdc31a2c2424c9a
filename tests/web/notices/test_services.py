"""A post is told once of each fact, and only whoever sits on it says that it was read."""

from __future__ import annotations

from types import SimpleNamespace

from doudi.engine.messages import msg
from doudi.web.notices.models import Notice
from doudi.web.notices.queries import notices_of, unread
from doudi.web.notices.services import acknowledge, send
from doudi.web.people.actor import NOBODY
from tests.web.town import TUESDAY, actor


def tell(key: str = "a", post: str = "chengguan.east") -> int:
    return send([(post, "assigned", key, msg("事项 {number} 由您承办", number=7), "/matters/7", True)])


def test_the_same_fact_notifies_once(town: SimpleNamespace) -> None:
    assert (tell(), Notice.objects.count()) == (1, 1)
    tell()
    assert Notice.objects.count() == 1
    assert Notice.objects.get().facts == {"number": "7"}


def test_each_reads_what_their_own_posts_are_told(town: SimpleNamespace) -> None:
    tell("a")
    tell("b", "chengguan.west")
    assert [one.key for one in notices_of(actor(town.people.east_officer))] == ["a"]
    assert (unread(actor(town.people.west_officer)), unread(NOBODY)) == (1, 0)


def test_only_the_post_that_was_told_has_read_it_and_only_once(town: SimpleNamespace) -> None:
    tell()
    (told,) = Notice.objects.all()
    assert acknowledge(actor(town.people.west_officer), [told.pk]) == 0
    assert acknowledge(NOBODY, [told.pk]) == 0
    assert acknowledge(actor(town.people.east_officer), [told.pk]) == 1
    assert acknowledge(actor(town.people.east_officer), [told.pk]) == 0
    read = Notice.objects.get()
    assert (read.read_at, read.read_by) == (TUESDAY, town.people.east_officer)
