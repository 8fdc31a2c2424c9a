"""Faults made by hand in the services: one line of their source is written otherwise while a test runs."""

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
_APPLYING, _GRANTING = "doudi.web.matters.services.applying", "doudi.web.matters.services.granting"


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
    Mutant("one helper who is done ends the help of all", "doudi.web.matters.services.supporting", "finish_support",
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
           "ended_at=None, **which", "ended_at=None"),
    Mutant("an answer met does not meet what the upstream set", _REPORTS, "reply",
           'which=["reply", "upstream", "contact"]', 'which=["reply", "contact"]'),
    Mutant("a failed check begins the promised time anew", _STEPS, "verify",
           "    if passed:\n        changes",
           "    terms.end(MatterClock, now, cancelled=True, matter=matter)\n    if passed:\n        changes"),
    Mutant("the answer stays with whoever held it first", _DISPATCHING, "_dispatched",
           "facts += reports.hand_over(writing.led_reports(matter), chosen, actor)", "pass"),
    Mutant("merging forgets the greater danger", _DISPATCHING, "merge",
           'raised = {"lane": lane} if lane != into.lane else {}', "raised = {}"),
    Mutant("what few may know joins what many see", _DISPATCHING, "merge",
           "if matter.restricted and not into.restricted:", "if False:"),
    Mutant("helpers are given the time of the danger as it was", _DISPATCHING, "_dispatched",
           'matter.lane = str(changes["lane"])', "pass"),
    Mutant("the danger is promised anew at each dispatch", _DISPATCHING, "_dispatched",
           'if not MatterClock.objects.filter(matter=matter, which="make_safe").exists():', "if True:"),
    Mutant("who waits for an answer is relieved beside it", _DISPATCHING, "_dispatched",
           "        writing.require_no_transfer(matter)", "        pass"),
    Mutant("a second wish to be relieved goes to the desk again", _APPLYING, "_require_fit",
           "if sort.kind is ApplicationKind.TRANSFER and earlier.exclude(state__in=Application.UNDECIDED).exists():", "if False:"),
    Mutant("whoever asked answers it", _APPLYING, "answer",
           "if not upstream and actor.person and application.by_person_id == actor.person.pk:", "if False:"),
    Mutant("more time is granted and not given", _GRANTING, "extend",
           "MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, [plan], matter=matter))", "pass"),
    Mutant("what stands on the books need not be taken either", _GRANTING, "suspend",
           'filter(matter=matter, which="handle", ended_at__isnull=True)', "filter(matter=matter, ended_at__isnull=True)"),
    Mutant("what was urged outlives the matter", _STEPS, "verify",
           "writing.ended(matter, now) if passed else {}", "{}"),
    Mutant("silence counts for every post of the town", "doudi.web.matters.services.silence", "silence_counts",
           "post.silence_counts and ", ""),
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
