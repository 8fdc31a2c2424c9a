"""A gap or conflict is left open on purpose: accepted by name, to the backstops that catch there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from doudi.engine.messages import Message
from doudi.engine.people.vocabulary import Power
from doudi.engine.rules.regions import Region
from doudi.web.actions.action import Action, ActionContext, Given, Offer
from doudi.web.people.models import Post
from doudi.web.rulebook import services
from doudi.web.rulebook.acceptances import Acceptance
from doudi.web.rulebook.models import Version


@dataclass(frozen=True, slots=True)
class Part:
    """A region as the page shows it. ``key`` names it in a form; ``rules`` are the rivals of a conflict, none for a gap;
    ``in_full``: the same words with all names, where ``where`` leaves some out.
    """

    key: str
    region: Region
    where: Message
    example: str
    volume: str
    caught_by: tuple[Post, ...]
    rules: tuple[tuple[str, str], ...] = ()
    in_full: Message | None = None
    offers: Sequence[Offer] = ()

    @property
    def share(self) -> float | None:
        return self.region.share


@dataclass(frozen=True)
class PartContext(ActionContext[Version]):
    """A person before the proof of a version; ``row`` is one of the parts that it leaves open."""

    def address(self, name: str) -> str:
        return reverse("drafting_accept", args=[self.record.number])

    @property
    def page(self) -> str:
        return reverse("drafting_proof", args=[self.record.number])

    @property
    def version(self) -> None:
        return None


def _hint(at: PartContext) -> str:
    if at.row.rules:
        return _now("两条规则暂不裁定，发生了由兜底岗承接；要写明是什么、为什么。")
    return _now("暂时没有规则管，发生了由兜底岗承接；要写明是什么、为什么。")


def _accept(at: PartContext, given: Given) -> Acceptance:
    rules = tuple(code for code, _holder in at.row.rules)
    return services.accept(
        at.actor,
        at.record,
        at.row.region,
        name=given["name"],
        why=given["why"],
        caught_by=at.row.caught_by,
        rules=rules,
    )


ACCEPT: Action[PartContext] = Action(
    "accept",
    _("按名接受"),
    "lifebuoy",
    lambda at: at.record.state == Version.State.DRAFT and at.actor.may(Power.MANAGE_RULEBOOK),
    _accept,
    "",
    {
        "name": forms.CharField(label=_("叫什么"), max_length=80),
        "why": forms.CharField(label=_("为什么现在定不了"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})),
    },
    # The proof finds them; the page brings the one that a form names.
    rows=lambda at: () if at.row is None else (at.row,),
    key=lambda row: str(row.key),
    hint=_hint,
    asks=True,
)
