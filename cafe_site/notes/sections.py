"""The sections to leave out of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cafe_site.notes.anchors import slug
from cafe_site.notes.dialect import markdown, plain_text
from cafe_site.notes.names import fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from markdown_it.token import Token


def section_key(heading: str) -> str:
    """Return a key that headings share if `drop_sections` treats them as the same.

    Case, accents, punctuation and emoji are ignored, unless a heading has nothing else.

    >>> section_key("Ice Breaker :tada:"), section_key(":ice_cube:"), section_key(" ")
    ('ice-breaker', '🧊', '')
    """
    return _key(plain_text(markdown().parseInline(heading)[0].children))


def _key(text: str) -> str:
    return slug(text) or " ".join(fold(text[:500]).split())


def dropped_lines(tokens: Sequence[Token], names: Collection[str]) -> Iterator[range]:
    """Yield the lines of the sections whose `section_key` is in *names*.

    A section ends at the next heading of its level or a higher one,
    or with the list item or quotation that contains it.
    """
    last = max((token.map[1] for token in tokens if token.map), default=0)
    ends: list[int] = []  # of the open containers
    level = depth = start = 0
    for index, token in enumerate(tokens):
        if token.nesting < 0:
            end = ends.pop()
            if level and token.level < depth:
                yield range(start, end)
                level = 0
            continue
        lines = token.map or [start, last]
        if token.type == "heading_open":
            own = int(token.tag[1])
            if level and token.level == depth and own <= level:
                yield range(start, lines[0])
                level = 0
            if not level and _key(plain_text(tokens[index + 1].children)) in names:
                level, depth, start = own, token.level, lines[0]
        if token.nesting > 0:
            ends.append(lines[1])
    if level:
        yield range(start, last)
