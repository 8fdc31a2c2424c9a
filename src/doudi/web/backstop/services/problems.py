"""What stays open past its limit is reported upward once a month; what was reported stays as it was reported."""

from __future__ import annotations

from doudi.engine.people.vocabulary import Power
from doudi.web import clock
from doudi.web.backstop.models import ProblemReport
from doudi.web.backstop.problems import problems
from doudi.web.journal.services import Fact, append, keep_text, text_payload, unit_of_work
from doudi.web.people.actor import Actor


@unit_of_work()
def report_problems(actor: Actor, text: str = "") -> ProblemReport:
    """Write down today's problem bank as this month's report; a second one in a month is its next edition."""
    actor.require(Power.SUPERVISE)
    now = clock.now()
    month = f"{now.astimezone(clock.TOWN_ZONE):%Y-%m}"
    rows = [one.told() for one in problems(actor.only(Power.SUPERVISE))]
    edition = ProblemReport.objects.filter(month=month).count() + 1
    kept = keep_text(text)
    made = ProblemReport.objects.create(
        month=month,
        edition=edition,
        rows=rows,
        made_at=now,
        by_post=actor.post_for(Power.SUPERVISE),
        by_person=actor.person,
        words=kept,
    )
    numbers = [row["number"] for row in rows]
    payload = {"month": month, "edition": edition, "matters": numbers, **text_payload(kept)}
    append(Fact.new("problems_reported", f"problems/{month}", payload, by=actor))
    return made
