"""Facts collected from all meetings of an archive."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cafe_site.notes.anchors import slug
from cafe_site.notes.parts import AGENDA
from cafe_site.notes.people import names_to_call
from cafe_site.notes.persons import register
from cafe_site.notes.speakers import speakers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cafe_site.notes.model import Meeting, NotesFile, Reference, Topic
    from cafe_site.notes.persons import Register

# Repositories and owners whose anchor, with a hyphen for the slash, is unambiguous:
# another hyphen, or what could be an issue number, would make it ambiguous.
_PLAIN_REPOSITORY = re.compile(
    r"[a-z0-9]+(?:/(?!(?:.*-)?(?:\d+|ghsa(?:-\w+)*)$)[a-z0-9]+(?:-[a-z0-9]+)*)?"
)


@dataclass(frozen=True)
class Mention:
    """A place in the archive."""

    page: str
    """The page that the meeting is on."""
    meeting: Meeting
    anchor: str
    """The anchor of the section or agenda item."""
    title: str = ""
    """The title of the section or agenda item; empty for the meeting as a whole."""


@dataclass(frozen=True)
class Discussed:
    """A GitHub issue, pull request, discussion or advisory, and where it came up."""

    reference: Reference
    mentions: tuple[Mention, ...]
    """One for each meeting, in the order of the meetings."""


@dataclass(frozen=True)
class Person:
    """Somebody who took part in meetings."""

    key: str
    """The lowercase handle, or the name without one, see `Register`."""
    name: str
    handle: str | None
    attended: tuple[Mention, ...]
    spoke: tuple[Mention, ...]
    """The topics that they raised."""


def page_anchor(notes: NotesFile) -> str:
    """Return the anchor of a page of notes as a whole.

    >>> from cafe_site.notes.reader import read
    >>> page_anchor(read("## 2025-12-16", 2025))
    'notes-2025'
    """
    if notes.is_one_meeting:
        return notes.meetings[0].id
    name = slug(notes.path) if notes.year is None else f"{notes.year:04}"
    return f"notes-{name or 'page'}"


def discussed(meetings: Iterable[tuple[str, Meeting]]) -> dict[tuple[str, str], Discussed]:
    """Return what meetings refer to by `Reference.key`, in order of first mention.

    The mentions are those in agendas, then all others. A meeting has one mention, if possible
    in its agenda.

    >>> from cafe_site.notes.reader import read
    >>> meeting = read("## 2025-12-16\\n\\na/b#1", 2025).meetings[0]
    >>> [(d.reference.name, len(d.mentions)) for d in discussed([("2025", meeting)]).values()]
    [('a/b#1', 1)]
    """
    mentions: dict[tuple[str, str], dict[tuple[str, str], Mention]] = {}
    elsewhere: dict[tuple[str, str], dict[tuple[str, str], Mention]] = {}
    first: dict[tuple[str, str], Reference] = {}
    for page, meeting in meetings:
        titles = {topic.anchor: topic.title for topic in meeting.topics}
        for reference in meeting.references:
            first.setdefault(reference.key, reference)
            place = Mention(page, meeting, reference.anchor, titles.get(reference.anchor, ""))
            found = mentions if reference.part == AGENDA else elsewhere
            found.setdefault(reference.key, {}).setdefault((page, meeting.id), place)
    return {
        key: Discussed(
            replace(reference, anchor="", part=AGENDA),
            # What is in both stays where it is in the first, with the place that it has there.
            tuple(
                (mentions.get(key, {}) | elsewhere.get(key, {}) | mentions.get(key, {})).values()
            ),
        )
        for key, reference in first.items()
    }


def by_repository(found: Iterable[Discussed]) -> dict[str, list[Discussed]]:
    """Return what was discussed by the name of its repository, the highest number first.

    Names that differ only in case are one repository.
    """
    names: dict[str, str] = {}
    result: dict[str, list[Discussed]] = {}
    for item in found:
        repository = item.reference.project
        name = names.setdefault(repository.lower(), repository)
        result.setdefault(name, []).append(item)
    for items in result.values():
        items.sort(key=lambda item: _number(item.reference), reverse=True)
    return dict(sorted(result.items(), key=lambda item: item[0].lower()))


def people(meetings: Iterable[tuple[str, Meeting]], who: Register | None = None) -> list[Person]:
    """Return the attendees of meetings, sorted by name.

    A topic belongs to its speaker if only one attendee of the meeting has the name or handle.

    :param meetings: the meetings with the names of their pages
    :param who: who is who in the whole archive; by default, in these meetings

    >>> from cafe_site.notes.reader import read
    >>> lines = "## 2025-12-16", "### Check-in", "- Ada / @ada", "### Agenda", "- **Ada:** Looms"
    >>> person = people([("2025", read("\\n\\n".join(lines), 2025).meetings[0])])[0]
    >>> person.name, [mention.title for mention in person.spoke]
    ('Ada', ['Looms'])
    """
    meetings = list(meetings)
    who = who or register(meetings)
    attended: dict[str, dict[tuple[str, str], Mention]] = {}
    spoke: dict[str, list[Mention]] = {}
    for page, meeting in meetings:
        for attendee in meeting.attendees:
            if not attendee.hidden:
                place = Mention(page, meeting, meeting.id)
                key = who.key(page, attendee)
                attended.setdefault(key, {}).setdefault((page, meeting.id), place)
        for key, topic in _raised(page, meeting, who):
            mention = Mention(page, meeting, topic.anchor, topic.title)
            spoke.setdefault(key, []).append(mention)
    found = [
        Person(
            key,
            who.names[key],
            who.handles.get(key),
            tuple(places.values()),
            tuple(spoke.get(key, ())),
        )
        for key, places in attended.items()
    ]
    return sorted(found, key=lambda person: (person.name.lower(), person.key))


def _raised(page: str, meeting: Meeting, who: Register) -> Iterator[tuple[str, Topic]]:
    """Yield the topics of a meeting with the keys of those who raised them."""
    # The keys of the people that a name may refer to.
    called: dict[str, set[str]] = {}
    for attendee in meeting.attendees:
        if not attendee.hidden:
            for name in names_to_call(attendee):
                called.setdefault(name, set()).add(who.key(page, attendee))
    for topic in meeting.topics:
        if topic.speaker:
            found = [called.get(name, set()) for name in speakers(topic.speaker)]
            # Skip ambiguous names.
            keys = sorted({key for keys in found if len(keys) == 1 for key in keys})
            yield from ((key, topic) for key in keys)


def tags(meetings: Iterable[tuple[str, Meeting]]) -> dict[str, list[Mention]]:
    """Return the meetings with each tag, the tags in alphabetical order.

    Tags that differ only in case are the same.
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
    number = reference.short.lower().replace("!", "mr-").lstrip("#")
    return f"{repository_anchor(reference.project)}-{number}"


