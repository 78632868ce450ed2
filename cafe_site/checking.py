"""Read the notes of a project, or single files, as a build does, but without Sphinx."""

from __future__ import annotations

import datetime
import os
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cafe_site.community import CommunityError, load_community
from cafe_site.community.document import Refused
from cafe_site.community.values import parse_date
from cafe_site.notes.duplicates import duplicates
from cafe_site.notes.folder import (
    OTHER_FORMAT,
    documents,
    notes_source,
    pattern_regex,
    printable,
    read_notes,
)
from cafe_site.notes.identities import who_is_hidden
from cafe_site.notes.model import NotesFile, Privacy, ProblemKind
from cafe_site.notes.reader import clean, decode
from cafe_site.notes.reference_links import Forges
from cafe_site.notes.sections import section_key
from cafe_site.notes.series import settle
from cafe_site.project import NOTES, Unclear, find_conf
from cafe_site.reading import read_file
from cafe_site.site_settings import with_community
from cafe_site.translation import ENGLISH, gettext
from cafe_site.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cafe_site.notes.model import Meeting
    from cafe_site.notes.sources import Source
    from cafe_site.project import Conf
    from cafe_site.vocabulary import Vocabulary

UNREADABLE = "unreadable"
"""The code of a file that cannot be read."""

_DEFAULTS: dict[str, object] = {
    "cafe_drop_sections": (),
    "cafe_forges": {},
    "cafe_hide_people": (),
    "cafe_pages": (),
    "cafe_people": {},
    "cafe_repositories": {},
    "cafe_series": {},
    "cafe_series_titles": {},
    "cafe_vocabulary": {},
}
# Sphinx's own, which are often computed, and then count as not set.
_OF_SPHINX: dict[str, object] = {
    "exclude_patterns": (),
    "suppress_warnings": (),
    "templates_path": (),
}
# `EXCLUDE_PATHS` in sphinx/project.py.
_EXCLUDED = ("**/_sources", ".#*", "**/.#*", "*.lproj/**")
_SUFFIXES = (".md", ".rst")


@dataclass(frozen=True)
class Finding:
    """A problem in a file, with the code by which a build suppresses it."""

    path: str
    line: int
    code: str
    message: str


