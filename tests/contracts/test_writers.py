"""Only a slice's services write its records: one door for permission, one for the journal.

Read from the source, so it can be wrong both ways; what it takes for a write and is none stands in ``ALLOWED`` with the
reason, and what writes by other ways is left to the reviewer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

import pytest

from tests.contracts.house import Code, dotted, python_files

ALWAYS_WRITES = {
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "acreate",
    "asave",
    "adelete",
    "aupdate",
}
ALWAYS_WRITES_BY_NAME = {"bulk_insert", "insert_then", "update_where"}
WRITES_A_QUERYSET = {"create", "update", "delete"}
QUERYSET = re.compile(r"\.(objects|filter|exclude|all|select_for_update|select_related|using|order_by)(\.|$)")
WRITES_SQL = re.compile(r"^\s*(insert|update|delete|replace|truncate|alter|drop|create)\b", re.IGNORECASE)

#: Files that may write without being services, each with its reason.
ALLOWED = {
    "web/people/models.py": "Django's contract for accounts asks the model's own directory to make them",
    "web/sql/insert.py": "it is what the services write with",
    "web/operations/stores.py": "restore puts a whole database in the place of another; it writes no record of its own",
}
#: Receivers whose ``save()`` has nothing to do with a database.
DRAWINGS = {"canvas", "form", "self.form", "workbook"}


def is_door(path: str) -> bool:
    """``services.py``, a module of a ``services/`` package, or a migration."""
    return bool(re.search(r"(^|/)(services(\.py|/)|migrations/)", path)) or path in ALLOWED


def writes(files: Iterable[Code]) -> list[str]:
    """Each call outside the doors that looks like a write to the database."""
    return [
        f"{file.path}:{call.lineno} {dotted(call.func)} writes outside services"
        for file in files
        if file.path.startswith("web/") and not is_door(file.path)
        for call in file.calls()
        if _writes(call)
    ]


def _writes(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Name):
        return call.func.id in ALWAYS_WRITES_BY_NAME
    if not isinstance(call.func, ast.Attribute):
        return False
    name, receiver = call.func.attr, dotted(call.func.value)
    if name in ALWAYS_WRITES or (name in WRITES_A_QUERYSET and QUERYSET.search(f".{receiver}")):
        return True
    if name in ("save", "delete") and not call.args:
        return receiver not in DRAWINGS
    if name in ("execute", "executemany") and call.args:
        first = call.args[0]
        return isinstance(first, ast.Constant) and bool(WRITES_SQL.match(str(first.value)))
    return False


def test_only_services_write() -> None:
    assert writes(python_files()) == []


@pytest.mark.parametrize(
    "line",
    [
        "Report.objects.create(words='x')",
        "Report.objects.filter(id=1).update(status='x')",
        "Matter.objects.all().delete()",
        "report.save()",
        "report.save(update_fields=['status'])",
        "report.delete()",
        "Report.objects.bulk_create(rows)",
        "cursor.execute('UPDATE doudi_reports_report SET x = 1')",
        "bulk_insert([report])",
        "insert_then(rows, 'UPDATE x', [])",
        "update_where(Report, {'status': 'x'}, id=1)",
    ],
)
def test_a_write_behind_the_door_is_found(line: str) -> None:
    assert len(writes([Code("web/reports/pages.py", f"{line}\n")])) == 1


@pytest.mark.parametrize(
    "line",
    [
        "facts.update(more)",
        "digest.update(b'x')",
        "picture.save(path, 'JPEG')",
        "cursor.execute('SELECT 1')",
        "services.create(actor)",
    ],
)
def test_what_is_no_write_is_left_alone(line: str) -> None:
    assert writes([Code("web/reports/pages.py", f"{line}\n")]) == []


def test_services_may_write() -> None:
    assert [
        is_door(path) for path in ("web/reports/services.py", "web/matters/services/steps.py", "web/reports/pages.py")
    ] == [True, True, False]


def test_every_exception_still_exists() -> None:
    assert set(ALLOWED) <= {file.path for file in python_files()}


#: Where a transaction is no unit of work, each with its reason. Facts collected inside would outlive its rollback.
TRANSACTIONS = {
    "web/journal/services.py": "the unit of work itself",
    "web/jobs/services.py": "stands beside the journal: a lease is no fact",
    "web/files/services.py": "stands beside the journal: a twin of the same bytes is met by its savepoint",
    "web/journal/guards.py": "triggers are no facts: all of them or none",
    "web/operations/stores.py": "a snapshot that is read, and a look whether there are tables at all",
    "web/operations/checks/town.py": "a look at tables that may not be there yet",
    "web/fsck/queries.py": "a snapshot that is read",
}


def bare_transactions(files: Iterable[Code]) -> list[str]:
    """Each transaction or savepoint outside the journal's unit of work; ``savepoint=False`` is neither."""
    return [
        f"{file.path}:{node.lineno}"
        for file in files
        if file.path.startswith("web/") and file.path not in TRANSACTIONS and "/migrations/" not in file.path
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Attribute)
        and dotted(node) in ("transaction.atomic", "transaction.savepoint")
        and f"{dotted(node)}(savepoint=False)" not in file.text
    ]


def test_transactions_are_units_of_work() -> None:
    assert bare_transactions(python_files()) == []
    assert set(TRANSACTIONS) <= {file.path for file in python_files()}


@pytest.mark.parametrize(
    "line", ["with transaction.atomic():\n    pass", "@transaction.atomic\ndef f(): ...", "transaction.savepoint()"]
)
def test_a_bare_transaction_is_found(line: str) -> None:
    assert len(bare_transactions([Code("web/reports/services.py", f"{line}\n")])) == 1
