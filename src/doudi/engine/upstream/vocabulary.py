"""Files from above: the names that code and declarations share."""

from __future__ import annotations

from enum import StrEnum


class UpstreamJob(StrEnum):
    """Background work of files from above."""

    IMPORT = "import"


class RowSort(StrEnum):
    """What becomes of a row: a report, one that is here already, one that stands in the file twice, or nothing yet."""

    NEW = "new"
    TWIN = "twin"
    KNOWN = "known"
    CHANGED = "changed"
    REFUSED = "refused"
