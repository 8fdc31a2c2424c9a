"""The verbs of an argument: asking to be relieved, going up a level, speaking, ruling."""

from __future__ import annotations

from datetime import date
from typing import Any

from doudi.engine.duties.rules import Rule
from doudi.web import clock
from doudi.web.areas.queries import areas
from doudi.web.disputes import services as disputes
from doudi.web.disputes.models import Dispute, DisputeClock, Ruling, Statement
from doudi.web.matters.models import Application, MatterEvent
from doudi.web.rulebook import services as rulebooks
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.proving import prove
from doudi.web.rulebook.queries import rulebook_of
from tests.rulebook import shipped
from tests.scenarios.acting import VERBS, Stage, Told
from tests.scenarios.cast import actor_of, post_for
from tests.scenarios.telling import LEVELS, SCOPES, STANCES, kinds, villages, written

LEVEL_NAMES = {level: name for name, level in LEVELS.items()}


def dispute_of(stage: Stage) -> Dispute:
    return Dispute.objects.filter(matter=stage.matter).select_related("proposed", "convenor").latest("seq")


def ask_to_be_relieved(stage: Stage, step: Told) -> None:
    matter = stage.matter
    applied = disputes.apply_for_transfer(
        actor_of(step["谁"], matter),
        matter,
        reason=step["理由"],
        basis=step["依据"],
        proposed_holder=post_for(step["建议"], matter),
    )
    became = "记为推诿" if applied.evasion else "转为争议" if applied.dispute else "改派申请"
    assert became == step.get("成为", "改派申请")
    assert MatterEvent.objects.filter(matter=matter, kind="evasion").exists() == applied.evasion


def refer(stage: Stage, step: Told) -> None:
    matter = stage.matter
    waiting = Application.objects.get(matter=matter, kind="transfer", state="open")
    disputes.refer_application(actor_of(step["谁"], matter), matter, waiting, step["话"])


def open_dispute(stage: Stage, step: Told) -> None:
    matter = stage.matter
    disputes.open_dispute(
        actor_of(step["谁"], matter),
        matter,
        step["话"],
        invited=[post_for(name, matter) for name in step.get("请", ())],
    )


def raise_level(stage: Stage, step: Told) -> None:
    disputes.raise_level(actor_of(step["谁"], stage.matter), dispute_of(stage), step["话"], to=LEVELS[step["到"]])


def propose(stage: Stage, step: Told) -> None:
    matter = stage.matter
    disputes.propose(actor_of(step["谁"], matter), dispute_of(stage), post_for(step["承办岗"], matter), step["话"])


def speak(stage: Stage, step: Told) -> None:
    """Whoever was not asked yet is asked by the desk first."""
    matter, dispute = stage.matter, dispute_of(stage)
    post = post_for(step["谁"], matter)
    said = Statement.objects.filter(dispute=dispute, post=post).first()
    if said is None:
        said = disputes.invite(actor_of("城运中心·值班长", matter), dispute, post)
    disputes.give_statement(
        actor_of(step["谁"], matter), said, STANCES[step["意见"]], step.get("话", ""), step.get("依据", "")
    )


def rule(stage: Stage, step: Told) -> None:
    matter = stage.matter
    new = disputes.NewRuling(
        post_for(step["承办岗"], matter),
        step["话"],
        basis=step.get("依据", ""),
        supports=[post_for(name, matter) for name in step.get("配合岗", ())],
        cost_bearer=step.get("费用", ""),
        scope=SCOPES[step.get("范围", "这一件")],
        valid_until=date.fromisoformat(step["到期"]) if "到期" in step else None,
    )
    disputes.rule(actor_of(step["谁"], matter), dispute_of(stage), new)


def publish(stage: Stage, step: Told) -> None:
    """The ruling's draft becomes law: what stays open is accepted by name, two approve it, and another than the proposer publishes."""
    ruling = Ruling.objects.filter(dispute__matter=stage.matter).exclude(scope=Ruling.Scope.MATTER).latest("at")
    draft = Version.objects.get(pk=ruling.draft_id)
    editor, catcher = actor_of(step["提出"], None), post_for("城运中心·值班岗", None)
    for found in prove(rulebook_of(draft.number)).conflicts:
        for part in found.regions:
            rulebooks.accept(
                editor, draft, part, name="暂由兜底岗承接", why="下次会商再定", caught_by=[catcher], rules=found.rules
            )
    while open_ := prove(rulebook_of(draft.number)).gaps.regions:
        rulebooks.accept(editor, draft, open_[0], name="暂由兜底岗承接", why="下次会商再定", caught_by=[catcher])
    rulebooks.propose(editor, draft, step["话"])
    rulebooks.approve(actor_of(step["审核"], None), draft, "legality", "于法有据")
    rulebooks.approve(actor_of(step["批准"], None), draft, "leader")
    rulebooks.publish(actor_of(step["发布"], None), draft, clock.today())


def argued(stage: Stage) -> str:
    """On which level it is argued and until when."""
    open_ = DisputeClock.objects.filter(dispute__matter=stage.matter, ended_at__isnull=True)
    return (
        "".join(f"{LEVEL_NAMES[one.which]}，到 {written(one.due_at, stage.year)}" for one in open_ if one.due_at)
        or "已了结"
    )


def drafted(stage: Stage) -> list[dict[str, Any]]:
    """The rules that came out of the last ruling, as they stand in its draft."""
    ruling = Ruling.objects.filter(dispute__matter=stage.matter).exclude(scope=Ruling.Scope.MATTER).latest("at")
    assert ruling.draft_id is not None
    return [in_words(one) for one in rulebook_of(ruling.draft_id).rules if one.id in ruling.rules]


def in_words(rule_: Rule) -> dict[str, Any]:
    """A drafted rule as an official reads it; what is empty means any."""
    roles = {entry["role"]: entry["name"] for entry in shipped.document("roles")}
    types = {entry["code"]: entry["name"] for entry in shipped.document("unit_types")}
    labels = {
        (entry["fact"], value): label for entry in shipped.document("facts") for value, label in entry["values"].items()
    }
    told: dict[str, Any] = {
        "层级": rule_.layer.label,
        "事项": [kinds()[code] for code in sorted(rule_.kinds)],
        "场所": sorted(types.get(code, "类型不明") for code in rule_.unit_types),
        "区域": _places(rule_),
        "时段": {"work": "工作时间", "off": "非工作时间", None: ""}[rule_.hours],
        "情况": [
            labels.get(fact, "这个地点" if fact[0] == "spot" else fact[1]) for fact in sorted(rule_.facts.items())
        ],
        "裁定的规则": list(rule_.settles),
        "承办": roles[rule_.holder],
        "配合": [roles[one.role] for one in rule_.supports],
        "自": rule_.since.isoformat(),
        "到": rule_.until.isoformat() if rule_.until else "",
    }
    return {name: value for name, value in told.items() if value}


def _places(rule_: Rule) -> list[str]:
    """The areas of a rule, or those left out where they are fewer."""
    every = {area.code: name for name, area in villages().items()}
    named = sorted(areas().name(code) for code in rule_.areas)
    left_out = sorted(name for code, name in every.items() if code not in rule_.areas)
    return [f"除{'、'.join(left_out)}外"] if rule_.areas and len(left_out) < len(named) else named


VERBS |= {
    "申请改派": ask_to_be_relieved,
    "提请裁定": refer,
    "提出争议": open_dispute,
    "提级": raise_level,
    "提方案": propose,
    "陈述": speak,
    "裁定": rule,
    "入规发布": publish,
}
