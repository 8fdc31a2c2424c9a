"""Which kinds are trifles: whoever comes by may do them, show it by two photographs, and close them; a sample is checked."""

from __future__ import annotations

from doudi.engine.kinds.entries import Lane, MatterKind, Verification
from doudi.engine.kinds.evidence import WRITTEN, is_photo


def is_trifle(kind: MatterKind) -> bool:
    """Nothing presses, the catalogue lets it be checked by sample, and wants no more than photographs and plain words."""
    plain = all(is_photo(name) or name in WRITTEN for name in kind.evidence)
    return kind.verification is Verification.SAMPLED and kind.lane is Lane.NORMAL and kind.emergency is None and plain
