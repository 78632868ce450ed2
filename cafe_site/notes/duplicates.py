"""Find meetings that are in two files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cafe_site.notes.model import Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cafe_site.notes.dates import MeetingDate
    from cafe_site.notes.model import Meeting


def duplicates(meetings: Iterable[tuple[str, Meeting]]) -> Iterator[tuple[str, Problem]]:
    """Yield a problem for each meeting on the day of one in another file, with its file.

    Titles distinguish meetings. Within a file, the reader reports them.

    :param meetings: those of a series, each with the path of its file

    >>> from cafe_site.notes.reader import read
    >>> meeting = read("## 2025-12-16", 2025).meetings[0]
    >>> [path for path, problem in duplicates([("2025.md", meeting), ("2025-12-16.md", meeting)])]
    ['2025-12-16.md']
    """
    days: dict[MeetingDate, list[tuple[str, Meeting]]] = {}
    for path, meeting in meetings:
        days.setdefault(meeting.date, []).append((path, meeting))
    for date, found in days.items():
        # A year file comes before the files of its meetings.
        first, *others = sorted(found, key=lambda item: item[0].rpartition("."))
        for path, meeting in others:
            titles = {first[1].title, meeting.title}
            if path != first[0] and (len(titles) == 1 or "" in titles):
                yield (
                    path,
                    Problem(
                        ProblemKind.DUPLICATE_DATE,
                        meeting.line,
                        f"there is another meeting on {date.iso} in {first[0]}; if it is the same "
                        "one, delete one of them; if both took place, tell them apart with "
                        "titles, or with cafe_series in conf.py",
                    ),
                )
