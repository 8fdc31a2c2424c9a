"""The people of the demo town as they act: whoever sits on a post, the desk on shift, somebody else who checks."""

from __future__ import annotations

from collections import defaultdict
from random import Random

from doudi.web.areas.queries import areas
from doudi.web.people.actor import Actor, Seat
from doudi.web.people.models import Appointment, Post

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
        self._walkers = self._who_walks_where()

    def someone(self, post: str) -> Actor:
        """A person on the post."""
        return self._chance.choice(self._by_post[post])

    def desk(self) -> Actor:
        return self.someone(DESK)

    def shift_leader(self) -> Actor:
        return self.someone(SHIFT_LEADER)

    def worker(self, number: int) -> Actor:
        return self.someone(f"grid.worker.{number:02d}")

    def checker(self, area: str | None, holder: str) -> Actor:
        """Somebody at another post: the grid worker of the place, else the desk, else the shift leader."""
        near = [post for step in (self._tree.upward(area) if area else ()) for post in self._walkers.get(step, ())]
        near = [post for post in near if post != holder]
        if near:
            return self.someone(self._chance.choice(near))
        return self.desk() if holder != DESK else self.shift_leader()

    def office_name(self, post: str) -> str:
        return self.posts[post].office.name

    def _who_walks_where(self) -> dict[str, list[str]]:
        """Grid workers by grid, and by the villages of those grids for what is placed no nearer."""
        found: dict[str, list[str]] = defaultdict(list)
        for code, actors in self._by_post.items():
            if code.startswith("grid.worker."):
                for grid in actors[0].seats[0].area_codes:
                    found[grid].append(code)
                    village = self._tree.parent(grid)
                    if village and code not in found[village]:
                        found[village].append(code)
        return found
