"""Anchors: the URL fragments of meetings and their parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import plain_text
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token


def slug(text: str, words: int = 8) -> str:
    """Return a text as part of an anchor: lowercase letters and digits joined by hyphens.

    Accents are dropped and letters of other scripts kept.
    Only the first *words* words are used, to keep anchors readable.

    >>> slug("Celebrations and Shout-Outs 🎉")
    'celebrations-and-shout-outs'
    >>> slug("Café")
    'cafe'
    """
    parts = [part[:40] for part in folded(text).split()]
    return "-".join(parts[:words])


# The form of `MeetingDate.iso`: reserved for the anchors of meetings.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?")


class Anchors:
    """The anchors of a page, each assigned once.

    A bare date is reserved for the meeting of that day, even if there is none yet,
    so that a heading *16* below ``2025-12`` never has to make way for it.
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __contains__(self, anchor: str) -> bool:
        return anchor in self._numbers or _DATE.fullmatch(anchor) is not None

    def add(self, anchor: str) -> str:
        """Take an anchor and return it, with a number appended if it is already taken."""
        free = anchor
        while free in self:
            self._numbers[anchor] = self._numbers.get(anchor, 1) + 1
            free = f"{anchor}-{self._numbers[anchor]}"
        self._numbers[free] = 1
        return free


def name_headings(tokens: Sequence[Token], prefix: str, taken: Anchors, *, above: int) -> None:
    """Give each heading below a meeting its anchor and its level.

    The anchor is the meeting's plus the slugs of the enclosing headings and its own,
    so it does not depend on other meetings; if the same path occurs again,
    the words below the heading distinguish the two.
    All levels are shifted until the highest is below the meeting's own,
    so ``## Agenda`` after ``## 2024-05-22`` belongs to the meeting.
    """
    headings = [i for i, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0]
    levels = [int(tokens[index].tag[1]) for index in headings]
    down = max(0, above + 1 - min(levels, default=7))
    path: list[tuple[int, str]] = []
    for index, level in zip(headings, levels, strict=True):
        while path and path[-1][0] >= level:
            path.pop()
        parent = path[-1][1] if path else prefix
        words = slug(plain_text(tokens[index + 1].children)) or "section"
        anchor = f"{parent}-{words}"
        if anchor in taken and (more := slug(first_text(tokens, index + 3), words=4)):
            anchor = f"{anchor}-{more}"
        anchor = taken.add(anchor)
        path.append((level, anchor))
        tokens[index].meta.update(id=anchor, level=level + down)


def first_text(tokens: Sequence[Token], start: int = 0) -> str:
    """Return the text of the first paragraph, list item or code block before the next heading."""
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.type == "heading_open":
            break
        if token.type == "inline" and (text := plain_text(token.children)):
            return text
        if token.type == "fence" and token.content.strip():
            return token.content
    return ""
