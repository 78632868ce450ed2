"""Reading files of which nobody knows what they are."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def read_file(path: Path) -> bytes:
    """Return what is in a file.

    Something else that stands in its place, such as a named pipe, which would be waited for
    without end, or a device, is refused like a file that cannot be read.

    :raises OSError: with a `strerror` for people
    """
    with open(path, "rb", opener=_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(None, "is not a regular file", str(path))
        return file.read()


def _without_waiting(path: str, flags: int) -> int:
    # Opening a pipe waits for somebody to write to it; Windows has no pipes among files.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
