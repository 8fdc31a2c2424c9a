"""The only writer of how reports come in, and of the models that read their words."""

from doudi.web.triage.incoming import Incoming
from doudi.web.triage.services.learning import plan_teaching, start_teaching, step_back, teach_if_due, teach_kinds
from doudi.web.triage.services.on_the_spot import Fixed, fix_on_spot, fixing_post
from doudi.web.triage.services.receiving import (
    CROWD,
    LONGEST_UPSTREAM_WORDS,
    LONGEST_WORDS,
    Received,
    foresee,
    hear_apart,
    part,
    receive,
    release,
    split,
    was_received,
)
from doudi.web.triage.services.same_danger import forget_heard

__all__ = [
    "CROWD",
    "LONGEST_UPSTREAM_WORDS",
    "LONGEST_WORDS",
    "Fixed",
    "Incoming",
    "Received",
    "fix_on_spot",
    "fixing_post",
    "foresee",
    "forget_heard",
    "hear_apart",
    "part",
    "plan_teaching",
    "receive",
    "release",
    "split",
    "start_teaching",
    "step_back",
    "teach_if_due",
    "teach_kinds",
    "was_received",
]
