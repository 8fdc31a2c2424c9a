"""A report becomes matters with one holder each, whatever is clear about it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import SimpleNamespace

from doudi.web.matters.models import Assignment, Matter
from doudi.web.triage.services import Incoming, receive


def report(words: str, **more: object) -> Incoming:
    return Incoming(channel="scan", words=words, **more)  # type: ignore[arg-type]


def test_what_is_clear_waits_at_the_desk_until_a_person_confirms(town: SimpleNamespace) -> None:
    (received,) = receive([report("门口有人摆摊占道", unit_code=town.shop.code)])
    (matter,) = received.matters
    assert (matter.holder_id, matter.kind, matter.unclear) == ("uoc.duty", "event.street.stall", "confirm")


def test_where_a_town_lets_matters_go_by_themselves_the_rules_name_the_holder(town: SimpleNamespace) -> None:
    (received,) = receive([report("门口有人摆摊占道", unit_code=town.shop.code)], auto_dispatch=True)
    (matter,) = received.matters
    assert (matter.holder_id, matter.layer, matter.unclear) == ("chengguan.east", "town_rule", "")
    assert received.report.answerer_id == "chengguan.east"
    assert set(Assignment.objects.values_list("post_id", "role")) == {
        ("chengguan.east", "lead"),
        ("committee.east", "support"),
    }


def test_a_gap_is_caught_at_once_by_the_backstop_of_the_place(town: SimpleNamespace) -> None:
    (received,) = receive([report("窨井井盖没有了", unit_code=town.manhole.code)])
    (matter,) = received.matters
    assert (matter.holder_id, matter.unclear, matter.lane) == ("grid.east", "gap", "urgent")


def test_a_conflict_is_caught_at_once_by_the_backstop_of_the_place(town: SimpleNamespace) -> None:
    (received,) = receive([report("油烟呛人", unit_code=town.shop.code)])
    assert (received.matters[0].holder_id, received.matters[0].unclear) == ("grid.east", "conflict")


def test_words_that_say_nothing_known_are_held_by_the_duty_desk(town: SimpleNamespace) -> None:
    (received,) = receive([report("我有一个建议")])
    (matter,) = received.matters
    assert (matter.holder_id, matter.kind, matter.unclear) == ("uoc.duty", "", "new")


def test_danger_to_life_never_waits_for_a_confirmation(town: SimpleNamespace) -> None:
    (received,) = receive([report("楼下有很浓的煤气味", unit_code=town.shop.code)])
    (matter,) = received.matters
    assert (matter.lane, matter.holder_id) == (Matter.Lane.LIFE, "grid.east")


def test_several_demands_of_one_report_become_several_matters(town: SimpleNamespace) -> None:
    (received,) = receive([report("一单两件事", unit_code=town.shop.code, demands=("有人占道摆摊", "垃圾没人清"))])
    assert [matter.kind for matter in received.matters] == ["event.street.stall", "event.street.rubbish"]


def test_the_same_message_twice_changes_nothing(town: SimpleNamespace) -> None:
    order = report("垃圾没人清", system="12345", external_id="A-1")
    (first,) = receive([order])
    again, twin = receive([order, order])
    assert again.known and twin.known
    assert first.report == again.report == twin.report
    assert Matter.objects.count() == 1


def test_the_same_message_twice_in_one_batch_is_one_report(town: SimpleNamespace) -> None:
    first, second = receive([report("垃圾", key="k-1"), report("垃圾", key="k-1")])
    assert (first.known, second.known) == (False, True)
    assert first.report == second.report


def test_who_asks_for_secrecy_is_kept_secret_and_the_work_goes_on_in_the_open(town: SimpleNamespace) -> None:
    asked, said = receive([report("有人占道摆摊", secret=True), report("有人占道摆摊，请保密")])
    assert [one.report.secrecy for one in (asked, said)] == ["secret", "secret"]
    assert not any(one.matters[0].restricted for one in (asked, said))


def test_a_sensitive_report_is_for_a_restricted_circle(town: SimpleNamespace) -> None:
    (received,) = receive([report("实名举报有人吃拿卡要")])
    assert (received.report.secrecy, received.matters[0].restricted) == ("restricted", True)


def test_one_report_costs_few_statements_and_a_batch_hardly_more(
    town: SimpleNamespace, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    receive([report("垃圾", unit_code=town.shop.code)])
    with django_assert_max_num_queries(23):
        receive([report("垃圾没人清", unit_code=town.shop.code, key="a", name="某", phone="1")])
    with django_assert_max_num_queries(32):
        receive([report("垃圾没人清", unit_code=town.shop.code, key=f"b{n}") for n in range(40)])
