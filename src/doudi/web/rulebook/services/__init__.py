"""The only writers of rulebook versions. What is published never changes."""

from doudi.web.rulebook.documents import SHIPPED, digest_of, read_folder, rules_of
from doudi.web.rulebook.errors import (
    DraftError,
    NotPublishableError,
    RulebookError,
    RuleCellsError,
    RuleContradictionError,
)
from doudi.web.rulebook.services.accepting import accept, withdraw_acceptance
from doudi.web.rulebook.services.drafts import (
    add_rules,
    begin_draft,
    change_rules,
    describe,
    remove_rules,
    replace_rules,
    take_over,
)
from doudi.web.rulebook.services.loading import load_folder, publish_in_own_name
from doudi.web.rulebook.services.publishing import approve, propose, publish, recall, refuse, take_effect, withdraw
from doudi.web.rulebook.services.rebasing import rebase

__all__ = [
    "SHIPPED",
    "DraftError",
    "NotPublishableError",
    "RuleCellsError",
    "RuleContradictionError",
    "RulebookError",
    "accept",
    "add_rules",
    "approve",
    "begin_draft",
    "change_rules",
    "describe",
    "digest_of",
    "load_folder",
    "propose",
    "publish",
    "publish_in_own_name",
    "read_folder",
    "rebase",
    "recall",
    "refuse",
    "remove_rules",
    "replace_rules",
    "rules_of",
    "take_effect",
    "take_over",
    "withdraw",
    "withdraw_acceptance",
]
