"""The columns of matters, applications and urges that events tell, so that replaying them gives the rows."""

from __future__ import annotations

#: Not told: erasable words (summary, address) and ``due_at``, which follows from the clocks.
TOLD = (
    "number kind unit_id area_id facts lane restricted status holder_id layer unclear ambiguity doubts competent_body competent_basis "
    "rulebook_id merged_into_id accepted_at handled_by_id handled_at closed_at"
).split()
#: Columns that came later than the first matters: what they were before any event told them.
UNTOLD: dict[str, object] = {"ambiguity": [], "doubts": []}
#: An application and an urge are told by the events of their matter, under these names in the payload.
APPLICATION_TOLD = (
    "id report_id kind asked_of by_post_id by_person_id proposed_holder_id proposed_until applied_at due_at state "
    "granted_until answered_at answered_by_id"
).split()
URGE_TOLD = "id report_id kind source about by_post_id by_person_id urged_at due_at state answered_at answered_by_id".split()
