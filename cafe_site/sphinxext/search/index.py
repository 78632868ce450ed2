"""The index, which Pagefind makes while pages are written, and which is swapped in at the end."""

from __future__ import annotations

import atexit
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cafe_site import files
from cafe_site.sphinxext import bound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cafe_site.formats.search_records import Record

_ENTRY = "pagefind-entry.json"
"""The file of an index from which Pagefind finds the others."""
# Seconds that Pagefind may take after the pages have been written, far more than it needs.
_PATIENCE = 60.0
_PATIENCE_PER_RECORD = 0.02
# Pagefind's own user interfaces, which the pages here do not use.
_UNUSED = ("pagefind-*ui.*", "pagefind-highlight.js")


class IndexingError(Exception):
    """Pagefind made no index; the message says why."""


class Index:
    """An index that Pagefind makes in the background.

    Pagefind writes filters in a different order each time, so the same records give equivalent
    indexes, but not identical files.

    :param folder: the folder of the index, which replaces an existing one
    :param key: the key to pass to `is_current`
    :raises OSError: if Pagefind cannot be run, or files cannot be written
    """

    def __init__(
        self, found: Iterable[Record], folder: Path, language: str = "en", key: str = ""
    ) -> None:
        self._folder = folder
        self._key = key
        self._count = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._lifeline: int | None = None
        # A unique name, since a killed build's Pagefind may still be exiting.
        self._work = Path(tempfile.mkdtemp(prefix=files.TEMPORARY, dir=folder.parent))
        atexit.register(self.cancel)
        try:
            self._start(found, language)
        except BaseException:
            self.cancel()
            raise

    def _start(self, found: Iterable[Record], language: str) -> None:
        pages = self._work / "pages"
        pages.mkdir()
        for record in found:
            # Pagefind reads pages from files only. A name that does not depend on other
            # records leaves their part of the index as it is.
            name = hashlib.sha256(record.url.encode()).hexdigest()[:24]
            (pages / f"{name}.html").write_text(record.html(), encoding="utf-8")
            self._count += 1
        if not self._count:
            return  # Pagefind treats that as an error
        reader, self._lifeline = os.pipe()
        # Its output goes to a file: a pipe could fill up, or be kept open by its children.
        with (self._work / "output.txt").open("wb") as output:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - nothing here comes from notes
                    [
                        *(sys.executable, "-IS", str(Path(bound.__file__))),
                        *(sys.executable, "-m", "pagefind", "--silent"),
                        *("--site", str(pages)),
                        *("--output-path", str(self._work / "index")),
                        *("--force-language", language.replace("-", "_").partition("_")[0]),
                    ],
                    stdin=reader,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            finally:
                os.close(reader)

    def finish(self) -> None:
        """Wait for the index, and put it in place.

        :raises OSError: if files cannot be written
        :raises IndexingError: if Pagefind failed; the folder is then unchanged
        """
        try:
            if self._process is None:
                files.remove(self._folder)
                return
            patience = _PATIENCE + self._count * _PATIENCE_PER_RECORD
            try:
                code = self._process.wait(timeout=patience)
            except subprocess.TimeoutExpired as error:
                raise IndexingError(f"it did not end within {patience:.0f} seconds") from error
            if code:
                output = (self._work / "output.txt").read_text("utf-8", "replace").split("\n")
                lines = [text for line in output if (text := " ".join(line.split()))]
                raise IndexingError(lines[-1] if lines else "it failed without saying why")
            index = self._work / "index"
            _check(index, self._count)
            for pattern in _UNUSED:
                for path in index.glob(pattern):
                    path.unlink()
            stamp = {"records": self._key, "files": _fingerprint(index)}
            (index / _STAMP).write_text(json.dumps(stamp) + "\n", encoding="utf-8")
            _publish(index, self._folder)
        finally:
            self.cancel()

    def cancel(self) -> None:
        """Stop Pagefind if it is still running, and remove temporary files."""
        atexit.unregister(self.cancel)
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None
        if self._process is not None:
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        files.remove(self._work)


_STAMP = "cafe-site.json"
"""The file of an index that records what it was made from, and that it is complete."""


def remove_index(folder: Path) -> None:
    """Remove an index."""
    # Without its entry file, the rest is not an index, even if some of it cannot be removed.
    if not folder.is_symlink():
        files.remove(folder / _ENTRY)
    files.remove(folder)


def is_current(folder: Path, key: str) -> bool:
    """Return whether a folder contains a complete index made with this key."""
    try:
        if folder.is_symlink():
            return False
        stamp = json.loads((folder / _STAMP).read_text(encoding="utf-8"))
        return bool(stamp == {"records": key, "files": _fingerprint(folder)})
    except (OSError, ValueError, RecursionError):
        return False


def _fingerprint(folder: Path) -> str:
    """Return a digest of all files of an index except its stamp."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.name != _STAMP and not path.is_dir():
            name = path.relative_to(folder).as_posix()
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            found.update(f"{name} {content}\n".encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _check(folder: Path, count: int) -> None:
    """Check that an index was written and has the expected number of records.

    :raises IndexingError: if not
    """
    try:
        entry = json.loads((folder / _ENTRY).read_text(encoding="utf-8"))
        languages = entry["languages"].values()
        found = sum(int(language["page_count"]) for language in languages)
        whole = (folder / "pagefind.js").is_file() and all(
            (folder / f"pagefind.{language['hash']}.pf_meta").stat().st_size
            for language in languages
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        whole = False
    if not whole:
        raise IndexingError("it succeeded but wrote no index")
    if found != count:
        raise IndexingError(f"its index has {found} of {count} records")


def _publish(new: Path, folder: Path) -> None:
    """Replace an index by another so that one of the two is complete at every moment.

    Files are named after their contents, and the entry file lists those of the index.
    So the new ones are added, then the entry is replaced, and then the others are removed.
    """
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        folder.mkdir()
    last = (_ENTRY, _STAMP)
    found = [path for path in sorted(new.rglob("*")) if path.is_file()]
    found.sort(key=lambda path: last.index(path.name) if path.name in last else -1)
    wanted = set()
    for path in found:
        target = folder / path.relative_to(new)
        wanted |= {target, *target.parents}
        if not files.same(path, target):
            target.parent.mkdir(exist_ok=True)
            path.replace(target)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path not in wanted:
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()
