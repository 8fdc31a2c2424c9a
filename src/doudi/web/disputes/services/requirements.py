"""Who may act in a dispute."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web.disputes.errors import DisputeError
from doudi.web.disputes.models import Dispute
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import visible
from doudi.web.matters.reach import may_on
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError


def require_seen(actor: Actor, matter: Matter) -> None:
    if not actor.is_system and not visible(actor).filter(pk=matter.pk).exists():
        raise NotAllowedError("这件事项不在您的权限范围内。如确需办理，请联系值班长。")


def require_convenor(actor: Actor, row: Dispute) -> None:
    """The post that convenes, or the desk and the leader for it."""
    if row.convenor_id in actor.posts:
        return
    require_seen(actor, row.matter)
    if not may_on(actor, Power.CONVENE, row.matter):
        raise DisputeError("由召集人“{convenor}”或值班岗来办。", convenor=row.convenor.name)
