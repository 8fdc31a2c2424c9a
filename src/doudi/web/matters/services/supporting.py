"""Posts that must help, each with its own limit; the matter is not finished before they are done or excused."""

from __future__ import annotations

from datetime import datetime

from doudi.web import clock
from doudi.web.journal.services import keep_words, plain, record
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Assignment, Decision, Matter, MatterClock
from doudi.web.matters.services import writing
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.terms import services as terms


@writing.step
def add_support(actor: Actor, matter: Matter, post: Post, words: str = "", *, due_at: datetime | None = None) -> None:
    """Ask another post for help, until ``due_at`` or as long as the town gives a support."""
    if matter.holder_id not in actor.posts:
        actor.require("dispatch")
    writing.require_open(matter)
    writing.require_standing([post])
    now = clock.now()
    if due_at is not None and due_at <= now:
        raise MatterStepError("协办的期限已经过了，请选以后的时间。")
    decision = Decision.objects.filter(matter=matter).order_by("-at", "-id").first()
    if post.code == matter.holder_id or not writing.add_supports(matter, decision, {post.code}, now, "desk", due_at):
        raise MatterStepError("{post}已经在承办或协办这件事。", post=post.name)
    payload = {"post": post.code, **({"due_at": plain(due_at)} if due_at else {})}
    told = writing.tell(actor, matter, "support_added", {}, payload, keep_words(words))
    writing.notify_post(matter, post.code, "support_asked", urgent=matter.lane != Matter.Lane.NORMAL)
    record([told])


@writing.step
def finish_support(actor: Actor, matter: Matter, post: Post, words: str, *, excused: bool = False) -> None:
    """The supporting post has done its part, or the desk excuses it with the reason."""
    if excused:
        actor.require("dispatch")
    elif post.code not in actor.posts:
        raise MatterStepError("只有协办岗位自己能填写协办结果。")
    if not words.strip():
        raise MatterStepError("请写明协办结果或免除的理由。")
    now = clock.now()
    ended = Assignment.objects.filter(matter=matter, post=post, role=Assignment.Role.SUPPORT, until__isnull=True).update(
        until=now, done_at=now
    )
    if not ended:
        raise MatterStepError("这项协办已经结束。")
    terms.end(MatterClock, now, cancelled=excused, matter=matter, which="support", stage=post.code)
    kind = "support_excused" if excused else "support_done"
    name = actor.post_for("dispatch") if excused else post
    record([writing.tell(actor, matter, kind, {}, {"post": post.code}, keep_words(words), post=name)])
