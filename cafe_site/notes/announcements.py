"""Recognize the headings, labels and sentences that announce a list of people."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from cafe_site.notes.names import words_of
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from cafe_site.vocabulary import Vocabulary

PRESENT, ABSENT, MEMBERS = "attendees", "absent", "members"
"""The kinds of lists of people, by their words in the vocabulary."""
LONGEST_LABEL = 60
"""A label is a few words, not a sentence; in characters."""
_MOST_WORDS = 5


def announced(text: str, vocabulary: Vocabulary, *, whole: bool = False) -> str | None:
    """Return the kind of list of people that a heading or a label announces, if any.

    It consists of words of the vocabulary, or ends in them: *Attendees (12)*, *Board members
    present*. Remarks in brackets, numbers, emoji and what follows a dash do not count.

    :param whole: whether no words may precede: *Sprint check-in* may be about a sprint

    >>> from cafe_site.vocabulary import vocabulary
    >>> [announced(t, vocabulary()) for t in ("👥 Attendees (12):", "Board members present")]
    ['attendees', 'attendees']
    """
    if len(text) > 4 * LONGEST_LABEL:
        return None
    # "Présent(e)s", and HTML, which is text in notes
    text = re.sub(r"<[^<>]*>|(?<=\w)\((\w{1,5})\)", r"\1", text)
    text = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|\d+", " ", text)
    text = re.split(r"\s[-–—]\s|:\s", text.strip())[0]
    found = {_kind(part, vocabulary, whole) for part in _parts(vocabulary).split(text)}
    found.add(_kind(text, vocabulary, whole) if found == {None} else None)
    return next((kind for kind in (PRESENT, ABSENT, MEMBERS) if kind in found), None)


def _kind(text: str, vocabulary: Vocabulary, whole: bool) -> str | None:
    words = folded(text).split()
    if len(words) > _MOST_WORDS:
        return None
    if _last_words(vocabulary).isdisjoint(words):
        return _misspelled(vocabulary).get(" ".join(words))
    for first in range(1 if whole else len(words)):
        tail = " ".join(words[first:])
        for kind in (ABSENT, PRESENT, MEMBERS) if first == 0 else (ABSENT, PRESENT):
            if vocabulary.has(kind, tail):
                return kind
    return _with_circumstances(words, vocabulary)


def _with_circumstances(words: list[str], vocabulary: Vocabulary) -> str | None:
    """Return what words announce that go on to say when or where: *present on Monday*."""
    has = vocabulary.has
    if any(has("other_date", word) and not has("where", word) for word in words):
        return None  # "Participants in the next meeting"
    for last in range(1, min(len(words), 4)):
        first, behind = " ".join(words[:last]), words[last:]
        if not any(has("where", " ".join(behind[:n])) for n in (1, 2)):
            continue
        for kind in (ABSENT, PRESENT):
            if has(kind, first):
                return kind
    return None


@functools.lru_cache(maxsize=16)
def _last_words(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the last words of all that announce people, to skip other texts quickly."""
    known = (word for kind in (PRESENT, ABSENT, MEMBERS) for word in vocabulary.words[kind])
    # A word of a community may consist of symbols only.
    return frozenset(words[-1] for word in known if (words := folded(word).split()))


@functools.lru_cache(maxsize=16)
def _misspelled(vocabulary: Vocabulary) -> dict[str, str]:
    """Return the kind for each long word that lacks a letter: *Atendees*."""
    return {
        word[:place] + word[place + 1 :]: kind
        for kind in (ABSENT, PRESENT)
        for word in map(folded, vocabulary.words[kind])
        if " " not in word and len(word) > 7
        for place in range(1, len(word) - 1)
    }


def may_announce(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a text contains a word that announces people."""
    return not _last_words(vocabulary).isdisjoint(words_of(text))


@functools.lru_cache(maxsize=16)
def _parts(vocabulary: Vocabulary) -> re.Pattern[str]:
    return re.compile(rf"\s(?:{vocabulary.pattern('and')}|&)\s|[,/|]", re.IGNORECASE)


def calls_the_roll(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a sentence asks people to sign in, or says that they have.

    >>> from cafe_site.vocabulary import vocabulary
    >>> [calls_the_roll(t, vocabulary()) for t in ("Please sign in below", "The design in 2025")]
    [True, False]
    """
    words = f" {folded(text)} "
    phrases = (folded(word) for word in vocabulary.words[PRESENT])
    return any(" " in phrase and f" {phrase} " in words for phrase in phrases)
