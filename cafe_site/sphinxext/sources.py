"""Which files are notes, which files Sphinx may read, and which look misplaced.

Anyone who can add notes can name files and folders, and make symbolic links.
"""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.project import EXCLUDE_PATHS
from sphinx.util.matching import compile_matchers

from cafe_site.notes.model import ProblemKind
from cafe_site.reading import read_file
from cafe_site.sphinxext import options
from cafe_site.sphinxext.problems import SiteProblem, warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

_YEAR_FILE = re.compile(r"(?:(?P<series>.+)/)?(?P<year>[0-9]{4})")

# Themes write file names into HTML attributes and scripts, and Sphinx into lines of its
# inventory, unescaped. These are the characters that would end one, and the others that
# Windows forbids in names (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
_FORBIDDEN = re.compile(r"""[<>:"'|?*\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]""")

# A date in a form used in file names: 2025-12-16, 20251216, 16.12.2025, 12-16.
_DAY = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-_. ]?)\d\d\1\d\d|\d\d?([-_. ])\d\d?\2(?:19|20)\d\d|\d\d[-_.]\d\d)"
    r"(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def year_of(docname: str, config: Config) -> tuple[str, int] | None:
    """Return the series and the year if a document is a year file.

    It is one if its name is ``YYYY`` in the notes folder or in a subfolder of it.
    """
    folder = options.notes_folder(config)
    name = docname
    if folder:
        if not docname.startswith(f"{folder}/"):
            return None
        name = docname.removeprefix(f"{folder}/")
    match = _YEAR_FILE.fullmatch(name)
    return (match["series"] or "", int(match["year"])) if match else None


def exclude_unsafe_files(app: Sphinx, config: Config) -> None:
    """Keep Sphinx from reading unsafe files in the notes folder.

    These are files and folders

    - that are symbolic links to somewhere outside the notes folder, whose content would be
      published: a key, another user's file, a system folder;
    - that are symbolic links to a parent folder, which would lead to endless recursion;
    - whose names contain characters that are special in HTML or in the inventory.
    """
    for path, reason in _unsafe_files(app, config):
        warn(
            ProblemKind.REFUSED_FILE,
            # Not a location: Sphinx would look it up in the environment, which does not exist yet.
            "%s: %s; it is not read",
            _printable(path),
            reason,
        )
        config.exclude_patterns = [*config.exclude_patterns, _pattern(path)]


def _unsafe_files(app: Sphinx, config: Config) -> Iterator[tuple[str, str]]:
    """Yield the paths below the source folder that are not to be read, and why."""
    source = Path(app.srcdir)
    notes = source / options.notes_folder(config)
    inside = os.path.realpath(notes)
    is_excluded = compile_matchers(
        [*config.exclude_patterns, *config.templates_path, *EXCLUDE_PATHS]
    )
    suffixes = tuple(config.source_suffix)
    # As Sphinx does, but without following links to folders: their targets are walked anyway.
    for folder, folders, files in os.walk(notes):
        kept = []
        names = [*((name, True) for name in folders), *((name, False) for name in files)]
        for name, is_folder in sorted(names):
            full = os.path.join(folder, name)  # noqa: PTH118 - Path takes time, for every file
            path = _nfc(os.path.relpath(full, source).replace(os.sep, "/"))
            if any(matches(path) for matches in is_excluded):
                continue
            if not is_folder and not name.endswith(suffixes):
                continue
            if reason := _why_unsafe(full, name, inside):
                yield path, reason
            elif is_folder:
                kept.append(name)
        folders[:] = kept


def _why_unsafe(path: str, name: str, inside: str) -> str:
    """Return what is wrong with a file or folder, or an empty string."""
    if found := _FORBIDDEN.search(name):
        return (
            f"the name has the character {found[0]!a}, which is not allowed in names of notes; "
            "rename it"
        )
    if not os.path.islink(path):  # noqa: PTH114
        return ""
    target = os.path.realpath(path)
    if not _is_in(target, inside):
        return "a symbolic link leads out of the notes folder; put the file itself here"
    if _is_in(os.path.realpath(os.path.dirname(path)), target):  # noqa: PTH120
        return "a symbolic link leads back to a folder that it is in; delete it"
    return ""


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _pattern(path: str) -> str:
    """Return a Sphinx pattern that matches this path and no other.

    >>> print(_pattern("notes/[a]*"))
    notes/[\\[]a][*]
    """
    # The backslash, which no path here contains, keeps `re` from warning about a set in a set.
    return re.sub(r"[*?]", r"[\g<0>]", path.replace("[", r"[\[]"))


