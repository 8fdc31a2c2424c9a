"""A version of the rulebook as a reader sees it, view by view; names instead of codes.

Reads values that a version holds, and of the database only which posts take a role today.
"""

from doudi.web.rulebook.contents.figures import Figure, figures
from doudi.web.rulebook.contents.kinds import KindRow, group_choices, kind_rows
from doudi.web.rulebook.contents.modules import ModuleRow, module_rows
from doudi.web.rulebook.contents.pages import RULES_AT_ONCE, page_of, page_of_kinds
from doudi.web.rulebook.contents.roles import RoleRow, role_rows
from doudi.web.rulebook.contents.rules import RuleRow, rule_rows
from doudi.web.rulebook.contents.years import Year, years

__all__ = [
    "RULES_AT_ONCE",
    "Figure",
    "KindRow",
    "ModuleRow",
    "RoleRow",
    "RuleRow",
    "Year",
    "figures",
    "group_choices",
    "kind_rows",
    "module_rows",
    "page_of",
    "page_of_kinds",
    "role_rows",
    "rule_rows",
    "years",
]
