"""The parts of a meeting's notes: its sections and lists."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cafe_site.notes.anchors import slug
from cafe_site.notes.dialect import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

# Headings that name a part of a meeting, not a topic.
_BOILERPLATE = re.compile(
    r"""(?:
      check-in | sign-in | roll-call | attendees | attendance | participants | present | people
    | who-is-here | who-s-here | introductions? | introduce-yourself | ice-?breakers?
    | ice-breaker-question | celebrations(?:-and)?(?:-shout-?outs?)? | shout-?outs?
    | reports(?:-and-celebrations)? | thanks | news | announcements | quick-updates? | updates
    | agenda(?:-items?)? | notes | discussions? | discussion-notes | minutes | links(?:-shared)?
    | actions? | action-items | next-actions | next-steps | decisions? | outcomes?
    | details | (?:\w+-){0,6}(?:team|weekly|monthly|community|hpc)-(?:meeting|report)(?:-\w+){0,2}
    | meeting-details | welcome.* | opening | closing | other | misc | any-other-business
    | breakout-rooms? | breakouts? | breakout-room-and-agenda-item-suggestions
    | (?:breakout-)?room-\d+ | main-room | questions?
    )""",
    re.VERBOSE,
)


def is_boilerplate(heading: str) -> bool:
    """Return whether a heading names a part of every meeting, such as *Check-in*.

    >>> is_boilerplate("Agenda 🕑"), is_boilerplate("Roadmap")
    (True, False)
    """
    return not (name := slug(heading)) or _BOILERPLATE.fullmatch(name) is not None


def sections(body: Sequence[Token]) -> Iterator[tuple[Token | None, str, Sequence[Token]]]:
    """Yield the token that opens each section's heading, its text, and the tokens below it."""
    starts = [i for i, t in enumerate(body) if t.type == "heading_open" and t.level == 0]
    if not starts or starts[0] > 0:
        yield None, "", body[: starts[0] if starts else len(body)]
    for start, end in zip(starts, [*starts[1:], len(body)], strict=False):
        yield body[start], plain_text(body[start + 1].children), body[start + 3 : end]


def list_items(tokens: Sequence[Token], level: int) -> Iterator[tuple[Token, Token]]:
    """Yield the token that opens each list item at a level, and the item's first line."""
    for index, token in enumerate(tokens):
        if (
            token.type == "list_item_open"
            and token.level == level + 1
            and tokens[index + 1].type == "paragraph_open"
        ):
            yield token, tokens[index + 2]


def closing(tokens: Sequence[Token], index: int) -> int:
    level = tokens[index].level
    return next(
        i
        for i in range(index + 1, len(tokens))
        if tokens[i].level == level and tokens[i].nesting < 0
    )
