"""Read who was at a meeting from the lists of people in its notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.announcements import ABSENT, PRESENT
from cafe_site.notes.listings import listings
from cafe_site.notes.model import Attendee
from cafe_site.notes.names import words_of
from cafe_site.notes.people import MAYBE, NO, YES, signed
from cafe_site.notes.sign_in import columns_of_handles

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.listings import Listing
    from cafe_site.notes.names import Name
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
    lines = [line for line in listing.lines if line.depth == 1]
    read = [signed(line.tokens, vocabulary, columns) for line in lines]
    filled = [(line, one) for line, one in zip(lines, read, strict=True) if not one.blank]
    sure = sum(one.looks == YES for _, one in filled)
    maybe = sum(one.looks == MAYBE for _, one in filled)
    needed = 0.75 if listing.loose else 0.5
    if not (sure or (maybe > 1 and not listing.loose)) or sure + maybe <= needed * len(filled):
        return None
    boxes = any(line.checked for line, _ in filled)
    return tuple(
        person
        for line, one in filled
        if one.looks != NO and not one.absent and not (boxes and line.checked is False)
        for person in one.people
    )


def _merged(lists: Iterable[Sequence[Attendee]]) -> list[Attendee]:
    """Return the people of several lists, each of them once.

    Two lines of one list are two people, unless they are the same.
    """
    result: list[Attendee] = []
    for people in lists:
        handles = {one.handle.lower(): i for i, one in enumerate(result) if one.handle}
        names: dict[Name, list[int]] = {}
        for index, one in enumerate(result):
            words = words_of(one.name)
            for known in {words, words[:1]}:
                names.setdefault(known, []).append(index)
        new = []
        for person in dict.fromkeys(people):
            words = words_of(person.name)
            places = names.get(words) or [
                place
                for place in names.get(words[:1], ())
                if not person.hidden and len(words_of(result[place].name)) == 1
            ]
            place = handles.get((person.handle or "").lower())
            if place is None and len(places) == 1 and not result[places[0]].hidden:
                other = result[places[0]].handle
                place = places[0] if not (other and person.handle) else None
            if place is None or person.hidden:
                new.append(person)
                continue
            known_as = max(result[place].name, person.name, key=lambda name: len(name.split()))
            result[place] = Attendee(known_as, result[place].handle or person.handle)
        result += new
    return result


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
