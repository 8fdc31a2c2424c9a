"""A sentence for people that can still be translated: a Chinese template and the facts that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """``str()`` gives the Chinese sentence; a fact may itself be ``Message``.

    Two sentences are equal when template and facts are. Only the template is hashed: facts may be any value.
    """

    template: str
    facts: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.template.format(**self.facts)


class Listed(tuple[object, ...]):
    """Several facts in one place, each of which may be ``Message``. ``str()`` joins them with the Chinese comma."""

    __slots__ = ()

    def __str__(self) -> str:
        return "、".join(map(str, self))


def msg(template: str, /, **facts: object) -> Message:
    """Say ``template`` with ``facts``: ``msg("由{post}承办", post="城管中队")``."""
    return Message(template, facts)
