"""Detect whether a meeting's notes say that it was canceled.

The words alone are not enough: *How we cancelled our GKE account* is a topic. It has to be the
meeting that is canceled, so a title or sentence counts if all of it, up to a reason, is one of:

- ``Canceled``, ``Called off``, ``Skipped``, or with a reason: ``Canceled due to the holidays``
- ``No meeting``, ``There was no meeting this week``
- ``The meeting was canceled``, ``Community call did not take place``: the subject is this meeting,
  not the next or last one, or one on another day
- ``We canceled this meeting``, ``We did not meet``

In other languages, whose words are in the `Vocabulary`, it is a short sentence that begins with
one of them, or has a word for a meeting before it: *Abgesagt*, *Das Treffen wurde abgesagt*.

In a title, it may also be in brackets, or before the first or after the last colon, dash, or
similar mark; and a title may begin or end with ``CANCELED`` in capitals.
Anything else is not a cancellation: when in doubt, the meeting took place.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import plain_text
from cafe_site.notes.outline import closing
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

_ONE = r"(?:meeting|call|caf[eé]|session|sync|meet-?up|gathering|stand-?up|office hours)"
_MEETING = rf"(?:{_ONE}s?)"
# Any of these words makes it another meeting, or another subject.
_OTHER = (
    r"(?:next|last|previous|prior|following|upcoming|past|future|other|another|first|second|every"
    r"|some|all|most|many|no|a|an|each|any|if|when|why|how|what|whether|about|with|of|for|from"
    r"|(?:yesterday|tomorrow)['’]s|\w*\d[\w-]*)"
)
_NAME = rf"(?:(?!(?:{_OTHER}|the|this|that|our|today['’]s|was|is)\b)[\w'’&/-]+\s+){{0,3}}?"
_THIS = (
    r"(?:the|this|that|our|today['’]s|tonight['’]s"
    r"|(?:the|this)\s+(?:week|month|fortnight|year|quarter|morning|evening)['’]s)\s+"
)
_SUBJECT = rf"(?:(?:{_THIS})?{_NAME}{_ONE}|it)"
_BE = r"(?:was|is|has been|had been|had to be|has to be|will be|got|gets|were|are|is being)"
_HOW = r"(?:unfortunately|sadly|also|again|therefore|thus|hence|regrettably)"
_DONE = r"(?:cancell?ed|called off|skipped)"
_NOT = (
    r"(?:(?:did not|didn['’]t|does not|will not|won['’]t)\s+(?:take place|happen|occur)"
    r"|(?:was|is|were)\s*(?:not|n['’]t)\s+held)"
)
_TIME = (
    r"(?:today|tonight|this\s+(?:time|week|month|year|quarter|morning|evening|one|summer|winter))"
)
# What may follow: the end, a reason or a time, but no object of the verb.
_REST = (
    r"(?=\s*(?:$|[^\w\s'’-]|-\s)|\s+(?:due|because|as|since|for|owing|and|but|so|by|until|during|over"
    rf"|again|on\s+(?:account|short|behalf|holiday|vacation)|at\s+(?:the\s+last|short)|{_TIME})\b)"
)
_BARE_REST = _REST.replace("|by|", "|")
# An introduction to the sentence: "Unfortunately,", "Due to the holidays,", "Today".
_LEAD = (
    rf"(?:(?:(?:{_HOW}|sorry|note|notice|update|fyi|heads[- ]up|edit|nb|hi all|status)\b"
    r"[\s:,!–—-]*"
    rf"|(?:due to|because of|owing to|given|as|since|on account of|with)\b[^,:;]{{1,80}},\s*"
    rf"|{_TIME}\b[\s:,–—-]*)*)"
)
_STATEMENT = re.compile(
    rf"\W*{_LEAD}(?:"
    rf"(?:{_BE}\s+)?{_DONE}(?:\s+(?:this|the|today['’]s|our)?\s*{_ONE}(?=\W*$))?{_BARE_REST}"
    rf"|{_NOT}{_REST}"
    rf"|(?:there\s+(?:was|is|will be)\s+|we\s+(?:had|have)\s+)?no\s+{_NAME}{_MEETING}"
    rf"(?:\s+(?:was|is|will be|took|took place|happened)(?:\s+(?:held|place))?)?{_REST}"
    rf"|{_SUBJECT}\s+(?:{_HOW}\s+)?(?:{_BE}\s+(?:{_HOW}\s+)?{_DONE}{_REST}"
    rf"|{_DONE}{_BARE_REST}|{_NOT}{_REST})"
    rf"|(?:we|i)\s+(?:have\s+|had\s+to\s+)?(?:cancel(?:l?ed)?|called? off|skip(?:ped)?)"
    rf"(?:\s+(?:{_THIS}){_NAME}{_ONE}|\s+{_TIME}|\s+it)?{_BARE_REST}"
    rf"|we\s+(?:did not|didn['’]t)\s+meet{_REST}"
    r")",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"\W*CANCELL?ED\b|.*\bCANCELL?ED\W*$")
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
_MARKS = re.compile(r"\s*(?:[:;,|•·–—!.]|\s[-/]|^[-/])(?:\s+|$)")
_MOST_WORDS = 10
"""A longer sentence is about more than that the meeting did not take place."""
_LONGEST = 300
"""The number of characters to check; cancellations are short."""


def is_canceled(title: str, body: Sequence[Token], words: Vocabulary) -> bool:
    """Return whether a meeting was canceled.

    Its title says so, or the first sentence of its text does and there are neither headings
    nor lists other than the details, which would be the notes of a meeting that took place.
    """
    if title_says_so(title, words):
        return True
    if body and "details" in body[0].meta:
        body = body[closing(body, 0) + 1 :]
    if any(t.type in ("heading_open", "bullet_list_open", "ordered_list_open") for t in body):
        return False
    text = next((plain_text(t.children) for t in body if t.type == "inline"), "")
    return text_says_so(text, words)


def title_says_so(title: str, words: Vocabulary) -> bool:
    """Return whether the title of a meeting says that it did not take place.

    >>> from cafe_site.vocabulary import vocabulary
    >>> titles = "(canceled)", "No meeting: holidays", "Sync – canceled", "Treffen abgesagt"
    >>> [title_says_so(one, vocabulary("de")) for one in titles]
    [True, True, True, True]
    >>> title_says_so("How we canceled our account", vocabulary("en"))
    False
    """
    title = title[:_LONGEST]
    if title != title.upper() and _CAPITALS.match(title):
        return True
    if any(sentence_says_so(part, words) for part in _BRACKETS.findall(title)):
        return True
    parts = [part for part in _MARKS.split(_BRACKETS.sub(" ", title)) if part.strip()]
    return any(sentence_says_so(part, words) for part in [title, *parts[:1], *parts[-1:]])


def sentence_says_so(sentence: str, words: Vocabulary) -> bool:
    """Return whether a sentence says that the meeting it is about did not take place.

    >>> from cafe_site.vocabulary import vocabulary
    >>> sentence_says_so("This meeting was canceled because of the holidays", vocabulary("en"))
    True
    >>> sentence_says_so("We talked about the canceled release", vocabulary("en"))
    False
    """
    sentence = sentence[:_LONGEST].strip()
    return _STATEMENT.match(sentence) is not None or _says_so_in_other_words(sentence, words)


def _says_so_in_other_words(sentence: str, words: Vocabulary) -> bool:
    text = f" {folded(sentence)} "
    if text.count(" ") > _MOST_WORDS + 1 or sentence.endswith("?"):
        return False
    for phrase in words.words["canceled"]:
        before, found, _ = text.partition(f" {folded(phrase)} ")
        if found:
            names = before.split()
            about_another = any(words.has("other_date", name) for name in names)
            named = not names or any(words.has("meeting", name) for name in names)
            if named and not about_another:
                return True
    return False


def text_says_so(text: str, words: Vocabulary) -> bool:
    """Return whether the first sentence of a text says that the meeting did not take place."""
    return sentence_says_so(re.split(r"[.!?](?:\s|$)", text, maxsplit=1)[0], words)
