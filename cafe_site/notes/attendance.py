"""Read who was at a meeting from the lists of people in its notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.announcements import ABSENT, PRESENT
from cafe_site.notes.listings import listings
from cafe_site.notes.model import Attendee
from cafe_site.notes.names import words_of
from cafe_site.notes.people import MAYBE, NO, YES, have_affiliations, names_below_label, signed
from cafe_site.notes.sign_in import columns_of_handles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.names import Name
    from cafe_site.notes.people_lines import Line, Listing
    from cafe_site.notes.sign_in import Columns
    from cafe_site.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who was at a meeting."""

    people: tuple[Attendee, ...] = ()
    tokens: range | None = None
    """The tokens of the first list of them."""


def attendance(body: Sequence[Token], vocabulary: Vocabulary) -> Attendance:
    """Return who was at a meeting, according to its lists of people.

    A list is one of people only if most of its lines look like people. Somebody in two lists
    is one attendee; so is a first name in one and the full name in another, if there is
    only one.
    """
    present: list[tuple[Listing, tuple[Attendee, ...]]] = []
    done: set[int] = set()
    for listing in listings(body, vocabulary):
        if listing.group < 0 or listing.group in done or listing.kind == ABSENT:
            continue
        people = people_in(listing, vocabulary)
        if people is None:
            continue
        done.add(listing.group)
        present.append((listing, people))
    everybody = _merged(
        people
        for listing, people in present
        if listing.kind == PRESENT or not _are_listed(people, present)
    )
    separate = (one for one, _ in present if one.separate and not body[one.start].level)
    first = next(separate, None)
    if not everybody:
        return Attendance()
    return Attendance(tuple(everybody), range(first.start, first.end) if first else None)


def columns_in(listing: Listing, vocabulary: Vocabulary) -> Columns | None:
    """Return what the parts of the lines of a list are, as far as the list says so."""
    if listing.columns:
        return listing.columns
    lines = [line.tokens for line in listing.lines if line.depth == 1]
    first = (signed(line, vocabulary).columns for line in lines[:2])
    return next(filter(None, first), None) or columns_of_handles(lines, vocabulary)


def people_in(listing: Listing, vocabulary: Vocabulary) -> tuple[Attendee, ...] | None:
    """Return the people of a list, or None if it is not one of people."""
    columns = columns_in(listing, vocabulary)
    lines = lines_in(listing, vocabulary)
    affiliated = listing.separate and have_affiliations([one.tokens for one in lines], vocabulary)
    alone = listing.separate and len(lines) == 1
    groups = any(names_below_label(line.tokens, vocabulary) for line in lines)
    read = [
        (groups and names_below_label(line.tokens, vocabulary, least=1))
        or signed(line.tokens, vocabulary, columns, alone=alone, affiliated=affiliated)
        for line in lines
    ]
    filled = [(line, one) for line, one in zip(lines, read, strict=True) if not one.blank]
    sure = sum(one.looks == YES for _, one in filled)
    maybe = sum(one.looks == MAYBE for _, one in filled)
    needed = 0.75 if listing.loose else 0.5
    # A sentence does not consist of single words with commas between them.
    words = len(filled) > 2 and all(" " not in p.name for _, one in filled for p in one.people)
    if not (sure or (maybe > 1 and (words or not listing.loose))) or sure + maybe <= needed * len(
        filled
    ):
        return None
    boxes = any(line.checked for line, _ in filled)
    return tuple(
        person
        for line, one in filled
        if one.looks != NO and not one.absent and not (boxes and line.checked is False)
        for person in one.people
    )


def lines_in(listing: Listing, vocabulary: Vocabulary) -> list[Line]:
    """Return the lines of a list that are people: the outer ones, unless these are groups."""
    outer = [line for line in listing.lines if line.depth == 1]
    inner = [line for line in listing.lines if line.depth == 2]
    if _are_groups(listing.lines, vocabulary):
        return inner
    if len(inner) < 2 or any(_is_surely_a_person(line, vocabulary) for line in outer):
        return outer
    people = sum(_is_surely_a_person(line, vocabulary) for line in inner)
    return inner if 2 * people >= len(inner) else outer


def _are_groups(lines: Sequence[Line], vocabulary: Vocabulary) -> bool:
    """Return whether all outer lines have people below them, and one has several."""
    sizes: list[int] = []
    for line in lines:
        if line.depth == 1:
            sizes.append(0)
        elif not sizes or not _is_surely_a_person(line, vocabulary):
            return False
        elif line.depth == 2:
            sizes[-1] += 1
    return bool(sizes) and min(sizes) > 0 and max(sizes) > 1


def _is_surely_a_person(line: Line, vocabulary: Vocabulary) -> bool:
    read = signed(line.tokens, vocabulary)
    return read.looks == YES and any(one.handle or " " in one.name for one in read.people)


def _merged(lists: Iterable[Sequence[Attendee]]) -> list[Attendee]:
    """Return the people of several lists, each of them once.

    Two lines of one list are two people, unless they are the same.
    """
    known = _Known()
    for people in lists:
        new = [person for person in dict.fromkeys(people) if not known.joins(person)]
        for person in new:
            known.add(person)
    return known.people


class _Known:
    """The people of the lists so far."""

    def __init__(self) -> None:
        self.people: list[Attendee] = []
        # Their places by handle, name, first name, and by a first name alone; -1 for several.
        self._handles: dict[str, int] = {}
        self._names: dict[Name, int] = {}
        self._first: dict[Name, int] = {}
        self._alone: dict[Name, int] = {}

    def add(self, person: Attendee) -> None:
        place = len(self.people)
        self.people.append(person)
        words = words_of(person.name)
        if person.hidden or not words:
            return
        if person.handle:
            self._handles[person.handle.lower()] = place
        maps = [(self._names, words), (self._first, words[:1])]
        if len(words) == 1:
            maps.append((self._alone, words))
        for places, key in maps:
            places[key] = -1 if key in places else place

    def joins(self, person: Attendee) -> bool:
        """Return whether somebody is known already, and note what is new about them."""
        words = words_of(person.name)
        if person.hidden or not words:
            return False
        place = self._handles.get((person.handle or "").lower(), -1)
        if place < 0:
            first = self._first if len(words) == 1 else self._alone
            place = self._names.get(words, first.get(words[:1], -1))
            if place < 0 or (person.handle and self.people[place].handle):
                return False
        other = self.people[place]
        name = max(other.name, person.name, key=lambda name: len(name.split()))
        self.people[place] = Attendee(name, other.handle or person.handle)
        if name != other.name:
            self._names.setdefault(words, place)
            self._alone.pop(words[:1], None)
        if person.handle:
            self._handles.setdefault(person.handle.lower(), place)
        return True


def _are_listed(
    members: Sequence[Attendee], lists: Iterable[tuple[Listing, Sequence[Attendee]]]
) -> bool:
    """Return whether another list says which of the members were there."""
    first = {words_of(person.name)[:1] for person in members}
    return any(
        sum(words_of(person.name)[:1] in first for person in people) * 2 > len(people)
        for listing, people in lists
        if listing.kind == PRESENT
    )
