"""How to show who leads an agenda item, at the start of its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.agenda import NAMED, lead
from cafe_site.notes.dialect import text_token
from cafe_site.notes.lines import text_of
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class LeadWords:
    """How to show the first line of a list item that begins with a mark of who leads it."""

    speaker: str
    minutes: str | None
    colon: bool
    rest: tuple[Token, ...]
    """The tokens after the mark."""


def mark_leads(body: Sequence[Token], known: frozenset[str], vocabulary: Vocabulary) -> None:
    """Store what begins the list items that somebody leads, to be shown as such.

    The tokens of their first lines get a `LeadWords` as ``lead`` in their `meta`, if all
    that it replaces is HackMD's mark or begins in bold.
    """
    for index, token in enumerate(body):
        if token.type != "paragraph_open" or not index or body[index - 1].type != "list_item_open":
            continue
        inline = body[index + 1]
        children = [t for t in inline.children or () if t.type != "text" or t.content]
        if not children or not (
            children[0].type == "strong_open" or NAMED.match(children[0].content)
        ):
            continue
        found = lead(inline, known, vocabulary)
        rest = _after(children, found.end)
        if rest is None or not found.end:
            continue
        # Nothing may get lost.
        before = re.sub(r"\[(?:name|time)=", " ", text_of(children)[: found.end])
        if sorted(folded(before).split()) == sorted(
            folded(f"{found.written} {found.minutes or ''}").split()
        ):
            inline.meta["lead"] = LeadWords(found.written, found.minutes, found.colon, tuple(rest))


def _after(children: Sequence[Token], end: int) -> list[Token] | None:
    """Return the tokens after some characters of plain or bold text; None for other tokens."""
    rest = list(children)
    while rest and (end or rest[0].type == "strong_close"):
        token = rest.pop(0)
        if token.type == "text":
            if len(token.content) > end:
                rest.insert(0, text_token(token.content[end:]))
            end = max(0, end - len(token.content))
        elif token.type not in ("strong_open", "strong_close"):
            return None
    depth = 0
    for token in rest:
        depth += token.nesting
        if depth < 0:
            return None
    return rest
