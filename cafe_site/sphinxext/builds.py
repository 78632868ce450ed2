"""Builds that share a folder: locks between them, and recovery after an interrupted one.

Sphinx has neither. Two builds that share a doctree folder read each other's half-written
files, and a page that was truncated when a build was killed is newer than its source, so Sphinx
considers it up to date.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import SphinxError
from sphinx.util import logging

from cafe_site.sphinxext import files
from cafe_site.sphinxext.interfaces import ENV_PICKLE_FILENAME
from cafe_site.sphinxext.site import is_site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

STATE = ".cafe-site.json"
"""The file in the output folder that records which build wrote its contents."""

_PATIENCE = 600.0  # the longest wait for another build, in seconds
_PAUSE = 0.05


# --- one at a time ------------------------------------------------------------------------


class BuildError(SphinxError):
    """A build cannot continue; Sphinx shows the message on one line."""

    category = "Build error"


if sys.platform == "win32":
    import msvcrt

    def _open(folder: Path) -> int:
        # Windows cannot open a folder, and a lock file in it would be published.
        name = hashlib.sha256(str(folder).encode()).hexdigest()[:24]
        path = Path(tempfile.gettempdir(), f"cafe-site-{name}.lock")
        return os.open(path, os.O_RDWR | os.O_CREAT)

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _open(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


_held: dict[Path, int] = {}
"""The folders that this process has locked, by their handles."""


def lock(folders: Iterable[Path]) -> list[Path]:
    """Lock folders for this process, and return those that it had not locked yet.

    The system releases a lock when the process and its children that write pages have ended.
    On file systems without locks, builds do not wait for each other.

    :raises BuildError: if another process does not release its lock in time
    """
    taken: list[Path] = []
    # Always in the same order, to avoid deadlocks.
    for folder in sorted(set(folders)):
        if folder in _held:
            continue
        try:
            handle = _open(folder)
        except OSError:
            continue
        _held[folder] = handle
        taken.append(folder)
        try:
            _wait(handle, folder)
        except OSError:
            unlock([folder])
        except BaseException:
            unlock(taken)
            raise
    return taken


def _wait(handle: int, folder: Path) -> None:
    until = time.monotonic() + _PATIENCE
    if _try_lock(handle):
        return
    logger.info("waiting for another build in %s", folder)
    while not _try_lock(handle):
        if time.monotonic() > until:
            raise BuildError(
                f"another build has been running in {folder} for {_PATIENCE:.0f} seconds; "
                "stop it, or use other folders for this one, and build again"
            )
        time.sleep(_PAUSE)


def unlock(folders: list[Path]) -> None:
    """Release locks of this process."""
    while folders:
        handle = _held.pop(folders.pop(), None)
        if handle is not None:
            try:
                # Children that are still running would keep it.
                _unlock(handle)
            except OSError:
                pass  # it was not locked
            finally:
                os.close(handle)


# --- what has been built ------------------------------------------------------------------


def _state_path(app: Sphinx) -> Path:
    # Other builders may package their output folder.
    if is_site(app):
        return Path(app.outdir, STATE)
    return Path(app.doctreedir, f"cafe-{app.builder.name}.json")


def _read(app: Sphinx) -> dict[str, object]:
    try:
        data = json.loads(_state_path(app).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _write(app: Sphinx, build: str, docnames: Iterable[str]) -> None:
    data = {"build": build, "notes": sorted(docnames)}
    path = _state_path(app)
    files.write(path.parent, path.name, json.dumps(data) + "\n")


def pages(app: Sphinx) -> set[str]:
    """Return the docnames of all notes whose pages may be in the output folder."""
    found = _read(app).get("notes")
    return {name for name in found if isinstance(name, str)} if isinstance(found, list) else set()


def begin(app: Sphinx, build: str, docnames: Iterable[str]) -> bool:
    """Record that a build begins to write, and return whether it can be incremental.

    It cannot if the last build was interrupted, used other doctrees, or left no record.

    :param build: what `end` was given at the end of the last build from these doctrees
    :param docnames: the notes that this build writes
    """
    can_go_on = _read(app).get("build") == build
    # Before any page is written, so that every page that may exist is recorded.
    _write(app, "", pages(app).union(docnames))
    return can_go_on


def end(app: Sphinx, build: str, docnames: Iterable[str]) -> None:
    """Record that everything has been written, and what a later build can continue from."""
    _write(app, build, docnames)


def _reading(app: Sphinx) -> Path:
    """Return the path of the file that exists while doctrees are newer than the environment."""
    return Path(app.doctreedir, "cafe-site.reading")


def on_env_before_read_docs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Record that doctrees are about to change."""
    if docnames:
        _reading(app).touch()


def on_env_check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Record that the environment, which was just stored, matches the doctrees."""
    _reading(app).unlink(missing_ok=True)


def _remove_unusable(app: Sphinx) -> None:
    """Remove leftovers of an interrupted build that Sphinx would reuse or fail on."""
    files.remove_temporary(Path(app.outdir))
    if _reading(app).exists():
        # Some doctrees may be from other options than those in the environment.
        Path(app.doctreedir, ENV_PICKLE_FILENAME).unlink(missing_ok=True)
    build_info = Path(app.outdir, ".buildinfo")
    # Sphinx 9 reads its third and fourth line without checking that they exist.
    if build_info.is_file() and build_info.read_bytes().count(b"\n") < 4:
        build_info.unlink()


# --- what Sphinx calls --------------------------------------------------------------------


def setup(app: Sphinx) -> None:
    """Let builds that share a folder wait for each other."""
    taken: list[Path] = []

    def on_config_inited(app: Sphinx, config: Config) -> None:
        Path(app.doctreedir).mkdir(parents=True, exist_ok=True)
        taken.extend(lock((Path(app.doctreedir), Path(app.outdir))))
        _remove_unusable(app)

    def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
        unlock(taken)

    # After the options have been validated, and before the doctrees are read.
    app.connect("config-inited", on_config_inited, priority=900)
    app.connect("env-before-read-docs", on_env_before_read_docs)
    app.connect("env-check-consistency", on_env_check_consistency)
    app.connect("build-finished", on_build_finished, priority=999)
    # A build that never started must not block others.
    weakref.finalize(app, unlock, taken)
