"""The only writers of channels, ways and deliveries."""

from __future__ import annotations

from doudi.web.channels.services.acknowledging import acknowledge
from doudi.web.channels.services.planning import plan_deliveries, plan_digests, plan_sending
from doudi.web.channels.services.sending import send, try_again, try_out
from doudi.web.channels.services.setting import NewChannel, add_way, end_way, save_channel, switch
from doudi.web.channels.services.telling import tell_failures

__all__ = [
    "NewChannel",
    "acknowledge",
    "add_way",
    "end_way",
    "plan_deliveries",
    "plan_digests",
    "plan_sending",
    "save_channel",
    "send",
    "switch",
    "tell_failures",
    "try_again",
    "try_out",
]
