"""A report with words that stand nowhere else, on its whole way to a close, with a copy wherever the town makes one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from doudi.web import clock
from doudi.web.disputes import services as arguing
from doudi.web.disputes.links import token_for
from doudi.web.files.services import keep_photo
from doudi.web.matters import services as matters
from doudi.web.matters.models import Assignment, Matter
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.sealing import SealedTextField
from doudi.web.timers.running import run_due
from doudi.web.triage.services import Incoming, receive
from tests.web.files.hostile import photo
from tests.web.town import EAST_GRID, NO_PHOTO, actor

#: each stands once in what was said or written, in another place each
WHO = ("钱晓舟", "13812345678")
SAID = ("风铃草坠落", "金毛犬巴顿", "幸福里七零三", "后来补的紫藤萝", "巴顿在楼下的照片")
WRITTEN = ("处置记了白鹭栖", "转述里的墨竹轩", "答复里的松烟墨", "争议说的青石阶", "申请讲的雨花台")
CANARIES = (*WHO, *SAID, *WRITTEN)
WORDS = "我家养的金毛犬巴顿每天被楼下面馆的油烟熏，请处理"


def lay(town: SimpleNamespace) -> SimpleNamespace:
    """Reported from above, told on, argued about, handled, answered and closed. Returns report, matter, photograph, token."""
    shot = keep_photo(SimpleUploadedFile("巴顿在楼下的照片.jpg", photo(), content_type="image/jpeg"))
    desk, shift = actor(town.people.desk), actor(town.people.shift)
    officer = actor(town.people.east_officer)
    incoming = Incoming(
        channel="hotline",
        title="风铃草坠落",
        words=WORDS,
        demands=(f"{WORDS}。",),
        address="东苑路8号（幸福里七零三）703室",
        area_code=EAST_GRID,
        name=WHO[0],
        phone=WHO[1],
        uploads=(shot,),
        system="区热线",
        external_id="QX-1",
        upstream_row={"诉求人": WHO[0], "内容": WORDS},
        key="canary-form",
    )
    (received,) = receive([incoming], actor=desk)
    [first] = received.matters
    matters.dispatch(desk, fresh(first), kind="event.street.stall", holder=town.posts["chengguan.east"], text="请办")
    received.report.refresh_from_db()
    matters.add_to_report(received.report, "后来补的紫藤萝", actor=desk)
    matters.restrict(shift, fresh(first), "先限制")
    matters.retell(shift, fresh(first), "转述里的墨竹轩：请查油烟")
    matters.lift_restriction(shift, fresh(first), "不必限制", stays_secret=False)
    dispute = arguing.open_dispute(desk, fresh(first), "争议说的青石阶", invited=[town.posts["market.food"]])
    token_for(arguing.invite_body(desk, dispute, "县公路中心"))
    run_due(sweep=False)
    matters.take(officer, fresh(first))
    matters.note(officer, fresh(first), "申请讲的雨花台")
    return SimpleNamespace(
        report=received.report, matter=first, photo=shot, token=received.token, dispute=dispute, town=town
    )


def end(laid: SimpleNamespace) -> None:
    """Handle, check, answer and close it."""
    town = laid.town
    desk = actor(town.people.desk)
    if waits := Assignment.objects.filter(matter=laid.matter, role="support", until=None).first():
        matters.finish_support(desk, fresh(laid.matter), waits.post, "不用了", excused=True)
    arguing.withdraw(desk, type(laid.dispute).objects.get(pk=laid.dispute.pk), "不争了")
    shot = keep_photo(SimpleUploadedFile("办完.jpg", photo(), content_type="image/jpeg"))
    matters.handle(actor(town.people.east_officer), fresh(laid.matter), "处置记了白鹭栖", [shot], lacking=NO_PHOTO)
    matters.verify(desk, fresh(laid.matter), passed=True, text="看过")
    report = Report.objects.get(pk=laid.report.pk)
    matters.answer_report(desk, report, "答复里的松烟墨")
    report.refresh_from_db()
    reports.close(desk, report)
    laid.after = shot
    run_due(sweep=False)


def fresh(matter: Matter) -> Matter:
    return Matter.objects.get(pk=matter.pk)


def texts() -> Iterator[tuple[str, str]]:
    """Every text, number and JSON of every table, sealed ones opened, with where it stands."""
    for table in apps.get_models(include_auto_created=True):
        fields = [one for one in table._meta.concrete_fields if isinstance(one, _READ)]
        for row in table._default_manager.all():
            for one in fields:
                yield f"{table._meta.db_table}.{one.column}", str(getattr(row, one.attname))


_READ: tuple[Any, ...] = (models.CharField, models.TextField, models.JSONField, SealedTextField)


def where(canaries: tuple[str, ...]) -> dict[str, set[str]]:
    """In which columns each of the words stands."""
    found: dict[str, set[str]] = {one: set() for one in canaries}
    for place, text in texts():
        for one in canaries:
            if one in text or one.encode("unicode_escape").decode() in text:
                found[one].add(place)
    return found


def later(**period: float) -> Any:
    return clock.at(clock.now() + timedelta(**period))
