"""The names of the people who speak about something."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from cafe_site.notes.lines import NO_CUT
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cafe_site.notes.model import Attendee
    from cafe_site.vocabulary import Vocabulary

_MAX_NAMES = 120
_HANDLE = re.compile(r"@[A-Za-z0-9][\w.-]{0,38}")
_WORD = re.compile(r"[^\W\d_][^\W\d_'’.-]{0,24}(?:[-'’.][^\W\d_]{1,20}){0,3}\.?")
_BARE_HANDLE = re.compile(r"[A-Za-z][\w.-]{1,38}", re.ASCII)


@functools.lru_cache(maxsize=16)
def _between(vocabulary: Vocabulary) -> re.Pattern[str]:
    joint = vocabulary.pattern("and")
    return re.compile(rf"\s*[/,;&+]\s*(?:{joint}\s+)?|\s+{joint}\s+|\s+c/o\s+", re.IGNORECASE)


def known_names(people: Iterable[Attendee]) -> frozenset[str]:
    """Return what people may be called in an agenda, in the form of `folded`.

    >>> from cafe_site.notes.model import Attendee
    >>> sorted(known_names([Attendee("Ada Lovelace", "ada-l")]))
    ['ada', 'ada l', 'ada lovelace', 'ada* lovelace', 'al*', 'lovelace']
    """
    found: set[str] = set()
    for person in people:
        words = [] if person.hidden else folded(person.name).split()
        found |= {" ".join(words), *words[:1]}
        if person.handle and not person.hidden:
            found.add(folded(person.handle))
        if len(words) > 1:
            # Initials are only somebody's if they are in capitals.
            found |= {words[-1], f"{words[0]} {words[1]}", f"{words[0]} {words[-1][0]}"}
            found.add("".join(word[0] for word in words) + "*")
            found.add(f"{words[0][:3]}* {words[-1]}")
    return frozenset(name for name in found if len(name) > 1)


def is_known(name: str, known: frozenset[str]) -> bool:
    """Return whether somebody may be meant by a name, given the `known_names`."""
    words = folded(name).split()
    return (
        " ".join(words) in known
        or (name.isupper() and f"{''.join(words)}*" in known)
        # DPC may have a middle name that the list of people does not have.
        or (name.isupper() and len(name) == 3 and f"{name[0]}{name[2]}*".lower() in known)
        # Brad Nelson is Bradley Nelson.
        or (len(words) == 2 and f"{words[0][:3]}* {words[1]}" in known)
    )


def are_known(names: Sequence[str], known: frozenset[str]) -> bool:
    """Return whether names are people: all are handles, or one is known and the others may be."""
    return bool(names) and (
        all(name.startswith("@") for name in names)
        or (
            any(is_known(name, known) for name in names)
            and all(is_known(name, known) or not name[0].islower() for name in names)
        )
    )


def names_in(text: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names in a text that may consist of names of people, or an empty tuple.

    >>> from cafe_site.vocabulary import vocabulary
    >>> names_in("Ada, @bob and Cleo D.", vocabulary())
    ('Ada', '@bob', 'Cleo D.')
    >>> names_in("What comes next", vocabulary())
    ()
    """
    text = re.sub(r",?\s+et\.? al\.?$", "", text.strip(" *_"), flags=re.IGNORECASE)
    if not text or len(text) > _MAX_NAMES or NO_CUT in text:
        return ()
    names = tuple(name.strip(" *_") for name in _between(vocabulary).split(text))
    return names if all(_may_be_name(name, vocabulary) for name in names) else ()


def _may_be_name(name: str, vocabulary: Vocabulary) -> bool:
    words = name.split()
    return (
        0 < len(words) <= 4
        and bool(
            _HANDLE.fullmatch(name)
            or (len(words) == 1 and _BARE_HANDLE.fullmatch(name))
            or all(map(_WORD.fullmatch, words))
        )
        and (len(words) == 1 or not (words[0][0].islower() or words[-1][0].islower()))
        and not is_nobody(name, vocabulary)
    )


def is_person_like(name: str, vocabulary: Vocabulary) -> bool:
    """Return whether a name looks like that of a person, with a first and a last name.

    >>> from cafe_site.vocabulary import vocabulary
    >>> [is_person_like(name, vocabulary()) for name in ("Ada Lovelace", "Ada", "Note Taker")]
    [True, False, False]
    """
    words = name.split()
    return (
        1 < len(words) <= 4
        and all(word[0].isupper() for word in words)
        and not all(word.isupper() for word in words)
        and not any(
            vocabulary.has(key, word)
            for word in words
            for key in ("meeting", "labels", "standing")
        )
    )


def is_nobody(name: str, vocabulary: Vocabulary) -> bool:
    """Return whether a name is a placeholder, a role, or a part of a meeting."""
    words = name.lstrip("@")
    keys = (
        "placeholders",
        "roles",
        "labels",
        "standing",
        "agenda",
        "notes",
        "reports",
        "actions",
        "decisions",
    )
    return not folded(words) or any(vocabulary.has(key, words) for key in keys)


def split_names(speaker: str) -> tuple[str, ...]:
    """Return the names of the speakers of an agenda item.

    >>> split_names("Ada (on the phone), Bob & @cleo")
    ('Ada', 'Bob', '@cleo')
    """
    names = re.sub(r"\([^()]*\)", "", speaker)
    parts = re.split(r"\s*[/,;&+]\s*|\s+(?:and|c/o)\s+", names)
    return tuple(name for part in parts if (name := part.strip(" :")))


def speakers(speaker: str) -> frozenset[str]:
    """Return the names of the speakers of an agenda item, in lowercase.

    >>> sorted(speakers("Bob & @Ada"))
    ['ada', 'bob']
    """
    return frozenset(name.lower().lstrip("@") for name in split_names(speaker))
