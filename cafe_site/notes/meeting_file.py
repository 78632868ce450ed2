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
from cafe_site.notes.dialect import plain_text
from cafe_site.notes.model import Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cafe_site.notes.dates import Dates, MeetingDate
    from cafe_site.notes.frontmatter import FrontMatter
    from cafe_site.notes.privacy import Hider
    from cafe_site.notes.sources import Source
    from cafe_site.vocabulary import Vocabulary

# A line with the date is one of the first, below a title and its subtitle.
_FIRST_LINES = 20
_LONGEST_LINE = 500
_TAG = re.compile(r"<[^<>]{1,200}>")
# Generators of blogs write when a page was published into its front matter.
_TIME = re.compile(r"\d:\d\d")


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


def first_heading(tokens: Sequence[Token], source: Source, dates: Dates) -> Heading:
    """Find the heading with the title of a meeting file.

    It is the first one, if it gives a date, or is the only one of the first level.

    :param tokens: those of the whole file
    :param dates: reads the dates of the file
    """
    headings = [i for i, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0]
    if not headings:
        return Heading(None)
    index = headings[0]
    text = plain_text(tokens[index + 1].children)
    is_top = tokens[index].tag == "h1"
    found = dates.of_this_meeting(text)
    if found and found.date.day is None and found.lacks_year and _is_whole(source.date):
        # A word such as "May" says nothing that the path does not.
        found = None
    if found:
        begins = dates.begins_with(text) is not None
        # The date in the heading of a section may be that of another meeting.
        if is_top or begins or not source.dates or found.date in source.dates:
            return Heading(index, found.rest, found.date, found.lacks_year)
    if is_top and sum(tokens[i].tag == "h1" for i in headings) == 1:
        return Heading(index, text)
    return Heading(None)


def _is_whole(date: MeetingDate | None) -> bool:
    return date is not None and date.day is not None


def _has_several(tokens: Sequence[Token], dates: Dates, *, is_dated: bool) -> bool:
    """Return whether a file has several meetings: headings that begin with different dates.

    These are of one level, and no other heading with a date is above them.

    :param is_dated: whether something else dates the file; if not, one heading is enough
    """
    levels: dict[int, set[MeetingDate]] = {}
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            text = plain_text(tokens[index + 1].children)
            if (date := _begins_with_whole_date(text, dates)) is not None:
                levels.setdefault(int(token.tag[1]), set()).add(date)
    highest = levels[min(levels)] if levels else set()
    return len(highest) > 1 or (bool(highest) and not is_dated)


def _begins_with_whole_date(text: str, dates: Dates) -> MeetingDate | None:
    found = dates.find(text)
    if found is None or found.lacks_year or found.date.day is None:
        return None
    return found.date if dates.begins_with(text) else None


