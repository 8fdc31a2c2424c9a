"""The only writer of offices, posts, persons and appointments."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from doudi.engine.messages import Message
from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.areas.services import bump_version
from doudi.web.journal.services import Fact, append, unit_of_work
from doudi.web.people.access import VITAL, Access
from doudi.web.people.actor import SYSTEM, Actor
from doudi.web.people.errors import AppointmentError, LastSeatError
from doudi.web.people.models import Appointment, Office, Person, Post
from doudi.web.people.queries import last_if_closed, last_seats
from doudi.web.tables.saved import Changed, Saved, differing

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
    #: the columns of which a table speaks; None: all of them
    given: frozenset[str] | None = None


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
    given: frozenset[str] | None = None


@unit_of_work()
def save_offices(rows: Iterable[NewOffice], *, by: Actor = SYSTEM) -> Saved:
    """Add offices, or change those that exist as far as a row speaks of it. One that had ended lives again."""
    by.require(Power.MANAGE_PEOPLE)
    rows = list(rows)
    wanted = {
        row.code: {"name": row.name, "relation": row.relation, "phone": row.phone, "powers": row.powers} for row in rows
    }
    saved = _saved(Office, [(row.code, wanted[row.code], row.given, row.since) for row in rows])
    bump_version()
    append(Fact.new("offices_saved", "directory", {"offices": len(rows), **saved.told()}, by=by))
    return saved


@unit_of_work()
def save_posts(rows: Iterable[NewPost], *, by: Actor = SYSTEM) -> Saved:
    """Add posts, or change those that exist as far as a row speaks of it. One that had ended lives again.

    A village committee's post never holds a matter (law: it supports).
    """
    by.require(Power.MANAGE_PEOPLE)
    rows = list(rows)
    wanted = {
        row.code: {
            "office_id": row.office,
            "name": row.name,
            "role": row.role,
            "access": row.access,
            "may_hold": row.may_hold,
            "heads_office": row.heads_office,
            "silence_counts": row.silence_counts,
        }
        for row in rows
    }
    saved = _saved(Post, [(row.code, wanted[row.code], row.given, row.since) for row in rows])
    holding = Post.objects.filter(
        code__in=wanted, may_hold=True, office__relation=Office.Relation.COMMITTEE, until__isnull=True
    )
    if wrong := holding.first():
        raise AppointmentError("村居委会的岗位“{name}”只能协助，不能承办：请去掉 may_hold。", name=wrong.name)
    moved = _placed([row for row in rows if row.given is None or "areas" in row.given or row.code in saved.new])
    saved = replace(saved, changed=_together(saved, [one for one in moved if one.key not in saved.new]))
    bump_version()
    append(Fact.new("posts_saved", "directory", {"posts": len(rows), **saved.told()}, by=by))
    return saved


@unit_of_work()
def end_posts(codes: Sequence[str], *, by: Actor = SYSTEM) -> int:
    """The posts end today. Higher slices look first whether anything is still at work there."""
    by.require(Power.MANAGE_PEOPLE)
    return _ended(Post, codes, "posts_ended", by)


@unit_of_work()
def end_offices(codes: Sequence[str], *, by: Actor = SYSTEM) -> int:
    """The offices end today. Higher slices look first whether a post of theirs still stands."""
    by.require(Power.MANAGE_PEOPLE)
    return _ended(Office, codes, "offices_ended", by)


def _ended(table: type[Office] | type[Post], codes: Sequence[str], kind: str, by: Actor) -> int:
    ended = table._default_manager.filter(code__in=codes, until=None).update(until=clock.today())
    if ended:
        bump_version()
        append(Fact.new(kind, "directory", {"codes": sorted(codes)}, by=by))
    return ended


def _saved(
    table: type[Office] | type[Post], rows: Sequence[tuple[str, dict[str, Any], frozenset[str] | None, date]]
) -> Saved:
    """Add and change the rows (code, columns, columns given, since) of a table whose key is its code."""
    there: dict[str, Any] = table._default_manager.in_bulk([code for code, *_ in rows])
    new, changed, revived = [], [], []
    for code, wanted, given, since in rows:
        if (one := there.get(code)) is None:
            there[code] = table(code=code, since=since, **wanted)
            new.append(code)
            continue
        if columns := differing(one, wanted, given):
            changed.append(Changed(code, one.name, columns))
        if one.until is not None:
            revived.append(code)
        for column, (_before, after) in columns.items():
            setattr(one, column, after)
        one.until = None
    table._default_manager.bulk_create([there[code] for code in new])
    for code in {*revived, *(one.key for one in changed)}:
        there[code].save()
    return Saved(len(rows), tuple(new), tuple(changed), tuple(revived))


def _placed(rows: Sequence[NewPost]) -> list[Changed]:
    """Let the posts serve the areas that their rows name."""
    link = Post.areas.through
    before: dict[str, set[str]] = defaultdict(set)
    for post, area in link.objects.filter(post_id__in=[row.code for row in rows]).values_list("post_id", "area_id"):
        before[post].add(area)
    moved = [row for row in rows if before[row.code] != set(row.areas)]
    link.objects.filter(post_id__in=[row.code for row in moved]).delete()
    link.objects.bulk_create(
        [link(post_id=row.code, area_id=area) for row in moved for area in dict.fromkeys(row.areas)]
    )
    return [
        Changed(row.code, row.name, {"areas": ("、".join(sorted(before[row.code])), "、".join(row.areas))})
        for row in moved
    ]


def _together(saved: Saved, more: Iterable[Changed]) -> tuple[Changed, ...]:
    found = {one.key: one for one in saved.changed}
    for one in more:
        known = found.get(one.key)
        found[one.key] = replace(one, columns={**known.columns, **one.columns}) if known else one
    return tuple(found.values())


@unit_of_work()
def change_phones(phones: Mapping[str, str], *, by: Actor = SYSTEM) -> Saved:
    """Give people (by login name) the phones that their town's list names now."""
    by.require(Power.MANAGE_PEOPLE)
    changed = []
    for person in Person.objects.filter(username__in=phones).order_by("username"):
        if columns := differing(person, {"phone": phones[person.username]}, None):
            Person.objects.filter(pk=person.pk).update(phone=phones[person.username])
            changed.append(Changed(person.username, person.name, columns))
            append(Fact.new("person_changed", str(person.pk), {"columns": ["phone"]}, by=by))
    return Saved(len(phones), changed=tuple(changed))


