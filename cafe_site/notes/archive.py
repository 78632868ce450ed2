"""Facts that are spread over the meetings of an archive, brought together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cafe_site.notes.anchors import slug
from cafe_site.notes.facts import is_speaker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cafe_site.notes.model import Meeting, Reference


@dataclass(frozen=True)
class Mention:
    """A place in the archive."""

    page: str
    """The page that the meeting is on."""
    meeting: Meeting
    anchor: str
    """The anchor of the section or agenda item."""
    title: str = ""
    """What the section or agenda item is called; empty for the meeting as a whole."""


@dataclass(frozen=True)
class Discussed:
    """A GitHub issue, pull request, discussion or advisory, and where it came up."""

    reference: Reference
    mentions: tuple[Mention, ...]
    """One for each meeting, in the order of the meetings."""


@dataclass(frozen=True)
class Person:
    """Somebody who took part in meetings."""

    name: str
    handle: str | None
    attended: tuple[Mention, ...]
    spoke: tuple[Mention, ...]
    """The topics that they raised."""


def discussed(meetings: Iterable[tuple[str, Meeting]]) -> dict[tuple[str, str], Discussed]:
    """Return what meetings refer to by `Reference.key`, in the order in which it comes up.

    >>> from cafe_site.notes.reader import read
    >>> meeting = read("## 2025-12-16\\n\\na/b#1", 2025).meetings[0]
    >>> [(d.reference.name, len(d.mentions)) for d in discussed([("2025", meeting)]).values()]
    [('a/b#1', 1)]
    """
    mentions: dict[tuple[str, str], dict[tuple[str, str], Mention]] = {}
    first: dict[tuple[str, str], Reference] = {}
    for page, meeting in meetings:
        titles = {topic.anchor: topic.title for topic in meeting.topics}
        for reference in meeting.references:
            first.setdefault(reference.key, reference)
            place = Mention(page, meeting, reference.anchor, titles.get(reference.anchor, ""))
            mentions.setdefault(reference.key, {}).setdefault((page, meeting.id), place)
    return {
        key: Discussed(replace(first[key], anchor=""), tuple(places.values()))
        for key, places in mentions.items()
    }


def by_repository(found: Iterable[Discussed]) -> dict[str, list[Discussed]]:
    """Return what was discussed by the name of its repository, the highest number first.

    Names that differ in capital letters alone are one repository.
    """
    names: dict[str, str] = {}
    result: dict[str, list[Discussed]] = {}
    for item in found:
        repository = item.reference.repository
        name = names.setdefault(repository.lower(), repository)
        result.setdefault(name, []).append(item)
    for items in result.values():
        items.sort(key=lambda item: _number(item.reference), reverse=True)
    return dict(sorted(result.items(), key=lambda item: item[0].lower()))


def people(meetings: Iterable[tuple[str, Meeting]]) -> list[Person]:
    """Return who took part in meetings, sorted by name.

    A person is known by the handle, whose capital letters do not count,
    and without a handle by the full name. The name shown is the one used most.

    >>> from cafe_site.notes.reader import read
    >>> lines = "## 2025-12-16", "### Check-in", "- Ada / @ada", "### Agenda", "- **Ada:** Looms"
    >>> person = people([("2025", read("\\n\\n".join(lines), 2025).meetings[0])])[0]
    >>> person.name, [mention.title for mention in person.spoke]
    ('Ada', ['Looms'])
    """
    names: dict[str, Counter[str]] = {}
    handles: dict[str, str | None] = {}
    attended: dict[str, dict[tuple[str, str], Mention]] = {}
    spoke: dict[str, list[Mention]] = {}
    for page, meeting in meetings:
        for attendee in meeting.attendees:
            if attendee.hidden:
                continue
            key = (attendee.handle or attendee.name).lower()
            handles.setdefault(key, attendee.handle)
            names.setdefault(key, Counter())[attendee.name] += 1
            place = Mention(page, meeting, meeting.id)
            attended.setdefault(key, {}).setdefault((page, meeting.id), place)
            raised = spoke.setdefault(key, [])
            for topic in meeting.topics:
                if topic.speaker and is_speaker(attendee, topic.speaker):
                    mention = Mention(page, meeting, topic.anchor, topic.title)
                    if mention not in raised:
                        raised.append(mention)
    found = [
        Person(
            # The handle stands for a name only where no list gives one.
            max(names[key], key=lambda name: (name != handle, names[key][name], name)),
            handle,
            tuple(attended[key].values()),
            tuple(spoke[key]),
        )
        for key, handle in handles.items()
    ]
    return sorted(found, key=lambda person: (person.name.lower(), (person.handle or "").lower()))


def tags(meetings: Iterable[tuple[str, Meeting]]) -> dict[str, list[Mention]]:
    """Return the meetings with each tag, the tags in alphabetical order.

    Tags that differ in capital letters alone are one.
    """
    names: dict[str, str] = {}
    result: dict[str, list[Mention]] = {}
    for page, meeting in meetings:
        for tag in meeting.tags:
            name = names.setdefault(tag.lower(), tag)
            result.setdefault(name, []).append(Mention(page, meeting, meeting.id, meeting.title))
    return dict(sorted(result.items(), key=lambda item: item[0].lower()))


def reference_anchor(reference: Reference) -> str:
    """Return the anchor of a reference in the index of discussed issues."""
    return f"discussed-{slug(reference.repository) or 'none'}-{reference.number.lower()}"


def person_anchor(person: Person) -> str:
    """Return the anchor of a person in the index of people."""
    return f"person-{slug(person.handle or person.name) or 'none'}"


def tag_anchor(tag: str) -> str:
    """Return the anchor of a tag in the index of tags."""
    return f"tag-{slug(tag) or 'none'}"


def _number(reference: Reference) -> tuple[int, str]:
    return (int(reference.number), "") if reference.number.isdecimal() else (-1, reference.number)