def repository_anchor(repository: str) -> str:
    """Return the anchor of a repository in the index of discussed issues.

    >>> repository_anchor("Jupyter/Hub"), repository_anchor("jupyter-hub/a")
    ('discussed-jupyter-hub', 'discussed-jupyter-hub-a--2fe2b4ae')
    """
    name = repository.lower()
    return _anchor("discussed", name, plain=_PLAIN_REPOSITORY.fullmatch(name) is not None)


def person_anchor(person: Person) -> str:
    """Return the anchor of a person in the index of people."""
    return _anchor("person", person.key, plain=slug(person.key) == person.key)


def tag_anchor(tag: str) -> str:
    """Return the anchor of a tag in the index of tags.

    >>> tag_anchor("C"), tag_anchor("C++")
    ('tag-c', 'tag-c--cedb1bac')
    """
    name = tag.lower()
    return _anchor("tag", name, plain=slug(name) == name)


def _anchor(kind: str, name: str, *, plain: bool) -> str:
    """Return an anchor unique to a name, and independent of other names.

    :param plain: whether no other name has this slug; if not, a checksum distinguishes them
    """
    words = slug(name)
    if plain:
        return f"{kind}-{words}"
    # Slugs have no two hyphens in a row.
    checksum = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    return "-".join(filter(None, (kind, words, f"-{checksum}")))


def _number(reference: Reference) -> tuple[int, str]:
    return (int(reference.number), "") if reference.number.isdecimal() else (-1, reference.number)
