"""Guards of ours taken out, each of which a kill then makes seen."""

from __future__ import annotations

from tests.model.mutants import Mutant

_BRING_IN = (
    "def _bring_in(batch: ImportBatch, chunk: Sequence[Row], reading: Reading, actor: Actor) -> None:\n"
    "    before = ImportBatch.objects"
)

CARELESS = {
    "intake": Mutant(
        "a report stands before it is chained", "doudi.web.triage.services", "_receive", "    record(facts)\n",
        "    transaction.get_connection().connection.commit()\n    record(facts)\n",
    ),
    "import": Mutant(
        "rows come in apart from the count of rows done", "doudi.web.upstream.services.bringing", "_bring_in",
        f"@transaction.atomic\n{_BRING_IN}.select_for_update()", _BRING_IN,
    ),
    "job": Mutant(
        "a job is finished before its work is done", "doudi.web.timers.running", "_run_together",
        "        with transaction.atomic():\n            for job in leased:\n                HANDLERS[job.kind](job.payload)\n"
        "            jobs.finish(*leased)",
        "        jobs.finish(*leased)\n        for job in leased:\n            HANDLERS[job.kind](job.payload)",
    ),
}  # fmt: skip