def _date_of(
    source: Source,
    given: Sequence[_Given],
    standing: Iterable[_Given],
    heading: Heading,
    line: int,
    problems: list[Problem],
) -> MeetingDate | None:
    """Return the date of a meeting file, and report what contradicts it.

    A whole date in the text takes precedence over that of the path: the front matter, then the
    first heading, then a ``Date:`` line. Then come the date of the path, a day without a year
    in the heading, a month, a line that is only a date, and when the page was published.

    :param standing: the last two of these
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
    if given:
        return given[0].date
    return path or next((one.date for one in standing if one.date.exists), None)


def _given(
    front: FrontMatter,
    heading: Heading,
    line: int,
    lines: Sequence[str],
    offset: int,
    dates: Dates,
) -> Iterator[_Given]:
    """Yield the dates that the text gives, those that take precedence first."""
    if (found := dates.begins_with(front.date)) and not _TIME.search(front.date):
        yield _Given(found[0], 1, "the front matter")
    if heading.date is not None and not heading.lacks_year:
        yield _Given(heading.date, line, "the heading")
    elif (titled := dates.of_this_meeting(front.title)) and not titled.lacks_year:
        yield _Given(titled.date, 1, "the title in the front matter")
    for number, text in enumerate(lines[:_FIRST_LINES]):
        for value in _labeled(text, lines[number + 1 : number + 3], dates.words):
            if (found := dates.begins_with(value)) and found[0].exists:
                yield _Given(found[0], offset + number + 1, "the line with the date")
                return


def _labeled(text: str, below: Sequence[str], words: Vocabulary) -> Iterator[str]:
    """Yield what a line may give as the date: behind a label, or in a table beside or below it."""
    cells = text[:_LONGEST_LINE].strip().strip("|").split("|")
    if len(cells) == 1:
        label, _, value = cells[0].partition(":")
        if value and words.has("date", label):
            yield value.strip("*_ ")
        return
    for index, cell in enumerate(cells):
        if words.has("date", cell):
            yield from cells[index + 1 : index + 2]
            for row in below:
                yield from row[:_LONGEST_LINE].strip().strip("|").split("|")[index : index + 1]


def _standing(
    front: FrontMatter, lines: Sequence[str], offset: int, dates: Dates
) -> Iterator[_Given]:
    """Yield the dates of the first lines that are nothing but a date, and of the publication."""
    for number, text in enumerate(lines[:_FIRST_LINES], start=offset + 1):
        line = _TAG.sub("", text[:_LONGEST_LINE]).strip(" *_#")
        found = dates.find(line)
        if found and found.date.day is not None and not found.rest:
            yield _Given(found.date, number, "a line")
    if published := dates.begins_with(front.date):
        yield _Given(published[0], 1, "the front matter")


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


def no_meetings(source: Source, offset: int) -> Problem:
    """Return the problem of a file without a meeting.

    :param offset: the number of lines of its front matter
    """
    if source.is_year_file:
        return Problem(
            ProblemKind.NO_MEETINGS,
            offset + 1,
            f"no meeting found; a meeting begins with a heading such as '## {source.year}-01-20'",
        )
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
    front: FrontMatter,
    drop: Callable[[Sequence[Token]], Iterable[range]],
    dates: Dates,
) -> MeetingFile | None:
    """Read a file that may be one meeting; return None if it has several.

    :param lines: those below the front matter
    :param offset: the number of lines above these
    :param drop: see `read_blocks`
    :param dates: reads the dates of the file
    """
    problems: list[Problem] = []
    (block,) = read_blocks(lines, offset, problems, dates, drop, whole=True)
    heading = first_heading(block.tokens, source, dates)
    line = offset + 1
    if heading.index is not None and (places := block.tokens[heading.index].map):
        line = places[0] + 1
    given = list(_given(front, heading, line, lines, offset, dates))
    standing = _standing(front, lines, offset, dates)
    date = _date_of(source, given, standing, heading, line, problems)
    if _has_several(block.tokens, dates, is_dated=date is not None):
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


def hide(file: MeetingFile, dates: Dates, hider: Hider) -> MeetingFile:
    """Return a meeting file without people who asked not to be named."""
    block = replace(file.block, tokens=hider.tokens(file.block.tokens))
    found = dates.of_this_meeting(block.heading)
    title = found.rest if found else block.heading
    if found is None or found.date != file.date:
        # The date contains what may be a handle, such as "may".
        title = hider.text(file.title)
    return replace(file, block=block, title=title)


def with_text(file: MeetingFile, tokens: Sequence[Token]) -> MeetingFile:
    """Return a meeting file with more text on top, below its heading."""
    heading, rest = file.block.tokens[:3], file.block.tokens[3:]
    return replace(file, block=replace(file.block, tokens=(*heading, *tokens, *rest)))


def other_meetings(body: Sequence[Token], date: MeetingDate, dates: Dates) -> Iterator[Problem]:
    """Yield a problem for each heading that begins with another date than the meeting's."""
    for index, token in enumerate(body):
        if token.type != "heading_open" or token.level or not token.map:
            continue
        text = plain_text(body[index + 1].children)
        found = _begins_with_whole_date(text, dates)
        if found is not None and found != date:
            yield Problem(
                ProblemKind.NOT_A_DATE,
                token.map[0] + 1,
                f"{text[:100]!r} does not begin a meeting, since this file is the meeting on "
                f"{date.iso}; if it should, begin all meetings of this file with headings of "
                "the same level",
            )
