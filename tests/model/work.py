"""What holders, helpers and checkers do."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from doudi.web.matters import services as matters
from tests.model import beliefs
from tests.model.desk import DRAW, SAID, Desk, beside, some
from tests.model.records import Matter, start
from tests.model.store import bare
from tests.model.walk import PEOPLE
from tests.web.town import NO_PHOTO

BONDS = st.sampled_from(["before_handled", "before_closed", "before_closed", "informs"])
HELPERS = st.sampled_from(["committee.east", "market.food", "greening.street", "grid.west", "chengguan.west"])


class Work(Desk):
    @rule(draw=DRAW)
    @some(matters="accepted")
    def holder_takes(self, draw: int) -> None:
        matter = self.pick(draw, lambda one: one.status == "accepted", self.matters)
        able = lambda posts: matter.holder in posts  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            matter.take(self.now)
            matter.answer_by_deed()
            matter.status = "taken"
            matter.happened("taken")

        allowed = able(self.posts_of(name)) and matter.status == "accepted"
        self.attempt(allowed, lambda: matters.take(self.actor(name), self.row(matter)), then)

    @rule(draw=DRAW, words=SAID)
    @some(matters="accepted taken")
    def holder_handles(self, draw: int, words: str) -> None:
        ready = lambda one: one.status in ("accepted", "taken") and one.kind and not one.held_up("handled")  # noqa: E731
        matter = self.pick(draw, ready, self.matters)
        able = lambda posts: matter.holder in posts  # noqa: E731
        name = self.someone(draw >> 4, able)
        shown = (
            matter.kind not in ("event.street.stall", "event.street.rubbish", "event.street.manhole")
            or "无法拍照" in words
        )
        allowed = (
            able(self.posts_of(name))
            and matter.status in ("accepted", "taken")
            and bool(matter.kind)
            and bool(words.strip())
            and shown
            and not matter.held_up("closed" if matter.closes_on_spot else "handled")
        )

        def then(_: object) -> None:
            matter.take(self.now)
            matter.end(self.now, "make_safe")
            matter.lapse()
            matter.end_next(self.now)
            matter.handled_by, matter.handled_at = str(bare(self.person(name).pk)), self.now
            if matter.closes_on_spot:
                matter.status, matter.closed = "closed", self.now
                matter.end(self.now)
                matter.end_all(self.now)
                matter.happened("closed_on_spot")
                self.settle(matter)
            else:
                matter.status = "handled"
                checker = self._checker(matter, name)
                matter.clocks.append(start("verify", self.now, beliefs.VERIFY, checker))
                matter.happened("handled")
                self.tasks += bool(checker)

        excused = NO_PHOTO if "无法拍照" in words else {}
        self.attempt(allowed, lambda: matters.handle(self.actor(name), self.row(matter), words, lacking=excused), then)

    def _checker(self, matter: Matter, handler: str) -> str:
        """Who walks near the place, then the desk, then whoever leads the shift; those of the holder's office come last."""
        seats = ["shift_leader"] if matter.restricted else ["grid_worker", "dispatcher", "shift_leader"]
        way = list(beliefs.upward(matter.area))
        sat_on = {post for name in PEOPLE if name != handler for post in self.posts_of(name)}
        found = []
        for post in (beliefs.POST[code] for code in sorted(sat_on - {matter.holder})):
            near = [way.index(area) for area in post.areas if area in way] if post.areas else [len(way)]
            if post.access in seats and near:
                own = post.office == beliefs.POST[matter.holder].office
                found.append((own, seats.index(post.access), min(near), post.code))
        return min(found)[3] if found else ""

    @rule(draw=DRAW, passed=st.booleans(), words=SAID)
    @some(matters="handled")
    def another_checks(self, draw: int, passed: bool, words: str) -> None:
        # Those whose helpers are still at work come first: it is they whom a check may pass over.
        helped = draw % 3 and any(one.status == "handled" and one.awaited for one in self.matters)
        matter = self.pick(
            draw >> 2, lambda one: one.status == "handled" and (bool(one.awaited) or not helped), self.matters
        )
        able = lambda posts: self.on(posts, "verify", matter) and matter.holder not in posts  # noqa: E731
        name = self.someone(draw >> 4, able)
        # A colleague of whoever handled it is tempting, and must not.
        colleagues = [
            one
            for one in PEOPLE
            if matter.holder in self.posts_of(one) and bare(self.person(one).pk) != matter.handled_by
        ]
        if colleagues and draw % 3 == 1:
            name = colleagues[draw % len(colleagues)]
        allowed = (
            able(self.posts_of(name))
            and matter.status == "handled"
            and bare(self.person(name).pk) != matter.handled_by
            and (not matter.held_up("closed") if passed else bool(words.strip()))
        )

        def then(_: object) -> None:
            matter.end(self.now, "verify")
            if passed:
                assert matter.handled_at is not None
                matter.status, matter.closed = "closed", self.now
                matter.end(matter.handled_at)
                matter.end_all(self.now)
                matter.lapse()
                matter.happened("check_passed")
                self.settle(matter)
            else:
                matter.status = "taken"
                matter.happened("check_failed")
                self.tasks += 1

        self.attempt(allowed, lambda: matters.verify(self.actor(name), self.row(matter), passed, words), then)

    @rule(draw=DRAW, helper=HELPERS, words=SAID, bond=BONDS)
    @some(matters="accepted taken handled")
    def somebody_is_asked_to_help(self, draw: int, helper: str, words: str, bond: str) -> None:
        wanted = ("handled",) if draw % 2 else ("accepted", "taken")
        matter = self.pick(draw, lambda one: one.status in wanted, self.matters)
        able = lambda posts: matter.holder in posts or self.on(posts, "dispatch", matter)  # noqa: E731
        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            matter.help({helper: bond}, self.now)
            matter.happened("support_added")
            self.tasks += 1

        helps = matter.waiting if bond == "informs" else matter.awaited
        allowed = able(self.posts_of(name)) and matter.open and helper != matter.holder and helper not in helps
        self.attempt(
            allowed,
            lambda: matters.add_support(self.actor(name), self.row(matter), self.post(helper), words, bond=bond),
            then,
        )

    @rule(draw=DRAW, words=SAID, kind=st.sampled_from(["support_urged", "excuse_asked"]))
    @precondition(lambda self: self.busy >= 1 and any(one.waiting for one in self.matters))
    def holder_reminds(self, draw: int, words: str, kind: str) -> None:
        matter = self.pick(draw, lambda one: bool(one.awaited), self.matters)
        helper = (sorted(matter.awaited) or sorted(matter.waiting) or ["market.food"])[0]
        urging = kind == "support_urged"

        def able(posts: list[str]) -> bool:
            return matter.holder in posts or (urging and self.on(posts, "urge", matter))

        name = self.someone(draw >> 4, able)
        since = max((one.since for one in matter.supports if one.post == helper), default=self.now)
        last = matter.reminded.get((kind, helper))
        rests = last is not None and last >= since and self.now < beliefs.due(last, *beliefs.SUPPORT[matter.lane])
        allowed = (
            able(self.posts_of(name))
            and matter.open
            and helper in matter.awaited
            and not rests
            and (urging or bool(words.strip()))
        )

        def then(_: object) -> None:
            matter.reminded[kind, helper] = self.now
            matter.happened(kind)
            self.tasks += 1

        step = matters.urge_support if urging else matters.ask_to_excuse
        self.attempt(allowed, lambda: step(self.actor(name), self.row(matter), self.post(helper), words), then)

    @rule(draw=DRAW, excused=st.booleans(), words=SAID, helper=HELPERS)
    @precondition(lambda self: any(one.waiting for one in self.matters))
    def help_ends(self, draw: int, excused: bool, words: str, helper: str) -> None:
        matter = self.pick(draw, lambda one: bool(one.waiting), self.matters)
        if matter.waiting and draw % 5:
            helper = sorted(matter.waiting)[draw % len(matter.waiting)]

        def able(posts: list[str]) -> bool:
            return self.on(posts, "dispatch", matter) if excused else self.sees(posts, matter) and helper in posts

        name = self.someone(draw >> 4, able)

        def then(_: object) -> None:
            matter.end_help(helper, self.now, done=True, cancelled=excused)
            matter.happened("support_excused" if excused else "support_done")

        allowed = able(self.posts_of(name)) and bool(words.strip()) and helper in matter.waiting
        self.attempt(
            allowed,
            lambda: matters.finish_support(
                self.actor(name), self.row(matter), self.post(helper), words, excused=excused
            ),
            then,
        )

    @rule(draw=DRAW, words=SAID, call=st.sampled_from(["", "119", "某个号码"]))
    @beside
    def somebody_notes(self, draw: int, words: str, call: str) -> None:
        self.busy = 0
        matter = self.matters[draw % len(self.matters)]
        able = lambda posts: self.on(posts, "note", matter)  # noqa: E731
        name = self.someone(draw >> 4, able)
        if call:
            allowed = able(self.posts_of(name)) and matter.open and call.isdigit()
            self.attempt(
                allowed,
                lambda: matters.log_call(self.actor(name), self.row(matter), call, words),
                lambda _: matter.happened("emergency_called"),
            )
        else:
            self.attempt(
                able(self.posts_of(name)) and bool(words.strip()),
                lambda: matters.note(self.actor(name), self.row(matter), words),
                lambda _: matter.happened("noted"),
            )

    @rule(draw=DRAW)
    @beside
    def somebody_comes_with_an_old_page(self, draw: int) -> None:
        self.busy = 0
        matter = self.pick(draw, lambda one: one.version > 1, self.matters)
        if matter.version == 1:
            return
        old = self.row(matter)
        old.version -= 1
        name = self.someone(draw >> 4, lambda posts: matter.holder in posts)
        self.attempt(False, lambda: matters.note(self.actor(name), old, "旧页面上的话"))
