"""Who asks is told by the trusted hop alone; buckets and counts forget in time and never grow without end."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from doudi.web.limits import buckets
from doudi.web.limits.address import address_of, network_of
from doudi.web.limits.buckets import Alarms, Buckets, Distinct


@pytest.mark.parametrize(
    ("proxies", "forwarded", "connection", "client"),
    [
        (0, "8.8.8.8", "10.0.0.1", "10.0.0.1"),
        (1, "8.8.8.8", "10.0.0.1", "8.8.8.8"),
        (1, "1.1.1.1, 8.8.8.8", "10.0.0.1", "8.8.8.8"),  # what stands further left the client wrote
        (2, "1.1.1.1, 8.8.8.8, 10.0.0.2", "10.0.0.1", "8.8.8.8"),
        (2, "8.8.8.8", "10.0.0.1", "10.0.0.1"),  # asked past one of the proxies
        (1, "", "10.0.0.1", "10.0.0.1"),
        (1, "unknown", "10.0.0.1", "?"),
        (1, "::ffff:8.8.8.8", "10.0.0.1", "8.8.8.8"),
        (1, "[2001:DB8::1]", "10.0.0.1", "2001:db8::1"),
    ],
)
def test_the_client_is_whom_the_trusted_hop_names(
    settings: LazySettings, proxies: int, forwarded: str, connection: str, client: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    told = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert address_of(RequestFactory().get("/", REMOTE_ADDR=connection, **told)) == client


def test_one_subscriber_is_one_network() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1") == "2001:db8:1:2::/64"
    assert (network_of("8.8.8.8"), network_of("?")) == ("8.8.8.8", "?")


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    now = [1000.0]
    monkeypatch.setattr(buckets, "monotonic", lambda: now[0])

    def later(seconds: float) -> None:
        now[0] += seconds

    return later


def test_a_bucket_gives_a_burst_and_then_so_many_in_time(wait: Callable[[float], None]) -> None:
    bucket = Buckets(burst=3, seconds=10)
    assert [bucket.take("a") for _ in range(4)] == [True, True, True, False]
    assert bucket.take("b") and bucket.wait("a") == pytest.approx(10)
    wait(10)
    assert bucket.take("a") and not bucket.take("a")
    bucket.give("a")
    assert bucket.take("a")
    wait(10_000)
    assert [bucket.take("a") for _ in range(4)] == [True, True, True, False], "it holds no more than its burst"


def test_memory_is_bounded(wait: Callable[[float], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "MOST_KEYS", 100)
    bucket, seen = Buckets(burst=3, seconds=10), Distinct(60, most=10)
    for number in range(1000):
        bucket.take(str(number))
        seen.add(str(number), "x")
    assert len(bucket._held) <= 100 and len(seen._seen) <= 100
    assert max(seen.add("999", str(number)) for number in range(50)) == 11


def test_what_differs_is_counted_for_its_time(wait: Callable[[float], None]) -> None:
    seen, alarms = Distinct(60), Alarms(3600)
    assert [seen.add("a", thing) for thing in "xyx"] == [1, 2, 2]
    wait(61)
    assert seen.add("a", "z") == 1
    assert [alarms.is_due("a"), alarms.is_due("a"), alarms.is_due("b")] == [True, False, True]
    wait(3600)
    assert alarms.is_due("a")
