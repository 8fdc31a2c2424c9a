"""The names of what a seat may let somebody see or do. The matrix of seats is `doudi.web.people.access.POWERS`.

One power often opens pages of several subjects, and the matrix is read as a whole: therefore all stand in one enum.
"""

from __future__ import annotations

from enum import StrEnum


class Power(StrEnum):
    """``SEE_AREA``: all matters of one's areas; ``SEE_OWN``: those one's office holds or supports; ``SEE_RESTRICTED``: the
    restricted circle; ``SEE_REPORTER``: name and phone of a reporter who is not secret; ``RETELL``: reads what is secret in
    the reporter's own words and writes what all others read instead; ``AUDIT``: who looked at what, and nothing of it;
    ``KEEP_PHRASES``: changes what answers begin with; ``KEEP_ANSWERS``: the kept answers of one's own posts, the desk all;
    ``WALK``: has a part of the town to go round: its first page, the days on which places were seen, trifles closed in place;
    ``CALL_BACK``: calls back those who were answered, where one stands apart from the work; ``PRIVACY``: answers
    what people ask about what is kept of them, and opens what is blocked.
    """

    SEE_AREA = "see_area"
    SEE_UNITS = "see_units"
    REPORT = "report"
    VERIFY = "verify"
    NOTE = "note"
    SEE_OWN = "see_own"
    CONTACT_REPORTER = "contact_reporter"
    SEE_DESK = "see_desk"
    SEE_UNPLACED = "see_unplaced"
    DISPATCH = "dispatch"
    MERGE = "merge"
    REPLY = "reply"
    CALL_BACK = "call_back"
    SEE_REPORTER = "see_reporter"
    IMPORT = "import"
    EXPORT = "export"
    QUARANTINE = "quarantine"
    VOID = "void"
    PRINT_PLAQUES = "print_plaques"
    URGE = "urge"
    ORDER_CREW = "order_crew"
    OPEN_DISPUTE = "open_dispute"
    CONVENE = "convene"
    RULE_AT_DESK = "rule_at_desk"
    SEE_RESTRICTED = "see_restricted"
    PLACE_PLAQUES = "place_plaques"
    SEE_SECRET_REPORTER = "see_secret_reporter"
    REOPEN = "reopen"
    REVOKE_PLAQUES = "revoke_plaques"
    END_UNITS = "end_units"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_RULEBOOK = "manage_rulebook"
    GRANT_TIME = "grant_time"
    SUPERVISE = "supervise"
    MANAGE_BACKSTOPS = "manage_backstops"
    MANAGE_CREWS = "manage_crews"
    TEND_JOBS = "tend_jobs"
    REVIEW_RULEBOOK = "review_rulebook"
    APPROVE_RULEBOOK = "approve_rulebook"
    RULE_FOR_TOWN = "rule_for_town"
    MANAGE_AREAS = "manage_areas"
    RETELL = "retell"
    RESTRICT = "restrict"
    LIFT_RESTRICTION = "lift_restriction"
    AUDIT = "audit"
    PRIVACY = "privacy"
    KEEP_PHRASES = "keep_phrases"
    KEEP_ANSWERS = "keep_answers"
    WALK = "walk"


class PeopleJob(StrEnum):
    """Background work about those who come in, and those who try to."""

    ATTACK = "tell_of_attack"


class PeopleNotice(StrEnum):
    """What posts are told of the house itself: what looks like an attack, a post without anybody, what stands too long."""

    ATTACK = "attack"
    POST_EMPTY = "post_empty"
    STANDING = "standing"
