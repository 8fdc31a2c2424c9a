"""A load is taken back: only what nobody touched since; the rest stays and is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from django.db.models import Model

from doudi.engine.errors import DoudiError
from doudi.engine.messages import Message, msg
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.duties.models import Backstop
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.matters.models import Assignment
from doudi.web.matters.services import as_stored
from doudi.web.people.actor import Actor
from doudi.web.people.models import Appointment, Office, Person, Post
from doudi.web.people.queries import appointments_on
from doudi.web.people.services import (
    change_phones,
    end_offices,
    end_posts,
    switch_account,
    withdraw_appointment,
)
from doudi.web.reports.models import Report
from doudi.web.resources.models import Roster
from doudi.web.resources.services import remove_roster
from doudi.web.setup.models import Load, LoadRow
from doudi.web.setup.services.entering import SetupError
from doudi.web.units.models import Unit
from doudi.web.units.services import take_back_unit

#: when a record began, and how an account was used: looked at apart
_OF_THE_RECORD = frozenset({"since", "until", "password", "last_login"})
_CHANGED = msg("后来有人改过")
_GONE = msg("已经不在了")


@unit_of_work()
def take_back(by: Actor, load: Load) -> int:
    """Take the load back, the last row first. Returns how many rows had to stay; each says why."""
    by.require(Power.MANAGE_AREAS)
    row = Load.objects.select_for_update().get(pk=load.pk)
    if row.state != Load.State.WRITTEN:
        raise SetupError("这张表现在是“{state}”，不能撤回。", state=str(row.get_state_display()))
    kept: list[LoadRow] = []
    for one in LoadRow.objects.filter(load=row).order_by("-position"):
        if why := _taken_back(by, one):
            one.kept = as_stored(why)
            kept.append(one)
    LoadRow.objects.bulk_update(kept, ["kept"], batch_size=500)
    row.state, row.taken_back_at = Load.State.TAKEN_BACK, clock.now()
    row.save(update_fields=["state", "taken_back_at"])
    append(Fact.new("sheet_taken_back", f"load/{row.pk}", {"sort": row.sort, "kept": len(kept)}, by=by))
    return len(kept)


def _taken_back(by: Actor, row: LoadRow) -> Message | None:
    """Take one row back; or why it stays."""
    try:
        with unit_of_work():
            return _BACK[row.table](by, row)
    except DoudiError as error:
        return msg(error.template, **error.facts)


def _differs(record: object, after: Mapping[str, object], columns: Sequence[str]) -> bool:
    return any(getattr(record, column) != after[column] for column in columns)


def _touched(record: Model, after: Mapping[str, object]) -> bool:
    """Whether any column says something else than what the load wrote; those that it did not speak of began empty."""
    return any(
        getattr(record, one.attname) != after.get(one.attname, after.get(one.name, one.get_default()))
        for one in record._meta.concrete_fields
        if not one.primary_key and one.name not in _OF_THE_RECORD
    )


def _shift(by: Actor, row: LoadRow) -> Message | None:
    found = Roster.objects.select_related("post").filter(pk=row.key).first()
    if found is None:
        return _GONE
    if _differs(found, row.after, ("phone", "name")):
        return _CHANGED
    if found.starts_at <= clock.now():
        return msg("这一班已经开始")
    remove_roster(by, found)
    return None


def _seat(by: Actor, row: LoadRow) -> Message | None:
    found = Appointment.objects.select_related("person", "post").filter(pk=row.key).first()
    if found is None:
        return _GONE
    until = row.after["until"]
    if found.until != (date.fromisoformat(str(until)) if until else None):
        return _CHANGED
    if found.since < clock.today():
        return msg("已经任过岗，请办理离岗")
    withdraw_appointment(by, found)
    return None


def _phone(by: Actor, row: LoadRow) -> Message | None:
    found = Person.objects.filter(pk=row.key).first()
    if found is None:
        return _GONE
    if found.phone != row.after["phone"]:
        return _CHANGED
    change_phones({found.username: str(row.before["phone"])}, by=by)
    return None


def _person(by: Actor, row: LoadRow) -> Message | None:
    found = Person.objects.select_for_update().filter(pk=row.key).first()
    if found is None:
        return _GONE
    if _touched(found, row.after):
        return _CHANGED
    if found.last_login is not None or found.has_usable_password():
        return msg("已经设了密码或登录过")
    if appointments_on(clock.today()).filter(person=found).exists():
        return msg("还在岗位上")
    switch_account(by, found, is_open=False)
    return None


def _post(by: Actor, row: LoadRow) -> Message | None:
    found = Post.objects.select_for_update().filter(pk=row.key, until=None).first()
    if found is None:
        return _GONE
    if _touched(found, row.after) or found.areas.exists():
        return _CHANGED
    if appointments_on(clock.today(), found).exists():
        return msg("岗位上还有人")
    if (
        Backstop.objects.filter(post=found, until=None).exists()
        or Assignment.objects.filter(post=found, until=None).exists()
        or Report.objects.filter(answerer=found).exclude(status=Report.Status.CLOSED).exists()
    ):
        return msg("岗位上还有事")
    end_posts([found.code], by=by)
    return None


def _office(by: Actor, row: LoadRow) -> Message | None:
    found = Office.objects.select_for_update().filter(pk=row.key, until=None).first()
    if found is None:
        return _GONE
    if _touched(found, row.after):
        return _CHANGED
    if Post.objects.filter(office=found, until=None).exists():
        return msg("单位里还有岗位")
    end_offices([found.code], by=by)
    return None


def _unit(by: Actor, row: LoadRow) -> Message | None:
    found = Unit.objects.select_for_update().filter(pk=row.key, until=None).first()
    if found is None:
        return _GONE
    if _touched(found, row.after):
        return _CHANGED
    take_back_unit(found, by=by)
    return None


_BACK: Mapping[str, Callable[[Actor, LoadRow], Message | None]] = {
    "shift": _shift,
    "seat": _seat,
    "stand_in": _seat,
    "phone": _phone,
    "person": _person,
    "post": _post,
    "office": _office,
    "unit": _unit,
}
