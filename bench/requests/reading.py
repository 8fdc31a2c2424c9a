"""Requests that read: the desk of a town with a long past, and the page behind a plaque."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from statistics import median
from time import perf_counter

from bench.figures import Figure
from bench.requests.client import Ask, Browser, Slice, load
from bench.requests.server import Served, Spent
from bench.requests.stage import Town, towns
from bench.requests.writing import CLIENTS, CODES, SIGNALEN

WARM, ASKED = 2, 12
SECONDS = 8.0
_LINKED = re.compile(rb'<(?:link rel="stylesheet"|link rel="icon"|script|img)[^>]*? (?:href|src)="(/static/[^"]+)"')
_SPRITE = re.compile(rb'<use href="(/static/[^"#]+)#')


def desk(name: str, *, matters: int, target: float, peer: float | None) -> Figure:
    """Fifty rows under each of a dozen tabs and filters, one request at a time; searching by words is told apart."""
    with towns() as stage:
        town = stage.town("postgres", matters)
        asked = json.loads(town.run("bench.requests.asking", "desk"))
        counted = {path: _counted(town, path, asked["session"]) for path in asked["paths"]}
        # A town of this size runs its timers in a process of their own.
        with Served(town, timers=False) as served:
            browser = Browser(served.port, {"sessionid": asked["session"]})
            taken, spent, count = {}, Spent(), 0
            for path in asked["paths"]:
                _ask(browser, path, WARM)
            before = served.spent()
            for path in asked["paths"]:
                taken[path] = _ask(browser, path, ASKED)
                count += ASKED
            spent = served.spent() - before
            searched = {path: round(1000 * median(_ask(browser, path, 3)), 1) for path in asked["searches"]}
    each = {path: round(1000 * median(times), 1) for path, times in taken.items()}
    slowest = max(each, key=lambda path: each[path])
    all_of_them = Slice(1.0, [one for times in taken.values() for one in times])
    value = 1000 * all_of_them.percentile(0.5)
    notes = {
        "statements": max(counted.values()),
        "cpu_ms": round(1000 * spent.answering / count, 1),
        "database_cpu_ms": round(1000 * spent.database / count, 1),
        "p95_ms": round(1000 * all_of_them.percentile(0.95), 1),
        "slowest": {slowest: each[slowest]},
        "each_ms": each,
        "searches_ms": searched,
        "matters": matters,
    }
    return Figure(
        name,
        value,
        "ms",
        target,
        f"{SIGNALEN} (329 statements)" if peer else "",
        peer,
        round(peer / value, 1) if peer else None,
        notes=notes,
    )


def _ask(browser: Browser, path: str, times: int) -> list[float]:
    found = []
    for _ in range(times):
        begun = perf_counter()
        answer = browser.get(path)
        found.append(perf_counter() - begun)
        assert answer.status == 200, (path, answer.status, answer.text[:1000])
    return found


def _counted(town: Town, path: str, session: str) -> float:
    told = json.loads(town.run("bench.requests.counting", "get", path, session))
    return float(told["statements"])


def scan(name: str, *, target: float, most_kilobytes: float) -> Figure:
    """The page behind a plaque at 1,000 different codes, 4 clients; and what a phone loads that was never here before."""
    with towns() as stage:
        town = stage.town("postgres")
        asked = json.loads(town.run("bench.requests.asking", "reports", str(CODES)))
        statements = _counted(town, f"/Q/{asked[0]['code']}", "")
        with Served(town) as served:
            browsers = [Browser(served.port) for _ in range(CLIENTS)]

            asks: Iterator[Ask] = (partial(Browser.get, path=f"/Q/{one['code']}") for one in cycle(asked))
            load(browsers, asks, 2.0, 200)
            before = served.spent()
            loaded = load(browsers, asks, SECONDS, 200)
            spent = served.spent() - before
            parts = first_load(browsers[0], f"/Q/{asked[0]['code']}")
    kilobytes = sum(parts.values()) / 1024
    assert kilobytes <= most_kilobytes, parts
    notes = {
        "statements": statements,
        "cpu_ms": round(1000 * spent.answering / loaded.count, 2),
        "kilobytes": round(kilobytes, 1),
        "most_kilobytes": most_kilobytes,
        "parts": parts,
        "p95_ms": round(1000 * loaded.percentile(0.95), 1),
    }
    return Figure(name, loaded.rate, "/s", target, notes=notes)


def first_load(browser: Browser, path: str) -> dict[str, int]:
    """Bytes of body by address: the page and all that it names, as they travel."""
    page = browser.get(path)
    parts = {"page": len(page.body)}
    for address in dict.fromkeys((*_LINKED.findall(page.text), *_SPRITE.findall(page.text))):
        parts[address.decode()] = len(browser.get(address.decode()).body)
    return parts
