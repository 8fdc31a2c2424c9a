"""What may be ordered to make a place safe, and what the town has no power to do.

Fencing, warning, guarding and cleaning need no power. Towing, cutting and filling touch what belongs to somebody: they
need the competent body, or the performance in its stead that the law orders (代履行, 行政强制法 50–52).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from doudi.engine.errors import DoudiError
from doudi.engine.messages import msg


class WorkError(DoudiError):
    """This work may not be ordered so."""


class Work(StrEnum):
    FENCE = "fence"
    GUARD = "guard"
    COVER = "cover"
    CLEAN = "clean"
    PUMP = "pump"
    PROP = "prop"
    TREE = "tree"
    TOW = "tow"
    CUT = "cut"
    FILL = "fill"
    DEMOLISH = "demolish"


@dataclass(frozen=True, slots=True)
class WorkKind:
    """``needs``: whose power the work touches; empty where anybody may do it for safety's sake."""

    work: Work
    label: str
    needs: str = ""


WORKS: tuple[WorkKind, ...] = (
    WorkKind(Work.FENCE, "围挡警示"),
    WorkKind(Work.GUARD, "现场看守"),
    WorkKind(Work.COVER, "临时盖板"),
    WorkKind(Work.CLEAN, "清理清运"),
    WorkKind(Work.PUMP, "抽排积水"),
    WorkKind(Work.PROP, "临时支护"),
    WorkKind(Work.TREE, "清理倒伏树枝"),
    WorkKind(Work.TOW, "拖移车辆", "车辆只能由交警等有权机关拖移"),
    WorkKind(Work.CUT, "剪除线缆", "线缆只能由权属单位或有权机关处理"),
    WorkKind(Work.FILL, "填埋窨井", "窨井只能由权属单位处理，或公告期满后依法代履行"),
    WorkKind(Work.DEMOLISH, "拆除设施", "设施只能由权属单位或有权机关拆除"),
)
_BY_WORK = {kind.work: kind for kind in WORKS}


def work_kind(work: str) -> WorkKind:
    """Raises WorkError for work that is not in the list."""
    try:
        return _BY_WORK[Work(work)]
    except ValueError:
        raise WorkError("没有“{work}”这种先期处置，请从列表里选。", work=work) from None


def require_power(work: str, authority: str) -> None:
    """Raises WorkError where the work touches another's power and no ``authority`` (whose consent or order) is named."""
    kind = work_kind(work)
    if kind.needs and not authority.strip():
        raise WorkError(
            "{needs}：请写明哪家同意或哪份代履行决定；现在可以先围挡警示、拍照留证。", needs=msg(kind.needs)
        )
