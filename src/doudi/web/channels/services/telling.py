"""What did not arrive is told to those who run the town, once a channel and day."""

from __future__ import annotations

from doudi.engine.channels.vocabulary import ChannelNotice
from doudi.engine.messages import msg
from doudi.web import clock
from doudi.web.channels.models import Channel
from doudi.web.channels.queries import failed_on
from doudi.web.channels.services.planning import FRESH
from doudi.web.notices.models import Notice
from doudi.web.notices.services import send
from doudi.web.people.access import Access
from doudi.web.people.queries import posts_with


def tell_failures() -> int:
    """Returns how many notices are new."""
    since = clock.now() - FRESH
    posts = posts_with(Access.SYSTEM_ADMIN) or posts_with(Access.SHIFT_LEADER)
    rows = []
    for channel in Channel.objects.order_by("pk"):
        key = f"channel:{channel.pk.hex}:{clock.today():%Y%m%d}"
        failed = failed_on(channel).filter(made_at__gte=since).count()
        if failed and not Notice.objects.filter(key__startswith=f"{key}:").exists():
            sentence = msg("渠道“{name}”有 {n} 条消息没有送到，请看原因。", name=channel.name, n=failed)
            rows += [
                (post, ChannelNotice.FAILING, f"{key}:{post}", sentence, channel.get_absolute_url(), False)
                for post in posts
            ]
    return send(rows) if rows else 0
