"""The words of danger by the part that they play: what threatens, what happens, who is exposed, what calms.

A word may hold alternatives, ``晕(倒|过去)``, and a gap of a few signs, ``困~电梯``. A role of a sort speaks for
that danger; a role without one (who, when, how bad) speaks for any. ``INNOCENT`` are longer words in which a word
of danger says nothing.

The words are written by hand for this town, from no list of anybody else. Which sorts there are says the README of
``tests/engine/danger``, whose sentences for development show what residents say.
"""

from __future__ import annotations

from collections.abc import Mapping

from doudi.engine.danger.bodies import BODIES
from doudi.engine.danger.calm import CALMING, INNOCENT
from doudi.engine.danger.hazards import HAZARDS

__all__ = ["INNOCENT", "ROLES"]

ROLES: Mapping[str, tuple[str, str]] = {**BODIES, **HAZARDS, **CALMING}
"""Each role: the sort that it speaks for (none: any), and its words."""
