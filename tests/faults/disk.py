"""A disk of our own whose power can be cut: an ext4 in a file, mounted through a loop device. Needs root and Linux.

``FS_IOC_SHUTDOWN`` ends the file system as a power cut does: nothing that was not synced reaches the disk any more, not
even the journal's last entries. Mounted again, it recovers as after any such morning.
"""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
from contextlib import suppress
from pathlib import Path

FS_IOC_SHUTDOWN = 0x8004587D
#: do not flush the journal
NO_LOG_FLUSH = 2


class Disk:
    """``folder`` is where it is mounted, while it is."""

    def __init__(self, image: Path, folder: Path, megabytes: int = 512) -> None:
        self.image, self.folder = image, folder
        with image.open("wb") as file:
            file.truncate(megabytes << 20)
        _run("mkfs.ext4", "-q", str(image))
        folder.mkdir(exist_ok=True)
        self.mount()

    def mount(self) -> None:
        _run("mount", "-o", "loop", str(self.image), str(self.folder))

    def cut(self) -> None:
        """The power goes, in this very moment, whatever anybody does."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, FS_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        finally:
            os.close(handle)

    def unmount(self) -> None:
        _run("umount", str(self.folder))

    def gone(self) -> None:
        with suppress(DiskError):
            self.unmount()
        self.image.unlink(missing_ok=True)


class DiskError(Exception):
    """The disk cannot be made, mounted or given back; the message is the command's own."""


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise DiskError(f"{' '.join(command)}: {done.stderr.strip()}")
