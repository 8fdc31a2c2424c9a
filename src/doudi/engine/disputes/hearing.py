"""What the parties said, what their silence means, and whether all of them agree.

Silence of the town's own posts agrees with what the convenor proposed. A line or a body outside is reminded, then the
dispute is decided on the papers: its silence neither agrees nor hinders.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from doudi.engine.disputes.vocabulary import Silence, Stance
from doudi.engine.errors import DoudiError


class StatementError(DoudiError):
    """A statement lacks what makes it one."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One party: ``post`` is None for a body without account; neither stance nor silence while it may still answer."""

    post: str | None
    own: bool
    stance: Stance | None = None
    silence: Silence | None = None


def require_statement(stance: str, text: str, basis: str) -> Stance:
    """The stance, if it comes with what it needs. Raises StatementError."""
    if stance not in list(map(str, Stance)):
        raise StatementError("请选一种意见：同意、愿意承办、只能配合或不同意。")
    if stance in (Stance.OBJECT, Stance.HELP) and not text.strip():
        raise StatementError("请写明理由：为什么不是您这里，或只能怎样配合。")
    if stance == Stance.OBJECT and not basis.strip():
        raise StatementError("不同意要写依据：哪份文件、哪一条，或职责清单第几项。")
    return Stance(stance)


def silence_of(own: bool, proposed: bool) -> Silence:
    """What it means that a party said nothing until the limit. Without a proposal there is nothing to agree with."""
    return Silence.AGREED if own and proposed else Silence.ON_PAPERS


def remind_at(since: datetime, due: datetime) -> datetime:
    """Half of the time has gone: anyone who has not answered is reminded."""
    return since + (due - since) / 2


def all_agree(parties: Collection[Heard], proposed: str | None) -> bool:
    """Whether the convenor's proposal stands: everybody was heard or is silent, nobody objects, the proposed post does not decline."""
    if proposed is None or not parties or any(one.stance is None and one.silence is None for one in parties):
        return False
    return not any(one.stance is Stance.OBJECT or _declines(one, proposed) for one in parties)


def _declines(one: Heard, proposed: str) -> bool:
    """Who shall hold and will only help does not agree; nor does a post that wants to hold in another's stead."""
    if one.stance is Stance.HELP:
        return one.post == proposed
    return one.stance is Stance.TAKE and one.post != proposed
