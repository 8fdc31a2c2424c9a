"""What is not a request of a second: an import, a photograph, the memory of the served town."""

from __future__ import annotations

import json
from functools import partial

from bench.figures import Figure
from bench.requests.client import Browser, load
from bench.requests.server import Served
from bench.requests.stage import towns
from bench.requests.writing import CLIENTS, CODES, Forms

ROWS = 5000
ASKED_FOR = 1500


def bring_in(name: str, *, target: float) -> Figure:
    """A hotline table of 5,000 rows, from the file to matters with their holders, journalled and committed."""
    with towns() as stage:
        told = {
            vendor: json.loads(stage.copy(vendor).run("bench.requests.handwork", "bring_in", str(ROWS)))
            for vendor in ("postgres", "sqlite")
        }
    first = told["postgres"]
    notes = {
        "statements": round(first["statements"], 2),
        "cpu_ms": round(first["cpu_ms"], 3),
        "rows": ROWS,
        "sqlite": round(told["sqlite"]["rate"]),
        "sqlite_cpu_ms": round(told["sqlite"]["cpu_ms"], 3),
    }
    return Figure(name, first["rate"], "rows/s", target, notes=notes)


def photo(name: str, *, target: float) -> Figure:
    """One photograph of 4 MB and 12 megapixels: looked at, drawn anew with its small version, written and synced."""
    with towns() as stage:
        told = json.loads(stage.copy("sqlite").run("bench.requests.handwork", "photo"))
    notes = {
        "statements": 1,
        "cpu_ms": round(told["cpu_ms"]),
        "megabytes": round(told["megabytes"], 2),
        "kept_kilobytes": told["kept_kilobytes"],
    }
    return Figure(name, told["cpu_ms"], "ms", target, notes=notes)


def sign_in(name: str, *, target: float) -> Figure:
    """What every page of somebody signed in pays to know who asks: the session and the person, past the query machinery."""
    with towns() as stage:
        told = {
            vendor: json.loads(stage.copy(vendor).run("bench.requests.handwork", "sign_in"))
            for vendor in ("sqlite", "postgres")
        }
    first = {part: round(value) for part, value in told["sqlite"].items()}
    notes = {"statements": 2, "cpu_ms": None, **first}
    notes |= {f"postgres_{part}": round(value) for part, value in told["postgres"].items()}
    return Figure(name, first["session"] + first["person"], "µs", target, notes=notes)


def memory(name: str, *, target: float) -> Figure:
    """All processes of the served town after 1,500 forms, 1,500 reports and fifty looks at the desk."""
    with towns() as stage:
        town = stage.copy("sqlite")
        asked = json.loads(town.run("bench.requests.asking", "reports", str(CODES)))
        session = json.loads(town.run("bench.requests.asking", "session", "zhiban"))
        with Served(town) as served:
            fresh = served.megabytes()
            browsers = [Browser(served.port) for _ in range(CLIENTS)]
            forms = Forms(browsers, asked)
            forms.open(ASKED_FOR)
            load(browsers, forms.sendings(), 600, 303, to_the_end=True)
            colleague = Browser(served.port, {"sessionid": session})
            looks = iter([partial(Browser.get, path="/desk")] * 50)
            load([colleague], looks, 600, 200, to_the_end=True)
            value = served.megabytes()
    return Figure(name, value, "MB", target, notes={"statements": None, "cpu_ms": None, "fresh": round(fresh)})
