"""Scenarios of ambiguous matters, as officials write them: reported, caught, argued, ruled, closed and answered.

Everything is called by its Chinese name: kinds, places, facts, posts, clocks, reasons. A name means exactly one thing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from doudi.engine.matters.ambiguity import AMBIGUITIES, DOUBTS
from doudi.engine.matters.applications import APPLICATION_TYPES
from doudi.web.demo.geometry import Ground
from doudi.web.matters.models import Matter
from doudi.web.registry.choices import labelled
from tests.documents import document
from tests.rulebook import shipped
from tests.web.demo.small_town import town_map

ZONE = ZoneInfo("Asia/Shanghai")
FOLDER = Path(__file__).parent / "ambiguous"
CHANNELS = {"扫码": "scan", "热线": "hotline", "网格": "grid", "网页": "web"}
CLOCKS = {
    "接单": "take",
    "先期处置": "make_safe",
    "通知到人": "tell",
    "核查": "verify",
    "协办": "support",
    "联系": "contact",
    "答复": "reply",
    "上级时限": "upstream",
}
WHY = {
    "": "规则明确",
    "confirm": "待值班岗确认",
    "gap": "职责空白",
    "conflict": "职责交叉",
    "kind_unclear": "事项不明",
    "new": "事项不明",
    "place_unclear": "地点不明",
    "no_post": "无岗可派",
}
LEVELS = {"值班岗": "desk", "现场会商": "on_site", "镇级会商": "town", "区级协调": "district"}
SCOPES = {"这一件": "matter", "这个地点": "spot", "本村居这类事": "kind_area", "全镇这类事": "kind"}
STANCES = {"同意": "agree", "反对": "object", "愿意承办": "take"}


@dataclass(frozen=True)
class Story:
    file: str
    told: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.told['编号']}-{self.told['情景']}"


def stories(folder: Path = FOLDER) -> list[Story]:
    found = [Story(path.stem, told) for path in sorted(folder.glob("*.yaml")) for told in document(path)]
    return sorted(found, key=lambda story: (str(story.told["编号"])[:1] == "加", story.told["编号"]))


def moment(written: str, year: int) -> datetime:
    """07-16 10:20 of the year of the report, or with a year of its own."""
    if len(written) == len("07-16 10:20"):
        written = f"{year}-{written}"
    return datetime.fromisoformat(written).replace(tzinfo=ZONE)


def written(at: datetime, year: int) -> str:
    local = at.astimezone(ZONE)
    return local.strftime("%m-%d %H:%M" if local.year == year else "%Y-%m-%d %H:%M")


def only(names: Mapping[str, str], name: str) -> str:
    """The code of what is called so; what two things are called names nothing."""
    codes = [code for code, called in names.items() if called == name]
    assert len(codes) == 1, f"“{name}”：{codes or '没有这个名称'}"
    return codes[0]


@cache
def villages() -> dict[str, Ground]:
    return {area.name: area for area in town_map().areas if area.kind in ("village", "neighbourhood")}


def grid_in(village: str) -> str:
    """The first grid of a village, where its matters lie."""
    return f"{villages()[village].code}001"


@cache
def kinds() -> dict[str, str]:
    return {entry["code"]: entry["name"] for entry in shipped.kinds() if "lane" in entry}


@cache
def unit_types() -> dict[str, str]:
    return {entry["code"]: entry["name"] for entry in shipped.document("unit_types")}


@cache
def facts() -> dict[str, tuple[str, str]]:
    return {
        label: (entry["fact"], value) for entry in shipped.document("facts") for value, label in entry["values"].items()
    }


@cache
def ambiguities() -> dict[str, str]:
    return {str(code): said.label for code, said in AMBIGUITIES.items()}


@cache
def doubts() -> dict[str, str]:
    return {str(code): said.label for code, said in DOUBTS.items()}


@cache
def applications() -> dict[str, str]:
    return {str(one.kind): one.label for one in APPLICATION_TYPES}


@cache
def statuses() -> dict[str, str]:
    return {value: str(label) for value, label in labelled(Matter.STATUS_LABELS)}
