"""Bring a draft onto a version that was published after it began: its own changes stay, and so do those of the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal, TypeVar

from doudi.engine.people.vocabulary import Power
from doudi.web.journal.services import unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.rulebook.acceptances import Acceptance, next_id
from doudi.web.rulebook.documents import with_rules
from doudi.web.rulebook.errors import DraftError
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import Rulebook, newest_version, rulebook_of
from doudi.web.rulebook.services.drafts import check_rules
from doudi.web.rulebook.services.steps import step
from doudi.web.rulebook.services.versions import locked, rewrite

Prefer = Literal["", "draft", "published"]
Value = TypeVar("Value")


@unit_of_work()
def rebase(actor: Actor, draft: Version, prefer: Prefer = "") -> None:
    """Begin the draft again from the newest published version, with the changes that it had.

    Rules that both sides changed are named and refused, unless ``prefer`` says whose wins.
    """
    actor.require(Power.MANAGE_RULEBOOK)
    row = locked(draft, Version.State.DRAFT)
    newest = newest_version()
    if newest is None or row.base_id is None or newest.number == row.base_id:
        raise DraftError("草案已经在最新的版本上，不用并。")
    was, theirs, mine = rulebook_of(row.base_id), rulebook_of(newest.number), Rulebook(row)
    before, ours, published = ({rule.id: rule for rule in book.rules} for book in (was, mine, theirs))
    rules, torn = _merged(before, ours, published, prefer)
    if torn:
        listed = "、".join(torn)
        raise DraftError(
            "规则 {rules} 在草案和第 {number} 版里都改过，请选以哪一边为准。", rules=listed, number=newest.number
        )
    documents = with_rules(theirs.version.documents, rules.values())
    documents["accepted"] = [one.to_document() for one in _accepted(was, mine, theirs)]
    row.base_id = newest.number
    touched = [rule for code, rule in rules.items() if published.get(code) != rule]
    check_rules(row, documents, touched, fresh=rules.keys() - published.keys())
    row.save(update_fields=["base"])
    rewrite(row, documents)
    step(actor, row, "rebased", {"base": newest.number, "prefer": prefer, "digest": row.digest})


def _merged(
    was: Mapping[str, Value], mine: Mapping[str, Value], theirs: Mapping[str, Value], prefer: Prefer
) -> tuple[dict[str, Value], list[str]]:
    """Every value that at most one side changed, in the order of ``theirs``; and what both changed, unless one is preferred."""
    merged: dict[str, Value] = {}
    torn = []
    for code in (*theirs, *(one for one in mine if one not in theirs)):
        old, ours, other = was.get(code), mine.get(code), theirs.get(code)
        if ours in (old, other):
            kept = other
        elif other == old:
            kept = ours
        else:
            kept = ours if prefer == "draft" else other
            torn += [] if prefer else [code]
        if kept is not None:
            merged[code] = kept
    return merged, torn


def _accepted(was: Rulebook, mine: Rulebook, theirs: Rulebook) -> list[Acceptance]:
    """What the published version accepts, and what the draft accepted since it began, under ids of its own."""
    known = {one.id: one for one in was.acceptances}
    found = list(theirs.acceptances)
    for one in mine.acceptances:
        if known.get(one.id) != one and one not in found:
            found.append(replace(one, id=next_id(found, one.what)))
    return found
