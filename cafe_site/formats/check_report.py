"""What ``cafe-site check`` prints: a table, JSON, or annotations on GitHub."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING

from cafe_site.formats.meetings_json import meeting_facts
from cafe_site.translation import gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cafe_site.checking import Checked, Finding
    from cafe_site.notes.model import Meeting

_GAP = "  "
_MIN_TOPICS, _MIN_PATH, _MAX_PATH, _MAX_SERIES = 20, 12, 40, 14


def as_table(files: Iterable[Checked], width: int) -> str:
    """Return a table with a row for each meeting, and one for each file without any.

    Paths lose their start, and topics their end, to fit the width of the terminal.
    """
    head = (
        gettext("File"),
        gettext("Date"),
        gettext("Series"),
        gettext("People"),
        gettext("Outcomes"),
        gettext("Topics"),
    )
    rows: list[tuple[str, ...]] = [head]
    for file in files:
        series = _start(file.notes.series if file.notes else "", _MAX_SERIES)
        rows += [(file.path, *_columns(meeting, series)) for meeting in file.meetings]
        if not file.meetings:
            rows.append((file.path, "-", series, "", "", ""))
    widths = [max(_width(row[column]) for row in rows) for column in range(len(head) - 1)]
    others = sum(widths[1:]) + len(_GAP) * len(widths)
    widths[0] = min(widths[0], max(_MIN_PATH, min(_MAX_PATH, width - others - _MIN_TOPICS)))
    left = max(_MIN_PATH, width - others - widths[0])
    return "\n".join(_row(row, widths, left) for row in rows)


def _row(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    cells = [_end(row[0], widths[0]), *row[1:-1]]
    padded = (_padded(text, size) for text, size in zip(cells, widths, strict=True))
    return _GAP.join((*padded, _start(row[-1], left))).rstrip()


def _columns(meeting: Meeting, series: str) -> tuple[str, str, str, str, str]:
    canceled = gettext("Canceled") if meeting.canceled else ""
    return (
        meeting.date.iso,
        series,
        str(len(meeting.attendees)),
        str(len(meeting.outcomes)),
        " · ".join(filter(None, (canceled, meeting.subject, *meeting.about))),
    )


def as_lines(findings: Sequence[Finding]) -> str:
    """Return a line for each finding: ``path:line: message [code]``."""
    return "\n".join(f"{one.path}:{one.line}: {one.message} [{one.code}]" for one in findings)


def summary(files: Sequence[Checked], findings: Sequence[Finding]) -> str:
    """Return how many problems there are in how many files."""
    count = len(files)
    read = ngettext("{count} file", "{count} files", count).format(count=count)
    message = ngettext("{count} problem in {files}", "{count} problems in {files}", len(findings))
    return message.format(count=len(findings), files=read)


def as_annotations(findings: Sequence[Finding]) -> str:
    """Return a workflow command of GitHub for each finding.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions;
    the characters to escape are those of ``@actions/core``, in ``command.ts``.
    """
    return "\n".join(
        f"::warning file={_property(one.path)},line={one.line},"
        f"title={_property(one.code)}::{_data(one.message)}"
        for one in findings
    )


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_json(files: Sequence[Checked], findings: Sequence[Finding]) -> str:
    """Return all that was understood and all findings as JSON."""
    meetings = [
        {**meeting_facts(file.notes, meeting), "page": file.path, "line": meeting.line}
        for file in files
        if file.notes
        for meeting in file.meetings
    ]
    problems = [
        {"page": one.path, "line": one.line, "code": one.code, "message": one.message}
        for one in findings
    ]
    return json.dumps(
        {"pages": [file.path for file in files], "meetings": meetings, "problems": problems},
        ensure_ascii=False,
        indent=1,
    )


def _width(text: str) -> int:
    """Return the number of columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _start(text: str, width: int) -> str:
    """Return the start of a text that fits a width.

    >>> _start("Looms and cards", 8)
    'Looms a…'
    """
    if _width(text) <= width:
        return text
    used, end = 1, 0
    while used + _width(text[end]) <= width:
        used += _width(text[end])
        end += 1
    return f"{text[:end]}…"


def _end(text: str, width: int) -> str:
    """Return the end of a text that fits a width."""
    return _start(text[::-1], width)[::-1]
