"""Words that come later are heard like the first: danger above what stands raises the matter in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from doudi.engine.danger.assessment import Severity
from doudi.engine.kinds.catalogue import Lane
from doudi.engine.matters.lanes import greater, is_above, lane_of_danger
from doudi.engine.matters.vocabulary import ContactOutcome, MatterEventKind, MatterNotice, WarnedBy
from doudi.engine.people.vocabulary import Power
from doudi.engine.triage.danger import Alarm, lane_of
from doudi.web import clock
from doudi.web.duties.queries import book_under
from doudi.web.files.models import Upload
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Danger, Demand, Evidence, Matter
from doudi.web.matters.queries import danger_of, lane_under, last_danger
from doudi.web.matters.reach import require_on
from doudi.web.matters.services import (
    calling_back,
    lanes,
    locking,
    notifying,
    requirements,
    steps,
    transitions,
    undoing,
)
from doudi.web.people.actor import PARTY, SYSTEM, Actor
from doudi.web.records.services import snapshot
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.sql.select import filter_by

_LOW = frozenset({"neutral", "dissatisfied"})
_AGAIN = "后来的话里说到危险，重新办理。"


@unit_of_work()
def add_to_report(report: Report, text: str, uploads: Iterable[Upload] = (), *, actor: Actor = PARTY) -> None:
    """The reporter, or the system above, adds words or photographs; danger in them is heard, and the rest is told."""
    handled = locking.matters_of(report)
    reports.add_by_reporter(report, text, uploads, actor=actor)
    raised = heed_all(report, handled, text, "added")
    others = [one for one in handled if one not in raised]
    told = {one.holder_id: one for one in reversed(others) if one.status in Matter.OPEN}
    if others and not raised:
        told.setdefault(report.answerer_id, others[0])
    for post, matter in told.items():
        notifying.notify_news(matter, post, MatterNotice.ADDED, report)


@unit_of_work()
def rate_report(report: Report, satisfaction: str, text: str = "") -> None:
    """The reporter rates the answer: danger in the words is heard whatever the rating; of a low one whoever answered is told,
    and a warning opens where the town warns.
    """
    handled = locking.matters_of(report)
    reports.rate(report, satisfaction, text)
    if not heed_all(report, handled, text, "rated") and satisfaction in _LOW:
        for matter in handled[:1]:
            notifying.notify_news(matter, report.answerer_id, MatterNotice.RATED_LOW, report)
        calling_back.open_warning(SYSTEM, report, handled, WarnedBy.RATING)


@unit_of_work()
def log_contact(
    actor: Actor, report: Report, *, reached: bool, text: str = "", outcome: ContactOutcome | None = None
) -> None:
    """Note one try to reach the reporter; danger in what they said meanwhile is heard."""
    handled = locking.matters_of(report)
    reports.log_contact(actor, report, reached=reached, text=text, outcome=outcome)
    heed_all(report, handled, text, "noted")


@unit_of_work()
def reopen_report(actor: Actor, report: Report, text: str, *, by_reporter: bool = False) -> None:
    """The reporter (or the desk) says that it is not solved; danger in what they say is heard."""
    steps.reopen_report(actor, report, text, by_reporter=by_reporter)
    heed_all(report, locking.matters_of(report), text, "reopened")


@unit_of_work()
def set_apart(actor: Actor, report: Report, text: str) -> None:
    """Set doubtful content apart; never one in whose matters life is in danger, before somebody has judged that it is not."""
    if any(one.status in Matter.OPEN and one.lane == Lane.LIFE for one in locking.matters_of(report)):
        raise MatterStepError("话里有危及生命的险情，不能搁置：先核实，改判危险之后再甄别。")
    reports.quarantine(actor, report, text)


@unit_of_work()
def hear_again(report: Report, text: str) -> None:
    """The system above words its order anew: danger is heard at once, whoever takes the words over later."""
    heed_all(report, locking.matters_of(report), text, "upstream")


@locking.step
def note(actor: Actor, matter: Matter, text: str, uploads: Sequence[Upload] = ()) -> None:
    """Write something down beside the matter, with photographs if there are any; danger in it is heard."""
    require_on(actor, Power.NOTE, matter)
    if not text.strip() and not uploads:
        raise MatterStepError("请写点什么，或选一张照片。")
    transitions.transition(
        actor,
        matter,
        MatterEventKind.NOTED,
        {},
        undoing.standing(actor, matter),
        keep_text(text),
        uploads=uploads,
        stage=Evidence.Stage.BEFORE,
    )
    if matter.status in Matter.OPEN:
        heed(matter, text, "noted", seq=matter.version)


@locking.step
def judge_danger(actor: Actor, matter: Matter, answer: Severity, text: str, *, call: str = "") -> None:
    """The desk says what threatens, with its reason: more than was heard, or less. ``call``: the number to call first.

    Raised, the clocks of the higher lane run from now; lowered, those that ran end. What was late stays late.
    """
    require_on(actor, Power.DISPATCH, matter)
    requirements.require_open(matter)
    if not text.strip():
        raise MatterStepError("请写明为什么改判：现场什么情况、谁说的。")
    rulebook = rulebook_of(matter.rulebook_id)
    stands = danger_of(matter)
    if answer is stands:
        raise MatterStepError("危险程度已经是这样，不用再改。")
    now, kept, desk = clock.now(), keep_text(text), actor.post_for(Power.DISPATCH)
    last = last_danger(matter)
    heard = {"sort": last.sort, "call": last.call, "kind": last.kind} if last else {}
    if call:
        heard |= {"call": call, "kind": ""}
    row = lanes.new_judgement(matter, answer, Danger.Source.DESK, now, by=actor, post=desk, reason=kept, **heard)
    row.save(force_insert=True)
    changes, told = lanes.move_to_lane(matter, lane_under(rulebook, matter.kind, answer), rulebook, now)
    raised = is_above(lane_of_danger(answer), lane_of_danger(stands))
    kind = MatterEventKind.DANGER_RAISED if raised else MatterEventKind.DANGER_LOWERED
    payload = {**told, "danger_judged": snapshot(row), **_call_of(row)}
    transitions.transition(actor, matter, kind, changes, payload, kept, post=desk)
    notifying.notify_post(matter, matter.holder_id, MatterNotice(kind), urgent=raised)


def heed(matter: Matter, text: str, source: str, *, demand: Demand | None = None, **told: object) -> bool:
    """Hear the danger in ``text`` about an open matter, taken for this transaction; says whether it was news.

    What lies above the danger that stands raises it, and as great a one of another sort rings by itself. The clocks of a
    higher lane run from now; what was late before stays late. What waits for its check goes back to work.
    """
    rulebook = rulebook_of(matter.rulebook_id)
    alarm = lane_of(text, None, rulebook.catalogue, rulebook.phones)
    stands = danger_of(matter)
    if not _is_news(alarm, matter, stands):
        return False
    now, answer = clock.now(), greater(alarm.severity, stands)
    row = lanes.new_judgement(matter, answer, source, now, demand=demand, **lanes.danger_columns(alarm, text))
    row.save(force_insert=True)
    changes, clocks = lanes.move_to_lane(matter, lane_under(rulebook, matter.kind, answer), rulebook, now)
    payload = {"source": source, "spans": row.spans, **told, **clocks, "danger_judged": snapshot(row), **_call_of(row)}
    transitions.transition(SYSTEM, matter, MatterEventKind.DANGER_HEARD, changes, payload)
    for post in dict.fromkeys((matter.holder_id, book_under(rulebook).duty_desk)):
        notifying.notify_post(matter, post, MatterNotice.DANGER_HEARD, urgent=True)
    return True


def heed_all(report: Report, handled: list[Matter], text: str, source: str) -> list[Matter]:
    """Every open matter of the report is raised; where none is open, what was ended begins again first. Returns the raised."""
    if not text.strip():
        return []
    told = {"report": report.number, "seq": report.version}
    if not any(one.status in Matter.OPEN for one in handled):
        if not any(_calls_back(text, one) for one in handled):
            return []
        if report.status in (Report.Status.REPLIED, Report.Status.CLOSED):
            steps.reopen_report(SYSTEM, report, _AGAIN)
        else:
            for one in handled:
                steps.begin_again(SYSTEM, one, _AGAIN)
        handled = locking.matters_of(report)
    asked = {one.matter_id: one for one in Demand.objects.filter(report=report).order_by("-position")}
    still_open = [one for one in handled if one.status in Matter.OPEN]
    raised = [one for one in still_open if heed(one, text, source, demand=asked.get(one.pk), **told)]
    if report.status == Report.Status.QUARANTINED and raised:
        report.refresh_from_db()
        reports.release(SYSTEM, report)
    return raised


def _calls_back(text: str, matter: Matter) -> bool:
    """Whether what has ended must begin again for these words: danger to life, or more than its lane."""
    heard = lane_of_danger(lane_of(text, None, rulebook_of(matter.rulebook_id).catalogue).severity)
    return heard is Lane.LIFE or is_above(heard, Lane(matter.lane))


def _is_news(alarm: Alarm, matter: Matter, stands: Severity) -> bool:
    """Whether the words tell of a danger above the one that stands, or of one as great of a sort not heard before."""
    if alarm.severity is not stands:
        return greater(alarm.severity, stands) is alarm.severity
    sort = alarm.assessment.sort if alarm.assessment else ""
    if stands is Severity.NONE or not sort:
        return False
    known = {one.sort for one in filter_by(Danger, matter=matter)}
    return bool(known) and sort not in known


def _call_of(row: Danger) -> dict[str, object]:
    return {"emergency": row.call, "danger": row.kind or None} if row.call else {}
