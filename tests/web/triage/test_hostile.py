"""Whatever characters a report brings, it is stored once, whole, on both databases."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from doudi.web.areas.services import AreaEndError, end_area
from doudi.web.journal.models import FreeText
from doudi.web.matters import services as matters
from doudi.web.matters.models import Demand, Matter
from doudi.web.reports import services as reports
from doudi.web.reports.models import Contact, Report
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Unit
from tests.web.town import EAST, EAST_GRID, actor

HOSTILE = {
    "empty": "",
    "blank": " \t\n\u3000",
    "nul": "垃圾\0没人清",
    "half a character": "垃圾\ud83d没人清",
    "halves that belong together": "垃圾\ud83d\ude00没人清",
    "emoji": "垃圾👨‍👩‍👧‍👦🏳️‍🌈没人清",
    "rare": "㐱𠮷𪚥村的垃圾",
    "turning": "\u202e垃圾\u2066没人清\ufeff",
    "combining": "垃圾" + "é\u0301" * 300,
    "braces": "{垃圾} %s {0} {{ x }} {% y %} ${z}",
    "quotes": "'; DROP TABLE x; -- \"\\",
    "long": "垃" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_well_formed_is_refused_and_nothing_hostile_breaks(town: SimpleNamespace, name: str) -> None:
    text = HOSTILE[name]
    hostile = Incoming(
        channel="hotline",
        words=text,
        title=text,
        unit_code=text,
        area_code=text,
        address=text,
        picked_kind=text,
        name=text,
        phone=text,
        system="区热线",
        external_id=text or "X",
        upstream_due=text,
        upstream_row={text: [text, {"x": text}]},
        demands=(text, "垃圾没人清"),
        key=f"k{text}",
        longitude=float("nan"),
        latitude=31.1,
        coordinate_system=text,
    )
    (first,) = receive([hostile])
    (again,) = receive([hostile])
    assert (first.known, again.known, again.report) == (False, True, first.report)
    assert Demand.objects.count() == len(first.matters) >= 1
    report, desk = Report.objects.get(), actor(town.people.desk)
    reports.log_contact(desk, report, reached=True, text=text)
    reports.add_by_reporter(report, f"补充{text}")
    matters.note(desk, first.matters[0], f"记{text}")
    matters.void(desk, first.matters[0], f"误{text}")
    contact = Contact.objects.filter(report=report).first()
    stored = [
        report.words,
        report.title,
        *(contact.name for _ in [contact] if contact),
        *(one.text for one in FreeText.objects.all()),
    ]
    assert not any("\0" in one for one in stored)
    if name in ("emoji", "rare", "turning", "braces", "quotes"):
        assert report.words == text.strip()


def test_halves_of_a_character_are_joined_or_shown_as_missing(town: SimpleNamespace) -> None:
    receive([Incoming("scan", HOSTILE["half a character"]), Incoming("scan", HOSTILE["halves that belong together"])])
    assert set(Report.objects.values_list("words", flat=True)) == {"垃圾\ufffd没人清", "垃圾😀没人清"}


def test_two_long_ids_that_differ_at_their_end_are_two_reports(town: SimpleNamespace) -> None:
    long = "编" * 100
    receive([Incoming("hotline", "垃圾", system="s", external_id=long + end, key=long + end) for end in "ab"])
    assert Report.objects.count() == 2
    (again,) = receive([Incoming("hotline", "垃圾", system="s", external_id=long + "a")])
    assert again.known


def test_sensitive_words_in_one_of_several_demands_restrict_the_report(town: SimpleNamespace) -> None:
    (received,) = receive([Incoming("scan", "两件事", demands=("垃圾没人清", "实名举报有人吃拿卡要"))])
    assert received.report.secrecy == "restricted"
    assert all(one.restricted for one in received.matters)


def test_a_place_whose_area_has_ended_is_held_by_the_duty_desk(town: SimpleNamespace) -> None:
    end_area(EAST_GRID)
    (received,) = receive([Incoming("scan", "门口有人摆摊占道", unit_code=town.shop.code)], auto_dispatch=True)
    (matter,) = received.matters
    assert (matter.holder_id, matter.unclear) == ("uoc.duty", "place_unclear")
    matters.dispatch(actor(town.people.desk), matter, kind="event.street.rubbish")
    assert matter.holder_id == "greening.street"


def test_an_area_does_not_end_before_those_that_lie_in_it(town: SimpleNamespace) -> None:
    """The tree would fall apart, and with it every page."""
    with pytest.raises(AreaEndError):
        end_area(EAST)
    end_area(EAST_GRID)
    end_area(EAST)
    with pytest.raises(AreaEndError):
        end_area(EAST)


def test_a_place_of_a_type_that_the_rulebook_does_not_know_is_still_received(town: SimpleNamespace) -> None:
    Unit.objects.filter(pk=town.shop.pk).update(type="castle")
    (received,) = receive([Incoming("scan", "垃圾没人清", unit_code=town.shop.code)], auto_dispatch=True)
    assert Matter.objects.get().holder_id == received.matters[0].holder_id
