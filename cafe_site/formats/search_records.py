"""Search records of meetings and pages, in the format that Pagefind reads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cafe_site.notes.model import Meeting, NotesFile
    from cafe_site.notes.persons import Register

_LETTER = re.compile(r"[^\W_]")  # or a digit
_REFERENCE_NAME = re.compile(r"(?<![\w./-])[\w.-]{1,140}(?:/[\w.-]{1,140})?#[\w-]{1,40}")


def other_pages() -> str:
    """Return the name of the series for hand-written pages."""
    return gettext("Other pages")


@dataclass
class Part:
    """A part of a page that a result can link to."""

    anchor: str
    """Empty for the page as a whole."""
    title: str
    meeting: bool = False
    """Whether it is a meeting as a whole."""
    texts: list[str] = field(default_factory=list)
    """Its own paragraphs, without those of the parts below it."""


@dataclass(frozen=True)
class Page:
    """A page of the site."""

    address: str
    """Relative to the site's root."""
    parts: list[Part]
    """In document order; the first is the page as a whole."""
    notes: NotesFile | None = None
    """The notes it shows, without the texts; None for a hand-written page."""
    docname: str = ""


@dataclass(frozen=True)
class Record:
    """A search result: a meeting, or a page without its meetings."""

    url: str
    """Relative to the site's root."""
    title: str
    parts: tuple[Part, ...]
    filters: tuple[tuple[str, str], ...]
    """Names of filters with values: year, series, person, tag, repository."""
    date: str = ""

    def html(self) -> str:
        """Return the record as the HTML that Pagefind reads."""
        # The record's file name is not its URL.
        head = [_meta("meta", "title", self.title), _meta("meta", "url", self.url)]
        head += [_meta("filter", name, value) for name, value in self.filters]
        if self.date:
            head += [_meta("sort", "date", self.date), _meta("meta", "date", self.date)]
        head += [_meta("meta", name, value) for name, value in self.filters if name == "series"]
        title = f"{self.title} ({self.date})" if self.date else self.title
        body = [f"<h1>{escape(title)}</h1>"]
        for index, part in enumerate(self.parts):
            if index:
                body.append(f'<h2 id="{escape(part.anchor)}">{escape(part.title)}</h2>')
            body += [f"<p>{escape(text)}</p>" for text in part.texts]
        return f"<html><head>{''.join(head)}</head><body>{''.join(body)}</body></html>"


def _meta(kind: str, name: str, value: str) -> str:
    return f'<meta data-pagefind-{kind}="{name}[content]" content="{escape(value)}">'


def records(
    pages: Iterable[Page],
    meetings: Sequence[tuple[str, Meeting]],
    series_title: Callable[[str], str],
    who: Register,
) -> Iterator[Record]:
    """Yield the records of pages: each meeting, and each page without its meetings.

    :param meetings: all meetings with the names of their pages, newest first
    :param series_title: returns the title of a series
    :param who: who is who in the archive
    """
    names = _Names(meetings, series_title, who)
    for page in pages:
        found = page.parts
        starts = [i for i, part in enumerate(found) if part.meeting or not i] + [len(found)]
        by_id = {meeting.id: meeting for meeting in page.notes.meetings} if page.notes else {}
        for start, end in pairwise(starts):
            first = found[start]
            filters: Iterable[tuple[str, str]] = (("series", other_pages()),)
            date = ""
            if page.notes is not None:
                meeting = by_id.get(first.anchor)
                filters = names.filters(page.docname, page.notes, meeting)
                if meeting:
                    date = meeting.date.iso
                    _add_references(found[start:end], meeting)
            url = f"{page.address}#{quote(first.anchor)}" if first.anchor else page.address
            record = Record(url, first.title, tuple(found[start:end]), tuple(filters), date)
            # Pagefind skips records without words, and no query could find them.
            if date or any(map(_has_word, record.parts)):
                yield record


def _has_word(part: Part) -> bool:
    return any(_LETTER.search(text) for text in (part.title, *part.texts))


def _add_references(found: Sequence[Part], meeting: Meeting) -> None:
    """Add the names of linked GitHub items to parts whose text does not contain them."""
    by_anchor = {part.anchor: part for part in found}
    named: dict[str, set[str]] = {}
    for reference in meeting.references:
        part = by_anchor.get(reference.anchor, found[0])
        if part.anchor not in named:
            texts = "\n".join((part.title, *part.texts))
            named[part.anchor] = set(_REFERENCE_NAME.findall(texts))
        if reference.name not in named[part.anchor]:
            named[part.anchor].add(reference.name)
            part.texts.append(reference.name)


class _Names:
    """The names of people and repositories in the whole archive."""

    def __init__(
        self,
        meetings: Sequence[tuple[str, Meeting]],
        series_title: Callable[[str], str],
        who: Register,
    ) -> None:
        self._series_title = series_title
        self._who = who
        self._repositories: dict[str, str] = {}
        for _, meeting in meetings:
            for reference in meeting.references:
                name = reference.project
                self._repositories.setdefault(name.lower(), name)

    def filters(
        self, docname: str, notes: NotesFile, meeting: Meeting | None
    ) -> Iterator[tuple[str, str]]:
        """Yield the filters of a meeting or, without one, of a file's introduction."""
        year = meeting.date.year if meeting and notes.year is None else notes.year
        if year is not None:
            yield "year", f"{year:04}"
        yield "series", self._series_title(notes.series)
        tags = (*notes.tags, *(meeting.tags if meeting else ()))
        yield from (("tag", tag) for tag in dict.fromkeys(tag.lower() for tag in tags))
        if meeting is None:
            return
        keys = [self._who.key(docname, one) for one in meeting.attendees if not one.hidden]
        yield from (("person", self._person(key)) for key in dict.fromkeys(keys))
        keys = [reference.project.lower() for reference in meeting.references]
        yield from (("repository", self._repositories[key]) for key in dict.fromkeys(keys))

    def _person(self, key: str) -> str:
        name, handle = self._who.names[key], self._who.handles.get(key)
        return name if handle in (None, name) else f"{name} (@{handle})"
