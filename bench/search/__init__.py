"""Search by words among very many matters and reports, beside the build that read every row, on both databases."""

from __future__ import annotations

import json
from functools import partial

from bench.figures import Figure, Measure
from bench.requests.stage import Town, towns

#: whose search is asked in the same town, of the same rows, in the same run
OLD = "14bb994"


def searching(name: str, *, vendor: str, records: int) -> Figure:
    """A page of fifty, newest first, for the widest and the narrowest view; ``value`` is the p95 of all pages."""
    with towns() as stage:
        town: Town = stage.town(vendor, records, by="bench.search.filling")
        told = json.loads(town.run("bench.search.asking", OLD))
    value = told.pop("page_p95_ms")
    return Figure(
        name,
        value,
        "ms",
        40,
        f"build {OLD}, a page of the same",
        told.pop("old_ms"),
        told.pop("ratio"),
        least_ratio=200 if records >= 1_000_000 else None,
        notes=told | {"records": f"{records} matters, {records} reports"},
    )


FIGURES: dict[str, Measure] = {
    f"{count}.{short}": partial(searching, vendor=vendor, records=records)
    for count, records in (("10k", 10_000), ("100k", 100_000), ("300k", 300_000), ("1m", 1_000_000))
    for short, vendor in (("pg", "postgres"), ("sqlite", "sqlite"))
}
