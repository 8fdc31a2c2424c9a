"""Found a real town, empty and ready to take in its first report: each step is done once and says what it did."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext as _

from doudi.engine.areas.codes import AreaKind, parse_area_code
from doudi.engine.duties.book import DutyBookError
from doudi.engine.duties.rules import COLUMNS
from doudi.engine.errors import DoudiError
from doudi.engine.folding import fold
from doudi.web import clock
from doudi.web.answers.services import enter_shipped
from doudi.web.areas.models import Area
from doudi.web.areas.queries import areas, town_settings
from doudi.web.areas.services import NewArea, name_town, save_areas
from doudi.web.duties.queries import book_faults, duty_desk
from doudi.web.duties.services import BackstopError, NewBackstop, set_backstops
from doudi.web.journal.services import unit_of_work
from doudi.web.operations.backup_keys import OPENING, BackupKeys, OpeningKey
from doudi.web.operations.services.town_keys import found_as
from doudi.web.people.access import Access
from doudi.web.people.actor import SYSTEM
from doudi.web.people.models import Appointment, Office, Person, Post
from doudi.web.people.services import NewOffice, NewPost, add_person, appoint, save_offices, save_posts, set_password
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.rulebook.services import SHIPPED, load_folder
from doudi.web.sealing.keyring import folder
from doudi.web.setup.loading import in_one_transaction, load_areas, load_offices, load_units, seats_without_posts


class FoundingError(DoudiError):
    """The town cannot be founded with what was given."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the town is founded with; what is empty or None is left as it is, or as simple as can be."""

    town: str = ""
    hotline: str = ""
    code: str = ""
    areas: Path | None = None
    offices: Path | None = None
    units: Path | None = None
    rulebook: Path | None = None
    admin: str = ""
    admin_name: str = ""


def migrate() -> OpeningKey | None:
    """Bring the tables to what this version knows, set the guards and see to the keys.

    Returns the key of backups where it was made just now: it is shown this once. Raises KeyLostError.
    """
    before = found_as(OPENING)
    call_command("migrate", verbosity=0, interactive=False)
    return BackupKeys.read(folder()).opening if before is None else None


def require_tables() -> None:
    """Raises FoundingError where no town was made yet, instead of a complaint about a missing table."""
    if Version._meta.db_table not in connection.introspection.table_names():
        raise FoundingError("这里还没有镇：请先用 doudi init 建一个，或用 doudi demo 看演示。")


def is_founded() -> bool:
    """Whether the town has a name and its area; the tables must be there."""
    return bool(town_settings().town_name) and areas().root is not None


def found(plan: Plan, password: Callable[[], str]) -> Iterator[str]:
    """Do what is not yet done, saying each step; ``password`` is asked for only when the account is new."""
    yield from _areas(plan)
    yield from _name(plan)
    if plan.offices:
        yield from load_offices(plan.offices)
    yield from _duty_desk()
    yield from _rulebook(plan)
    yield from _phrases()
    if plan.units:
        yield from load_units(plan.units)
    if plan.admin:
        yield from _admin(plan, password)
    if not plan.offices:
        yield from seats_without_posts()


@in_one_transaction
def _rulebook(plan: Plan) -> Iterator[str]:
    """Publish it only where the duties can be asked under it: a book that does not open would stop every report."""
    in_force = Version.objects.filter(state=Version.State.PUBLISHED).order_by("-number").first()
    if plan.rulebook is not None:
        version, left_out = load_folder(plan.rulebook), 0
    elif in_force is None:
        version, left_out = _shipped()
    else:
        return
    if in_force is not None and version.number == in_force.number:
        yield _("规则手册：已是第 {number} 版，没有变化。").format(number=version.number)
        return
    if faults := book_faults(rulebook_of(version.number)):
        raise DutyBookError(faults)
    told = _("规则手册：发布第 {number} 版“{title}”，自 {day} 起生效。")
    yield told.format(number=version.number, title=version.title, day=version.valid_from)
    if plan.rulebook is None:
        yield _("注意：这是随软件附带的示范手册，正式启用前请换成本镇自己的（doudi init --rulebook 文件夹）。")
    if left_out:
        yield _("其中 {count} 条只写给示范镇自己的区域，没有采用。").format(count=left_out)


@in_one_transaction
def _phrases() -> Iterator[str]:
    """What answers begin with, where the town has nothing of its own yet."""
    if made := enter_shipped(SYSTEM):
        yield _("常用语：装入 {count} 条，可在“常用语”里按本镇的说法修改。").format(count=made)


