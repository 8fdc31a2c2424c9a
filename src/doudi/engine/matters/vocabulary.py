"""Matters, reports and applications: the names that their records, events, code and declarations share."""

from __future__ import annotations

from enum import StrEnum


class MatterStatus(StrEnum):
    ACCEPTED = "accepted"
    TAKEN = "taken"
    HANDLED = "handled"
    CLOSED = "closed"
    MERGED = "merged"
    VOIDED = "voided"


class ReportStatus(StrEnum):
    RECEIVED = "received"
    QUARANTINED = "quarantined"
    REPLIED = "replied"
    CLOSED = "closed"


class ApplicationKind(StrEnum):
    TRANSFER = "transfer"
    EXTEND = "extend"
    SUSPEND = "suspend"
    VOID = "void"
    RETURN = "return"
    CLOSE = "close"
    EXCLUDE = "exclude"
    OVERRULE = "overrule"


class AskedOf(StrEnum):
    DESK = "desk"
    UPSTREAM = "upstream"


class ApplicationState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"


class MatterEventKind(StrEnum):
    """What happened to a matter."""

    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    TAKEN_OVER = "taken_over"
    NOT_TAKEN_OVER = "not_taken_over"
    TAKEN = "taken"
    HANDLED = "handled"
    CLOSED_ON_SPOT = "closed_on_spot"
    CHECK_PASSED = "check_passed"
    CHECK_FAILED = "check_failed"
    NOTED = "noted"
    EMERGENCY_CALLED = "emergency_called"
    DANGER_HEARD = "danger_heard"
    DANGER_RAISED = "danger_raised"
    DANGER_LOWERED = "danger_lowered"
    DANGER_TOLD = "danger_told"
    TOLD_AGAIN = "told_again"
    REOPENED = "reopened"
    MERGED = "merged"
    JOINED = "joined"
    PARTED = "parted"
    VOIDED = "voided"
    SUPPORT_ADDED = "support_added"
    SUPPORT_DONE = "support_done"
    SUPPORT_EXCUSED = "support_excused"
    SUPPORT_URGED = "support_urged"
    EXCUSE_ASKED = "excuse_asked"
    BONDS_ADOPTED = "bonds_adopted"
    TAKEN_BY_SILENCE = "taken_by_silence"
    MADE_SAFE = "made_safe"
    TRACES_KEPT = "traces_kept"
    CREW_SENT = "crew_sent"
    CREW_ARRIVED = "crew_arrived"
    CREW_DONE = "crew_done"
    CREW_CALLED_OFF = "crew_called_off"
    UNIT_MADE = "unit_made"
    TASK_OPENED = "task_opened"
    TASK_DONE = "task_done"
    TASK_EXCUSED = "task_excused"
    TASK_MOVED = "task_moved"
    AMBIGUITY_DESCRIBED = "ambiguity_described"
    APPLIED = "applied"
    APPLICATION_GRANTED = "application_granted"
    APPLICATION_REFUSED = "application_refused"
    APPLICATION_WITHDRAWN = "application_withdrawn"
    DISPUTE_OPENED = "dispute_opened"
    DISPUTE_RAISED = "dispute_raised"
    DISPUTE_WITHDRAWN = "dispute_withdrawn"
    DISPUTE_LAPSED = "dispute_lapsed"
    CARRIER_NAMED = "carrier_named"
    RULED = "ruled"
    EVASION = "evasion"
    URGED = "urged"
    URGE_ANSWERED = "urge_answered"
    RECOUNTED = "recounted"
    RETOLD = "retold"
    RESTRICTED = "restricted"
    RESTRICTION_LIFTED = "restriction_lifted"
    ERASED = "erased"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    UNDONE = "undone"


