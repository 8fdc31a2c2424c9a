"""A report on its way in, as a caller, a form or a system above gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from doudi.engine.folding import sound
from doudi.engine.journal import Claim, ClaimSource
from doudi.web.files.models import Upload
from doudi.web.idempotency.services import Asked, digest_of
from doudi.web.units.models import Unit


@dataclass(frozen=True)
class Incoming:
    """A report on its way in. ``key`` with its content, and (``system``, ``external_id``), make a repeated message harmless.

    Anyone who has read the unit gives it; otherwise it is looked for by its code. ``doubt`` says why it is set apart, if
    it tells of no danger. ``source``: who sends it, as floods are counted (an address); it is kept nowhere, only a mark
    that the town's key makes of it. ``slip``: the number of our own paper on which it was written down while the
    network was gone; its time, in ``received_at``, starts the clocks. ``fixed_by``: the post of whoever has dealt with it
    where it was seen.
    """

    channel: str
    words: str
    title: str = ""
    unit_code: str = ""
    unit: Unit | None = None
    area_code: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    coordinate_system: str = "wgs84"
    picked_kind: str = ""
    name: str = ""
    phone: str = ""
    secret: bool = False
    uploads: tuple[Upload, ...] = ()
    system: str = ""
    external_id: str = ""
    upstream_due: str = ""
    upstream_due_at: datetime | None = None
    upstream_row: Mapping[str, object] | None = None
    received_at: datetime | None = None
    demands: tuple[str, ...] = ()
    key: str = ""
    emergency_shown: str = ""
    doubt: str = ""
    notice: str = ""
    source: str = ""
    slip: str = ""
    fixed_by: str = ""

    @cached_property
    def asked(self) -> Asked:
        """The key with the digest of all that the sender said; photographs by their bytes as they came."""
        said = {name: getattr(self, name) for name in _SAID}
        unit = self.unit.code if self.unit else self.unit_code
        written = {"slip": self.slip} if self.slip else {}
        return self.key, digest_of(
            {**said, **written, "unit": unit, "uploads": [upload.digest for upload in self.uploads]}
        )

    @property
    def claim(self) -> Claim | None:
        """When it was said first, as a system above or the caller tells."""
        if self.received_at is None:
            return None
        source = ClaimSource.UPSTREAM if self.system else ClaimSource.SLIP if self.slip else ClaimSource.CALLER
        return Claim(self.received_at, source)

    def since(self, now: datetime) -> datetime:
        """When its clocks start."""
        return self.received_at if self.slip and self.received_at else now


#: what the sender did not say, or what stands for something else in the digest
_UNSAID = frozenset(
    (
        "key",
        "unit",
        "unit_code",
        "uploads",
        "received_at",
        "upstream_due_at",
        "upstream_row",
        "emergency_shown",
        "doubt",
        "notice",
        "source",
        "slip",
        "fixed_by",
    )
)
_NAMES = tuple(one.name for one in fields(Incoming))
_SAID = tuple(name for name in _NAMES if name not in _UNSAID)


def storable(incoming: Incoming) -> Incoming:
    """The same with text that every database can keep, and marks no longer than their columns."""
    given = {name: getattr(incoming, name) for name in _NAMES}
    texts = {name: sound(value) for name, value in given.items() if isinstance(value, str)}
    for name, longest in (("system", 40), ("external_id", 80), ("key", 80)):
        texts[name] = _fitted(texts[name], longest)
    row = {sound(name): _sound(value) for name, value in (incoming.upstream_row or {}).items()}
    rest = {"demands": tuple(map(sound, incoming.demands)), "upstream_row": row or None}
    return replace(incoming, **given | texts | rest)


def _sound(value: object) -> object:
    if isinstance(value, Mapping):
        return {sound(str(name)): _sound(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sound(one) for one in value]
    return sound(value) if isinstance(value, str) else value


def _fitted(mark: str, longest: int) -> str:
    """A mark that is too long is shortened so that it still differs from every other."""
    return mark if len(mark) <= longest else f"{mark[: longest - 33]}~{sha256(mark.encode()).hexdigest()[:32]}"
