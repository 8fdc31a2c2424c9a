"""Secrets of one town: made once, kept in its data folder, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from doudi.web.files.folders import sync_folder


def secret(name: str, data_dir: Path) -> str:
    """The secret called ``name``, made at first use (file mode 0600)."""
    path = data_dir / "keys" / name
    if not path.exists():
        keep(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def keep(path: Path, text: str) -> bool:
    """Write a secret where there is none yet; returns whether it was.

    Two processes that start at once both end with the same secret: the file is created exclusively and the loser reads
    what the winner wrote.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    with draft.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return True
