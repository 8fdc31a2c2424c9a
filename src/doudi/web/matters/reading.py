"""The one place where the words of matters and reports are read for somebody: as they were said, or as they are told on.

Lists, cards, prints, files, notices and signed links show what is *told*, to whoever reads: of what is secret the
retelling, or that one is still to be written; of all else the words without the numbers of persons. The original of what
is secret is read on the page of its matter or report alone, by its holder and the desk (`reads_original`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.engine.secrecy.masking import masked, without_flat, without_rooms
from doudi.web.areas.queries import town_settings
from doudi.web.journal.models import FreeText
from doudi.web.matters.models import Demand, Matter, MatterEvent
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report

#: types of units behind whose door one household lives
_HOMES = frozenset({"room", "rental", "village_house"})


@dataclass(frozen=True, slots=True)
class Told:
    """What everybody may read of a matter or report: ``words`` and ``near``, the place without the flat.

    ``untold``: secret, and nobody has written the retelling yet; ``words`` say so.
    """

    words: str
    near: str
    secret: bool = False
    untold: bool = False


class Held(Protocol):
    """A matter, or what is known of one without its row."""

    @property
    def secret(self) -> bool: ...
    @property
    def holder_id(self) -> str: ...
    @property
    def area_id(self) -> str | None: ...


def reads_original(actor: Actor, matter: Held) -> bool:
    """Whether the words of the matter are read as they were said: what is secret by its holder and the desk alone."""
    return not matter.secret or matter.holder_id in actor.posts or actor.may_in(Power.RETELL, matter.area_id)


def told(matters: Iterable[Matter]) -> dict[UUID, Told]:
    """By key. One statement for all retellings, none where nothing is secret."""
    found = list(matters)
    retold = retellings([one.pk for one in found if one.secret])
    said = masked_each({one.pk: one.summary for one in found if not one.secret})
    return {
        one.pk: _told(retold.get(one.pk, ""), near(one)) if one.secret else Told(said[one.pk], near(one))
        for one in found
    }


def told_reports(reports: Iterable[Report]) -> dict[UUID, Told]:
    """The same of reports; a secret one is told as the matter of its first demand is."""
    found = list(reports)
    secret = [one.pk for one in found if one.secrecy != Report.Secrecy.OPEN]
    matters: dict[UUID, UUID] = {}
    if secret:
        for pair in Demand.objects.filter(report__in=secret).order_by("position").values_list("report_id", "matter_id"):
            matters.setdefault(*pair)
    retold = retellings(set(matters.values()))
    return {
        one.pk: _told(retold.get(matters.get(one.pk, one.pk), ""), near(one))
        if one.secrecy != Report.Secrecy.OPEN
        else Told(masked(one.title or one.words, spared([one.external_id])), near(one))
        for one in found
    }


def _told(retelling: str, place: str) -> Told:
    return Told(retelling or _("待转述"), place, secret=True, untold=not retelling)


def retellings(matters: Collection[UUID]) -> dict[UUID, str]:
    """The retelling that holds, by matter; whoever has none has none written."""
    if not matters:
        return {}
    told_ = MatterEvent.objects.filter(matter__in=matters, kind=MatterEventKind.RETOLD, words__isnull=False)
    return {one.matter_id: one.words.text for one in told_.select_related("words").order_by("seq") if one.words}


def near(thing: Matter | Report) -> str:
    """The unit, else the address; of what is secret without the flat, which is often the reporter's own.

    Where the unit itself is somebody's home, only the area is told, which stands beside it.
    """
    secret = thing.secret if isinstance(thing, Matter) else thing.secrecy != Report.Secrecy.OPEN
    if not secret:
        return masked(thing.unit.name if thing.unit else thing.address)
    if thing.unit:
        return "" if thing.unit.type in _HOMES else without_rooms(thing.unit.name)
    return without_flat(thing.address)


def masked_each(texts: dict[UUID, str]) -> dict[UUID, str]:
    """The words of matters without the numbers of persons. Where any would go, the orders' own numbers are asked for first."""
    hidden = {key: masked(text) for key, text in texts.items()}
    touched = [key for key, text in hidden.items() if text != texts[key]]
    if touched:
        orders: dict[UUID, list[str]] = {}
        numbers = Demand.objects.filter(matter__in=touched).exclude(report__external_id="")
        for key, number in numbers.values_list("matter_id", "report__external_id"):
            orders.setdefault(key, []).append(number)
        hidden |= {key: masked(texts[key], spared(orders.get(key, ()))) for key in touched}
    return hidden


def spared(orders: Iterable[str] = ()) -> list[str]:
    """Numbers that are nobody's: the town's hotline, and those of the orders given."""
    return [town_settings().hotline, *filter(None, orders)]


def words_left(words: FreeText | None) -> str:
    """What is left to read of what somebody wrote; where it was erased or blocked, that."""
    if words is None:
        return ""
    if words.erased_at:
        return _("（内容已按规定删除）")
    return _("（内容已封存）") if words.blocked is not None else words.text


@dataclass
class Reader:
    """One person before one matter or report. ``original``: reads the words as they were said; ``plain``: with numbers.

    ``hidden`` turns true once a number was hidden, so that the page can offer to show it.
    """

    original: bool
    plain: bool = False
    posts: frozenset[str] = frozenset()
    spare: Collection[str] = ()
    hidden: bool = field(default=False)

    def read(self, text: str) -> str:
        """The words as this reader reads them."""
        if self.plain:
            return text
        shown = masked(text, self.spare)
        self.hidden |= shown != text
        return shown

    def of_colleagues(self, text: str, post: str | None, asked: str | None = None) -> str:
        """What a colleague wrote: of a secret matter only what one's own posts wrote, or were asked (``asked``)."""
        return self.read(text) if self.original or not {post, asked}.isdisjoint(self.posts) else ""
