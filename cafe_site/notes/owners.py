"""Who takes on an action, by the words of its line."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import HANDLE
from cafe_site.notes.speakers import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cafe_site.vocabulary import Vocabulary

IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
NAME = re.compile(r"@?[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){0,2}")
# Longer texts are not searched for names.
_MAX_NAMES = 80
_MAX_SENTENCES = 500
_ALONE_IN_BRACKETS = re.compile(r"\[(?:name=)?([^\[\]]+)\]")
_ARROW = re.compile(r"(?:<[-=]+|←|[-=]+>|→)\s*([^<>→←]+?)[.!]?$")


@dataclass(frozen=True, slots=True)
class _Patterns:
    assigned: re.Pattern[str]
    separator: re.Pattern[str]
    owner: re.Pattern[str]


@functools.lru_cache(maxsize=16)
def _patterns(words: Vocabulary) -> _Patterns:
    people = r"(?P<people>[^:()\[\]<>→]{1,60})"
    joints = rf"\s+(?:{words.pattern('and')})\s+"
    return _Patterns(
        assigned=re.compile(
            rf"\s+{words.pattern('assigned')}(?!\w)"
            rf"(?!\s+{words.pattern('unassigned')}(?!\w))(?=\s+\w|\W*$)",
            re.IGNORECASE,
        ),
        separator=re.compile(
            rf"\s*[,/&+]\s*{words.pattern('and')}\s+|{joints}|\s*[,/&+]\s*", re.IGNORECASE
        ),
        owner=re.compile(
            rf"(?:[(\[]\s*(?:{words.pattern('owners')}\s*[:：]?\s+)?{people}[)\]]"
            rf"|\s[–—-]\s*{people.replace('people', 'after')}"
            rf"|[,;.–—-]\s*{words.pattern('owners')}\s*[:：]\s*"
            rf"{people.replace('people', 'named')})\s*[.!]?$",
            re.IGNORECASE,
        ),
    )


def separated(text: str, words: Vocabulary) -> list[str]:
    """Return the parts of a text that commas, *and* or the like separate."""
    return _patterns(words).separator.split(text)


def names_in(text: str, words: Vocabulary) -> str:
    """Return the names in a text that is known to consist of them, separated by commas."""
    parts = separated(IN_BRACKETS.sub("", text), words)
    return ", ".join(part.strip(" @*_") for part in parts if part.strip(" @*_"))


def people_in(text: str, names: frozenset[str], words: Vocabulary) -> tuple[str, ...]:
    """Return the names in a text that consists of names, at least one of them known.

    >>> from cafe_site.vocabulary import vocabulary
    >>> people_in("Ada (maybe) and @bob", frozenset({"ada"}), vocabulary())
    ('Ada', 'bob')
    """
    if len(text) > _MAX_NAMES:
        return ()
    # An arrow, a symbol or the like may precede the first name.
    text = re.sub(r"^[^\w@\[]+|^\d{1,2}[a-z]?[.)]\s+", "", text).rstrip(" *_:")
    alone = _ALONE_IN_BRACKETS.fullmatch(text)
    # [Ada] is how pads mark who speaks.
    text = alone[1] if alone else IN_BRACKETS.sub("", text).strip(" *_:")
    parts = [part.strip() for part in separated(text, words)]
    if not all(NAME.fullmatch(part) for part in parts):
        return ()
    known = [_is_somebody(part, names) for part in parts]
    if not any(known) or not all(
        sure or all(word[0].isupper() for word in part.split())
        for sure, part in zip(known, parts, strict=True)
    ):
        return ()
    return tuple(part.removeprefix("@") for part in parts)


def _is_somebody(name: str, names: frozenset[str]) -> bool:
    """Return whether a name is known, or its first word is.

    Whoever is written as a handle is somebody.
    """
    first, *others = name.split()
    if name.startswith("@"):
        return not others
    capital = all(word[0].isupper() for word in (first, *others))
    return is_known(name, names) or (capital and len(first) > 1 and is_known(first, names))


def assigned_to(text: str, names: frozenset[str], words: Vocabulary) -> tuple[str, ...]:
    """Return the people that a line such as *Ada and Bob to oil it* gives something to do."""
    found = [people_in(part, names, words) for part in _before_assigned(text, words)]
    found = [people for people in found if people]
    # In *Yes, Ada will …*, only what is after the comma is somebody.
    certain = (people for people in found if all(_is_somebody(name, names) for name in people))
    return next(certain, found[0] if found else ())


def perhaps_assigned_to(text: str, words: Vocabulary) -> tuple[str, ...]:
    """Return what may be a name in a line such as *Ada to oil it*."""
    for part in _before_assigned(text, words):
        parts = [one.strip() for one in separated(part.strip(" *_"), words)]
        if all(NAME.fullmatch(one) and one[:1].isupper() for one in parts):
            return tuple(parts)
    return ()


def _before_assigned(text: str, words: Vocabulary) -> Iterator[str]:
    """Yield what precedes words such as *will* in the same sentence."""
    if text.rstrip().endswith("?"):
        return
    text = text[:_MAX_SENTENCES]
    for match in _patterns(words).assigned.finditer(text):
        if match[0].strip()[:1].isupper():
            continue  # *Ada: To the Lighthouse*
        before = text[max(0, match.start() - _MAX_NAMES) : match.start()]
        # Not *Ada: to …*, which tells what she says.
        sentence = re.split(r"[!?;:](?:\s|$)|[.]\s|\s?[–—-]\s", before)[-1]
        yield sentence
        if ", " in sentence:
            yield sentence.rpartition(", ")[2]


def handed_to(text: str, names: frozenset[str], words: Vocabulary) -> tuple[str, ...]:
    """Return the people that an arrow at the end of a line hands it to: *Oil it → Ada*."""
    match = _ARROW.search(text[-_MAX_NAMES:])
    return people_in(match[1], names, words) if match else ()


def owners_of(text: str, names: frozenset[str], words: Vocabulary) -> tuple[str, ...]:
    """Return the owners of an action, by its words.

    They come first (*Ada to …*, *Ada: …*, *@ada …*), or last (*… (Ada)*, *… → Ada*).
    """
    if found := assigned_to(text, names, words) or handed_to(text, names, words):
        return found
    match = re.match(r"(?P<people>[^:]{1,60}?)(?:\s*:|\s+[–—-]|(?<=\]))\s+\S", text)
    if match and (found := people_in(match["people"], names, words)):
        return found
    match = re.match(r"\((?P<people>[^()]{1,60})\)\s+\S", text)
    if match and (found := people_in(match["people"], names, words)):
        return found
    leading = re.match(r"(?:@[A-Za-z0-9-]+[\s,/&+]*(?:and\s+)?)+", text)
    if leading and (handles := HANDLE.findall(leading[0])):
        return tuple(handles)
    match = _patterns(words).owner.search(text[-200:])
    if match:
        named = match["people"] or match["after"] or match["named"] or ""
        if found := people_in(named, names, words):
            return found
    # *Oil it (Ada) - still smells*
    for inside in re.findall(r"\(([^()]{1,60})\)", text[:_MAX_SENTENCES]):
        found = people_in(inside, names, words)
        if found and all(_is_somebody(name, names) for name in found):
            return found
    handle = HANDLE.search(text)
    return (handle[1],) if handle else ()
