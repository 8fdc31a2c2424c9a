"""What is secret is marked so, and what is told of it is a retelling."""

from __future__ import annotations

from collections.abc import Iterator

from doudi.engine.secrecy.finding import NUMBERS, find
from doudi.engine.secrecy.retelling import is_original
from doudi.web.matters.models import Demand, Matter
from doudi.web.matters.reading import retellings
from doudi.web.registry.proof import Fault, Walk, fault, grouped
from doudi.web.reports.models import Report


def secret_ones(walk: Walk) -> Iterator[Fault]:
    """Each matter against its circle, its reports and its retelling."""
    for rows in walk.over(Matter.objects.only("number", "restricted", "secret")):
        demands = grouped(Demand.objects.filter(matter__in=rows).select_related("report"), "matter_id")
        retold = retellings([one.pk for one in rows if one.secret])
        for matter in rows:
            about, asked = f"matter/{matter.number}", demands[matter.pk]
            secret = [one for one in asked if one.report.secrecy != Report.Secrecy.OPEN]
            if (matter.restricted or secret) and not matter.secret:
                yield fault("matter.secret_unmarked", about, "有保密的诉求，却没有标为保密，协办单位看得到原话。")
            words = retold.get(matter.pk, "")
            said = "\n".join(text for one in asked for text in (one.report.title, one.report.words, one.asks))
            if find(words, NUMBERS) or is_original(words, said):
                yield fault("matter.retelling_tells", about, "转述里有号码，或就是原话。")
