"""The list of a system above, read as far as a comparison needs it: number, state, limit, holder, day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from doudi.engine.upstream.agreeing import STAGE_WORDS, Theirs
from doudi.engine.upstream.vocabulary import Stage
from doudi.web.reconciliation.models import ListProfile, StageWord
from doudi.web.tables.cells import Cell, digits_of, is_nothing, text_of
from doudi.web.tables.moments import MomentError, read_due
from doudi.web.tables.named import plain_header
from doudi.web.tables.reading import opened

#: what a column may tell, and how such columns are usually called
NUMBER, STATE, DUE, HOLDER = "number", "state", "due", "holder"
NAMES: Mapping[str, tuple[str, ...]] = {
    NUMBER: (
        "工单编号",
        "12345工单编号",
        "工单号",
        "热线工单号",
        "受理编号",
        "案件编号",
        "任务号",
        "任务编号",
        "单号",
        "编号",
    ),
    STATE: ("工单状态", "案件状态", "办理状态", "处理状态", "当前状态", "状态"),
    DUE: ("应反时间", "办理时限", "办结时限", "处置时限", "要求办结时间", "截止时间", "到期时间", "答复时限", "时限"),
    HOLDER: ("承办单位", "主办单位", "主责部门", "三级主责部门", "二级承办单位简称", "责任单位", "处置部门"),
}
_MEANING = {plain_header(name): what for what, names in NAMES.items() for name in names}
_USUAL = {word: stage for stage, words in STAGE_WORDS.items() for word in words}
MOST_ROWS = 60_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A list seen once from end to end: its headers, what each seems to tell, and its words for a state."""

    headers: tuple[str, ...]
    columns: Mapping[str, str]
    words: tuple[str, ...]
    #: headers that the last list of this system had and this one has not, and the other way round
    gone: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    #: somebody has said what the columns of such lists tell
    settled: bool = False

    @property
    def is_clear(self) -> bool:
        return NUMBER in self.columns and (self.settled or not (self.gone or self.fresh)) and not self.words


@dataclass(slots=True)
class Read:
    """The rows of a list; ``unread`` are the lines that tell no order."""

    rows: list[Theirs] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    digest: str = ""


class Moments:
    """Limits read from cells; the same text with a year in it is read once."""

    def __init__(self) -> None:
        self._known: dict[str, datetime | None] = {}

    def read(self, cell: Cell, near: datetime) -> datetime | None:
        """The moment in a limit; None for one that is told otherwise, as in "5个工作日"."""
        text = cell if isinstance(cell, str) and cell[:4].isdecimal() else ""
        if text and text in self._known:
            return self._known[text]
        try:
            moment = read_due(cell, near=near)
        except MomentError:
            moment = None
        if text:
            self._known[text] = moment
        return moment


def see(system: str, path: Path, given: Mapping[str, str] | None = None) -> Seen:
    """What the list tells. ``given``: what somebody says of its columns now. ``words`` are those that nobody explained yet."""
    with opened(path, _meaning) as table:
        headers = table.headers
        profile = ListProfile.objects.filter(system=system, headers_digest=digest_of(headers)).first()
        last = ListProfile.objects.filter(system=system).order_by("-made_at", "-pk").first()
        said = {what: header for what, header in (given or {}).items() if header in headers}
        columns = said or (profile.columns if profile else _guessed(headers))
        known, words = stages_of(system), dict[str, None]()
        if state := columns.get(STATE):
            for row in table.rows:
                word = plain(row.cells.get(state))
                if word and word not in known:
                    words[word] = None
    if profile or last is None:
        return Seen(headers, columns, tuple(words), settled=True)
    gone = tuple(one for one in last.headers if one not in headers)
    return Seen(headers, columns, tuple(words), gone, tuple(one for one in headers if one not in last.headers))


def read(system: str, path: Path, columns: Mapping[str, str], near: datetime) -> Read:
    """The rows of the list by its ``columns``."""
    moments = Moments()
    found, known = Read(digest=sha256(path.read_bytes()).hexdigest()), stages_of(system)
    with opened(path, _meaning) as table:
        for row in table.rows:
            cells = {what: row.cells.get(header) for what, header in columns.items()}
            number = number_of(cells.get(NUMBER))
            if row.fault is not None or not number:
                found.unread.append(row.line)
                continue
            said, due = plain(cells.get(STATE)), plain(cells.get(DUE))
            found.rows.append(
                Theirs(
                    row.line,
                    number,
                    known.get(said),
                    said[:60],
                    moments.read(cells.get(DUE), near),
                    due[:60],
                    plain(cells.get(HOLDER)),
                )
            )
    return found


def digest_of(headers: Sequence[str]) -> str:
    return sha256("\n".join(headers).encode()).hexdigest()


def stages_of(system: str) -> dict[str, Stage]:
    """The stage by each word that is known: the usual ones, and what somebody of the town said of this system's own."""
    own = StageWord.objects.filter(system=system).values_list("word", "stage")
    return {**_USUAL, **{word: Stage(stage) for word, stage in own}}


def number_of(cell: Cell) -> str:
    """An order's number without what a program put around it."""
    text = digits_of(text_of(cell)).strip().lstrip("'")
    return "" if is_nothing(text) else "".join(text.split())


def plain(cell: Cell) -> str:
    text = text_of(cell).strip()
    return "" if is_nothing(text) else text


def _meaning(header: str) -> str | None:
    return _MEANING.get(plain_header(header))


def _guessed(headers: Sequence[str]) -> dict[str, str]:
    """The first column that bears each usual name, the surest name first."""
    found: dict[str, str] = {}
    for what, names in NAMES.items():
        there = {plain_header(header): header for header in reversed(headers)}
        surest = next((there[name] for one in names if (name := plain_header(one)) in there), None)
        if surest is not None:
            found[what] = surest
    return found


def kinds_told(columns: Mapping[str, str]) -> Iterator[str]:
    """What the list tells beside the number."""
    yield from (what for what in (STATE, DUE, HOLDER) if what in columns)
