"""What happens by itself when time passes: reminders, silence that counts, the next level, and the end with the matter."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from doudi.engine.disputes.hearing import remind_at, silence_of
from doudi.engine.disputes.ladder import Late, is_highest, next_level, rung_of
from doudi.engine.disputes.life import take
from doudi.engine.disputes.vocabulary import DisputeEventKind, DisputeNotice, DisputeStep
from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.disputes.models import Dispute, DisputeClock, InterimCarrier, Statement
from doudi.web.disputes.queries import agreed
from doudi.web.disputes.services import levels, locking, notifying, ruling, transitions
from doudi.web.journal.services import keep_text, unit_of_work
from doudi.web.matters.models import Matter
from doudi.web.people.actor import SYSTEM
from doudi.web.records.errors import StaleError

MOST_AT_ONCE = 200


def sweep() -> int:
    """One look over all disputes; returns how many things were done. Two that look at once do each thing once."""
    now = clock.now()
    return _lapse_ended() + _remind(now) + _pass_limits(now)


def _remind(now: datetime) -> int:
    """Half of the time has gone: anyone who said nothing is reminded, once for each level."""
    waiting = Statement.objects.filter(
        dispute__state=Dispute.State.OPEN, answered_at__isnull=True, reminded_at__isnull=True, silence=""
    )
    done = 0
    for one in waiting.select_related("dispute")[:MOST_AT_ONCE]:
        begun = (
            DisputeClock.objects.filter(dispute=one.dispute, ended_at__isnull=True)
            .values_list("started_at", flat=True)
            .first()
        )
        since = max(one.invited_at, begun or one.invited_at)
        if remind_at(since, one.due_at) > now:
            continue
        with unit_of_work():
            if not Statement.objects.filter(pk=one.pk, reminded_at__isnull=True).update(reminded_at=now):
                continue
            # Anyone who has no account here is rung by the convenor.
            post = one.post_id or one.dispute.convenor_id
            kind = DisputeNotice.REMINDED if one.post_id else DisputeNotice.RING
            notifying.notify_post(one.dispute, post, kind, urgent=True, key=f"{one.pk.hex}:{one.due_at:%m%d%H%M}")
        done += 1
    return done


def _pass_limits(now: datetime) -> int:
    late = DisputeClock.objects.filter(
        ended_at__isnull=True, due_at__lte=now, dispute__state=Dispute.State.OPEN, dispute__level=F("which")
    )
    done = 0
    for one in late.select_related("dispute").order_by("due_at")[:MOST_AT_ONCE]:
        try:
            with unit_of_work():
                row = locking.lock(one.dispute)
                if row.state == Dispute.State.OPEN:
                    done += _pass_limit(row, now)
        except StaleError:
            continue
    return done


def _pass_limit(row: Dispute, now: datetime) -> int:
    counted = _count_silence(row)
    if agreed(row):
        try:
            with unit_of_work():
                ruling.settle_by_agreement(row)
            return 1
        except DoudiError:
            # What all agree on is not lawful, or cannot be done now: a person has to look.
            row.refresh_from_db()
    carried = InterimCarrier.objects.filter(dispute=row, ended_at=None).exists() and not is_highest(row.level)
    if rung_of(row.level).late is Late.RAISE or carried:
        words = keep_text("先行承接到期，自动提级" if carried else "本级到期未定，自动提级")
        levels.lift(SYSTEM, row, next_level(row.level), words, now)
        return 1
    notifying.notify_post(
        row, row.convenor_id, DisputeNotice.OVERDUE, urgent=True, key=f"{row.level}:{clock.day_of(now):%Y%m%d}"
    )
    return counted


def _count_silence(row: Dispute) -> int:
    """What it means that somebody said nothing, written down once. Returns how many said nothing."""
    silent = list(Statement.objects.filter(dispute=row, answered_at__isnull=True, silence="").select_related("post"))
    for one in silent:
        one.silence = silence_of(one.own, row.proposed_id is not None)
        one.save(update_fields=["silence"])
        told = {"statement": one.pk, "counts_as": str(one.silence)}
        transitions.transition(SYSTEM, row, DisputeEventKind.SILENCE, payload=told)
    return len(silent)


def _lapse_ended() -> int:
    """The matter has ended by other ways: nothing is left to argue about."""
    ended = Dispute.objects.filter(state=Dispute.State.OPEN).exclude(matter__status__in=Matter.OPEN)
    done = 0
    for one in ended[:MOST_AT_ONCE]:
        try:
            with unit_of_work():
                row = locking.lock(one)
                levels.end(SYSTEM, row, take(DisputeStep.LAPSE, row.state), DisputeEventKind.LAPSED, "")
                done += 1
        except (StaleError, DoudiError):
            continue
    return done
