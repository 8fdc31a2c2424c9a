"""Tell those who must act, or must know, of each step of a version of the rulebook."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from doudi.engine.messages import Message, msg
from doudi.engine.people.vocabulary import Power
from doudi.engine.rules.vocabulary import RuleNotice, VersionEventKind
from doudi.web.notices.services import send
from doudi.web.people.access import POWERS
from doudi.web.people.models import Post
from doudi.web.registry.declared import NoticeKind, Payload
from doudi.web.rulebook.models import Version, VersionEvent
from doudi.web.rulebook.reviewing import APPROVALS

NOTICES = (
    NoticeKind(RuleNotice.PROPOSED, "规则手册草案“{title}”送审，请审核"),
    NoticeKind(RuleNotice.APPROVED, "规则手册草案“{title}”：{approval}已通过"),
    NoticeKind(RuleNotice.REFUSED, "规则手册草案“{title}”被退回修改：{approval}"),
    NoticeKind(RuleNotice.RECALLED, "规则手册草案“{title}”已撤回修改，不必再审"),
    NoticeKind(RuleNotice.WITHDRAWN, "规则手册“{title}”不再进行"),
    NoticeKind(RuleNotice.RULEBOOK_PUBLISHED, "规则手册第 {number} 版“{title}”已发布，{day} 起施行"),
    NoticeKind(RuleNotice.TOOK_EFFECT, "规则手册第 {number} 版“{title}”今天起施行；已受理的事项按原来的版本办"),
)
_TEXTS: dict[str, str] = {one.kind: one.text for one in NOTICES}
_EDITORS = (Power.MANAGE_RULEBOOK,)
_EVERYBODY = (Power.MANAGE_RULEBOOK, Power.REVIEW_RULEBOOK, Power.APPROVE_RULEBOOK, Power.SEE_DESK)
#: who hears of it; of the other steps those whose approval is asked for
_READERS: dict[str, tuple[Power, ...]] = {
    RuleNotice.APPROVED: _EDITORS,
    RuleNotice.REFUSED: _EDITORS,
    RuleNotice.WITHDRAWN: _EDITORS,
    RuleNotice.RULEBOOK_PUBLISHED: _EVERYBODY,
    RuleNotice.TOOK_EFFECT: _EVERYBODY,
}


def notify_readers(payload: Payload) -> None:
    """Send the notices of one event; the person who took the step is not told."""
    event = (
        VersionEvent.objects.select_related("version").defer("version__documents").filter(pk=payload["event"]).first()
    )
    if event is None or event.kind not in _TEXTS:
        return
    posts = _posts(_powers(event)).exclude(pk=event.post_id)
    said, path = _words(event), event.version.get_absolute_url()
    send((post.code, event.kind, f"rulebook:{event.pk.hex}:{post.code}", said, path, False) for post in posts)


def _powers(event: VersionEvent) -> Iterable[Power]:
    if event.kind in _READERS:
        return _READERS[event.kind]
    asked = (
        VersionEvent.objects.filter(version=event.version_id, kind=VersionEventKind.PROPOSED, seq__lte=event.seq)
        .order_by("-seq")
        .first()
    )
    return [APPROVALS[one].power for one in (asked.payload["approvals"] if asked else ()) if one in APPROVALS]


def _posts(powers: Iterable[Power]) -> QuerySet[Post]:
    wanted = set(powers)
    seats = [access for access, may in POWERS.items() if wanted & may]
    return Post.objects.filter(access__in=seats, until__isnull=True)


def _words(event: VersionEvent) -> Message:
    version: Version = event.version
    approval = event.payload.get("approval")
    return msg(
        _TEXTS[event.kind],
        number=version.number,
        title=version.title,
        day=event.payload.get("valid_from", ""),
        approval=msg(str(APPROVALS[approval].label)) if approval in APPROVALS else "",
    )
