from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import timedelta

import pytest

from doudi.web import clock
from doudi.web.demo.names import chance_for, read
from doudi.web.demo.plan import plan_history
from doudi.web.demo.speech import TOPIC_FILES, topics
from tests.web.demo.small_town import NOW, calendar, catalogue, plan, setting


def test_ninety_days_bring_about_twenty_eight_reports_a_day() -> None:
    assert 2500 <= len(plan()) <= 3500
    assert plan()[0].at >= NOW - timedelta(days=90)
    assert plan()[-1].at < NOW
    assert [report.at for report in plan()] == sorted(report.at for report in plan())


@pytest.mark.parametrize(("channel", "share"), [("grid", 0.44), ("hotline", 0.35), ("scan", 0.11)])
def test_patrols_and_the_hotline_bring_most(channel: str, share: float) -> None:
    found = sum(report.channel == channel for report in plan()) / len(plan())
    assert found == pytest.approx(share, abs=0.04)


def test_working_days_are_busier_than_free_ones() -> None:
    by_day = Counter(clock.day_of(report.at) for report in plan())
    worked = [count for day, count in by_day.items() if calendar().is_workday(day)]
    free = [count for day, count in by_day.items() if not calendar().is_workday(day)]
    assert sum(worked) / len(worked) > 1.6 * sum(free) / len(free)


def test_every_topic_is_a_kind_of_the_catalogue_or_openly_none() -> None:
    assert {topic.kind for topic in topics() if topic.kind} <= {kind.code for kind in catalogue().leaves()}
    assert sum(not topic.kind for topic in topics()) == 1


def test_common_kinds_are_said_in_at_least_six_ways_and_hardly_two_reports_read_alike() -> None:
    told = defaultdict(set)
    for topic in topics():
        told[topic.kind] |= {*topic.said, *topic.patrol}
    common = [kind for kind, count in Counter(report.kind for report in plan()).items() if count >= 10]
    assert all(len(told[kind]) >= 6 for kind in common)
    assert len({report.words for report in plan()}) > 0.98 * len(plan())


def test_no_placeholder_is_left_in_the_words() -> None:
    assert not [
        report.words for report in plan() if re.search(r"[{}]|None", report.words + report.title + report.address)
    ]


def test_a_grid_worker_reports_from_the_own_grids_only() -> None:
    rounds = setting().rounds
    patrols = [report for report in plan() if report.channel == "grid"]
    assert all(report.worker and report.place and report.place.area in rounds[report.worker] for report in patrols)
    assert not any(report.worker for report in plan() if report.channel != "grid")


def test_an_order_from_above_has_a_number_of_its_own_and_a_due_moment_after_it_came() -> None:
    orders = [report for report in plan() if report.channel in ("hotline", "upstream")]
    assert len({report.external_id for report in orders}) == len(orders)
    assert all(report.upstream_due_at and report.upstream_due_at > report.at for report in orders)


def test_callers_leave_numbers_that_are_not_given_out() -> None:
    phones = [report.phone for report in plan() if report.phone]
    assert phones
    assert all(re.fullmatch(r"1990000\d{4}", phone) for phone in phones)


def test_few_are_late_and_few_are_done_again() -> None:
    courses = [report.course for report in plan()]
    assert 0.003 < sum(course.pace > 1 for course in courses) / len(courses) < 0.015
    assert 0.015 < sum(course.rework for course in courses) / len(courses) < 0.045


def test_a_few_ask_two_things_at_once_and_a_few_never_were_a_matter() -> None:
    asking = [report for report in plan() if report.more]
    assert 20 <= len(asking) <= 90
    assert all(
        report.more[0].kind not in ("", report.kind) and report.more[1] not in report.words
        for report in asking
        if report.more
    )
    assert 0.003 < sum(report.course.voided for report in plan()) / len(plan()) < 0.02


def test_something_lies_before_each_step_today() -> None:
    lying = Counter(report.course.stops_at for report in plan())
    assert set(lying) == {"", "desk", "take", "handle", "check", "reply"}
    assert lying[""] > 0.92 * len(plan())


def test_planned_twice_it_is_the_same_history() -> None:
    again = plan_history(setting(), NOW, chance_for("plan"))
    assert [(report.at, report.words, report.course) for report in again] == [
        (report.at, report.words, report.course) for report in plan()
    ]


def test_a_shorter_history_is_possible() -> None:
    few = plan_history(setting(), NOW, chance_for("plan"), days=3)
    assert few
    assert all(report.at >= NOW - timedelta(days=3) for report in few)


@pytest.mark.parametrize("name", ["speech", "names", *(f"topics/{one}" for one in TOPIC_FILES)])
def test_no_sentence_speaks_of_a_real_town(name: str) -> None:
    text = (read(name), name)
    assert not re.search("上海|北京|苏州|青浦|松江|浦东|嘉定", str(text))
