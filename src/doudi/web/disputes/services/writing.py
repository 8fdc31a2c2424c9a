"""The few ways in which a dispute's rows are written, shared by the steps; no one outside ``services`` calls them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from doudi.engine.disputes.ladder import Convenor, rung_of, term_of
from doudi.engine.matters.clocks import plan as clock_plan
from doudi.web import clock
from doudi.web.disputes.errors import DisputeError, StaleDisputeError
from doudi.web.disputes.models import Dispute, DisputeClock
from doudi.web.duties.queries import catchers, duty_desk
from doudi.web.jobs.services import plan as plan_job
from doudi.web.journal.services import Fact, plain
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import visible
from doudi.web.people.access import Access
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Post
from doudi.web.people.queries import standing_posts
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.terms import services as terms


def lock_matter(pk: object) -> Matter:
    """Take the matter for this transaction; whoever needs both takes it before the dispute.

    Without joins: PostgreSQL looks at a row again once it has waited for it, and joined to the holder of before it is gone.
    """
    return Matter.objects.select_for_update().get(pk=pk)


def lock(dispute: Dispute) -> Dispute:
    """Take matter and dispute. Raises StaleDisputeError when the dispute moved on since it was read."""
    matter = lock_matter(dispute.matter_id)
    row = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if row.version != dispute.version:
        raise StaleDisputeError("这个争议刚刚被别人更新过，请刷新后再试；您写的内容还在。")
    row.matter = matter
    return row


def change(row: Dispute, **columns: Any) -> None:
    """Write the columns by compare-and-swap on the version."""
    if not Dispute.objects.filter(pk=row.pk, version=row.version).update(version=row.version + 1, **columns):
        raise StaleDisputeError("这个争议刚刚被别人更新过，请刷新后再试；您写的内容还在。")
    row.version += 1
    for column, value in columns.items():
        setattr(row, column, value)


def happened(actor: Actor, row: Dispute, kind: str, payload: Mapping[str, object]) -> Fact:
    """A fact of the journal about the dispute itself."""
    told = {name: plain(value) for name, value in payload.items()}
    return Fact.new(kind, f"dispute/{row.matter.number}-{row.seq}", {"dispute": str(row.pk), **told}, by=actor)


def about(row: Dispute) -> dict[str, object]:
    """What a matter's event says of the dispute."""
    return {"dispute": str(row.pk), "seq": row.seq, "level": str(row.level)}


def require_seen(actor: Actor, matter: Matter) -> None:
    if not actor.is_system and not visible(actor).filter(pk=matter.pk).exists():
        raise NotAllowedError("这件事项不在您的权限范围内。如确需办理，请联系值班长。")


def require_convenor(actor: Actor, row: Dispute) -> None:
    """The post that convenes, or the desk and the leader for it."""
    if row.convenor_id in actor.posts:
        return
    require_seen(actor, row.matter)
    if not actor.may("convene"):
        raise DisputeError("由召集人“{convenor}”或值班岗来办。", convenor=row.convenor.name)


def convenor_for(matter: Matter, level: str) -> Post:
    """The post that calls the parties on a level."""
    sort = rung_of(level).convenor
    if sort is Convenor.BACKSTOP and matter.area_id:
        for one in catchers():
            if one.area == matter.area_id and one.row is not None:
                return one.row.post
    if sort is Convenor.PANEL:
        panel = standing_posts().filter(access=Access.LEADER).order_by("code").first()
        if panel is not None:
            return panel
    return Post.objects.get(code=duty_desk())


def start_level(row: Dispute, level: str, now: datetime) -> datetime:
    """The clock of a level begins, the one before ends. Returns the new due moment."""
    terms.end(DisputeClock, now, dispute=row)
    book = rulebook_of(row.matter.rulebook_id)
    planned = clock_plan(level, term_of(level, book.parameters.get("answer_by", {})), now, book.calendar)
    (made,) = DisputeClock.objects.bulk_create(terms.clock_rows(DisputeClock, [planned], dispute=row))
    assert made.due_at is not None
    return made.due_at


def due_of(row: Dispute) -> datetime:
    """Until when the present level has to be done with it."""
    due = DisputeClock.objects.filter(dispute=row, ended_at__isnull=True).values_list("due_at", flat=True).first()
    return due or clock.now()


def tell_post(row: Dispute, post: str, kind: str, *, urgent: bool = False, key: str = "") -> None:
    """Plan a notice to a post; a timer sends it."""
    payload = {"dispute": str(row.pk), "post": post, "kind": kind, "urgent": urgent}
    plan_job("notify_dispute", f"{kind}:{row.pk}:{post}:{key or row.version}", clock.now(), payload)
