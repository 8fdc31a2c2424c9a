"""What is kept for answers, as pages read it: what stands now, and what each version said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.engine.answers.filling import fits
from doudi.engine.answers.finding import about, stands_in
from doudi.engine.messages import Message, msg
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.answers.events import KEPT_KINDS, PHRASE_KINDS
from doudi.web.answers.models import KeptAnswer, Phrase
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.people.queries import active_posts
from doudi.web.records.models import Event, Versioned
from doudi.web.registry.proof import told_by
from doudi.web.rulebook.queries import rulebook_on

_INDENT = "\u3000"


def phrases_for(situations: tuple[str, ...], kinds: tuple[str, ...]) -> list[Phrase]:
    """What may be said where things stand so, about one of these kinds: what is kept for the kind itself comes first."""
    found = [
        one
        for one in Phrase.objects.filter(ended_at=None, situation__in=situations).order_by("id")
        if not one.kind or any(fits(one.kind, kind) for kind in kinds)
    ]
    return sorted(found, key=lambda one: (situations.index(one.situation), -len(one.kind), one.pk))


def all_phrases(*, ended: bool = False) -> QuerySet[Phrase]:
    """Those that are offered, or those that were ended."""
    return Phrase.objects.filter(ended_at__isnull=not ended)


def kind_choices() -> list[tuple[str, str]]:
    """Any kind, each group and each kind, as their tree is."""
    catalogue = rulebook_on().catalogue
    names, tree = catalogue.names(), catalogue.tree
    return [("", _("不限")), *((code, _INDENT * tree.depth(code) + names[code]) for code in tree)]


def kind_names(code: str) -> str:
    """What a kind or group is called, with the groups above it; empty for any."""
    catalogue = rulebook_on().catalogue
    return catalogue.name(code) if code in catalogue.tree else code


@dataclass(frozen=True, slots=True)
class Version:
    """What a record said from an event on. ``now``: it says so still."""

    event: Event
    said: Mapping[str, Any]
    now: bool

    @property
    def text(self) -> str:
        """What may be said with it."""
        return str(self.said.get("text") or self.said.get("answer"))

    @property
    def title(self) -> Message:
        known = next(one for one in (*PHRASE_KINDS, *KEPT_KINDS) if one.name == self.event.kind)
        return msg(known.title, to=self.event.payload.get("to", ""))


def versions_of(row: Any) -> list[Version]:
    """Each version, the newest first."""
    events = list(row.events.select_related("post", "person").order_by("seq"))
    return [
        Version(event, _columns(row, told_by(events[: place + 1])), event.seq == row.version)
        for place, event in enumerate(events)
    ][::-1]


def said_in(row: Versioned, version: int) -> dict[str, Any] | None:
    """The columns as that version had them; None: there was none."""
    events = list(row.events.filter(seq__lte=version).order_by("seq"))  # type: ignore[attr-defined]  # each kept record has them
    return _columns(row, told_by(events)) if events and events[-1].seq == version else None


def _columns(row: Versioned, told: Mapping[str, object]) -> dict[str, Any]:
    """What events tell, as columns hold it: a moment is a moment again, a day a day."""
    fields = {field.attname: field for field in row._meta.concrete_fields}
    return {name: fields[name].to_python(value) for name, value in told.items()}


def may_keep(actor: Actor, kept: KeptAnswer | None = None) -> bool:
    """Whether somebody may change a kept answer, or enter one: the desk any, all others their own posts'."""
    if not actor.may(Power.KEEP_ANSWERS):
        return False
    return kept is None or actor.may(Power.DISPATCH) or kept.owner_id in actor.posts


def owners_for(actor: Actor) -> list[Post]:
    """The posts that somebody may make answer for a kept answer."""
    posts = active_posts().order_by("office__name", "name")
    return list(posts if actor.may(Power.DISPATCH) else posts.filter(code__in=actor.posts))


def kept_answers(tab: str = "", asked: str = "") -> list[KeptAnswer]:
    """Those that stand, only those of them that ``expired``, or those that ``ended``; in which what was typed stands."""
    rows = KeptAnswer.objects.filter(ended_at__isnull=tab != "ended").select_related("owner__office")
    if tab == "expired":
        rows = rows.filter(valid_until__lt=clock.today())
    return [one for one in rows.order_by("id") if stands_in(asked, f"{one.question}\n{one.answer}\n{one.basis}")]


def answers_about(said: str) -> list[KeptAnswer]:
    """The kept answers that somebody's words are about, the nearest first; an expired one too, which says so."""
    kept = {one.pk: one for one in kept_answers()} if said.strip() else {}
    return [kept[pk] for pk in about(said, {pk: one.question for pk, one in kept.items()})]


def expired(day: date) -> QuerySet[KeptAnswer]:
    """Those that are still offered and whose last day is over."""
    return KeptAnswer.objects.filter(ended_at=None, valid_until__lt=day).order_by("id")


def kept_tabs(actor: Actor, here: str) -> list[dict[str, object]]:
    """The two things that are kept for answers, where somebody keeps both."""
    if not actor.may(Power.KEEP_PHRASES):
        return []
    return [
        {"href": reverse("kept_answers"), "label": _("口径"), "here": here.startswith("answers"), "count": None},
        {"href": reverse("phrases"), "label": _("常用语"), "here": here == "phrases", "count": None},
    ]
