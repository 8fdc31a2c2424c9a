"""What must be so before a step; each refusal says what to do."""

from __future__ import annotations

from collections.abc import Iterable

from doudi.engine.matters.life import OPEN_MATTER
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import (
    Application,
    Matter,
    Task,
)
from doudi.web.matters.queries import waited_supports
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post


def require_open(matter: Matter) -> None:
    if matter.status not in OPEN_MATTER:
        raise MatterStepError("事项 {number} 已经结束；要继续办理请先重新打开。", number=matter.number)


def require_holder(actor: Actor, matter: Matter) -> None:
    if not actor.is_system and matter.holder_id not in actor.posts:
        raise MatterStepError("这件事由{holder}承办，请由承办岗的人来操作。", holder=matter.holder.name)


def require_may_hold(post: Post) -> None:
    if not post.may_hold or post.until is not None:
        raise MatterStepError("“{post}”不能承办事项：请选镇属或派驻的承办岗位。", post=post.name)


def require_active(posts: Iterable[Post]) -> None:
    for post in posts:
        if post.until is not None:
            raise MatterStepError("“{post}”已经撤销，不能协办：请另选岗位。", post=post.name)


def require_no_transfer(matter: Matter) -> None:
    """While somebody asks to be relieved the holder stays: the answer changes it, and nothing beside the answer."""
    if Application.objects.filter(
        matter=matter, kind=Application.Kind.TRANSFER, state__in=Application.UNDECIDED
    ).exists():
        raise MatterStepError("这件事有一份改派申请还没有答复：请先答复申请，答复时可以另选承办岗。")


def require_help_done(matter: Matter, *, closing: bool) -> None:
    """An open support keeps its matter from the step that its bond names, and an open task from every one."""
    if waiting := [row.post.name for row in waited_supports(matter, closing=closing)]:
        raise MatterStepError("还有协办没有完成：{posts}。可以提醒它，或请值班岗免除。", posts="、".join(waiting))
    if tasks := Task.objects.filter(matter=matter, state=Task.State.OPEN).count():
        raise MatterStepError("还有 {count} 项任务没有办完：请先填结果，或写明理由免办。", count=tasks)
