"""What is done for each kind of job. A handler gets the job's payload and runs in the transaction that finishes it.

A handler in ``LONG`` makes its own transactions, each harmless to repeat, and asks for its lease anew between them.
Those in ``TOGETHER`` only write a few rows, so that many of them may share a transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from doudi.engine.matters.life import OPEN_MATTER
from doudi.engine.words import Words, words
from doudi.web.drafting.services import continue_replay
from doudi.web.matters.models import Matter
from doudi.web.notices.services import send
from doudi.web.selecting import row_by
from doudi.web.timers.disputes import notify_dispute
from doudi.web.timers.rulebook import tell_rulebook
from doudi.web.upstream.services import continue_import

Payload = Mapping[str, Any]

_HOLDER_WORDS = {
    "assigned": "事项 {number} 由您的岗位承办：{summary}",
    "check_failed": "事项 {number} 核查未通过，请返工：{summary}",
    "reopened": "事项 {number} 已重新打开，请接着办：{summary}",
}


def notify_holder(payload: Payload) -> None:
    """Tell the post that it now holds a matter; nobody is told of what has passed on meanwhile."""
    matter = row_by(Matter, id=payload["matter"])
    if matter is None or matter.holder_id != payload["post"] or matter.status not in OPEN_MATTER:
        return
    template = _HOLDER_WORDS.get(payload["kind"], _HOLDER_WORDS["assigned"])
    key = f"{payload['kind']}:{matter.pk}:{payload['post']}:{matter.version}"
    send(
        [
            (
                payload["post"],
                payload["kind"],
                key,
                matter_words(template, matter),
                path_to(matter),
                bool(payload["urgent"]),
            )
        ]
    )


_POST_WORDS = {
    "applied": "事项 {number} 有申请等您答复：{summary}",
    "application_granted": "事项 {number} 的申请已同意：{summary}",
    "application_refused": "事项 {number} 的申请未获同意，请接着办：{summary}",
    "support_asked": "事项 {number} 请您的岗位协办：{summary}",
    "task_moved": "事项 {number} 有一项任务转到您的岗位：{summary}",
    "urged": "催办：事项 {number} 请尽快办理并答复：{summary}",
    "ordered": "督办：事项 {number} 须按要求办理并答复：{summary}",
}


def notify_post(payload: Payload) -> None:
    """Tell a post of something about a matter, whoever holds it."""
    matter = row_by(Matter, id=payload["matter"])
    if matter is None or payload["kind"] not in _POST_WORDS:
        return
    key = f"{payload['kind']}:{matter.pk}:{payload['post']}:{matter.version}"
    told = matter_words(_POST_WORDS[payload["kind"]], matter)
    send([(payload["post"], payload["kind"], key, told, path_to(matter), bool(payload["urgent"]))])


def import_portion(payload: Payload) -> None:
    """Bring in the next rows of an uploaded file; what is left is planned as a job of its own."""
    continue_import(payload["batch"])


def replay_portion(payload: Payload) -> None:
    """Let a draft meet the next matters of the past."""
    continue_replay(payload["replay"])


HANDLERS: dict[str, Callable[[Payload], None]] = {
    "notify_holder": notify_holder, "notify_post": notify_post, "import": import_portion, "tell_rulebook": tell_rulebook,
    "replay": replay_portion, "notify_dispute": notify_dispute,
}  # fmt: skip
LONG = frozenset({"import"})
TOGETHER = frozenset({"notify_holder", "notify_post", "notify_dispute", "tell_rulebook"})


def matter_words(template: str, matter: Matter) -> Words:
    """A restricted matter is named by its number alone: a notice may be read over a shoulder."""
    return words(template, number=matter.number, summary=words("（限制知悉）") if matter.restricted else matter.summary[:60])


def path_to(matter: Matter) -> str:
    return f"/matters/{matter.number}"
