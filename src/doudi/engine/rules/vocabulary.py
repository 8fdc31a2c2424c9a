"""The rulebook: the names that its events, code and declarations share."""

from __future__ import annotations

from enum import StrEnum


class VersionEventKind(StrEnum):
    """What happened to a version."""

    DRAFT_BEGUN = "draft_begun"
    DRAFT_DESCRIBED = "draft_described"
    RULES_CHANGED = "rules_changed"
    REBASED = "rebased"
    GAP_ACCEPTED = "gap_accepted"
    ACCEPTANCE_WITHDRAWN = "acceptance_withdrawn"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    RECALLED = "recalled"
    WITHDRAWN = "withdrawn"
    RULEBOOK_PUBLISHED = "rulebook_published"
    TOOK_EFFECT = "took_effect"


class RuleJob(StrEnum):
    """Background work of the rulebook and its drafts."""

    NOTIFY = "tell_rulebook"
    REPLAY = "replay"


class RuleNotice(StrEnum):
    """What posts are told of the rulebook: a step of a version, or a rule that leads nowhere."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    RECALLED = "recalled"
    WITHDRAWN = "withdrawn"
    RULEBOOK_PUBLISHED = "rulebook_published"
    TOOK_EFFECT = "took_effect"
    RULE_FAULT = "rule_fault"
