"""Pages ask services and queries, and the store nothing of its own: therefore their tests need not run on both databases.

What can differ between SQLite and PostgreSQL is own SQL, locks, constraints, isolation, and what looks into JSON or orders
by a rule of the database. Where a page has to do such a thing, it belongs into `queries.py` or a service, or the name
of its test must not say that it is of a page (`tests/plugin.py`).
"""

from __future__ import annotations

import re

import pytest

from tests.contracts.house import ROOT

WEB = ROOT / "src" / "doudi" / "web"
#: words of Django and of the room `sql` for what the two databases may do differently
OWN = re.compile(
    r"\bconnections?\b|\bRawSQL\b|\.raw\(|\bcursor\(|\.extra\(|\bselect_for_update\b|\bIntegrityError\b"
    r"|\bOperationalError\b|\bDatabaseError\b|\btransaction\.|doudi\.web\.sql|__contains|__regex|__iregex"
    r"|\bnulls_(first|last)\b|\bCollate\b|\bTrunc\w*\(|\bExtract\w*\(|\bWindow\("
)
FILES = sorted(
    path for path in WEB.rglob("*.py") if path.stem in ("pages", "forms") or "pages" in path.relative_to(WEB).parts[:-1]
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(WEB)))
def test_a_page_leaves_the_store_to_services_and_queries(path) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if OWN.search(line)
    ]
    assert not found, "\n".join(found)


def test_the_rule_sees_what_it_forbids() -> None:
    assert OWN.search("    rows = Matter.objects.select_for_update()")
    assert OWN.search("from django.db import IntegrityError, transaction")
    assert not OWN.search("    return render(request, name, {'rows': rows_of(actor)})")
