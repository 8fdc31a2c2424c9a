"""Ask the town as its people do, and print what it took as JSON: ``python -m bench.search.asking COMMIT``.

Questions are drawn by how often pairs stand in what was said: a third are one of the hundred commonest pairs; then words of
two to five signs, two words, pairs that never meet, streets in full width, order numbers, the end of numbers, telephones.
Each is asked among matters and among reports, for the widest view and the narrowest. COMMIT's search is asked the same of
the same rows for a page, as often as it can be waited for.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from functools import partial
from itertools import chain
from random import Random
from statistics import median
from time import perf_counter, process_time
from typing import Any

import django

QUESTIONS, ASKED_OLD, SECONDS_OLD = 120, 6, 150.0
_FULL = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def questions(dice: Random) -> list[str]:
    from doudi.engine.search.folding import folded, pairs
    from doudi.web.reports.models import Contact, Report

    keys = list(Report.objects.order_by("id").values_list("pk", flat=True))
    rows = list(
        Report.objects.filter(pk__in=dice.sample(keys, 3000)).values_list("words", "address", "number", "external_id")
    )
    said = [folded(row[0]) for row in rows]
    sets = [pairs(one) for one in said]
    often = Counter(pair for one in sets for pair in one)
    commonest = [pair for pair, _ in often.most_common(100)]
    middling = [pair for pair, count in often.items() if 5 <= count <= 200]
    phones = [one.phone for one in Contact.objects.filter(report__system="bench")[:50]]
    found = []
    while len(found) < QUESTIONS:
        words, address, number, order = dice.choice(rows)
        one, other = folded(words), folded(dice.choice(rows)[0])
        begin = dice.randrange(len(one) - 5)
        apart = dice.sample(middling, 2)
        match dice.randrange(12):
            case 0 | 1 | 2 | 3:
                found.append(dice.choice(commonest))
            case 4 | 5:
                found.append(one[begin : begin + dice.randrange(2, 6)])
            case 6:
                found.append(f"{one[begin : begin + 2]} {dice.choice(commonest)}")
            case 7 | 8:
                if not any(apart[0] in each and apart[1] in each for each in sets):
                    found.append(" ".join(apart))
            case 9:
                found.append(address.translate(_FULL))
            case 10:
                found.append(dice.choice([order, number[-6:], other[:4]]))
            case _:
                found.append(dice.choice(phones))
    return found


class Times(list[float]):
    """Milliseconds on the clock, and beside them processor time of this process."""

    def __init__(self) -> None:
        self.cpu: list[float] = []

    def take(self, act: Any) -> Any:
        begun, cpu = perf_counter(), process_time()
        answer = act()
        self.append(1000 * (perf_counter() - begun))
        self.cpu.append(1000 * (process_time() - cpu))
        return answer


def p(times: Iterable[float], share: float) -> float:
    ordered = sorted(times)
    return round(ordered[int(share * (len(ordered) - 1))], 1)


def main(commit: str) -> dict[str, Any]:
    from django.db import connection

    from doudi.web.matters.queries import names_of_view
    from doudi.web.people.actor import Actor
    from doudi.web.people.models import Appointment, Person

    dice = Random(7)
    asked = questions(dice)
    wide = Actor.of(Person.objects.get(username="zhiban"))
    seated = [Actor.of(one.person) for one in Appointment.objects.filter(until=None).select_related("person")[:400]]
    narrow = min(
        (one for one in seated if names_of_view(one) and one.may("see_own")),
        key=lambda one: len(names_of_view(one) or ()),
    )
    pages: dict[str, Times] = {}
    counts: dict[str, Times] = {}
    slow: list[tuple[float, str]] = []
    empty = 0
    for typed in asked[:5]:
        for kind in ("matters", "reports"):
            page(kind, wide, typed), page(kind, narrow, typed)
    for view, actor in (("wide", wide), ("narrow", narrow)):
        for kind in ("matters", "reports"):
            taken, counted = pages.setdefault(f"{kind}_{view}", Times()), counts.setdefault(f"{kind}_{view}", Times())
            for typed in asked:
                answer = taken.take(partial(page, kind, actor, typed))
                slow.append((round(taken[-1], 1), f"{kind} {view} {typed}"))
                many = counted.take(partial(count, kind, actor, typed))
                empty += not many
                assert len(answer) == min(many, 50), typed
    before, now, begun = Times(), Times(), perf_counter()
    old = old_search(commit)
    for typed in dice.sample(asked, ASKED_OLD):
        if perf_counter() - begun < SECONDS_OLD:
            before.take(partial(old_page, old, wide, typed))
            now.take(partial(page, "matters", wide, typed))
    return {
        "page_p95_ms": p(chain(*pages.values()), 0.95),
        "page_p50_ms": p(chain(*pages.values()), 0.5),
        "page_cpu_p95_ms": p(chain(*(each.cpu for each in pages.values())), 0.95),
        "page_p95_by_view_ms": {name: p(each, 0.95) for name, each in pages.items()},
        "count_p95_ms": p(chain(*counts.values()), 0.95),
        "count_cpu_p95_ms": p(chain(*(each.cpu for each in counts.values())), 0.95),
        "count_p95_by_view_ms": {name: p(each, 0.95) for name, each in counts.items()},
        "slowest": sorted(slow, reverse=True)[:5],
        "questions": f"{len(asked)}, {empty} of {4 * len(asked)} answers empty",
        "old_ms": round(median(before), 1),
        "ratio": round(median(one / other for one, other in zip(before, now, strict=True)), 1),
        "old_asked": len(before),
        "index_mb": round(index_bytes(connection) / 2**20, 1),
        "share_of_text": round(index_bytes(connection) / text_bytes(), 2),
    }


def page(kind: str, actor: Any, typed: str) -> Any:
    """Fifty rows as the desk reads them."""
    from doudi.web.desk.paging import BY_ID, page_of
    from doudi.web.desk.queries.lists import with_holder
    from doudi.web.matters.queries import visible, visible_reports
    from doudi.web.search import queries as search

    if kind == "matters":
        rows = with_holder(visible(actor))
        return page_of(rows, BY_ID, {}, found=search.matters(rows, typed, actor)).rows
    reports = visible_reports(actor).select_related("answerer__office", "unit")
    return page_of(reports, BY_ID, {}, found=search.reports(reports, typed, actor)).rows


def count(kind: str, actor: Any, typed: str) -> int:
    from doudi.web.matters.queries import visible, visible_reports
    from doudi.web.search import queries as search

    rows: Any = visible(actor) if kind == "matters" else visible_reports(actor)
    return int(getattr(search, kind)(rows, typed, actor).count(1000))


def old_page(old: dict[str, Any], actor: Any, typed: str) -> Any:
    from doudi.web.desk.queries.lists import with_holder
    from doudi.web.matters.queries import visible

    return list(with_holder(old["search"](visible(actor), typed)).order_by("-id")[:51])


def old_search(commit: str) -> dict[str, Any]:
    path = f"{commit}:src/doudi/web/desk/queries/searching.py"
    source = subprocess.run(["git", "show", path], capture_output=True, text=True, check=True).stdout
    names: dict[str, Any] = {"__name__": "old_searching"}
    exec(compile(source, path, "exec"), names)
    return names


def index_bytes(connection: Any) -> int:
    """The tables of the index with all that belongs to them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE relkind = 'r' AND relname LIKE 'doudi_search_%%'"
            )
        else:
            cursor.execute(
                "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'doudi_search_%%' OR name LIKE 'sqlite_autoindex_doudi_search%%'"
            )
        return int(cursor.fetchone()[0])


def text_bytes() -> int:
    """What is searched, in UTF-8: number, summary, address and what was asked; number, order, title, words and address."""
    from django.db import connection

    with connection.cursor() as cursor:
        length = "octet_length(%s)" if connection.vendor == "postgresql" else "length(CAST(%s AS BLOB))"

        def total(table: str, *columns: str) -> int:
            cursor.execute(f"SELECT {' + '.join(f'sum({length % one})' for one in columns)} FROM {table}")
            return int(cursor.fetchone()[0] or 0)

        return (
            total("doudi_matters_matter", "number", "summary", "address")
            + total("doudi_matters_demand", "asks")
            + total("doudi_reports_report", "number", "external_id", "title", "words", "address")
        )


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(main(sys.argv[1]), ensure_ascii=False))
