"""A flood of one danger from one source is one line that rings once; what differs in place or sort rings by itself."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from doudi.engine.danger.assessment import Severity
from doudi.engine.triage.floods import place_told, tells_the_same
from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.jobs.models import Job
from doudi.web.matters import services as matters
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Demand, Matter, MatterEvent
from doudi.web.notices.models import Notice
from doudi.web.reports.models import Report, ReportClock
from doudi.web.rulebook.models import Version
from doudi.web.timers.running import run_due
from doudi.web.triage.models import DangerHeard
from doudi.web.triage.services import Incoming, forget_heard, part, receive
from tests.web.town import TUESDAY, actor

HERE, THERE = "203.0.113.5", "198.51.100.7"
FIRE = "三楼着火了，老人困在里面，快来救命"
DROWNING = "河里有小孩落水了，正在喊救命"


def told(town: SimpleNamespace, words: str, source: str = HERE, **more: object) -> Matter:
    """The matter of what somebody sent."""
    given = {"unit_code": town.shop.code} | more
    [received] = receive([Incoming(channel="scan", words=words, source=source, **given)])  # type: ignore[arg-type]
    [matter] = received.matters
    return Matter.objects.get(pk=matter.pk)


def whole() -> None:
    with clock.at(TUESDAY + timedelta(hours=1)):
        assert [str(one) for one in examine() if one.code != "rulebook.changed"] == []


def test_two_hundred_times_the_same_and_one_other_inside(town: SimpleNamespace) -> None:
    found = [told(town, FIRE) for _ in range(60)]
    other = told(town, DROWNING)
    found += [told(town, FIRE) for _ in range(140)]
    assert len({one.pk for one in found}) == 1 and other.pk != found[0].pk
    assert Matter.objects.count() == 2, "one line, and one for what differs"
    assert Report.objects.filter(status="received").count() == 201, "nothing is refused or set apart"
    assert Demand.objects.filter(matter=found[0]).count() == 200
    assert ReportClock.objects.filter(which="reply").count() == 201, "everybody is owed an answer"
    run_due()
    rung = Notice.objects.filter(urgent=True).values_list("path", flat=True)
    assert set(rung) == {found[0].get_absolute_url(), other.get_absolute_url()}
    for one in (found[0], other):
        assert Notice.objects.filter(path=one.get_absolute_url(), kind="assigned").count() == 1
    whole()


def test_they_may_all_come_in_one_batch(town: SimpleNamespace) -> None:
    same = Incoming(channel="hotline", words=FIRE, system="12345", phone="021-55501234", unit_code=town.shop.code)
    batch = [Incoming(**{**vars(same), "external_id": f"A-{n}"}) for n in range(40)]
    batch.insert(20, Incoming(**{**vars(same), "words": DROWNING, "external_id": "B"}))
    batch.append(Incoming(**{**vars(same), "phone": "021-55509999", "external_id": "C"}))
    received = receive(batch)
    assert Matter.objects.count() == 3 and len(received) == 42
    assert {len(one.matters) for one in received} == {1}
    again = receive([Incoming(**{**vars(same), "external_id": "A-40"})])
    assert again[0].matters[0].pk == received[0].matters[0].pk
    whole()


@pytest.mark.parametrize(
    "words", ["五楼着火了，老人困在里面，快来救命", "三楼东边着火了，老人困在里面，快来救命", DROWNING]
)
def test_another_place_or_sort_rings_by_itself(town: SimpleNamespace, words: str) -> None:
    assert told(town, FIRE).pk != told(town, words).pk


def test_another_plaque_or_source_rings_by_itself(town: SimpleNamespace) -> None:
    first = told(town, FIRE)
    assert told(town, FIRE, THERE).pk != first.pk
    assert told(town, FIRE, unit_code="").pk != first.pk
    assert told(town, FIRE, "", key="a").pk != told(town, FIRE, "", key="b").pk, (
        "a source that is not known folds nothing"
    )


def test_without_a_unit_the_words_must_be_the_same(town: SimpleNamespace) -> None:
    first = told(town, "老王饭店着火了，有人困在里面", unit_code="")
    assert told(town, "老王饭店着火了！有人困在里面！！", unit_code="").pk == first.pk
    assert told(town, "幸福网吧着火了，楼上有人跳窗", unit_code="").pk != first.pk


def test_worse_than_what_stands_rings(town: SimpleNamespace) -> None:
    first = told(town, FIRE)
    desk = actor(town.people.desk)
    matters.judge_danger(desk, first, Severity.URGENT, "只是烟")
    assert told(town, FIRE).pk != first.pk, "the desk judged it lower, and it is told of again"


def test_after_it_was_made_safe_or_closed_it_rings_again(town: SimpleNamespace) -> None:
    first = told(town, FIRE)
    assert told(town, FIRE).pk == first.pk
    matters.make_safe(actor(town.people.desk), Matter.objects.get(pk=first.pk), "火已扑灭")
    second = told(town, FIRE)
    assert second.pk != first.pk
    matters.void(actor(town.people.desk), second, "误报")
    assert told(town, FIRE).pk not in (first.pk, second.pk)
    whole()


def test_after_the_hour_it_rings_again_and_the_marks_go(town: SimpleNamespace) -> None:
    first = told(town, FIRE)
    [mark] = DangerHeard.objects.values_list("mark", flat=True)
    assert HERE not in mark and len(mark) == 40
    with clock.at(TUESDAY + timedelta(minutes=61)):
        assert told(town, FIRE).pk != first.pk
        assert forget_heard() == 1


def test_a_town_may_let_each_ring(town: SimpleNamespace) -> None:
    version = Version.objects.get()
    version.documents["parameters"]["quarantine"]["same_danger_minutes"] = 0
    Version.objects.update(documents=version.documents, digest="each")
    assert told(town, FIRE).pk != told(town, FIRE).pk
    assert not DangerHeard.objects.exists()


def test_a_secret_report_is_not_laid_beside_an_open_one(town: SimpleNamespace) -> None:
    first = told(town, FIRE)
    assert told(town, FIRE, secret=True).pk != first.pk
    whole()


def test_what_tells_of_no_danger_is_never_folded(town: SimpleNamespace) -> None:
    assert told(town, "门口有人摆摊占道").pk != told(town, "门口有人摆摊占道").pk


def test_the_desk_parts_one_and_it_rings(town: SimpleNamespace) -> None:
    first = told(town, FIRE)
    told(town, FIRE + "，我在对面")
    desk = Client()
    desk.force_login(town.people.desk)
    page = desk.get(first.get_absolute_url()).content.decode()
    assert "分出另办" in page and "不再重复响铃" in page
    assert "×2" in desk.get(reverse("desk")).content.decode()
    first.refresh_from_db()
    row = Demand.objects.filter(matter=first).last()
    assert row is not None
    Job.objects.all().delete()
    step = reverse("matter_step", args=[first.number, "part"])
    answer = desk.post(step, {"row": str(row.pk), "words": "两栋楼", "version": first.version})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    new = Matter.objects.exclude(pk=first.pk).get()
    assert (new.lane, list(new.demands.values_list("pk", flat=True))) == ("life", [row.pk])
    assert MatterEvent.objects.filter(matter=first, kind="parted", payload__into=new.number).exists()
    run_due()
    assert Notice.objects.filter(path=new.get_absolute_url(), urgent=True).exists()
    whole()


def test_what_stands_alone_cannot_be_parted(town: SimpleNamespace) -> None:
    first = told(town, FIRE)
    desk = actor(town.people.desk)
    with pytest.raises(MatterStepError, match="只有一项"):
        part(desk, first, first.demands.get(), "想分开")
    told(town, FIRE)
    first.refresh_from_db()
    with pytest.raises(MatterStepError, match="写明为什么"):
        part(desk, first, first.demands.first(), " ")  # type: ignore[arg-type]


def test_the_form_itself_counts_the_address(town: SimpleNamespace) -> None:
    for _ in range(3):
        Client(REMOTE_ADDR=HERE).post(reverse("place", args=[town.shop.code]), {"words": FIRE})
    assert (Matter.objects.count(), Report.objects.count()) == (1, 1), "the same form without a mark is one report"
    Client(REMOTE_ADDR=HERE).post(reverse("place", args=[town.shop.code]), {"words": FIRE + "！！"})
    assert (Matter.objects.count(), Report.objects.count()) == (1, 2)
    Client(REMOTE_ADDR=THERE).post(reverse("place", args=[town.shop.code]), {"words": FIRE})
    assert Matter.objects.count() == 2


def test_places_that_words_tell_apart() -> None:
    def here(words: str) -> object:
        return place_told("U", "A", "", words)

    assert here("3号楼着火，快来") == here("快快快，３号楼 着火了")
    assert here("3号楼着火") != here("4号楼着火")
    assert here("三号楼着火") != here("四号楼着火")
    assert here("东边着火") != here("西边着火")
    assert not tells_the_same(place_told(None, "A", "", "老街着火"), "老街着火", "新街着火了有人")
