"""How far the town is set up, step by step, each with what is still missing there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from doudi.engine.errors import DoudiError
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas, town_settings
from doudi.web.duties.queries import duty_desk
from doudi.web.health import records
from doudi.web.people.access import VITAL, Access
from doudi.web.people.models import Post
from doudi.web.people.queries import active_posts, appointments_on
from doudi.web.resources.models import Roster
from doudi.web.rulebook.queries import Rulebook, bears_shipped_name, rulebook_on
from doudi.web.setup.models import Trial
from doudi.web.units.models import Plaque, Unit

#: so many days ahead the duty desk should know who sits there
DAYS_AHEAD = 7
_NAMED = 3
VILLAGES = (Area.Kind.VILLAGE, Area.Kind.NEIGHBOURHOOD)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is not there yet, and the page where it is mended (empty: another seat's work)."""

    said: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the list. ``address``: where it is done by typing; empty where it is done on the list itself."""

    name: str
    label: str
    icon: str
    said: str
    is_done: bool
    gaps: Sequence[Gap] = ()
    address: str = ""
    action: str = ""
    sheet: str = ""


def steps() -> list[Step]:
    """All steps in the order in which a town takes them; none waits for another."""
    return [_town(), _areas(), _posts(), _people(), _roster(), _places(), _plaques(), _rulebook(), _backup(), _trial()]


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:_NAMED])
    return shown if len(names) <= _NAMED else _("{names}等").format(names=shown)


def _town() -> Step:
    town = town_settings()
    said = _("{name}，热线 {hotline}").format(name=town.town_name or "—", hotline=town.hotline or "—")
    done = bool(town.town_name and town.hotline)
    return Step("town", _("镇名和热线"), "building-community", said, done, (), reverse("setup_town"), _("改镇名、热线"))


def _areas() -> Step:
    every = areas().areas.values()
    villages = [one for one in every if one.kind in VILLAGES]
    grids = [one for one in every if one.kind == Area.Kind.GRID]
    said = _("{villages} 个村居，{grids} 个网格").format(villages=len(villages), grids=len(grids))
    here, gaps = reverse("setup_areas"), []
    if not villages:
        gaps.append(Gap(_("还没有村居"), here))
    held = {one.parent_id for one in grids}
    if bare := [one.name for one in villages if one.code not in held]:
        gaps.append(Gap(_("{n} 个村居还没有网格：{names}").format(n=len(bare), names=_named(bare)), here))
    served = areas().below(Post.areas.through.objects.filter(post__until=None).values_list("area_id", flat=True))
    if alone := [one.name for one in grids if one.code not in served]:
        told = _("{n} 个网格还没有专管的岗位：{names}").format(n=len(alone), names=_named(alone))
        gaps.append(Gap(told, reverse("setup_posts")))
    return Step("areas", _("区域"), "map", said, bool(villages and not bare), gaps, here, _("登记村居和网格"))


def empty_roles(book: Rulebook | None = None) -> list[dict[str, str]]:
    """The roles that the rules name and no post bears, as the rulebook writes them, those that hold first."""
    try:
        book = book or rulebook_on()
    except DoudiError:
        return []
    seated = set(active_posts().values_list("role", flat=True))
    holders = {rule.holder for rule in book.rules}
    named = {role for rule in book.rules for role in rule.roles if role}
    found = [row for row in book.version.documents["roles"] if row["role"] in named - seated]
    return sorted(found, key=lambda row: row["role"] not in holders)


def kinds_without_holder(book: Rulebook) -> list[str]:
    """The names of the kinds for which every rule names a role that no post bears."""
    seated = set(active_posts().values_list("role", flat=True))
    covered: set[str] = set()
    for rule in book.rules:
        if rule.holder in seated:
            for code in rule.kinds or book.catalogue.tree.leaves():
                covered.update(book.catalogue.tree.leaves(code) if code in book.catalogue.tree else ())
    return [one.name for one in book.catalogue.leaves() if one.code not in covered]


def _posts() -> Step:
    here, gaps, book = reverse("setup_posts"), [], rulebook_on()
    if empty := [row["name"] for row in empty_roles(book)]:
        told = _("规则里有 {n} 种岗位还没有设：{names}").format(n=len(empty), names=_named(empty))
        gaps.append(Gap(told, here))
    if bare := kinds_without_holder(book):
        told = _("{n} 种事项还没有承办岗，先到兜底岗：{names}").format(n=len(bare), names=_named(bare))
        gaps.append(Gap(told, here))
    count = active_posts().count()
    return Step(
        "posts", _("单位和岗位"), "sitemap", _("{n} 个岗位").format(n=count), not empty, gaps, here, _("设单位和岗位")
    )


def _people() -> Step:
    people, gaps = reverse("people"), []
    held = set(appointments_on(clock.today()).values_list("post_id", flat=True))
    posts = list(active_posts().exclude(access=Access.NONE))
    for access in VITAL:
        if not any(one.access == access and one.code in held for one in posts):
            gaps.append(Gap(_("还没有{access}").format(access=Access(access).label), reverse("new_account")))
    if empty := [one.name for one in posts if one.code not in held]:
        told = _("{n} 个岗位还没有人：{names}").format(n=len(empty), names=_named(empty))
        gaps.append(Gap(told, f"{people}?tab=empty"))
    said = _("{held} 个岗位有人，共 {n} 个").format(held=sum(one.code in held for one in posts), n=len(posts))
    return Step(
        "people", _("人员"), "users", said, not gaps, gaps, reverse("new_account"), _("开账号、任岗"), "contacts"
    )


def _roster() -> Step:
    here, gaps = reverse("roster"), []
    start = datetime.combine(clock.today(), time(), tzinfo=clock.TOWN_ZONE)
    rows = Roster.objects.filter(ends_at__gt=start, starts_at__lt=start + timedelta(days=DAYS_AHEAD))
    desk = Post.objects.get(code=duty_desk())
    spans = list(rows.filter(post=desk).values_list("starts_at", "ends_at"))
    days = [start + timedelta(days=n) for n in range(DAYS_AHEAD)]
    if bare := [day for day in days if not any(a < day + timedelta(days=1) and b > day for a, b in spans)]:
        told = _("{post}今后 {days} 天里有 {n} 天没有排班").format(post=desk.name, days=DAYS_AHEAD, n=len(bare))
        gaps.append(Gap(told, f"{here}?post={desk.code}"))
    said = _("今后 {days} 天已排 {n} 班").format(days=DAYS_AHEAD, n=rows.count())
    return Step("roster", _("值班表"), "calendar", said, not bare, gaps, here, _("排班"), "roster")


def _places() -> Step:
    count = Unit.objects.filter(until=None).count()
    gaps = () if count else (Gap(_("还没有场所：扫码报事要有场所"), reverse("setup_places")),)
    said = _("{n} 个场所").format(n=count)
    return Step(
        "places", _("场所"), "building-store", said, bool(count), gaps, reverse("setup_places"), _("登记场所"), "ledger"
    )


def _plaques() -> Step:
    signs = Plaque.objects.filter(unit=OuterRef("pk")).exclude(state__in=Plaque.GONE)
    units = Unit.objects.filter(until=None)
    bare = units.filter(~Exists(signs)).count()
    hung = units.filter(Exists(signs.filter(state__in=Plaque.SERVING))).count()
    gaps = [] if hung or bare else [Gap(_("先登记场所，才有码牌"), reverse("setup_places"))]
    if bare:
        gaps.append(Gap(_("{n} 个场所还没有码牌：由值班岗在“码牌”里制码打印，网格员张贴").format(n=bare)))
    said = _("已张贴 {n} 块").format(n=hung)
    return Step("plaques", _("码牌"), "qrcode", said, bool(hung) and not bare, gaps)


def _rulebook() -> Step:
    book = rulebook_on()
    said = _("第 {number} 版“{title}”").format(number=book.version.number, title=book.version.title)
    gaps = []
    if bears_shipped_name(book):
        gaps.append(Gap(_("这是示范镇的手册：核对后请换成本镇的名字和依据"), reverse("setup_rulebook")))
    return Step(
        "rulebook", _("规则手册"), "book", said, not gaps, gaps, reverse("setup_rulebook"), _("用本镇的名字发布")
    )


def _backup() -> Step:
    made = records.last(records.BACKUP)
    gaps = () if made else (Gap(_("还没有备份过")),)
    said = clock.day_of(made).isoformat() if made else _("还没有")
    return Step("backup", _("备份"), "database", said, bool(made), gaps)


def _trial() -> Step:
    last = Trial.objects.first()
    said, gaps = _("已从头到尾走通"), []
    if last is None:
        said = _("还没有试过")
        gaps.append(Gap(_("用一件假设的事走一遍，看每一步有没有人"), reverse("setup_trial")))
    elif not last.whole:
        said = _("走到一半停住了")
        gaps.append(Gap(_("看停在哪一步"), reverse("setup_trial")))
    done = last is not None and last.whole
    return Step("trial", _("试办一件"), "flag", said, done, gaps, reverse("setup_trial"), _("试办"))


def kinds_to_try(book: Rulebook) -> Iterator[tuple[str, str]]:
    """Kinds whose rule names a post of the town, for a trial: the first so many."""
    bare = set(kinds_without_holder(book))
    yield from ((one.code, one.name) for one in book.catalogue.pickable if one.name not in bare)
