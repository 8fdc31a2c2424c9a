"""Two seats never lend each other what they have: the power of one holds in its own areas, and not in those of the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from doudi.web.backstop import services as backstop
from doudi.web.backstop.models import Crew, CrewPrice
from doudi.web.desk.queries.report import reporter_of
from doudi.web.disputes import services as disputes
from doudi.web.journal.models import Leaf
from doudi.web.matters import services as matters
from doudi.web.matters.models import Matter, MatterEvent
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.matters.steps_ahead import next_steps
from doudi.web.people.actor import Actor
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment, Person, Post
from doudi.web.people.services import NewPost, add_person, appoint, save_posts
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Plaque
from doudi.web.units.services import suspect_plaque
from tests.web.town import EAST, EAST_GRID, FOUNDED, PASSWORD, WEST, WEST_GRID, actor

Seats = Sequence[tuple[str, tuple[str, ...]]]


def seated(town: SimpleNamespace, seats: Seats, office: str = "uoc") -> Person:
    """A person with these seats (access, areas), in this order."""
    person = add_person("double", "双岗先生", password=PASSWORD, check_password=False)
    for number, (access, areas) in enumerate(seats):
        code = f"two.{number}.{access}"
        save_posts([NewPost(code, office, f"{access}{number}", code, FOUNDED, access, areas)])
        appoint([Appointment(person=person, post=Post.objects.get(code=code), since=FOUNDED, acting=bool(number))])
    return person


def lying(area: str, words: str = "垃圾没人清", **more: str) -> Matter:
    (received,) = receive(
        [Incoming("scan", f"{words} {area}", area_code=area, phone="13900000000", name="章某", **more)],
        auto_dispatch=True,
    )
    return Matter.objects.get(pk=received.matters[0].pk)


def crew(town: SimpleNamespace) -> CrewPrice:
    name = {"name": "托底队", "phone": "1", "works": ["fence"]}
    one, _ = Crew.objects.get_or_create(code="torch", office_id="uoc", since=FOUNDED, defaults=name)
    return CrewPrice.objects.create(crew=one, work="fence", name="围挡", unit="米", price=30, since=FOUNDED)


DESK: dict[str, Callable[[Actor, Matter, SimpleNamespace], object]] = {
    "dispatch": lambda who, one, town: matters.dispatch(who, one, kind="event.street.stall"),
    "void": lambda who, one, town: matters.void(who, one, "误"),
    "merge": lambda who, one, town: matters.merge(who, one, lying(EAST_GRID, "噪声扰民"), "一样"),
    "merge_into": lambda who, one, town: matters.merge(who, lying(EAST_GRID, "噪声扰民"), one, "一样"),
    "urge": lambda who, one, town: matters.urge(who, one, "remind", "请快些"),
    "describe": lambda who, one, town: matters.describe_ambiguity(who, one, ["gap"], []),
    "support": lambda who, one, town: matters.add_support(who, one, town.posts["market.food"]),
    "task": lambda who, one, town: matters.open_task(who, one, "inquiry"),
    "make_unit": lambda who, one, town: backstop.make_unit(who, one, "空地", "spot"),
    "crew": lambda who, one, town: backstop.send_crew(who, one, crew(town), Decimal(1), text="去"),
    "dispute": lambda who, one, town: disputes.open_dispute(who, one, "说不清"),
}


@pytest.mark.parametrize("step", DESK)
def test_a_dispatcher_here_with_any_seat_there_does_nothing_of_the_desk_there(town: SimpleNamespace, step: str) -> None:
    who = actor(seated(town, [("dispatcher", (EAST,)), ("grid_worker", (WEST,))]))
    there = lying(WEST_GRID)
    assert there in visible(who)
    before = Leaf.objects.count()
    with pytest.raises(NotAllowedError):
        DESK[step](who, there, town)
    if step not in ("merge", "merge_into"):
        assert Leaf.objects.count() == before
    DESK[step](who, lying(EAST_GRID), town)


def test_the_steps_that_one_seat_gives_there_are_taken_in_its_name(town: SimpleNamespace) -> None:
    who = actor(seated(town, [("dispatcher", (EAST,)), ("grid_worker", (WEST,))]))
    there, here = lying(WEST_GRID), lying(EAST_GRID)
    matters.note(who, there, "路过")
    offered = {one.step.name: one.allowed for one in next_steps(who, there)}
    assert not (offered["dispatch"] or offered["void"] or offered["merge"])
    assert {one.step.name: one.allowed for one in next_steps(who, here)}["dispatch"]
    matters.dispatch(who, here, kind="event.street.stall")
    assert MatterEvent.objects.get(matter=here, kind="dispatched").post_id == "two.0.dispatcher"


def test_who_helps_there_or_holds_there_does_so_by_that_seat_alone(town: SimpleNamespace) -> None:
    """Let into a restricted matter as a helper, a dispatcher of the area still is no dispatcher of that matter."""
    who = actor(seated(town, [("dispatcher", (EAST,)), ("committee", (WEST,))]))
    secret = lying(EAST_GRID, "实名举报有人吃拿卡要，放任占道摆摊")
    assert secret.restricted
    assert secret not in visible(who)
    matters.add_support(actor(town.people.shift), secret, Post.objects.get(code="two.1.committee"), "请到场")
    secret = Matter.objects.get(pk=secret.pk)
    assert secret in visible(who)
    matters.note(who, secret, "已到场")
    with pytest.raises(NotAllowedError):
        matters.dispatch(who, secret, kind="event.street.stall")


def test_the_restricted_circle_of_one_area_is_not_that_of_another(town: SimpleNamespace) -> None:
    who = actor(seated(town, [("shift_leader", (EAST,)), ("grid_worker", (WEST,))]))
    words = "实名举报有人吃拿卡要，放任占道摆摊"
    here, there, nowhere = lying(EAST_GRID, words), lying(WEST_GRID, words), lying("", words)
    assert all(one.restricted for one in (here, there, nowhere))
    assert {here, nowhere} <= set(visible(who))
    assert there not in visible(who)
    report = Report.objects.get(pk=there.demands.get().report_id)
    assert report not in visible_reports(who)
    with pytest.raises(NotAllowedError):
        reports.reveal_reporter(who, report, "回访")


def test_whoever_sees_what_an_office_had_sees_it_by_the_seat_in_that_office(town: SimpleNamespace) -> None:
    person = seated(town, [("officer", (EAST,))], office="market")
    appoint([Appointment(person=person, post=town.posts["admin"], since=FOUNDED, acting=True)])
    held = lying(WEST_GRID)
    matters.dispatch(
        actor(town.people.desk), held, kind="event.street.stall", holder=town.posts["uoc.duty"], text="由此"
    )
    assert held not in visible(actor(person))


def test_a_reporter_is_told_where_the_seat_that_may_know_reaches(town: SimpleNamespace) -> None:
    who = actor(seated(town, [("dispatcher", (EAST,)), ("grid_worker", (WEST,))]))
    here, there = (lying(area).demands.get().report for area in (EAST_GRID, WEST_GRID))
    assert reporter_of(who, here).name == "章*"
    assert reporter_of(who, there).name == ""
    with pytest.raises(NotAllowedError):
        reports.reveal_reporter(who, there, "")
    with pytest.raises(NotAllowedError):
        reports.reply(who, there, "已清", final=False)
    # Grid workers may ring in their own grids, and do it by that seat.
    reports.log_contact(who, there, reached=True)


def test_what_is_taken_away_lies_within_the_seat_that_may_take(town: SimpleNamespace) -> None:
    client = Client()
    client.force_login(seated(town, [("dispatcher", (EAST,)), ("grid_worker", (WEST,))]))
    here, there = lying(EAST_GRID), lying(WEST_GRID)
    for path in ("/desk/matters.csv?tab=all", "/reports.csv?tab=all"):
        told = b"".join(client.get(path)).decode()  # type: ignore[arg-type]
        assert f"垃圾没人清 {EAST_GRID}" in told or here.number[-4:] in told, path
        assert f"垃圾没人清 {WEST_GRID}" not in told, path
        assert there.number not in told, path
    assert town.spot.name not in b"".join(client.get("/units.csv")).decode()  # type: ignore[arg-type]
    assert client.get(f"/matters/{there.number}").status_code == 200
    answer = client.post(f"/matters/{there.number}/void", {"words": "误", "version": there.version})
    assert answer.status_code == 404


def test_signs_are_printed_and_seen_to_where_the_seat_reaches(town: SimpleNamespace) -> None:
    person = seated(town, [("dispatcher", (EAST,)), ("grid_worker", (WEST,))])
    suspect_plaque(actor(person), Plaque.objects.get(unit=town.shop), "像是换过")
    client = Client()
    client.force_login(person)
    Plaque.objects.filter(unit=town.spot).update(batch="T9")
    assert client.get("/plaques/batch/T1.pdf").status_code == 200
    assert client.get("/plaques/batch/T9.pdf").status_code == 404
    assert client.get(f"/units/{town.spot.code}/label.pdf").status_code == 404
    with pytest.raises(NotAllowedError):
        suspect_plaque(actor(town.people.grid_east), Plaque.objects.get(unit=town.spot), "像是换过")
