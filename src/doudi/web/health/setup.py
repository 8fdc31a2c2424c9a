"""How far the town is set up, for whoever looks after it: each part with its number and the page where it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.web.areas.queries import areas
from doudi.web.people.queries import count_accounts, seats_by_office
from doudi.web.resources.queries import on_now
from doudi.web.rulebook.queries import rulebook_on


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the town. ``lacks``: something is not done there yet."""

    label: str
    said: str
    address: str
    icon: str
    lacks: bool = False


def parts() -> Sequence[Part]:
    """What was founded, and where it has holes; anyone who arranges people may open each of these pages."""
    people, town = reverse("people"), areas()
    seats = [held for office in seats_by_office() for _post, held in office.posts]
    empty, shifts, book = sum(not held for held in seats), len(on_now()), rulebook_on().version
    return (
        Part(_("区域和兜底岗"), _("{n} 个区域").format(n=len(town.areas)), reverse("duties"), "map"),
        Part(_("岗位"), _("{n} 个").format(n=len(seats)), people, "id-badge"),
        Part(_("空岗"), _("{n} 个").format(n=empty), f"{people}?tab=empty", "alert-circle", lacks=bool(empty)),
        Part(_("账号"), _("{n} 个").format(n=count_accounts()), f"{people}?tab=accounts", "users"),
        Part(_("此刻在值班"), _("{n} 人").format(n=shifts), reverse("roster"), "calendar", lacks=not shifts),
        Part(_("规则手册"), _("第 {n} 版").format(n=book.number), reverse("rulebook"), "book"),
    )
