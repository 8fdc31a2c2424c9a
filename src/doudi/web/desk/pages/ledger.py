"""The ledger and the problem bank as workbooks."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from doudi.engine.people.vocabulary import Power
from doudi.web.backstop.models import ProblemReport
from doudi.web.exports.pages import give
from doudi.web.people.guard import ActorRequest, only_for


@require_safe
@only_for(Power.SEE_DESK)
def carried_file(request: ActorRequest) -> HttpResponseBase:
    """The lines behind the sums, as they are shown: of a month, of a body, or all."""
    return give(request, "carried", "xlsx")


@require_safe
@only_for(Power.SEE_DESK)
def problems_file(request: ActorRequest) -> HttpResponseBase:
    """What stands in the bank now."""
    return give(request, "problems", "xlsx")


@require_safe
@only_for(Power.SEE_DESK)
def problem_report_file(request: ActorRequest, month: str, edition: int) -> HttpResponseBase:
    """A report upward as it was made."""
    if not ProblemReport.objects.filter(month=month, edition=edition).exists():
        raise Http404
    return give(request, "problem_report", "xlsx", month=month, edition=str(edition))
