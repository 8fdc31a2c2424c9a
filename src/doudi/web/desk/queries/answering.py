"""The reply as the page proposes it: a phrase of the town, filled with what was done, and the photographs that may go with it.

It goes to whoever reported. So it takes the note of the handling alone, leaves out each sentence that names somebody else
or was meant for the house, and takes nothing at all from a matter that is secret.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from doudi.engine.answers.filling import filled, one_by_one
from doudi.engine.answers.outward import outward
from doudi.engine.answers.reviewing import About
from doudi.engine.answers.vocabulary import Situation
from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.messages import Message, msg
from doudi.engine.numbers import printed_number
from doudi.engine.secrecy.masking import masked
from doudi.web import clock
from doudi.web.answers.queries import phrases_for
from doudi.web.desk.queries.story import Photo, photo_of
from doudi.web.matters.models import Demand, Evidence, Matter, MatterEvent
from doudi.web.matters.queries import answerable_photos, visible
from doudi.web.matters.reading import near
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Contact, Report
from doudi.web.reports.queries import missed, timeline
from doudi.web.rulebook.queries import Rulebook, rulebook_on

_HANDLED = (MatterEventKind.HANDLED, MatterEventKind.CLOSED_ON_SPOT)


@dataclass(frozen=True, slots=True)
class Draft:
    """``phrases``: name and filled text of each that may be taken instead; ``photos``: by the ids of their uploads.

    ``untold``: why nothing of the work stands in it, where that is so.
    """

    text: str
    phrases: Sequence[tuple[str, str]]
    photos: Sequence[tuple[str, Photo]]
    untold: Message | None = None


def draft_of(actor: Actor, report: Report, *, final: bool) -> Draft:
    """``final``: the reply, else a word on how things stand."""
    demands = list(Demand.objects.filter(report=report).order_by("position"))
    seen = visible(actor).filter(pk__in=[one.matter_id for one in demands]).select_related("holder__office")
    by_id = {one.pk: one for one in seen}
    matters = list(dict.fromkeys(by_id[one.matter_id] for one in demands if one.matter_id in by_id))
    secret = report.secrecy != Report.Secrecy.OPEN or any(one.secret for one in matters)
    book = rulebook_on()
    facts = _facts(report, matters, book)
    untold: Message | None = None
    if secret and final:
        untold = msg("这张诉求单或它的事项要保密，处置情况和照片不自动带入，请自己写。")
    elif final:
        facts["done"] = one_by_one(_notes(report, matters))
        if not facts["done"]:
            untold = msg("处置记录里没有可以直接告诉诉求人的话，请把“请填”的地方补上。")
    kinds = tuple(one.kind for one in matters)
    phrases = [
        (one.name, filled(one.text, facts)) for one in phrases_for(_situations(report, matters, book, final), kinds)
    ]
    return Draft(
        text=phrases[0][1] if phrases else facts.get("done", ""),
        phrases=phrases,
        photos=_photos(actor, report) if final else (),
        untold=untold,
    )


def about(report: Report) -> About:
    """What is known of the report when its answer is looked through before it goes."""
    asks = Demand.objects.filter(report=report).order_by("position").values_list("asks", flat=True)
    return About(report.contacted_at is not None, tuple(map(masked, asks)))


def _situations(report: Report, matters: Sequence[Matter], book: Rulebook, final: bool) -> tuple[str, ...]:
    """How things stand, what fits best first."""
    if not final:
        return (Situation.PROGRESS,)
    if matters and all(one.status == Matter.Status.VOIDED for one in matters):
        return (Situation.VOIDED,)
    most = int(book.parameters.get("contact_tries", 0))
    tried = 0 if report.contacted_at else len(missed(timeline(report)))
    return (Situation.UNREACHED, Situation.DONE) if most and tried >= most else (Situation.DONE, Situation.UNREACHED)


def _facts(report: Report, matters: Sequence[Matter], book: Rulebook) -> dict[str, str]:
    # As the letter is written, whatever the language of the page: it is read tomorrow too.
    done = sorted(clock.day_of(one.handled_at) for one in matters if one.handled_at)
    offices = [one.holder.office.name for one in matters] or [report.answerer.office.name]
    return {
        "place": near(report) or (report.area.name if report.area else ""),
        "kind": _listed(book.kind_name(one.kind) for one in matters if one.kind),
        "office": _listed(offices),
        "date": f"{done[-1].month}月{done[-1].day}日" if done else "",
        "number": printed_number(report.number),
    }


def _listed(names: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(names))


def _notes(report: Report, matters: Sequence[Matter]) -> list[str]:
    """What was noted when each was handled last, as it may be told on."""
    rows = MatterEvent.objects.filter(matter__in=matters, kind__in=_HANDLED, words__isnull=False)
    last = {one.matter_id: one for one in rows.select_related("words").order_by("seq")}
    others = Contact.objects.filter(report__in=Demand.objects.filter(matter__in=matters).values("report"))
    names = [one.name for one in others.exclude(report=report) if one.name]
    words = [last[one.pk].words for one in matters if one.pk in last]
    return [outward(one.text, names) for one in words if one and one.erased_at is None and one.blocked is None]


def _photos(actor: Actor, report: Report) -> list[tuple[str, Photo]]:
    seen = answerable_photos(report).filter(matter__in=visible(actor))
    return [(str(one.upload_id), photo_of(one.upload_id, str(Evidence.Stage(one.stage).label))) for one in seen]
