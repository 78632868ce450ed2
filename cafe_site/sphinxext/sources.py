"""Which files are notes, and which files Sphinx may read.

Anyone who can add notes can name files and folders, and make symbolic links.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.project import EXCLUDE_PATHS
from sphinx.util.matching import compile_matchers

from cafe_site.notes import folder
from cafe_site.notes.model import ProblemKind
from cafe_site.reading import read_file
from cafe_site.sphinxext import options
from cafe_site.sphinxext.problems import SiteProblem, warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from cafe_site.notes.sources import Source


def notes_source(docname: str, config: Config) -> Source | None:
    """Return what the path of a document says if it is notes; None if it is a page.

    All documents in the notes folder are notes, except for those that `cafe_pages` names, and
    ``index`` in a folder without a date. A year file is always notes.
    """
    above = options.notes_folder(config)
    if above and not docname.startswith(f"{above}/"):
        return None
    path = docname.removeprefix(f"{above}/") if above else docname
    return folder.notes_source(
        path,
        options.vocabulary_of(config),
        tuple(config.cafe_pages),
        tuple(config.cafe_series.items()),
        tuple(config.source_suffix),
    )


def exclude_unsafe_files(app: Sphinx, config: Config) -> None:
    """Keep Sphinx from reading unsafe files in the notes folder.

    These are files and folders

    - that are symbolic links to somewhere outside the notes folder, whose content would be
      published: a key, another user's file, a system folder;
    - that are symbolic links to a parent folder, which would lead to endless recursion;
    - whose names contain characters that are special in HTML or in the inventory;
    - that are documents in another format than notes, which has no untrusted dialect, unless
      they are pages.
    """
    for path, reason in _unsafe_files(app, config):
        warn(
            ProblemKind.REFUSED_FILE,
            # Not a location: Sphinx would look it up in the environment, which does not exist yet.
            "%s: %s; it is not read",
            folder.printable(path),
            reason,
        )
        config.exclude_patterns = [*config.exclude_patterns, _pattern(path)]


def _unsafe_files(app: Sphinx, config: Config) -> Iterator[tuple[str, str]]:
    """Yield the paths below the source folder that are not to be read, and why."""
    source = Path(app.srcdir)
    excluded = [*config.exclude_patterns, *config.templates_path, *EXCLUDE_PATHS]
    suffixes = tuple(config.source_suffix)
    notes = source / options.notes_folder(config)
    for path, reason in folder.documents(notes, source, compile_matchers(excluded), suffixes):
        if why := reason or _why_not_notes(path, config):
            yield path, why


def _why_not_notes(path: str, config: Config) -> str:
    """Return why a file of notes cannot be read, or an empty string."""
    suffix = max((s for s in config.source_suffix if path.endswith(s)), key=len)
    markdown = config.source_suffix.get(".md")
    if config.source_suffix[suffix] == markdown:
        return ""
    if notes_source(path.removesuffix(suffix), config) is None:
        return ""
    return folder.OTHER_FORMAT


def _pattern(path: str) -> str:
    """Return a Sphinx pattern that matches this path and no other.

    >>> print(_pattern("notes/[a]*"))
    notes/[\\[]a][*]
    """
    # The backslash, which no path here contains, keeps `re` from warning about a set in a set.
    return re.sub(r"[*?]", r"[\g<0>]", path.replace("[", r"[\[]"))


def check_notes_folder(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn if all files named like years are outside the notes folder, and so trusted."""
    if any(notes_source(docname, app.config) for docname in env.found_docs):
        return
    others = {
        docname.rpartition("/")[0] or "."
        for docname in env.found_docs
        if re.fullmatch(r"(?:.+/)?(?:19|20)[0-9]{2}", docname)
    }
    if others:
        warn(
            SiteProblem.NO_NOTES,
            "there are no notes in the folder %r (cafe_notes), but there are files named "
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


def on_env_before_read_docs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Check all files in every build, whether or not this build reads them."""
    check_notes_folder(app, env)


def setup(app: Sphinx) -> None:
    """Register the checks of the notes folder, which run before Sphinx reads its files."""
    # After Sphinx has added the source suffixes of extensions, at 800.
    app.connect("config-inited", exclude_unsafe_files, priority=900)
    app.connect("env-get-outdated", leave_out_unreadable)
    app.connect("env-before-read-docs", on_env_before_read_docs)
