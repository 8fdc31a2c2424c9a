"""Guards of ours taken out, each of which a kill then makes seen."""

from __future__ import annotations

from tests.model.mutants import Mutant

_BRING_IN = (
    "def _bring_in(\n"
    "    batch: ImportBatch, chunk: Sequence[Row], reading: Reading, actor: Actor, left_out: Sequence[LeftOut]\n"
    ") -> None:\n"
    "    before = ImportBatch.objects"
)

CARELESS = {
    "mail": Mutant(
        "a message waits while it is on its way",
        "doudi.web.channels.services.sending",
        "_lease",
        "state=DeliveryState.SENDING",
        "state=DeliveryState.WAITING",
    ),
    "intake": Mutant(
        "a report stands before it is chained",
        "doudi.web.journal.services",
        "_chain",
        "    bodies = ",
        "    transaction.get_connection().connection.commit()\n    bodies = ",
    ),
    "import": Mutant(
        "rows come in apart from the count of rows done",
        "doudi.web.upstream.services.bringing",
        "_bring_in",
        f"@unit_of_work()\n{_BRING_IN}.select_for_update()",
        _BRING_IN,
    ),
    "job": Mutant(
        "a job is finished before its work is done",
        "doudi.web.timers.running",
        "_run_together",
        "        with unit_of_work():\n            for job in leased:\n                of(JobKind)[job.kind].run(job.payload)\n"
        "            jobs.finish(*leased)",
        "        jobs.finish(*leased)\n        for job in leased:\n            of(JobKind)[job.kind].run(job.payload)",
    ),
}
