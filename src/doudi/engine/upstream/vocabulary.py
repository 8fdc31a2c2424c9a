"""Files from above: the names that code and declarations share."""

from __future__ import annotations

from enum import StrEnum


class UpstreamJob(StrEnum):
    """Background work of files from above."""

    IMPORT = "import"


class OrderNotice(StrEnum):
    """What posts are told of orders from above."""

    TO_SIGN = "order_to_sign"


class RowSort(StrEnum):
    """What becomes of a row: a report, one that is here already, one that stands in the file twice, or nothing yet."""

    NEW = "new"
    TWIN = "twin"
    KNOWN = "known"
    CHANGED = "changed"
    REFUSED = "refused"


class OrderState(StrEnum):
    """How an order of a system above stands."""

    RECEIVED = "received"
    REFUSED = "refused"
    SIGNED_FOR = "signed_for"
    CONTACTED = "contacted"
    REPLIED = "replied"
    CHECKED = "checked"
    SIGNED = "signed"
    SENT = "sent"
    ARRIVED = "arrived"
    ACCEPTED = "accepted"
    SENT_BACK = "sent_back"
    CALLED_BACK = "called_back"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"


class OrderStep(StrEnum):
    """What happens to an order: facts of ours, what the desk or the signing post does, and what the system above says."""

    SIGN_FOR = "sign_for"
    REFUSE = "refuse"
    CONTACT = "contact"
    INTERIM = "interim"
    APPLY = "apply"
    PRELIMINARY = "preliminary"
    VERDICT = "verdict"
    TAKE_BACK = "take_back"
    REPLY = "reply"
    CHECK = "check"
    SIGN = "sign"
    SEND = "send"
    ARRIVE = "arrive"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    CALL_BACK = "call_back"
    SECOND_ROUND = "second_round"
    CLOSE = "close"
    SUPERVISE = "supervise"
    URGE = "urge"
    REPEAT = "repeat"
    REOPEN = "reopen"
    SEND_AGAIN = "send_again"


class Stage(StrEnum):
    """As what an order stands in the list of a system above, whatever that calls it."""

    RECEIVED = "received"
    AT_WORK = "at_work"
    ANSWERED = "answered"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    TAKEN_BACK = "taken_back"


class DifferenceKind(StrEnum):
    """In what the list of a system above and ours do not agree about an order."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    CLOSED_THERE = "closed_there"
    SENT_BACK_THERE = "sent_back_there"
    NOT_ARRIVED = "not_arrived"
    STATE = "state"
    DUE = "due"
    HOLDER = "holder"
    TWICE = "twice"
