"""The values of the catalogue: a kind of matter and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from doudi.engine.errors import DoudiError
from doudi.engine.workdays import StagedLimit


class Lane(StrEnum):
    """How fast danger is met, before whose it is."""

    LIFE = "life"
    URGENT = "urgent"
    NORMAL = "normal"

    @property
    def label(self) -> str:
        return {"life": "生命安全", "urgent": "紧急", "normal": "普通"}[self.value]


class Verification(StrEnum):
    """Who looks whether it was done: another person, a sample later, or the system above."""

    SECOND_PERSON = "second_person"
    SAMPLED = "sampled"
    UPSTREAM = "upstream"


@dataclass(frozen=True, slots=True)
class Filing:
    """When a matter of the kind is taken up, within which limits it is handled, and when it is done."""

    condition: str
    limits: tuple[StagedLimit, ...]
    closes_when: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """The number to call before anything else, and what to tell the caller."""

    call: str
    say: str


@dataclass(frozen=True, slots=True)
class Competent:
    """Who by law has the power or the duty, and the basis in the law; it need not belong to the town."""

    body: str
    basis: str


@dataclass(frozen=True, slots=True)
class MatterKind:
    """One entry of the catalogue.

    ``words`` are those that people use for it, ``examples`` whole sentences as they say it; ``module`` is the task module that handles it;
    ``standard`` is its number in a standard, where it has one; ``icon`` shows it on the scan page when
    it is ``pickable`` there.
    """

    code: str
    name: str
    parent: str | None
    words: tuple[str, ...]
    lane: Lane
    verification: Verification
    module: str
    filing: tuple[Filing, ...]
    evidence: tuple[str, ...]
    competent: Competent | None
    emergency: Emergency | None
    source: str
    pickable: bool
    icon: str
    standard: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KindGroup:
    """An inner node of the catalogue: a class of kinds."""

    code: str
    name: str
    parent: str | None


class CatalogueError(DoudiError):
    """An entry cannot be read, contradicts another, or was asked for and does not exist."""
