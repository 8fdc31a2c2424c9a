"""Posts that help: asked, urged, done or excused. What waits for them says their bond; who is only informed owes nothing."""

from __future__ import annotations

from datetime import datetime

from doudi.engine.duties.bonds import Bond, waited_for
from doudi.engine.matters.vocabulary import MatterEventKind, MatterNotice
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.duties.queries import duty_desk
from doudi.web.journal.services import keep_text, plain
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Assignment, Decision, Matter, MatterClock
from doudi.web.matters.queries import reminded_again_at
from doudi.web.matters.reach import require_on
from doudi.web.matters.services import assigning, locking, notifying, requirements, transitions
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.terms import services as terms


@locking.step
def add_support(
    actor: Actor,
    matter: Matter,
    post: Post,
    text: str = "",
    *,
    bond: str = Bond.BEFORE_HANDLED,
    due_at: datetime | None = None,
) -> None:
    """Ask another post for help, until ``due_at`` or as long as the town gives a support; ``bond``: what waits for it.

    Who was only informed may so be asked for more.
    """
    if matter.holder_id not in actor.posts:
        require_on(actor, Power.DISPATCH, matter)
    requirements.require_open(matter)
    requirements.require_active([post])
    now = clock.now()
    if due_at is not None and due_at <= now:
        raise MatterStepError("协办的期限已经过了，请选以后的时间。")
    if due_at is not None and not waited_for(bond):
        raise MatterStepError("只是知会的，不用定期限：要它办完，请选“等”。")
    decision = Decision.objects.filter(matter=matter).exclude(status=Decision.NEXT).latest("at", "id")
    asked = {post.code: bond}
    if post.code == matter.holder_id or not assigning.add_supports(matter, decision, asked, now, "desk", due_at):
        raise MatterStepError("{post}已经在承办或协办这件事。", post=post.name)
    payload = {"post": post.code, "bond": bond, **({"due_at": plain(due_at)} if due_at else {})}
    transitions.transition(actor, matter, MatterEventKind.SUPPORT_ADDED, {}, payload, keep_text(text))
    notifying.notify_supports(matter, asked)


@locking.step
def finish_support(actor: Actor, matter: Matter, post: Post, text: str, *, excused: bool = False) -> None:
    """The supporting post has done its part, or the desk excuses it with the reason."""
    name: Post | None = post
    if excused:
        name = require_on(actor, Power.DISPATCH, matter)
    elif post.code not in actor.posts:
        raise MatterStepError("只有协办岗位自己能填写协办结果。")
    if not text.strip():
        raise MatterStepError("请写明协办结果或免除的理由。")
    now = clock.now()
    ended = Assignment.objects.filter(
        matter=matter, post=post, role=Assignment.Role.SUPPORT, until__isnull=True
    ).update(until=now, done_at=now)
    if not ended:
        raise MatterStepError("这项协办已经结束。")
    terms.end(MatterClock, now, cancelled=excused, matter=matter, which=MatterClock.Which.SUPPORT, stage=post.code)
    kind = MatterEventKind.SUPPORT_EXCUSED if excused else MatterEventKind.SUPPORT_DONE
    transitions.transition(actor, matter, kind, {}, {"post": post.code}, keep_text(text), post=name)


@locking.step
def urge_support(actor: Actor, matter: Matter, post: Post, text: str = "") -> None:
    """The holder, or whoever may urge, reminds a post that is waited for: once in each term of a support."""
    if matter.holder_id not in actor.posts:
        require_on(actor, Power.URGE, matter)
    _remind(actor, matter, post, MatterEventKind.SUPPORT_URGED, text)
    notifying.notify_post(matter, post.code, MatterNotice.SUPPORT_URGED)


@locking.step
def ask_to_excuse(actor: Actor, matter: Matter, post: Post, text: str) -> None:
    """The holder asks the duty desk to excuse a post that is waited for, with the reason: once in each term of a support."""
    requirements.require_holder(actor, matter)
    if not text.strip():
        raise MatterStepError("请写明为什么不用等它了。")
    _remind(actor, matter, post, MatterEventKind.EXCUSE_ASKED, text)
    notifying.notify_post(matter, duty_desk(), MatterNotice.EXCUSE_ASKED)


def _remind(actor: Actor, matter: Matter, post: Post, kind: MatterEventKind, text: str) -> None:
    requirements.require_open(matter)
    row = Assignment.objects.filter(matter=matter, post=post, role=Assignment.Role.SUPPORT, until__isnull=True).first()
    if row is None or not waited_for(row.bond):
        raise MatterStepError("{post}没有要等的协办。", post=post.name)
    again = reminded_again_at(matter, row, kind)
    if again is not None and again > clock.now():
        raise MatterStepError("已经说过一次，{moment}之后还没有办完可以再说。", moment=again)
    transitions.transition(actor, matter, kind, {}, {"post": post.code}, keep_text(text))
