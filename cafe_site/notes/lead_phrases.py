"""The words that say who leads an agenda item: *led by Ada*, *Ada presenting*."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.speakers import is_known, names_in

if TYPE_CHECKING:
    from cafe_site.vocabulary import Vocabulary

_END = 90
"""The number of characters at the end of a line where names may be."""


@dataclass(frozen=True, slots=True)
class LeadPhrases:
    """Regular expressions for the words next to the names of those who lead an item."""

    led_by: re.Pattern[str]
    by: re.Pattern[str]
    before: re.Pattern[str]
    """Either of these, at the start of a text."""
    presents: re.Pattern[str]
    """At the end of a text."""
    about: re.Pattern[str]
    assigned: re.Pattern[str]


@functools.lru_cache(maxsize=16)
def lead_phrases(vocabulary: Vocabulary) -> LeadPhrases:
    """Return the regular expressions for the words of a vocabulary."""
    led_by, by = vocabulary.pattern("led_by"), vocabulary.pattern("by")

    def pattern(text: str) -> re.Pattern[str]:
        return re.compile(text, re.IGNORECASE)

    return LeadPhrases(
        pattern(rf"(?<!\w){led_by}:?\s+"),
        pattern(rf"(?<!\w){by}\s+"),
        pattern(rf"(?:{led_by}|{by}):?\s+"),
        pattern(rf"\s+{vocabulary.pattern('presents')}\.?$"),
        pattern(rf"{vocabulary.pattern('about')}\b:?\s*"),
        pattern(rf"(?:{vocabulary.pattern('assigned')}|{vocabulary.pattern('and')})\b"),
    )


def without_phrases(text: str, vocabulary: Vocabulary) -> str:
    """Return names without the words that say that these people lead something.

    >>> from cafe_site.vocabulary import vocabulary
    >>> without_phrases("led by Ada", vocabulary())
    'Ada'
    """
    phrases = lead_phrases(vocabulary)
    text = phrases.before.sub("", text, count=1) if phrases.before.match(text) else text
    return phrases.presents.sub("", text)


def names_after(
    line: str, begin: int, known: frozenset[str], vocabulary: Vocabulary
) -> tuple[str, int] | None:
    """Return the names after words such as *led by* at the end of a line, and where these begin.

    The names are handles, known, or capitalized after words that only a person can follow.
    """
    phrases = lead_phrases(vocabulary)
    first = max(begin, len(line) - _END)
    for pattern in (phrases.led_by, phrases.by):
        for match in pattern.finditer(line, first):
            written = line[match.end() :].strip()
            names = names_in(written, vocabulary)
            if names and (
                all(name.startswith("@") or is_known(name, known) for name in names)
                or (pattern is phrases.led_by and all(map(_is_capitalized, names)))
            ):
                return written, match.start()
    return None


def _is_capitalized(name: str) -> bool:
    return all(word[0].isupper() for word in name.lstrip("@").split())