def _nfc(path: str) -> str:
    # Sphinx compares paths in this form.
    return unicodedata.normalize("NFC", path)


def _printable(path: str) -> str:
    """Return a path with unprintable characters escaped, for a single line of output.

    >>> print(_printable("a\\nb"))
    a\\nb
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in path)


def check_notes_folder(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn if all year files are outside the notes folder, and so read as trusted pages."""
    if any(year_of(docname, app.config) for docname in env.found_docs):
        return
    others = {
        docname.rpartition("/")[0] or "."
        for docname in env.found_docs
        if re.fullmatch(r"(?:.+/)?(?:19|20)[0-9]{2}", docname)
    }
    if others:
        warn(
            SiteProblem.NO_NOTES,
            "there are no year files in the folder %r (cafe_notes), but there are files named "
            "like years in: %s; these are read as trusted pages, "
            "which notes from a pad must not be",
            app.config.cafe_notes,
            ", ".join(sorted(others)),
        )


def warn_unreadable(docname: str, error: OSError) -> None:
    """Warn about a document that cannot be read."""
    warn(
        SiteProblem.UNREADABLE,
        "cannot be read: %s",
        error.strerror or error,
        location=docname,
    )


def leave_out_unreadable(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Leave out documents that are not regular files or cannot be read.

    Sphinx would wait forever for input from a named pipe, and abort the build at a file that
    was deleted after it collected the files.
    """
    for docname in sorted(added | changed):
        try:
            read_file(env.doc2path(docname))
        except OSError as error:
            warn_unreadable(docname, error)
            for names in (added, changed, env.project.docnames):
                names.discard(docname)
            if docname in env.all_docs:
                removed.add(docname)
    return []


def warn_about_dated_pages(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn about notes that would be read as trusted pages.

    A page may contain directives and raw HTML, and include any file on the machine.
    Below the notes folder, only files called ``YYYY.md`` are read as notes.
    """
    for docname in sorted(env.found_docs):
        if year_of(docname, app.config) is None and is_dated(docname, app.config):
            year = _YEAR.search(docname.rpartition("/")[2]) or _YEAR.search(docname)
            warn(
                ProblemKind.TRUSTED_NOTES,
                "NOT SAFE: the name has a date, but this file is not read as notes: it is read "
                "as a trusted page, which may publish any file of this machine and run "
                "scripts in readers' browsers; move its meetings to a file named %s, or, "
                "if you wrote it yourself, move it out of the folder %r; until then list it in "
                "exclude_patterns in conf.py",
                f"{year[0]}.md" if year else "YYYY.md",
                options.notes_folder(app.config) or ".",
                location=docname,
            )


def is_dated(docname: str, config: Config) -> bool:
    """Return whether a document is in the notes folder and has a date in its name.

    The date may also be in a folder name. A year alone does not count for a page called
    ``index``, nor if the notes folder is the source folder itself.

    >>> from types import SimpleNamespace
    >>> config = SimpleNamespace(cafe_notes="notes")
    >>> names = "2025-12-16", "20250114-community/index", "2025/tsc-04-22", "2025-Q1"
    >>> [is_dated(f"notes/{name}", config) for name in names]
    [True, True, True, True]
    >>> names = "index", "people", "2025/index", "top-10"
    >>> [is_dated(f"notes/{name}", config) for name in names], is_dated("2025-12-16", config)
    ([False, False, False, False], False)
    """
    folder = options.notes_folder(config)
    if folder and not docname.startswith(f"{folder}/"):
        return False
    name = docname[len(folder) :]
    if _DAY.search(name):
        return True
    pages_of_years = folder and name.rpartition("/")[2] != "index"
    return bool(pages_of_years and _YEAR.search(name))


def on_env_before_read_docs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Check all files in every build, whether or not this build reads them."""
    warn_about_dated_pages(app, env)
    check_notes_folder(app, env)


def setup(app: Sphinx) -> None:
    """Register the checks of the notes folder, which run before Sphinx reads its files."""
    # After Sphinx has added the source suffixes of extensions, at 800.
    app.connect("config-inited", exclude_unsafe_files, priority=900)
    app.connect("env-get-outdated", leave_out_unreadable)
    app.connect("env-before-read-docs", on_env_before_read_docs)
