"""Work that is measured inside its own interpreter: ``python -m bench.requests.handwork WHAT …`` prints JSON."""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from time import perf_counter, process_time

import django

HEADERS = ("工单编号", "受理时间", "标题", "诉求内容", "事发地址", "联系人", "联系电话", "办理时限")


def bring_in(rows: str) -> dict[str, float]:
    """Rows a second of a whole import; a smaller one before it reads the rulebook and makes the book of duties."""
    from bench.requests.counting import Counting
    from doudi.web.upstream.services import import_file

    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.csv"), Path(folder, "large.csv")
        _write(small, 200, 0)
        _write(large, int(rows), 10_000)
        import_file(small, system="bench")
        with Counting() as counted:
            begun, on_core = perf_counter(), process_time()
            batch = import_file(large, system="bench")
            taken, spent = perf_counter() - begun, process_time() - on_core
    assert batch.added == int(rows), (batch.added, batch.faulty, batch.words)
    return {
        "rate": batch.added / taken,
        "cpu_ms": 1000 * spent / batch.added,
        "statements": counted.statements / batch.added,
    }


def _write(path: Path, rows: int, first: int) -> None:
    from doudi.web import clock
    from doudi.web.areas.models import Area
    from doudi.web.demo.speech import topics

    dice, said = Random(3), [words for topic in topics() for words in topic.said]
    villages = list(Area.objects.filter(kind__in=("village", "neighbourhood")).values_list("name", flat=True))
    now = clock.now().astimezone(clock.TOWN_ZONE)
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        table = csv.writer(target)
        table.writerow(HEADERS)
        for number in range(first, first + rows):
            words, came = (
                dice.choice(said).replace("{", "").replace("}", ""),
                now - timedelta(minutes=dice.randrange(60 * 24)),
            )
            due = came + timedelta(days=5)
            table.writerow(
                [
                    f"BENCH{number:08}",
                    f"{came:%Y-%m-%d %H:%M:%S}",
                    words[:20],
                    words,
                    f"{dice.choice(villages)}{dice.randrange(1, 400)}号",
                    "张先生",
                    f"130{dice.randrange(10**8):08}",
                    f"{due:%Y-%m-%d %H:%M:%S}",
                ]
            )


def photo(times: int = 7) -> dict[str, float]:
    """The least processor time of several: a picture with the fine grain that makes photographs large."""
    from doudi.web.files.services import keep_photo

    raw = _photograph()
    spent = []
    for _ in range(times):
        begun = process_time()
        kept = keep_photo(BytesIO(raw), name="large.jpg")
        spent.append(process_time() - begun)
    return {"cpu_ms": 1000 * min(spent), "megabytes": len(raw) / 2**20, "kept_kilobytes": kept.size // 1024}


def sign_in(times: int = 2000) -> dict[str, float]:
    """Microseconds of processor time to find who asks, session and person, as we do it and as Django does."""
    from django.contrib.sessions.backends import db

    from doudi.web.people.models import Person, PersonManager
    from doudi.web.people.sessions import SessionStore

    made = SessionStore()
    made.create()
    key, person = made.session_key, Person.objects.values_list("pk", flat=True)[0]
    ways = {
        "session": lambda: SessionStore(key)._get_session_from_db(),
        "session_by_django": lambda: db.SessionStore._get_session_from_db(SessionStore(key)),
        "person": lambda: Person.objects.get(pk=person),
        "person_by_django": lambda: super(PersonManager, Person.objects).get(pk=person),
    }
    for _ in range(100):
        assert ways["session"]() == ways["session_by_django"]() and ways["person"]() == ways["person_by_django"]()
    return {name: _microseconds(way, times) for name, way in ways.items()}


def _microseconds(way: Callable[[], object], times: int) -> float:
    spent = []
    for _ in range(5):
        begun = process_time()
        for _ in range(times // 5):
            way()
        spent.append((process_time() - begun) / (times // 5))
    return 1_000_000 * min(spent)


def _photograph(megabytes: float = 4.0) -> bytes:
    import numpy as np
    from PIL import Image

    dice = np.random.default_rng(5)
    coarse = Image.fromarray(dice.integers(0, 255, (30, 40, 3), dtype=np.uint8)).resize(
        (4000, 3000), Image.Resampling.BICUBIC
    )
    grain = dice.normal(0, 9, (3000, 4000, 1))
    picture = Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8))
    for quality in range(95, 30, -2):
        target = BytesIO()
        picture.save(target, "JPEG", quality=quality)
        if target.tell() <= megabytes * 2**20:
            return target.getvalue()
    raise AssertionError("no quality makes the picture small enough")


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
