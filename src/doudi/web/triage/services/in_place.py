"""Whether what came in may be held by the post that has dealt with it already, instead of whoever the rules name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from doudi.engine.duties.bonds import Bond, waited_for
from doudi.engine.kinds.trifles import is_trifle
from doudi.engine.triage.danger import lane_of
from doudi.web.matters.services import NewMatter
from doudi.web.rulebook.queries import Rulebook


def fixed_in_place(new: NewMatter, post: str, sensitive: Sequence[str], rulebook: Rulebook) -> NewMatter:
    """The same, held by ``post``; or unchanged, where it tells of danger or of what is secret, is no trifle, or a post has to help.

    The post that a rule names is told of it, as are those which the rule only informs.
    """
    [demand] = new.demands
    kind, asked = new.row.kind, new.answer.supports
    calm = new.danger is None and not sensitive
    if not calm or kind not in rulebook.catalogue or not is_trifle(rulebook.catalogue.kind(kind)):
        return new
    if lane_of(demand.asks, kind, rulebook.catalogue, rulebook.phones).lane != "normal" or any(
        map(waited_for, asked.values())
    ):
        return new
    told = {*asked, *([new.answer.post] if new.answer.status == "rule" else [])} - {post}
    new.row.unclear = ""
    return replace(new, held_by=post, in_place=dict.fromkeys(told, str(Bond.INFORMS)))
