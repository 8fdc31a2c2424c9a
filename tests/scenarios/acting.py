"""The verbs of a scenario: each is one call of a service, as the page or the timer would make it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from doudi.engine.kinds.evidence import Lack, is_photo
from doudi.web import clock
from doudi.web.areas.models import Area
from doudi.web.disputes.services import sweep
from doudi.web.files.models import Upload
from doudi.web.matters import services as matters
from doudi.web.matters.models import Application, Assignment, Matter, Urge
from doudi.web.matters.queries import asked_evidence
from doudi.web.people.models import Office
from doudi.web.reports import services as reports
from doudi.web.reports.models import Report
from doudi.web.rulebook.queries import rulebook_of
from doudi.web.timers.taking import late_takers
from doudi.web.triage.services import Incoming, receive
from doudi.web.units.models import Unit
from doudi.web.units.services import NewUnit, mint_units
from tests.scenarios import telling
from tests.scenarios.cast import actor_of, post_for
from tests.scenarios.telling import CHANNELS, kinds, only

Told = Mapping[str, Any]
BY_THEMSELVES = {Office.Relation.OWN, Office.Relation.DISPATCHED, Office.Relation.CONTRACTOR, Office.Relation.COMMITTEE}


class Stage:
    """One scenario at work: its report, the matters of it, and the one that steps are about."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.report: Report | None = None
        self.token = ""
        self.matters: list[Matter] = []
        self.at = 0

    @property
    def matter(self) -> Matter:
        found = Matter.objects.select_related("holder__office", "unit", "area").get(pk=self.matters[self.at].pk)
        self.matters[self.at] = found
        return found

    @property
    def said(self) -> Report:
        assert self.report is not None
        self.report.refresh_from_db()
        return self.report

    def moment(self, told: str) -> Any:
        return telling.moment(told, self.year)


def report(stage: Stage, told: Told) -> None:
    """Somebody says something; matters are accepted in the same call."""
    place: Told = told.get("单元") or {}
    unit = unit_at(place) if place.get("类型") else None
    area = telling.grid_in(place["区域"]) if "区域" in place and unit is None else ""
    upstream = (
        {"system": "12345", "external_id": f"12345-{stage.year}-{len(stage.matters)}"} if "上级时限" in told else {}
    )
    (received,) = receive(
        [
            Incoming(
                channel="upstream" if upstream else CHANNELS[told.get("渠道", "扫码")],
                words=told["说法"],
                unit_code=unit.code if unit else "",
                area_code=area,
                picked_kind=only(kinds(), told["事项"]) if "事项" in told else "",
                phone=told.get("电话", ""),
                demands=tuple(told.get("分项", ())),
                secret=bool(told.get("保密")),
                upstream_due=told.get("上级时限", ""),
                upstream_due_at=stage.moment(told["上级时限"]) if upstream else None,
                **upstream,
            )
        ]
    )
    if stage.report is None:
        stage.report, stage.token = received.report, received.token
    stage.matters += received.matters
    stage.at = len(stage.matters) - len(received.matters)


def unit_at(place: Told) -> Unit:
    type_ = only(telling.unit_types(), place["类型"])
    name = place.get("名称", f"{place['区域']}{place['类型']}")
    (unit,) = mint_units(
        [
            NewUnit(
                type_,
                name,
                telling.grid_in(place["区域"]),
                name,
                facts=dict(telling.facts()[fact] for fact in place.get("情况", [])),
            )
        ]
    )
    return unit


def photo() -> list[Upload]:
    return [Upload.objects.create(kind="photo", digest="0" * 64, size=1, suffix="jpg", uploaded_at=clock.now())]


def say_again(stage: Stage, step: Told) -> None:
    report(stage, step)


def dispatch(stage: Stage, step: Told) -> None:
    matter = stage.matter
    matters.dispatch(
        actor_of(step.get("谁", "城运中心·值班岗"), matter),
        matter,
        kind=only(kinds(), step["事项"]) if "事项" in step else matter.kind,
        holder=post_for(step["派给"], matter) if "派给" in step else None,
        unit=unit_at(step["单元"]) if "单元" in step else None,
        area=Area.objects.get(code=telling.grid_in(step["区域"])) if "区域" in step else None,
        text=step.get("话", ""),
    )


def take(stage: Stage, step: Told) -> None:
    matter = stage.matter
    matters.take(actor_of(step["谁"], matter), matter)


def call(stage: Stage, step: Told) -> None:
    matter = stage.matter
    matters.log_call(actor_of(step["谁"], matter), matter, str(step["号码"]), step.get("话", ""))


def make_safe(stage: Stage, step: Told) -> None:
    matter = stage.matter
    matters.make_safe(actor_of(step["谁"], matter), matter, step["话"], photo(), nothing=bool(step.get("无需处置")))


def contact(stage: Stage, step: Told) -> None:
    reports.log_contact(
        actor_of(step["谁"], stage.matter), stage.said, reached=step.get("接通", True), text=step.get("话", "")
    )


def look_up(stage: Stage, step: Told) -> None:
    """Somebody looks at who reported; of whoever asked for secrecy only the shift leader may, and says what for."""
    reports.reveal_reporter(actor_of(step["谁"], stage.matter), stage.said, step["话"])


