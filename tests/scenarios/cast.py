"""The demo town's people, with nothing happened yet, and who acts when a scenario names a post."""

from __future__ import annotations

from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.demo.services import _found
from doudi.web.matters.models import Matter
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.models import Appointment, Post
from tests.scenarios.telling import only
from tests.web.demo.small_town import staffing, town_map


def found() -> None:
    """Areas, offices, posts, people, backstops and the shipped rulebook, as ``doudi demo`` founds them."""
    _found(town_map(), staffing())


def post_for(name: str, matter: Matter | None) -> Post:
    """The post of that name, or the nearest of the role of that name for the matter's place."""
    by_name = list(Post.objects.filter(name=name))
    if len(by_name) == 1:
        return by_name[0]
    role = only(_roles(), name)
    posts = list(Post.objects.filter(role=role).prefetch_related("areas"))
    above = set(areas().tree.upward(matter.area_id)) if matter is not None and matter.area_id else set()
    near = [post for post in posts if above & {area.code for area in post.areas.all()}]
    (found_,) = near or [post for post in posts if not post.areas.exists()] or posts
    return found_


def name_of(post: Post) -> str:
    """As scenarios call it: by its role, where rules know that, else by its own name."""
    return _roles().get(post.role, post.name)


def _roles() -> dict[str, str]:
    from tests.rulebook import shipped

    return {entry["role"]: entry["name"] for entry in shipped.document("roles")}


def actor_of(name: str, matter: Matter | None, *, colleague: int = 0) -> Actor:
    """Somebody on the post, today; ``colleague`` picks another one. 系统: nobody."""
    if name == "系统":
        return SYSTEM
    post = post_for(name, matter)
    today = clock.today()
    seats = (
        Appointment.objects.filter(post=post, since__lte=today)
        .exclude(until__lte=today)
        .select_related("person")
        .order_by("id")
    )
    return Actor.of(seats[colleague].person)