@unit_of_work()
def add_person(
    username: str,
    name: str,
    *,
    password: str | None = None,
    phone: str = "",
    by: Actor = SYSTEM,
    check_password: bool = True,
) -> Person:
    """Open an account. Without a password nobody can sign in to it until one is set."""
    by.require(Power.MANAGE_PEOPLE)
    if Person.objects.filter(username=username).exists():
        raise AppointmentError("账号“{username}”已存在，请换一个登录名。", username=username)
    if password is not None and check_password:
        _require_good(password)
    person = Person.objects.create_user(username, password, name=name, phone=phone)
    append(Fact.new("person_added", str(person.pk), {}, by=by))
    return person


@unit_of_work()
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


@unit_of_work()
def give_password(by: Actor, person: Person) -> str:
    """A new password by chance for somebody who forgot theirs; whoever was signed in with the old one is signed out."""
    password = first_password()
    by.require(Power.MANAGE_PEOPLE)
    set_password(person, password, by=by)
    return password


@unit_of_work()
def switch_account(by: Actor, person: Person, *, is_open: bool, successor: Person | None = None) -> None:
    """Close an account, so that nobody signs in with it or stays signed in; or open it again.

    ``successor`` takes over the seats that would be the last of their kind.
    """
    by.require(Power.MANAGE_PEOPLE)
    if by.person is not None and by.person.pk == person.pk and not is_open:
        raise AppointmentError("不能停用自己的账号，请由另一位管理人员办理。")
    if not is_open:
        _pass_on(by, last_if_closed(_alone(person)), successor)
    if Person.objects.filter(pk=person.pk, is_active=not is_open).update(is_active=is_open):
        bump_version()
        append(Fact.new("account_opened" if is_open else "account_closed", str(person.pk), {}, by=by))


@unit_of_work()
def add_people(people: Iterable[Person]) -> list[Person]:
    """Open many accounts at once (a town's first list); passwords are already set or unusable."""
    added = Person.objects.bulk_create(list(people))
    append(Fact.new("people_added", "directory", {"people": len(added)}))
    return added


@unit_of_work()
def appoint(rows: Iterable[Appointment], *, by: Actor = SYSTEM) -> list[Appointment]:
    """Put people on posts."""
    by.require(Power.MANAGE_PEOPLE)
    rows = list(rows)
    for one in rows:
        if one.until is not None and one.until <= one.since:
            raise AppointmentError("离任日期（{until}）必须晚于到任日期（{since}）。", until=one.until, since=one.since)
    if twice := _seated_already(rows):
        raise AppointmentError(
            "{name}已经在{post}任岗，不能重复；请先离岗。", name=twice.person.name, post=twice.post.name
        )
    try:
        with unit_of_work():
            made = Appointment.objects.bulk_create(rows)
    except IntegrityError as error:
        raise AppointmentError("其中有人已经在这个岗位上，不能重复任岗。") from error
    bump_version()
    append(
        *[
            Fact.new("appointed", one.post_id, {"person": str(one.person_id), "since": one.since.isoformat()}, by=by)
            for one in made
        ]
    )
    return made


