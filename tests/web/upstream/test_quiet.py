"""A town that leaves its orders alone is told of it once a post and day; only what endangers somebody calls at once.

``DOUDI_ORDERS`` names a table of its own to leave alone instead of the forty orders here.
"""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from doudi.web import clock
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Digest, Notice
from doudi.web.timers.running import run_due
from doudi.web.upstream import services
from tests.web.tables.files import hotline_csv, order
from tests.web.town import TUESDAY

WORDS = [
    "路灯不亮三天没人修",
    "垃圾没人清",
    "楼上漏水到我家",
    "咨询养老金怎么办理",
    "有人占道摆摊",
    "楼下有很浓的煤气味",
]


def test_orders_left_alone_for_two_days_make_one_digest_a_post_and_day(town: SimpleNamespace, tmp_path: Path) -> None:
    own = os.environ.get("DOUDI_ORDERS")
    rows = [order(at, 诉求内容=f"{WORDS[at % len(WORDS)]}，第 {at} 处") for at in range(1, 41)]
    mapping = {"external_id": os.environ["DOUDI_ORDERS_ID"], "words": os.environ["DOUDI_ORDERS_WORDS"]} if own else None
    file = Path(own) if own else hotline_csv(tmp_path, rows)
    services.import_file(file, system="区12345", columns=mapping)
    for hour in range(0, 48, 1):
        with clock.at(TUESDAY + timedelta(hours=hour)):
            while run_due():
                pass
    digests = Counter(Digest.objects.values_list("post", "day"))
    assert digests and set(digests.values()) == {1}, "one digest a post and day"
    assert not Notice.objects.filter(urgent=False, digest=None).exists(), "what is not urgent is in a digest"
    # What comes by itself speaks of danger, whoever it is passed on to.
    numbers = {path.split("/")[-1] for path in Notice.objects.filter(urgent=True).values_list("path", flat=True)}
    assert set(Matter.objects.filter(number__in=numbers).values_list("lane", flat=True)) <= {"life", "urgent"}
    assert Matter.objects.filter(lane="normal").count() > len(numbers)
