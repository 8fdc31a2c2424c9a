"""What belongs to setting up a town: the way to its list, and sheets that come in."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.engine.setup.vocabulary import SetupJob
from doudi.web.registry.declared import Declared, JobKind, Life, NavItem, Pace, State
from doudi.web.setup.models import Load
from doudi.web.setup.services import write_waiting

_ALSO = ("setup_town", "setup_areas", "setup_posts", "setup_places", "setup_trial", "setup_sheets")

LOAD = Life(
    Load,
    states=(
        State(
            "seen", "wait", "eye", rest="waits for whoever brought it; laid aside after a week when the next one comes"
        ),
        State("running", "work", "refresh", rest="its job is tried again; when it is dead the load can be laid aside"),
        State("written", "done", "circle-check", rest="stands, and can be taken back"),
        State("failed", "alarm", "alert-triangle", final=True),
        State("taken_back", "away", "arrow-back-up", final=True),
        State("laid_aside", "away", "x", final=True),
    ),
)

DECLARES: tuple[Declared, ...] = (
    LOAD,
    JobKind(SetupJob.LOAD, "写入表格", write_waiting, Pace.LONG),
    NavItem("setup", "建镇", "list-check", 2, frozenset({Power.MANAGE_AREAS}), also=_ALSO),
)
