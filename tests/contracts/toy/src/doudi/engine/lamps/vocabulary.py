"""The names of a lamp's states and of what happens to it."""

from __future__ import annotations

from enum import StrEnum


class LampState(StrEnum):
    LIT = "lit"
    DARK = "dark"
    TAKEN_DOWN = "taken_down"


class LampEventKind(StrEnum):
    PUT_UP = "put_up"
    WENT_OUT = "went_out"
    LIT_AGAIN = "lit_again"


class LampJob(StrEnum):
    LOOK = "look_at_lamp"
