"""What posts are told of a matter: whom it is given to, and anyone who has something to do in it."""

from __future__ import annotations

from doudi.engine.matters.life import OPEN_MATTER
from doudi.engine.matters.vocabulary import MatterNotice
from doudi.engine.messages import Message, msg
from doudi.engine.secrecy.masking import masked
from doudi.web.matters.models import Matter
from doudi.web.notices.services import send
from doudi.web.registry.declared import NoticeKind, Payload
from doudi.web.sql.select import get_or_none

TO_HOLDER = (
    NoticeKind(MatterNotice.ASSIGNED, "事项 {number} 由您的岗位承办：{summary}", to_holder=True),
    NoticeKind(
        MatterNotice.NOT_TAKEN_OVER,
        "事项 {number} 改派后到时限没有接手，由您的岗位承办，请另派：{summary}",
        to_holder=True,
    ),
    NoticeKind(MatterNotice.CHECK_FAILED, "事项 {number} 核查未通过，请返工：{summary}", to_holder=True),
    NoticeKind(MatterNotice.REOPENED, "事项 {number} 已重新打开，请接着办：{summary}", to_holder=True),
    NoticeKind(MatterNotice.JOINED, "又有诉求并入事项 {number}，办完要分别答复：{summary}", to_holder=True),
)
TO_POST = (
    NoticeKind(MatterNotice.CHECK_ASKED, "事项 {number} 已处置，请您的岗位核查：{summary}"),
    NoticeKind(MatterNotice.MERGED, "事项 {number} 已并入另一件，工作在那一件里办，诉求仍各自答复：{summary}"),
    NoticeKind(MatterNotice.JOINED_BESIDE, "您答复的诉求在办的事项 {number} 又并入了同样的诉求：{summary}"),
    NoticeKind(MatterNotice.CORRECTED, "事项 {number} 的上级工单有更正（联系电话或时限），请看诉求单：{summary}"),
    NoticeKind(MatterNotice.ADDED, "事项 {number} 的诉求人又补充了话或照片，请看诉求单：{summary}"),
    NoticeKind(MatterNotice.RATED_LOW, "事项 {number} 的诉求人对答复评价不高，请看诉求单：{summary}"),
    NoticeKind(MatterNotice.WARNED, "预警：事项 {number} 的诉求人可能不满意，请看诉求单：{summary}"),
    NoticeKind(MatterNotice.CALL_BACK_ASKED, "事项 {number} 由值班单位办理，请您回访诉求人：{summary}"),
    NoticeKind(MatterNotice.DANGER_HEARD, "事项 {number} 后来的话里说到危险，请马上看：{summary}"),
    NoticeKind(MatterNotice.DANGER_RAISED, "事项 {number} 值班岗判定有危险，请马上看：{summary}"),
    NoticeKind(MatterNotice.DANGER_TOLD, "事项 {number} 有危险，请知悉并确认：{summary}"),
    NoticeKind(MatterNotice.DANGER_LOWERED, "事项 {number} 的危险等级已经调低：{summary}"),
    NoticeKind(MatterNotice.APPLIED, "事项 {number} 有申请等您答复：{summary}"),
    NoticeKind(MatterNotice.NEXT_NAMED, "事项 {number} 已同意改派，请您的岗位接手：{summary}"),
    NoticeKind(MatterNotice.TRANSFER_GRANTED, "事项 {number} 已同意改派，新岗接手之前仍由您的岗位承办：{summary}"),
    NoticeKind(MatterNotice.HANDED_OVER, "事项 {number} 不再由您的岗位承办：{summary}"),
    NoticeKind(MatterNotice.APPLICATION_GRANTED, "事项 {number} 的申请已同意：{summary}"),
    NoticeKind(MatterNotice.APPLICATION_REFUSED, "事项 {number} 的申请未获同意，请接着办：{summary}"),
    NoticeKind(MatterNotice.SUPPORT_ASKED, "事项 {number} 请您的岗位协办：{summary}"),
    NoticeKind(MatterNotice.INFORMED, "知会：事项 {number} 与您的岗位有关，不用答复：{summary}"),
    NoticeKind(MatterNotice.SUPPORT_URGED, "提醒协办：事项 {number} 的承办岗在等您办完：{summary}"),
    NoticeKind(MatterNotice.EXCUSE_ASKED, "事项 {number} 的承办岗请您免除一项协办：{summary}"),
    NoticeKind(MatterNotice.TASK_MOVED, "事项 {number} 有一项任务转到您的岗位：{summary}"),
    NoticeKind(MatterNotice.URGED, "催办：事项 {number} 请尽快办理并答复：{summary}"),
    NoticeKind(MatterNotice.ORDERED, "督办：事项 {number} 须按要求办理并答复：{summary}"),
)
_HOLDER_TEXTS: dict[str, str] = {one.kind: one.text for one in TO_HOLDER}
_POST_TEXTS: dict[str, str] = {one.kind: one.text for one in TO_POST}


def notify_holder(payload: Payload) -> None:
    """Tell the post that it now holds a matter; nobody is told of what has passed on meanwhile."""
    matter = get_or_none(Matter, id=payload["matter"])
    if matter is None or matter.holder_id != payload["post"] or matter.status not in OPEN_MATTER:
        return
    _send(payload, matter, _HOLDER_TEXTS.get(payload["kind"], _HOLDER_TEXTS[MatterNotice.ASSIGNED]))


def notify_post(payload: Payload) -> None:
    """Tell a post of something about a matter, no matter who holds it."""
    matter = get_or_none(Matter, id=payload["matter"])
    if matter is not None and payload["kind"] in _POST_TEXTS:
        _send(payload, matter, _POST_TEXTS[payload["kind"]])


def _send(payload: Payload, matter: Matter, text: str) -> None:
    kind, post = payload["kind"], payload["post"]
    key = f"{kind}:{matter.pk}:{post}:{payload.get('news') or matter.version}"
    send([(post, kind, key, matter_text(text, matter), matter.get_absolute_url(), bool(payload["urgent"]))])


def matter_text(template: str, matter: Matter) -> Message:
    return msg(template, number=matter.number, summary=summary_for_notice(matter))


def summary_for_notice(matter: Matter) -> Message | str:
    """A secret matter is named by its number alone: a notice may be read over a shoulder."""
    if matter.restricted:
        return msg("（限制知悉）")
    return msg("（保密）") if matter.secret else masked(matter.summary)[:60]
