"""Whoever lost the link looks up what became of a report by its number and the telephone that was left with it.

A number that is not there, another telephone, one that was never left and a report that is secret are told in the same
words and cost the same: one statement, one seal opened. Why it opens less than the link does: decision 0062.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.http import HttpRequest

from doudi.engine.numbers import NumberError, parse_number
from doudi.engine.search.folding import phones
from doudi.web.limits import tally
from doudi.web.limits.address import address_of, network_of
from doudi.web.limits.buckets import Buckets
from doudi.web.reports.models import Contact, Report
from doudi.web.scan.queries import Follow, follow
from doudi.web.sealing import SealingError
from doudi.web.sealing.values import seal, unseal

#: tries in vain from one address, and the seconds after which there is one more
TRIES, WAIT = 3, 300
#: the same for one number, from wherever: so many that a few do not keep anybody from their own
_TRIES_AT_ONE, _WAIT_AT_ONE = 12, 300
#: stands for what was typed and is no number
_NONE = "0" * 14
_NOBODY = "scan.nobody"

_tries = Buckets(TRIES, WAIT)
_at_one = Buckets(_TRIES_AT_ONE, _WAIT_AT_ONE)


def may_try(request: HttpRequest, typed: str) -> bool:
    """Take one try; `give_back` returns it to whoever was right."""
    if not _tries.take(_from(request)):
        tally.count("follow", "tries")
        return False
    if not _at_one.take(_digits(typed)):
        _tries.give(_from(request))
        tally.count("follow", "number")
        return False
    return True


def give_back(request: HttpRequest, typed: str) -> None:
    _tries.give(_from(request))
    _at_one.give(_digits(typed))


def minutes_to_wait(request: HttpRequest, typed: str) -> int:
    """Until the next try, rounded up."""
    seconds = max(_tries.wait(_from(request)), _at_one.wait(_digits(typed)))
    return -int(-seconds // 60)


def found_by(typed: str, phone: str) -> Report | None:
    """The report of this number, if this telephone was left with it and it is not secret."""
    row = Report.objects.filter(number=_digits(typed)).values_list("pk", "secrecy", "contact__phone").first()
    pk, secrecy, left = row or (None, "", "")
    same = not phones(phone).isdisjoint(phones(_opened(pk, left or "")))
    if pk is None or secrecy != Report.Secrecy.OPEN or not same:
        return None
    return Report.objects.select_related("unit", "area", "answerer__office").get(pk=pk)


def _opened(report: UUID | None, left: str) -> str:
    """The telephone that was left; where none was, somebody else's seal is opened all the same."""
    if report is not None and left:
        field = Contact._meta.get_field("phone")
        return unseal(left, field.about(Contact(report_id=report)))
    try:
        unseal(_nobodys(), _NOBODY)
    except SealingError:
        # The town has other keys since.
        _nobodys.cache_clear()
    return ""


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return seal("00000000000", _NOBODY)


def told(report: Report, now: datetime) -> Follow:
    """How far it is and what was answered; nothing that was said, no photograph."""
    whole = follow(report, "", now)
    return replace(whole, entries=tuple(replace(one, words="") for one in whole.entries))


def _digits(typed: str) -> str:
    try:
        return parse_number(typed)
    except NumberError:
        return _NONE


def _from(request: HttpRequest) -> str:
    return network_of(address_of(request))


def forget() -> None:
    """As after a start; for tests."""
    _tries.clear()
    _at_one.clear()
