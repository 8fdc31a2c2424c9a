"""Find the table in a sheet: below title rows, under a header of one or two rows, without blank rows, repeated headers
and trailing notes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from pathlib import Path

from doudi.engine.messages import Message, msg
from doudi.web.tables.books import SheetHead, Source, opened_source
from doudi.web.tables.cells import LOOK_AHEAD, Cell, RawLine, TableError, text_of

_MOST_COLUMNS = 300
_LABEL_LENGTH = 30
#: the name of a note at the foot of a table, as it stands before a colon
_NOTE = re.compile(
    r"[（(【\[*※]*\s*(备\s*注|附\s*注|注\s*[0-9一二三四五]?|说\s*明|(填|制|统计|审核|复核|负责|经办|导出|打印|签发)\S{0,6}"
    r"|(数据)?(来源|截至|截止)\S{0,6}|单位(盖章|负责人)?)\s*[)）】\]]?\s*[:：]"
)
#: a line of sums, whole
_SUM = re.compile(
    r"(本页|本月|全镇|累)?(合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|计)\s*[:：]?\s*(\d[\d,.]*\s*[件条个行宗户]?)?[。.]?"
)
_SUM_BESIDE = re.compile(r"\d[\d,.]*\s*[件条个行宗户%％]?|[-/—]")
_VALUE = re.compile(r"[\d\s./:年月日时分秒-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: header to cell. A row that could not be taken apart has a ``fault``."""

    line: int
    cells: Mapping[str, Cell]
    fault: Message | None = None

    @property
    def texts(self) -> dict[str, str]:
        """The row as a person reads it, without its empty cells."""
        return {header: text for header, cell in self.cells.items() if (text := text_of(cell)).strip()}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A line that is no row: a sum, a note at the foot, or the header once more; and what stands in it."""

    line: int
    texts: Mapping[str, str]
    reason: Message


@dataclass(slots=True)
class Table:
    """``rows`` can be walked once; ``left_out`` grows meanwhile. ``remarks``: what a reader should know of the file:
    sheets not read, hidden rows and columns."""

    headers: tuple[str, ...]
    rows: Iterator[Row]
    remarks: tuple[Message, ...] = ()
    left_out: list[LeftOut] = field(default_factory=list)


#: what a header names, by a word of the caller's; None: nothing that the caller knows
Meaning = Callable[[str], object]


@contextmanager
def opened(path: Path, meaning: Meaning, *, free: frozenset[object] = frozenset()) -> Iterator[Table]:
    """The table in the file at ``path``; of a workbook the visible sheet whose header names most.

    ``free``: meanings under which people write what they like. What stands there is never taken for a note. Raises
    `TableError`, also while the rows are walked.
    """

    def choose(heads: Sequence[SheetHead]) -> int | None:
        scores = [_score(list(one.head), meaning) for one in heads]
        return max(range(len(heads)), key=lambda at: (scores[at], -at), default=None)

    with opened_source(path, choose) as source:
        yield _table(source, meaning, free)


def _table(source: Source, meaning: Meaning, free: frozenset[object]) -> Table:
    lines = source.lines
    start = list(islice(lines, LOOK_AHEAD))
    at, depth = _header(start, meaning)
    labels = _joined(start[at], start[at + 1]) if depth == 2 else _labels(start[at])
    headers = _names(labels)
    table = Table(headers, iter(()), tuple(_remarks(source, headers)))
    body = _unmerged(chain(start[at + depth :], lines), source.merged, len(headers))
    loose = frozenset(header for header in headers if meaning(header) in free)
    table.rows = _rows(table, body, set(_labels(start[at])), loose)
    return table


def _remarks(source: Source, headers: Sequence[str]) -> Iterator[Message]:
    """What was not read of a workbook, or is read though people do not see it."""
    if seen := [one.name for one in source.others if one.state == "visible"]:
        yield msg("没有读取的工作表：{sheets}。", sheets="、".join(seen))
    if hidden := [one.name for one in source.others if one.state == "hidden"]:
        yield msg("隐藏的工作表没有读取：{sheets}。", sheets="、".join(hidden))
    if deep := [one.name for one in source.others if one.state == "very hidden"]:
        yield msg("深度隐藏的工作表（取消隐藏里也看不到）没有读取：{sheets}。", sheets="、".join(deep))
    if source.hidden_rows:
        yield msg("表里有 {rows} 行是隐藏的（如筛选后看不到），也一并读取。", rows=source.hidden_rows)
    if columns := [headers[at] for at in sorted(source.hidden_columns) if at < len(headers)]:
        yield msg("表里有隐藏的列，也一并读取：{columns}。", columns="、".join(columns))


def _unmerged(lines: Iterable[RawLine], merged: Sequence[tuple[int, int, int, int]], width: int) -> Iterator[RawLine]:
    """Each cell of a merged range tells what the range tells. A range across half the table is a title or a note."""
    starting: dict[int, list[tuple[int, int, int, int]]] = defaultdict(list)
    for one in merged:
        if one[3] - one[1] + 1 <= max(1, width // 2):
            starting[one[0]].append(one)
    running: list[tuple[int, int, int, Cell]] = []
    for line in lines:
        row = line.number - 1
        begun = starting.get(row, ())
        running = [one for one in running if one[0] >= row]
        running += [(one[2], one[1], one[3], _at(line, one[1])) for one in begun]
        if running and line.fault is None:
            cells = list(line.cells)
            for _last, first, last, cell in running:
                cells += [None] * (last + 1 - len(cells))
                for place in range(first, last + 1):
                    cells[place] = cell if cells[place] in (None, "") else cells[place]
            line = replace(line, cells=tuple(cells))
        yield line


def _at(line: RawLine, place: int) -> Cell:
    return line.cells[place] if place < len(line.cells) else None


def _score(start: list[RawLine], meaning: Meaning) -> tuple[int, int, int]:
    return _best_header(start, meaning)[0]


def _best_header(start: list[RawLine], meaning: Meaning) -> tuple[tuple[int, int, int], tuple[int, int] | None]:
    """How many columns the best header names, and where it stands and of how many rows it is."""

    def known(labels: Sequence[str]) -> int:
        return sum(meaning(label) is not None for label in labels if label)

    best, found = (0, 0, 0), None
    for at, line in enumerate(start):
        if line.fault or line.blank:
            continue
        below = start[at + 1] if at + 1 < len(start) else None
        if below is not None and _stands_above(line, below):
            score = (known(_joined(line, below)), 1, -at)
            if score > best and score[0] >= 2:
                best, found = score, (at, 2)
        score = (known(_labels(line)), 0, -at)
        if score > best and score[0] >= 2:
            best, found = score, (at, 1)
    return best, found


def _header(start: list[RawLine], meaning: Meaning) -> tuple[int, int]:
    """Where the header begins and of how many rows it is: where most columns are known, else the first full row."""
    if found := _best_header(start, meaning)[1]:
        return found
    widths = Counter(sum(1 for label in _labels(line) if label) for line in start if not line.blank)
    usual = max(widths, key=lambda width: (widths[width], width), default=0)
    for at, line in enumerate(start):
        if not line.fault and usual > 0 and sum(1 for label in _labels(line) if label) >= usual:
            return at, 1
    raise TableError("文件里找不到表头。请确认第一行(或标题下面一行)是各列的名称。")


def _labels(line: RawLine) -> list[str]:
    return [re.sub(r"\s+", "", text_of(cell)).strip("\ufeff") for cell in line.cells]


def _stands_above(line: RawLine, below: RawLine) -> bool:
    """Is ``line`` the upper row of a merged header? Then each column has a name in one of the two, some only above,
    and some only below, under the name of their group."""
    if below.fault:
        return False
    upper, lower = _labels(line), _labels(below)
    width = max((at + 1 for at, label in enumerate(lower) if label), default=0)
    upper += [""] * (width - len(upper))
    # What the lower row has beyond that is empty.
    lower = (lower + [""] * len(upper))[: len(upper)]
    only_above = [above for above, under in zip(upper, lower, strict=True) if above and not under]
    only_below = [under for above, under in zip(upper, lower, strict=True) if under and not above]
    named = [label for label in lower if label]
    return (
        bool(only_above)
        and bool(only_below)
        and bool(upper[0])
        and all(len(label) <= _LABEL_LENGTH and not _VALUE.fullmatch(label) for label in named)
    )


def _joined(line: RawLine, below: RawLine) -> list[str]:
    """``办理情况`` above ``时限`` gives ``办理情况/时限``; a group's name runs on until the next name."""
    upper, lower = _labels(line), _labels(below)
    width = max(len(upper), len(lower))
    upper += [""] * (width - len(upper))
    lower += [""] * (width - len(lower))
    names, group = [], ""
    for above, under in zip(upper, lower, strict=True):
        group = above or (group if under else "")
        names.append(f"{group}/{under}" if group and under else group or under)
    return names


