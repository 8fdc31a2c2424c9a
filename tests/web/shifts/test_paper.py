"""When the network is gone: a pack on paper, and slips that are typed in once, with their own time."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from doudi.engine.numbers import NumberError
from doudi.engine.shifts.slips import printed_slip
from doudi.web import clock
from doudi.web.fsck.queries import examine as faults
from doudi.web.matters.models import Matter, MatterClock
from doudi.web.reports.models import Report, ReportEvent
from doudi.web.reports.queries import by_token
from doudi.web.shifts import services
from doudi.web.shifts.models import Pack, Slip
from doudi.web.shifts.packing import printed_pack
from doudi.web.shifts.services import SlipError
from doudi.web.shifts.services.slips import link_of
from tests.web.desk.conftest import Visitor, content, report
from tests.web.town import TUESDAY, actor

HERE = "/desk/new"


@pytest.fixture
def pack(town: SimpleNamespace) -> Pack:
    return services.make_pack(actor(town.people.desk))


def words_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")


def typed(desk: Visitor, slip: Slip | str, status: int = 200, **said: Any) -> str:
    number = slip if isinstance(slip, str) else slip.printed
    fields = {"channel": "phone", "words": "楼道灯坏了", "happened_at": "8:30", "slip": number, **said}
    answer = desk.press(HERE, **fields)
    assert answer.status_code == status, content(answer)[:3000]
    return content(answer)


def test_the_pack_says_whom_to_call_and_what_is_open(town: SimpleNamespace, pack: Pack) -> None:
    matter = report(town, "有人占道摆摊", phone="13900001234")
    pdf = printed_pack(actor(town.people.desk), pack)
    words = words_of(pdf)
    missing = [
        one for one in ("110", "119", "95598", "12345", matter.number, "东苑面馆", "占道摆摊") if one not in words
    ]
    assert not missing, words
    assert "13900001234" not in words, "the telephone of whoever reported is not on paper"
    slips = pack.slips.all()
    assert len(slips) == 20 and all(one.printed in words for one in slips)


def test_of_what_is_secret_or_restricted_there_is_the_number_alone(town: SimpleNamespace, pack: Pack) -> None:
    secret = report(town, "楼上夜里打孩子，我家在五楼，请保密")
    assert secret.secret
    words = words_of(printed_pack(actor(town.people.shift), pack))
    assert secret.number in words and "打孩子" not in words and "五楼" not in words and "东苑面馆" not in words


def test_the_stub_bears_the_link_that_its_report_gets(town: SimpleNamespace, desk: Visitor, pack: Pack) -> None:
    slip = pack.slips.all()[0]
    with pypdfium2.PdfDocument(printed_pack(actor(town.people.desk), pack)) as document:
        pages = [document[at].render(scale=3).to_pil() for at in range(len(document))]
    read = {code.text.rsplit("/", 1)[-1] for page in pages for code in zxingcpp.read_barcodes(page)}
    assert read == {link_of(one.number) for one in pack.slips.all()}
    desk.read(f"/r/{link_of(slip.number)}", 404)
    typed(desk, slip)
    found = by_token(link_of(slip.number))
    assert found is not None and found == Report.objects.get()
    assert "楼道灯" in Visitor(None).read(f"/r/{link_of(slip.number)}")


def test_a_slip_is_typed_in_once_and_its_time_starts_the_clocks(
    town: SimpleNamespace, desk: Visitor, pack: Pack
) -> None:
    slip = pack.slips.all()[3]
    said = TUESDAY.astimezone(clock.TOWN_ZONE).replace(hour=8, minute=30, second=0, microsecond=0)
    said = said if said <= TUESDAY else said - timedelta(days=1)
    typed(desk, slip)
    slip.refresh_from_db()
    made = Report.objects.get()
    assert slip.report == made and made.received_at == said
    assert {one.started_at for one in MatterClock.objects.all()} == {said}
    assert set(made.clocks.exclude(which="contact").values_list("started_at", flat=True)) == {said}
    told = ReportEvent.objects.order_by("seq").first()
    assert told is not None and (told.happened_at, told.happened_source) == (said, "slip")
    page = typed(desk, slip, 409, words="又来一遍")
    assert made.number in page and Report.objects.count() == 1 and Matter.objects.count() == 1
    assert not list(faults())


def test_the_same_form_sent_twice_is_one(town: SimpleNamespace, desk: Visitor, pack: Pack) -> None:
    mark = re.search(r'name="mark" value="([^"]+)"', desk.read(HERE))
    assert mark
    slip = pack.slips.all()[0]
    first, again = (typed(desk, slip, mark=mark[1]) for _once in range(2))
    assert Report.objects.count() == 1
    assert link_of(slip.number) in first and link_of(slip.number) in again


def test_an_older_day_stands_on_the_slip(town: SimpleNamespace, desk: Visitor, pack: Pack) -> None:
    day = clock.day_of(TUESDAY) - timedelta(days=2)
    typed(desk, pack.slips.all()[0], slip_day=day.isoformat())
    assert clock.day_of(Report.objects.get().received_at) == day
    tomorrow = clock.day_of(TUESDAY) + timedelta(days=1)
    typed(desk, pack.slips.all()[1], 400, slip_day=tomorrow.isoformat())


def test_a_slip_needs_its_time_and_a_number_that_was_printed(town: SimpleNamespace, desk: Visitor, pack: Pack) -> None:
    slip = pack.slips.all()[0]
    typed(desk, slip, 400, happened_at="")
    typed(desk, "261130-999-9", 409)
    wrong = slip.number[:-1] + str((int(slip.number[-1]) + 1) % 10)
    typed(desk, printed_slip(wrong), 409)
    assert not Report.objects.exists() and slip.is_missing


def test_void_ones_are_told_from_missing_ones(town: SimpleNamespace, desk: Visitor, pack: Pack) -> None:
    slips = list(pack.slips.all())
    typed(desk, slips[0])
    who = actor(town.people.desk)
    with pytest.raises(SlipError):
        services.void(who, pack, [slips[1].number], " ")
    with pytest.raises(SlipError):
        services.void(who, pack, [slips[0].number], "用过了")
    assert services.void(who, pack, [slips[0].number, slips[1].number, slips[2].number], "写坏了") == 2
    typed(desk, slips[1], 409)
    page = desk.read(f"/packs/{pack.pk}")
    assert page.count("去补录") == 17 and "写坏了" in page
    words = words_of(printed_pack(who, pack))
    assert slips[0].printed not in words and slips[1].printed not in words and slips[3].printed in words


def test_packs_of_a_day_never_share_a_number(town: SimpleNamespace) -> None:
    who = actor(town.people.desk)
    first, second = services.make_pack(who), services.make_pack(who)
    assert not {one.number for one in first.slips.all()} & {one.number for one in second.slips.all()}
    for _more in range(47):
        services.make_pack(who)
    with pytest.raises(NumberError):
        services.make_pack(who)
    assert Pack.objects.count() == 49 and Slip.objects.count() == 980
