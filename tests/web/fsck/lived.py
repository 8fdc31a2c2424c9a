"""The small town with a little history: reports of every sort, one closed and answered, one merged, one at the upstream."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

from django.test import override_settings
from PIL import Image

from doudi.web import clock
from doudi.web.files.services import keep_photo
from doudi.web.matters import services as matters
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.made_once import home
from tests.web.town import NO_PHOTO, TUESDAY, actor, build


def live() -> SimpleNamespace:
    """``closed``, ``open``, ``merged`` and ``given`` are matters; ``report`` is the closed one's; ``media``: where its photo lies."""
    town, media = build(), tempfile.mkdtemp(prefix="lived-", dir=home())
    with override_settings(MEDIA_ROOT=media), clock.at(TUESDAY):
        return SimpleNamespace(town=town, media=media, **vars(_history(town)))


def _history(town: SimpleNamespace) -> SimpleNamespace:
    desk, officer, grid = (actor(town.people.desk), actor(town.people.east_officer), actor(town.people.grid_east))
    picture = BytesIO()
    Image.new("RGB", (40, 30), "grey").save(picture, "JPEG")
    photo = keep_photo(picture, name="后.jpg")
    batch = receive(
        [
            Incoming("scan", "门口有人摆摊占道", unit_code=town.shop.code, name="李先生", phone="19900000000"),
            Incoming("scan", "又有人摆摊占道", unit_code=town.shop.code),
            Incoming(
                "hotline",
                "路边有垃圾",
                system="district",
                external_id="D-1",
                upstream_due="2026-11-26 17:00",
                upstream_due_at=TUESDAY + timedelta(days=2, hours=7),
            ),
            Incoming("web", "我有一个建议，希望多听听群众的话"),
        ],
        auto_dispatch=True,
    )
    closed, merged, given, unclear = (one.matters[0] for one in batch)
    matters.finish_support(desk, closed, town.posts["committee.east"], "不需要", excused=True)
    matters.take(officer, closed)
    matters.handle(officer, closed, "已劝离", [photo], lacking=NO_PHOTO)
    matters.verify(grid, closed, passed=False, text="又摆出来了")
    matters.handle(officer, closed, "再次劝离", [photo], lacking=NO_PHOTO)
    matters.verify(grid, closed, passed=True)
    report = Report.objects.get(pk=batch[0].report.pk)
    reports.log_contact(desk, report, reached=False, text="无人接听")
    matters.answer_report(desk, report, "已劝离，谢谢反映")
    with clock.at(TUESDAY + timedelta(hours=1)):
        matters.reopen_report(actor(town.people.shift), report, "第二天又来了", by_reporter=True)
        closed.refresh_from_db()
        matters.handle(officer, closed, "第三次劝离", [photo], lacking=NO_PHOTO)
        matters.verify(grid, closed, passed=True)
        matters.answer_report(desk, report, "已安排固定岗")
        reports.close(desk, report)
    given.refresh_from_db()
    matters.dispatch(desk, given, kind="event.street.rubbish")
    matters.merge(desk, merged, given, "同一处")
    with clock.at(TUESDAY + timedelta(minutes=1)):
        run_due()
    for matter in (closed, merged, given, unclear):
        matter.refresh_from_db()
    return SimpleNamespace(closed=closed, merged=merged, given=given, open=unclear, report=report, photo=photo)
