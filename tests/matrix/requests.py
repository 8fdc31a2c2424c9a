"""How an address of the table is asked for: what stands in its gaps, what is sent along, and what the answer is called."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from doudi.web import clock
from doudi.web.desk.actions.replying import BY_NAME as REPORT_ACTIONS
from doudi.web.desk.pages.matter import BY_NAME as MATTER_ACTIONS
from doudi.web.disputes.actions import BY_NAME as DISPUTE_ACTIONS
from doudi.web.drafting.actions import BY_NAME as VERSION_ACTIONS
from doudi.web.exports.models import Export
from doudi.web.journal.models import Leaf
from doudi.web.orders.actions import BY_NAME as ORDER_ACTIONS
from doudi.web.people.models import Appointment
from doudi.web.retention.queries import notice_now
from doudi.web.setup.models import Load
from doudi.web.views.models import View
from tests.matrix import made
from tests.matrix.ground import AREAS, ASKERS, BODY, HIDDEN, IN_HAND, NAMED, NOBODY, SHEET, Ground
from tests.matrix.ground import PASSWORD as OWN_PASSWORD
from tests.web.town import EAST, EAST_GRID, PASSWORD, TUESDAY

TABLE = Path(__file__).parent / "routes.csv"
#: in the column of positions: the address is about no place
NO_PLACE = "—"
DISPUTE = "disputes/<str:number>/<int:seq>"
THINGS = ("matters/<str:number>", "reports/<str:number>", "requests/new/", "files/")
#: addresses about a matter that argue whose it is
ARGUED = ("disputes/new/", "disputes/transfer/", "disputes/refer/", "disputes/statements/", DISPUTE)
PLACES = ("units/<str:code>", "plaques/<uuid:plaque_id>")
#: addresses whose secret is the permission, whoever holds it
BY_LINK = ("r/", "s/", "n/")
#: forms for everybody: a colleague whose post reports does it by name, all others as a party
FOR_EVERYBODY = ("Q/<path:code>", "q/<path:code>", "report")
STATE_OF = {
    "matters/<str:number>/verify": "已处置",
    "matters/<str:number>/take-over": NAMED,
    "matters/<str:number>/object": NAMED,
    "matters/<str:number>/reopen": "已答复",
    "matters/<str:number>/retell": "保密",
    "matters/<str:number>/reveal": "保密",
    "matters/<str:number>/lift": "限制",
    "reports/<str:number>/close": "已答复",
    "reports/<str:number>/reopen": "已答复",
    "reports/<str:number>/call-back": "待回访",
    "reports/<str:number>/warn": "待回访",
    "reports/<str:number>/settle-warning": "预警",
    "reports/<str:number>/release": "甄别",
    "reports/<str:number>/dismiss": "甄别",
    "reports/<str:number>/reply": "已了结",
    "r/<str:token>/rate": "已答复",
    "r/<str:token>/reopen": "已答复",
}
TODAY = TUESDAY.date().isoformat()
CHANNEL = {"name": "群", "address": "https://robot.example.cn/send", "per_minute": "20"}
CREW = {
    "name": "排水队",
    "office": "uoc",
    "phone": "021-55508888",
    "works": ["pump"],
    "price-TOTAL_FORMS": "0",
    "price-INITIAL_FORMS": "0",
}

KEPT = {"question": "路灯不亮怎么办", "answer": "打电话报修", "basis": "办法", "valid_until": "2027-11-24"}
PHRASE = {"name": "办好", "situation": "done", "text": "{地点}已办好"}


@dataclass(frozen=True)
class Route:
    """One line of the table: an address with its gaps, how it is asked, and what about."""

    address: str
    method: str
    position: str


@dataclass(frozen=True)
class Line:
    route: Route
    does: str
    answers: dict[str, str]


def table() -> list[Line]:
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        return [
            Line(Route(row["地址"], row["方式"], row["位置"]), row["做什么"], {who: row[who] for who in ASKERS})
            for row in csv.DictReader(file)
        ]


def addresses() -> Iterator[str]:
    """Every address that the platform answers, with the names of its steps written out."""
    for address in _patterns(get_resolver()):
        match address:
            case "matters/<str:number>/<slug:name>":
                yield from (f"matters/<str:number>/{name}" for name in MATTER_ACTIONS)
            case "reports/<str:number>/<slug:name>":
                yield from (f"reports/<str:number>/{name}" for name in REPORT_ACTIONS)
            case "orders/<str:number>/<slug:name>":
                yield from (f"orders/<str:number>/{name}" for name in ORDER_ACTIONS)
            case "rulebook/versions/<int:number>/steps/<slug:step>":
                yield from (f"rulebook/versions/<int:number>/steps/{name}" for name in VERSION_ACTIONS)
            case "disputes/<str:number>/<int:seq>/<slug:name>":
                yield from (f"{DISPUTE}/{name}" for name in DISPUTE_ACTIONS)
            case _:
                yield address


def _patterns(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            yield before + str(one.pattern)


def state_of(address: str) -> str:
    """How far the thing must have come for the address to be asked about it."""
    if address.startswith((DISPUTE, "disputes/statements/")) or address == "s/<str:token>":
        return "争议"
    return "申请" if address.startswith("disputes/refer/") else STATE_OF.get(address, "新")


def positions(address: str) -> tuple[str, ...]:
    if address.startswith((*THINGS, *ARGUED)):
        everywhere, somewhere = (*AREAS, IN_HAND, *HIDDEN), tuple(AREAS)[:4]
        return {"新": everywhere, NAMED: (*somewhere, IN_HAND)}.get(state_of(address), somewhere)
    return tuple(AREAS)[:4] if address.startswith((*PLACES, "orders/")) else (NO_PLACE,)


class Asker:
    """One person at the pages; whatever an answer changed is taken back."""

    def __init__(self, ground: Ground, who: str) -> None:
        self.ground, self.who = ground, who
        self.client = Client(enforce_csrf_checks=False)
        if person := ground.people[who]:
            self.client.force_login(person)
        #: as what kinds of actors this asker's steps were journalled, by address
        self.acted: dict[str, set[str]] = defaultdict(set)
        self._cookies = self.client.cookies.output()

    def ask(self, route: Route) -> str:
        self.client.cookies = SimpleCookie(self._cookies.replace("Set-Cookie: ", ""))
        with transaction.atomic():
            path = f"/{self.filled(route)}"
            send = self.client.post if route.method == "POST" else self.client.get
            before = Leaf.objects.count()
            answer = send(path, sent(self.ground, route, self))
            kinds = {str(json.loads(one.body)["actor"]) for one in Leaf.objects.filter(seq__gt=before)}
            self.acted[route.address] |= kinds
            transaction.set_rollback(True)
        place = answer.headers.get("Location", "")
        if answer.streaming:
            answer.getvalue()  # read to its end, or its file stays open
        if answer.status_code in (301, 302, 303):
            return "请登录" if place.startswith("/login") else "可"
        called = {200: "可", 400: "填错", 404: "不存在", 405: "没有这种方式", 409: "不行"}
        return called.get(answer.status_code, str(answer.status_code))

    def thing(self, route: Route) -> Any:
        state = state_of(route.address)
        position = "本区域" if route.position == NO_PLACE else route.position
        if position in HIDDEN:
            return self.ground.things["本区域", position]
        key = (position, state, self.hand) if position == IN_HAND else (position, state)
        return self.ground.things[key]

    @property
    def hand(self) -> str:
        return self.who if self.who != NOBODY else "承办人员"

    def filled(self, route: Route) -> str:
        return re.sub(r"<\w+:(\w+)>", lambda gap: str(self._gap(gap[1], route)), route.address)

    def _view(self) -> object:
        """A view of one's own."""
        person = self.ground.people[self.who]
        own = {"which": "matters", "name": "交班", "made_at": clock.now()}
        return View.objects.get_or_create(**own, person=person, made_by=person)[0].pk if person else clock.new_id()

    def _export(self) -> object:
        """One that this person asked for; nobody else's exist."""
        person, now = self.ground.people[self.who], clock.now()
        if person is None:
            return clock.new_id()
        kind = "looks" if self.who == "审计员" else "matters"
        told = {"kind": kind, "form": "csv", "language": "zh-hans", "asked_at": now, "moved_at": now}
        return Export.objects.get_or_create(person=person, defaults=told)[0].pk

    def _gap(self, name: str, route: Route) -> object:
        ground, address = self.ground, route.address
        match name:
            case "number" if address.startswith("orders/"):
                return made.order(ground, "本区域" if route.position == NO_PLACE else route.position, address)
            case "number" if address.startswith("rulebook"):
                assert ground.draft is not None
                return ground.draft.number
            case "code" if address.startswith("rulebook"):
                return "G-01" if address.endswith("withdraw") else "D-001"
            case "number":
                thing = self.thing(route)
                return thing.report.number if address.startswith(("reports", "requests")) else thing.matter.number
            case "seq":
                return self.thing(route).dispute.seq
            case "application_id":
                return self.thing(route).wish.pk
            case "statement_id":
                return self.thing(route).statement.pk
            case "token" if address.startswith("s/"):
                return self.thing(route).link
            case "upload_id":
                return self.thing(route).photo.pk
            case "token" if not address.startswith("n/"):
                return self.thing(route).token
            case "code" if address.startswith("people"):
                return "leader"
            case "code" if address.startswith("crews"):
                return ground.crew.code
            case "area":
                return EAST
            case "month":
                return ground.problems.month
            case "edition":
                return ground.problems.edition
            case "code":
                return ground.units["本区域" if route.position == NO_PLACE else route.position].code
            case "plaque_id":
                state = {"placed": "printed", "cleared": "suspect"}.get(address.rpartition("/")[2], "active")
                return ground.plaques[route.position, state].pk
            case "person_id":
                return ground.town.people.market.pk
            case "seat_id":
                return Appointment.objects.get(person=ground.town.people.market).pk
            case "kept_id":
                return ground.kept.pk
            case "phrase_id":
                return ground.phrase.pk
            case "load_id":
                told = {"made_at": clock.now(), "made_by": ground.town.people.admin}
                return Load.objects.create(sort="ledger", file_name="台账.csv", **told).pk
            case "shift_id":
                return ground.shift.pk
            case "batch_id":
                return ground.batch.pk
            case "export_id":
                return self._export()
            case "view_id":
                return self._view()
            case "which":
                return "matters"
            case "token" if address.startswith("n/"):
                return made.message(ground)
            case "kind":
                return "wecom"
            case "channel_id":
                return made.channel().pk
            case "way_id":
                return made.way(ground, ground.people[self.who]).pk
            case "handover_id":
                return made.handover(ground, ground.people[self.who], address)
            case "position":
                return 1
            case "duty_id":
                return made.duty(ground)
            case "pack_id":
                return made.pack(ground, ground.people[self.who])
            case "run_id":
                return clock.new_id()
            case "request_id":
                return ground.request.pk
            case "version":
                return notice_now().name
            case "fault_id":
                return ground.fault.pk
            case "batch":
                return "M1" if address.startswith("plaques") else ground.batch.pk
            case "form":
                return "csv"
        raise AssertionError(f"nobody says yet what stands for <{name}> in {address}: add it here")


