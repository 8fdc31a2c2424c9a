"""Background work of a town that is being set up."""

from __future__ import annotations

from enum import StrEnum


class SetupJob(StrEnum):
    """``BACK_UP``: a copy of the town is made because somebody pressed for it; ``LOAD``: a long sheet is written."""

    BACK_UP = "back_up"
    LOAD = "load_sheet"
