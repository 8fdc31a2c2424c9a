"""The ground of the machine: one step is tried by somebody, allowed or refused as the model says, and then all is compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from hashlib import sha256
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import UUID

from django.db import connection, transaction
from hypothesis.stateful import RuleBasedStateMachine

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.edition_cache import forget_all
from doudi.web.fsck.queries import examine
from doudi.web.matters.models import Matter as MatterRow
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.people import services as people
from doudi.web.people.actor import Actor
from doudi.web.people.models import Appointment, Person, Post
from doudi.web.reports.models import Report as ReportRow
from doudi.web.reports.services import reporting
from doudi.web.resources.queries import who_answers
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming
from doudi.web.units.models import Unit
from tests.model import beliefs
from tests.model.records import Matter, Report
from tests.model.store import Store, bare
from tests.web.town import FOUNDED, SEATED, TUESDAY

PEOPLE = tuple(SEATED)


class Walk(RuleBasedStateMachine):
    """One walk through the town's life, in a transaction that is taken back at its end.

    Ids and numbers are drawn in order, so that the same choices give the same life again.
    """

    town: SimpleNamespace
    walks = 0
    steps = 0
    refused = 0

    def __init__(self) -> None:
        super().__init__()
        self.now = TUESDAY
        self.matters: list[Matter] = []
        self.reports: list[Report] = []
        self.sent: dict[str, Incoming] = {}
        self.tasks = 0  # jobs that should have been planned
        self.seated: dict[str, list[tuple[str, Any]]] = {name: [(post, FOUNDED)] for name, post in SEATED.items()}
        self.acting: set[tuple[str, str]] = set()
        self.closed: set[str] = set()  # whose account is closed
        self.known: dict[Any, Actor] = {}
        self.drawn = 0
        self.book = 1  # the version of the rules in force
        self.since_timers = self.since_look = self.busy = 0
        self._stack = ExitStack()
        self._stack.enter_context(
            mock.patch.object(
                clock, "uuid_utils", SimpleNamespace(uuid7=lambda: SimpleNamespace(int=self._draw(1 << 100)))
            )
        )
        self._stack.enter_context(
            mock.patch.object(
                reporting,
                "secrets",
                SimpleNamespace(randbelow=lambda _: self._draw(0), token_hex=lambda _: f"{self._draw(0):034x}"),
            )
        )
        # Kept by the town's version, whose numbers come again when a walk is taken back.
        forget_all()
        self._stack.enter_context(transaction.atomic())
        # Colleagues on one post are where checks go wrong, so two posts have two from the start.
        with clock.at(self.now):
            for name, post in (("market", "chengguan.east"), ("grid_west", "greening.street")):
                people.appoint([Appointment(person=self.person(name), post=self.post(post), since=FOUNDED)])
                self.seated[name].append((post, FOUNDED))
        self.store = Store()
        self.store.read()
        self.store.leaves()

    def _draw(self, base: int) -> int:
        self.drawn += 1
        return base + self.drawn

    def teardown(self) -> None:
        try:
            Walk.walks += 1
            # The whole proof reads everything anew, so it is asked of every fourth walk only.
            if Walk.walks % 4 == 0:
                with clock.at(self.now):
                    run_due()
                    faults = [str(one) for one in examine()]
                assert faults == [], faults
        finally:
            if connection.in_atomic_block:
                transaction.set_rollback(True)
            self._stack.close()

    # Who acts

    def posts_of(self, name: str) -> list[str]:
        """The posts from which somebody acts today; whose account is closed acts from none."""
        return [] if name in self.closed else [post for post, _ in self.seated[name]]

    def seat(self, name: str, post: str, since: Any, *, acting: bool) -> None:
        """Whoever acts for another comes after whoever is appointed."""
        seats = self.seated[name]
        place = len(seats) if acting else sum((name, one) not in self.acting for one, _ in seats)
        seats.insert(place, (post, since))
        if acting:
            self.acting.add((name, post))

    def unseat(self, name: str, post: str, since: Any) -> None:
        self.seated[name].remove((post, since))
        self.acting.discard((name, post))

    def someone(self, draw: int, able: Callable[[list[str]], bool]) -> str:
        """Mostly one who can, so that life goes on; every sixth time anybody."""
        fit = [name for name in PEOPLE if self.seated[name] and able(self.posts_of(name))]
        if fit and draw % 6:
            return fit[draw % len(fit)]
        return PEOPLE[draw % len(PEOPLE)]

    def actor(self, name: str) -> Actor:
        """Whoever they are today; asked anew when they came, left, slept or were shut out."""
        key = name, name in self.closed, *self.seated[name], clock.today()
        if key not in self.known:
            self.known[key] = Actor.of(Person.objects.get(pk=self.person(name).pk))
        return self.known[key]

    def person(self, name: str) -> Person:
        return getattr(self.town.people, name)  # type: ignore[no-any-return]

    def post(self, code: str) -> Post:
        return self.town.posts[code]  # type: ignore[no-any-return]

    # What they see

    def sees(self, posts: Iterable[str], matter: Matter) -> bool:
        posts = set(posts)
        asked = matter.holder in posts or bool(posts & matter.waiting)
        asked = asked or (matter.next is not None and matter.next.post in posts)
        if matter.restricted and not asked and not beliefs.reaches(posts, "see_restricted", matter.area):
            return False
        if asked:
            return True
        placed = beliefs.reaches(posts, "see_area", matter.area) if matter.area else beliefs.may(posts, "see_unplaced")
        took_part = {beliefs.POST[one.post].office for one in (*matter.leads, *matter.supports, *matter.nexts)}
        own = {post for post in posts if beliefs.may([post], "see_own")}
        return placed or bool(beliefs.offices(own) & took_part)

    def on(self, posts: Iterable[str], power: str, matter: Matter) -> bool:
        """One seat gives the power and reaches the matter: its post has it in hand, or serves the place and the circle."""
        posts = set(posts)
        able = {post for post in posts if beliefs.may([post], power)}
        inside = not matter.restricted or beliefs.reaches(posts, "see_restricted", matter.area)
        near = inside and any(beliefs.covers(post, matter.area) for post in able)
        return self.sees(posts, matter) and (matter.holder in able or near or bool(able & matter.waiting))

    def sees_report(self, posts: Iterable[str], report: Report) -> bool:
        posts = set(posts)
        if report.answerer in posts:
            return True
        if report.secrecy == "restricted" and not beliefs.reaches(posts, "see_restricted", report.area):
            return False
        # What is secret is read by those who hold the work, and by the desk, which tells it on.
        holds = any(self.matter(pk).holder in posts for pk in report.demands)
        if report.secrecy != "open" and not holds and not beliefs.reaches(posts, "retell", report.area):
            return False
        return any(self.sees(posts, self.matter(pk)) for pk in report.demands)

    def reach(self, posts: Iterable[str], report: Report, power: str, *, answerer: bool = False) -> bool:
        posts = set(posts)
        if answerer and report.answerer in posts:
            return True
        known = report.answerer in posts or beliefs.reaches(posts, "see_restricted", report.area)
        inside = report.secrecy != "restricted" or known
        return inside and beliefs.reaches(posts, power, report.area)

    # What there is

    def pick(self, draw: int, able: Callable[[Any], bool], rows: list[Any]) -> Any:
        """Mostly one for which the step is due, every sixth time any."""
        fit = [row for row in rows if able(row)]
        return fit[draw % len(fit)] if fit and draw % 6 else rows[draw % len(rows)]

    def matter(self, pk: str) -> Matter:
        return next(one for one in self.matters if one.pk == pk)

    def row(self, matter: Matter) -> MatterRow:
        return MatterRow.objects.get(pk=UUID(matter.pk))

    def report_row(self, report: Report) -> ReportRow:
        return ReportRow.objects.get(pk=UUID(report.pk))

    def asked_in(self, matter: Matter, *, first: bool = False) -> list[Report]:
        """The reports handled in the matter; ``first``: those of which it is the first, while they are open."""
        if first:
            return [one for one in self.reports if one.demands[0] == matter.pk and one.open]
        return [one for one in self.reports if matter.pk in one.demands]

    def unit_type(self, code: str | None) -> str | None:
        return next((unit.type for unit in self._units() if unit.code == code), None)

    def owner(self, code: str | None) -> str | None:
        return next((unit.facts.get("owner") for unit in self._units() if unit.code == code), None)

    def _units(self) -> list[Unit]:
        return [self.town.shop, self.town.manhole, self.town.spot]

    def duty(
        self, kind: str, unit: str | None, area: str | None, at: datetime | None = None, *, book: int = 0
    ) -> beliefs.Said:
        return beliefs.duty(kind, self.unit_type(unit), area, at or self.now, self.owner(unit), book or self.book)

    @staticmethod
    def in_sample(pk: str) -> bool:
        return int(sha256(bytes.fromhex(pk)).hexdigest()[:8], 16) % 100 < 20

    def _somebody_answers(self) -> None:
        with clock.at(self.now):
            for code in {one.holder for one in self.matters if one.open}:
                found = who_answers(self.post(code))
                assert found.name and found.person is not None, f"nobody answers for {code}"

    # One step

    def attempt(self, allowed: bool, act: Callable[[], Any], then: Callable[[Any], None] = lambda _: None) -> None:
        """Do ``act``. What is refused must have changed nothing; what is done must be what the model then says."""
        Walk.steps += 1
        self.since_timers += 1
        self.since_look += 1
        self.busy += 1
        counts = self.store.counts
        refusal: DoudiError | None = None
        result: Any = None
        try:
            with clock.at(self.now):
                result = act()
        except DoudiError as met:
            refusal = met
        if refusal is not None:
            assert not allowed, f"refused, though it should be possible: {type(refusal).__name__} {refusal}"
            Walk.refused += 1
            assert self.store.read() == set() and self.store.counts == counts, "a refused step left something behind"
            return
        assert allowed, "possible, though it should be refused"
        then(result)
        self.compare()

    def compare(self) -> None:
        changed = self.store.read()
        self.store.leaves()
        for matter in self.matters:
            assert self.store.kinds[matter.pk] == matter.events, (
                matter.number,
                self.store.kinds[matter.pk],
                matter.events,
            )
            if matter.pk in changed:
                self._compare_matter(matter)
        for report in self.reports:
            assert self.store.kinds[report.pk] == report.events, (self.store.kinds[report.pk], report.events)
            if report.pk in changed:
                assert self.store.report(report.pk) == report.row()
                assert not (wrong := self.store.replayed(report.pk, ReportRow)), wrong
            if report.open:
                assert report.answerer == self.matter(report.demands[0]).holder, "who holds the work answers for it"
        known = {one.pk for one in (*self.matters, *self.reports)}
        assert changed <= known, "something came to be that nobody asked for"
        assert self.store.counts["doudi_jobs_job"] == self.tasks, "not every holder is told"

    def _compare_matter(self, matter: Matter) -> None:
        row = self.store.matter(matter.pk)
        due = row.pop("due")
        said = matter.row()
        assert row == said, {name: (row[name], said[name]) for name in said if row[name] != said[name]}
        assert due == matter.due(self.asked_in(matter)), "the matter's due moment is the nearest that runs"
        assert not (broken := matter.always()), broken
        assert not (wrong := self.store.replayed(matter.pk, MatterRow)), wrong

    def look_around(self, name: str) -> None:
        """What a person may not see does not exist for that person."""
        Walk.steps += 1
        posts = self.posts_of(name)
        with clock.at(self.now):
            who = self.actor(name)
            seen = {bare(pk) for pk in visible(who).values_list("pk", flat=True)}
            heard = {bare(pk) for pk in visible_reports(who).values_list("pk", flat=True)}
        assert seen == {one.pk for one in self.matters if self.sees(posts, one)}, name
        assert heard == {one.pk for one in self.reports if self.sees_report(posts, one)}, name

    def appointments(self, name: str, post: str) -> Appointment | None:
        return Appointment.objects.filter(person=self.person(name), post=post, until__isnull=True).first()

    def advance(self, by: timedelta) -> None:
        self.now += by
