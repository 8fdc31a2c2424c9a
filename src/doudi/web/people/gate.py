"""The gate before passwords are tried: whoever fails often waits, before anything is reckoned, and nobody is locked out.

To try a password costs a tenth of a second of a processor and 32 MB, on purpose. So one is tried at a time, one may wait
beside it, and all others are told when to come again. Tokens are lost by trying and given back by the right password:

- an address has some tries at once and then one in a few seconds; a device that signed in here before has its own;
- under a name that failed often each strange address has fewer, so that many addresses do not try one name fast;
- all strangers together have so many tries a second. Whoever signed in lately, by device or address, is no stranger.

Nothing hangs on the name alone: however many fail under it, its owner comes in from elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil
from threading import BoundedSemaphore

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from doudi.web.limits import tally
from doudi.web.limits.address import address_of, network_of
from doudi.web.limits.buckets import Alarms, Buckets, Distinct
from doudi.web.people.attacks import tell_of_attack

_SALT = "doudi.people.device"
_DEVICE_COOKIE = "doudi_device"
_DEVICE_SECONDS = 180 * 24 * 3600
#: seconds that a request may hold a thread of the door while another password is tried
_PATIENCE = 2.0
#: names that fail with one password, or from one address, before somebody is told
_SPRAYED = 8

by_address = Buckets(burst=6, seconds=10)
by_device = Buckets(burst=10, seconds=10)
#: of a name and an address, once the name is tried often
by_name_and_address = Buckets(burst=2, seconds=60)
failures_of_name = Buckets(burst=20, seconds=60)
of_strangers = Buckets(burst=15, seconds=0.15)
lately_in = Buckets(burst=1, seconds=12 * 3600)

_names_by_password = Distinct(600)
_names_by_address = Distinct(600)
_alarms = Alarms(3600)
#: passwords are told apart by a mark that means nothing to anybody else, nor after a restart
_marking = os.urandom(32)
_at_work, _places = BoundedSemaphore(1), BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Try:
    """One try to sign in, before its password is looked at."""

    name: str
    address: str
    device: str

    @classmethod
    def of(cls, request: HttpRequest) -> Try:
        name = request.POST.get("username", "").strip()[:150].lower()
        return cls(name, network_of(address_of(request)), _device_of(request, name))

    @property
    def _is_known(self) -> bool:
        return bool(self.device) or lately_in.wait(self.address) > 0

    @property
    def wait(self) -> int:
        """Seconds until it may be tried; 0: it may, and a token is taken."""
        buckets = [(by_device, self.device)] if self.device else [(by_address, self.address)]
        if not self.device and failures_of_name.wait(self.name) > 0:
            buckets.append((by_name_and_address, f"{self.name} {self.address}"))
        if not self._is_known:
            buckets.append((of_strangers, ""))
        longest = max(bucket.wait(key) for bucket, key in buckets)
        if longest > 0:
            tally.count("sign_in", "waits")
            return ceil(longest)
        for bucket, key in buckets:
            bucket.take(key)
        return 0

    def passed(self) -> None:
        by_device.give(self.device or "-")
        by_address.give(self.address)
        by_name_and_address.give(f"{self.name} {self.address}")
        lately_in.take(self.address)

    def failed(self, password: str) -> None:
        """Remember it, and tell when one password goes over many names or one address over many."""
        tally.count("sign_in", "failed")
        failures_of_name.take(self.name)
        mark = blake2b(password.encode(), key=_marking, digest_size=16).hexdigest()
        for why, seen, key in (("password", _names_by_password, mark), ("address", _names_by_address, self.address)):
            names = seen.add(key, self.name)
            if names >= _SPRAYED and _alarms.is_due(f"{why} {key}"):
                tally.count("sign_in", f"sprayed_{why}")
                tell_of_attack(why, names, self.address)


@contextmanager
def turn() -> Iterator[bool]:
    """Whether this thread may try a password now; while it waits it holds a thread, so not for long and not many."""
    has_place = _places.acquire(blocking=False)
    has_turn = has_place and _at_work.acquire(timeout=_PATIENCE)
    try:
        if not has_turn:
            tally.count("sign_in", "busy")
        yield has_turn
    finally:
        if has_turn:
            _at_work.release()
        if has_place:
            _places.release()


def remember_device(response: HttpResponse, name: str) -> None:
    """The next try from here under this name is no stranger's."""
    response.set_cookie(
        _DEVICE_COOKIE,
        signing.dumps([name.lower(), os.urandom(9).hex()], salt=_SALT),
        max_age=_DEVICE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _device_of(request: HttpRequest, name: str) -> str:
    """The device's own mark; empty where nobody of this name signed in here."""
    try:
        owner, mark = signing.loads(request.COOKIES.get(_DEVICE_COOKIE, ""), salt=_SALT, max_age=_DEVICE_SECONDS)
    except (signing.BadSignature, ValueError):
        return ""
    return str(mark) if owner == name else ""


def forget() -> None:
    """As after a start; for tests."""
    for limit in (by_address, by_device, by_name_and_address, failures_of_name, of_strangers, lately_in):
        limit.clear()
    for seen in (_names_by_password, _names_by_address, _alarms):
        seen.clear()
