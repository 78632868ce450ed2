"""The date and the title of a file with the notes of one meeting.

Its path, its front matter, its first heading or a line such as ``Date: December 16, 2025``
may give the date, or each a part of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it.token import Token

from cafe_site.notes.blocks import Block, read_blocks
from cafe_site.notes.dates import MeetingDate, parse_date
from cafe_site.notes.dialect import plain_text
from cafe_site.notes.model import Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cafe_site.notes.privacy import Hider
    from cafe_site.notes.sources import Source
    from cafe_site.vocabulary import Vocabulary

# A line with the date is one of the first, below a title and its subtitle.
_FIRST_LINES = 20
# Where a date can begin.
_BEGINNING = re.compile(r"(?<![\w-])(?=\w)")
_WITHOUT_YEAR = re.compile(
    r"(?<!\w)(?:(?P<month>[^\W\d_]{3,9})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?"
    r"|(?P<day_first>\d\d?)(?:st|nd|rd|th)? (?P<month_last>[^\W\d_]{3,9}))(?!\w|,? \d{4})",
    re.I,
)
_LONGEST_HEADING = 500
_SEPARATORS = re.compile(r"^[\s:,;.|·–—)\]-]+")


@dataclass(frozen=True, slots=True)
class MeetingFile:
    """A file that is one meeting, or has none."""

    block: Block
    """Its text, which begins with the heading if there is a date."""
    date: MeetingDate | None
    title: str
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading with the title of a file."""

    index: int | None
    """The index of its first token; None if the file has no title."""
    title: str = ""
    """Its text without the date."""
    date: MeetingDate | None = None
    lacks_year: bool = False
    """Whether the year is that of the file's path."""


@dataclass(frozen=True, slots=True)
class _Given:
    """A date that a part of the file gives."""

    date: MeetingDate
    line: int
    where: str


def date_in(text: str, year: int | None = None) -> tuple[MeetingDate, str, bool] | None:
    """Find a date in a heading.

    Return it, the rest of the text, and whether the year is that of the file, *year*.

    >>> date_in("Team call (2025-12-16)")
    (MeetingDate(year=2025, month=12, day=16), 'Team call', False)
    >>> date_in("August 10 project call", 2023)
    (MeetingDate(year=2023, month=8, day=10), 'project call', True)
    """
    if len(text) > _LONGEST_HEADING or not any(map(str.isdigit, text)):
        return None
    month_only = None
    for match in _BEGINNING.finditer(text):
        if found := parse_date(text[match.start() :]):
            result = (found[0], _joined(text[: match.start()], found[1]), False)
            if found[0].day is not None:
                return result
            month_only = month_only or result
    if month_only or year is None:
        return month_only
    for match in _WITHOUT_YEAR.finditer(text):
        month, day = match["month"] or match["month_last"], match["day"] or match["day_first"]
        if found := parse_date(f"{month} {day}, {year:04}"):
            return (found[0], _joined(text[: match.start()], text[match.end() :]), True)
    return None


def _joined(before: str, after: str) -> str:
    before = re.sub(r"[\s:,;.|·–—(\[-]+$", "", before)
    return f"{before} {re.sub(_SEPARATORS, '', after)}".strip()


def first_heading(tokens: Sequence[Token], source: Source) -> Heading:
    """Find the heading with the title of a meeting file.

    It is the first one, if it gives a date, or is the only one of the first level.

    :param tokens: those of the whole file
    """
    headings = [i for i, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0]
    if not headings:
        return Heading(None)
    index = headings[0]
    text = plain_text(tokens[index + 1].children)
    is_top = tokens[index].tag == "h1"
    if found := date_in(text, source.year):
        date, title, lacks_year = found
        begins = parse_date(text) is not None
        # The date in the heading of a section may be that of another meeting.
        if is_top or begins or not source.dates or date in source.dates:
            return Heading(index, title, date, lacks_year)
    if is_top and sum(tokens[i].tag == "h1" for i in headings) == 1:
        return Heading(index, text)
    return Heading(None)


def _has_several(tokens: Sequence[Token], *, is_dated: bool) -> bool:
    """Return whether a file has several meetings: headings that begin with different dates.

    These are of one level, and no other heading with a date is above them.

    :param is_dated: whether something else dates the file; if not, one heading is enough
    """
    dates: dict[int, set[MeetingDate]] = {}
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            found = parse_date(plain_text(tokens[index + 1].children))
            if found and found[0].day is not None:
                dates.setdefault(int(token.tag[1]), set()).add(found[0])
    highest = dates[min(dates)] if dates else set()
    return len(highest) > 1 or (bool(highest) and not is_dated)


def _date_of(
    source: Source, given: Sequence[_Given], heading: Heading, line: int, problems: list[Problem]
) -> MeetingDate | None:
    """Return the date of a meeting file, and report what contradicts it.

    A whole date in the text takes precedence over that of the path: the front matter, then the
    first heading, then a ``Date:`` line. Then come the date of the path, a day without a year
    in the heading, and a month.

    :param line: the line of the heading
    """
    whole = [one for one in given if one.date.day is not None and one.date.exists]
    path = source.date
    if whole:
        chosen = whole[0]
        for other in whole[1:]:
            if other.date != chosen.date:
                problems.append(_conflict(other, other.where, other.date.iso, chosen))
        if not _agrees(chosen.date, source):
            says = " or ".join(date.iso for date in source.dates) or f"{source.year:04}"
            problems.append(_conflict(chosen, "the path", says, chosen))
        return chosen.date
    partial = heading.date if heading.lacks_year else None
    if path is not None and path.day is not None:
        if partial is not None and partial != path:
            chosen = _Given(path, line, "the path")
            problems.append(_conflict(chosen, "the heading", partial.iso, chosen))
        return path
    if partial is not None and _agrees(partial, source):
        return partial
    return given[0].date if given else path


