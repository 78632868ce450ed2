"""Read untrusted paths, which may not be regular files."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_file(path: Path) -> bytes:
    """Return the contents of a file.

    Anything but a regular file, such as a device, or a named pipe, which would block forever,
    is refused like a file that cannot be read.

    :raises OSError: with a human-readable `strerror`
    """
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "is not a regular file", str(path))
        return file.read()


def _without_waiting(path: str, flags: int) -> int:
    # Opening a named pipe blocks until somebody writes to it; Windows has none in its file system.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
