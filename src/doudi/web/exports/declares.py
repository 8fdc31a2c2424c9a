"""What belongs to exports: their states, the job that writes them, what is put away, and the way to one's own."""

from __future__ import annotations

from doudi.engine.exports.vocabulary import ExportJob
from doudi.web.exports.models import Export
from doudi.web.exports.pages import POWERS
from doudi.web.exports.services import tend, write
from doudi.web.registry.declared import Declared, JobKind, Life, NavItem, Pace, State, Sweep

_PUT_AWAY = "put away by `tend` within half an hour, and its person may ask again at any time"
EXPORT = Life(
    Export,
    states=(
        State("waiting", "wait", "clock", rest=_PUT_AWAY),
        State("writing", "work", "refresh", rest=_PUT_AWAY),
        State("ready", "done", "download", rest="its file goes by `tend` after some days"),
        State("given", "done", "circle-check", final=True),
        State("failed", "alarm", "alert-triangle", final=True),
        State("cancelled", "away", "x", final=True),
        State("withdrawn", "away", "x", final=True),
        State("over", "away", "clock", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (
    EXPORT,
    JobKind(ExportJob.WRITE, "生成导出的表格", write, Pace.LONG),
    Sweep("exports", tend, slow=True),
    NavItem("exports", "导出", "download", 86, frozenset(POWERS)),
)
