"""The index answers as a slow scan does: on random towns, for everybody, with what it has not read yet, after every change."""

from __future__ import annotations

import os
import random
import re
import unicodedata
from dataclasses import dataclass
from types import SimpleNamespace
from uuid import UUID

import pytest

from doudi.engine.errors import DoudiError
from doudi.engine.people.vocabulary import Power
from doudi.engine.search import segments
from doudi.web.matters import services as steps
from doudi.web.matters.models import Assignment, Decision, Demand, Matter
from doudi.web.matters.queries import visible, visible_reports
from doudi.web.people.actor import Actor
from doudi.web.people.models import Post
from doudi.web.reports.models import Contact, Report
from doudi.web.search import queries
from doudi.web.search.models import Segment
from doudi.web.search.services import follow, make_anew, make_on, parts
from doudi.web.triage.services import Incoming, receive
from tests.web.town import SEATED

#: `make long NAME=search` asks for more
QUERIES = int(os.environ.get("DOUDI_SEARCHES", "160"))
SIGNS = "垃圾清运兴隆路占道摆摊号楼噪音ABc１2３－ 　，。、(ａb"
PHONES = ("13800001111", "138 0000 2222", "021-59123456", "")


def said(rng: random.Random, most: int) -> str:
    return "".join(rng.choice(SIGNS) for _ in range(rng.randrange(most)))


