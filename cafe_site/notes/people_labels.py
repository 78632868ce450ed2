"""Read the labels in front of people in a line: ``Present: Ada, Bob. Regrets: Carl``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cafe_site.notes.announcements import LONGEST_LABEL, announced
from cafe_site.notes.inline_text import EDGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cafe_site.vocabulary import Vocabulary

LABEL = re.compile(r"(?P<label>[^:：\n]{1,60}?)(?:\s?(?P<colon>[:：])(?!/)|\s(?:[-–—→=]|[-=]>)\s)")
_INNER_LABEL = re.compile(
    rf"[;|.,]?\s{{1,3}}(?P<start>{EDGE}{{0,2}}(?P<label>[^\W\d_][^:：;|,.\n{EDGE}]{{1,40}}){EDGE}?\s?[:：])"
)


def at_labels(
    text: str, first: int, last: int, vocabulary: Vocabulary
) -> Iterator[tuple[int, int]]:
    """Yield a line in parts if it has more than one label: ``Present: … Regrets: …``."""
    for label in _INNER_LABEL.finditer(text, first + 1, last):
        # "Not attending: …" has one label only.
        begins = label["start"] != label[0].lstrip() or text.find(":", first, label.start()) >= 0
        if begins and announced(label["label"], vocabulary, whole=True):
            yield first, label.start()
            first = label.start("start")
    yield first, last


def read_label(
    text: str, first: int, last: int, vocabulary: Vocabulary, *, whole: bool
) -> tuple[str | None, int, bool]:
    """Read the label that a line begins with.

    Return what it announces, where it ends, and whether it is a label of something else.
    """
    label = LABEL.match(text, first, last)
    if label:
        title, behind = label["label"].replace(EDGE, "").strip(), label.end()
        kind = announced(title, vocabulary)
        other = label["colon"] and not kind and not vocabulary.has("roles", title)
        if kind or other or label["colon"]:
            return kind, behind, bool(other)
    if text.startswith(EDGE, first):
        # "**Present** Ada and Bob"
        end = text.find(EDGE, first + 1, min(last, first + LONGEST_LABEL))
        if end > 0 and (kind := announced(text[first + 1 : end], vocabulary)):
            return kind, end, False
    line = text[first:last].replace(EDGE, "").strip()
    if len(line) <= LONGEST_LABEL:
        kind = announced(line, vocabulary, whole=whole)
        return kind, last if kind else first, False
    return None, first, False
