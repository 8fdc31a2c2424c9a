"""The signed link of a body without account: it opens one statement, once, until its limit.

It carries the statement's id and a nonce; both are worthless without the signature, and the nonce is gone once used.
"""

from __future__ import annotations

from uuid import UUID

from django.core.signing import BadSignature, Signer

from doudi.web import clock
from doudi.web.disputes.errors import LinkError
from doudi.web.disputes.models import Dispute, Statement

_signer = Signer(salt="doudi.disputes.statement", sep="~")


def token_for(made: Statement) -> str:
    return _signer.sign(f"{made.pk.hex}.{made.nonce}")


def nonce_of(token: str) -> str:
    return _unsigned(token)[1]


def opened(token: str) -> Statement:
    """The statement that the link is for. Raises LinkError."""
    pk, _ = _unsigned(token)
    found = (
        Statement.objects.select_related("dispute__matter__unit", "dispute__matter__area", "dispute__proposed")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise _not_ours()
    return found


def require_good(made: Statement, nonce: str) -> None:
    """Whether the link still opens its statement. Raises LinkError with what to do instead."""
    if made.answered_at is not None:
        raise LinkError("这份陈述已经提交，一个链接只用一次。需要补充的请联系发出链接的单位。")
    if not nonce or made.nonce != nonce:
        raise LinkError("这个链接已经作废，请用最近收到的那一个。")
    if made.dispute.state != Dispute.State.OPEN:
        raise LinkError("这个争议已经结束，不再需要陈述。谢谢。")
    if made.due_at <= clock.now():
        raise LinkError("这个链接已经过期。仍想陈述的，请联系发出链接的单位另发一个。")


def _unsigned(token: str) -> tuple[UUID, str]:
    try:
        pk, _, nonce = _signer.unsign(token).partition(".")
        return UUID(hex=pk), nonce
    except (BadSignature, ValueError):
        raise _not_ours() from None


def _not_ours() -> LinkError:
    return LinkError("链接不完整或不是由本平台发出的，请从原消息里重新打开。")
