"""Secrets of one town: made once, kept in its data folder, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret(name: str, data_dir: Path) -> str:
    """The secret called ``name``, made at first use (file mode 0600).

    Two processes that start at once both end with the same secret: the file is created exclusively
    and the loser reads what the winner wrote.
    """
    folder = data_dir / "keys"
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f".{name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
