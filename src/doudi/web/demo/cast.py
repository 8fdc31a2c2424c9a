"""The people of the demo town as they act: anyone who sits on a post, the desk on shift, somebody else who checks."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from doudi.web.areas.queries import areas
from doudi.web.matters.models import Matter
from doudi.web.matters.queries import matters_of
from doudi.web.matters.services import hinders
from doudi.web.people.access import Access
from doudi.web.people.actor import Actor, Seat
from doudi.web.people.models import Appointment, Post
from doudi.web.reports.models import Report

DESK, SHIFT_LEADER = "uoc.duty", "uoc.shift_leader"


class Cast:
    """All actors of the town, read once: nobody comes or goes while the history is played."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._tree = areas().tree
        self._by_post: dict[str, list[Actor]] = defaultdict(list)
        held = (
            Appointment.objects.filter(until__isnull=True)
            .select_related("person", "post__office")
            .order_by("post", "id")
        )
        for one in held.prefetch_related("post__areas"):
            seat = Seat(one.post, frozenset(area.code for area in one.post.areas.all()))
            self._by_post[one.post_id].append(Actor(one.person, (seat,)))
        self.posts = {post.code: post for post in Post.objects.select_related("office")}
        self._serving = self._who_serves_where()

    def someone(self, post: str) -> Actor:
        """A person on the post."""
        return self._chance.choice(self._by_post[post])

    def worker(self, number: int) -> Actor:
        return self.someone(f"grid.worker.{number:02d}")

    def desk(self, matter: Matter | None = None) -> Actor:
        """A dispatcher; the shift leader for what only a restricted circle may see."""
        return self.someone(SHIFT_LEADER if matter and matter.restricted else DESK)

    def checker(self, matter: Matter) -> Actor:
        """Somebody at another post who may see it: a worker of the grid, the grid's head, the desk, the shift leader."""
        if not matter.restricted:
            for step in self._tree.upward(matter.area_id) if matter.area_id else ():
                near = [post for post in self._serving.get(step, ()) if post != matter.holder_id]
                if near:
                    return self.someone(self._chance.choice(near))
        return self.desk(matter) if matter.holder_id != DESK and not matter.restricted else self.someone(SHIFT_LEADER)

    def caller(self, report: Report) -> Actor:
        """Who rings somebody up after the answer: the desk, or a leader where the desk's own office did the work."""
        handled = list(matters_of(report))
        leader = next(one for code, one in sorted(self._by_post.items()) if self.posts[code].access == Access.LEADER)
        return next(
            (one for one in (self.desk(), self.someone(SHIFT_LEADER)) if not hinders(one, report, handled)), leader[0]
        )

    def office_name(self, post: str) -> str:
        return self.posts[post].office.name

    def _who_serves_where(self) -> dict[str, list[str]]:
        """Grid workers by grid, heads of integrated grids by village."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, actors in self._by_post.items():
            if code.startswith(("grid.worker.", "grid_head.lead.")):
                for area in sorted(actors[0].seats[0].area_codes):
                    found[area].append(code)
        return found
