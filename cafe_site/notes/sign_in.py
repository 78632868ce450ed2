"""The lines with which people sign in: their text and their parts."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import is_hidden
from cafe_site.notes.names import words_of
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

# Not in a mail address or an affiliation such as Lab@Town; unlike in text, "/" only separates.
HANDLE = re.compile(
    r"(?<![\w.+])@(?P<handle>[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38})(?![\w]|-\w|\.\w)"
)
# Not the first word of a name, as in "@Ada Lovelace".
HANDLE_AT_END = re.compile(rf"{HANDLE.pattern}(?=\s*(?:[^\w\s]|$)).*")
# A word that begins with a digit is more likely an institution, such as 2i2c.
BARE_HANDLE = re.compile(r"[A-Za-z](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}")
PROFILE = re.compile(
    r"(?:https?://)?(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org)/@?"
    r"(?P<handle>[a-z0-9][a-z0-9-]{0,38})/?(?:[?#].*)?",
    re.IGNORECASE,
)
MAIL = re.compile(r"<?(?:mailto:)?[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,200}>?")
BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]=]*)\]|<([^<>]*)>")
# Pronouns without brackets: short words with slashes between them.
PRONOUNS = re.compile(
    r",?\s*(?<![\w/@.-])(?:(?:she|he|they|xe|ze|any)/(?:her|him|them|they|she|he|xem|zir|any)s?\b"
    r"(?:/\w+)*|(?<=[\w,] )(?-i:[a-zà-ÿ]{1,4}/[a-zà-ÿ]{2,5}(?:/[a-zà-ÿ]{1,5})?)(?![\w/]))",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"</?(?:ul|ol|li|p|div|span|b|i|u|em|strong|small|font)(?:\s[^<>]*)?>", re.IGNORECASE
)
_DASH = re.compile(r"\s[-–—]+\s|\s[–—]|[–—]\s")
_SEPARATOR = re.compile(r"[/|\t\n]")
HIDDEN = "\x02"
"""Stands for the placeholder for a hidden person."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What the parts of the lines of a list are, counted from 0."""

    name: int = 0
    handle: int | None = None


def signed_text(tokens: Sequence[Token]) -> str:
    """Return the text of a line, with links to profiles as handles and without crossed-out words.

    >>> from cafe_site.notes.dialect import markdown
    >>> signed_text(markdown().parseInline("[Ada](https://github.com/ada-l), ~~Bob~~")[0].children)
    'Ada (@ada-l), '
    """
    parts: list[str] = []
    struck = opened = 0
    handle, bare = "", False
    for token in tokens:
        if token.type in ("s_open", "s_close"):
            struck += token.nesting
        elif struck:
            continue
        elif token.type == "link_open":
            profile = PROFILE.fullmatch(str(token.attrs.get("href", "")))
            handle, bare = profile["handle"] if profile else "", token.markup == "autolink"
            opened = len(parts)
        elif token.type == "link_close":
            text = "".join(parts[opened:])
            if bare or (handle and text.strip(" @").lower() == handle.lower()):
                del parts[opened:]
                parts.append(f"@{handle}" if handle else "")
            elif handle:
                parts.append(f" (@{handle})")
            handle, bare = "", False
        elif is_hidden(token):
            parts.append(HIDDEN)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type != "image":
            parts.append(token.content)
    # HTML is text in notes.
    return _TAG.sub("", "".join(parts))


def sign_in_parts(text: str) -> list[str]:
    """Return the parts of a line of a list of people, without pronouns and remarks.

    >>> sign_in_parts("Min (she/her) / @minrk | Simula")
    ['Min', '@minrk', 'Simula']
    """
    text = PRONOUNS.sub("", BRACKETS.sub("", text))
    separator = _SEPARATOR if _SEPARATOR.search(text) else _DASH
    return [part.strip() for part in separator.split(text)]


def template_columns(parts: Sequence[str], vocabulary: Vocabulary) -> Columns | None:
    """Return what the parts of lines are, if this is the line that tells people what to write."""
    own = [vocabulary.has("placeholders", part) for part in parts]
    if not own[0] and sum(own) < 2:
        return None
    return columns_of(parts, vocabulary)


