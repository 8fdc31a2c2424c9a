"""The mark that a public form carries, and the key under which a report is received once.

The mark is no permission: a form without one, with an old one or with a broken one is received all the same. It only
lets a second press, or a retry on a poor network, find the report that the first one made.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.core import signing
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from doudi.web import clock
from doudi.web.files.models import Upload
from doudi.web.limits.address import address_of

_SALT = "doudi.scan.form"


def new_mark() -> str:
    """128 random bits, signed, so that nobody can aim at the key of somebody else's form."""
    return signing.Signer(salt=_SALT).sign(secrets.token_hex(16))


def key_of(request: HttpRequest, words: Iterable[str], uploads: Iterable[Upload]) -> str:
    """The report's key: the form's mark, or what was said by whom within the hour where a form bore none."""
    try:
        return "form:" + signing.Signer(salt=_SALT).unsign(request.POST.get("mark", ""))
    except signing.BadSignature:
        said = [
            address_of(request),
            request.headers.get("User-Agent", ""),
            f"{clock.now():%Y%m%d%H}",
            *words,
            *(upload.digest for upload in uploads),
        ]
        # Keyed: from the key alone nobody shall find the phone by trying all there are.
        return "said:" + salted_hmac(_SALT, "\x1f".join(said), algorithm="sha256").hexdigest()


def key_of_step(mark: str, step: str) -> str:
    """The key of one of the reporter's own steps, by the mark of its form; empty where it bore none that is ours.

    Such a form is taken each time: who rates anew, and then as at first, means it.
    """
    try:
        return f"{step}:{signing.Signer(salt=_SALT).unsign(mark)}"
    except signing.BadSignature:
        return ""


def is_of_a_form(key: str) -> bool:
    """Whether the key comes from a form's own mark, which only those who were given the form have."""
    return key.startswith("form:")
