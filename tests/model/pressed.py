"""Walks that begin where much has happened already: wishes answered, holders urged, work done, a limit passed in silence;
or where the desk has just named who is to take over, or has, and nobody did.
"""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize

from tests.model import beliefs
from tests.model.answers import Answers
from tests.model.applying import Applying
from tests.model.walk import PEOPLE

#: chosen so that whoever may do it does it, to the matter for which it is due
DONE = 17
CLEAR, UNCLEAR = "门口有人摆摊占道", "占道摆摊还有垃圾"


class Pressed(Answers):
    @initialize(granted=st.booleans(), order=st.booleans(), silence=st.booleans())
    def much_has_happened(self, granted: bool, order: bool, silence: bool) -> None:
        for text in (CLEAR, CLEAR, CLEAR, UNCLEAR):
            self.someone_reports(text, "shop", DONE, True, False, False)
        self.holder_applies(DONE, "transfer", "market.food", None, False, "没有说清楚", "三定方案")
        self.the_desk_answers(DONE, granted, None, "没有说清楚")
        for number in range(3):
            self.holder_takes(DONE + 32 * number)
            self.busy = 2
            self.somebody_urges(DONE + 32 * number, order, "请尽快")
        for _ in range(4):
            self.help_ends(DONE + 1, False, "没有说清楚", "committee.east")
        for number in range(2):
            self.holder_handles(DONE + 32 * number, "已到现场，无法拍照")
        if silence:
            self.time_passes(timedelta(days=3))
            self.the_timers_run()


class Named(Applying):
    """A post that is named takes over, objects, lets its time pass, or the desk decides otherwise: all within a few steps."""

    @initialize()
    def the_desk_names_the_next_post(self) -> None:
        for _ in range(2):
            self.someone_reports(CLEAR, "shop", DONE, True, False, False)
        self.holder_applies(DONE, "transfer", "market.food", None, False, "没有说清楚", "三定方案")
        self.the_desk_answers(DONE, True, None, "没有说清楚")
        assert any(one.next is not None for one in self.matters), "nobody was named: the beginning leads nowhere"


class Late(Answers):
    """Work stands on the books before anybody has taken it; who is named elsewhere sees it, lets the limit pass, and time decides."""

    @initialize()
    def nobody_takes_over(self) -> None:
        for text in (CLEAR, beliefs.RESTRICTED):
            self.someone_reports(text, "shop", DONE, True, False, False)
        for kind, post, ahead in (("suspend", None, timedelta(days=30)), ("transfer", "greening.street", None)):
            for draw in range(4):
                self.holder_applies(DONE + draw, kind, post, ahead, False, "没有说清楚", "三定方案")
                self.the_desk_answers(DONE, True, None, "没有说清楚")
        named = [one for one in self.matters if one.next is not None]
        assert len(named) == 2 and any(one.restricted for one in named), "the beginning leads nowhere"
        for name in PEOPLE:
            self.look_around(name)
        self.time_passes(timedelta(days=3))
        self.the_timers_run()
        assert not any(one.next is not None for one in self.matters), "the limit passed and nobody looked"
