"""A flood of reports is set apart and folded into one figure; danger and everybody else are heard; guessing is seen."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from doudi.web import clock
from doudi.web.fsck.queries import examine
from doudi.web.jobs.models import Job
from doudi.web.matters.models import Matter
from doudi.web.notices.models import Notice
from doudi.web.people.actor import Actor
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.models import Version
from doudi.web.scan.flood import doubt
from doudi.web.timers.running import run_due
from doudi.web.triage import services as triage
from tests.web.desk.conftest import photograph
from tests.web.scan.steps import send
from tests.web.town import TUESDAY

pytestmark = pytest.mark.only("sqlite", "floods are counted in memory")

HERE, THERE = "203.0.113.5", "198.51.100.7"
CLEAR = "下水道堵了，污水冒出来了"


@pytest.fixture
def low(town: SimpleNamespace) -> SimpleNamespace:
    """A town with small figures."""
    version = Version.objects.get()
    version.documents["parameters"]["quarantine"] = {
        "words": ["测试"],
        "most_per_hour_from_one_source": 4,
        "most_per_hour_at_one_plaque": 12,
        "most_per_hour_in_town": 18,
        "photos_per_day_from_one_source": 3,
    }
    Version.objects.update(documents=version.documents, digest="low")
    return town


def report(words: str, address: str, where: str = "/report", **more: Any) -> Report:
    """What the report became that somebody sent."""
    before = set(Report.objects.values_list("pk", flat=True))
    answer = send(Client(REMOTE_ADDR=address), where, words=words, **more)
    assert answer.status_code == 303, "nobody is refused"
    return Report.objects.exclude(pk__in=before).get()


def faults() -> list[str]:
    with clock.at(TUESDAY + timedelta(hours=1)):
        # The figures were changed under the published rulebook.
        return [str(one) for one in examine() if one.code != "rulebook.changed"]


def test_one_source_above_its_figure_is_set_apart_and_asks_nobody(low: SimpleNamespace) -> None:
    found = [report(f"{CLEAR} 第{number}次", HERE) for number in range(10)]
    assert [one.status for one in found] == ["received"] * 4 + ["quarantined"] * 6
    assert {one.quarantine_reason for one in found[4:]} == {"source"}
    assert Matter.objects.count() == 4, "what is set apart makes no work and no clock of a matter"
    assert report(CLEAR, THERE).status == "received", "another source is heard"
    assert faults() == []
    desk = Client()
    desk.force_login(low.people.desk)
    page = desk.get("/desk").content.decode()
    assert "待甄别" in page and page.count("第9次") == 0, "one figure at the desk, not six lines"


def test_danger_in_the_flood_rings_by_itself(low: SimpleNamespace) -> None:
    for number in range(8):
        report(f"{CLEAR} 第{number}次", HERE)
    Job.objects.all().delete()
    alarm = report("三楼着火了，老人困在里面，快来救命", HERE)
    assert alarm.status == "received"
    matter = Matter.objects.get(demands__report=alarm)
    assert matter.lane == "life"
    run_due()
    assert Notice.objects.filter(path=matter.get_absolute_url(), urgent=True).exists()


def test_in_a_crowd_those_who_say_something_of_their_own_are_heard(low: SimpleNamespace) -> None:
    """The town is above its figure; half of the others come from the addresses of the flood."""
    flood = [report("qwerty asdf zxcv", f"192.0.2.{number % 40}") for number in range(80)]
    assert sum(one.status == "received" for one in flood) <= 18
    assert {one.quarantine_reason for one in flood[20:]} <= {"town", "crowd"}
    others = ["有人占道摆摊，走不过去", "垃圾堆在路边没人收", "饭店油烟直往窗里跑", "半夜唱歌，噪音太大"]
    heard = [report(words, f"192.0.2.{at}" if at % 2 else f"198.51.100.{at}") for at, words in enumerate(others)]
    assert [one.status for one in heard if Report.objects.get(pk=one.pk).quarantine_reason] == []
    assert faults() == []


def test_a_plaque_above_its_figure_folds_what_is_alike(low: SimpleNamespace) -> None:
    where = f"/Q/{low.shop.code}"
    found = [report(f"垃圾没人收 {number}", f"192.0.2.{number}", where) for number in range(14)]
    assert [one.quarantine_reason for one in found[12:]] == ["plaque", "plaque"]


def test_only_such_a_word_and_nothing_else_is_set_apart(low: SimpleNamespace) -> None:
    assert report(" 测试！", HERE).quarantine_reason in ("words", "")
    assert report("测试", THERE).quarantine_reason == "words"
    assert report("测试井盖的人把路挖断了", THERE).status == "received"


def test_a_colleague_is_never_doubted(low: SimpleNamespace) -> None:
    request = SimpleNamespace(actor=Actor.of(low.people.grid_east), META={"REMOTE_ADDR": HERE}, headers={})
    assert {doubt(request, "测试", None) for _ in range(50)} == {""}  # type: ignore[arg-type]


def test_what_was_set_apart_goes_its_way_when_the_desk_says_so(low: SimpleNamespace) -> None:
    apart = [report(f"{CLEAR} 第{number}次", HERE) for number in range(6)][-1]
    desk = Client()
    desk.force_login(low.people.desk)
    assert desk.get(f"/reports/{apart.number}").status_code == 200
    desk.post(f"/reports/{apart.number}/release", {"version": apart.version})
    apart.refresh_from_db()
    matter = Matter.objects.get(demands__report=apart)
    assert (apart.status, apart.answerer_id) == ("received", matter.holder_id)
    assert faults() == []


def test_what_was_set_apart_is_put_away_with_a_reason(low: SimpleNamespace) -> None:
    apart = [report(f"{CLEAR} 第{number}次", HERE) for number in range(6)][-1]
    reports.dismiss(Actor.of(low.people.desk), apart, "同一人反复提交")
    assert faults() == []


def test_later_words_that_tell_of_danger_take_it_up(low: SimpleNamespace) -> None:
    apart = [report(f"{CLEAR} 第{number}次", HERE) for number in range(6)][-1]
    triage.hear_apart(apart, "还是没人来")
    assert apart.status == "quarantined"
    token = reports.new_token("x")
    Report.objects.filter(pk=apart.pk).update(link_digest=reports.digest_of(token))
    answer = Client().post(f"/r/{token}/add", {"words": "现在漏电了，有人触电倒在地上"})
    assert answer.status_code == 303
    apart.refresh_from_db()
    assert apart.status == "received"
    assert Matter.objects.get(demands__report=apart).lane == "life"
    assert faults() == []


def test_photographs_have_a_quota_and_the_words_come_in_without_them(
    low: SimpleNamespace, settings: LazySettings, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    kept = [report(f"{CLEAR} {number}", HERE, photos=photograph()).photos.count() for number in range(5)]
    assert kept == [1, 1, 1, 0, 0]
    assert report(CLEAR, THERE, photos=photograph()).photos.count() == 1


@pytest.mark.parametrize("many", [False, True])
def test_guessing_codes_raises_an_alarm(town: SimpleNamespace, many: bool) -> None:
    for number in range(210 if many else 25):
        address = f"192.0.2.{number % 50}" if many else HERE
        assert Client(REMOTE_ADDR=address).get(f"/Q/AAAA{number:05}").status_code == 404
    run_due()
    told = Notice.objects.filter(kind="attack")
    assert {one.post_id for one in told} == {"uoc.shift_leader", "admin"} and "不存在的码" in told[0].template


def test_a_slip_raises_none(town: SimpleNamespace) -> None:
    for _ in range(30):
        Client(REMOTE_ADDR=HERE).get("/Q/AAAA1")
    assert not Job.objects.filter(kind="tell_of_attack").exists()
