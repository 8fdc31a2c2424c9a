"""The sheets of a town as its offices have them, by sort: how each is read, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from doudi.web.setup.sheets.contacts import plan_contacts
from doudi.web.setup.sheets.ledger import plan_ledger
from doudi.web.setup.sheets.planned import Planned
from doudi.web.setup.sheets.roster import plan_roster
from doudi.web.setup.sheets.standing_in import plan_standing_in

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of sheet; ``hint`` says what it looks like, ``step`` which step of the list it belongs to."""

    name: str
    label: StrOrPromise
    hint: StrOrPromise
    step: str
    plan: Callable[[Path, Mapping[str, str]], Planned]


SORTS: Mapping[str, Sort] = {
    one.name: one
    for one in (
        Sort(
            "contacts",
            _("通讯录"),
            _("单位、职务、姓名、电话；单位可以合并几行，几个人可以共用一个电话。"),
            "people",
            plan_contacts,
        ),
        Sort(
            "roster",
            _("月值班表"),
            _("横着是日期，竖着是岗位，一格一两个名字；带班领导单独一行。"),
            "roster",
            plan_roster,
        ),
        Sort(
            "ledger",
            _("场所台账"),
            _("店名、地址、业态、网格；没有编码也可以，编码由系统发。"),
            "places",
            plan_ledger,
        ),
        Sort(
            "standing_in",
            _("AB角和请假"),
            _("A角、B角；或请假人、代岗人、开始、结束。"),
            "people",
            plan_standing_in,
        ),
    )
}
