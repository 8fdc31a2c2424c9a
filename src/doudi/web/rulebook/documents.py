"""The named documents of a version as plain values: read from a folder, digested, turned into rules."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from doudi.engine.duties.rules import Rule, RuleFileError, read_rules
from doudi.engine.journal import canonical
from doudi.web.rulebook.errors import RulebookError

SHIPPED = Path(__file__).resolve().parents[2] / "rulebook"
#: the one file of rules in versions that were made here
RULES = "rules.csv"
#: the reader written in C, where the machine has it, says the same a dozen times sooner
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_folder(folder: Path) -> dict[str, Any]:
    """The named documents of a rulebook folder, as plain values. Nothing is checked beyond their shape."""
    if not (folder / "rulebook.yaml").is_file():
        raise RulebookError("文件夹 {folder} 里没有 rulebook.yaml：请指向一整套规则手册。", folder=folder)
    documents = {
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
    admitted = {what: folder / f"known_{what}s.yaml" for what in ("gap", "conflict")}
    if accepted := [
        _accepted(what, entry) for what, path in admitted.items() if path.is_file() for entry in _yaml(path) or ()
    ]:
        documents["accepted"] = accepted
    return documents


def shipped_title() -> str:
    """What the rulebook that comes with the software is called: the name of its fictional town."""
    return str(_yaml(SHIPPED / "rulebook.yaml")["title"])


def shipped_offices() -> dict[str, dict[str, str]]:
    """The offices of the fictional town by their code, as a proposal for a new one: {name, relation, powers}."""
    return {str(row["code"]): row for row in _yaml(SHIPPED / "offices.yaml")}


def _accepted(what: str, entry: dict[str, Any]) -> dict[str, Any]:
    """A gap or conflict that the files admit, as versions keep it: a box like a rule's."""
    when = {
        "kind": entry.get("kinds"),
        "area": entry.get("areas"),
        "hours": [entry["hours"]] if entry.get("hours") else None,
        "unit_type": ["unknown" if code is None else code for code in entry.get("unit_types") or ()],
        **{fact: [value] for fact, value in (entry.get("facts") or {}).items()},
    }
    return {
        "id": entry["id"],
        "what": what,
        "name": entry["name"],
        "why": entry["why"],
        "rules": entry.get("rules", []),
        "when": {axis: list(codes) for axis, codes in when.items() if codes},
    }


def rules_of(documents: dict[str, Any]) -> tuple[Rule, ...]:
    """The rules of all files. Raises RulebookError that names the file, the lines and the columns."""
    found: list[Rule] = []
    for file, rows in documents["rules"].items():
        try:
            found += read_rules(rows)
        except RuleFileError as error:
            raise RulebookError("{file}：{why}", file=file, why=error) from error
    return tuple(found)


def with_rules(documents: dict[str, Any], rules: Iterable[Rule]) -> dict[str, Any]:
    """The documents with exactly these rules."""
    return documents | {"rules": {RULES: [rule.to_row() for rule in rules]}}


def mark_of(rule: Rule) -> str:
    """A short mark that changes with any cell of the rule."""
    return hashlib.sha256(canonical(rule.to_row())).hexdigest()[:16]


def digest_of(documents: dict[str, Any]) -> str:
    """SHA-256 of the documents in canonical form."""
    return hashlib.sha256(canonical(documents)).hexdigest()


def plain(value: Any) -> Any:
    """Dates become text and decimals become text, so that the documents have one canonical form."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return str(value)


def _yaml(path: Path) -> Any:
    if not path.is_file():
        raise RulebookError("规则手册缺少文件 {file}。", file=path.name)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except yaml.YAMLError as error:
        raise RulebookError("规则手册文件 {file} 读不懂：{why}", file=path.name, why=error) from error


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
