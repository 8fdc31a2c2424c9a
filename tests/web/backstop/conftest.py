"""A manhole without owner in the small town, which the backstop of the east catches, and the crews that can be sent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from doudi.web.backstop import services as backstop
from doudi.web.backstop.models import Crew, CrewPrice
from doudi.web.backstop.services import NewCrew, NewPrice
from doudi.web.matters.models import Matter
from doudi.web.people.models import Appointment, Post
from doudi.web.people.services import NewOffice, NewPost, add_person, appoint, save_offices, save_posts
from doudi.web.resources.models import Roster
from doudi.web.resources.services import add_roster
from doudi.web.triage.services import Incoming, receive
from tests.web.town import EAST, FOUNDED, PASSWORD, TUESDAY, WEST, actor


@pytest.fixture
def hands(town: SimpleNamespace) -> SimpleNamespace:
    """``torch`` is the town's own team with a post and a roster; ``road`` a contractor of the west with a telephone."""
    save_offices(
        [NewOffice("torch", "托底队伍", "own", FOUNDED), NewOffice("road", "市政养护公司", "contractor", FOUNDED)]
    )
    save_posts([NewPost("torch.lead", "torch", "托底领班岗", "torch.lead", FOUNDED, "officer")])
    lead = add_person("torch", "托底先生", password=PASSWORD, check_password=False)
    post = Post.objects.get(pk="torch.lead")
    appoint([Appointment(person=lead, post=post, since=FOUNDED)])
    night = {"starts_at": TUESDAY, "ends_at": TUESDAY + timedelta(hours=12)}
    add_roster([Roster(post=post, person=lead, name="夜班先生", phone="19900000001", **night)])
    shift = actor(town.people.shift)
    prices = (NewPrice("fence", "围挡", "米", Decimal("35.00")), NewPrice("clean", "清运", "车", Decimal("400.00")))
    backstop.save_crew(
        shift, NewCrew("torch", "torch", "托底一队", ("fence", "clean", "guard"), prices, post="torch.lead")
    )
    tow = (NewPrice("tow", "拖车", "辆", Decimal("300.00")), NewPrice("cover", "临时盖板", "块", Decimal("120.50")))
    backstop.save_crew(
        shift, NewCrew("road", "road", "养护二队", ("tow", "cover"), tow, phone="021-55509999", areas=(WEST,))
    )
    names = ("desk", "shift", "grid_east", "grid_west", "market", "leader")
    people = {name: actor(getattr(town.people, name)) for name in names}
    return SimpleNamespace(town=town, lead=actor(lead), crew=Crew.objects.get(pk="torch"), east=EAST, **people)


@pytest.fixture
def matter(hands: SimpleNamespace) -> Matter:
    """An open manhole of unknown owner in the east, which no rule covers: the head of the grid catches it."""
    (received,) = receive([Incoming("scan", "窨井盖缺失", unit_code=hands.town.manhole.code)], auto_dispatch=True)
    return received.matters[0]


def price(name: str) -> CrewPrice:
    return CrewPrice.objects.get(name=name, until__isnull=True)
