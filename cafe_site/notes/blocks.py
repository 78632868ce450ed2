"""Split the lines of a year file into one block of Markdown tokens per meeting."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it.token import Token

from cafe_site.notes.dialect import markdown, plain_text, walk, with_images
from cafe_site.notes.model import Problem, ProblemKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from cafe_site.notes.dates import Dates

_ATX = re.compile(r"#{1,6}[ \t]")
_SETEXT = re.compile(r" {0,3}(?:=+|-+)[ \t]*")
_BARE_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[ \t]*")

# What could not be read as Markdown, by the key in the metadata of its tokens.
_UNREAD = {
    "flattened": (
        ProblemKind.NESTING,
        "this text is nested too deeply and is shown with fewer levels",
    ),
    "too_deep": (
        ProblemKind.NESTING,
        "the text below is nested too deeply and is shown as plain text",
    ),
    "too_long": (
        ProblemKind.LONG_PARAGRAPH,
        "this paragraph is too long to be read as Markdown and is shown as plain text; "
        "split it with empty lines",
    ),
}

# A code block that shows a year file contains a few date headings, not hundreds.
_HEADINGS_IN_A_FENCE = 100


@dataclass(frozen=True, slots=True)
class Block:
    """A meeting, or the text above the first one."""

    start: int
    """Its first line in the file, counted from 0."""
    tokens: tuple[Token, ...]

    @property
    def heading(self) -> str:
        """The text of its heading, empty if it does not begin with one."""
        return heading_text(self.tokens)

    @property
    def level(self) -> int:
        """The level of its heading, from 1 to 6."""
        return int(self.tokens[0].tag[1])

    @property
    def body(self) -> Sequence[Token]:
        """The tokens below the heading, which is three tokens."""
        return self.tokens[3:]


class _Lines:
    """The lines of a file and their cached parses."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.lines = lines
        self._parses: dict[tuple[int, int], list[Token]] = {}

    def parse(self, start: int, end: int) -> list[Token]:
        """Parse a range of lines separately, with its own link definitions and footnotes."""
        if (start, end) not in self._parses:
            self._parses[start, end] = _parse(self.lines[start:end])
        return self._parses[start, end]

    def unclosed_fence(self, start: int, end: int) -> Token | None:
        """Return the code fence that is still open at the end of a range of lines."""
        tokens = [token for token in self.parse(start, end) if token.level == 0 and token.map]
        token = tokens[-1] if tokens else None
        if token is None or token.type != "fence" or not token.markup or not token.map:
            return None
        first, last = start + token.map[0], start + token.map[1] - 1
        return None if last > first and self.closes(last, token) else token

    def closes(self, line: int, fence: Token) -> bool:
        """Return whether a line closes a fence (CommonMark 4.5)."""
        match = _BARE_FENCE.fullmatch(self.lines[line])
        return match is not None and match[1].startswith(fence.markup)


def _parse(lines: Sequence[str]) -> list[Token]:
    env: dict[str, Any] = {}
    try:
        tokens = markdown().parse("\n".join(lines), env)
    except RecursionError:
        text = Token("fence", "code", 0, content="\n".join(lines[1:]), map=[1, len(lines)])
        text.meta["too_deep"] = True
        return [*markdown().parse(lines[0])[:3], text]
    return [*tokens, *_unused_definitions(tokens, env, lines)]


def read_blocks(
    lines: Sequence[str],
    offset: int,
    problems: list[Problem],
    dates: Dates,
    drop: Callable[[Sequence[Token]], Iterable[range]] = lambda tokens: (),
    *,
    whole: bool = False,
) -> Iterator[Block]:
    """Cut the lines before each meeting heading and parse each piece on its own.

    The first block is always the text above the first meeting,
    unless the first line is a meeting's heading.

    :param offset: the number of lines of the file above these
    :param problems: the list to append problems to
    :param dates: recognizes the headings of meetings
    :param drop: returns the lines of a piece to leave out
    :param whole: whether all lines are one block
    """
    text = _Lines(lines)
    cuts = () if whole else date_headings(lines, dates)
    bounds = [0, *(line for line in cuts if line > 0), len(lines)]
    fences = [i for i, line in enumerate(lines) if _BARE_FENCE.fullmatch(line)]
    ends = _ends(text, bounds, fences)
    index = 0
    while index < len(bounds) - 1:
        start, end = bounds[index], ends[index].bound
        if (fence := ends[index].unclosed) is not None and fence.map:
            line = offset + start + fence.map[0] + 1
            problems.append(_unclosed(fence, line, last=end == len(bounds) - 1))
        tokens = text.parse(start, bounds[end])
        pieces = [(start, bounds[end])] if whole else _pieces(tokens, start, bounds[end], dates)
        for piece_start, piece_end in pieces:
            tokens = _without(
                drop, text.parse(piece_start, piece_end), lines[piece_start:piece_end]
            )
            for token in tokens:
                if token.map:
                    token.map = [line + offset + piece_start for line in token.map]
            problems.extend(_unread(tokens))
            yield Block(offset + piece_start, tuple(tokens))
        index = end


def _without(
    drop: Callable[[Sequence[Token]], Iterable[range]], tokens: list[Token], lines: Sequence[str]
) -> list[Token]:
    """Parse lines again without the dropped ones and the definitions in them."""
    while dropped := [line for found in drop(tokens) for line in found if line < len(lines)]:
        left = list(lines)
        for line in dropped:
            left[line] = ""
        if left == lines:
            break
        lines = left
        tokens = _parse(lines)
    return tokens


