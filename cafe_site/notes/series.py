"""What only all meetings of a series show: who leads its agenda items, and which repeat."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from cafe_site.notes.model import Attendee
from cafe_site.notes.speakers import are_known, known_names, split_names
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cafe_site.notes.dates import MeetingDate
    from cafe_site.notes.model import Meeting, Outcome, Topic

_MIN_REPEATS = 3
_MANY = 5
_LONG_TITLE = 3
_LONG = 120
"""The number of days for which nobody carries the same item over from meeting to meeting."""


def settle(meetings: Sequence[Meeting]) -> tuple[Meeting, ...]:
    """Return the meetings of a series with what only all of them together show.

    - Names before an agenda item are its speakers if one of them is known in the series: on a
      list of people, or as the certain speaker of another item.
    - Lines such as *Ada to …* are actions if the series knows Ada.
    - An item or heading that occurs word for word in most meetings of some months, or of many
      in a row, is *standing*: not what one meeting was about. Those that nobody leads are
      dropped.

    - A title that several meetings have, regardless of numbers in it, is the name of the series.

    :param meetings: in any order, which the result keeps; the result has no `Candidate`

    >>> settle(())
    ()
    """
    people = [person for meeting in meetings for person in meeting.attendees]
    led = (topic.speaker for meeting in meetings for topic in meeting.topics)
    people += [Attendee(name) for speaker in led if speaker for name in split_names(speaker)]
    known = known_names(people)
    names = _repeated_titles(meetings)
    found = [
        replace(
            meeting,
            topics=tuple(_settled(topic, known) for topic in meeting.topics),
            has_own_title=meeting.has_own_title and names.isdisjoint(_names(meeting.title)),
            outcomes=_outcomes(meeting, known),
            candidates=(),
        )
        for meeting in meetings
    ]
    standing = _standing(found)
    return tuple(
        replace(
            meeting,
            topics=tuple(
                replace(topic, standing=topic.standing or folded(topic.title) in standing)
                for topic in meeting.topics
                if topic.title
                and (topic.speaker or topic.minutes or folded(topic.title) not in standing)
            ),
        )
        for meeting in found
    )


def _repeated_titles(meetings: Sequence[Meeting]) -> frozenset[str]:
    """Return the titles that are the name of a series, see `_names`."""
    counts = Counter(name for meeting in meetings for name in _names(meeting.title))
    enough = min(_MIN_REPEATS, max(2, len(meetings) - 1))
    return frozenset(title for title, count in counts.items() if count >= enough)


def _names(title: str) -> Iterator[str]:
    """Yield a title without numbers, which may count the meetings.

    Yield a longer title also without its last word, which may be the month.
    """
    words = [word for word in folded(title).split() if not word.isdecimal()]
    if words:
        yield " ".join(words)
    if len(words) > _LONG_TITLE:
        yield " ".join((*words[:-1], "*"))


def _settled(topic: Topic, known: frozenset[str]) -> Topic:
    candidate = topic.candidate
    if candidate is None:
        return topic
    if topic.speaker or not are_known(candidate.names, known):
        return replace(topic, candidate=None)
    return replace(
        topic, speaker=candidate.speaker, title=candidate.title, standing=False, candidate=None
    )


def _outcomes(meeting: Meeting, known: frozenset[str]) -> tuple[Outcome, ...]:
    """Return the outcomes of a meeting, with those whose owners the series knows."""
    found = [one for one in meeting.candidates if are_known((one.owner or "").split(", "), known)]
    return tuple(sorted((*meeting.outcomes, *found), key=lambda one: one.line))


def _standing(meetings: Sequence[Meeting]) -> frozenset[str]:
    """Return the folded titles of items that repeat.

    One that returns after months, or in many meetings, and is in at least half of those from
    its first to its last, is part of a template. So a topic of a few meetings in a row, or one
    that comes up once in a while, is none.
    """
    dates = sorted({meeting.date for meeting in meetings}, key=lambda date: date.sort_key)
    places: Mapping[MeetingDate, int] = {date: place for place, date in enumerate(dates)}
    seen: defaultdict[str, set[int]] = defaultdict(set)
    for meeting in meetings:
        for topic in meeting.topics:
            seen[folded(topic.title)].add(places[meeting.date])
    return frozenset(
        title
        for title, found in seen.items()
        if len(found) >= _MIN_REPEATS
        and 2 * len(found) > max(found) - min(found)
        and (len(found) >= _MANY or _days(dates[min(found)], dates[max(found)]) >= _LONG)
    )


def _days(first: MeetingDate, last: MeetingDate) -> int:
    months = 12 * (last.year - first.year) + last.month - first.month
    return round(30.44 * months) + (last.day or 1) - (first.day or 1)
