"""The details that a meeting's notes begin with, such as its date and host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import is_hidden, plain_text, text_token
from cafe_site.notes.frontmatter import split_tags
from cafe_site.notes.outcome_lines import label_of
from cafe_site.notes.outline import closing
from cafe_site.notes.planned_times import minutes_pattern
from cafe_site.notes.speakers import is_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

# The name of a detail is a few words, not a sentence.
_MAX_KEY = 60
_ONE_LINE = ("list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close")
_TAGS = re.compile(r"^tags:\s*(?P<tags>.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of a meeting's details."""

    key: tuple[Token, ...]
    """The inline tokens of its name, without the colon."""
    value: tuple[Token, ...]
    """The inline tokens after the colon; empty if nobody filled in the line."""


def detail(inline: Token, vocabulary: Vocabulary) -> Detail | None:
    """Read a line such as ``**Date:** December 16`` or ``**Date**: December 16``.

    Return None for any other line, and for one with a planned time, which belongs to an agenda.

    >>> from cafe_site.notes.dialect import markdown
    >>> from cafe_site.vocabulary import vocabulary
    >>> found = detail(markdown().parseInline("**Host:** Ada")[0], vocabulary())
    >>> plain_text(found.key), plain_text(found.value)
    ('Host', 'Ada')
    """
    children = [token for token in inline.children or () if token.type != "text" or token.content]
    end = next((i for i, t in enumerate(children) if t.type == "strong_close"), 0)
    if not end or children[0].type != "strong_open":
        return None
    key, value = children[1:end], children[end + 1 :]
    if key[-1].type == "text" and key[-1].content.endswith(":"):
        key[-1] = text_token(key[-1].content.rstrip(": "))
    elif value and value[0].type == "text" and value[0].content.startswith(":"):
        value[0] = text_token(value[0].content[1:])
    else:
        return None
    if value and value[0].type == "text":
        value[0] = text_token(value[0].content.lstrip())
    name = plain_text(key)
    if not re.search(r"\w", name) or len(name) > _MAX_KEY:
        return None
    if re.search(rf"[(\[]\s*{minutes_pattern(vocabulary)}", name, re.IGNORECASE):
        return None
    if any(token.type in ("softbreak", "hardbreak") for token in children):
        return None
    return Detail(tuple(key), tuple(value))


def mark(body: Sequence[Token], known: frozenset[str], vocabulary: Vocabulary) -> int | None:
    """Mark a meeting's details; return the number of their tokens, or None if there are none.

    The details are the list that a meeting begins with, if each item is one `detail`
    and at least one of them is filled in. The list's token has ``details`` in its `meta`,
    and that of each line its ``detail``.

    :param known: the `known_names` of the meeting; a list of what people say is an agenda
    """
    if not body or body[0].type != "bullet_list_open":
        return None
    end = closing(body, 0)
    found: list[tuple[Token, Detail]] = []
    # An item of one line is five tokens: the item, a paragraph, and their ends.
    for index in range(1, end, len(_ONE_LINE)):
        item = body[index : index + len(_ONE_LINE)]
        if [token.type for token in item] != list(_ONE_LINE) or "checked" in item[0].meta:
            return None
        line = detail(item[2], vocabulary)
        if line is None or any(map(is_hidden, line.key)):
            return None
        if label_of(item[2].children or (), plain_text(item[2].children), vocabulary) is not None:
            return None
        name = plain_text(line.key)
        if is_known(name, known) or is_known(name.split()[0], known):
            return None
        found.append((item[2], line))
    if not any(plain_text(line.value) for _, line in found):
        return None
    body[0].meta["details"] = True
    for inline, line in found:
        inline.meta["detail"] = line
    return end + 1


def tags(body: Sequence[Token]) -> tuple[str, ...]:
    """Return the tags of a meeting's ``**Tags:** a, b`` line."""
    for token in body:
        if token.type == "inline" and "tags" in token.content.lower():
            match = _TAGS.match(plain_text(token.children))
            if match:
                return split_tags(match["tags"])
    return ()
