"""The lists of people in notes, and their lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cafe_site.notes.inline_text import EDGE, between, between_links
from cafe_site.notes.sign_in import separators

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.notes.sign_in import Columns
    from cafe_site.vocabulary import Vocabulary


# Compared by identity: two lines may say the same.
@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of a list of people, or the part of one that is about one person."""

    index: int
    """The index of its inline token; of the first one of a row of a table."""
    tokens: tuple[Token, ...]
    """Its inline tokens; bars separate the cells of a row."""
    span: tuple[int, int] | None = None
    """Its part of the `joined` text of the inline token, if it is not all of it."""
    cells: tuple[int, ...] = ()
    """The indexes of the inline tokens of the further cells of its row."""
    depth: int = 1
    """The number of lists of this list of people that it is nested in."""
    checked: bool | None = None
    """Whether its box is checked, if it has one."""


@dataclass(slots=True)
class Listing:
    """A list that notes announce as one of people; it need not be one."""

    kind: str
    start: int
    """The index of its first token."""
    end: int = 0
    """The index after its last token."""
    lines: list[Line] = field(default_factory=list)
    group: int = 0
    """What announced it; only the first list of people of a group is one."""
    columns: Columns | None = None
    separate: bool = False
    """Whether it is a list or a table of its own, not part of a paragraph."""
    loose: bool = False
    """Whether it need not be one of people at all: a paragraph below a heading."""


def pieces_of(text: str, start: int, end: int, vocabulary: Vocabulary) -> list[tuple[int, int]]:
    """Return the parts of a line that are one person each."""
    line = text[start:end]
    plain = line.replace(EDGE, " ").replace("\n", " ")
    cuts = [*separators(plain, vocabulary), *between_links(line)]
    result, first = [], 0
    for before, behind in [*sorted(cuts), (len(line), len(line))]:
        if before >= first and (piece := plain[first:before].strip()):
            begins = start + first + plain[first:before].index(piece)
            result.append((begins, begins + len(piece)))
        first = max(first, behind)
    return result


def part_of(tokens: Sequence[Token], index: int, start: int, end: int) -> Line:
    """Return a part of a paragraph, given by its place in the `joined` text."""
    children = tokens[index].children or ()
    return Line(index, between(children, start, end), (start, end))
