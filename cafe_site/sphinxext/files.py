"""Files in the output folder: written, and removed with care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

from cafe_site import files

if TYPE_CHECKING:
    from pathlib import Path


class WriteError(SphinxError):
    """A file of the output cannot be written; Sphinx shows it as one line."""

    category = "Cannot write"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"{path}: {error.strerror or error}; "
            "make room, or remove what is in its way, and build again"
        )


def write(outdir: Path, name: str, content: str | bytes) -> None:
    """Write a file if it changes; see `cafe_site.files.write`.

    :param name: the path of the file in the output folder, with ``/`` between folders
    :raises WriteError: if it cannot be written
    """
    path = outdir / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # In the output folder, where the next build removes what a killed one has left.
        files.write(path, content, workspace=outdir)
    except OSError as error:
        raise WriteError(path, error) from error


def remove_temporary(outdir: Path) -> None:
    """Remove what a build that was killed has left in its output folder."""
    for path in outdir.glob(f"{files.TEMPORARY}*"):
        files.remove(path)


def remove_page(path: Path, outdir: Path) -> None:
    """Remove a file within the output, and the folders that are empty then."""
    if not path.is_file() or not path.resolve().is_relative_to(outdir.resolve()):
        return
    path.unlink()
    for folder in path.parents:
        if folder == outdir or any(folder.iterdir()):
            return
        folder.rmdir()