def plain(text: str) -> str:
    """What the oracle compares: written apart from the room's own folding."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text).upper())


@dataclass(frozen=True)
class Record:
    """A matter or report as a reader of the tables sees it."""

    pk: UUID
    texts: list[str]
    exact: set[str]
    is_open: bool
    #: what remains for whoever may not read what was said
    untold: Record | None = None
    #: whose eyes what is secret is for
    holder: str = ""
    area: str | None = None

    def answers(self, typed: str, actor: Actor) -> bool:
        if self.untold and self.holder not in actor.posts and not actor.may_in(Power.RETELL, self.area):
            return self.untold.answers(typed, actor)
        asked = cut(typed)
        return bool(asked) and all(part in self.exact or any(part in text for text in self.texts) for part in asked)


def cut(typed: str) -> list[str]:
    found = [one for one in map(plain, typed.split()) if one]
    if found and all(one.isdigit() for one in found):
        found = ["".join(found)]
    return found if any(len(one) > 1 for one in found) else []


def dialled(report: Report) -> set[str]:
    contact = Contact.objects.filter(report=report).first() if report.secrecy == "open" else None
    digits = re.sub(r"\D", "", contact.phone) if contact else ""
    return {digits, digits[3:]} - {""} if digits.startswith("021") else {digits} - {""}


def called(thing: Matter | Report, post: Post) -> list[str]:
    return [post.name, post.office.name, *((thing.unit.name, thing.unit.address) if thing.unit else ())]


class ByHand:
    """Everything in the tables, read row by row, newest first; and what exists for whom."""

    def __init__(self) -> None:
        self.matters, self.reports = [], []
        for one in Report.objects.select_related("unit", "answerer__office").order_by("-pk"):
            texts = [one.number, one.external_id, one.title, one.words, one.address, *called(one, one.answerer)]
            self.reports.append(Record(one.pk, list(map(plain, texts)), dialled(one), one.status != "closed"))
        for one in Matter.objects.select_related("unit", "holder__office").order_by("-pk"):
            said, numbers, exact = [one.summary, one.address], [one.number, *called(one, one.holder)], set()
            for demand in Demand.objects.filter(matter=one).select_related("report"):
                numbers += [demand.report.number, demand.report.external_id]
                said += [] if demand.report.secrecy == "restricted" and not one.restricted else [demand.asks]
                exact |= dialled(demand.report)
            rules = {plain(rule) for decision in Decision.objects.filter(matter=one) for rule in decision.rules}
            is_open, numbers = one.status in Matter.OPEN, list(map(plain, numbers))
            untold = Record(one.pk, numbers, rules, is_open) if one.secret else None
            texts = numbers + list(map(plain, said))
            self.matters.append(Record(one.pk, texts, exact | rules, is_open, untold, one.holder_id, one.area_id))
        self._seen: dict[object, tuple[set[UUID], set[UUID]]] = {}

    def seen(self, actor: Actor) -> tuple[set[UUID], set[UUID]]:
        if actor.person not in self._seen:
            rows = visible(actor), visible_reports(actor)
            self._seen[actor.person] = tuple(set(one.values_list("pk", flat=True)) for one in rows)  # type: ignore[assignment]
        return self._seen[actor.person]


def more(rng: random.Random, town: SimpleNamespace, count: int) -> None:
    for _ in range(count):
        receive(
            [
                Incoming(
                    channel=rng.choice(["hotline", "grid"]),
                    words=said(rng, 30),
                    title=said(rng, 12),
                    address=said(rng, 8),
                    unit_code=rng.choice(["", town.shop.code]),
                    area_code=rng.choice(["", "310199101001001", "310199101202001"]),
                    phone=rng.choice(PHONES),
                    secret=rng.random() < 0.2,
                    demands=(said(rng, 20), said(rng, 20)) if rng.random() < 0.3 else (),
                    system="热线",
                    external_id=f"QP-{rng.randrange(10**8)}",
                )
            ]
        )


def change(rng: random.Random, town: SimpleNamespace, count: int) -> None:
    """People go on: dispatch, merge, void, take, and somebody sets a matter apart."""
    desk = Actor.of(town.people.shift)
    for matter in rng.sample(list(Matter.objects.order_by("pk")), min(count, Matter.objects.count())):
        try:
            match rng.randrange(4):
                case 0:
                    steps.dispatch(desk, matter, kind="event.street.stall", text="请处理")
                case 1:
                    steps.void(desk, matter, text="重复")
                case 2:
                    steps.merge(desk, matter, into=rng.choice(list(Matter.objects.all())), text="同一件事")
                case 3:
                    steps.take(Actor.of(town.people.east_officer), matter)
        except (DoudiError, ValueError):
            continue


def asked(rng: random.Random) -> str:
    """Mostly a piece of what somebody said; also numbers, telephones, names of units, posts and rules, and what nobody said."""
    texts = list(Report.objects.values_list("words", flat=True)) + list(
        Matter.objects.values_list("summary", flat=True)
    )
    whole = rng.choice(texts)
    begin = rng.randrange(max(len(whole), 1))
    pieces = [
        whole[begin : begin + rng.randrange(1, 6)],
        rng.choice(list(Matter.objects.values_list("number", flat=True)))[rng.randrange(8) :],
        rng.choice(list(Report.objects.values_list("external_id", flat=True))),
        rng.choice([*PHONES, "59123456", "13800002222"]),
        rng.choice(["城管", "兴隆", "执法队", "市容 保洁", "面馆"]),
        rng.choice([rule for one in Decision.objects.all() for rule in one.rules] or ["X-1"]),
        said(rng, 6),
        f"{said(rng, 4)} {whole[begin : begin + 2]}",
    ]
    return rng.choices(pieces, (8, 1, 1, 1, 2, 1, 2, 2))[0]


def compare(rng: random.Random, town: SimpleNamespace, count: int) -> int:
    """Ask so often; returns how many questions had an answer."""
    answered, by_hand = 0, ByHand()
    actors = [Actor.of(getattr(town.people, name)) for name in SEATED]
    for _ in range(count):
        actor, typed = rng.choice(actors), asked(rng)
        seen_matters, seen_reports = by_hand.seen(actor)
        found = [one for one in by_hand.matters if one.pk in seen_matters and one.answers(typed, actor)]
        pks = [one.pk for one in found]
        mine = queries.matters(visible(actor), typed, actor)
        assert list(mine.ids()) == pks == list(mine.scanned()), (typed, actor.posts)
        assert mine.count(3) == min(len(pks), 4)
        in_hand = set(mine.in_hand().values_list("pk", flat=True))
        assert in_hand == {one.pk for one in found if one.is_open}, (typed, actor.posts)
        theirs = queries.reports(visible_reports(actor), typed, actor)
        reports = [one.pk for one in by_hand.reports if one.pk in seen_reports and one.answers(typed, actor)]
        assert list(theirs.ids()) == reports == list(theirs.scanned()), (typed, actor.posts)
        if len(pks) > 2:
            half = len(pks) // 2
            assert list(mine.ids(beyond=pks[half])) == pks[half + 1 :]
            assert list(mine.ids(beyond=pks[half], turned=True)) == pks[:half][::-1]
        answered += bool(pks or reports)
    return answered


def followed() -> None:
    while follow():
        pass


@pytest.mark.slow
def test_the_index_answers_as_a_slow_scan(town: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing filed yet, some filed and some pending, many small parts, joined ones, changed and made anew."""
    monkeypatch.setattr(parts, "JOINED", ((12, 3), (40, 3), (200, 3)))
    monkeypatch.setattr(segments, "_PAGE_BYTES", 400)
    monkeypatch.setattr(segments, "IDS_A_PAGE", 16)
    rng = random.Random(os.environ.get("DOUDI_SEED", "1"))
    rounds, answered = 8, 0
    more(rng, town, 20)
    for turn in range(rounds):
        if turn == 1:
            while make_on():
                pass
        if turn == 5:
            make_anew()
        if turn == 6:
            while make_on():
                pass
        if turn > 1:
            followed()
        more(rng, town, 6)
        if turn > 2 and rng.random() < 0.7:
            follow()
        change(rng, town, 8)
        answered += compare(rng, town, QUERIES // rounds)
    assert (
        Matter.objects.filter(secret=True).count() > 5
        and answered > QUERIES // 4
        and Segment.objects.filter(use="live").exists()
    )
    assert Assignment.objects.count() > Matter.objects.count()
