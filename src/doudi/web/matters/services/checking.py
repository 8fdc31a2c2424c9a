"""Who is to check a handled matter, and whether its photographs were shown before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doudi.engine.matters.checking import Candidate, Seat, named
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.files.models import Upload
from doudi.web.matters.models import Evidence, Matter
from doudi.web.matters.photos import SamePhoto
from doudi.web.people.access import Access
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.people.queries import active_posts, appointments_on
from doudi.web.reports.models import ReportPhoto

_SEATS = {Access.GRID_WORKER: Seat.NEAR, Access.DISPATCHER: Seat.DESK, Access.SHIFT_LEADER: Seat.LEADS_SHIFT}


def checker_of(matter: Matter, handler: Actor) -> str:
    """The post that is asked to check; of what is restricted the circle alone. Empty where nobody can."""
    return named(_candidates(matter, handler), matter.holder_id, matter.holder.office_id)


def _candidates(matter: Matter, handler: Actor) -> Iterator[Candidate]:
    seats = [Access.SHIFT_LEADER] if matter.restricted else list(_SEATS)
    sitting = appointments_on(clock.today()).exclude(person=handler.person).values("post")
    posts = active_posts().filter(access__in=seats, code__in=sitting).order_by("code").prefetch_related("areas")
    places = areas()
    upward = list(places.tree.upward(matter.area_id)) if matter.area_id in places.areas else []
    for post in posts:
        steps = _steps(post, upward)
        if steps is not None:
            yield Candidate(post.code, post.office_id, _SEATS[Access(post.access)], steps)


def _steps(post: Post, upward: Sequence[str]) -> int | None:
    """How far above the place the post's own area lies; the whole town is furthest. None: it serves another place."""
    own = [area.code for area in post.areas.all()]
    return min((upward.index(code) for code in own if code in upward), default=None) if own else len(upward)


def shown_before(uploads: Sequence[Upload]) -> dict[Upload, Upload]:
    """Those of the photographs whose very bytes were shown before, as evidence or by a reporter, each with the first such."""
    own = [one.pk for one in uploads]
    digests = {one.digest for one in uploads if one.digest}
    alike = Upload.objects.filter(digest__in=digests).exclude(pk__in=own).order_by("uploaded_at", "pk")
    used = set(
        Evidence.objects.filter(upload__in=alike).exclude(stage=Evidence.Stage.UNDONE).values_list("upload", flat=True)
    )
    used |= set(ReportPhoto.objects.filter(upload__in=alike).values_list("upload", flat=True))
    first: dict[str, Upload] = {}
    for one in alike:
        if one.pk in used:
            first.setdefault(one.digest, one)
    return {one: first[one.digest] for one in uploads if one.digest in first}


def told(same: dict[Upload, Upload]) -> list[dict[str, str]]:
    """What the event tells of them."""
    return [{"photo": str(new.pk), "earlier": str(old.pk)} for new, old in same.items()]


def mark(matter: Matter, same: dict[Upload, Upload]) -> None:
    """Keep that the holder showed photographs once more: its sample is wider from now on. Inside the caller's transaction."""
    now = clock.now()
    SamePhoto.objects.bulk_create(
        SamePhoto(matter=matter, upload=new, earlier=old, post_id=matter.holder_id, seen_at=now)
        for new, old in same.items()
    )