@dataclass(frozen=True)
class Checked:
    """What was understood of a file of notes, and what was not."""

    path: str
    """The path to show."""
    notes: NotesFile | None = None
    """None if the file is not read."""
    meetings: tuple[Meeting, ...] = ()
    """Its meetings, with what only the whole series shows."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Site:
    """The notes folder of a project, and the settings that it is read with."""

    base: Path
    """The folder that patterns are relative to."""
    notes: Path
    settings: dict[str, Any] = field(default_factory=lambda: {**_DEFAULTS, **_OF_SPHINX})
    language: str = ENGLISH
    tomorrow: datetime.date = datetime.date.max

    @property
    def words(self) -> Vocabulary:
        """The words that structure the notes."""
        return vocabulary(self.language, self.settings["cafe_vocabulary"])

    def source(self, path: str) -> Source | None:
        return notes_source(
            path,
            self.words,
            tuple(self.settings["cafe_pages"]),
            tuple(self.settings["cafe_series"].items()),
            _SUFFIXES,
        )

    def read(self, files: Sequence[tuple[str, Source | str]]) -> list[Checked]:
        """Read files, each given by its path to show and its source, or why it is refused."""
        hide = frozenset(self.settings["cafe_hide_people"])
        privacy = Privacy(hide, frozenset(map(section_key, self.settings["cafe_drop_sections"])))
        data: dict[str, bytes | OSError] = {}
        for path, source in files:
            if not isinstance(source, str):
                data[path] = _contents(path)
        if hide:
            texts = [clean(decode(d)[0]) for d in data.values() if isinstance(d, bytes)]
            privacy = replace(privacy, hidden=who_is_hidden(hide, texts, self.words))
        found = [self._read(path, source, data.get(path), privacy) for path, source in files]
        return self._together(found)

    def _read(
        self, path: str, source: Source | str, data: bytes | OSError | None, privacy: Privacy
    ) -> Checked:
        if isinstance(source, str):
            message = f"{source}; it is not read"
            return self._checked(path, None, [(1, ProblemKind.REFUSED_FILE, message)])
        if not isinstance(data, bytes):
            reason = (data and data.strerror) or data
            return self._checked(path, None, [(1, UNREADABLE, f"cannot be read: {reason}")])
        notes = read_notes(
            data,
            source,
            today=self.tomorrow,
            privacy=privacy,
            forges=Forges(
                self.settings["cafe_forges"],
                self.settings["cafe_repositories"].get(source.series, ""),
            ),
            vocabulary=self.words,
        )
        problems = [(one.line, one.kind, one.message) for one in notes.problems]
        return self._checked(path, notes, problems)

    def _together(self, files: Sequence[Checked]) -> list[Checked]:
        """Add what only the meetings of a series together show."""
        series: dict[str, list[Checked]] = {}
        for file in files:
            series.setdefault(file.notes.series if file.notes else "", []).append(file)
        done: dict[str, Checked] = {}
        for group in series.values():
            meetings = iter(settle([meeting for file in group for meeting in file.meetings]))
            shown: dict[str, str] = {}
            for file in group:
                done[file.path] = replace(
                    file, meetings=tuple(islice(meetings, len(file.meetings)))
                )
                shown[os.path.relpath(file.path, self.base).replace(os.sep, "/")] = file.path
            found = ((path, one) for path, name in shown.items() for one in done[name].meetings)
            for path, problem in duplicates(found):
                file = done[shown[path]]
                more = self._findings(file.path, [(problem.line, problem.kind, problem.message)])
                done[file.path] = replace(file, findings=(*file.findings, *more))
        return [done[file.path] for file in files]

    def _checked(
        self, path: str, notes: NotesFile | None, problems: Iterable[tuple[int, str, str]]
    ) -> Checked:
        findings = self._findings(path, problems)
        return Checked(path, notes, notes.meetings if notes else (), findings)

    def _findings(
        self, path: str, problems: Iterable[tuple[int, str, str]]
    ) -> tuple[Finding, ...]:
        suppressed = self.settings["suppress_warnings"]
        return tuple(
            Finding(path, line, str(code), message)
            for line, code, message in problems
            if not {"cafe", "cafe.*", f"cafe.{code}"} & set(suppressed)
        )


def _contents(path: str) -> bytes | OSError:
    try:
        return read_file(Path(path))
    except OSError as error:
        return error


class NoNotes(Exception):
    """There is nothing to check; the message says what is missing."""


def check(paths: Sequence[Path]) -> Iterator[Checked]:
    """Read files and folders of notes; without any, the notes of the project around.

    Files in the notes folder of a project are read with its settings, and with what all its
    notes together show. Other files are read on their own.

    :raises Unclear: if ``conf.py`` computes a setting
    :raises NoNotes: if there is no project, or no notes folder
    """
    here = Path.cwd()
    if paths:
        for path in paths:
            yield from _check(Path(os.path.normpath(here / path)), here)
        return
    conf = find_conf(here)
    if conf is None:
        raise NoNotes(gettext("there is no conf.py with cafe_site in this folder or one above it"))
    site = _site(conf)
    if not site.notes.is_dir():
        raise NoNotes(gettext("there is no folder {folder}").format(folder=site.notes))
    yield from site.read(_files(site))


def _check(path: Path, here: Path) -> Iterator[Checked]:
    conf = find_conf(path if path.is_dir() else path.parent)
    site = _site(conf) if conf else None
    if site and (path.is_relative_to(site.notes) or site.notes.is_relative_to(path)):
        whole, shown = site.notes.is_relative_to(path), _shown(path)
        for one in site.read(_files(site)):
            if whole or one.path == shown or one.path.startswith(f"{shown}{os.sep}"):
                yield one
    elif path.is_dir():
        folder = replace(site or _Site(path, path), base=path, notes=path)
        yield from folder.read(_files(folder))
    else:
        alone = site or _Site(path.parent, path.parent)
        if source := alone.source(_as_typed(path, here)):
            yield from alone.read([(_shown(path), source)])


def _as_typed(path: Path, here: Path) -> str:
    """Return the path of a single file, whose folders may give its date, without a suffix."""
    typed = path.relative_to(here) if path.is_relative_to(here) else Path(path.name)
    return typed.with_suffix("").as_posix()


def _shown(path: Path) -> str:
    """Return a path relative to the current folder, if it is below it."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def _files(site: _Site) -> list[tuple[str, Source | str]]:
    """Return the files in a notes folder that are notes or refused."""
    excluded = (
        pattern_regex(pattern).fullmatch
        for pattern in (
            *site.settings["exclude_patterns"],
            *site.settings["templates_path"],
            *_EXCLUDED,
        )
    )
    found: list[tuple[str, Source | str]] = []
    for path, reason in documents(site.notes, site.base, excluded, _SUFFIXES):
        full = Path(os.path.normpath(site.base / path))
        shown = _shown(full)
        if reason:
            found.append((printable(shown), reason))
            continue
        below = full.relative_to(site.notes).with_suffix("").as_posix()
        source = site.source(below)
        if source is not None:
            found.append((shown, source if full.suffix == ".md" else OTHER_FORMAT))
    return found


def _site(conf: Conf) -> _Site:
    """Return the notes folder of a project and its settings.

    :raises Unclear: if one is computed
    :raises CommunityError: if one is invalid
    """
    base = Path(os.path.normpath(conf.path.parent))
    settings: dict[str, Any] = {
        name: conf.value(name, default) for name, default in _DEFAULTS.items()
    }
    for name, default in _OF_SPHINX.items():
        try:
            settings[name] = conf.value(name, default)
        except Unclear:
            settings[name] = default
    if community := conf.text("cafe_community", ""):
        settings |= with_community(settings, load_community(base / community))
    return _Site(
        base,
        Path(os.path.normpath(base / conf.text("cafe_notes", NOTES))),
        settings,
        conf.text("language", ENGLISH),
        _today(conf) + datetime.timedelta(days=1),
    )


def _today(conf: Conf) -> datetime.date:
    typed = conf.text("cafe_today", "")
    if not typed:
        return datetime.datetime.now(datetime.UTC).date()
    try:
        return parse_date(typed)
    except Refused as error:
        raise CommunityError((f"{conf.path.name}: cafe_today: {error}",)) from None
