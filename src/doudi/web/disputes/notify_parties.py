"""What posts are told of a dispute that concerns them."""

from __future__ import annotations

from doudi.engine.disputes.vocabulary import DisputeNotice
from doudi.engine.messages import msg
from doudi.web.disputes.models import Dispute
from doudi.web.matters.notify_posts import summary_for_notice
from doudi.web.notices.services import send
from doudi.web.registry.declared import NoticeKind, Payload

NOTICES = (
    NoticeKind(DisputeNotice.OPENED, "事项 {number} 有争议，请召集各方：{summary}"),
    NoticeKind(DisputeNotice.ASKED, "事项 {number} 的归属请您的岗位陈述意见：{summary}"),
    NoticeKind(DisputeNotice.REMINDED, "事项 {number} 的归属还等您的岗位陈述，时间已过半：{summary}"),
    NoticeKind(DisputeNotice.RING, "事项 {number} 请外单位陈述的时间已过半，还没有答复，请电话催办：{summary}"),
    NoticeKind(DisputeNotice.STATED, "事项 {number} 的争议收到一份陈述：{summary}"),
    NoticeKind(DisputeNotice.PROPOSED, "事项 {number} 的争议有了方案，请看是否同意：{summary}"),
    NoticeKind(DisputeNotice.CARRIED, "事项 {number} 归属未定，已指定岗位先行承接：{summary}"),
    NoticeKind(DisputeNotice.RAISED, "事项 {number} 的争议已提级，由您的岗位召集或陈述：{summary}"),
    NoticeKind(DisputeNotice.OVERDUE, "事项 {number} 的争议已过时限还没有裁定，请尽快：{summary}"),
    NoticeKind(DisputeNotice.RULED, "事项 {number} 的争议已裁定，请看结果：{summary}"),
)
_TEXTS: dict[str, str] = {one.kind: one.text for one in NOTICES}


def notify_parties(payload: Payload) -> None:
    """Tell a post what goes on in a dispute that concerns it; nobody is asked about what has ended meanwhile."""
    row = Dispute.objects.select_related("matter").filter(pk=payload["dispute"]).first()
    if row is None or (row.state != Dispute.State.OPEN and payload["kind"] != DisputeNotice.RULED):
        return
    told = msg(_TEXTS[payload["kind"]], number=row.matter.number, summary=summary_for_notice(row.matter))
    key = f"{payload['kind']}:{row.pk.hex}:{payload['post']}:{row.version}"
    send(
        [
            (
                payload["post"],
                payload["kind"],
                key,
                told,
                row.get_absolute_url(),
                bool(payload["urgent"]),
            )
        ]
    )
