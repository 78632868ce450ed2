"""Write and remove files in the output folder safely."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError

from cafe_site import files

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class WriteError(SphinxError):
    """An output file cannot be written; Sphinx shows the message on one line."""

    category = "Cannot write"

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"{path}: {error.strerror or error}; "
            "free disk space, or remove what is in its way, and build again"
        )


def write(outdir: Path, name: str, content: str | bytes) -> None:
    """Write a file if it changes; see `cafe_site.files.write`.

    :param name: the path of the file in the output folder, with ``/`` between folders
    :raises WriteError: if it cannot be written
    """
    path = outdir / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # In the output folder, where the next build removes leftovers of a killed one.
        files.write(path, content, workspace=outdir)
    except OSError as error:
        raise WriteError(path, error) from error


def remove_temporary(outdir: Path) -> None:
    """Remove temporary files that a killed build has left in its output folder."""
    for path in outdir.glob(f"{files.TEMPORARY}*"):
        files.remove(path)


def is_brought(app: Sphinx, name: str) -> bool:
    """Return whether `html_extra_path` puts a file with this name at the root of the site."""
    paths = [Path(app.confdir, entry) for entry in app.config.html_extra_path]
    return any(path.name == name or (path / name).exists() for path in paths)
