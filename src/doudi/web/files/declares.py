"""What belongs to files: the proof that they lie on the disk."""

from __future__ import annotations

from doudi.web.files import checks
from doudi.web.registry.declared import Check, Declared

DECLARES: tuple[Declared, ...] = (Check("uploads", "记录里的文件都在磁盘上", checks.uploads),)
