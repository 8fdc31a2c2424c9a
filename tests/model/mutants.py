"""Ten faults made by hand in the services: one line of their source is written otherwise while a test runs."""

from __future__ import annotations

import importlib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_WRITING, _STEPS = "doudi.web.matters.services.writing", "doudi.web.matters.services.steps"
_DISPATCHING, _REPORTS = "doudi.web.matters.services.dispatching", "doudi.web.reports.services"


@dataclass(frozen=True)
class Mutant:
    """In ``function`` of ``module`` the text ``line`` becomes ``otherwise``."""

    says: str
    module: str
    function: str
    line: str
    otherwise: str


MUTANTS = (
    Mutant("the holder changes and nobody writes down that it did", _WRITING, "change_lead",
           "    Assignment.objects.create(", "    return\n    Assignment.objects.create("),
    Mutant("merging leaves behind what was asked", _DISPATCHING, "merge",
           "Demand.objects.filter(matter=matter).update(matter=into)", "pass"),
    Mutant("whoever handled it may check it", _STEPS, "verify",
           "if matter.holder_id in actor.posts:", "if False:"),
    Mutant("a matter is closed over the heads of its helpers", _STEPS, "verify",
           "        writing.require_help_done(matter)", "        pass"),
    Mutant("one helper who is done ends the help of all", _DISPATCHING, "finish_support",
           "matter=matter, post=post, role=Assignment.Role.SUPPORT", "matter=matter, role=Assignment.Role.SUPPORT"),
    Mutant("a matter begun again has nothing promised", _STEPS, "_reopened",
           "MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))", "pass"),
    Mutant("the restricted circle stands open", "doudi.web.matters.queries", "visible",
           'if not actor.may("see_restricted"):', "if False:"),
    Mutant("the same message is a new report each time", "doudi.web.triage.services", "_known",
           "return {index: row for index, row in found.items() if row is not None}", "return {}"),
    Mutant("an event does not tell what it changed", _WRITING, "tell",
           'set_to = {"set": {column: plain(value) for column, value in changes.items()}} if changes else {}', "set_to = {}"),
    Mutant("ending one matter's clocks ends those of all", "doudi.web.terms.services", "end",
           "ended_at__isnull=True, **which", "ended_at__isnull=True"),
    Mutant("an answer met does not meet what the upstream set", _REPORTS, "reply",
           'which__in=["reply", "upstream", "contact"]', 'which__in=["reply", "contact"]'),
    Mutant("a failed check begins the promised time anew", _STEPS, "verify",
           "    if passed:\n        changes",
           "    terms.end(MatterClock, now, cancelled=True, matter=matter)\n    if passed:\n        changes"),
)  # fmt: skip


@contextmanager
def made(mutant: Mutant) -> Iterator[None]:
    """The fault stands wherever the function is known by its name."""
    module = importlib.import_module(mutant.module)
    sound = getattr(module, mutant.function)
    source = textwrap.dedent(inspect.getsource(inspect.unwrap(sound)))
    if source.count(mutant.line) != 1:
        raise AssertionError(f"“{mutant.says}” no longer fits {mutant.module}.{mutant.function}: write it anew")
    exec(compile(source.replace(mutant.line, mutant.otherwise), f"<{mutant.says}>", "exec"), vars(module))
    faulty = getattr(module, mutant.function)
    setattr(module, mutant.function, sound)
    places = [
        (vars(one), name)
        for known, one in list(sys.modules.items())
        if one is not None and known.startswith(("doudi.", "tests."))
        for name, value in list(vars(one).items())
        if value is sound
    ]
    for names, name in places:
        names[name] = faulty
    try:
        yield
    finally:
        for names, name in places:
            names[name] = sound
