"""What vanishes is asked for before it is cleared, with a reason where it cannot be kept; nobody waits with making safe for that."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from doudi.engine.matters.vocabulary import TracesKept
from doudi.web.fsck.queries import examine
from doudi.web.matters.errors import MatterStepError
from doudi.web.matters.models import Evidence, Matter, MatterClock, MatterEvent
from doudi.web.matters.services import keep_traces
from doudi.web.triage.services import Incoming, receive
from tests.web.desk.conftest import photograph
from tests.web.town import actor

FLOOD = "地下车库进水已经没到膝盖，水里有电，有人被困"
NOT_SAID = "怎么留下的，还没有说"


@pytest.fixture
def matter(town: SimpleNamespace) -> Matter:
    return receive([Incoming("scan", FLOOD, unit_code=town.shop.code)])[0].matters[0]


@pytest.fixture
def desk(town: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(town.people.desk)
    return client


def take(desk: Client, matter: Matter, name: str, **fields: object) -> str:
    """Press a button; the page of the matter afterwards, or with the refusal."""
    matter.refresh_from_db()
    given = {"version": matter.version, **fields}
    answer = desk.post(reverse("matter_step", args=[matter.number, name]), given)
    if answer.status_code == 302:
        answer = desk.get(matter.get_absolute_url())
    return answer.content.decode()


def kept(matter: Matter) -> list[str]:
    events = MatterEvent.objects.filter(matter=matter).order_by("seq")
    return [str(one.payload["traces"]) for one in events if one.payload.get("traces")]


def test_the_step_asks_and_says_what_vanishes_here(desk: Client, matter: Matter) -> None:
    page = desk.get(matter.get_absolute_url()).content.decode()
    assert "清除之前，会消失的怎么留下的" in page and "再抽排" in page
    assert NOT_SAID not in page, "nothing was cleared yet"


def test_what_was_kept_is_recorded_with_the_step(desk: Client, matter: Matter) -> None:
    page = take(desk, matter, "made-safe", nothing="no", words="水已抽排", traces="sampled")
    assert kept(matter) == ["sampled"] and "取了样，留了实物" in page and NOT_SAID not in page
    assert [str(one) for one in examine() if not one.code.startswith("job.")] == []


def test_left_unsaid_the_place_is_safe_all_the_same_and_it_is_asked_for_until_somebody_says_it(
    desk: Client, matter: Matter
) -> None:
    page = take(desk, matter, "made-safe", nothing="no", words="水已抽排")
    assert not MatterClock.objects.filter(matter=matter, which="make_safe", ended_at=None).exists()
    assert NOT_SAID in page and kept(matter) == []
    page = take(desk, matter, "keep-traces", words="水退得太快，没人受伤")
    assert NOT_SAID in page, "a reason is one of those that the town counts"
    page = take(desk, matter, "keep-traces", traces="lives_first", words="先救人，水已经排空")
    assert kept(matter) == ["lives_first"] and "救人要紧" in page and NOT_SAID not in page
    assert [str(one) for one in examine() if not one.code.startswith("job.")] == []


def test_photographs_said_afterwards_show_how_it_was_before(desk: Client, matter: Matter) -> None:
    take(desk, matter, "made-safe", nothing="no", words="水已抽排")
    take(desk, matter, "keep-traces", traces="photographed", photos=[photograph()])
    assert list(Evidence.objects.filter(matter=matter).values_list("stage", flat=True)) == ["before"]


def test_where_nothing_was_to_be_done_nothing_is_asked(desk: Client, matter: Matter) -> None:
    assert NOT_SAID not in take(desk, matter, "made-safe", nothing="yes", words="到场没有积水")


def test_without_words_or_photograph_nothing_is_noted(town: SimpleNamespace, matter: Matter) -> None:
    with pytest.raises(MatterStepError, match="照片"):
        keep_traces(actor(town.people.desk), matter, TracesKept.SAMPLED)


def test_what_tells_of_no_danger_is_not_asked_for_traces(town: SimpleNamespace, desk: Client) -> None:
    calm = receive([Incoming("scan", "有人占道摆摊", unit_code=town.shop.code)])[0].matters[0]
    assert "会消失的怎么留下的" not in desk.get(calm.get_absolute_url()).content.decode()
