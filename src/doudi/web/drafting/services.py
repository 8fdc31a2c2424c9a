"""The only writer of replays: a portion at a time, each of them one transaction, so that it can be left and goes on."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from doudi.engine.duties.answers import Answer, Question
from doudi.engine.duties.bonds import waited_for
from doudi.engine.duties.book import DutyBook
from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.rules.vocabulary import RuleJob
from doudi.web import clock
from doudi.web.drafting.models import Replay, ReplayChange
from doudi.web.drafting.past import COLUMNS, Past, past_matters, questions
from doudi.web.duties.queries import book_under
from doudi.web.jobs.services import plan
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import newest_version, rulebook_of

MATTERS_PER_JOB = 2000
_REPLAYERS = (Power.MANAGE_RULEBOOK, Power.REVIEW_RULEBOOK, Power.APPROVE_RULEBOOK)


class ReplayError(DoudiError):
    """The draft cannot be replayed now."""


@unit_of_work()
def begin_replay(actor: Actor, version: Version) -> Replay:
    """Let the draft meet all matters of the past, beside the published version it would follow; earlier replays go."""
    require_replayer(actor)
    row = Version.objects.select_for_update().get(pk=version.pk)
    against = row.base or newest_version()
    if against is None or row.state not in (*Version.OPEN, Version.State.PUBLISHED):
        raise ReplayError("只有草案和已发布的版本可以重演。")
    if Replay.objects.filter(version=row, state=Replay.State.RUNNING).exists():
        raise ReplayError("这份草案正在重演，请等它做完，或先停下。")
    # What an earlier state of the draft would have done is of no more use.
    Replay.objects.filter(version=row).delete()
    replay = Replay.objects.create(
        version=row,
        digest=row.digest,
        against=against,
        on=max(row.valid_from, clock.today()),
        total=past_matters().count(),
        by_person=actor.person,
        started_at=clock.now(),
    )
    _set_going(replay)
    append(
        Fact.new("replay_begun", f"rulebook/{row.number}", {"digest": row.digest, "matters": replay.total}, by=actor)
    )
    return replay


@unit_of_work()
def cancel_replay(actor: Actor, replay: Replay) -> None:
    require_replayer(actor)
    _end(replay.pk, Replay.State.FAILED, "已由人停下。")


def continue_replay(replay_id: UUID | str) -> bool:
    """Replay one portion and plan the next; True when nothing is left. The handler of such jobs, in its transaction."""
    replay = Replay.objects.select_for_update().get(pk=replay_id)
    if replay.state != Replay.State.RUNNING:
        return True
    if Version.objects.values_list("digest", flat=True).get(pk=replay.version_id) != replay.digest:
        _end(replay.pk, Replay.State.FAILED, "重演时草案又改了，请重新重演。")
        return True
    rows = past_matters().order_by("pk")
    if replay.cursor is not None:
        rows = rows.filter(pk__gt=replay.cursor)
    portion = list(rows.values_list(*COLUMNS)[:MATTERS_PER_JOB])
    old, new = (book_under(rulebook_of(number)) for number in (replay.against_id, replay.version_id))
    calendar = rulebook_of(replay.version_id).calendar
    clear = [one for one in questions(portion, calendar, replay.on) if one.question.kind is not None]
    known: dict[object, tuple[Answer, Answer]] = {}
    answered = [(one, *_both(one.question, old, new, known)) for one in clear]
    ReplayChange.objects.bulk_create(_changes(replay, answered))
    Replay.objects.filter(pk=replay.pk).update(
        done=F("done") + len(portion),
        unclear=F("unclear") + len(portion) - len(clear),
        waiting_before=F("waiting_before") + sum(_waits(before) for _, before, _ in answered),
        waiting_after=F("waiting_after") + sum(_waits(after) for _, _, after in answered),
        cursor=portion[-1][0] if portion else replay.cursor,
    )
    if len(portion) < MATTERS_PER_JOB:
        _end(replay.pk, Replay.State.DONE, "")
        return True
    replay.refresh_from_db(fields=["done"])
    _set_going(replay)
    return False


def _waits(answer: Answer) -> bool:
    """Whether the holder waits for anybody who supports."""
    return any(map(waited_for, answer.supports.values()))


def _changes(replay: Replay, answered: Iterable[tuple[Past, Answer, Answer]]) -> list[ReplayChange]:
    """Those that come to another post or for another reason."""
    found = []
    for one, before, after in answered:
        if (before.post, before.status) != (after.post, after.status):
            found.append(
                ReplayChange(
                    replay=replay,
                    matter_id=one.pk,
                    before_id=before.post,
                    after_id=after.post,
                    was=str(before.status),
                    becomes=str(after.status),
                    rules=list(after.rules),
                )
            )
    return found


def _both(
    question: Question, old: DutyBook, new: DutyBook, known: dict[object, tuple[Answer, Answer]]
) -> tuple[Answer, Answer]:
    """What both say; the same question is asked once."""
    key = question.kind, question.unit_type, question.area, question.hours, tuple(sorted(question.facts.items()))
    if key not in known:
        known[key] = old.answer(question), new.answer(question)
    return known[key]


def require_replayer(actor: Actor) -> None:
    """Anyone who edits, reviews or approves may replay."""
    if not any(actor.may(power) for power in _REPLAYERS):
        actor.require(Power.MANAGE_RULEBOOK)


def _set_going(replay: Replay) -> None:
    plan(RuleJob.REPLAY, f"replay:{replay.pk}:{replay.done}", clock.now(), {"replay": str(replay.pk)})


def _end(pk: UUID, state: str, text: str) -> None:
    Replay.objects.filter(pk=pk, state=Replay.State.RUNNING).update(state=state, words=text, ended_at=clock.now())
