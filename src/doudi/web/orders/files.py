"""Systems above as a town writes them down: a CSV or XLSX table, a line for each system and one for each thing it knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from doudi.engine.errors import DoudiError
from doudi.engine.matters.applications import application_type
from doudi.engine.upstream.life import BY_STEP
from doudi.engine.upstream.systems import VERBS, Signing, System, Verb, Wants
from doudi.engine.upstream.vocabulary import OrderStep
from doudi.engine.workdays import Term
from doudi.web.orders.models import SystemAbove
from doudi.web.orders.services import Description
from doudi.web.tables.named import Columns, Line, read_lines

Choice = TypeVar("Choice")

COLUMNS: Columns = {
    "system": ("系统", "上级系统"),
    "verb": ("动作", "能做什么"),
    "window": ("期限", "申请期限"),
    "quota": ("每季额度", "额度"),
    "verdicts": ("审核次数", "审核"),
    "codes": ("理由代码", "代码"),
    "numbers": ("编号格式",),
    "wants": ("要什么",),
    "signing": ("签发",),
    "signer": ("签发岗",),
    "satisfaction": ("满意度用语", "满意度"),
    "source": ("依据", "来源"),
}


def label_of(verb: str) -> str:
    """What people call a thing that a system may know."""
    if verb.startswith("apply_"):
        return application_type(verb.removeprefix("apply_")).label
    return BY_STEP[OrderStep(verb)].label


#: an application may be called as the step is: 申请结案 tells it from 上级结案
_VERBS = {**{one: one for one in VERBS}, **{label_of(one): one for one in VERBS}} | {
    f"申请{label_of(one)}": one for one in VERBS if one.startswith("apply_")
}
_WANTS = {
    **{one.value: one for one in Wants},
    **{str(label): Wants(one) for one, label in SystemAbove.WANTS_LABELS.items()},
}
_SIGNING = {
    **{one.value: one for one in Signing},
    **{str(label): Signing(one) for one, label in SystemAbove.SIGNING_LABELS.items()},
}


def read_systems(path: Path) -> list[Description]:
    """The systems in the table. Raises TableError with file and line for what cannot be read."""
    found: dict[str, Description] = {}
    for line in read_lines(path, COLUMNS, needed=("system",)):
        name = line.need("system")
        before = found.get(name)
        if not line.get("verb"):
            if before is not None:
                raise line.wrong("系统“{system}”写了两次。请只留一行。", system=name)
            found[name] = _described(line, path)
        elif before is None:
            raise line.wrong("请先写一行说明系统“{system}”本身，再写它能做什么。", system=name)
        else:
            verb = _verb(line)
            known = {**before.system.verbs, verb.name: verb}
            found[name] = replace(before, system=replace(before.system, verbs=known))
    return list(found.values())


def _described(line: Line, path: Path) -> Description:
    words = line.get("satisfaction").replace("；", ";").replace("、", ";").split(";")
    try:
        system = System(
            line.need("system"),
            line.get("numbers"),
            _one_of(line, "wants", _WANTS, Wants.REPLY),
            _one_of(line, "signing", _SIGNING, Signing.NEVER),
            line.get("signer"),
            tuple(word.strip() for word in words if word.strip()),
        )
    except DoudiError as error:
        raise line.wrong(error.template, **error.facts) from None
    return Description(system, line.get("source") or path.name)


def _verb(line: Line) -> Verb:
    written = line.get("verb")
    if written not in _VERBS:
        raise line.wrong("不认识的动作“{verb}”，可以写：{known}。", verb=written, known="、".join(map(label_of, VERBS)))
    pairs = (one.partition("=") for one in line.get("codes").replace("；", ";").split(";") if one.strip())
    try:
        return Verb(
            _VERBS[written],
            Term.parse(line.get("window")) if line.get("window") else None,
            _whole(line, "quota"),
            _whole(line, "verdicts") or 1,
            {code.strip(): words.strip() or code.strip() for code, _sign, words in pairs},
        )
    except DoudiError as error:
        raise line.wrong(error.template, **error.facts) from None


def _whole(line: Line, column: str) -> int | None:
    text = line.get(column)
    if text and not (text.isdecimal() and text.isascii()):
        raise line.wrong("“{column}”应是整数，现为“{text}”。", column=column, text=text)
    return int(text) if text else None


def _one_of(line: Line, column: str, known: dict[str, Choice], otherwise: Choice) -> Choice:
    text = line.get(column)
    if text and text not in known:
        raise line.wrong(
            "“{column}”不认识“{text}”，可以写：{known}。", column=column, text=text, known="、".join(known)
        )
    return known[text] if text else otherwise
