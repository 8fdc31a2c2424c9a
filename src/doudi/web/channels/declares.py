"""What belongs to channels: the states of a message, the work of sending, who is told when nothing arrives."""

from __future__ import annotations

from doudi.engine.channels.vocabulary import ChannelJob, ChannelNotice
from doudi.engine.people.vocabulary import Power
from doudi.web.channels import checks
from doudi.web.channels.models import Delivery
from doudi.web.channels.services import plan_deliveries, plan_digests, plan_sending, send, tell_failures
from doudi.web.registry.declared import Check, Declared, JobKind, Life, NavItem, NoticeKind, Pace, State, Sweep

_TRIED = "tried again by `plan_sending` until it goes or is given up; its channel's page shows it"
DELIVERY = Life(
    Delivery,
    states=(
        State("waiting", "wait", "clock", rest=_TRIED),
        State("sending", "work", "refresh", rest="comes back after its lease"),
        State("sent", "done", "circle-check", final=True),
        State("failed", "alarm", "alert-triangle", final=True),
        State("dropped", "away", "x", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (
    DELIVERY,
    JobKind(ChannelJob.SEND, "把通知送出去", send, Pace.LONG),
    Sweep("deliveries", plan_deliveries),
    Sweep("sending", plan_sending),
    Sweep("digests_out", plan_digests, slow=True),
    Sweep("channel_failures", tell_failures, slow=True),
    NoticeKind(ChannelNotice.FAILING),
    NavItem("channels", "消息渠道", "message-circle", 83, frozenset({Power.TEND_JOBS})),
    Check("deliveries", "每条送出去的消息，发没发、何时发说得清", checks.deliveries),
)
