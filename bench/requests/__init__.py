"""What the served town costs: requests per second, statements, processor time, memory; each beside its peer or its limit."""

from __future__ import annotations

from functools import partial

from bench.figures import Measure
from bench.requests import writing

FIGURES: dict[str, Measure] = {
    "report.pg": partial(writing.report, vendor="postgres", target=270),
    "report.sqlite": partial(writing.report, vendor="sqlite", target=270),
    "step.pg": partial(writing.step, vendor="postgres", target=225),
}
