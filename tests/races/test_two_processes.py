"""Two `doudi timers` at once, each a process of its own: between them they do everything, and nothing twice."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from types import SimpleNamespace

from django.db import connection

from doudi.web import clock
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.journal.models import FreeText
from doudi.web.notices.models import Notice
from doudi.web.triage.services import Incoming, receive
from tests.contracts.house import ROOT
from tests.web.town import TUESDAY

JOBS = 60


def test_two_timers_serve_nobody_twice(crowd: SimpleNamespace) -> None:
    with clock.at(TUESDAY - timedelta(days=3)):
        receive([Incoming("scan", "有人占道摆摊", unit_code=crowd.shop.code, key=f"k{n}") for n in range(10)])
        jobs.plan_all([("tally", f"tally:{n}", clock.now(), {"says": f"第 {n} 件"}) for n in range(JOBS)])
    words_before = FreeText.objects.count()
    command = [sys.executable, "-m", "tests.races.timers_process", str(connection.settings_dict["NAME"])]
    both = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(2)
    ]
    for one in both:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in both:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in both:
        one.communicate(timeout=120)
        assert one.returncode == 0
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    assert FreeText.objects.count() - words_before == JOBS
    assert Notice.objects.filter(kind="assigned").count() == 10
    overdue = list(Notice.objects.filter(kind="overdue").values_list("template", "facts"))
    assert len(overdue) == len({str(one) for one in overdue}) > 0