def _seated_already(rows: Sequence[Appointment]) -> Appointment | None:
    """The first row whose person holds its post on some day of it anyway."""
    stand = Appointment.objects.filter(
        person__in={one.person_id for one in rows}, post__in={one.post_id for one in rows}
    )
    known: dict[tuple[object, str], list[Appointment]] = defaultdict(list)
    for one in stand:
        known[one.person_id, one.post_id].append(one)
    for row in rows:
        for one in known[row.person_id, row.post_id]:
            if (one.until is None or row.since < one.until) and (row.until is None or one.since < row.until):
                return row
    return None


@unit_of_work()
def withdraw_appointment(by: Actor, appointment: Appointment, *, successor: Person | None = None) -> None:
    """Take back an appointment that began today or begins later: it stays on record and holds on no day."""
    by.require(Power.MANAGE_PEOPLE)
    if appointment.since < clock.today():
        raise AppointmentError("这项任岗已经开始，请办理离岗。")
    if appointment.since == clock.today() and appointment.until is None:
        _alone(appointment.person)
        _pass_on(by, _last(appointment), successor)
    row = Appointment.objects.filter(pk=appointment.pk).exclude(until=appointment.since)
    if not row.update(until=appointment.since):
        raise AppointmentError("这项任岗已经结束。")
    bump_version()
    append(Fact.new("appointment_withdrawn", appointment.post_id, {"person": str(appointment.person_id)}, by=by))


@unit_of_work()
def end_appointment(
    by: Actor, appointment: Appointment, until: date | None = None, *, successor: Person | None = None
) -> None:
    """The person leaves the post. Matters stay with the post; they never belonged to the person.

    ``successor`` takes over from that day where this is the last seat of a kind that the town cannot do without.
    """
    by.require(Power.MANAGE_PEOPLE)
    until = until or clock.today()
    if until <= appointment.since:
        raise AppointmentError("离任日期（{until}）必须晚于到任日期（{since}）。", until=until, since=appointment.since)
    _alone(appointment.person)
    if appointment.until is None or appointment.until > until:
        _pass_on(by, _last(appointment, until), successor, until)
    ended = Appointment.objects.filter(pk=appointment.pk, until__isnull=True).update(until=until)
    # An end that was set for a later day can still be moved forward.
    if not ended and not Appointment.objects.filter(pk=appointment.pk, until__gt=until).update(until=until):
        raise AppointmentError("这项任岗已经结束。")
    bump_version()
    append(Fact.new("appointment_ended", appointment.post_id, {"person": str(appointment.person_id)}, by=by))


def _alone(person: Person) -> Person:
    """One at a time: two of the last two must not leave at once, each believing that the other stays."""
    list(Post.objects.filter(access__in=list(VITAL)).order_by("pk").select_for_update().values_list("pk"))
    return person


def _last(seat: Appointment, day: date | None = None) -> list[Appointment]:
    return [seat] if last_seats([seat], day=day) else []


def _pass_on(by: Actor, seats: Sequence[Appointment], successor: Person | None, since: date | None = None) -> None:
    """Seat the successor where nobody would be left; refuse, and say what would stand still, when nobody is named."""
    for seat in seats:
        if by.is_system:
            return
        if successor is None or not successor.is_active or successor.pk == seat.person_id:
            raise LastSeatError(
                "{name}是最后一位{access}：离开“{post}”后，{breaks}。请选由谁接任。",
                name=seat.person.name,
                access=Message(str(Access(seat.post.access).label)),
                post=seat.post.name,
                breaks=Message(str(VITAL[seat.post.access])),
            )
        appoint([Appointment(person=successor, post=seat.post, since=since or clock.today())], by=by)


@unit_of_work()
def set_password(person: Person, password: str, *, by: Actor = SYSTEM) -> None:
    """A new password: by the person for themselves, or by anyone who manages people."""
    if by.person is None or by.person.pk != person.pk:
        by.require(Power.MANAGE_PEOPLE)
    _require_good(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    append(Fact.new("password_set", str(person.pk), {}, by=by))


@unit_of_work()
def prefer(person: Person, *, language: str, large_text: bool) -> None:
    """Remember how this person likes to read."""
    Person.objects.filter(pk=person.pk).update(language=language, large_text=large_text)


def prefer_keys(person: Person, *, single: bool) -> None:
    """Remember whether a key alone acts for this person: who speaks to a machine, or trembles, may not want it."""
    Person.objects.filter(pk=person.pk).update(single_keys=single)


def _require_good(password: str, person: Person | None = None) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise AppointmentError("密码不够安全：{why}", why="；".join(error.messages)) from error
