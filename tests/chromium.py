"""The machine's own Chromium, so that no test downloads a browser."""

from __future__ import annotations

import os
import shutil


class ChromiumMissing(Exception):
    """This machine has no Chromium; the message says what to install."""


def chromium() -> str:
    """The path of the program. ``DOUDI_CHROMIUM`` names another."""
    for name in (os.environ.get("DOUDI_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"):
        if name and (found := shutil.which(name)):
            return found
    raise ChromiumMissing(
        "no chromium, chromium-browser or google-chrome on this machine; install the package chromium"
    )
