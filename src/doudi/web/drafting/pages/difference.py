"""Every region whose holder changes from the version that a draft begins with, and what a replay says of the past."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from doudi.engine.rules.difference import Held
from doudi.engine.rules.table import DecisionStatus
from doudi.web import clock
from doudi.web.drafting.pages.access import frame, with_version
from doudi.web.drafting.past import history_for
from doudi.web.people.guard import ActorRequest
from doudi.web.rulebook.cells import HEADERS, Cells
from doudi.web.rulebook.comparing import compare
from doudi.web.rulebook.models import Version
from doudi.web.rulebook.proving import difference_of, ground_of, wording_of
from doudi.web.rulebook.queries import Rulebook, newest_version, rulebook_of

MOST_REGIONS = 6


@require_safe
@with_version
def difference(request: ActorRequest, book: Rulebook) -> HttpResponseBase:
    """Beside the published version it began with, or another that ``with`` names."""
    others = [
        one
        for one in Version.objects.filter(state__in=Version.FIXED).defer("documents")
        if one.number != book.version.number
    ]
    asked = request.GET.get("with", "")
    newest = newest_version()
    default = book.version.base_id or (newest.number if newest and newest.number != book.version.number else None)
    number = int(asked) if asked in {str(one.number) for one in others} else default
    facts: dict[str, object] = {**frame(request, book, "difference"), "others": others, "other": None}
    if number is not None:
        other = rulebook_of(number)
        ground = ground_of(book, max(book.version.valid_from, clock.today()))
        history = history_for(book, ground)
        found = difference_of(other, book, history, ground)
        wording = wording_of(book, ground)
        facts |= {
            "other": other.version,
            "unproven": found.unproven,
            "history": history.size,
            "most": MOST_REGIONS,
            "rules": compare(other.rules, book.rules, Cells(book)),
            "headers": {column: _(name) for column, name in HEADERS.items()},
            "changes": [
                {
                    "before": _held(one.before, book),
                    "after": _held(one.after, book),
                    "share": one.share,
                    "change": one,
                    "where": [part.say(wording) for part in one.regions[:MOST_REGIONS]],
                    "more": max(0, len(one.regions) - MOST_REGIONS),
                }
                for one in found.changes
            ],
        }
    return render(request, "drafting/difference.html", facts)


def _held(held: Held, book: Rulebook) -> dict[str, object]:
    """Who holds: a role, the rivals of a conflict, or the backstop."""
    names = [book.role_names.get(one, one) for one in held.holders]
    match held.status:
        case DecisionStatus.RULE:
            return {"icon": "user-check", "words": names[0]}
        case DecisionStatus.CONFLICT:
            return {"icon": "alert-triangle", "words": _("交叉：{names}").format(names="、".join(names))}
    return {"icon": "lifebuoy", "words": _("没有规则，兜底岗承接")}
