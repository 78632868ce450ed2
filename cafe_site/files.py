"""Write files atomically and only if they change, and remove them safely."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

TEMPORARY = ".cafe-site-"
"""The prefix of the names of temporary files and folders."""


def write(path: Path, content: str | bytes, *, workspace: Path | None = None) -> None:
    """Write a file if it changes, so that unchanged files need not be uploaded again.

    The file is replaced atomically.
    Only a regular file is replaced, never, for example, a device.

    :param workspace: the folder for the temporary file, on the same file system;
        that of the file by default
    :raises OSError: with a human-readable `strerror`
    """
    data = content.encode() if isinstance(content, str) else content
    if path.exists() and not path.is_file():
        raise OSError(None, "is a folder" if path.is_dir() else "is not a regular file", str(path))
    if path.is_file() and path.read_bytes() == data:
        return
    # With the process ID in its name, since two processes may write the same file.
    temporary = (workspace or path.parent) / f"{TEMPORARY}{os.getpid()}-{path.name}"
    try:
        temporary.write_bytes(data)
        os.replace(temporary, path)  # noqa: PTH105 - Sphinx's own paths have another `replace`
    finally:
        remove(temporary)


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder and its contents, as far as possible.

    The target of a link stays.
    """
    try:
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
        else:
            shutil.rmtree(path, ignore_errors=True)
    except OSError:
        return


def same(path: Path, other: Path) -> bool:
    """Return whether two files have the same contents; a missing file has none."""
    try:
        return path.stat().st_size == other.stat().st_size and (
            path.read_bytes() == other.read_bytes()
        )
    except OSError:
        return False
