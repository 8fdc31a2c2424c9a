"""How long things are kept: the names that its work bears."""

from __future__ import annotations

from enum import StrEnum


class RetentionJob(StrEnum):
    """Background work of erasing and blocking."""

    NIGHT = "keep_to_figures"


class RetentionNotice(StrEnum):
    """What posts are told of what people ask about their own data, and of what they hold that was erased."""

    ASKED = "personal_request"
    TAKEN = "erased_taken"
