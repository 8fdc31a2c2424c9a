"""A whole print run is made void by two people: one asks, another one agrees."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from doudi.web.journal.models import Leaf
from doudi.web.people.errors import NotAllowedError
from doudi.web.people.models import Appointment, Person
from doudi.web.people.services import add_person, appoint
from doudi.web.units.errors import PlaqueError
from doudi.web.units.models import BatchVoiding, Plaque
from doudi.web.units.queries import served_unit
from doudi.web.units.services import answer_batch_void, ask_batch_void
from tests.web.desk.conftest import Visitor
from tests.web.town import PASSWORD, actor


@pytest.fixture
def second(town: SimpleNamespace) -> Person:
    """Another leader of the shift."""
    person = add_person("second", "second先生", password=PASSWORD, check_password=False)
    appoint([Appointment(person=person, post=town.posts["uoc.shift_leader"], since=date(2025, 1, 1))])
    return person


def states() -> set[str]:
    return set(Plaque.objects.filter(batch="T1").values_list("state", flat=True))


def test_one_asks_and_only_another_one_makes_it_void(town: SimpleNamespace, second: Person) -> None:
    first = actor(town.people.shift)
    ask_batch_void(first, "T1", "整卷在路上丢了")
    assert states() == {"active"} and "整卷" not in Leaf.objects.order_by("-seq")[0].body
    with pytest.raises(PlaqueError, match="两个人"):
        answer_batch_void(first, "T1", agree=True)
    with pytest.raises(PlaqueError, match="已经有人申请"):
        ask_batch_void(actor(second), "T1", "再来一次")
    assert states() == {"active"} and served_unit(town.shop.code)
    assert answer_batch_void(actor(second), "T1", agree=True) == 3
    assert states() == {"revoked"} and served_unit(town.shop.code) is None
    asked = BatchVoiding.objects.get()
    assert (asked.asked_by, asked.ended_by, asked.agreed) == (town.people.shift, second, True)
    assert '"batch_voided"' in Leaf.objects.order_by("-seq")[0].body
    with pytest.raises(PlaqueError, match="没有可以作废"):
        ask_batch_void(first, "T1", "再来一次")


def test_whoever_asked_may_drop_it_and_nothing_has_changed(town: SimpleNamespace, second: Person) -> None:
    first = actor(town.people.shift)
    ask_batch_void(first, "T1", "丢了")
    assert answer_batch_void(first, "T1", agree=False) == 0
    assert states() == {"active"} and not BatchVoiding.objects.get().agreed
    with pytest.raises(PlaqueError, match="没有等着同意"):
        answer_batch_void(actor(second), "T1", agree=True)


def test_nobody_else_asks_or_agrees(town: SimpleNamespace) -> None:
    for who in ("desk", "grid_east", "leader", "admin"):
        with pytest.raises(NotAllowedError):
            ask_batch_void(actor(getattr(town.people, who)), "T1", "丢了")
        with pytest.raises(NotAllowedError):
            answer_batch_void(actor(getattr(town.people, who)), "T1", agree=True)


def test_the_page_shows_who_asked_and_offers_the_yes_to_the_other_alone(town: SimpleNamespace, second: Person) -> None:
    asking, agreeing = Visitor(town.people.shift), Visitor(second)
    assert asking.press("/plaques/batch/T1/void", words=" ")["Location"] == "/plaques"
    assert "请写明作废" in asking.read("/plaques")
    asking.press("/plaques/batch/T1/void", words="整卷丢失")
    assert "同意整批作废" not in asking.read("/plaques")
    page = agreeing.read("/plaques")
    assert "同意整批作废" in page and "shift先生申请整批作废：整卷丢失" in page
    agreeing.press("/plaques/batch/T1/void/agree")
    assert states() == {"revoked"}
    assert "申请整批作废" not in Visitor(town.people.desk).read("/plaques")
    assert agreeing.press("/plaques/batch/none/void", words="x").status_code == 404
