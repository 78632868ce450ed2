"""The notes of all series, indexed for what pages and lists ask for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from cafe_site.notes.model import Entry
from cafe_site.notes.series import settle

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cafe_site.notes.model import Meeting, NotesFile

_T = TypeVar("_T")


@dataclass(frozen=True)
class Page:
    """A file of notes and the page that shows it."""

    docname: str
    notes: NotesFile
    """Without text."""

    @property
    def sort_key(self) -> tuple[tuple[int, int, int], str]:
        """A sort key for the order in time; a year file comes after the meetings of its year."""
        meetings = self.notes.meetings
        newest = meetings[0].date.sort_key if meetings else (0, 0, 0)
        year = self.notes.year
        return (newest if year is None else (year, 13, 0), self.docname)


class ArchiveIndex:
    """The notes of all series, newest first, indexed for each kind of lookup."""

    def __init__(self, notes: dict[str, NotesFile]) -> None:
        found: dict[str, list[Page]] = {}
        for docname, file in sorted(notes.items()):
            found.setdefault(file.series, []).append(Page(docname, file))
        self.by_series = dict(sorted(found.items()))
        # In the order of the pages; None stands for any series, or any year.
        self.pages: dict[tuple[str | None, int | None], list[Page]] = {}
        self.meetings: dict[tuple[str | None, int | None], list[tuple[Page, Meeting]]] = {}
        self.year_neighbors: dict[str, tuple[list[Page], list[Page]]] = {}
        self.meeting_neighbors: dict[str, tuple[list[tuple[Page, Meeting]], ...]] = {}
        for series, pages in self.by_series.items():
            pages[:] = _settled(pages)
            pages.sort(key=lambda page: page.sort_key, reverse=True)
            years = [page for page in pages if page.notes.year is not None]
            for page, before, after in _with_neighbors(years):
                self.year_neighbors[page.docname] = (before, after)
            for page in pages:
                for found_year in {None, *page.notes.years()}:
                    for name in (series, None):
                        self.pages.setdefault((name, found_year), []).append(page)
                for meeting in page.notes.meetings:
                    year = meeting.date.year if page.notes.year is None else page.notes.year
                    for key in ((series, year), (series, None), (None, year), (None, None)):
                        self.meetings.setdefault(key, []).append((page, meeting))
        for found_meetings in self.meetings.values():
            # Sorting is stable, so meetings on the same day keep the order of their pages.
            found_meetings.sort(key=lambda item: item[1].date.sort_key, reverse=True)
        for series in self.by_series:
            for item, before_it, after_it in _with_neighbors(
                self.meetings.get((series, None), [])
            ):
                # Those of all meetings of a file: the one before the first, after the last.
                docname = item[0].docname
                others = self.meeting_neighbors.get(docname, (before_it, after_it))
                self.meeting_neighbors[docname] = (before_it, others[1])


def _settled(pages: Sequence[Page]) -> Iterator[Page]:
    """Yield the pages of a series with the facts that only all of its meetings show."""
    found = iter(settle([meeting for page in pages for meeting in page.notes.meetings]))
    for page in pages:
        entries = tuple(Entry(meeting) for meeting in islice(found, len(page.notes.entries)))
        yield replace(page, notes=replace(page.notes, entries=entries))


def _with_neighbors(items: Sequence[_T]) -> Iterator[tuple[_T, list[_T], list[_T]]]:
    """Yield items, newest first, with the one before and the one after, if any."""
    for index, item in enumerate(items):
        yield item, [*items[index + 1 : index + 2]], [*items[max(index - 1, 0) : index]]
