"""The small town's rulebook mended step by step: what the tests of drafts share."""

from __future__ import annotations

from types import SimpleNamespace

from doudi.engine.duties.rules import Rule, read_rules
from doudi.web.people.models import Post
from doudi.web.rulebook import services
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.proving import prove
from doudi.web.rulebook.queries import Rulebook, rulebook_of
from tests.web.town import actor


def rule(code: str, **cells: str) -> Rule:
    """A town rule for stalls, with other cells where they are named."""
    stalls = {
        "kinds": "event.street.stall",
        "holder": "sanitation.street",
        "source": "镇会议纪要",
        "since": "2026-01-01",
    }
    (made,) = read_rules([{"id": code, "layer": "town_rule", **stalls, **cells}])
    return made


def begun(town: SimpleNamespace, title: str = "夜间职责调整") -> Version:
    return services.begin_draft(actor(town.people.shift), title)


def book_of(draft: Version) -> Rulebook:
    return rulebook_of(draft.number)


def fill_all_gaps(town: SimpleNamespace, draft: Version) -> None:
    """Accept whatever the draft leaves open, to the duty desk."""
    editor, desk = actor(town.people.shift), Post.objects.get(code="uoc.duty")
    while gaps := prove(book_of(draft)).gaps.regions:
        services.accept(editor, draft, gaps[0], name="暂由值班岗兜底", why="职责会商排在下月", caught_by=[desk])
    for one in prove(book_of(draft)).conflicts:
        for part in one.regions:
            services.accept(
                editor, draft, part, name="油烟白天两家都管", why="待会商", caught_by=[desk], rules=one.rules
            )
