"""The only writer of views."""

from __future__ import annotations

from collections.abc import Sequence

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Person, Post
from doudi.web.people.queries import active_posts
from doudi.web.views.errors import ViewError
from doudi.web.views.models import LONGEST, LONGEST_ASKED, View
from doudi.web.views.queries import may_end

#: of one person, or of one post, for one list: each is counted whenever the list is read
MOST = 8


@unit_of_work()
def keep(actor: Actor, which: str, name: str, asked: str, columns: Sequence[str], post: str = "") -> View:
    """Keep the list under a name, for oneself or, by the desk's power, for all of a ``post``. A name that is there is kept anew.

    What is shared changes what others see, so the journal tells of it. Raises ViewError, NotAllowedError.
    """
    person, name = _person(actor), name.strip()
    if not name or len(name) > LONGEST:
        raise ViewError("请给视图起一个名字，最多 {most} 个字。", most=LONGEST)
    if len(asked) > LONGEST_ASKED:
        raise ViewError("筛选条件太长，存不下；请去掉几项再存。")
    if post:
        actor.require(Power.DISPATCH)
    shared = _post(post) if post else None
    owner = {"post": shared} if shared else {"person": person}
    others = View.objects.filter(which=which, name__gt="", **owner)
    if others.exclude(name=name).count() >= MOST:
        raise ViewError("已经有 {most} 个视图了，请先删去一个。", most=MOST)
    values = {"asked": asked, "columns": list(columns), "made_by": person, "made_at": clock.now()}
    view, _made = View.objects.update_or_create(which=which, name=name, **owner, defaults=values)
    if shared:
        told = {"list": which, "post": shared.code, "asked": asked, "columns": list(columns)}
        append(Fact.new("view_shared", view.journal_name, told, by=actor))
    return view


@unit_of_work()
def end(actor: Actor, view: View) -> None:
    """Nobody reads the list so any more. Raises NotAllowedError for another's."""
    if not may_end(actor, view):
        raise NotAllowedError("这个视图不是您的。如确需删除，请联系值班长。")
    if view.post_id:
        append(Fact.new("view_ended", view.journal_name, {"list": view.which, "post": view.post_id}, by=actor))
    view.delete()


def read_by(actor: Actor, which: str, columns: Sequence[str]) -> None:
    """By which columns the person reads the list when no view is open; none: as the list is by itself."""
    person = _person(actor)
    values = {"columns": list(columns), "made_by": person, "made_at": clock.now()}
    View.objects.update_or_create(which=which, name="", person=person, defaults=values)


def _person(actor: Actor) -> Person:
    if actor.person is None:
        raise NotAllowedError("请先登录。")
    return actor.person


def _post(code: str) -> Post:
    found = active_posts().filter(code=code).first()
    if found is None:
        raise ViewError("没有这个岗位，或它已经撤销；请重新选。")
    return found
