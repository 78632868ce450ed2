"""Files in the output folder: written as a whole, only if they change, and removed with care."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

if TYPE_CHECKING:
    from pathlib import Path

TEMPORARY = ".cafe-site-"
"""How the names of temporary files and folders begin, all of them in the output folder itself."""


class WriteError(SphinxError):
    """A file of the output cannot be written; Sphinx shows it as one line."""

    category = "Cannot write"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"{path}: {error.strerror or error}; "
            "make room, or remove what is in its way, and build again"
        )


def write(outdir: Path, name: str, content: str | bytes) -> None:
    """Write a file if it changes, so that what is unchanged need not be uploaded again.

    At every moment the file is the old one or the new one as a whole.

    :param name: the path of the file in the output folder, with ``/`` between folders
    :raises WriteError: if it cannot be written
    """
    data = content.encode() if isinstance(content, str) else content
    path = outdir / name
    # In the output folder, where the next build removes what a killed one has left.
    temporary = outdir / f"{TEMPORARY}{path.name}"
    try:
        if path.is_file() and path.read_bytes() == data:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        os.replace(temporary, path)  # noqa: PTH105 - Sphinx's own paths have another `replace`
    except OSError as error:
        remove(temporary)
        raise WriteError(path, error) from error


def remove(path: Path) -> None:
    """Remove a file, a link, or a folder with all that is in it, as far as that is possible.

    What a link leads to stays.
    """
    try:
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
        else:
            shutil.rmtree(path, ignore_errors=True)
    except OSError:
        return


def remove_temporary(outdir: Path) -> None:
    """Remove what a build that was killed has left in its output folder."""
    for path in outdir.glob(f"{TEMPORARY}*"):
        remove(path)


def remove_page(path: Path, outdir: Path) -> None:
    """Remove a file within the output, and the folders that are empty then."""
    if not path.is_file() or not path.resolve().is_relative_to(outdir.resolve()):
        return
    path.unlink()
    for folder in path.parents:
        if folder == outdir or any(folder.iterdir()):
            return
        folder.rmdir()


def same(path: Path, other: Path) -> bool:
    """Return whether two files hold the same bytes; one that is not there holds none."""
    try:
        return path.stat().st_size == other.stat().st_size and (
            path.read_bytes() == other.read_bytes()
        )
    except OSError:
        return False
