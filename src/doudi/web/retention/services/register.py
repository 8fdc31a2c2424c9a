"""The register of erasures: beside the database and outside its backups, so that what was erased stays so after a restore.

It follows the journal: each leaf that tells of an erasure or a block becomes a line, in ids alone. A line may come late,
where we were ended in between; where two came to write the same one, it counts once.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from doudi.engine.matters.vocabulary import ReportEventKind
from doudi.web.files.folders import sync_folder
from doudi.web.journal.models import Leaf
from doudi.web.journal.queries import length

NAME = "erased.jsonl"
_SEEN = "seen"
TOLD = (ReportEventKind.ERASED, ReportEventKind.BLOCKED, ReportEventKind.UNBLOCKED)


@dataclass(frozen=True, slots=True)
class Line:
    """One erasure: the event that told it, of which report, and what went."""

    event: str
    seq: int
    at: str
    kind: str
    report: str
    fields: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()


def path() -> Path:
    return Path(settings.REGISTER_DIR) / NAME


def lines(*files: Path) -> list[Line]:
    """The lines of the register, and of copies of it, each once; the oldest first."""
    found: dict[str, Line] = {}
    for file in files or (path(),):
        if file.is_file():
            found |= {line.event: line for line in map(_read, file.read_text(encoding="utf8").splitlines()) if line}
    return sorted(found.values(), key=lambda line: (line.at, line.seq))


def adopt(found: Iterable[Line]) -> int:
    """Take over lines from copies of the register; returns how many were new here."""
    known = {line.event for line in lines()}
    if new := [line for line in found if line.event not in known]:
        _append(new)
    return len(new)


def copy_beside(folder: Path) -> None:
    """A copy next to a backup, never inside: whoever has the backup brings back what was erased, this says what."""
    if path().is_file():
        _replace(folder / NAME, path().read_bytes())


def follow() -> int:
    """Write down what the journal tells of erasures since we looked last; returns how many lines came."""
    head, seen = length(), _seen()
    if head == seen:
        return 0
    # A journal that is shorter than what we saw was brought back from a backup: everything is looked at again, and only
    # then is the whole register read. A line that a kill let come twice counts once.
    after = seen if seen < head else 0
    known = {line.event for line in lines()} if after == 0 else set()
    new = [line for line in _told(after) if line.event not in known]
    if new:
        _append(new)
    _note_seen(head)
    return len(new)


def _told(after: int) -> Iterator[Line]:
    names = Q()
    for kind in TOLD:
        names |= Q(body__contains=f'"kind":"{kind}"')
    leaves = Leaf.objects.filter(names, seq__gt=after, body__contains='"about":"report/').order_by("seq")
    for leaf in leaves.iterator():
        body = json.loads(leaf.body)
        payload = body["payload"]
        yield Line(
            body["event"],
            leaf.seq,
            body["at"],
            body["kind"],
            body["about"].partition("/")[2],
            tuple(payload.get("fields", ())),
            tuple(payload.get("erased_photos", ())),
        )


def _append(new: Sequence[Line]) -> None:
    """At the end of the file, on the disk before anybody may rely on it."""
    folder = path().parent
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    there = path().exists()
    torn = there and not path().read_bytes().endswith(b"\n")
    with os.fdopen(os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf8") as file:
        file.write("\n" if torn else "")
        for line in new:
            file.write(json.dumps(asdict(line), ensure_ascii=False, separators=(",", ":")) + "\n")
        file.flush()
        os.fsync(file.fileno())
    if not there:
        sync_folder(folder)


def _read(text: str) -> Line | None:
    """None for a line that a power cut tore: its leaf is read again."""
    try:
        row = json.loads(text)
        return Line(**{**row, "fields": tuple(row["fields"]), "photos": tuple(row["photos"])})
    except (ValueError, TypeError, KeyError):
        return None


def _seen() -> int:
    try:
        return int((path().parent / _SEEN).read_text())
    except (OSError, ValueError):
        return 0


def _note_seen(head: int) -> None:
    path().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _replace(path().parent / _SEEN, str(head).encode())


def _replace(target: Path, content: bytes) -> None:
    """Whole or not at all; two who follow at once may both write it, and either is right."""
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.chmod(0o600)
    os.replace(draft, target)
