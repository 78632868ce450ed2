"""Problems of the dates in a file of notes: those of its meetings, and those in other headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cafe_site.notes.blocks import date_headings
from cafe_site.notes.dates import WEEKDAYS
from cafe_site.notes.dialect import plain_text
from cafe_site.notes.model import Problem, ProblemKind

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.dates import Dates, MeetingDate
    from cafe_site.notes.model import Meeting
    from cafe_site.notes.sources import Source


def date_problems(
    meetings: Iterable[tuple[Meeting, str]],
    source: Source,
    today: datetime.date | None,
    dates: Dates,
) -> Iterator[Problem]:
    """Yield the problems of the dates of meetings.

    :param meetings: each with the text of its heading
    :param today: meetings after this day are reported; None reports none
    """
    for meeting, heading in meetings:
        date, line = meeting.date, meeting.line
        start = date.start
        if start is None:
            yield Problem(
                ProblemKind.INVALID_DATE,
                line,
                f"{date.iso} is not a valid date; correct the heading",
            )
            continue
        if source.is_year_file and date.year != source.year:
            yield Problem(
                ProblemKind.OTHER_YEAR,
                line,
                f"a meeting on {date.iso} is in the file of {source.year}; "
                f"correct the date or move it to {date.year:04}.md",
            )
        elif today is not None and start > today:
            yield Problem(
                ProblemKind.FUTURE_DATE, line, f"{date.iso} is in the future; is the date right?"
            )
        written = dates.find(heading)
        named = written.weekday if written and written.date == date else None
        if date.day is not None and named not in (None, start.weekday()):
            right = WEEKDAYS[start.weekday()].capitalize()
            yield Problem(
                ProblemKind.WRONG_WEEKDAY,
                line,
                f"{date.iso} is a {right}; correct the weekday or the date",
            )


def heading_problems(
    tokens: Sequence[Token], own: MeetingDate | None, dates: Dates
) -> Iterator[Problem]:
    """Yield a problem for each heading, or bold line, with a date that does not begin a meeting.

    :param own: the date of the meeting that they are in
    """
    for index, token in enumerate(tokens):
        if not token.map:
            continue
        line = token.map[0] + 1
        if token.type == "heading_open":
            text = plain_text(tokens[index + 1].children)
            if token.level == 0 and dates.mentions(text, other_than=own):
                yield Problem(
                    ProblemKind.NOT_A_DATE,
                    line,
                    f"{text[:100]!r} does not begin a meeting; if it should, "
                    "begin the heading with the date, written as 2025-12-16",
                )
            elif token.level > 0 and dates.of_heading(text, int(token.tag[1])) is not None:
                yield _indented(text, line, "a list, quotation or footnote")
        elif token.type == "paragraph_open" and token.level == 0:
            text = _all_bold(tokens[index + 1])
            found = dates.find(text) if text else None
            if found and found.date != own and dates.of_heading(text, 1) is not None:
                yield Problem(
                    ProblemKind.NOT_A_DATE,
                    line,
                    f"the bold line {text[:100]!r} does not begin a meeting; if it should, "
                    f"make it a heading: '## {found.date.iso}'",
                )
        elif token.type == "code_block":
            code = token.content.split("\n")
            for number in date_headings([text.lstrip(" \t") for text in code], dates):
                yield _indented(
                    code[number].strip("# \t"), line + number, "an indented code block"
                )


def _all_bold(inline: Token) -> str:
    """Return the text of a paragraph that is one bold line, or an empty string."""
    children = [t for t in inline.children or () if t.type != "text" or t.content.strip()]
    if len(children) < 3 or children[0].type != "strong_open":
        return ""
    end = next(i for i, t in enumerate(children) if t.type == "strong_close")
    return plain_text(children[1:end]) if end == len(children) - 1 else ""


def _indented(text: str, line: int, where: str) -> Problem:
    return Problem(
        ProblemKind.NOT_A_DATE,
        line,
        f"{text[:100]!r} is in {where} and does not begin a meeting; "
        "if it should, remove everything before its '#'",
    )
