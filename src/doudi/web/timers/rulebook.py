"""Tell those who must act, or must know, of each step of a version of the rulebook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from doudi.engine.words import Words, words
from doudi.web.notices.services import send
from doudi.web.people.access import POWERS
from doudi.web.people.models import Post
from doudi.web.rulebook.models import Version, VersionEvent
from doudi.web.rulebook.reviewing import APPROVALS

_SAID = {
    "proposed": "规则手册草案“{title}”送审，请审核",
    "approved": "规则手册草案“{title}”：{approval}已通过",
    "refused": "规则手册草案“{title}”被退回修改：{approval}",
    "recalled": "规则手册草案“{title}”已撤回修改，不必再审",
    "withdrawn": "规则手册“{title}”不再进行",
    "rulebook_published": "规则手册第 {number} 版“{title}”已发布，{day} 起施行",
    "took_effect": "规则手册第 {number} 版“{title}”今天起施行；已受理的事项按原来的版本办",
}
#: who hears of it; "approvers" are those whose approval is asked for
_POWERS = {
    "proposed": "approvers", "recalled": "approvers", "approved": "manage_rulebook", "refused": "manage_rulebook",
    "withdrawn": "manage_rulebook", "rulebook_published": "everybody", "took_effect": "everybody",
}  # fmt: skip
_EVERYBODY = ("manage_rulebook", "review_rulebook", "approve_rulebook", "see_desk")


def tell_rulebook(payload: Mapping[str, Any]) -> None:
    """Send the notices of one event; whoever took the step is not told."""
    event = VersionEvent.objects.select_related("version").defer("version__documents").filter(pk=payload["event"]).first()
    if event is None or event.kind not in _SAID:
        return
    posts = _posts(_powers(event)).exclude(pk=event.post_id)
    said, path = _words(event), f"/rulebook/versions/{event.version_id}"
    send((post.code, event.kind, f"rulebook:{event.pk.hex}:{post.code}", said, path, False) for post in posts)


def _powers(event: VersionEvent) -> Iterable[str]:
    match _POWERS[event.kind]:
        case "approvers":
            asked = VersionEvent.objects.filter(version=event.version_id, kind="proposed", seq__lte=event.seq).order_by("-seq").first()
            return [APPROVALS[one].power for one in (asked.payload["approvals"] if asked else ()) if one in APPROVALS]
        case "everybody":
            return _EVERYBODY
        case power:
            return [power]


def _posts(powers: Iterable[str]) -> Any:
    wanted = set(powers)
    seats = [access for access, may in POWERS.items() if wanted & may]
    return Post.objects.filter(access__in=seats, until__isnull=True)


def _words(event: VersionEvent) -> Words:
    version: Version = event.version
    approval = event.payload.get("approval")
    return words(
        _SAID[event.kind], number=version.number, title=version.title, day=event.payload.get("valid_from", ""),
        approval=words(str(APPROVALS[approval].label)) if approval in APPROVALS else "",
    )  # fmt: skip
