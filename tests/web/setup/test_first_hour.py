"""A town that was only just founded is set up in the browser: each step has its state, its gaps and its page."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.edition_cache import forget_all
from doudi.web.jobs.models import Job
from doudi.web.journal.models import Leaf
from doudi.web.matters.models import Matter
from doudi.web.operations.founding import Plan, found
from doudi.web.people.models import Appointment, Office, Person, Post
from doudi.web.people.services import end_appointment
from doudi.web.reports.models import Report
from doudi.web.rulebook.models import Version
from doudi.web.setup.models import Trial
from doudi.web.setup.queries import steps
from doudi.web.units.models import Unit
from tests.web.town import EAST, EAST_GRID, TUESDAY, actor

CODE = "310199101000"


@pytest.fixture
def founded(db: None) -> Iterator[Client]:
    """What `doudi init` leaves, and its administrator at work."""
    with clock.at(TUESDAY):
        list(found(Plan(town="新镇", code=CODE, admin="zhang"), lambda: "一二三四五六七八九十一二"))
        forget_all()
        browser = Client()
        browser.force_login(Person.objects.get(username="zhang"))
        yield browser


@pytest.fixture
def admin(town: SimpleNamespace) -> Client:
    browser = Client()
    browser.force_login(town.people.admin)
    return browser


def state(name: str) -> bool:
    forget_all()
    return next(one.is_done for one in steps() if one.name == name)


def done(browser: Client, path: str, **said: object) -> None:
    answer = browser.post(path, said)
    assert answer.status_code == 302, answer.content.decode()


@pytest.mark.slow
def test_a_new_town_is_set_up_by_typing_and_each_step_says_so(founded: Client) -> None:
    assert founded.get("/")["Location"] == "/setup"
    page = founded.get("/setup").content.decode()
    assert "种岗位还没有设" in page and "还没有村居" in page and "还没有值班长" in page
    assert state("town") and not state("areas") and not state("trial") and not state("posts")

    done(founded, "/setup/areas", kind="village", name="河湾村", parent=CODE, code="310199101201")
    done(founded, "/setup/areas", kind="grid", name="河湾一网格", parent="310199101201", code="")
    assert Area.objects.get(kind="grid").code == "310199101201001" and state("areas")

    done(founded, "/setup/posts/office", code="", name="综合行政执法队", relation="own", phone="")
    office = Office.objects.get(name="综合行政执法队")
    done(
        founded,
        "/setup/posts/fill",
        group="chengguan",
        name="执法中队",
        relation="own",
        role=["chengguan.street", "chengguan.night"],
    )
    street = Post.objects.get(role="chengguan.street")
    assert street.may_hold and street.access == "officer" and street.office_id == "chengguan"
    done(
        founded,
        "/setup/posts",
        code="",
        office=office.code,
        name="值班长",
        role="uoc.shift_leader",
        access="shift_leader",
        may_hold="on",
    )
    for post, name in (("uoc.duty", "desk"), ("uoc.shift_leader", "leader"), ("chengguan.street", "officer")):
        answer = founded.post("/people/new", {"username": name, "name": f"{name}员", "phone": "", "post": post})
        assert answer.status_code == 200
    done(founded, "/setup/places", name="河湾面馆", type="shop.catering", area="310199101201001", address="河湾路1号")
    assert Unit.objects.get().name == "河湾面馆" and state("places")

    done(founded, "/setup/rulebook", title="新镇规则手册", source="第1次会议", sure="on")
    assert Version.objects.latest("number").title == "新镇规则手册" and state("rulebook")
    assert founded.post("/setup/rulebook", {"title": "再来", "source": "会", "sure": "on"}).status_code == 409

    done(founded, "/setup/backup")
    assert Job.objects.filter(kind="back_up").count() == 1

    done(founded, "/setup/trial", kind="event.order.hawker", place=Unit.objects.get().code)
    trial = Trial.objects.get()
    assert trial.whole, trial.steps
    assert state("trial") and not Report.objects.exists() and not Matter.objects.exists()


def test_a_trial_says_where_it_stopped_and_leaves_nothing(town: SimpleNamespace, admin: Client) -> None:
    shop = town.shop.code
    leaves = Leaf.objects.count()
    done(admin, "/setup/trial", kind="event.street.stall", place=shop)
    assert Trial.objects.get().whole, Trial.objects.get().steps
    assert Leaf.objects.count() == leaves + 1
    assert not Report.objects.exists() and not Job.objects.exists()
    end_appointment(actor(town.people.shift), Appointment.objects.get(post="chengguan.east"))
    done(admin, "/setup/trial", kind="event.street.stall", place=shop)
    page = admin.get("/setup/trial").content.decode()
    assert "停住了" in page and "请先给岗位任人" in page and not Trial.objects.first().whole


def test_gaps_are_counted_and_lead_to_where_they_are_mended(town: SimpleNamespace, admin: Client) -> None:
    end_appointment(actor(town.people.shift), Appointment.objects.get(post="chengguan.west"))
    found = {one.name: [gap.said for gap in one.gaps] for one in steps()}
    assert any("1 个岗位还没有人：城管西片岗" in gap for gap in found["people"])
    assert any("7 天没有排班" in gap for gap in found["roster"])


@pytest.mark.parametrize(
    ("path", "said", "words"),
    [
        ("/setup/areas", {"kind": "village", "name": "某村", "parent": "", "code": ""}, "请写区划代码"),
        ("/setup/areas", {"kind": "grid", "name": "某格", "parent": EAST, "code": "123"}, "不是区域代码"),
        ("/setup/posts", {"code": "uoc.duty", "office": "uoc", "name": "值班", "access": "none"}, "正在兜底"),
        (
            "/setup/posts",
            {"code": "admin", "office": "uoc", "name": "管理", "access": "none", "role": ""},
            "请至少留一个",
        ),
        ("/setup/town", {"name": "", "hotline": "1"}, "镇名"),
    ],
)
def test_what_would_break_the_town_is_refused_and_stays_in_the_form(
    town: SimpleNamespace, admin: Client, path: str, said: dict[str, str], words: str
) -> None:
    before = list(Post.objects.order_by("pk").values())
    answer = admin.post(path, said)
    assert answer.status_code in (400, 409)
    assert words in answer.content.decode()
    assert list(Post.objects.order_by("pk").values()) == before


def test_a_changed_post_keeps_what_the_form_does_not_ask(town: SimpleNamespace, admin: Client) -> None:
    said = {"code": "chengguan.east", "office": "chengguan", "name": "东片执法岗", "role": "chengguan.street"}
    done(admin, "/setup/posts", **said, access="officer", may_hold="on", areas=[EAST])
    post = Post.objects.get(code="chengguan.east")
    assert post.name == "东片执法岗" and post.silence_counts and [one.code for one in post.areas.all()] == [EAST]


def test_only_whoever_manages_areas_sets_the_town_up(town: SimpleNamespace) -> None:
    for who in (town.people.shift, town.people.leader, town.people.east_officer):
        browser = Client()
        browser.force_login(who)
        assert browser.get("/setup").status_code == 404
        assert browser.post("/setup/areas", {"kind": "grid", "name": "x", "parent": EAST}).status_code == 404
    assert Area.objects.filter(parent=EAST).count() == 1 and EAST_GRID