def _names(labels: list[str]) -> tuple[str, ...]:
    """Each column gets a name of its own: ``备注``, ``备注(2)``; a column without a name is called by its place."""
    if len(labels) > _MOST_COLUMNS:
        while labels and not labels[-1]:
            labels.pop()
        if len(labels) > _MOST_COLUMNS:
            raise TableError(
                "表头有 {count} 列，最多能读 {most} 列。请删去用不到的列再导入。", count=len(labels), most=_MOST_COLUMNS
            )
    seen: Counter[str] = Counter()
    names = []
    for at, label in enumerate(labels, start=1):
        name = label[:80] or f"第{at}列"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}({seen[name]})")
    return tuple(names)


def _rows(table: Table, lines: Iterable[RawLine], header: set[str], loose: frozenset[str]) -> Iterator[Row]:
    width = len(table.headers)
    for line in lines:
        if line.blank:
            continue
        texts = [text_of(cell).strip() for cell in line.cells]
        cells = dict(zip(table.headers, line.cells, strict=False))
        cells |= {f"第{at}列": text for at, text in enumerate(texts[width:], start=width + 1) if text}
        row = Row(line.number, cells, line.fault)
        if row.fault is None and any(texts[width:]):
            row = replace(
                row,
                fault=msg(
                    "这一行有 {cells} 格，表头只有 {columns} 列：内容里可能有未加引号的分隔符。",
                    cells=len(texts),
                    columns=width,
                ),
            )
        said = row.texts
        if row.fault is None and {re.sub(r"\s+", "", text) for text in said.values()} == header - {""}:
            table.left_out.append(LeftOut(line.number, said, msg("又一次的表头")))
        elif row.fault is None and width >= 3 and _is_note(said):
            if loose.isdisjoint(said) and loose:
                table.left_out.append(LeftOut(line.number, said, msg("像是合计或表尾说明")))
                continue
            # Somebody may have said just this, so a person looks.
            yield replace(
                row, fault=msg("这一行像是合计或表尾说明，没有导入。如果是诉求，点“导入这一行”即可；否则请放弃。")
            )
        else:
            yield row


def _is_note(said: Mapping[str, str]) -> bool:
    """A line of at most two filled cells that is a sum, or begins with the name of a note and a colon."""
    if not 0 < len(said) <= 2:
        return False
    first, *others = (text.strip() for text in said.values())
    if _SUM.fullmatch(first):
        return all(_SUM_BESIDE.fullmatch(one) for one in others)
    return bool(_NOTE.match(first)) and not others