def _given(
    front: str,
    heading: Heading,
    line: int,
    lines: Sequence[str],
    offset: int,
    vocabulary: Vocabulary,
) -> Iterator[_Given]:
    """Yield the dates that the text gives, those that take precedence first."""
    if found := parse_date(front):
        yield _Given(found[0], 1, "the front matter")
    if heading.date is not None and not heading.lacks_year:
        yield _Given(heading.date, line, "the heading")
    for number, text in enumerate(lines[:_FIRST_LINES], start=offset + 1):
        label, _, value = text[:_LONGEST_HEADING].partition(":")
        if value and vocabulary.has("date", label):
            found = parse_date(value.strip("*_ "))
            if found and found[0].exists:
                yield _Given(found[0], number, "the line with the date")
                return


def _agrees(date: MeetingDate, source: Source) -> bool:
    if not source.dates:
        return source.year in (None, date.year)
    return any(
        (date.year, date.month) == (other.year, other.month) and other.day in (None, date.day)
        for other in source.dates
    )


def _conflict(place: _Given, where: str, says: str, chosen: _Given) -> Problem:
    return Problem(
        ProblemKind.DATE_CONFLICT,
        place.line,
        f"{where} gives the date {says}, but {chosen.where} {chosen.date.iso}, which is used; "
        "correct one of them",
    )


def undated(source: Source) -> Problem:
    """Return the problem of a file without a date."""
    if len(source.dates) > 1:
        dates = " or ".join(date.iso for date in source.dates)
        why = f"the date in the name may be {dates}"
    else:
        why = "neither the name nor the text of this file gives a date"
    return Problem(
        ProblemKind.UNDATED_NOTES,
        1,
        f"{why}, so it is shown without a meeting; write a date such as 2025-12-16 into the "
        "name or the first heading, or, if this is a page of the site that you trust, "
        "list it in cafe_pages in conf.py",
    )


def read_one(
    lines: Sequence[str],
    offset: int,
    source: Source,
    front_date: str,
    drop: Callable[[Sequence[Token]], Iterable[range]],
    vocabulary: Vocabulary,
) -> MeetingFile | None:
    """Read a file that may be one meeting; return None if it has several.

    :param lines: those below the front matter
    :param offset: the number of lines above these
    :param front_date: the date in the front matter, as written
    :param drop: see `read_blocks`
    """
    problems: list[Problem] = []
    (block,) = read_blocks(lines, offset, problems, drop, whole=True)
    heading = first_heading(block.tokens, source)
    line = offset + 1
    if heading.index is not None and (places := block.tokens[heading.index].map):
        line = places[0] + 1
    given = list(_given(front_date, heading, line, lines, offset, vocabulary))
    date = _date_of(source, given, heading, line, problems)
    if _has_several(block.tokens, is_dated=date is not None):
        return None
    if date is None:
        return MeetingFile(block, None, "", problems)
    return MeetingFile(_with_heading_first(block, heading, line), date, heading.title, problems)


def _with_heading_first(block: Block, heading: Heading, line: int) -> Block:
    """Return a block that begins with the heading of its meeting, which may be empty."""
    tokens, at = block.tokens, heading.index
    if at is not None:
        tokens[at].tag = "h1"  # the title of the page
        return Block(line - 1, (*tokens[at : at + 3], *tokens[:at], *tokens[at + 3 :]))
    inline = Token("inline", "", 0, level=1, children=[])
    ends = Token("heading_open", "h1", 1), inline, Token("heading_close", "h1", -1)
    return Block(line - 1, (*ends, *tokens))


def hide(file: MeetingFile, source: Source, hider: Hider) -> MeetingFile:
    """Return a meeting file without people who asked not to be named."""
    block = replace(file.block, tokens=hider.tokens(file.block.tokens))
    found = date_in(block.heading, source.year)
    title = found[1] if found else block.heading
    if found is None or found[0] != file.date:
        # The date contains what may be a handle, such as "may".
        title = hider.text(file.title)
    return replace(file, block=block, title=title)


def with_text(file: MeetingFile, tokens: Sequence[Token]) -> MeetingFile:
    """Return a meeting file with more text on top, below its heading."""
    heading, rest = file.block.tokens[:3], file.block.tokens[3:]
    return replace(file, block=replace(file.block, tokens=(*heading, *tokens, *rest)))


def other_meetings(body: Sequence[Token], date: MeetingDate) -> Iterator[Problem]:
    """Yield a problem for each heading that begins with another date than the meeting's."""
    for index, token in enumerate(body):
        if token.type != "heading_open" or token.level or not token.map:
            continue
        text = plain_text(body[index + 1].children)
        found = parse_date(text)
        if found and found[0].day is not None and found[0] != date:
            yield Problem(
                ProblemKind.NOT_A_DATE,
                token.map[0] + 1,
                f"{text[:100]!r} does not begin a meeting, since this file is the meeting on "
                f"{date.iso}; if it should, begin all meetings of this file with headings of "
                "the same level",
            )
