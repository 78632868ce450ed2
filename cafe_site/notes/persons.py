"""Find out which names and handles in an archive are the same person."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cafe_site.notes.names import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cafe_site.notes.model import Attendee, Meeting
    from cafe_site.notes.names import Name

# Anything longer is not a name.
_LONGEST_NAME = 500


def person_key(name: str) -> str:
    """Return a key that all spellings of a handle, or of a name without one, share.

    Case, spaces, and Unicode composition are ignored.

    >>> person_key("@Ada-L"), person_key("Ada  Lovelace")
    ('ada-l', 'ada lovelace')
    """
    key = " ".join(name.split()).removeprefix("@").casefold()
    # Normalizing takes time quadratic in the length of a run of accents.
    return unicodedata.normalize("NFC", key) if len(key) <= _LONGEST_NAME else key


def attendee_key(attendee: Attendee) -> str:
    """Return the key of an attendee as written: the handle, or the full name without one.

    People who sign in with only their handle may leave out the ``@``,
    so a name that equals a person's handle is that person.
    """
    return person_key(attendee.handle or attendee.name)


@dataclass(frozen=True)
class Register:
    """Who is who in an archive, see `register`."""

    names: Mapping[str, str]
    """The name of each person by key."""
    handles: Mapping[str, str]
    """The handle of each person who has one, by key."""
    _series: Mapping[str, str] = field(repr=False)
    _keys: Mapping[tuple[str, str], str] = field(repr=False)
    _preferred: Mapping[str, str] = field(repr=False)

    def key(self, page: str, attendee: Attendee) -> str:
        """Return the key of the person that an attendee of a meeting on a page is."""
        key = attendee_key(attendee)
        return self._keys.get((self._series.get(page, ""), key), key)

    def also_called(self) -> dict[str, str]:
        """Return the key of a person by the other keys that are never another one."""
        found = {person_key(name): {key} for key, name in self._preferred.items()}
        for (_, key), person in self._keys.items():
            found.setdefault(key, set()).add(person)
        return {key: next(iter(people)) for key, people in found.items() if len(people) == 1}


class _Known:
    """What is known of the people with one key, in one series if the key is a name."""

    def __init__(self) -> None:
        self.names: Counter[str] = Counter()
        self.handle = ""
        self.meetings: set[int] = set()
        self.series: set[str] = set()

    def words(self) -> set[Name]:
        return {words_of(name) for name in self.names}

    def add(self, other: _Known) -> None:
        self.names += other.names
        self.handle = self.handle or other.handle
        self.meetings |= other.meetings
        self.series |= other.series


# A key, and the series if it is that of a name; a handle is one person in all series.
_Id = tuple[str, str]


def register(
    meetings: Iterable[tuple[str, Meeting]],
    people: Mapping[str, Sequence[str]] | None = None,
    series: Mapping[str, str] | None = None,
) -> Register:
    """Find out who is who among the attendees of meetings.

    A handle is one person. So is a name without a handle if

    - it is one of *people*, or
    - exactly one handle goes by that full name anywhere, or
    - in its series, only one person goes by that first name; of the two, one has only a first
      name, or an initial for the last: *Ada L*.

    Two people of one meeting are never joined. A full name is preferred over a short one.

    :param meetings: the meetings with the names of their pages
    :param people: the names and handles of people by their preferred names
    :param series: the series of each page

    >>> from cafe_site.notes.reader import read
    >>> text = "## 2025-12-16\\n\\nPresent: Ada @ada-l\\n\\n## 2025-12-02\\n\\nPresent: Ada Byron"
    >>> register([("2025", meeting) for meeting in read(text, 2025).meetings]).names
    {'ada-l': 'Ada Byron'}
    """
    series = series or {}
    known: dict[_Id, _Known] = {}
    written: dict[tuple[str, str], _Id] = {}
    for number, (page, meeting) in enumerate(meetings):
        for attendee in meeting.attendees:
            if attendee.hidden:
                continue
            key, where = attendee_key(attendee), series.get(page, "")
            written[where, key] = (key, "" if attendee.handle else where)
            person = known.setdefault((key, "" if attendee.handle else where), _Known())
            if attendee.name != attendee.handle:
                person.names[attendee.name] += 1
            person.handle = person.handle or attendee.handle or ""
            person.meetings.add(number)
            person.series.add(where)
    joined = _Joined(known)
    preferred = joined.as_told(people or {})
    joined.handles_as_names()
    joined.full_names()
    joined.first_names()
    keys = {place: joined.of(one)[0] for place, one in written.items()}
    everybody = joined.people()
    return Register(
        {key: preferred.get(key) or _best_name(person) for key, person in everybody.items()},
        {key: person.handle for key, person in everybody.items() if person.handle},
        series,
        keys,
        preferred,
    )


class _Joined:
    """The people of an archive, some of them already joined."""

    def __init__(self, known: dict[_Id, _Known]) -> None:
        self._known = known
        self._into: dict[_Id, _Id] = {}

    def of(self, one: _Id) -> _Id:
        while one in self._into:
            one = self._into[one]
        return one

    def people(self) -> dict[str, _Known]:
        """Return the people by key; those of one name in several series are one."""
        found: dict[str, _Known] = {}
        for one, person in self._known.items():
            if one not in self._into:
                found.setdefault(one[0], _Known()).add(person)
        return found

    def _join(self, one: _Id, other: _Id) -> None:
        """Join somebody into somebody else."""
        self._known[other].add(self._known[one])
        self._into[one] = other

    def _may_join(self, one: _Id, other: _Id) -> bool:
        return self._known[one].meetings.isdisjoint(self._known[other].meetings)

    def as_told(self, people: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """Join the names and handles that a community says are one person.

        Return the preferred names by key.
        """
        by_key: dict[str, list[_Id]] = {}
        for one in self._known:
            by_key.setdefault(one[0], []).append(one)
        preferred: dict[str, str] = {}
        for name, forms in people.items():
            ids = [
                one
                for key in dict.fromkeys(map(person_key, (name, *forms)))
                for one in by_key.get(key, ())
                if one not in self._into
            ]
            ids.sort(key=lambda one: not self._known[one].handle)
            for one in ids[1:]:
                self._join(one, ids[0])
            if ids:
                preferred[ids[0][0]] = name
        return preferred

    def handles_as_names(self) -> None:
        """Join names that are a handle without its ``@``."""
        for one in [one for one in self._open() if one[1]]:
            if (one[0], "") in self._known:
                self._join(one, self.of((one[0], "")))

    def full_names(self) -> None:
        """Join full names with the only handle that goes by the same name."""
        handles: dict[Name, set[_Id]] = {}
        for one in self._open():
            if self._known[one].handle:
                for words in self._known[one].words():
                    handles.setdefault(words, set()).add(one)
        for one in self._open():
            words = words_of(one[0])
            if self._known[one].handle or len(words) < 2:
                continue
            found = handles.get(words, set())
            if len(found) == 1 and self._may_join(one, other := next(iter(found))):
                self._join(one, other)

    def first_names(self) -> None:
        """Join two people of a series if they are the only ones of that first name."""
        in_series: dict[tuple[str, str], list[_Id]] = {}
        for one in self._open():
            person = self._known[one]
            for where in person.series:
                for first in {words[0] for words in person.words() if words}:
                    in_series.setdefault((where, first), []).append(one)
        for ids in in_series.values():
            open_ids = list(dict.fromkeys(map(self.of, ids)))
            if len(open_ids) != 2 or not self._may_join(*open_ids):
                continue
            one, other = sorted(open_ids, key=self._rank)
            if not self._known[one].handle and _are_alike(self._known[one], self._known[other]):
                self._join(one, other)

    def _rank(self, one: _Id) -> tuple[bool, int]:
        person = self._known[one]
        return (bool(person.handle), max((len(words) for words in person.words()), default=0))

    def _open(self) -> list[_Id]:
        return [one for one in self._known if one not in self._into]


def _is_full(words: Name) -> bool:
    return len(words) > 1 and len(words[-1]) > 1


def _are_alike(one: _Known, other: _Known) -> bool:
    """Return whether the names of two people of one first name may be those of one person."""
    first, second = ({words for words in person.words() if words} for person in (one, other))
    full, others = (set(filter(_is_full, names)) for names in (first, second))
    if full and others:
        # With and without a middle name.
        return not {(words[0], words[-1]) for words in full}.isdisjoint(
            (words[0], words[-1]) for words in others
        )
    # "Ada L" may be Ada Lovelace, but not Ada Byron; of "Jose" and "José", nothing is known.
    initials = {words[-1][0] for words in first | second if len(words) > 1}
    return len(initials) == 1 or (not initials and bool(other.handle))


def _best_name(person: _Known) -> str:
    """Return the name to show: the most frequent full one; a handle only if there is no other."""
    names = [name for name in person.names if name != person.handle]
    if not names:
        return person.handle
    first = Counter[str]()
    for name in names:
        first[name.casefold().split()[0]] += person.names[name]
    # A line with somebody else's handle is a slip.
    usual = max(first, key=lambda word: (first[word], word))

    def rank(name: str) -> tuple[bool, bool, int, str]:
        is_usual = name.casefold().split()[0] == usual
        return (is_usual, _is_full(words_of(name)), person.names[name], name)

    return max(names, key=rank)