class ReportEventKind(StrEnum):
    """What happened to a report."""

    RECEIVED = "received"
    CONTACTED = "contacted"
    CONTACT_TRIED = "contact_tried"
    CONTACT_CORRECTED = "contact_corrected"
    TOLD = "told"
    DOUBTED = "doubted"
    REPLIED = "replied"
    CLOSED = "closed"
    QUARANTINED = "quarantined"
    RELEASED = "released"
    SPLIT = "split"
    SETTLED = "settled"
    DISMISSED = "dismissed"
    ADDED = "added"
    CORRECTED = "corrected"
    REPORTER_CORRECTED = "reporter_corrected"
    ERASED = "erased"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    RATED = "rated"
    CALLED_BACK = "called_back"
    CALL_BACK_TRIED = "call_back_tried"
    WARNED = "warned"
    WARNING_SETTLED = "warning_settled"
    REOPENED = "reopened"
    ANSWERER_CHANGED = "answerer_changed"
    RECOUNTED = "recounted"
    SECRECY_CHANGED = "secrecy_changed"
    # What the order of a system above lives through, beside its report.
    ORDER_SIGNED_FOR = "order_signed_for"
    ORDER_REFUSED = "order_refused"
    ORDER_APPLIED = "order_applied"
    ORDER_PRELIMINARY = "order_preliminary"
    ORDER_VERDICT = "order_verdict"
    ORDER_TAKEN_BACK = "order_taken_back"
    ORDER_CHECKED = "order_checked"
    ORDER_SIGNED = "order_signed"
    ORDER_ACCEPTED = "order_accepted"
    ORDER_SENT_BACK = "order_sent_back"
    ORDER_CALLED_BACK = "order_called_back"
    ORDER_SECOND_ROUND = "order_second_round"
    ORDER_CLOSED = "order_closed"
    ORDER_SUPERVISED = "order_supervised"
    ORDER_URGED = "order_urged"
    ORDER_REPEATED = "order_repeated"


class ContactOutcome(StrEnum):
    """How one try to reach a reporter by telephone ended."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    SWITCHED_OFF = "switched_off"
    REFUSED = "refused"
    SUSPENDED = "suspended"
    WRONG_NUMBER = "wrong_number"


class WarnedBy(StrEnum):
    """What showed that a reporter is inclined to be dissatisfied."""

    COLLEAGUE = "colleague"
    CALL_BACK = "call_back"
    RATING = "rating"


class TracesKept(StrEnum):
    """What became of what vanishes when a danger is met, before it was cleared; the last four say why nothing could be kept."""

    PHOTOGRAPHED = "photographed"
    SAMPLED = "sampled"
    MEASURED = "measured"
    NOTHING_VANISHES = "nothing_vanishes"
    LIVES_FIRST = "lives_first"
    TOO_DANGEROUS = "too_dangerous"
    GONE = "gone"


class MatterJob(StrEnum):
    """Background work of matters."""

    NOTIFY_HOLDER = "notify_holder"
    NOTIFY_POST = "notify_post"


class MatterStep(StrEnum):
    """What may be done with a matter; the table of its life says from where to where."""

    DISPATCH = "dispatch"
    TAKE = "take"
    TAKE_OVER = "take_over"
    FALL_BACK = "fall_back"
    HANDLE = "handle"
    CLOSE_ON_SPOT = "close_on_spot"
    PASS_CHECK = "pass_check"
    FAIL_CHECK = "fail_check"
    REOPEN = "reopen"
    MERGE = "merge"
    VOID = "void"


class ReportStep(StrEnum):
    """What may be done with a report."""

    QUARANTINE = "quarantine"
    RELEASE = "release"
    REPLY = "reply"
    CLOSE = "close"
    SETTLE = "settle"
    DISMISS = "dismiss"
    REOPEN = "reopen"


class ApplicationStep(StrEnum):
    """What becomes of an application."""

    GRANT = "grant"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    REFER = "refer"


class MatterNotice(StrEnum):
    """What posts are told of a matter or a report."""

    ASSIGNED = "assigned"
    NOT_TAKEN_OVER = "not_taken_over"
    CHECK_ASKED = "check_asked"
    CHECK_FAILED = "check_failed"
    REOPENED = "reopened"
    JOINED = "joined"
    JOINED_BESIDE = "joined_beside"
    MERGED = "merged"
    CORRECTED = "corrected"
    ADDED = "added"
    RATED_LOW = "rated_low"
    WARNED = "warned"
    CALL_BACK_ASKED = "call_back_asked"
    DANGER_HEARD = "danger_heard"
    DANGER_RAISED = "danger_raised"
    DANGER_TOLD = "danger_told"
    DANGER_LOWERED = "danger_lowered"
    APPLIED = "applied"
    NEXT_NAMED = "next_named"
    TRANSFER_GRANTED = "transfer_granted"
    HANDED_OVER = "handed_over"
    APPLICATION_GRANTED = "application_granted"
    APPLICATION_REFUSED = "application_refused"
    SUPPORT_ASKED = "support_asked"
    INFORMED = "informed"
    SUPPORT_URGED = "support_urged"
    EXCUSE_ASKED = "excuse_asked"
    TASK_MOVED = "task_moved"
    URGED = "urged"
    ORDERED = "ordered"
    ORDER_ASKED = "order_asked"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
