"""What each kind of seat may see and do: the permission matrix of the town, in one table.

Pages and services ask for a power by name, never for a kind of seat. A power that nothing asks for has no place here.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from doudi.engine.people.vocabulary import Power


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


#: whom the town cannot do without, and what stands still when the last of them is gone
VITAL: dict[str, object] = {
    Access.DISPATCHER: _("就没有人能研判、派遣，新来的诉求只会挂着"),
    Access.SHIFT_LEADER: _("就没有人能审批、督办、处理值班岗定不了的事"),
    Access.SYSTEM_ADMIN: _("就没有人能开账号、安排岗位、重设密码"),
}

#: which page each kind of seat opens first, by the name of its address; a seat without any opens its first way
FIRST_PAGES: dict[str, str] = {
    Access.COMMITTEE: "my_grid",
    Access.GRID_WORKER: "my_grid",
    Access.OFFICER: "work",
    Access.DISPATCHER: "desk",
    Access.SHIFT_LEADER: "desk",
    Access.REVIEWER: "decisions",
    Access.LEADER: "decisions",
    Access.AUDITOR: "looks",
    Access.SYSTEM_ADMIN: "setup",
}

_LOOK = {Power.SEE_AREA, Power.SEE_UNITS}
_WORK = {Power.REPORT, Power.VERIFY, Power.NOTE, Power.SEE_UNITS, Power.SEE_OWN, Power.CONTACT_REPORTER}
_DESK = (
    _LOOK
    | _WORK
    | {
        Power.SEE_DESK,
        Power.SEE_UNPLACED,
        Power.DISPATCH,
        Power.MERGE,
        Power.REPLY,
        Power.CALL_BACK,
        Power.CONTACT_REPORTER,
        Power.SEE_REPORTER,
        Power.IMPORT,
        Power.EXPORT,
        Power.QUARANTINE,
        Power.VOID,
        Power.PRINT_PLAQUES,
        Power.URGE,
        Power.ORDER_CREW,
        Power.OPEN_DISPUTE,
        Power.CONVENE,
        Power.RULE_AT_DESK,
        Power.RETELL,
        Power.RESTRICT,
        Power.KEEP_PHRASES,
        Power.KEEP_ANSWERS,
    }
)

#: what each kind of seat may
POWERS: dict[str, frozenset[Power]] = {
    Access.NONE: frozenset(),
    Access.COMMITTEE: frozenset(_LOOK | {Power.REPORT, Power.NOTE, Power.SEE_OWN, Power.WALK}),
    Access.GRID_WORKER: frozenset(_LOOK | _WORK | {Power.PLACE_PLAQUES, Power.WALK}),
    Access.OFFICER: frozenset(_WORK | {Power.KEEP_ANSWERS}),
    Access.DISPATCHER: frozenset(_DESK),
    Access.SHIFT_LEADER: frozenset(
        _DESK
        | {
            Power.SEE_RESTRICTED,
            Power.SEE_SECRET_REPORTER,
            Power.LIFT_RESTRICTION,
            Power.REOPEN,
            Power.REVOKE_PLAQUES,
            Power.END_UNITS,
            Power.MANAGE_PEOPLE,
            Power.MANAGE_RULEBOOK,
            Power.GRANT_TIME,
            Power.SUPERVISE,
            Power.MANAGE_BACKSTOPS,
            Power.MANAGE_CREWS,
            Power.TEND_JOBS,
            Power.PRIVACY,
        }
    ),
    # Anyone who judges a rule sees what it would have done: all matters save those of the restricted circle.
    Access.REVIEWER: frozenset(_LOOK | _WORK | {Power.SEE_UNPLACED, Power.REVIEW_RULEBOOK}),
    Access.LEADER: frozenset(
        _LOOK
        | {
            Power.SEE_DESK,
            Power.SEE_UNPLACED,
            Power.SEE_RESTRICTED,
            Power.RESTRICT,
            Power.LIFT_RESTRICTION,
            Power.NOTE,
            Power.CALL_BACK,
            Power.EXPORT,
            Power.SEE_OWN,
            Power.APPROVE_RULEBOOK,
            Power.URGE,
            Power.SUPERVISE,
            Power.OPEN_DISPUTE,
            Power.CONVENE,
            Power.RULE_FOR_TOWN,
        }
    ),
    # Reads who looked at what is secret, and nothing of it.
    Access.AUDITOR: frozenset({Power.AUDIT}),
    Access.SYSTEM_ADMIN: frozenset({Power.MANAGE_PEOPLE, Power.MANAGE_AREAS, Power.MANAGE_BACKSTOPS, Power.TEND_JOBS}),
}
