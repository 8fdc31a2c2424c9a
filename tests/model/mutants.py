"""Faults made by hand in the services: one line of their source is written otherwise while a test runs."""

from __future__ import annotations

import importlib
import inspect
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from doudi.web.registry.declared import Declared, JobKind, Sweep
from doudi.web.registry.gathered import of

_ASSIGNING, _STEPS = "doudi.web.matters.services.assigning", "doudi.web.matters.services.steps"
_LANES = "doudi.web.matters.services.lanes"
_DISPATCHING, _REPORTS = "doudi.web.matters.services.dispatching", "doudi.web.reports.services.reporting"
_HANDING_OVER = "doudi.web.matters.services.handing_over"
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
    Mutant(
        "the holder changes and nobody writes down that it did",
        _ASSIGNING,
        "change_lead",
        "    Assignment.objects.create(",
        "    return\n    Assignment.objects.create(",
    ),
    Mutant(
        "merging leaves behind what was asked",
        _DISPATCHING,
        "merge",
        "Demand.objects.filter(matter=matter).update(matter=into)",
        "pass",
    ),
    Mutant("whoever handled it may check it", _STEPS, "verify", "if matter.holder_id in actor.posts:", "if False:"),
    Mutant(
        "a matter is closed over the heads of its helpers",
        _STEPS,
        "verify",
        "        requirements.require_help_done(matter, closing=True)",
        "        pass",
    ),
    Mutant(
        "one helper who is done ends the help of all",
        "doudi.web.matters.services.supporting",
        "finish_support",
        "matter=matter, post=post, role=Assignment.Role.SUPPORT",
        "matter=matter, role=Assignment.Role.SUPPORT",
    ),
    Mutant(
        "a matter is handled over the heads of its helpers",
        _STEPS,
        "handle",
        "requirements.require_help_done(matter, closing=step == MatterStep.CLOSE_ON_SPOT)",
        "pass",
    ),
    Mutant(
        "who is only told holds the matter up",
        "doudi.engine.duties.bonds",
        "waited_for",
        "bond != Bond.INFORMS and",
        "True and",
    ),
    Mutant(
        "what may wait until the end is waited for before",
        "doudi.engine.duties.bonds",
        "waited_for",
        "(closing or bond != Bond.BEFORE_CLOSED)",
        "True",
    ),
    Mutant(
        "a version that does not say lets nobody wait",
        "doudi.engine.duties.bonds",
        "waited_for",
        "bond != Bond.INFORMS",
        "bond not in (Bond.INFORMS, UNSAID)",
    ),
    Mutant(
        "moving over to a newer version leaves a helper's clock running",
        "doudi.web.matters.services.bonding",
        "adopt_bonds",
        "if not waited_for(bond):",
        "if False:",
    ),
    Mutant(
        "whoever was only informed is never asked for more",
        _ASSIGNING,
        "add_supports",
        "        if waited_for(bond):",
        "        if False:",
    ),
    Mutant(
        "what was said after the work was done counts as done with it",
        _DISPATCHING,
        "merge",
        "if afterwards and not covered:",
        "if False:",
    ),
    Mutant(
        "helpers are reminded without end",
        "doudi.web.matters.services.supporting",
        "_remind",
        "if again is not None and again > clock.now():",
        "if False:",
    ),
    Mutant(
        "a matter begun again has nothing promised",
        _STEPS,
        "begin_again",
        "MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, plans, matter=matter))",
        "pass",
    ),
    Mutant(
        "the restricted circle stands open",
        "doudi.web.matters.queries",
        "visible",
        "if actor.scope(Power.SEE_RESTRICTED) is not None:",
        "if False:",
    ),
    Mutant(
        "the same message is a new report each time",
        "doudi.web.triage.services.receiving",
        "_known",
        "return {index: row for index, row in found.items() if row is not None}",
        "return {}",
    ),
    Mutant(
        "an event does not tell what it changed",
        "doudi.web.records.services",
        "_set_to",
        "if changes else {}",
        "if False else {}",
    ),
    Mutant(
        "ending one matter's clocks ends those of all",
        "doudi.web.terms.services",
        "end",
        "ended_at=None, **which",
        "ended_at=None",
    ),
    Mutant(
        "an answer met does not meet what the upstream set",
        _REPORTS,
        "reply",
        'which=["reply", "upstream"]',
        'which=["reply"]',
    ),
    Mutant(
        "a reply counts as the first contact",
        _REPORTS,
        "reply",
        '{"status": status, "replied_at": now}',
        '{"status": status, "replied_at": now, "contacted_at": report.contacted_at or now}',
    ),
    Mutant(
        "the answer of what was opened again still goes up",
        _REPORTS,
        "reopen",
        "    outbox.recall(report.pk)",
        "    pass",
    ),
    Mutant(
        "an order whose answer never left stays met when it is opened again",
        _REPORTS,
        "reopen",
        "return run_on_above(report)",
        "return None",
    ),
    Mutant(
        "a failed check begins the promised time anew",
        _STEPS,
        "verify",
        "    if passed:\n        changes",
        "    terms.end(MatterClock, now, cancelled=True, matter=matter)\n    if passed:\n        changes",
    ),
    Mutant(
        "the answer stays with whoever held it first",
        _DISPATCHING,
        "_dispatched",
        "reports.hand_over(led, chosen, actor)",
        "pass",
    ),
    Mutant(
        "merging forgets the greater danger",
        _DISPATCHING,
        "merge",
        "raised, told = _joined_danger(actor, matter, into, now)",
        "raised, told = {}, {}",
    ),
    Mutant(
        "what few may know joins what many see",
        _DISPATCHING,
        "merge",
        "if matter.restricted and not into.restricted:",
        "if False:",
    ),
    Mutant(
        "helpers are given the time of the danger as it was",
        _LANES,
        "move_to_lane",
        "matter.lane = str(lane)",
        "pass",
    ),
    Mutant(
        "another kind takes the danger off",
        _DISPATCHING,
        "_dispatched",
        "danger = danger_of(matter)",
        "danger = type(danger_of(matter)).NONE",
    ),
    Mutant(
        "a danger that was lowered still has to be met at once",
        _LANES,
        "move_to_lane",
        "if lowered:",
        "if not told:",
    ),
    Mutant(
        "a danger that was raised is met as slowly as before",
        _LANES,
        "move_to_lane",
        "_start_sooner(matter, plans, now)",
        "pass",
    ),
    Mutant(
        "who waits for an answer is relieved beside it",
        _DISPATCHING,
        "_dispatched",
        "        requirements.require_no_transfer(matter)",
        "        pass",
    ),
    Mutant(
        "a second wish to be relieved goes to the desk again",
        _APPLYING,
        "_require_fit",
        "if sort.kind is ApplicationKind.TRANSFER and earlier.exclude(state__in=Application.UNDECIDED).exists():",
        "if False:",
    ),
    Mutant(
        "the lead moves as soon as the next post is named",
        _HANDING_OVER,
        "name_next",
        "    row.save(force_insert=True)",
        '    row.save(force_insert=True)\n    assigning.change_lead(matter, post.code, "desk", row.decision, now)',
    ),
    Mutant(
        "a dispatch leaves the next post named",
        _DISPATCHING,
        "_dispatched",
        "payload |= assigning.end_next(matter, now)",
        "pass",
    ),
    Mutant(
        "who takes over begins the promised time anew",
        _HANDING_OVER,
        "take_over",
        "cancelled=True, matter=matter, which=MatterClock.Which.TAKE)",
        "cancelled=True, matter=matter)",
    ),
    Mutant(
        "what was not taken over waits for ever",
        "doudi.web.timers.taking",
        "late_to_take_over",
        "    moved = 0",
        "    return 0\n    moved = 0",
    ),
    Mutant(
        "who is to take over does not see it",
        "doudi.web.matters.queries",
        "_asked_of",
        "role__in=Assignment.ASKED",
        "role=Assignment.Role.SUPPORT",
    ),
    Mutant(
        "whoever asked answers it",
        _APPLYING,
        "answer",
        "if not upstream and actor.person and application.by_person_id == actor.person.pk:",
        "if False:",
    ),
    Mutant(
        "more time is granted and not given",
        _GRANTING,
        "extend",
        "MatterClock.objects.bulk_create(terms.clock_rows(MatterClock, [plan], matter=matter))",
        "pass",
    ),
    Mutant(
        "what stands on the books need not be taken either",
        _GRANTING,
        "suspend",
        "filter(matter=matter, which=MatterClock.Which.HANDLE, ended_at__isnull=True)",
        "filter(matter=matter, ended_at__isnull=True)",
    ),
    Mutant(
        "what was urged outlives the matter",
        _STEPS,
        "verify",
        "ending.close_open_requests(matter, now) if passed else {}",
        "{}",
    ),
    Mutant(
        "silence counts for every post of the town",
        "doudi.web.matters.services.silence",
        "silence_counts",
        "post.silence_counts and ",
        "",
    ),
)

#: where the registry keeps functions that no module knows by name any more
_DECLARED: tuple[tuple[type[Declared], str], ...] = ((Sweep, "look"), (JobKind, "run"))


@contextmanager
def made(mutant: Mutant) -> Iterator[None]:
    """The fault stands wherever the function is known by its name, and where a slice declared it as a sweep or a job."""
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
    declared = [(one, name) for kind, name in _DECLARED for one in of(kind).values() if getattr(one, name) is sound]
    for names, name in places:
        names[name] = faulty
    for one, name in declared:
        object.__setattr__(one, name, faulty)
    try:
        yield
    finally:
        for names, name in places:
            names[name] = sound
        for one, name in declared:
            object.__setattr__(one, name, sound)