def _unread(tokens: Sequence[Token]) -> Iterator[Problem]:
    """Yield a problem for the first of each kind of text that could not be read."""
    seen: set[str] = set()
    for token in tokens:
        for mark in token.meta.keys() & _UNREAD.keys() - seen:
            seen.add(mark)
            kind, message = _UNREAD[mark]
            yield Problem(kind, (token.map[0] if token.map else 0) + 1, message)


def date_headings(lines: Sequence[str], dates: Dates) -> Iterator[int]:
    """Yield the lines that are the heading of a meeting, in any context."""
    headings = []
    for index, line in enumerate(lines):
        below = lines[index + 1] if index + 1 < len(lines) else ""
        setext = (
            _SETEXT.fullmatch(below) is not None
            and line[:1].strip() != ""
            and (index == 0 or not lines[index - 1].strip())
        )
        if (setext or _ATX.match(line)) and len(line) < 1000 and dates.may_have_one(line):
            tokens = markdown().parse(f"{line}\n{below}" if setext else line)
            if tokens and tokens[0].type == "heading_open":
                headings.append((index, tokens[0], tokens[1]))
    return _of_meetings(headings, dates)


def _of_meetings(headings: Iterable[tuple[int, Token, Token]], dates: Dates) -> Iterator[int]:
    """Yield the positions of those headings that begin a meeting.

    A heading of a lower level that repeats the date of the meeting, behind other words,
    is part of it: *Notes of 2025-12-16*.
    """
    date, highest = None, 0
    for position, opening, inline in headings:
        text, level = plain_text(inline.children), int(opening.tag[1])
        found = dates.of_heading(text, level)
        if found is None:
            continue
        if found[0] != date or level <= highest or dates.begins_with(text) is not None:
            date, highest = found[0], level
            yield position


@dataclass(frozen=True, slots=True)
class _End:
    """The end of what begins at a bound."""

    bound: int
    """The index of the bound."""
    unclosed: Token | None = None
    """The code fence that was never closed."""


def _ends(text: _Lines, bounds: Sequence[int], fences: Sequence[int]) -> list[_End]:
    """Return for each bound where what begins there ends.

    Work from the end of the file, since files grow at the top: how text is read does not
    depend on what is pasted above it, unless that opens a fence that the text closes.
    """
    last = len(bounds) - 1
    ends = [_End(last)] * last
    for index in range(last - 1, -1, -1):
        fence = text.unclosed_fence(bounds[index], bounds[index + 1])
        closing = _closing_bound(text, bounds, index, fence, fences, ends) if fence else None
        ends[index] = _End(index + 1, fence) if closing is None else _End(closing)
    return ends


def _closing_bound(
    text: _Lines,
    bounds: Sequence[int],
    index: int,
    fence: Token,
    fences: Sequence[int],
    ends: Sequence[_End],
) -> int | None:
    """Return where the piece that closes a fence open at a date heading ends, if any does.

    The fence is closed, and the heading is code, if what begins at a later date heading
    contains the closing fence, leaves a fence open when read without this one, and
    leaves none open when read from the closing fence on.
    Otherwise the fence was never closed, and must not swallow later meetings.

    The result is the index of a bound.
    """
    position = bisect.bisect_left(fences, bounds[index + 1])
    start = index + 1
    for later in range(start, min(len(bounds) - 1, start + _HEADINGS_IN_A_FENCE)):
        if ends[start].bound <= later:
            start = later
        while position < len(fences) and fences[position] < bounds[later + 1]:
            line = fences[position]
            if text.closes(line, fence):
                explained = (
                    start == later
                    and ends[later].unclosed is not None
                    and text.unclosed_fence(line + 1, bounds[later + 1]) is None
                )
                return later + 1 if explained else None
            position += 1
    return None


def _unclosed(fence: Token, line: int, *, last: bool) -> Problem:
    where = "the end of the file" if last else "the next meeting"
    return Problem(
        ProblemKind.UNCLOSED_FENCE,
        line,
        f"the code block that begins here is not closed and ends at {where}; "
        f"add a line '{fence.markup}' after the code",
    )


def _pieces(
    tokens: Sequence[Token], start: int, end: int, dates: Dates
) -> Iterator[tuple[int, int]]:
    """Cut again before meeting headings that only the parser could recognize."""
    headings = (
        (start + token.map[0], token, tokens[index + 1])
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    )
    cuts = [position for position in _of_meetings(headings, dates) if position > start]
    yield from zip([start, *cuts], [*cuts, end], strict=True)


def heading_text(tokens: Sequence[Token]) -> str:
    """Return the text of the heading that tokens begin with, or an empty string."""
    if tokens and tokens[0].type == "heading_open":
        return plain_text(tokens[1].children)
    return ""


def _unused_definitions(
    tokens: Sequence[Token], env: dict[str, Any], lines: Sequence[str]
) -> Iterator[Token]:
    """Yield a paragraph for each link definition that no link uses, so that none is lost."""
    used = {token.meta.get("label") for token in with_images(walk(tokens))}
    definitions = [
        *(ref for label, ref in env.get("references", {}).items() if label not in used),
        *env.get("duplicate_refs", []),
    ]
    for definition in sorted(definitions, key=lambda item: item["map"][0]):
        first, last = definition["map"]
        content = " ".join(" ".join(lines[first:last]).split())
        yield Token("paragraph_open", "p", 1, map=[first, last])
        inline = markdown().parseInline(content)[0]
        inline.map = [first, last]
        yield inline
        yield Token("paragraph_close", "p", -1)
