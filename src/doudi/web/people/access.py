"""What each kind of seat may see and do: the permission matrix of the town, in one table.

Pages and services ask for a power by name, never for a kind of seat.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Access(models.TextChoices):
    NONE = "none", _("无")
    COMMITTEE = "committee", _("村居协助")
    GRID_WORKER = "grid_worker", _("网格员")
    OFFICER = "officer", _("承办人员")
    DISPATCHER = "dispatcher", _("派遣员")
    SHIFT_LEADER = "shift_leader", _("值班长")
    REVIEWER = "reviewer", _("合法性审核")
    LEADER = "leader", _("镇领导")
    AUDITOR = "auditor", _("审计员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")


_LOOK = {"see_area", "see_units"}
_WORK = {"report", "take", "handle", "verify", "support", "note", "see_units", "see_own", "contact_reporter"}
_DESK = _LOOK | _WORK | {
    "see_desk", "see_unplaced", "dispatch", "merge", "reply", "contact_reporter", "see_reporter", "close_report", "import",
    "export", "quarantine", "void", "print_plaques", "urge", "order_crew", "open_dispute", "convene", "rule_at_desk",
}

#: power names by kind of seat. "see_area": all matters of one's areas; "see_own": those one's office holds or supports;
#: "see_restricted": the restricted circle; "see_reporter": name and phone of a reporter who is not secret.
POWERS: dict[str, frozenset[str]] = {
    Access.NONE: frozenset(),
    Access.COMMITTEE: frozenset(_LOOK | {"report", "support", "note", "see_own"}),
    Access.GRID_WORKER: frozenset(_LOOK | _WORK | {"place_plaques"}),
    Access.OFFICER: frozenset(_WORK),
    Access.DISPATCHER: frozenset(_DESK),
    Access.SHIFT_LEADER: frozenset(
        _DESK
        | {
            "see_restricted", "see_secret_reporter", "reopen", "revoke_plaques", "manage_people", "manage_rulebook", "grant_time",
            "supervise", "manage_backstops", "manage_crews", "tend_jobs",
        }
    ),
    # Whoever judges a rule sees what it would have done: all matters save those of the restricted circle.
    Access.REVIEWER: frozenset(_LOOK | _WORK | {"see_unplaced", "review_rulebook"}),
    Access.LEADER: frozenset(
        _LOOK
        | {
            "see_desk", "see_unplaced", "see_restricted", "note", "export", "see_own", "approve_rulebook", "urge", "supervise",
            "open_dispute", "convene", "rule_for_town",
        }
    ),
    Access.AUDITOR: frozenset({"read_journal"}),
    Access.SYSTEM_ADMIN: frozenset({"manage_people", "manage_areas", "manage_system", "manage_backstops", "tend_jobs"}),
}
