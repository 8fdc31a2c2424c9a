"""What the served town costs: requests per second, statements, processor time, memory; each beside its peer or its limit."""

from __future__ import annotations

from functools import partial

from bench.figures import Measure
from bench.requests import reading, weighing, writing

FIGURES: dict[str, Measure] = {
    "report.pg": partial(writing.report, vendor="postgres", target=270),
    "report.sqlite": partial(writing.report, vendor="sqlite", target=270),
    "step.pg": partial(writing.step, vendor="postgres", target=225),
    "desk.10k": partial(reading.desk, matters=10_000, target=40, peer=406),
    "desk.100k": partial(reading.desk, matters=100_000, target=55, peer=555),
    "desk.1m": partial(reading.desk, matters=1_000_000, target=80, peer=None),
    "live": partial(reading.live, matters=100_000, desks=50, target=5),
    "scan": partial(reading.scan, target=300, most_kilobytes=60),
    "import": partial(weighing.bring_in, target=1000),
    "photo": partial(weighing.photo, target=400),
    "signed_in": partial(weighing.sign_in, target=120),
    "memory": partial(weighing.memory, target=350),
}
