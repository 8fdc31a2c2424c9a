"""What becomes of reports; and people who come and go, and time that passes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from doudi.web import clock
from doudi.web.jobs.models import Job
from doudi.web.matters import services as matters
from doudi.web.matters.models import MatterClock
from doudi.web.notices.models import Notice
from doudi.web.outbox import services as outbox
from doudi.web.outbox.models import Outgoing
from doudi.web.people import services as people
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Appointment
from doudi.web.reports import services as reports
from doudi.web.timers.running import run_due
from tests.model import beliefs
from tests.model.beliefs import may
from tests.model.desk import DRAW, SAID, beside, some, some_report
from tests.model.editions import Editions
from tests.model.records import Matter, Report, Urged, start
from tests.model.store import bare
from tests.model.walk import PEOPLE, Walk

#: through an hour, a night, a weekend, the spring holidays
WAITS = st.sampled_from(
    [timedelta(minutes=7), timedelta(hours=3), timedelta(hours=15), timedelta(days=3), timedelta(days=81)]
)
#: who is never left without: somebody real must always answer
ROOTED = {"shift", "desk"}


class Answers(Editions):
    @rule(draw=DRAW, reached=st.booleans(), words=SAID)
    @beside
    def somebody_calls_the_reporter(self, draw: int, reached: bool, words: str) -> None:
        self.busy = 0
        report = self.reports[draw % len(self.reports)]
        able = lambda posts: self.reach(posts, report, "contact_reporter", answerer=True)  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            if reached and report.contacted is None:
                report.contacted = self.now
                report.end(self.now, "contact")
            report.happened("contacted" if reached else "contact_tried")

        allowed = able(self.posts_of(name)) and (reached or bool(words.strip()))
        self.attempt(
            allowed,
            lambda: matters.log_contact(self.actor(name), self.report_row(report), reached=reached, text=words),
            then,
        )

    @rule(draw=DRAW, final=st.booleans(), words=SAID)
    @some(reports="received")
    def answerer_replies(self, draw: int, final: bool, words: str) -> None:
        done = lambda one: not any(self.matter(pk).open for pk in one.demands)  # noqa: E731
        # What can be answered for good is.
        final = final or any(one.status == "received" and done(one) for one in self.reports)
        report = self.pick(draw, lambda one: one.status == "received" and (done(one) or not final), self.reports)
        able = lambda posts: self.reach(posts, report, "reply", answerer=True)  # noqa: E731
        name = self.someone(draw >> 4, able)
        allowed = able(self.posts_of(name)) and report.status in ("received", "replied") and bool(words.strip())

        def then(_: object) -> None:
            if final:
                report.end(self.now, "reply", "upstream")
                for one in report.clocks:
                    if one.which == "contact":
                        one.end(self.now, cancelled=one.due > self.now)
                report.status, report.replied = "replied", self.now
                report.said = bool(report.external)
            report.happened("replied" if final else "told")

        self.attempt(
            allowed and (done(report) or not final),
            lambda: matters.answer_report(self.actor(name), self.report_row(report), words, final=final),
            then,
        )

    @rule(draw=DRAW, words=SAID)
    @some(reports="replied")
    def answerer_closes(self, draw: int, words: str) -> None:
        report = self.pick(draw, lambda one: one.status == "replied", self.reports)
        able = lambda posts: self.reach(posts, report, "reply", answerer=True)  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            report.status, report.closed = "closed", self.now
            report.end(self.now)
            report.happened("closed")
            report.said = bool(report.external)

        allowed = able(self.posts_of(name)) and report.status == "replied"
        self.attempt(allowed, lambda: reports.close(self.actor(name), self.report_row(report), words), then)

    @rule(draw=DRAW, words=SAID, step=st.sampled_from(["quarantine", "release", "dismiss"]))
    @beside
    def desk_sets_apart(self, draw: int, words: str, step: str) -> None:
        self.busy = 0
        before = "received" if step == "quarantine" else "quarantined"
        report = self.pick(draw, lambda one: one.status == before, self.reports)
        able = lambda posts: self.reach(posts, report, "quarantine")  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            report.status = {"quarantine": "quarantined", "release": "received", "dismiss": "closed"}[step]
            if step == "dismiss":
                report.closed = self.now
                report.end(self.now, "contact", "reply", cancelled=True)
                report.said = bool(report.external)
            report.happened({"quarantine": "quarantined", "release": "released", "dismiss": "dismissed"}[step])

        def act() -> None:
            row = self.report_row(report)
            if step == "release":
                reports.release(self.actor(name), row)
            else:
                getattr(reports, step)(self.actor(name), row, words)

        allowed = able(self.posts_of(name)) and report.status == before and (step == "release" or bool(words.strip()))
        self.attempt(allowed, act, then)

    @rule(draw=DRAW, words=SAID, liked=st.sampled_from(["satisfied", "dissatisfied", "splendid"]))
    @beside
    def reporter_rates(self, draw: int, words: str, liked: str) -> None:
        self.busy = 0
        report = self.pick(draw, lambda one: one.replied is not None, self.reports)

        def then(_: object) -> None:
            report.satisfaction = liked
            report.happened("rated")
            self.tasks += liked == "dissatisfied"

        allowed = report.replied is not None and liked != "splendid"
        self.attempt(allowed, lambda: matters.rate_report(self.report_row(report), liked, words), then)

    @rule(draw=DRAW, words=SAID)
    @beside
    def reporter_adds(self, draw: int, words: str) -> None:
        self.busy = 0
        report = self.reports[draw % len(self.reports)]

        def then(_: object) -> None:
            report.happened("added")
            handled = [self.matter(pk) for pk in report.demands]
            self.tasks += len({report.answerer, *(one.holder for one in handled if one.open)})

        self.attempt(bool(words.strip()), lambda: matters.add_to_report(self.report_row(report), words), then)

    @rule(draw=DRAW, words=SAID, by_reporter=st.booleans())
    @some(reports="replied closed")
    def it_is_not_solved(self, draw: int, words: str, by_reporter: bool) -> None:
        report = self.pick(draw, lambda one: one.status in ("replied", "closed"), self.reports)
        able = lambda posts: self.reach(posts, report, "reopen")  # noqa: E731
        name = self.someone(draw >> 4, able)
        in_time = report.replied is not None and self.now - report.replied <= timedelta(days=15)
        allowed = (
            (in_time if by_reporter else able(self.posts_of(name)))
            and report.status in ("replied", "closed")
            and bool(words.strip())
        )
        who = (lambda: SYSTEM) if by_reporter else (lambda: self.actor(name))
        self.attempt(
            allowed,
            lambda: matters.reopen_report(who(), self.report_row(report), words, by_reporter=by_reporter),
            lambda _: self._asked_again(report),
        )

    @rule(draw=DRAW, arrived=st.sampled_from([True, False, None]))
    @precondition(lambda self: any(one.said for one in self.reports))
    def somebody_takes_the_answers_along(self, draw: int, arrived: bool | None) -> None:
        """All that waits goes in one file, which arrives, does not, or stays in somebody's pocket."""
        Walk.steps += 1
        if draw % 3:
            return
        for report in self.reports:
            if report.said and arrived is not False:
                report.answered = True
            report.said = report.said and arrived is False
        with clock.at(self.now):
            before = set(Outgoing.objects.filter(state="waiting").values_list("pk", flat=True))
            batch = outbox.hand_over(before)
            if arrived is not None:
                ids = Outgoing.objects.filter(batch=batch).values_list("pk", flat=True)
                (outbox.confirm if arrived else outbox.take_back)(list(ids))
        self.compare()

    def _asked_again(self, report: Report) -> None:
        report.said = False
        assert not Outgoing.objects.filter(report=report.pk, state="waiting").exists(), "an old answer still goes up"
        if not report.answered:
            for one in report.clocks:
                one.ended = None if one.which == "upstream" else one.ended
        report.status, report.closed, report.replied, report.satisfaction = "received", None, None, ""
        report.happened("reopened")
        handled = [self.matter(pk) for pk in dict.fromkeys(report.demands)]
        again = [one for one in handled if one.status == "closed"]
        if not again and not any(one.open for one in handled):
            again = handled
        for matter in again:
            self.begin_again(matter)
        assert any(one.open for one in handled), "an open report has somebody at work for it"
        holder = self.matter(report.demands[0]).holder
        if report.answerer != holder:
            report.answerer = holder
            report.happened("answerer_changed")
        report.clocks.append(start("reply", self.now, beliefs.REDO))

    # People

    @rule(draw=DRAW, other=DRAW)
    @beside
    def somebody_leaves(self, draw: int, other: int) -> None:
        self.busy = 0
        leaver = PEOPLE[draw % len(PEOPLE)]
        if leaver in ROOTED or not self.seated[leaver]:
            return
        post, since = self.seated[leaver][other % len(self.seated[leaver])]
        by = self.someone(draw >> 4, lambda posts: may(posts, "manage_people"))
        today = clock.day_of(self.now)

        def act() -> None:
            appointment = Appointment.objects.get(person=self.person(leaver), post=post, until__isnull=True)
            people.end_appointment(self.actor(by), appointment)

        allowed = may(self.posts_of(by), "manage_people") and today > since and not self._is_last(leaver, [post])
        self.attempt(allowed, act, lambda _: self.unseat(leaver, post, since))
        self._somebody_answers()

    @rule(draw=DRAW, other=DRAW)
    @beside
    def somebody_comes(self, draw: int, other: int) -> None:
        self.busy = 0
        comer, posts = PEOPLE[draw % len(PEOPLE)], sorted(beliefs.POST)
        # Mostly where there is something to do: colleagues on one post are where checks go wrong.
        post = posts[other % len(posts)] if other % 3 == 0 else self.matters[draw % len(self.matters)].holder
        by = self.someone(draw >> 4, lambda posts: may(posts, "manage_people"))
        today = clock.day_of(self.now)
        row = Appointment(person=self.person(comer), post=self.post(post), since=today, acting=bool(draw & 32))
        allowed = may(self.posts_of(by), "manage_people") and post not in [one for one, _ in self.seated[comer]]
        self.attempt(
            allowed,
            lambda: people.appoint([row], by=self.actor(by)),
            lambda _: self.seat(comer, post, today, acting=row.acting),
        )
        self._somebody_answers()

    @rule(draw=DRAW)
    @beside
    def an_account_is_closed_or_opened(self, draw: int) -> None:
        self.busy = 0
        name = PEOPLE[draw % len(PEOPLE)]
        by = self.someone(draw >> 4, lambda posts: may(posts, "manage_people"))
        opening = name in self.closed
        if name in ROOTED or (not opening and len(self.closed) > 2):
            return
        last = not opening and self._is_last(name, [post for post, _ in self.seated[name]])
        allowed = may(self.posts_of(by), "manage_people") and (opening or by != name) and not last
        self.attempt(
            allowed,
            lambda: people.switch_account(self.actor(by), self.person(name), is_open=opening),
            lambda _: self.closed.symmetric_difference_update({name}),
        )
        self._somebody_answers()

    def _is_last(self, leaver: str, posts: list[str]) -> bool:
        """Would nobody with an open account be left on a seat without which the town stands still?"""
        open_seats = [(one, post) for one in PEOPLE if one not in self.closed for post, _ in self.seated[one]]
        staying = {beliefs.POST[post].access for one, post in open_seats if one != leaver or post not in posts}
        left = {beliefs.POST[post].access for post in posts if leaver not in self.closed}
        return bool(left & set(beliefs.VITAL) - staying)

    # Time

    @rule(by=WAITS)
    @some_report
    def time_passes(self, by: timedelta) -> None:
        Walk.steps += 1
        self.now += by

    @rule(name=st.sampled_from(PEOPLE))
    @precondition(lambda self: self.since_look > 4)
    def somebody_looks_around(self, name: str) -> None:
        self.since_look = 0
        self.look_around(name)
        self._somebody_answers()

    @rule()
    @precondition(lambda self: self.since_timers > 20)
    def the_timers_run(self) -> None:
        """Again and again does no more than once; each running promise that has passed is said, each only once."""
        Walk.steps, self.since_timers = Walk.steps + 1, 0
        for matter in self.matters:
            self._nobody_took_over(matter)
            self._nobody_took(matter)
        with clock.at(self.now):
            # What a look finds may be a job for the next pass; then there is nothing left. What stands for days is looked
            # for at the end of a walk.
            assert any(run_due(slow=False) == 0 for _ in range(4)), "the timers never come to rest"
            # What can still be undone waits with its notices.
            waits = Q(state="waiting", due_at__gt=self.now, due_at__lte=self.now + beliefs.UNDO)
            assert not Job.objects.exclude(waits).exclude(state="done").exists()
            # What is being checked was handled at a moment that stands: its limits press again only when the check fails.
            late = MatterClock.objects.filter(ended_at__isnull=True, due_at__lte=self.now)
            late = late.exclude(which="handle", matter__status="handled").values_list("pk", flat=True)
            told = set(Notice.objects.filter(kind="overdue").values_list("key", flat=True))
            open_ = {one.pk for one in self.matters if one.open}
            assert {f"overdue:{bare(pk)}" for pk in late.filter(matter__in=open_)} <= told
        self.after_the_timers()
        self.compare()

    def _nobody_took_over(self, matter: Matter) -> None:
        """Who was named has let the time go by: the desk holds, unless it is being argued whose it is."""
        named = matter.next
        if named is None or named.take_by > self.now or self.is_argued(matter):
            return
        named.until, matter.unclear = self.now, "not_taken"
        if matter.holder != "uoc.duty":
            matter.end_help("uoc.duty", self.now, done=False, cancelled=True)
            matter.supersede(self.now, "take")
            matter.answer_by_deed()
            matter.lead("uoc.duty", self.now)
            matter.clocks.append(start("take", self.now, beliefs.TAKE[matter.lane]))
            matter.status = "accepted"
            self.tasks += 1
        matter.happened("not_taken_over")
        self.hand_over(matter)
        self.tasks += 1

    def _nobody_took(self, matter: Matter) -> None:
        """Silence counts where the post allows it; else the holder is reminded, and then a leader is asked."""
        late = any(one.which == "take" and one.ended is None and one.due <= self.now for one in matter.clocks)
        said = any(one.about == "take" and one.state == "open" for one in matter.urged)
        if matter.status != "accepted" or not late or said:
            return
        if beliefs.POST[matter.holder].silence_counts and not matter.unclear:
            matter.take(self.now)
            matter.status = "taken"
            matter.answer_by_deed()
            matter.happened("taken_by_silence")
        else:
            matter.urged.append(Urged("", "remind", self.now + beliefs.PATIENCE[matter.lane], "take"))
            matter.happened("urged")
            self.tasks += 1
