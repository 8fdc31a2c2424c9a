"""A trial of the town: one report goes the whole way by the people who sit there, and is taken back at the end.

All of it is done for true, each step by somebody who may take it, in one transaction that is rolled back: nobody is told
anything, nothing counts, no number is used. What is kept is how far it came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from doudi.engine.errors import DoudiError
from doudi.engine.kinds.evidence import is_photo, reasons_for
from doudi.engine.messages import Message, msg
from doudi.engine.people.vocabulary import Power
from doudi.web import clock, request_cache
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.matters import services as matters
from doudi.web.matters.models import Assignment, Matter, Task
from doudi.web.matters.queries import asked_evidence
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.people.queries import appointments_on
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.setup.models import Trial
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Unit

_WORDS = "试办：请按程序走一遍。"


class _Stopped(Exception):
    """The trial came no further."""


class _TakenBack(Exception):
    """The trial is over."""


def try_out(by: Actor, kind: str, unit: Unit | None, area: str) -> Trial:
    """Let a report of this kind go the whole way at this place, and keep how far it came."""
    by.require(Power.MANAGE_AREAS)
    way = _Way()
    try:
        with unit_of_work():
            with suppress(_Stopped):
                way.go(kind, unit, area)
            raise _TakenBack
    except _TakenBack:
        pass
    finally:
        request_cache.forget()
    with unit_of_work():
        trial = Trial.objects.create(made_at=clock.now(), made_by=by.person, whole=way.is_whole, steps=way.steps)
        append(Fact.new("town_tried", "town", {"whole": way.is_whole, "steps": len(way.steps)}, by=by))
    return trial


class _Way:
    """How far a report came."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self.is_whole = False

    def go(self, kind: str, unit: Unit | None, area: str) -> None:
        incoming = Incoming(Report.Channel.COUNTER, _WORDS, unit=unit, area_code=area, picked_kind=kind)
        received = receive([incoming], auto_dispatch=False)[0]
        first = received.matters[0]
        self._note("received", first.holder)
        matter = self._dispatched(first, kind)
        self._done(matter)
        self._checked(matter)
        self._answered(received.report)
        self.is_whole = True

    def _dispatched(self, matter: Matter, kind: str) -> Matter:
        self._take(
            "dispatched",
            matter.holder,
            _able(Power.DISPATCH, matter.area_id),
            lambda actor: matters.dispatch(actor, _fresh(matter), kind=kind),
        )
        found = _fresh(matter)
        if found.unclear:
            self.steps[-1]["note"] = _stored(
                msg("规则里没有这里的承办岗，由兜底岗“{post}”承办。", post=found.holder.name)
            )
        return found

    def _done(self, matter: Matter) -> None:
        """Taken, helped, its tasks done, handled; by whoever sits at each post."""
        self._take("taken", matter.holder, _sitting(matter.holder), lambda actor: matters.take(actor, _fresh(matter)))
        helping = Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until=None)
        for support in helping.select_related("post").order_by("since", "pk"):
            post = support.post
            self._take(
                "supported",
                post,
                _sitting(post),
                partial(_help, matter, post),
            )
        for task in Task.objects.filter(matter=matter, state=Task.State.OPEN).order_by("pk"):
            self._take(
                "tasked",
                matter.holder,
                _able(Power.DISPATCH, matter.area_id),
                partial(_excuse, matter, task),
            )
        asked = asked_evidence(matter, rulebook_of(matter.rulebook_id))
        lacking = {name: reasons_for(name)[0] for name in asked if is_photo(name)}
        texts = {name: _WORDS for name in asked if not is_photo(name)}
        self._take(
            "handled",
            matter.holder,
            _sitting(matter.holder),
            lambda actor: matters.handle(actor, _fresh(matter), _WORDS, texts=texts, lacking=lacking),
        )

    def _checked(self, matter: Matter) -> None:
        now = _fresh(matter)
        if now.status != Matter.Status.HANDLED:
            return
        others = (
            one
            for one in _able(Power.VERIFY, now.area_id)
            if now.holder_id not in one.posts and one.person is not None and one.person.pk != now.handled_by_id
        )
        self._take("checked", None, others, lambda actor: matters.verify(actor, _fresh(matter), True, _WORDS))

    def _answered(self, report: Report) -> None:
        now = Report.objects.select_related("answerer").get(pk=report.pk)
        answerer = now.answerer
        self._take("answered", answerer, _sitting(answerer), lambda actor: matters.answer_report(actor, now, _WORDS))
        said = Report.objects.get(pk=report.pk)
        self._take("closed", answerer, _sitting(answerer), lambda actor: reports.close(actor, said, _WORDS))

    def _take(self, name: str, post: Post | None, actors: Iterator[Actor], do: Callable[[Actor], object]) -> None:
        actor = next(actors, None)
        row = self._note(name, post if post is not None else actor.post if actor else None)
        if actor is None:
            row["fault"] = _stored(msg("这一步没有能办的人：请先给岗位任人。"))
            raise _Stopped
        assert actor.person is not None
        row["name"] = actor.person.name
        try:
            with unit_of_work():
                do(actor)
        except DoudiError as error:
            row["fault"] = _stored(msg(error.template, **error.facts))
            raise _Stopped from error

    def _note(self, name: str, post: Post | None) -> dict[str, Any]:
        self.steps.append({"step": name, "post": post.name if post else ""})
        return self.steps[-1]


def _help(matter: Matter, post: Post, actor: Actor) -> None:
    matters.finish_support(actor, _fresh(matter), post, _WORDS)


def _excuse(matter: Matter, task: Task, actor: Actor) -> None:
    matters.excuse_task(actor, _fresh(matter), task, _WORDS)


def _fresh(matter: Matter) -> Matter:
    return Matter.objects.select_related("holder").get(pk=matter.pk)


def _stored(said: Message) -> dict[str, object]:
    return matters.as_stored(said)


def _sitting(post: Post) -> Iterator[Actor]:
    """Whoever holds the post today."""
    for one in appointments_on(clock.today(), post):
        yield Actor.of(one.person)


def _able(power: Power, area: str | None) -> Iterator[Actor]:
    """Everybody who may do this there."""
    for one in appointments_on(clock.today()):
        actor = Actor.of(one.person)
        if actor.may_in(power, area):
            yield actor
