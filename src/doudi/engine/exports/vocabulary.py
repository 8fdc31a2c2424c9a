"""Exports: the names that their work bears."""

from __future__ import annotations

from enum import StrEnum


class ExportJob(StrEnum):
    """Background work of exports."""

    WRITE = "write_export"
