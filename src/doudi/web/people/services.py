"""The only writer of offices, posts, persons and appointments."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from doudi.web import clock
from doudi.web.areas.services import raise_edition
from doudi.web.journal.services import Fact, record
from doudi.web.people.access import Access
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.errors import AppointmentError
from doudi.web.people.models import Appointment, Office, Person, Post

#: without those that are taken for one another: 0 o, 1 l i, u v
_CLEAR_SIGNS = "23456789abcdefghjkmnpqrstwxyz"


@dataclass(frozen=True, slots=True)
class NewOffice:
    code: str
    name: str
    relation: str
    since: date
    phone: str = ""
    powers: str = ""


@dataclass(frozen=True, slots=True)
class NewPost:
    code: str
    office: str
    name: str
    role: str
    since: date
    access: str = Access.NONE
    areas: tuple[str, ...] = ()
    may_hold: bool = False
    heads_office: bool = False
    silence_counts: bool = False


@transaction.atomic
def save_offices(rows: Iterable[NewOffice]) -> int:
    """Add offices, or change those that exist. Returns how many."""
    offices = [
        Office(code=row.code, name=row.name, relation=row.relation, since=row.since, phone=row.phone, powers=row.powers)
        for row in rows
    ]
    Office.objects.bulk_create(
        offices, update_conflicts=True, unique_fields=["code"], update_fields=["name", "relation", "phone", "powers"]
    )
    raise_edition()
    record([Fact.new("offices_saved", "directory", {"offices": len(offices)})])
    return len(offices)


@transaction.atomic
def save_posts(rows: Iterable[NewPost]) -> int:
    """Add posts, or change those that exist. A village committee's post never holds a matter (law: it supports)."""
    rows = list(rows)
    committees = set(
        Office.objects.filter(relation=Office.Relation.COMMITTEE, code__in={row.office for row in rows}).values_list("code", flat=True)
    )
    for row in rows:
        if row.may_hold and row.office in committees:
            raise AppointmentError("村居委会的岗位“{name}”只能协助，不能承办：请去掉 may_hold。", name=row.name)
    posts = [
        Post(code=row.code, office_id=row.office, name=row.name, role=row.role, since=row.since, access=row.access,
             may_hold=row.may_hold, heads_office=row.heads_office, silence_counts=row.silence_counts)
        for row in rows
    ]
    Post.objects.bulk_create(
        posts, update_conflicts=True, unique_fields=["code"],
        update_fields=["office", "name", "role", "access", "may_hold", "heads_office", "silence_counts"],
    )
    link = Post.areas.through
    link.objects.filter(post_id__in=[row.code for row in rows]).delete()
    link.objects.bulk_create([link(post_id=row.code, area_id=area) for row in rows for area in row.areas])
    raise_edition()
    record([Fact.new("posts_saved", "directory", {"posts": len(posts)})])
    return len(posts)


@transaction.atomic
def add_person(
    username: str, name: str, *, password: str | None = None, phone: str = "", by: Actor = SYSTEM, check_password: bool = True
) -> Person:
    """Open an account. Without a password nobody can sign in to it until one is set."""
    by.require("manage_people")
    if Person.objects.filter(username=username).exists():
        raise AppointmentError("账号“{username}”已存在，请换一个登录名。", username=username)
    if password is not None and check_password:
        _require_good(password)
    person = Person.objects.create_user(username, password, name=name, phone=phone)
    record([Fact.new("person_added", str(person.pk), {}, by=by)])
    return person


@transaction.atomic
def open_account(
    by: Actor, username: str, name: str, *, phone: str = "", post: Post | None = None, seat_acting: bool = False
) -> tuple[Person, str]:
    """Open an account with a password made by chance, and seat its person from today. Returns both; the password is kept nowhere."""
    password = first_password()
    person = add_person(username, name, password=password, phone=phone, by=by)
    if post is not None:
        appoint([Appointment(person=person, post=post, acting=seat_acting, since=clock.today())], by=by)
    return person, password


def first_password() -> str:
    """Sixteen signs by chance, in fours, none of which is taken for another on paper or over the phone: 77 bits."""
    drawn = "".join(secrets.choice(_CLEAR_SIGNS) for _ in range(16))
    return "-".join(drawn[at : at + 4] for at in range(0, 16, 4))


@transaction.atomic
def give_password(by: Actor, person: Person) -> str:
    """A new password by chance for somebody who forgot theirs; whoever was signed in with the old one is signed out."""
    password = first_password()
    by.require("manage_people")
    set_password(person, password, by=by)
    return password


