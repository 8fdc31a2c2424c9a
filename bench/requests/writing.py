"""Requests that write: a passer-by's report and a colleague's step, each beside the raw limit of the same database.

Raw limit and server take turns in short slices, because a shared machine drifts by a quarter within minutes: judge by
the ratio, the statements and the processor time; the plain rate is only as good as the quiet around it.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from bench.figures import Figure
from bench.requests.client import Answer, Ask, Browser, Slice, load
from bench.requests.raw import inserts, raw_of
from bench.requests.server import Served, Spent
from bench.requests.stage import towns

CLIENTS, CODES, ROUNDS = 4, 1000, 5
WARM_SECONDS, RAW_SECONDS, SERVED_SECONDS = 4.0, 2.0, 5.0
#: a report or a step may cost at most so many inserts-and-commits of one connection
LEAST_SHARE = 0.1
SIGNALEN = "Signalen's backend, tuned, on two such cores"
_MARK = re.compile(rb'name="mark" value="([^"]+)"')


def report(name: str, *, vendor: str, target: float) -> Figure:
    """Public reports at 1,000 different codes. Each form is opened first, as a browser does; the sending is timed."""
    with towns() as stage:
        town = stage.copy(vendor)
        asked = json.loads(town.run("bench.requests.asking", "reports", str(CODES)))
        counted = json.loads(town.run("bench.requests.counting", "report"))
        with Served(town) as served:
            browsers = [Browser(served.port) for _ in range(CLIENTS)]
            forms = Forms(browsers, asked)
            turns = _take_turns(served, browsers, forms.sendings(), 303, before=forms.open)
    return _figure(name, turns, counted, target, 26.5, "47 statements, 8 commits")


def step(name: str, *, vendor: str, target: float) -> Figure:
    """A holder takes a matter (接单): the step that every matter sees."""
    with towns() as stage:
        town = stage.copy(vendor)
        counted = json.loads(town.run("bench.requests.counting", "step"))
        asked = json.loads(town.run("bench.requests.asking", "steps", "10000"))
        with Served(town) as served:
            browsers = [Browser(served.port, {"sessionid": asked["session"]}) for _ in range(CLIENTS)]
            for browser in browsers:
                assert browser.get("/work").status == 200
            turns = _take_turns(served, browsers, _takings(asked["numbers"]), 302)
    return _figure(name, turns, counted, target, 22.3, "41 statements")


class Forms:
    """Opened forms, each with the mark that makes a second press harmless."""

    def __init__(self, browsers: list[Browser], asked: list[dict[str, str]]) -> None:
        self._browsers, self._asked = browsers, cycle(asked)
        self._open: deque[tuple[dict[str, str], str]] = deque()

    def open(self, count: int) -> None:
        """Open forms until as many lie ready."""

        def opening() -> Iterator[Ask]:
            for _ in range(count - len(self._open)):
                one = next(self._asked)
                yield lambda browser, one=one: self._opened(browser, one)

        load(self._browsers, opening(), 600, 200, to_the_end=True)

    def _opened(self, browser: Browser, one: dict[str, str]) -> Answer:
        page = browser.get(f"/Q/{one['code']}")
        mark = _MARK.search(page.text)
        assert mark, page.text[:2000]
        self._open.append((one, mark[1].decode()))
        return page

    def sendings(self) -> Iterator[Ask]:
        while self._open:
            one, mark = self._open.popleft()
            fields = {"mark": mark, "kind": one["kind"], "words": one["words"], "phone": one["phone"], "name": ""}
            yield lambda browser, one=one, fields=fields: browser.post(f"/Q/{one['code']}", fields)


def _takings(numbers: list[str]) -> Iterator[Ask]:
    for number in numbers:

        def take(browser: Browser, number: str = number) -> Answer:
            mark = browser.cookies["csrftoken"]
            # The page that follows a step shows what was done and forgets it; here nobody opens that page.
            browser.cookies.pop("messages", None)
            return browser.post(f"/matters/{number}/take", {"version": "1", "csrfmiddlewaretoken": mark})

        yield take


def _take_turns(
    served: Served,
    browsers: list[Browser],
    asks: Iterator[Ask],
    status: int,
    before: Callable[[int], None] = lambda count: None,
) -> tuple[Slice, Slice, Spent]:
    """The raw limit and the load in turn; all slices of each together, and what the load's cost."""
    raw = raw_of(served.town)
    before(2000)
    warm = load(browsers, asks, WARM_SECONDS, status)
    inserts(raw, 0.5)
    limit, loaded, spent = Slice(), Slice(), Spent()
    for _ in range(ROUNDS):
        before(int(warm.rate * SERVED_SECONDS * 2))
        limit += inserts(raw, RAW_SECONDS)
        start = served.spent()
        loaded += load(browsers, asks, SERVED_SECONDS, status)
        spent += served.spent() - start
    raw.close()
    return limit, loaded, spent


def _figure(
    name: str, turns: tuple[Slice, Slice, Spent], counted: dict[str, Any], target: float, peer: float, peer_words: str
) -> Figure:
    limit, loaded, spent = turns
    each = {one: round(1000 * seconds / loaded.count, 2) for one, seconds in vars(spent).items()}
    notes = {
        "statements": counted["statements"],
        "cpu_ms": each["answering"],
        "commits": counted["commits"],
        "timers_cpu_ms": each["timers"],
        "database_cpu_ms": each["database"],
        "raw": round(limit.rate),
        "share_of_raw": round(loaded.rate / limit.rate, 3),
        "p50_ms": round(1000 * loaded.percentile(0.5), 1),
        "p95_ms": round(1000 * loaded.percentile(0.95), 1),
        "count": loaded.count,
    }
    return Figure(
        name, loaded.rate, "/s", target, f"{SIGNALEN} ({peer_words})", peer, round(loaded.rate / peer, 1), notes=notes
    )
