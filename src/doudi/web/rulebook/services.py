"""The only writer of rulebook versions. What is published never changes."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from doudi.engine.duties.rules import Rule, RuleFileError, read_rules
from doudi.engine.errors import DoudiError
from doudi.engine.journal import canonical
from doudi.engine.kinds.catalogue import Catalogue
from doudi.engine.units.types import UnitTypes
from doudi.engine.workdays import Calendar
from doudi.web import clock, standing
from doudi.web.journal.services import Fact, record
from doudi.web.rulebook.models import Version

SHIPPED = Path(__file__).resolve().parents[2] / "rulebook"


class RulebookError(DoudiError):
    """A rulebook's files cannot be taken in; the sentence names the file and what to mend."""


def read_folder(folder: Path) -> dict[str, Any]:
    """The named documents of a rulebook folder, as plain values. Nothing is checked beyond their shape."""
    if not (folder / "rulebook.yaml").is_file():
        raise RulebookError("文件夹 {folder} 里没有 rulebook.yaml：请指向一整套规则手册。", folder=folder)
    return {
        "rulebook": _yaml(folder / "rulebook.yaml"),
        "calendar": _yaml(folder / "calendar.yaml"),
        "unit_types": _yaml(folder / "unit_types.yaml"),
        "kinds": [entry for path in sorted((folder / "kinds").glob("*.yaml")) for entry in _yaml(path)],
        "modules": _yaml(folder / "modules.yaml"),
        "roles": _yaml(folder / "roles.yaml"),
        "facts": _yaml(folder / "facts.yaml"),
        "parameters": _yaml(folder / "parameters.yaml"),
        "rules": {path.name: _csv(path) for path in sorted((folder / "duties").glob("*.csv"))},
    }


@transaction.atomic
def load_folder(folder: Path = SHIPPED) -> Version:
    """Publish the rulebook in ``folder`` as a new version, unless the newest one already says the same.

    Raises the loaders' own errors (CatalogueError, RuleFileError, CalendarError …), which name entry and field.
    """
    documents = _plain(read_folder(folder))
    Catalogue.from_document(documents["kinds"])
    UnitTypes.from_document(documents["unit_types"])
    Calendar.from_document(documents["calendar"])
    rules_of(documents)
    digest = digest_of(documents)
    newest = Version.objects.order_by("-number").first()
    if newest is not None and newest.digest == digest:
        return newest
    cover = documents["rulebook"]
    version = Version.objects.create(
        number=newest.number + 1 if newest else 1,
        title=cover["title"],
        state=Version.State.PUBLISHED,
        valid_from=cover["valid_from"],
        source=cover["source"],
        documents=documents,
        digest=digest,
        published_at=clock.now(),
    )
    version.refresh_from_db()
    standing.forget()
    record([Fact.new("rulebook_published", f"rulebook/{version.number}", {"digest": digest, "valid_from": str(version.valid_from)})])
    return version


def rules_of(documents: dict[str, Any]) -> tuple[Rule, ...]:
    """The rules of all files. Raises RulebookError that names the file, the lines and the columns."""
    found: list[Rule] = []
    for file, rows in documents["rules"].items():
        try:
            found += read_rules(rows)
        except RuleFileError as error:
            raise RulebookError("{file}：{why}", file=file, why=error) from error
    return tuple(found)


def digest_of(documents: dict[str, Any]) -> str:
    """SHA-256 of the documents in canonical form."""
    return hashlib.sha256(canonical(documents)).hexdigest()


def _yaml(path: Path) -> Any:
    if not path.is_file():
        raise RulebookError("规则手册缺少文件 {file}。", file=path.name)
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise RulebookError("规则手册文件 {file} 读不懂：{why}", file=path.name, why=error) from error


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _plain(value: Any) -> Any:
    """Dates become text and decimals become text, so that the documents have one canonical form."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return str(value)