def columns_of(parts: Sequence[str], vocabulary: Vocabulary) -> Columns:
    """Return what the parts of lines are, from what a template line or a header calls them.

    >>> from cafe_site.vocabulary import vocabulary
    >>> columns_of(["Affiliation", "Name", "GitHub ID"], vocabulary())
    Columns(name=1, handle=2)
    """
    words = [f" {folded(part)} " for part in parts]

    def first(key: str, default: int | None) -> int | None:
        known = [f" {folded(word)} " for word in vocabulary.words[key]]
        found = (i for i, part in enumerate(words) if any(word in part for word in known))
        return next(found, default)

    handle = first("handles", None)
    names = [i for i, part in enumerate(parts) if vocabulary.has("names", part)]
    name = next((i for i in names if i != handle), 0)
    return Columns(name if name != handle or len(parts) < 2 else 1 - min(name, 1), handle)


def columns_of_handles(lines: Iterable[Sequence[Token]], vocabulary: Vocabulary) -> Columns | None:
    """Return which parts of the lines of a list are handles, if most are in one place.

    At least two have an ``@`` or resemble the name, such as ``jdoe`` for Jane Doe.
    """
    places: dict[int, list[int]] = {}  # how many lines have it, and a handle, and surely one
    for tokens in lines:
        parts = sign_in_parts(signed_text(tokens))
        if template_columns(parts, vocabulary):
            continue
        for place, part in enumerate(parts[1:], 1):
            if part:
                sure = HANDLE.fullmatch(part) is not None
                bare = BARE_HANDLE.fullmatch(part) is not None
                alike = bare and resembles(part, parts[0])
                small = bare and (part.islower() or re.search(r"\d", part) is not None)
                counts = places.setdefault(place, [0, 0, 0])
                for index, counted in enumerate((True, sure or alike or small, sure or alike)):
                    counts[index] += counted
    found = [
        (sure, -place)
        for place, (lines_with, some, sure) in places.items()
        if sure > 1 and 2 * some > lines_with
    ]
    return Columns(handle=-max(found)[1]) if found else None


@functools.lru_cache(maxsize=16)
def joins_names(vocabulary: Vocabulary) -> re.Pattern[str]:
    return re.compile(rf"\s(?:{vocabulary.pattern('and')}|[&+])\s", re.IGNORECASE)


@functools.lru_cache(maxsize=16)
def _separators(vocabulary: Vocabulary) -> tuple[re.Pattern[str], ...]:
    # Bounded, so that a long run of spaces does not take quadratic time.
    space, some = r"\s{0,3}", r"\s{1,3}"
    word = rf"(?:{vocabulary.pattern('and')}|[&+])"
    breaks = rf"{space}<br\s?/?>{space}"
    return tuple(
        re.compile(marks, re.IGNORECASE)
        for marks in (
            rf"{space};{space}(?:{word}{some})?|{breaks}",
            rf"{space}[,、，·•]{space}(?:{word}{some})?|{some}{word}{some}|{breaks}",
            rf"{space}[|\t]{space}|{some}[/–—-]{some}",
        )
    )


def split_names(text: str, vocabulary: Vocabulary) -> list[str]:
    """Split a text at commas and words such as *and*, but not within brackets.

    >>> from cafe_site.vocabulary import vocabulary
    >>> split_names("Ada (Lab, Town), Bob and Carl", vocabulary())
    ['Ada (Lab, Town)', 'Bob', 'Carl']
    """
    result, start = [], 0
    for first, last in separators(text, vocabulary):
        result.append(text[start:first])
        start = last
    return [*result, text[start:]]


def separators(text: str, vocabulary: Vocabulary) -> Iterator[tuple[int, int]]:
    """Yield where a list of people in one line has its separators.

    These are semicolons if there are any, otherwise commas, dots in the middle of the line,
    and words such as *and*; without any of these, bars, tabs, and slashes and dashes with
    spaces around them.
    """
    closed = _within_brackets(text)
    for marks in _separators(vocabulary):
        found = [m.span() for m in marks.finditer(text) if not closed[m.start()]]
        if found:
            yield from found
            return


def _within_brackets(text: str) -> list[bool]:
    """Return for each character whether it is within brackets that are closed."""
    within = [False] * (len(text) + 1)
    for match in BRACKETS.finditer(text):
        if match[3] is not None and match[3].rstrip(" /").lower() == "br":
            continue
        within[match.start() : match.end()] = [True] * (match.end() - match.start())
    return within


def resembles(handle: str, name: str) -> bool:
    """Return whether a handle contains the beginning of one of the words of a name.

    >>> resembles("jdoe", "Jane Doe"), resembles("simula", "Min RK")
    (True, False)
    """
    folded_handle = "".join(words_of(handle))
    words = words_of(name)
    return any(len(word) > 2 and word[:4] in folded_handle for word in words) or (
        len(words) > 1 and "".join(words) == folded_handle
    )
