"""A post on which nobody stands any more is a fact, and the desk is alarmed: what it holds is answered by the next in line."""

from __future__ import annotations

from django.db.models import Count, Exists, Max, OuterRef
from django.urls import reverse

from doudi.engine.messages import msg
from doudi.engine.people.vocabulary import PeopleNotice
from doudi.web import clock
from doudi.web.duties.models import Backstop
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.matters.models import Matter
from doudi.web.notices.services import send_once
from doudi.web.people.access import Access
from doudi.web.people.models import Appointment, Post
from doudi.web.people.queries import active_posts, appointments_on, posts_with
from doudi.web.resources.queries import standing_shifts
from doudi.web.timers.unsent_notices import desk


def empty_posts() -> int:
    """Tell the desk of each post that fell empty, or that holds matters with nobody on it; returns how many."""
    today, now = clock.today(), clock.now()
    seated = {one.post_id for one in appointments_on(today)}
    rostered = set(standing_shifts(now).values_list("post_id", flat=True))
    held = dict(Matter.objects.filter(status__in=Matter.OPEN).values_list("holder").annotate(n=Count("pk")).order_by())
    last = dict(Appointment.objects.filter(since__lte=today).values_list("post").annotate(last=Max("pk")).order_by())
    catching = Exists(Backstop.objects.filter(post=OuterRef("pk"), until__isnull=True))
    posts = active_posts().annotate(catches=catching).order_by("code")
    told = 0
    for post in posts:
        minded = post.may_hold or post.catches or post.code in held
        if minded and post.code not in seated | rostered and (post.code in last or post.code in held):
            told += _alarm(post, held.get(post.code, 0), last.get(post.code, 0))
    return told


def _alarm(post: Post, held: int, last: int) -> int:
    """Once for each time the post falls empty: its last appointment tells which time it is."""
    if not (told := desk()):
        return 0
    if post.code in told:
        told = posts_with(Access.SHIFT_LEADER) or told
    sentence = msg(
        "岗位“{post}”现在没有人，名下有 {n} 件未办结：请马上安排人，现在由上一级接听。", post=post.name, n=held
    )
    with unit_of_work():
        if not send_once(
            (told[0], PeopleNotice.POST_EMPTY, f"post_empty:{post.code}:{last}", sentence, reverse("roster"), held > 0)
        ):
            return 0
        append(Fact.new("post_emptied", post.code, {"open_matters": held}))
    return 1
