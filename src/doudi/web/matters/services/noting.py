"""What higher slices have told about a matter. Each service names its events and sets no column but its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.journal.models import FreeText
from doudi.web.journal.services import keep_text
from doudi.web.matters.models import Decision, Matter
from doudi.web.matters.reach import post_on
from doudi.web.matters.services import assigning, notifying, requirements
from doudi.web.matters.services.transitions import transition
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.units.models import Unit

OrderNews = Literal[
    MatterEventKind.CREW_SENT, MatterEventKind.CREW_ARRIVED, MatterEventKind.CREW_DONE, MatterEventKind.CREW_CALLED_OFF
]
DisputeNews = Literal[
    MatterEventKind.DISPUTE_OPENED,
    MatterEventKind.DISPUTE_RAISED,
    MatterEventKind.DISPUTE_WITHDRAWN,
    MatterEventKind.DISPUTE_LAPSED,
]


def place_at(actor: Actor, matter: Matter, unit: Unit) -> None:
    """The place where the matter lies has got a code. The caller has taken the matter and asked for the power."""
    changes, payload = {"unit_id": unit.code}, {"unit": unit.code}
    transition(actor, matter, MatterEventKind.UNIT_MADE, changes, payload, post=post_on(actor, Power.DISPATCH, matter))
    matter.unit = unit


def note_order(
    actor: Actor,
    matter: Matter,
    kind: OrderNews,
    order: Mapping[str, object],
    text: str = "",
    uploads: Sequence[Upload] = (),
    *,
    stage: str = "",
    post: Post | None = None,
) -> None:
    """What a crew did about the matter. ``order``: the snapshot of its order; ``post``: in whose name."""
    kept = keep_text(text)
    transition(actor, matter, kind, {}, {"order": order}, kept, uploads=uploads, stage=stage, post=post)


def note_dispute(
    actor: Actor, matter: Matter, kind: DisputeNews, told: Mapping[str, object], text: FreeText | None
) -> None:
    """Where the dispute about the matter stands. The holder stays."""
    transition(actor, matter, kind, {}, told, text)


def note_evasion(actor: Actor, matter: Matter, text: str) -> None:
    """The holder asks again to be relieved of what was ruled on (推诿): it is counted, and nothing else changes."""
    payload = {"holder": matter.holder_id, "at": str(clock.today())}
    transition(actor, matter, MatterEventKind.EVASION, {}, payload, keep_text(text))


def confirm_holder(
    actor: Actor,
    matter: Matter,
    told: Mapping[str, object],
    text: FreeText | None,
    *,
    supports: Mapping[Post, str] | None = None,
    competent: tuple[str, str] | None = None,
    post: Post | None = None,
) -> None:
    """It was ruled that the holder stays: from now on it is clear, and nobody is to take over.

    ``supports``: posts that are to help, with their bonds; ``competent``: the body by law, and its basis.
    """
    now, supports = clock.now(), supports or {}
    requirements.require_active(supports)
    asked = {one.code: bond for one, bond in supports.items() if one.code != matter.holder_id}
    decision = Decision.objects.filter(matter=matter).exclude(status=Decision.NEXT).latest("at", "id")
    added = assigning.add_supports(matter, decision, asked, now, "ruling")
    changes = {"unclear": ""}
    if competent is not None:
        changes |= {"competent_body": competent[0][:80], "competent_basis": competent[1][:200]}
    helped = {"supports": sorted(added), **assigning.bonds_told(added)} if added else {}
    told = {**told, **helped, **assigning.end_next(matter, now)}
    transition(actor, matter, MatterEventKind.RULED, changes, told, text, post=post)
    notifying.notify_supports(matter, added)
