"""How an address of the table is asked for: what stands in its gaps, what is sent along, and what the answer is called."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from doudi.web.desk.pages.matter_steps import BY_NAME as MATTER_STEPS
from doudi.web.desk.pages.panels import BY_NAME as PANEL_STEPS
from doudi.web.desk.pages.report_steps import BY_NAME as REPORT_STEPS
from doudi.web.disputes.pages.steps import BY_NAME as DISPUTE_STEPS
from doudi.web.drafting.pages.steps import STEPS as RULEBOOK_STEPS
from doudi.web.people.models import Appointment
from tests.matrix.ground import AREAS, ASKERS, BODY, IN_HAND, NOBODY, SHEET, Ground
from tests.matrix.ground import PASSWORD as OWN_PASSWORD
from tests.web.town import EAST, PASSWORD, TUESDAY

TABLE = Path(__file__).parent / "routes.csv"
#: in the column of positions: the address is about no place
NO_PLACE = "—"
DISPUTE = "disputes/<str:number>/<int:seq>"
THINGS = ("matters/<str:number>", "reports/<str:number>", "files/")
#: addresses about a matter that argue whose it is
ARGUED = ("disputes/new/", "disputes/transfer/", "disputes/refer/", "disputes/statements/", DISPUTE)
PLACES = ("units/<str:code>", "plaques/<uuid:plaque_id>")
STATE_OF = {
    "matters/<str:number>/verify": "已处置", "matters/<str:number>/reopen": "已答复", "reports/<str:number>/close": "已答复",
    "reports/<str:number>/reopen": "已答复", "reports/<str:number>/release": "甄别", "reports/<str:number>/dismiss": "甄别",
    "reports/<str:number>/reply": "已了结", "r/<str:token>/rate": "已答复", "r/<str:token>/reopen": "已答复",
}  # fmt: skip
TODAY = TUESDAY.date().isoformat()
CREW = {
    "name": "排水队", "office": "uoc", "phone": "021-55508888", "works": ["pump"], "price-TOTAL_FORMS": "0", "price-INITIAL_FORMS": "0",
}  # fmt: skip


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
                yield from (f"matters/<str:number>/{name}" for name in (*MATTER_STEPS, *PANEL_STEPS))
            case "reports/<str:number>/<slug:name>":
                yield from (f"reports/<str:number>/{name}" for name in REPORT_STEPS)
            case "rulebook/versions/<int:number>/steps/<slug:step>":
                steps = (*RULEBOOK_STEPS, "approve-legality", "approve-leader", "refuse-legality", "refuse-leader")
                yield from (f"rulebook/versions/<int:number>/steps/{name}" for name in steps)
            case "disputes/<str:number>/<int:seq>/<slug:name>":
                yield from (f"{DISPUTE}/{name}" for name in DISPUTE_STEPS)
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
        return tuple(AREAS)[:4] if state_of(address) != "新" else (*AREAS, IN_HAND)
    return tuple(AREAS)[:4] if address.startswith(PLACES) else (NO_PLACE,)


class Asker:
    """One person at the pages; whatever an answer changed is taken back."""

    def __init__(self, ground: Ground, who: str) -> None:
        self.ground, self.who = ground, who
        self.client = Client(enforce_csrf_checks=False)
        if person := ground.people[who]:
            self.client.force_login(person)
        self._cookies = self.client.cookies.output()

    def ask(self, route: Route) -> str:
        path = f"/{self.filled(route)}"
        self.client.cookies = SimpleCookie(self._cookies.replace("Set-Cookie: ", ""))
        with transaction.atomic():
            send = self.client.post if route.method == "POST" else self.client.get
            answer = send(path, sent(self.ground, route, self))
            transaction.set_rollback(True)
        place = answer.headers.get("Location", "")
        if answer.streaming:
            answer.getvalue()  # read to its end, or its file stays open
        if answer.status_code in (301, 302, 303):
            return "请登录" if place.startswith("/login") else "可"
        called = {200: "可", 400: "填错", 403: "无权", 404: "不存在", 405: "没有这种方式", 409: "不行"}
        return called.get(answer.status_code, str(answer.status_code))

    def thing(self, route: Route) -> Any:
        state = state_of(route.address)
        position = "本区域" if route.position == NO_PLACE else route.position
        key = (position, state, self.hand) if position == IN_HAND else (position, state)
        return self.ground.things[key]

    @property
    def hand(self) -> str:
        return self.who if self.who != NOBODY else "承办人员"

    def filled(self, route: Route) -> str:
        return re.sub(r"<\w+:(\w+)>", lambda gap: str(self._gap(gap[1], route)), route.address)

    def _gap(self, name: str, route: Route) -> object:
        ground, address = self.ground, route.address
        match name:
            case "number" if address.startswith("rulebook"):
                assert ground.draft is not None
                return ground.draft.number
            case "code" if address.startswith("rulebook"):
                return "G-01" if address.endswith("withdraw") else "D-001"
            case "number":
                thing = self.thing(route)
                return thing.report.number if address.startswith("reports") else thing.matter.number
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
            case "token":
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
                return ground.plaques[route.position, "printed" if address.endswith("placed") else "active"].pk
            case "person_id":
                return ground.town.people.market.pk
            case "seat_id":
                return Appointment.objects.get(person=ground.town.people.market).pk
            case "shift_id":
                return ground.shift.pk
            case "batch_id":
                return ground.batch.pk
            case "fault_id":
                return ground.fault.pk
            case "batch":
                return "M1" if address.startswith("plaques") else ground.batch.pk
            case "form":
                return "csv"
        raise AssertionError(f"nobody says yet what stands for <{name}> in {address}: add it here")


def sent(ground: Ground, route: Route, asker: Asker) -> dict[str, Any]:
    """What is sent along, so that nothing but who asks decides."""
    hand, unit = ground.posts[asker.hand].code, ground.units["本区域"].code
    other = ground.things["下级" if route.position == "本区域" else "本区域", "新"].matter.number
    thing = asker.thing(route) if route.address.startswith(THINGS) else None
    words = {"words": "说明一下，无法拍照"}
    if route.method == "GET":
        letter = {"month": ground.problems.month, "body": BODY}
        return {"code": {"code": unit}, "search": {"q": "噪声"}, "carried/letter": letter}.get(route.address, {})
    step = route.address.rpartition("/")[2]
    if route.address.startswith("matters/"):
        return words | {
            "dispatch": {"kind": "event.street.noise", "holder": "market.food"}, "support": {"post": "grid.west"},
            "support-done": {"post": hand}, "support-excuse": {"post": "committee.east"}, "verify": {"passed": "yes"},
            "call": {"call": "110"}, "merge": {"into": other}, "urge": {"kind": "remind"}, "made-safe": {"nothing": "yes"},
            "apply-extend": {"reason": "等配件", "until": "2026-12-20"}, "apply-suspend": {"reason": "等工程", "until": "2026-12-20"},
            "apply-void": {"reason": "重复录入"}, "apply-return": {"reason": "在邻镇", "basis": "区界桩"},
            "apply-close": {"reason": "已办完"}, "apply-exclude": {"reason": "恶意", "basis": "考核细则"},
            "send-crew": {"price": ground.crew.prices.get().pk, "quantity": "1"}, "make-unit": {"name": "空地", "type": "spot"},
        }.get(step, {})  # fmt: skip
    if route.address.startswith(ARGUED):
        grounds = {"basis": "三定方案", "reason": "归市监"}
        return words | grounds | {
            "rule": {"lead": "market.food", "scope": "matter", "valid_since": TODAY}, "propose": {"holder": "market.food"},
            "invite": {"post": "greening.street"}, "body": {"body": "县水务局"}, "raise": {"to": "town"},
        }.get(step, {"proposed": "market.food", "stance": "object", "signature": "某人"})  # fmt: skip
    if thing is not None:
        return words | ({"reached": "yes"} if step == "contact" else {})
    return {
        "s/<str:token>": words | {"stance": "object", "basis": "公路法", "signature": "某人"},
        "login": {"username": "desk", "password": PASSWORD},
        "me": {"old": OWN_PASSWORD, "new": f"{OWN_PASSWORD}三", "again": f"{OWN_PASSWORD}三"},
        "reading": {"language": "zh-hans", "text": "large"},
        "people/new": {"username": "newcomer", "name": "新人"},
        "people/accounts/<uuid:person_id>": {"post": "leader", "since": TODAY},
        "people/posts/<str:code>": {"person": ground.town.people.market.pk, "since": TODAY},
        "roster": {
            "post": "uoc.duty", "name": "值班人", "phone": "13800000000", "on": TODAY, "starts": "20:00", "ends": "08:00", "days": "1",
        },
        "crews/new": CREW, "crews/<slug:code>": CREW, "duties/<slug:area>": {"post": "uoc.duty", "since": TODAY, "source": "方案"},
        "duties/<slug:area>/end": {"until": TODAY},
        "import": {"system": "区热线", "file": SimpleUploadedFile("工单.csv", SHEET.encode())},
        "import/<uuid:batch_id>/columns": {f"column-{n}": name for n, name in enumerate("external_id received_at words address".split())},
        "import/answers/take": {"form": "csv", "system": "区热线"},
        "desk/bulk": {"row": ground.things["本区域", "新"].matter.number, "action": "dispatch", "kind": "event.street.noise"},
        "rulebook/versions": {"title": "试改"}, "rulebook/versions/<int:number>/proof/accept": {"name": "空白", "why": "待定", "key": "[]"},
        "rulebook/versions/<int:number>/upload": {"file": SimpleUploadedFile("规则.csv", ground.rules.encode())},
        "units/labels": {"row": unit}, "system/retry": {"job": ground.job.pk}, "system/drop": words | {"job": ground.job.pk},
        "r/<str:token>/rate": {"satisfaction": "satisfied"},
    }.get(route.address, words)  # fmt: skip