def take_over(stage: Stage, step: Told) -> None:
    matters.take_over(actor_of(step["谁"], stage.matter), stage.matter)


def describe(stage: Stage, step: Told) -> None:
    matter = stage.matter
    codes = [only(telling.ambiguities(), label) for label in step["类型"]]
    doubts = [only(telling.doubts(), label) for label in step.get("疑点", ())]
    matters.describe_ambiguity(
        actor_of(step.get("谁", "城运中心·值班岗"), matter), matter, codes, doubts, step.get("话", "")
    )


def ask(stage: Stage, step: Told) -> None:
    """An application that is no transfer: 延期, 挂账, 作废 to the desk; 退单, 剔除, 结案 and the like to the system above."""
    matter = stage.matter
    matters.apply(
        actor_of(step["谁"], matter),
        matter,
        only(telling.applications(), step["申请"]),
        reason=step["理由"],
        basis=step.get("依据", ""),
        asked_of="upstream" if step.get("向") == "上级" else "desk",
        proposed_until=stage.moment(step["到"]) if "到" in step else None,
    )


def answer_application(stage: Stage, step: Told) -> None:
    matter = stage.matter
    open_ = Application.objects.filter(matter=matter, state__in=("open", "disputed")).latest("applied_at")
    matters.answer(actor_of(step["谁"], matter), matter, open_, step["同意"], step.get("话", ""))


def urge(stage: Stage, step: Told) -> None:
    matter = stage.matter
    kind = Urge.Kind.ORDER if step["做"] == "督办" else Urge.Kind.REMIND
    due = stage.moment(step["限"]) if "限" in step else None
    matters.urge(actor_of(step["谁"], matter), matter, kind, step["话"], due_at=due)


def answer_urge(stage: Stage, step: Told) -> None:
    matter = stage.matter
    row = Urge.objects.filter(matter=matter, state="open").latest("urged_at")
    matters.answer_urge(actor_of(step["谁"], matter), matter, row, step["话"])


def add_support(stage: Stage, step: Told) -> None:
    matter = stage.matter
    matters.add_support(actor_of(step["谁"], matter), matter, post_for(step["请"], matter), step.get("话", ""))


def supports_done(stage: Stage, step: Told) -> None:
    """Who has an account says itself that its part is done; for a body outside the desk writes down that it was reached."""
    wanted = [post_for(name, stage.matter).code for name in step["谁"]] if "谁" in step else None
    for one in Assignment.objects.filter(matter=stage.matter, role="support", until__isnull=True).select_related(
        "post__office"
    ):
        if wanted is not None and one.post_id not in wanted:
            continue
        matter, itself = stage.matter, one.post.office.relation in BY_THEMSELVES
        actor = actor_of(one.post.name if itself else "城运中心·值班岗", matter)
        done = step.get("话", "已配合到位" if itself else "已电话联系到位，配合完成")
        matters.finish_support(actor, matter, one.post, done, excused=not itself)


def handle(stage: Stage, step: Told) -> None:
    matter = stage.matter
    asked = asked_evidence(matter, rulebook_of(matter.rulebook_id))
    lacking = {name: Lack.TOO_LATE if is_photo(name) else Lack.NOT_NEEDED for name in asked}
    matters.handle(actor_of(step["谁"], matter), matter, step["话"], photo(), lacking=lacking)


def check(stage: Stage, step: Told) -> None:
    matter = stage.matter
    matters.verify(actor_of(step["谁"], matter), matter, step.get("通过", True), step.get("话", "现场看过"), photo())


def reply(stage: Stage, step: Told) -> None:
    matters.answer_report(actor_of(step["谁"], stage.matter), stage.said, step["话"], final=step["做"] == "答复")


def merge(stage: Stage, step: Told) -> None:
    into = Matter.objects.get(pk=stage.matters[step["并入第"] - 1].pk)
    matter = stage.matter
    matters.merge(actor_of(step.get("谁", "城运中心·值班岗"), matter), matter, into, step["话"])
    stage.at = step["并入第"] - 1


def look_at(stage: Stage, step: Told) -> None:
    """The steps that follow are about the nth matter."""
    stage.at = step["第"] - 1


def wait(stage: Stage, step: Told) -> None:
    """Nobody does anything: the timers look at who has not taken what, and at disputes whose time is over."""
    late_takers()
    sweep()


VERBS: dict[str, Callable[[Stage, Told], None]] = {
    "再报": say_again,
    "派遣": dispatch,
    "接单": take,
    "接手": take_over,
    "打电话报警": call,
    "先期处置": make_safe,
    "联系": contact,
    "查看来电人": look_up,
    "说明模糊": describe,
    "申请": ask,
    "答复申请": answer_application,
    "催办": urge,
    "督办": urge,
    "答复催办": answer_urge,
    "请协办": add_support,
    "协办完成": supports_done,
    "处置": handle,
    "核查": check,
    "答复": reply,
    "告知进展": reply,
    "并案": merge,
    "看第几件": look_at,
    "到时": wait,
}
