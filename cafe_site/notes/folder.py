"""The notes folder: which of its files are notes, which are refused, and how they are read.

Anyone who can add notes can name files and folders, and make symbolic links.
"""

from __future__ import annotations

import functools
import os
import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

from cafe_site.notes.dates import dates_in
from cafe_site.notes.reader import decode, read_file
from cafe_site.notes.sources import source_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from cafe_site.notes.model import NotesFile, Privacy
    from cafe_site.notes.reference_links import Forges
    from cafe_site.notes.sources import Source
    from cafe_site.vocabulary import Vocabulary

# Themes write file names into HTML attributes and scripts, and Sphinx into lines of its
# inventory, unescaped. These are the characters that would end one, and the others that
# Windows forbids in names (https://learn.microsoft.com/windows/win32/fileio/naming-a-file).
_FORBIDDEN = re.compile(r"""[<>:"'|?*\\\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]""")


OTHER_FORMAT = (
    "only Markdown files are read as notes; if this is a page of the site that you trust, "
    "list it in cafe_pages in conf.py"
)
"""Why a file of notes in another format is refused."""


def pattern_regex(pattern: str) -> re.Pattern[str]:
    """Return the regular expression for a pattern as in Sphinx's ``exclude_patterns``.

    >>> [bool(pattern_regex("guides/**").fullmatch(p)) for p in ("guides/a/b", "a")]
    [True, False]
    >>> [bool(pattern_regex("*.md").fullmatch(p)) for p in ("people.md", "a/people.md")]
    [True, False]
    """
    parts = re.findall(r"\*\*|\*|\?|\[!?\]?[^\]]*\]|.", pattern, re.DOTALL)
    return re.compile("".join(map(_part, parts)), re.DOTALL)


def _part(part: str) -> str:
    if wild := {"**": ".*", "*": "[^/]*", "?": "[^/]"}.get(part):
        return wild
    if len(part) > 2 and part[0] == "[":
        negated = part[1] == "!"
        members = re.sub(r"[\\\[\]^&~|]", r"\\\g<0>", part[1 + negated : -1])
        return f"[^/{members}]" if negated else f"[{members}]"
    return re.escape(part)


# Asked for every page, several times.
@functools.lru_cache(maxsize=16384)
def notes_source(
    path: str,
    words: Vocabulary,
    pages: tuple[str, ...],
    series: tuple[tuple[str, str], ...],
    suffixes: tuple[str, ...],
) -> Source | None:
    """Return what the path of a file says if it is notes; None if it is a page.

    All documents in the notes folder are notes, except for those that a pattern names as pages,
    and ``index`` in a folder without a date. A year file is always notes.

    :param path: the path below the notes folder, without the suffix
    :param pages: patterns for pages, with or without a suffix
    :param series: patterns for files and folders, with the series that these belong to
    :param suffixes: those of all documents
    """
    source = source_of(path, dates_in(words).months)
    if source.is_year_file:
        return source
    if source.name == "index" and not source.is_dated:
        return None
    if any(pattern.fullmatch(path) for pattern in _page_patterns(pages, suffixes)):
        return None
    for pattern, name in series:
        if source.is_in(pattern):
            return replace(source, series=name)
    return source


@functools.lru_cache(maxsize=8)
def _page_patterns(pages: tuple[str, ...], suffixes: tuple[str, ...]) -> list[re.Pattern[str]]:
    """Return what matches the paths of hand-written pages, without their suffixes."""
    found = list(pages)
    for pattern in pages:
        found += [pattern.removesuffix(suffix) for suffix in suffixes if pattern.endswith(suffix)]
    return [pattern_regex(pattern) for pattern in found]


def documents(
    notes: Path,
    base: Path,
    is_excluded: Iterable[Callable[[str], object]],
    suffixes: tuple[str, ...],
) -> Iterator[tuple[str, str]]:
    """Yield the documents in the notes folder, and why one is refused or an empty string.

    Refused are also folders. Files are refused

    - that are symbolic links to somewhere outside the notes folder, whose content would be
      published: a key, another user's file, a system folder;
    - that are symbolic links to a parent folder, which would lead to endless recursion;
    - whose names contain characters that are special in HTML or in the inventory.

    :param base: the folder that the paths are relative to
    :param is_excluded: tells whether a path is to be skipped
    """
    inside = os.path.realpath(notes)
    is_excluded = list(is_excluded)
    # As Sphinx does, but without following links to folders: their targets are walked anyway.
    for folder, folders, files in os.walk(notes):
        kept = []
        names = [*((name, True) for name in folders), *((name, False) for name in files)]
        for name, is_folder in sorted(names):
            full = os.path.join(folder, name)  # noqa: PTH118 - Path takes time, for every file
            path = _nfc(os.path.relpath(full, base).replace(os.sep, "/"))
            if any(matches(path) for matches in is_excluded):
                continue
            if not is_folder and not name.endswith(suffixes):
                continue
            reason = _why_unsafe(full, name, inside)
            if reason or not is_folder:
                yield path, reason
            else:
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


def _nfc(path: str) -> str:
    # Sphinx compares paths in this form.
    return unicodedata.normalize("NFC", path)


def printable(path: str) -> str:
    """Return a path with unprintable characters escaped, for a single line of output.

    >>> print(printable("a\\nb"))
    a\\nb
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in path)


def read_notes(
    data: bytes,
    source: Source,
    *,
    today: datetime.date,
    privacy: Privacy,
    forges: Forges,
    vocabulary: Vocabulary,
) -> NotesFile:
    """Read the contents of a file of notes, see `read_file`."""
    text, problems = decode(data)
    notes = read_file(
        text, source, today=today, privacy=privacy, forges=forges, vocabulary=vocabulary
    )
    return replace(notes, problems=(*problems, *notes.problems))
