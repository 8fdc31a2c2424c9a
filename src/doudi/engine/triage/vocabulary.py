"""The names of what happens to what is learned."""

from __future__ import annotations

from enum import StrEnum


class TriageJob(StrEnum):
    """Background work of triage."""

    TEACH = "teach_kinds"


class ModelFact(StrEnum):
    """What the journal tells about models: taken into use, refused because it was worse, put away for the one before."""

    TAKEN = "kind_model_taken"
    REFUSED = "kind_model_refused"
    STEPPED_BACK = "kind_model_stepped_back"


class Refusal(StrEnum):
    """Why a model was not taken into use."""

    WORSE_ON_FRESH = "worse_on_fresh"
    WORSE_WHEN_HELD_OUT = "worse_when_held_out"
