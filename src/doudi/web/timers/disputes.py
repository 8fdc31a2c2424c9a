"""What posts are told of a dispute that concerns them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from doudi.engine.words import words
from doudi.web.disputes.models import Dispute
from doudi.web.matters.models import Matter
from doudi.web.notices.services import send

_SAID = {
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


def notify_dispute(payload: Mapping[str, Any]) -> None:
    """Tell a post what goes on in a dispute that concerns it; nobody is asked about what has ended meanwhile."""
    row = Dispute.objects.select_related("matter").filter(pk=payload["dispute"]).first()
    if row is None or (row.state != Dispute.State.OPEN and payload["kind"] != "dispute_ruled"):
        return
    told = words(_SAID[payload["kind"]], number=row.matter.number, summary=_summary(row.matter))
    key = f"{payload['kind']}:{row.pk.hex}:{payload['post']}:{row.version}"
    send([(payload["post"], payload["kind"], key, told, f"/disputes/{row.matter.number}/{row.seq}", bool(payload["urgent"]))])


def _summary(matter: Matter) -> object:
    """A restricted matter is named by its number alone: a notice may be read over a shoulder."""
    return words("（限制知悉）") if matter.restricted else matter.summary[:60]
