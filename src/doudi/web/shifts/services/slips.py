"""Packs of numbered slips: printed at once, typed in later, each number once."""

from __future__ import annotations

from collections.abc import Collection

from django.db import IntegrityError
from django.db.models import Max

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.shifts.slips import parse_slip, slip_number
from doudi.web import clock
from doudi.web.journal.services import Fact, append, keep_text, text_payload, unit_of_work
from doudi.web.people.actor import Actor
from doudi.web.reports.models import Report
from doudi.web.reports.services import new_token, slip_key
from doudi.web.shifts.models import Pack, Slip

PER_PACK = 20
_TRIES = 5


class SlipError(DoudiError):
    """A slip cannot be printed, typed in or made void."""


def make_pack(actor: Actor) -> Pack:
    """Reserve the numbers of a pack. Two at once never print the same. Raises NumberError when a day's are used up."""
    actor.require(Power.DISPATCH)
    post = actor.post_for(Power.DISPATCH)
    assert post is not None and actor.person is not None
    for tries_left in reversed(range(_TRIES)):
        pack = Pack(post=post, by_person=actor.person, made_at=clock.now())
        try:
            with unit_of_work():
                numbers = _next_numbers()
                pack.save(force_insert=True)
                Slip.objects.bulk_create([Slip(number=one, pack=pack) for one in numbers])
                told = {"slips": [numbers[0], numbers[-1]], "n": len(numbers)}
                append(Fact.new("slips_reserved", pack.journal_name, told, by=actor))
            return pack
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def _next_numbers() -> list[str]:
    today = clock.today()
    last = Slip.objects.filter(number__startswith=f"{today:%y%m%d}").aggregate(last=Max("number"))["last"]
    first = int(last[6:9]) + 1 if last else 1
    return [slip_number(today, first + at) for at in range(PER_PACK)]


def link_of(number: str) -> str:
    """The token of the secret link that the stub of a slip bears; the report that is typed in from the slip gets it."""
    return new_token(slip_key(number))


def claim(text: str) -> Slip:
    """The slip with the number that was typed, still to be typed in. Raises NumberError, SlipError."""
    number = parse_slip(text)
    slip = Slip.objects.select_related("report", "pack").filter(pk=number).first()
    if slip is None:
        raise SlipError("没有印过编号 {number} 的登记单，请对照登记单重新输入。", number=_printed(number))
    if slip.report is not None:
        raise SlipError(
            "登记单 {number} 已经录入过，见诉求单 {report}。", number=slip.printed, report=slip.report.number
        )
    if slip.void_at is not None:
        raise SlipError("登记单 {number} 已经作废，不能录入；写了内容的请不填登记单编号直接登记。", number=slip.printed)
    return slip


@unit_of_work()
def fill(actor: Actor, slip: Slip, report: Report) -> None:
    """What stood on the slip is this report. Raises SlipError when somebody else typed it in first."""
    blank = Slip.objects.filter(pk=slip.pk, report=None, void_at=None)
    if not blank.update(report=report, filled_at=clock.now()):
        raise SlipError("登记单 {number} 刚刚已经有人录入，请先查一下，免得重复。", number=slip.printed)
    append(Fact.new("slip_filled", f"slip/{slip.number}", {"report": report.number}, by=actor))


@unit_of_work()
def void(actor: Actor, pack: Pack, numbers: Collection[str], text: str) -> int:
    """These slips of the pack are spoilt or were never used; returns how many. Raises SlipError without a reason."""
    actor.require(Power.DISPATCH)
    if not text.strip():
        raise SlipError("请写明为什么作废，例如“没有用到，已销毁”。")
    blank = list(pack.slips.filter(number__in=numbers, report=None, void_at=None).order_by("number"))
    if not blank:
        raise SlipError("请勾选还没有录入的登记单。")
    why = keep_text(text)
    done = pack.slips.filter(pk__in=[one.pk for one in blank], report=None, void_at=None).update(
        void_at=clock.now(), void_by=actor.person, why=why
    )
    if done != len(blank):
        raise SlipError("其中有登记单刚刚已经录入，请刷新后再看。")
    told = {"slips": [one.number for one in blank], **text_payload(why)}
    append(Fact.new("slips_void", pack.journal_name, told, by=actor))
    return done


def _printed(number: str) -> str:
    return Slip(number=number).printed
