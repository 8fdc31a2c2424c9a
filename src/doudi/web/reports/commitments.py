"""What a leaf commits to of a report: each text that was taken in, under a salt of its own, so that each can be erased alone.

A commitment stands in the payload of the event that took the text in, under ``taken``; the latest one of a name holds.
Salts lie sealed beside the report: who has the rows without the town's key cannot try out telephone numbers. A salt goes
with its text, and then the leaf still holds and can no longer be opened there. Photographs need no salt; an event tells
the digests of their stored bytes (`files.services.photos_payload`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence

from doudi.engine.journal import commitment
from doudi.web.reports.models import Report
from doudi.web.sealing.fields import sealed_for

_SALT_BYTES = 16

#: texts of a report by what a commitment calls them; each thing asked is ``asks.1``, ``asks.2`` and so on
OF_REPORT = ("title", "words", "address", "point", "row")
OF_CONTACT = ("name", "phone")


def texts_of(report: Report, asks: Sequence[str], name: str, phone: str) -> dict[str, str]:
    """Everything that is committed to, by name, as the rows hold it; what is empty is left out."""
    texts = {
        "title": report.title,
        "words": report.words,
        "address": report.address,
        "point": ""
        if report.longitude is None or report.latitude is None
        else f"{float(report.longitude)!r} {float(report.latitude)!r} {report.coordinate_system}",
        "row": report.sealed_row,
        "name": name,
        "phone": phone,
    }
    texts |= {f"asks.{place}": text for place, text in enumerate(asks, start=1)}
    return {one: text for one, text in texts.items() if text}


def commit(texts: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Commitments to the texts, and the salts (hex) they were made with, both by name."""
    drawn = os.urandom(_SALT_BYTES * len(texts))
    salts = {name: drawn[place * _SALT_BYTES :][:_SALT_BYTES] for place, name in enumerate(texts)}
    return (
        {name: commitment(salts[name], text) for name, text in texts.items()},
        {name: salt.hex() for name, salt in salts.items()},
    )


def kept_salts(salts: Mapping[str, str]) -> str:
    """The salts as a report keeps them."""
    return json.dumps(salts, separators=(",", ":")) if salts else ""


def sealed_salts(report: Report, salts: Mapping[str, str]) -> str | None:
    """The same for a change of the row, where nothing seals them on the way."""
    return sealed_for(report, "salts", kept_salts(salts))


def salts_of(report: Report) -> dict[str, str]:
    """The salts (hex) by name. Raises `SealingError` where the town's key does not open them."""
    return dict(json.loads(report.salts)) if report.salts else {}
