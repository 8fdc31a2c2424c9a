"""Who may know of a matter: the desk's retelling, and the restricted circle, closed and opened by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from doudi.engine.matters.vocabulary import MatterEventKind
from doudi.engine.people.vocabulary import Power
from doudi.engine.secrecy.finding import NUMBERS, find
from doudi.engine.secrecy.masking import without_person
from doudi.engine.secrecy.retelling import is_original, told_by
from doudi.engine.triage.sensitive import SECRET
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.looks.models import Look
from doudi.web.looks.services import keep_reveal
from doudi.web.matters.errors import MatterStepError, UnconfirmedError
from doudi.web.matters.models import Assignment, Demand, Matter
from doudi.web.matters.reach import post_on, require_on
from doudi.web.matters.reading import reads_original, retellings, spared
from doudi.web.matters.services import locking, transitions
from doudi.web.notices.services import hush
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report


def may_reveal_numbers(actor: Actor, matter: Matter) -> bool:
    """Who must ring or check: of what is open its holder, its helpers and the desk; of what is secret as its reporter."""
    if matter.secret:
        return reads_original(actor, matter) and actor.may_in(Power.SEE_SECRET_REPORTER, matter.area_id)
    helps = Assignment.objects.filter(matter=matter, until__isnull=True, post__in=actor.posts)
    return actor.may_in(Power.SEE_REPORTER, matter.area_id) or helps.exists()


@unit_of_work()
def reveal_numbers(actor: Actor, matter: Matter, why: str) -> None:
    """The numbers in the matter's words are shown for a purpose; each time is journalled. Raises PurposeError without one."""
    if not may_reveal_numbers(actor, matter):
        raise NotAllowedError("您现在的岗位不能显示号码。如确需联系，请由承办岗或值班岗联系。")
    keep_reveal(actor, matter.journal_name, Look.What.NUMBERS, "matter_reveal", why)


def said_in(matter: Matter) -> str:
    """Everything that was said in the matter's reports, as it was said."""
    rows = Demand.objects.filter(matter=matter).select_related("report").order_by("report", "position")
    return "\n".join(part for one in rows for part in (one.report.title, one.report.words, one.asks) if part)


def clues_in(matter: Matter, text: str) -> list[str]:
    """The pieces of a retelling that only whoever reported can know."""
    return [one.words for one in told_by(text, said_in(matter))]


def first_retelling(matter: Matter) -> str:
    """What the desk begins with: the retelling that holds, else what was said with everything masked that names somebody."""
    return retellings([matter.pk]).get(matter.pk) or without_person(asked_in(matter), spared())


def asked_in(matter: Matter) -> str:
    """What is asked in the matter, without what its reports say besides."""
    return "\n".join(Demand.objects.filter(matter=matter).order_by("report", "position").values_list("asks", flat=True))


@locking.step
def retell(actor: Actor, matter: Matter, text: str, *, confirmed: Collection[str] = ()) -> None:
    """Write what everybody but holder and desk reads of a secret matter.

    ``confirmed``: the pieces which only the reporter can know that the desk was shown and lets stand. Raises
    UnconfirmedError with those it was not, and MatterStepError for numbers of persons and for the original itself, which
    no yes lets through.
    """
    post = require_on(actor, Power.RETELL, matter)
    if not matter.secret:
        raise MatterStepError("这件事项不保密，协办单位看得到原话，不用写转述。")
    text = text.strip()
    if not text:
        raise MatterStepError("请写下转述：要办什么、在哪里，不写是谁说的。")
    if find(text, NUMBERS):
        raise MatterStepError("转述里有电话、证件号或账号，请删去。")
    if is_original(text, said_in(matter)):
        raise MatterStepError("这是原话，不是转述。请换成自己的话，只写要办什么、在哪里。")
    clues = clues_in(matter, text)
    if not set(clues) <= set(confirmed):
        raise UnconfirmedError(clues)
    kept = keep_text(text)
    transitions.transition(actor, matter, MatterEventKind.RETOLD, {}, {"let_stand": len(clues)}, kept, post=post)


@locking.step
def restrict(actor: Actor, matter: Matter, text: str) -> None:
    """Close the circle: from now on only its holder, those asked for help and the restricted circle know of it."""
    require_on(actor, Power.RESTRICT, matter)
    if matter.restricted:
        raise MatterStepError("这件事项已经是限制知悉。")
    if not text.strip():
        raise MatterStepError("请写明为什么限制知悉。")
    for report in _reports(matter):
        reports.set_secrecy(actor, report, Report.Secrecy.RESTRICTED)
    _change(actor, matter, MatterEventKind.RESTRICTED, {"restricted": True}, text, Power.RESTRICT)
    follow_reports([matter])


@locking.step
def lift_restriction(actor: Actor, matter: Matter, text: str, *, stays_secret: bool = True) -> None:
    """Open the circle again. Who asked for secrecy keeps it, whatever ``stays_secret`` says."""
    require_on(actor, Power.LIFT_RESTRICTION, matter)
    if not matter.restricted:
        raise MatterStepError("这件事项没有限制知悉。")
    if not text.strip():
        raise MatterStepError("请写明为什么解除限制。")
    elsewhere = Demand.objects.filter(matter__restricted=True).exclude(matter=matter)
    for report in _reports(matter):
        if report.secrecy == Report.Secrecy.RESTRICTED and not elsewhere.filter(report=report).exists():
            secret = stays_secret or SECRET in report.sensitivity
            reports.set_secrecy(actor, report, Report.Secrecy.SECRET if secret else Report.Secrecy.OPEN)
    _change(actor, matter, MatterEventKind.RESTRICTION_LIFTED, {"restricted": False}, text, Power.LIFT_RESTRICTION)
    follow_reports([matter])


@unit_of_work()
def keep_secret(actor: Actor, report: Report) -> None:
    """Secrecy is asked for a report that was open until now; what is restricted already stays so."""
    handled = locking.matters_of(report)
    if report.secrecy == Report.Secrecy.OPEN:
        reports.set_secrecy(actor, report, Report.Secrecy.SECRET)
        follow_reports(handled)


def _reports(matter: Matter) -> list[Report]:
    told = Demand.objects.filter(matter=matter).values("report")
    return list(Report.objects.filter(pk__in=told).order_by("pk").select_for_update())


def _change(
    actor: Actor, matter: Matter, kind: MatterEventKind, changes: dict[str, bool], text: str, power: Power
) -> None:
    transitions.transition(actor, matter, kind, changes, {}, keep_text(text), post=post_on(actor, power, matter))


def follow_reports(matters: Iterable[Matter]) -> None:
    """Set ``secret`` as the reports and the circle say, also of the other matters in which these reports are handled.

    What was told of them in notices goes with the words: a notice keeps its sentence and loses what was said.
    """
    given = {one.pk: one for one in matters}
    shared = Demand.objects.filter(report__in=Demand.objects.filter(matter__in=given).values("report"))
    hushed: set[str] = set()
    for row in Matter.objects.filter(pk__in={*given, *shared.values_list("matter", flat=True)}).order_by("pk"):
        asked = Demand.objects.filter(matter=row).exclude(report__secrecy=Report.Secrecy.OPEN).exists()
        secret = row.restricted or asked
        if secret != row.secret:
            Matter.objects.filter(pk=row.pk).update(secret=secret)
        if row.pk in given:
            given[row.pk].secret = secret
        if secret:
            hushed |= {row.get_absolute_url(), f"/disputes/{row.number}"}
    hush(hushed)
