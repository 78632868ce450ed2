"""Which code a stored environment was made by."""

from __future__ import annotations

import hashlib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# What decides, besides this package, what the page of a note is.
# Sphinx and MyST-Parser look after themselves.
_READ_WITH = ("markdown-it-py", "mdit-py-plugins", "emoji", "babel", "pygments")


def environment_version() -> int:
    """Return a number that tells what Sphinx has stored with this code from all else.

    Doctrees and facts depend on nearly every line of this package,
    so it is made from the contents of its files: nobody has to remember to raise a number,
    and neither a release nor an edit in a clone is taken for what was there before.
    Times and places of files are not in it, so caches can be carried from machine to machine.
    """
    return code_version(Path(__file__).parent.parent, *(_version(name) for name in _READ_WITH))


def code_version(folder: Path, *others: str) -> int:
    """Return a number made from all files in a folder but compiled ones, and from other texts."""
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
