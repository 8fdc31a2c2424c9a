"""Disputes of the demo town: some ruled weeks ago, so that there are precedents, and one or two alive on each level.

They are played with the history, moment by moment, through the same services; ``town/disputes.yaml`` says who argues what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from doudi.engine.duties.bonds import Bond
from doudi.engine.kinds.evidence import Lack, is_photo
from doudi.web import clock
from doudi.web.demo.cast import Cast
from doudi.web.demo.names import read
from doudi.web.demo.places import Place
from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, Statement
from doudi.web.duties.queries import book
from doudi.web.matters import services as matters
from doudi.web.matters.models import Assignment, Matter
from doudi.web.matters.queries import asked_evidence
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.triage.services import Incoming, receive

Step = tuple[datetime, Callable[[], None]]
_LEVELS = ("desk", "on_site", "town", "district")


@dataclass
class Argument:
    """One row of the script, and what became of it so far."""

    row: Mapping[str, Any]
    place: Place
    matter: Matter = field(init=False)
    dispute: Dispute = field(init=False)

    def again(self) -> Dispute:
        """The dispute as it stands now."""
        self.dispute = Dispute.objects.get(pk=self.dispute.pk)
        return self.dispute


class Arguing:
    """Makes the steps of all disputes for ``now``; a script whose places a small town lacks is left out."""

    def __init__(self, cast: Cast, places: Sequence[Place], chance: Random) -> None:
        self._cast, self._places, self._chance = cast, places, chance

    def steps(self, now: datetime, days: int) -> Iterator[Step]:
        for row in read("disputes"):
            begun = now - timedelta(**row["ago"])
            fitting = [place for place in self._places if self._fits(place, row)]
            if fitting and begun > now - timedelta(days=days):
                yield from self._of(Argument(row, self._chance.choice(fitting)), begun)

    @staticmethod
    def _fits(place: Place, row: Mapping[str, Any]) -> bool:
        if any(place.area.startswith(code) for code in row.get("outside", ())):
            return False
        return any(place.type.startswith(wanted) for wanted in row["at"]) and all(
            place.facts.get(fact) == value for fact, value in row.get("facts", {}).items()
        )

    def _of(self, one: Argument, begun: datetime) -> Iterator[Step]:
        row, after = one.row, begun
        yield begun, partial(self._begin, one)
        for minutes, step in ((3, self._open), (6, self._propose), (9, self._say)):
            after = begun + timedelta(minutes=minutes)
            yield after, partial(step, one)
        for level in _LEVELS[1 : _LEVELS.index(row["level"]) + 1]:
            after += timedelta(minutes=10)
            yield after, partial(self._raise, one, level)
        if "ruling" in row:
            after += timedelta(hours=row.get("ruled_after_hours", 0), minutes=12)
            yield after, partial(self._rule, one)
            yield after + timedelta(hours=3), partial(self._finish, one)

    def _begin(self, one: Argument) -> None:
        (received,) = receive(
            [Incoming("message", one.row["words"], unit_code=one.place.code, picked_kind=one.row["kind"])],
            auto_dispatch=True,
        )
        one.matter = received.matters[0]

    def _open(self, one: Argument) -> None:
        invited = [post for role in one.row["invited"] if (post := self._post(role, one)) is not None]
        one.dispute = disputes.open_dispute(self._cast.desk(one.matter), one.matter, one.row["about"], invited=invited)
        if body := one.row.get("body"):
            disputes.invite_body(self._cast.desk(one.matter), one.again(), body, "值班电话见通讯录")

    def _propose(self, one: Argument) -> None:
        if (told := one.row.get("proposal")) and (post := self._post(told["lead"], one)):
            disputes.propose(self._cast.desk(one.matter), one.again(), post, told["words"])

    def _say(self, one: Argument) -> None:
        for role, (stance, words, basis) in one.row.get("says", {}).items():
            post = self._post(role, one)
            made = Statement.objects.filter(dispute=one.dispute, post=post).select_related("post").first()
            if post is not None and made is not None:
                actor = self._cast.someone(post.code)
                name = actor.person.name if actor.person else ""
                disputes.give_statement(actor, made, stance, words, basis, name)

    def _raise(self, one: Argument, level: str) -> None:
        disputes.raise_level(
            self._cast.desk(one.matter), one.again(), one.row.get("raised", "本级各方意见不一"), to=level
        )

    def _rule(self, one: Argument) -> None:
        told, row = one.row["ruling"], one.again()
        lead = self._post(told["lead"], one)
        if lead is None:
            return
        review = clock.today() + timedelta(days=told["review_days"]) if "review_days" in told else None
        actor = self._cast.desk(one.matter) if row.level == "desk" else self._leader()
        disputes.rule(
            actor,
            row,
            disputes.NewRuling(
                lead,
                told["words"],
                basis=told["basis"],
                scope=told.get("scope", "matter"),
                cost_bearer=told.get("cost", ""),
                competent_body=told.get("competent", ""),
                review_on=review,
            ),
        )

    def _finish(self, one: Argument) -> None:
        """The ruled holder does the work, and somebody else looks."""
        matter = Matter.objects.select_related("holder__office").get(pk=one.matter.pk)
        helping = Assignment.objects.filter(matter=matter, role=Assignment.Role.SUPPORT, until__isnull=True).exclude(
            bond=Bond.INFORMS
        )
        for helped in helping.select_related("post__office"):
            matters.finish_support(self._cast.someone(helped.post_id), matter, helped.post, "已按裁定配合")
        holder = self._cast.someone(matter.holder_id)
        if matter.status == Matter.Status.ACCEPTED:
            matters.take(holder, matter)
        asked = asked_evidence(matter, rulebook_of(matter.rulebook_id))
        lacking = {name: Lack.DARK if is_photo(name) else Lack.NOT_NEEDED for name in asked}
        matters.handle(holder, matter, "已按裁定处置完毕", lacking=lacking)
        if matter.status == Matter.Status.HANDLED:
            matters.verify(self._cast.checker(matter), matter, True, "现场已恢复")

    def _post(self, role: str, one: Argument) -> Post | None:
        """The post of the role nearest to the place; "holder" is the post that catches there."""
        if role == "holder":
            return Matter.objects.select_related("holder__office").get(pk=one.matter.pk).holder
        near = book().nearest(role, one.place.area)
        return self._cast.posts.get(near[0]) if near else None

    def _leader(self) -> Actor:
        code = next(code for code, post in sorted(self._cast.posts.items()) if post.access == "leader")
        return self._cast.someone(code)