@transaction.atomic
def switch_account(by: Actor, person: Person, *, is_open: bool) -> None:
    """Close an account, so that nobody signs in with it or stays signed in; or open it again."""
    by.require("manage_people")
    if by.person is not None and by.person.pk == person.pk and not is_open:
        raise AppointmentError("不能停用自己的账号，请由另一位管理人员办理。")
    if Person.objects.filter(pk=person.pk, is_active=not is_open).update(is_active=is_open):
        raise_edition()
        record([Fact.new("account_opened" if is_open else "account_closed", str(person.pk), {}, by=by)])


@transaction.atomic
def add_people(people: Iterable[Person]) -> list[Person]:
    """Open many accounts at once (a town's first list); passwords are already set or unusable."""
    added = Person.objects.bulk_create(list(people))
    record([Fact.new("people_added", "directory", {"people": len(added)})])
    return added


@transaction.atomic
def appoint(rows: Iterable[Appointment], *, by: Actor = SYSTEM) -> list[Appointment]:
    """Put people on posts."""
    by.require("manage_people")
    rows = list(rows)
    for one in rows:
        if one.until is not None and one.until <= one.since:
            raise AppointmentError("离任日期（{until}）必须晚于到任日期（{since}）。", until=one.until, since=one.since)
    if twice := _seated_already(rows):
        raise AppointmentError("{name}已经在{post}任岗，不能重复；请先离岗。", name=twice.person.name, post=twice.post.name)
    try:
        with transaction.atomic():
            made = Appointment.objects.bulk_create(rows)
    except IntegrityError as error:
        raise AppointmentError("其中有人已经在这个岗位上，不能重复任岗。") from error
    raise_edition()
    record(
        [Fact.new("appointed", one.post_id, {"person": str(one.person_id), "since": one.since.isoformat()}, by=by) for one in made]
    )
    return made


def _seated_already(rows: Sequence[Appointment]) -> Appointment | None:
    """The first row whose person holds its post on some day of it anyway."""
    stand = Appointment.objects.filter(person__in={one.person_id for one in rows}, post__in={one.post_id for one in rows})
    known: dict[tuple[object, str], list[Appointment]] = defaultdict(list)
    for one in stand:
        known[one.person_id, one.post_id].append(one)
    for row in rows:
        for one in known[row.person_id, row.post_id]:
            if (one.until is None or row.since < one.until) and (row.until is None or one.since < row.until):
                return row
    return None


@transaction.atomic
def withdraw_appointment(by: Actor, appointment: Appointment) -> None:
    """Take back an appointment that began today or begins later: it stays on record and holds on no day."""
    by.require("manage_people")
    if appointment.since < clock.today():
        raise AppointmentError("这项任岗已经开始，请办理离岗。")
    row = Appointment.objects.filter(pk=appointment.pk).exclude(until=appointment.since)
    if not row.update(until=appointment.since):
        raise AppointmentError("这项任岗已经结束。")
    raise_edition()
    record([Fact.new("appointment_withdrawn", appointment.post_id, {"person": str(appointment.person_id)}, by=by)])


@transaction.atomic
def end_appointment(by: Actor, appointment: Appointment, until: date | None = None) -> None:
    """The person leaves the post. Matters stay with the post; they never belonged to the person."""
    by.require("manage_people")
    until = until or clock.today()
    if until <= appointment.since:
        raise AppointmentError("离任日期（{until}）必须晚于到任日期（{since}）。", until=until, since=appointment.since)
    ended = Appointment.objects.filter(pk=appointment.pk, until__isnull=True).update(until=until)
    # An end that was set for a later day can still be moved forward.
    if not ended and not Appointment.objects.filter(pk=appointment.pk, until__gt=until).update(until=until):
        raise AppointmentError("这项任岗已经结束。")
    raise_edition()
    record([Fact.new("appointment_ended", appointment.post_id, {"person": str(appointment.person_id)}, by=by)])


@transaction.atomic
def set_password(person: Person, password: str, *, by: Actor = SYSTEM) -> None:
    """A new password: by the person for themselves, or by whoever manages people."""
    if by.person is None or by.person.pk != person.pk:
        by.require("manage_people")
    _require_good(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    record([Fact.new("password_set", str(person.pk), {}, by=by)])


@transaction.atomic
def prefer(person: Person, *, language: str, large_text: bool) -> None:
    """Remember how this person likes to read."""
    Person.objects.filter(pk=person.pk).update(language=language, large_text=large_text)


def _require_good(password: str, person: Person | None = None) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise AppointmentError("密码不够安全：{why}", why="；".join(error.messages)) from error
