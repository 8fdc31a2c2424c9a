"""What was put off or refused, counted for `/metrics`; each first one in a minute is a line of the log."""

from __future__ import annotations

import logging

from prometheus_client import CollectorRegistry, Counter

from doudi.web.limits.buckets import Alarms

logger = logging.getLogger("doudi.limits")
REGISTRY = CollectorRegistry(auto_describe=False)
_COUNTED = Counter(
    "doudi_put_off", "Requests put off or refused, by where and why", ["where", "why"], registry=REGISTRY
)
_lines = Alarms(60)


def count(where: str, why: str) -> None:
    """``where``: door, sign_in, report, photograph, code, search, follow. A flood must not fill the disk with lines."""
    _COUNTED.labels(where, why).inc()
    if _lines.is_due(f"{where} {why}"):
        logger.warning("put off at %s: %s", where, why)


def counted(where: str, why: str) -> float:
    return float(_COUNTED.labels(where, why)._value.get())
