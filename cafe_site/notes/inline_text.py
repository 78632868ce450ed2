"""The text of a paragraph in which every inline token has its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import is_hidden, text_token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_BREAK = "\n"
# A line longer than this is one that an editor has broken.
_LONG_LINE = 60

EDGE = "\x01"


def joined(token: Token) -> str:
    """Return the part of an inline token in the text of its paragraph.

    Edges of markup are characters of their own, so that every token has its place in it.
    """
    if token.type in ("text", "code_inline"):
        # A placeholder is not part of another name.
        text = "\x02" if is_hidden(token) else token.content
        return f"{EDGE}{text}{EDGE}" if token.type == "code_inline" else text
    if token.type in ("softbreak", "hardbreak"):
        return _BREAK
    return "\ufffc" if token.type in ("image", "footnote_ref") else EDGE


def between(children: Sequence[Token], start: int, end: int) -> tuple[Token, ...]:
    """Return the inline tokens in a part of their `joined` text."""
    result: list[Token] = []
    position = 0
    for token in children:
        text = joined(token)
        first, last = max(start - position, 0), min(end - position, len(text))
        position += len(text)
        if first >= last:
            # A link is as long as its text, or in bold.
            if token.type in ("link_open", "link_close") and start - 3 < position - 1 < end + 2:
                result.append(token)
            continue
        if token.type == "text" and not is_hidden(token) and last - first < len(text):
            result.append(text_token(text[first:last]))
        else:
            result.append(token)
    return tuple(result)


def lines_of(text: str, children: Sequence[Token]) -> list[tuple[int, int]]:
    """Return the lines of a paragraph, those that an editor has broken as one."""
    result: list[tuple[int, int]] = []
    start = 0
    hard: set[int] = set()
    position = 0
    for token in children:
        if token.type == "hardbreak":
            hard.add(position)
        position += len(joined(token))
    ends = [m.start() for m in re.finditer(_BREAK, text)]
    for number, end in enumerate([*ends, len(text)]):
        line = text[start:end].replace(EDGE, "").strip()
        broken = (
            number < len(ends)
            and end not in hard
            and (line.endswith((",", ";", "&")) or (len(line) > _LONG_LINE and "," in line))
        )
        if not broken:
            result.append((start, end))
            start = end + 1
    return result


def between_links(text: str) -> Iterator[tuple[int, int]]:
    """Yield where one link directly follows another: ``[Ada](a)[Bob](b)``."""
    for match in re.finditer(rf"(?<=\w){EDGE}(?P<gap>[ \n]{{0,3}}){EDGE}(?=\w)", text):
        yield match.start("gap"), match.end("gap")
