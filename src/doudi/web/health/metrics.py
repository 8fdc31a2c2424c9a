"""The same figures for Prometheus, in its text format: counted when they are asked for, save the durations of requests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from doudi.web import clock
from doudi.web.limits import tally

REGISTRY = CollectorRegistry(auto_describe=False)
DURATIONS = Histogram(
    "doudi_request_seconds",
    "How long requests took, by route",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5),
    registry=REGISTRY,
)


class Town(Collector):
    """Asks the database again at every scrape."""

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        from doudi.web.health import figures, records
        from doudi.web.search.pending import behind as search_behind

        yield _by("doudi_reports_day", "Reports of the last 24 hours", ["channel"], figures.reports_of_a_day())
        rows = [((layer, lane), count) for layer, lane, count in figures.open_matters()]
        yield _by("doudi_matters_open", "Open matters", ["layer", "lane"], rows)
        yield _one("doudi_matters_overdue", "Open matters past their moment", figures.overdue())
        yield _age(
            "doudi_matter_untaken_seconds", "Since when the oldest matter waits to be taken", figures.oldest_untaken()
        )
        yield _one("doudi_notices_unacknowledged", "Urgent notices without an answer", figures.unacknowledged())
        jobs = figures.jobs()
        yield _by("doudi_jobs", "Jobs; those done are of the last 24 hours", ["state"], list(jobs.counts.items()))
        yield _age("doudi_job_oldest_due_seconds", "Since when the oldest job is due", jobs.oldest_due)
        yield _age("doudi_timers_silent_seconds", "Since when no timer showed itself", figures.timers_seen_at())
        size, last = figures.chain()
        yield _one("doudi_journal_links", "Links of the journal's chain", size)
        yield _age("doudi_journal_last_seconds", "Since the last link of the chain", last)
        yield _one("doudi_search_behind", "Links of the chain that the search index has not read", search_behind())
        yield _age("doudi_backup_age_seconds", "Since the last backup", records.last(records.BACKUP))
        yield _age(
            "doudi_drill_age_seconds", "Since a backup was last proven to come back", records.last(records.DRILL)
        )
        yield _one("doudi_disk_free_bytes", "Room on the disk of the data folder", figures.free_bytes())


REGISTRY.register(Town())


def text() -> bytes:
    return bytes(generate_latest(REGISTRY) + generate_latest(tally.REGISTRY))


def _one(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _age(name: str, says: str, since: datetime | None) -> Metric:
    """Seconds since; no sample at all where there is nothing to count from."""
    family = GaugeMetricFamily(name, says)
    if since is not None:
        family.add_metric([], max(0.0, (clock.now() - since).total_seconds()))
    return family


def _by(name: str, says: str, labels: list[str], rows: Iterable[tuple[str | tuple[str, ...], int]]) -> Metric:
    family = GaugeMetricFamily(name, says, labels=labels)
    for values, count in rows:
        family.add_metric([values] if isinstance(values, str) else list(values), count)
    return family
