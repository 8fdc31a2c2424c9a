"""What is done for each kind of job. A handler gets the job's payload and runs in the transaction that finishes it.

A handler in ``LONG`` makes its own transactions, each harmless to repeat, and asks for its lease anew between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from doudi.engine.matters.life import OPEN_MATTER
from doudi.engine.words import Words, words
from doudi.web.disputes.models import Dispute
from doudi.web.matters.models import Matter
from doudi.web.notices.services import send
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
    matter = Matter.objects.filter(pk=payload["matter"]).first()
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
    "urged": "催办：事项 {number} 请尽快办理并答复：{summary}",
    "ordered": "督办：事项 {number} 须按要求办理并答复：{summary}",
}


def notify_post(payload: Payload) -> None:
    """Tell a post of something about a matter, whoever holds it."""
    matter = Matter.objects.filter(pk=payload["matter"]).first()
    if matter is None or payload["kind"] not in _POST_WORDS:
        return
    key = f"{payload['kind']}:{matter.pk}:{payload['post']}:{matter.version}"
    told = matter_words(_POST_WORDS[payload["kind"]], matter)
    send([(payload["post"], payload["kind"], key, told, path_to(matter), bool(payload["urgent"]))])


def import_portion(payload: Payload) -> None:
    """Bring in the next rows of an uploaded file; what is left is planned as a job of its own."""
    continue_import(payload["batch"])


_DISPUTE_WORDS = {
    "dispute_opened": "事项 {number} 有争议，请召集各方：{summary}",
    "dispute_asked": "事项 {number} 的归属请您的岗位陈述意见：{summary}",
    "dispute_reminded": "事项 {number} 的归属还等您的岗位陈述，时间已过半：{summary}",
    "dispute_ring": "事项 {number} 请外单位陈述的时间已过半，还没有答复，请电话催办：{summary}",
    "dispute_stated": "事项 {number} 的争议收到一份陈述：{summary}",
    "dispute_proposed": "事项 {number} 的争议有了方案，请看是否同意：{summary}",
    "dispute_raised": "事项 {number} 的争议已提级，由您的岗位召集或陈述：{summary}",
    "dispute_overdue": "事项 {number} 的争议已过时限还没有裁定，请尽快：{summary}",
    "dispute_ruled": "事项 {number} 的争议已裁定，请看结果：{summary}",
}


def notify_dispute(payload: Payload) -> None:
    """Tell a post what goes on in a dispute that concerns it; nobody is asked about what has ended meanwhile."""
    row = Dispute.objects.select_related("matter").filter(pk=payload["dispute"]).first()
    if row is None or (row.state != Dispute.State.OPEN and payload["kind"] != "dispute_ruled"):
        return
    told = matter_words(_DISPUTE_WORDS[payload["kind"]], row.matter)
    key = f"{payload['kind']}:{row.pk.hex}:{payload['post']}:{row.version}"
    send([(payload["post"], payload["kind"], key, told, f"/disputes/{row.matter.number}/{row.seq}", bool(payload["urgent"]))])


HANDLERS: dict[str, Callable[[Payload], None]] = {
    "notify_holder": notify_holder, "notify_post": notify_post, "import": import_portion, "tell_rulebook": tell_rulebook,
    "notify_dispute": notify_dispute,
}  # fmt: skip
LONG = frozenset({"import"})


def matter_words(template: str, matter: Matter) -> Words:
    """A restricted matter is named by its number alone: a notice may be read over a shoulder."""
    return words(template, number=matter.number, summary=words("（限制知悉）") if matter.restricted else matter.summary[:60])


def path_to(matter: Matter) -> str:
    return f"/matters/{matter.number}"
