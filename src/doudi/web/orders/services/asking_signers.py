"""Whoever signs is told of the answers that wait for them."""

from __future__ import annotations

from django.urls import reverse

from doudi.engine.messages import msg
from doudi.engine.upstream.vocabulary import OrderNotice
from doudi.web.notices.models import Notice
from doudi.web.notices.services import send_once
from doudi.web.orders.models import SystemAbove
from doudi.web.orders.queries import awaiting_signature
from doudi.web.outbox.models import Outgoing
from doudi.web.reports.models import Report


def ask_signers() -> int:
    """Tell the signing post of each answer that waits for it, once for each answer. Returns how many were told.

    It joins the digest of the post's day; the link leads to the order's page, which shows what is to be signed.
    """
    waiting = Outgoing.objects.filter(awaiting_signature()).order_by("made_at", "id")
    rows = {f"{OrderNotice.TO_SIGN}:{one.pk.hex}": one for one in waiting}
    told = set(Notice.objects.filter(key__in=list(rows)).values_list("key", flat=True))
    left = {key: one for key, one in rows.items() if key not in told}
    numbers = dict(Report.objects.filter(pk__in={one.report for one in left.values()}).values_list("pk", "number"))
    signers = dict(SystemAbove.objects.exclude(signer=None).values_list("name", "signer_id"))
    return sum(
        send_once(
            (
                signers[one.system],
                OrderNotice.TO_SIGN,
                key,
                msg(
                    "“{system}”工单 {number} 的答复等您签发，签发之前不送出", system=one.system, number=one.external_id
                ),
                reverse("order", args=[numbers[one.report]]),
                False,
            )
        )
        for key, one in left.items()
    )