def _shipped() -> tuple[Version, int]:
    """The rulebook of the package without the rules for places that only its demo town has; and how many those are."""
    with TemporaryDirectory(prefix="doudi-") as scratch:
        folder = Path(shutil.copytree(SHIPPED, Path(scratch) / "rulebook"))
        tables = {path: _table(path) for path in (folder / "duties").glob("*.csv")}
        rows = [row for table in tables.values() for row in table]
        places = set(areas().areas)
        strange = {row["id"] for row in rows if not places.issuperset(_codes(row, "areas"))}
        # A ruling between two rules has nothing to settle once one of them is gone.
        strange |= {row["id"] for row in rows if not strange.isdisjoint(_codes(row, "settles"))}
        for path, table in tables.items():
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, COLUMNS, restval="", extrasaction="ignore")
                writer.writeheader()
                writer.writerows(row for row in table if row["id"] not in strange)
        return load_folder(folder), len(strange)


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _codes(row: dict[str, str], column: str) -> list[str]:
    return [code for code in (row.get(column) or "").split("|") if code]


def _areas(plan: Plan) -> Iterator[str]:
    if plan.areas:
        yield from load_areas(plan.areas)
    if areas().root is not None:
        return
    if not plan.code:
        raise FoundingError("还没有镇的区域：请用 --areas 给区域文件，或用 --code 给 12 位镇代码。")
    digits = fold(plan.code)
    code = parse_area_code(f"{digits}000" if len(digits) == 9 else digits)
    if code.kind is not AreaKind.TOWN:
        raise FoundingError("{code} 不是镇的代码：镇代码 12 位，末三位是 000。", code=code)
    save_areas([NewArea(str(code), plan.town or _("本镇"), Area.Kind.TOWN, None, clock.today())])
    yield _("区域：登记了镇本身（{code}）。村居和网格以后用 doudi load areas 载入。").format(code=code)


def _name(plan: Plan) -> Iterator[str]:
    now = town_settings()
    root = areas().root
    name = plan.town or now.town_name or areas().name(root)
    hotline = plan.hotline or now.hotline
    if (name, hotline) != (now.town_name, now.hotline):
        name_town(name, hotline)
        yield _("镇名：{name}，热线 {hotline}。").format(name=name, hotline=hotline)


@in_one_transaction
def _duty_desk() -> Iterator[str]:
    """Without one, a report that is not clear would have nobody; so the simplest there is, until the town says more."""
    try:
        duty_desk()
        return
    except BackstopError:
        pass
    today, root = clock.today(), areas().root
    desk = Post.objects.filter(role="uoc.duty", may_hold=True, until__isnull=True).first()
    if desk is None:
        if not Office.objects.filter(code="uoc").exists():
            save_offices([NewOffice("uoc", _("城市运行管理中心"), Office.Relation.OWN, today)])
        save_posts([NewPost("uoc.duty", "uoc", _("城运值班岗"), "uoc.duty", today, Access.DISPATCHER, may_hold=True)])
    post = desk.code if desk else "uoc.duty"
    set_backstops([NewBackstop(str(root), post, today, "doudi init")])
    yield _("兜底岗：全镇由“{post}”兜底，不明的诉求都先到这里。").format(post=Post.objects.get(code=post).name)


def _admin(plan: Plan, password: Callable[[], str]) -> Iterator[str]:
    if Person.objects.filter(username=plan.admin).exists():
        yield _("管理员：账号“{username}”已存在，没有改动。").format(username=plan.admin)
        return
    given = password()
    with unit_of_work():
        today = clock.today()
        post = Post.objects.filter(access=Access.SYSTEM_ADMIN, until__isnull=True).first()
        if post is None:
            office = Post.objects.get(code=duty_desk()).office_id
            save_posts([NewPost("admin", office, _("系统管理员"), "admin", today, Access.SYSTEM_ADMIN)])
            post = Post.objects.get(code="admin")
        person = add_person(plan.admin, plan.admin_name or plan.admin, password=given)
        appoint([Appointment(person=person, post=post, since=today)])
    yield _("管理员：账号“{username}”，岗位“{post}”。").format(username=plan.admin, post=post.name)


def give_password(username: str, password: str) -> None:
    """Set a person's password from the machine itself, for first sign-in or when it was forgotten."""
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise FoundingError("没有账号“{username}”。", username=username)
    set_password(person, password)
