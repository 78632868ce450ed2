"""Outcomes of a meeting: its decisions and action items."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import HANDLE, hidden_word, is_hidden, plain_text
from cafe_site.notes.model import Outcome
from cafe_site.notes.references import with_anchors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

_WORD = (
    r"(?P<decision>decisions?|decided|agreed|agreement|resolution|resolved)"
    r"|(?P<action>action\s+items?|actions?|todos?|to-do)"
)
# The word alone could begin any sentence, so it needs a colon, a dash, a name in brackets
# or a handle after it, or brackets around it.
_MARKED = re.compile(
    rf"(?P<bracket>[\[(])?(?:{_WORD})\b(?(bracket)[\])])"
    r"(?:\s*[(\[](?P<owner>[^()\[\]]{1,60})[)\]])?"
    r"(?P<mark>\s*[:–—]|\s+-\s|\s+(?=@))?\s*(?P<text>.*)",
    re.IGNORECASE | re.DOTALL,
)
_VERB = re.compile(
    r"(?:decided|agreed|resolved)\s+(?:to|on|that|not|by|upon|against|in)\b", re.IGNORECASE
)
_BOX = re.compile(r"\[(?P<done>[ xX])\]\s+")


def outcomes(body: Sequence[Token], anchor: str) -> tuple[Outcome, ...]:
    """Return the decisions and actions of a meeting, in the order of its notes.

    Each is a line that begins with a word such as *Decision*, *Agreed*, *Action* or *TODO*,
    with or without bold, brackets, a name, or a task checkbox.
    A list item with only the word makes each item of the list directly below it an outcome.

    :param anchor: the meeting's own anchor
    """
    return tuple(_outcomes(body, anchor))


def _outcomes(body: Sequence[Token], anchor: str) -> Iterator[Outcome]:
    # Whether each open list item is checked, from the outside in.
    items: list[bool] = []
    # The kind of outcome that the items of a list are, and their depth.
    listed: tuple[str, int] | None = None
    in_heading = False
    for place, token in with_anchors(body, anchor):
        if token.type in ("heading_open", "heading_close"):
            in_heading = token.type == "heading_open"
        elif token.type == "list_item_open":
            items.append(bool(token.meta.get("checked")))
        elif token.type == "list_item_close":
            items.pop()
            if listed and len(items) < listed[1] - 1:
                listed = None
        elif token.type == "inline" and token.children and not in_heading:
            done = bool(items) and items[-1]
            for number, (breaks, line) in enumerate(_lines(token.children)):
                found = parse_line(line, place, done=done)
                if found is None and number == 0 and listed and len(items) == listed[1]:
                    text = plain_text(line)
                    found = Outcome(listed[0], text, place, done or _struck(line), _owner(text))
                if found is not None and found.text:
                    yield replace(found, line=token.map[0] + breaks + 1 if token.map else 0)
                elif found is not None and items:
                    listed = (found.kind, len(items) + 1)


def parse_line(line: Sequence[Token], anchor: str = "", *, done: bool = False) -> Outcome | None:
    """Read one line of inline tokens; return None if it is not an outcome.

    >>> from cafe_site.notes.dialect import markdown
    >>> found = parse_line(markdown().parseInline("**Action:** @ada punches cards")[0].children)
    >>> found.kind, found.text, found.owner
    ('action', '@ada punches cards', 'ada')
    """
    if line and line[0].type == "code_inline":
        return None
    text = plain_text(line)
    box = _BOX.match(text)
    if box is not None:
        text = text[box.end() :]
        done = done or box["done"] in "xX"
    done = done or _struck(line)
    if _VERB.match(text):
        return Outcome("decision", text, anchor)
    match = _MARKED.match(text)
    if match is None:
        return None
    word = match["decision"] or match["action"]
    marked = match["mark"] or match["bracket"] or match["owner"] or not match["text"]
    if not marked and word != "TODO" and _bold(line).lower() != word.lower():
        return None
    words = match["text"].strip()
    if match["decision"]:
        return Outcome("decision", words, anchor)
    owner = (match["owner"] or "").strip().lstrip("@") or _owner(words) or _bold_name(line, words)
    if owner == hidden_word() and any(map(is_hidden, line)):
        owner = None
    return Outcome("action", words, anchor, done, owner)


def _lines(children: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
    """Yield the first line and each that is an outcome, with its continuation lines.

    Each comes with its number.
    """
    line: list[Token] = []
    start = first = 0
    ends = [i for i, token in enumerate(children) if token.type in ("softbreak", "hardbreak")]
    for number, end in enumerate([*ends, len(children)]):
        below = children[start:end]
        if line and parse_line(below) is not None:
            yield first, line
            line, first = [], number
        # With the line break, so that the words around it stay apart.
        line.extend(children[start - 1 : end] if line else below)
        start = end + 1
    yield first, line


def _bold(line: Sequence[Token]) -> str:
    """Return the bold words that a line begins with."""
    tokens = [token for token in line if token.type != "text" or token.content]
    if not tokens or tokens[0].type != "strong_open":
        return ""
    end = next((i for i, token in enumerate(tokens) if token.type == "strong_close"), 0)
    return plain_text(tokens[1:end])


def _struck(line: Sequence[Token]) -> bool:
    """Return whether a whole line is struck through."""
    tokens = [token for token in line if token.type != "text" or token.content.strip()]
    return (
        len(tokens) > 2
        and tokens[0].type == "s_open"
        and tokens[-1].type == "s_close"
        and sum(token.type == "s_open" for token in tokens) == 1
    )


def _owner(text: str) -> str | None:
    """Return the first handle in a text."""
    match = HANDLE.search(text)
    return match[1] if match else None


def _bold_name(line: Sequence[Token], text: str) -> str | None:
    """Return the bold name that an action's text begins with."""
    for index, token in enumerate(line):
        if token.type == "strong_open" and index + 1 < len(line):
            name = line[index + 1].content.strip(" :")
            if name and text.startswith(name) and len(name.split()) <= 3:
                return name
    return None
