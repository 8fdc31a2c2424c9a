"""Whoever looks after background work sees what waits, fails or was laid aside, and lets it be tried anew or ends it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.engine.messages import Message
from doudi.web.jobs import services as jobs
from doudi.web.jobs.models import Job
from doudi.web.journal.models import Leaf
from doudi.web.notices.services import send
from doudi.web.timers.running import run_due
from tests.web.town import TUESDAY


@pytest.fixture
def dead(town: SimpleNamespace) -> Job:
    jobs.plan("notify_holder", "assigned:1", TUESDAY, {})
    Job.objects.update(state="dead", attempts=6, last_error="KeyError: 13812345678")
    return Job.objects.get()


@pytest.mark.parametrize(
    ("who", "status"),
    [("shift", 200), ("admin", 200), ("desk", 404), ("leader", 404), ("auditor", 404), ("east_officer", 404)],
)
def test_it_is_there_for_whoever_tends_it(
    dead: Job, town: SimpleNamespace, client: Client, who: str, status: int
) -> None:
    client.force_login(getattr(town.people, who))
    assert client.get("/system").status_code == status
    assert client.post("/system/retry", {"job": str(dead.pk)}).status_code == (302 if status == 200 else 404)


def test_strangers_are_sent_to_the_login(dead: Job, client: Client) -> None:
    assert client.get("/system").headers["Location"].startswith("/login")


def test_the_words_of_an_error_are_only_for_whoever_sees_matters(
    dead: Job, town: SimpleNamespace, client: Client
) -> None:
    client.force_login(town.people.shift)
    assert "KeyError: 13812345678" in client.get("/system").content.decode()
    client.force_login(town.people.admin)
    page = client.get("/system").content.decode()
    assert "KeyError" in page
    assert "13812345678" not in page


def test_it_says_which_posts_keep_silent_and_not_about_what(town: SimpleNamespace, client: Client) -> None:
    about = Message("事项 {number} 已超时：{summary}", {"number": "1", "summary": "面馆后厨"})
    send([("chengguan.east", "overdue", f"k{n}", about, "", True) for n in range(2)])
    client.force_login(town.people.admin)
    page = client.get("/system").content.decode()
    assert "城管东片岗" in page
    assert "面馆后厨" not in page


def test_a_dead_job_is_tried_anew(dead: Job, town: SimpleNamespace, client: Client) -> None:
    client.force_login(town.people.admin)
    client.post("/system/retry", {"job": str(dead.pk)})
    assert (Job.objects.get().state, Job.objects.get().attempts) == ("waiting", 0)
    assert Leaf.objects.filter(body__contains='"kind":"job_retried"').count() == 1
    client.post("/system/retry", {"job": str(dead.pk)})
    assert Leaf.objects.filter(body__contains='"kind":"job_retried"').count() == 1


def test_all_dead_jobs_are_tried_anew_at_once(dead: Job, town: SimpleNamespace, client: Client) -> None:
    jobs.plan("notify_holder", "assigned:2", TUESDAY, {})
    Job.objects.update(state="dead")
    client.force_login(town.people.shift)
    client.post("/system/retry", {"all": "1"})
    assert set(Job.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_dead_job_is_ended_only_with_a_reason(dead: Job, town: SimpleNamespace, client: Client) -> None:
    client.force_login(town.people.shift)
    answer = client.post("/system/drop", {"row": str(dead.pk), "words": " "})
    assert answer.status_code == 400 and "请写明为什么不再执行" in answer.content.decode()
    assert Job.objects.get().state == "dead"
    client.post("/system/drop", {"row": str(dead.pk), "words": "事项早已办结"})
    assert Job.objects.get().state == "dropped"
    run_due(sweep=False)
    assert Job.objects.get().state == "dropped"
    late = client.post("/system/drop", {"row": str(dead.pk), "words": "再放弃一次"})
    assert late.status_code == 409 and "没有搁置" in late.content.decode()


@pytest.mark.parametrize("asked", ["", "x", "0" * 36, "../../etc"])
def test_a_job_that_is_none_is_not_found(dead: Job, town: SimpleNamespace, client: Client, asked: str) -> None:
    client.force_login(town.people.shift)
    assert client.post("/system/drop", {"row": asked, "words": "x"}).status_code == 404


@pytest.mark.parametrize("tab", ["dead", "failing", "waiting", "leased", "ended", "nonsense"])
def test_every_tab_has_its_page(dead: Job, town: SimpleNamespace, client: Client, tab: str) -> None:
    client.force_login(town.people.shift)
    assert client.get("/system", {"tab": tab}).status_code == 200
