"""The details that a meeting's notes begin with, such as its date and host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.agenda import MINUTES
from cafe_site.notes.dialect import is_hidden, plain_text, text_token
from cafe_site.notes.frontmatter import split_tags
from cafe_site.notes.outcome_lines import label_of
from cafe_site.notes.outline import closing

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


def detail(inline: Token) -> Detail | None:
    """Read a line such as ``**Date:** December 16`` or ``**Date**: December 16``.

    Return None for any other line, and for one with a planned time, which belongs to an agenda.

    >>> from cafe_site.notes.dialect import markdown
    >>> found = detail(markdown().parseInline("**Host:** Ada")[0])
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
    if not re.search(r"\w", name) or len(name) > _MAX_KEY or re.search(rf"[(\[]{MINUTES}", name):
        return None
    if any(token.type in ("softbreak", "hardbreak") for token in children):
        return None
    return Detail(tuple(key), tuple(value))


def details(
    body: Sequence[Token], words: Vocabulary, names: frozenset[str] = frozenset()
) -> int | None:
    """Return the number of tokens of a meeting's details, or None if it has none.

    The details are the list that a meeting begins with, if each item is one `detail`,
    none is a decision or an action, and at least one of them is filled in.

    :param names: the lowercase names of the attendees; a list of what they say is an agenda
    """
    if not body or body[0].type != "bullet_list_open":
        return None
    end = closing(body, 0)
    filled = False
    # An item of one line is five tokens: the item, a paragraph, and their ends.
    for index in range(1, end, len(_ONE_LINE)):
        item = body[index : index + len(_ONE_LINE)]
        if [token.type for token in item] != list(_ONE_LINE) or "checked" in item[0].meta:
            return None
        found = detail(item[2])
        if found is None or any(map(is_hidden, found.key)):
            return None
        if label_of(item[2].children or (), plain_text(item[2].children), words) is not None:
            return None
        if set(plain_text(found.key).lower().split()[:1]) & names:
            return None
        filled = filled or bool(plain_text(found.value))
    return end + 1 if filled else None


def tags(body: Sequence[Token]) -> tuple[str, ...]:
    """Return the tags of a meeting's ``**Tags:** a, b`` line."""
    for token in body:
        if token.type == "inline" and "tags" in token.content.lower():
            match = _TAGS.match(plain_text(token.children))
            if match:
                return split_tags(match["tags"])
    return ()
