"""The parts of a meeting that its headings divide it into, and the anchors of its places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cafe_site.notes.dialect import plain_text
from cafe_site.notes.outcome_lines import mentions_outcomes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

AGENDA, CELEBRATIONS, INTRODUCTIONS = "agenda", "celebrations", "introductions"
PARTS = (AGENDA, CELEBRATIONS, INTRODUCTIONS)
"""The names of the parts; all that is neither of the others counts as the agenda."""


def in_parts(
    body: Sequence[Token], anchor: str, words: Vocabulary
) -> Iterator[tuple[str, str, Token]]:
    """Yield the tokens of a meeting with the closest anchor above each, and its part.

    A part ends at the next heading that is not below its own.

    :param anchor: the meeting's own anchor
    """
    section = place = anchor
    part, top = AGENDA, 7
    for index, token in enumerate(body):
        if token.type == "heading_open" and token.level == 0:
            level, title = int(token.tag[1]), plain_text(body[index + 1].children)
            found = part_of(title, words)
            if (
                found != AGENDA
                or level <= top
                or words.has("agenda", title)
                or words.has("notes", title)
            ):
                part, top = found, level if found != AGENDA else 7
        if token.type == "heading_open" and "id" in token.meta:
            section = place = token.meta["id"]
        elif token.type == "list_item_open" and token.level == 1:
            place = token.meta.get("id", section)
        elif token.type.endswith("_list_close") and token.level == 0:
            place = section
        yield place, part, token


def part_of(title: str, words: Vocabulary) -> str:
    """Return the part of a meeting that a heading begins.

    >>> from cafe_site.vocabulary import vocabulary
    >>> part_of("Reports and celebrations 🎉", vocabulary())
    'celebrations'
    """
    if words.has("celebrations", title):
        return CELEBRATIONS
    # *Check in on action items* is about what was agreed.
    introduced = words.has("introductions", title) and not mentions_outcomes(title, words)
    if introduced or words.has("attendees", title):
        return INTRODUCTIONS
    return AGENDA
