"""Put the placeholder for a hidden person in place of parts of inline tokens."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from markdown_it.token import Token

from cafe_site.notes.dialect import hidden_text, is_hidden
from cafe_site.notes.inline_text import EDGE, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TEXTS = ("text", "code_inline")
"""The tokens that consist of text."""


def replaced(children: list[Token], spans: Sequence[tuple[int, int]]) -> list[Token]:
    """Return inline tokens with the placeholder for parts of their text, links included."""
    ends = list(itertools.accumulate(len(joined(token)) for token in children))
    gone: set[int] = set()
    opened: list[int] = []
    for index, token in enumerate(children):
        if token.nesting > 0:
            opened.append(index)
        elif token.nesting < 0 and opened:
            # Markup is removed only as a whole.
            start = opened.pop()
            if any(a < ends[start] and ends[index] <= b for a, b in spans):
                gone |= {start, index}
    result: list[Token] = []
    for index, (token, end) in enumerate(zip(children, ends, strict=True)):
        position = end - len(joined(token))
        if token.type in (*TEXTS, "softbreak", "hardbreak"):
            result += without_parts(token, position, spans)
        elif token.nesting:
            result += [] if index in gone else [token]
        elif not any(start <= position and end <= stop for start, stop in spans):
            result.append(token)
    return result


def without_parts(
    token: Token, position: int, spans: Sequence[tuple[int, int]]
) -> Iterator[Token]:
    """Yield what is left of a token of the joined text."""
    edge = len(EDGE) if token.type == "code_inline" else 0
    text = "\n" if token.type.endswith("break") else token.content
    position += edge
    done = 0
    for start, end in spans:
        first, last = max(start - position, 0), min(end - position, len(text))
        if first >= last:
            continue
        if first > done:
            yield _with(token, text[done:first])
        # Only the first token of a name gets the placeholder.
        if start >= position - edge:
            yield hidden_text()
        done = max(done, last)
    if done == 0:
        yield token
    elif done < len(text):
        yield _with(token, text[done:])


def _with(token: Token, content: str) -> Token:
    return Token(token.type, token.tag, 0, content=content, markup=token.markup, level=token.level)


def with_marks_joined(children: list[Token]) -> list[Token]:
    """Return inline tokens with HackMD's speaker mark joined into one token."""
    if (
        len(children) > 2
        and is_hidden(children[1])
        and re.fullmatch(r"\[name=\s*", children[0].content)
        and children[2].content.startswith("]")
    ):
        content = "".join(child.content for child in children[:3])
        return [Token("text", "", 0, content=content, meta={"hidden": True}), *children[3:]]
    return children