def picture() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (8, 8), "grey").save(content, "PNG")
    return SimpleUploadedFile("照片.png", content.getvalue(), "image/png")


def sent(ground: Ground, route: Route, asker: Asker) -> dict[str, Any]:
    """What is sent along, so that nothing but who asks decides."""
    hand, unit = ground.posts[asker.hand].code, ground.units["本区域"].code
    other = ground.things["下级" if route.position == "本区域" else "本区域", "新"].matter.number
    thing = asker.thing(route) if route.address.startswith(THINGS) else None
    words = {"words": "说明一下"}
    if route.method == "GET":
        letter = {"month": ground.problems.month, "body": BODY}
        return {
            "code": {"code": unit},
            "search": {"q": "噪声"},
            "carried/letter": letter,
            "work/live": {"since": "0"},
            "matters/<str:number>/beside": {"in": "tab=open"},
        }.get(route.address, {})
    step = route.address.rpartition("/")[2]
    if route.address.startswith("matters/"):
        return words | {
            "handle": {"lack-before_photo": "too_late", "lack-after_photo": "dark"},
            "retell": {"words": "请到场查看"},
            "lift": {"stays": "secret"},
            "dispatch": {"kind": "event.street.noise", "holder": "market.food"},
            "support": {"post": "grid.west"},
            "support-done": {"row": hand},
            "support-excuse": {"row": "committee.east"},
            "support-urge": {"row": "committee.east"},
            "support-ask-excuse": {"row": "committee.east"},
            "verify": {"passed": "yes"},
            "call": {"call": "110"},
            "danger": {"answer": "urgent"},
            "merge": {"into": other},
            "urge": {"kind": "remind"},
            "made-safe": {"nothing": "yes"},
            "keep-traces": {"traces": "gone"},
            "apply-extend": {"reason": "等配件", "until": "2026-12-20"},
            "apply-suspend": {"reason": "等工程", "until": "2026-12-20"},
            "apply-void": {"reason": "重复录入"},
            "apply-overrule": {"reason": "人手都在防汛", "basis": "今晚值班安排", "holder": "market.food"},
            "apply-return": {"reason": "在邻镇", "basis": "区界桩"},
            "apply-close": {"reason": "已办完"},
            "apply-exclude": {"reason": "恶意", "basis": "考核细则"},
            "object": {"reason": "不归我们", "basis": "三定方案"},
            "send-crew": {"price": ground.crew.prices.get().pk, "quantity": "1"},
            "make-unit": {"name": "空地", "type": "spot"},
            "place": {"where": "outside", "kind": "event.street.noise"},
        }.get(step, {})
    if route.address.startswith(ARGUED):
        grounds = {"basis": "三定方案", "reason": "归市监"}
        return (
            words
            | grounds
            | {
                "rule": {"lead": "market.food", "scope": "matter", "valid_since": TODAY},
                "propose": {"holder": "market.food"},
                "carry": {"post": "market.food"},
                "invite": {"post": "greening.street"},
                "body": {"body": "县水务局"},
                "raise": {"to": "town"},
            }.get(step, {"proposed": "market.food", "stance": "object", "signature": "某人"})
        )
    if route.address.startswith("requests/new/"):
        # One of another kind waits for its answer already.
        return words | {"kind": "correct"}
    if thing is not None:
        return words | {"contact": {"outcome": "reached"}, "call-back": {"outcome": "no_answer"}}.get(step, {})
    return {
        "orders/<str:number>/heard": words | {"step": "urge"},
        "s/<str:token>": words | {"stance": "object", "basis": "公路法", "signature": "某人"},
        "channels/new/<slug:kind>": CHANNEL,
        "channels/<uuid:channel_id>": CHANNEL,
        "channels/<uuid:channel_id>/groups": {"post": "grid.east", "what": "urgent"},
        "me/ways": {"channel": made.channel("smtp").pk, "to": "a@example.cn", "what": "urgent"},
        "handovers/new": {"minutes": "无遗留"},
        "handovers/<uuid:handover_id>/sign": {"sign-1": "on"},
        "mandatory/<uuid:duty_id>/told": words,
        "mandatory/<uuid:duty_id>/lift": words,
        "packs/<uuid:pack_id>/void": {"slip": made.SLIP, "why": "写坏了"},
        "requests/<uuid:request_id>": words | {"outcome": "shown"},
        "r/<str:token>/data": words | {"kind": "erase"},
        "desk/new": words | {"channel": "phone"},
        "login": {"username": "desk", "password": PASSWORD},
        "me": {"old": OWN_PASSWORD, "new": f"{OWN_PASSWORD}三", "again": f"{OWN_PASSWORD}三"},
        "reading": {"language": "zh-hans", "text": "large"},
        "people/new": {"username": "newcomer", "name": "新人"},
        "people/accounts/<uuid:person_id>": {"post": "leader", "since": TODAY},
        "people/posts/<str:code>": {"person": ground.town.people.market.pk, "since": TODAY},
        "roster": {
            "post": "grid.east",
            "name": "值班人",
            "phone": "13800000000",
            "on": TODAY,
            "starts": "20:00",
            "ends": "08:00",
            "days": "1",
        },
        "follow": {"number": ground.things["本区域", "新"].report.number, "phone": "199 0000 0000"},
        "answers": KEPT | {"owner": ground.posts[asker.hand].code},
        "answers/<slug:kept_id>/change": KEPT | {"owner": "uoc.duty"},
        "answers/<slug:kept_id>/restore": {"to": "1"},
        "phrases": PHRASE,
        "phrases/<slug:phrase_id>/change": PHRASE,
        "phrases/<slug:phrase_id>/restore": {"to": "1"},
        "crews/new": CREW,
        "crews/<slug:code>": CREW,
        "setup/town": {"name": "新名", "hotline": "12345"},
        "setup/areas": {"kind": "grid", "name": "新网格", "parent": EAST},
        "setup/posts": {"office": "uoc", "name": "新岗", "access": "officer", "may_hold": "on"},
        "setup/posts/office": {"name": "新单位", "relation": "own"},
        "setup/posts/fill": {"group": "uoc", "name": "城运中心", "relation": "own", "role": "grid.head"},
        "setup/places": {"name": "新店", "type": "shop.catering", "area": EAST_GRID},
        "setup/rulebook": {"title": "本镇手册", "source": "会议", "sure": "on"},
        "setup/sheets": {"sort": "ledger", "file": SimpleUploadedFile("台账.csv", "店名,地址\n面馆,东苑路\n".encode())},
        "setup/sheets/<uuid:load_id>": {"key": "type:", "value": "shop.catering"},
        "setup/trial": {"kind": "event.street.stall", "place": unit},
        "duties/<slug:area>": {"post": "uoc.duty", "since": TODAY, "source": "方案"},
        "duties/<slug:area>/end": {"until": TODAY},
        "duties/<slug:area>/area-end": {"sure": "on"},
        "import": {"system": "区热线", "file": SimpleUploadedFile("工单.csv", SHEET.encode())},
        "import/<uuid:batch_id>/columns": {
            f"column-{n}": name for n, name in enumerate("external_id received_at words address".split())
        },
        "reconciliation": {
            "system": "区热线",
            "since": TODAY,
            "until": TODAY,
            "file": SimpleUploadedFile("清单.csv", SHEET.encode()),
        },
        "import/answers/take": {"form": "csv", "system": "区热线"},
        "desk/bulk": {
            "row": ground.things["本区域", "新"].matter.number,
            "action": "dispatch",
            "kind": "event.street.noise",
        },
        "desk/arrange/<slug:which>": {"action": "keep", "name": "早班"},
        "desk/merge": words | {"row": [ground.things["本区域", state].matter.number for state in ("新", "申请")]},
        "rulebook/versions": {"title": "试改"},
        "rulebook/versions/<int:number>/proof/accept": {"name": "空白", "why": "待定", "row": "x"},
        "rulebook/versions/<int:number>/upload": {"file": SimpleUploadedFile("规则.csv", ground.rules.encode())},
        "grid/fixed": {"code": unit, "kind": "event.street.rubbish", "before": picture(), "after": picture()},
        "units/labels": {"row": unit},
        "system/retry": {"job": ground.job.pk},
        "system/drop": words | {"row": ground.job.pk},
        "r/<str:token>/rate": {"satisfaction": "satisfied"},
    }.get(route.address, words)
