"""The version of the code that made a stored environment."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# The packages that, besides this one, affect the pages of notes.
# Sphinx and MyST-Parser check their own versions.
_READ_WITH = ("markdown-it-py", "mdit-py-plugins", "emoji", "babel", "pygments")


def environment_version() -> int:
    """Return a number that identifies what Sphinx has stored with this code.

    Doctrees and facts depend on nearly every line of this package, so it is computed from the
    contents of its files: nobody has to remember to bump a number,
    and any release or edit in a clone gives a new one.
    Times and paths of files do not count, so caches can be moved between machines.
    """
    return code_version(Path(__file__).parent.parent, *(_version(name) for name in _READ_WITH))


def code_version(folder: Path, *others: str) -> int:
    """Return a hash of all files in a folder, except compiled ones, and of other strings."""
    digest = hashlib.sha256(repr(others).encode())
    for path in sorted(folder.rglob("*"), key=lambda path: path.relative_to(folder).as_posix()):
        if path.suffix != ".pyc" and path.is_file():
            name = path.relative_to(folder).as_posix()
            digest.update(repr((name, path.read_bytes())).encode())
    return int.from_bytes(digest.digest()[:8])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:  # installed in a way that leaves no trace
        return ""
