"""Requests that read: the desk of a town with a long past, and the page behind a plaque."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
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


def live(name: str, *, matters: int, desks: int, target: float) -> Figure:
    """So many open desks ask for news every fifteen seconds: their share of one core, server and database, while a report
    comes in before each round. Each says the whole once a minute, as the page's script does, and goes on from the fact at which
    it was opened, as a page does that nobody reads anew. The reports themselves are not counted.
    """
    with towns() as stage:
        town = stage.copy("postgres", matters)
        asked = json.loads(town.run("bench.requests.asking", "open_desks", str(desks)))
        said = iter(json.loads(town.run("bench.requests.asking", "reports", "100")))
        paths = [one for one, _turn in zip(cycle(asked["paths"]), asked["sessions"], strict=False)]
        with Served(town, timers=False) as served:
            passer = Browser(served.port)
            open_ones = [Browser(served.port, {"sessionid": session}) for session in asked["sessions"]]
            since = _SINCE.search(open_ones[0].get("/desk").text)
            assert since
            every = [(one, f"{path}&since={since[1].decode()}") for one, path in zip(open_ones, paths, strict=True)]
            for browser, path in every:
                browser.get(f"{path}&whole=1")
                browser.close()
            quiet = _rounds(served, every, lambda: None)
            busy = _rounds(served, every, lambda: _reported(passer, next(said)))
        counted = {
            what: _counted(town, f"{paths[0]}&since={at}", asked["sessions"][0])
            for what, at in (
                ("nothing", _length(town)),
                ("whole", f"{_length(town)}&whole=1"),
                ("news", since[1].decode()),
            )
        }
    rounds = ROUNDS * desks
    notes = {
        "quiet_share": round(100 * (quiet.answering + quiet.database) / (ROUNDS * EVERY), 2),
        "cpu_ms": round(1000 * busy.answering / rounds, 2),
        "database_cpu_ms": round(1000 * busy.database / rounds, 2),
        "quiet_cpu_ms": round(1000 * quiet.answering / rounds, 2),
        "statements": counted,
        "desks": desks,
        "people": asked["people"],
        "matters": matters,
    }
    value = 100 * (busy.answering + busy.database) / (ROUNDS * EVERY)
    return Figure(name, value, "% of one core", target, notes=notes)


#: rounds that are measured, and the seconds between two of them
ROUNDS, EVERY = 8, 15
_SINCE = re.compile(rb'data-since="(\d+)"')
_MARK = re.compile(rb'name="mark" value="([^"]+)"')


def _rounds(served: Served, every: Sequence[tuple[Browser, str]], before: Callable[[], object]) -> Spent:
    spent = Spent()
    for number in range(ROUNDS):
        before()
        begun = served.spent()
        for place, (browser, path) in enumerate(every):
            # The pages were opened at different moments, so a quarter of them asks for the whole each time.
            whole = "&whole=1" if (number + place) % 4 == 3 else ""
            answer = browser.get(f"{path}{whole}")
            assert answer.status in (200, 204), (path, answer.status, answer.text[:1000])
            # Within the quarter of a minute until it asks again the server has closed what stands idle.
            browser.close()
        spent += served.spent() - begun
    return spent


def _reported(browser: Browser, one: dict[str, str]) -> None:
    mark = _MARK.search(browser.get(f"/Q/{one['code']}").text)
    assert mark
    sent = {"kind": one["kind"], "words": one["words"], "mark": mark[1].decode()}
    assert browser.post(f"/Q/{one['code']}", sent).status == 303
    browser.close()


def _length(town: Town) -> str:
    return str(json.loads(town.run("bench.requests.asking", "length")))


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
