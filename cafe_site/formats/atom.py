"""An Atom feed (RFC 4287) of meeting notes."""

from __future__ import annotations

import datetime
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from cafe_site.formats.content import check_address, content
from cafe_site.formats.words import shorten
from cafe_site.notes.characters import UNSEEN
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from cafe_site.notes.model import Meeting, NotesFile

ATOM = "http://www.w3.org/2005/Atom"
"""The namespace of Atom."""

# A scheme and the rest of a URI, without spaces and characters that RFC 3986 excludes.
_IDENTIFIER = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
_SAYS_CANCELED = re.compile(r"\bcancell?ed\b", re.IGNORECASE)
# The date of a feed without entries: one is required, and any other needs a clock.
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
# Feed readers show one line of a title.
_TITLE_LENGTH = 120


@dataclass(frozen=True)
class FeedEntry:
    """One meeting in a feed."""

    id: str
    """An absolute URI that never changes, see `entries`."""
    title: str
    """Plain text."""
    address: str
    """The absolute URL of the meeting on the site."""
    updated: datetime.datetime
    """When the notes last changed, with a time zone."""
    published: datetime.datetime
    """When the meeting took place, with a time zone."""
    html: str
    """The sanitized text, see `content`."""
    categories: tuple[str, ...] = ()
    """The tags of the meeting."""


@dataclass(frozen=True)
class Feed:
    """A feed and its metadata."""

    title: str
    """Plain text."""
    address: str
    """The absolute URL of the feed itself."""
    home: str
    """The absolute URL of the page that the feed belongs to."""
    author: str
    """The author of the notes."""
    id: str
    """An absolute URI that never changes, even if the site moves."""
    entries: tuple[FeedEntry, ...]
    """In the order in which they are shown, newest first."""
    language: str = "en"
    """The language of the notes, as a BCP 47 tag."""


def entries(
    files: Iterable[NotesFile],
    page: Callable[[NotesFile], str],
    domain: str,
    *,
    person_url: str = "",
    limit: int = 20,
) -> tuple[FeedEntry, ...]:
    """Return the newest meetings of all files as entries of a feed, newest first.

    :param files: with the texts of the meetings, in any order
    :param page: returns the absolute URL of a file's page
    :param domain: a domain name that belongs to the community, in lowercase;
        it never changes, even if the site moves to another
    :param person_url: see `content`
    :param limit: the maximum number of entries

    An entry was updated on the day of the meeting,
    or on a later one given in the front matter of its file.

    The id is a tag URI (RFC 4151) made from the domain, the year of the file, the series and
    the meeting's anchor; for a meeting file, from the domain, the year of the meeting, the path
    of the file, which is also its address, and the anchor. Nothing in it depends on the URL of
    the site, on other meetings or on the text below the heading.
    A date without a day counts as the first of its month;
    a meeting with an invalid date is left out.

    >>> from cafe_site.notes.reader import read
    >>> notes = read("## 2025-12-16 Planning", 2025, series="team")
    >>> entry, = entries([notes], lambda year: "https://example.org/2025.html", "example.org")
    >>> entry.id, entry.title
    ('tag:example.org,2025:notes/team/2025-12-16', '2025-12-16: Planning')
    """
    found = [
        (notes, entry, start)
        for notes in _in_order(files)
        for entry in notes.entries
        if (start := entry.meeting.date.start) is not None
    ]
    # Sorting is stable: meetings of one day keep the order of their page.
    found.sort(key=lambda item: item[1].meeting.date.sort_key, reverse=True)
    anchors: dict[str, frozenset[str]] = {}
    result = []
    for notes, entry, start in found[:limit]:
        meeting = entry.meeting
        if notes.path not in anchors:
            anchors[notes.path] = notes.anchors
        address = page(notes)
        result.append(
            FeedEntry(
                id=_tag_uri(domain, notes, meeting),
                title=_title(meeting),
                address=f"{address}#{quote(meeting.id)}",
                updated=_midnight(max(start, notes.updated or start)),
                published=_midnight(start),
                html=content(entry, address, person_url, anchors=anchors[notes.path]),
                categories=tuple(dict.fromkeys((*notes.tags, *meeting.tags))),
            )
        )
    return tuple(result)


def _in_order(files: Iterable[NotesFile]) -> list[NotesFile]:
    """Return files by series, those of one series backwards."""
    backwards = sorted(files, key=lambda notes: notes.path, reverse=True)
    return sorted(backwards, key=lambda notes: notes.series)


def _tag_uri(domain: str, notes: NotesFile, meeting: Meeting) -> str:
    """Return a tag URI (RFC 4151).

    Every meeting is below ``notes/``, so that a series of that name is not confused
    with the notes folder itself; a meeting's anchor contains no slash, and a series' path
    is followed by one.
    """
    if notes.year is None:
        return f"tag:{domain},{meeting.date.year:04}:file/{quote(f'{notes.path}/{meeting.id}')}"
    series = f"{notes.series}/" if notes.series else ""
    return f"tag:{domain},{notes.year:04}:notes/{quote(series + meeting.id)}"


def _title(meeting: Meeting) -> str:
    """Return the date, and the title of the meeting or else its topics."""
    title = meeting.date.iso
    topics = " · ".join(meeting.about)
    if about := meeting.subject or shorten(topics, _TITLE_LENGTH):
        title += f": {about}"
    if meeting.canceled and not _SAYS_CANCELED.search(meeting.title):
        return gettext("{title} (Canceled)").format(title=title)
    return title


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def atom(feed: Feed) -> bytes:
    """Return a feed as an Atom document (RFC 4287), the same bytes for the same feed.

    :raises ValueError: if a URL is not absolute, an id is not an absolute URI or is
        not unique, or a time has no time zone

    The feed was updated when its most recently updated entry was (RFC 4287, 4.2.15);
    one without entries has the start of 1970, since there is no better date.
    A character that XML 1.0 forbids, or that reorders the text around it, becomes U+FFFD.

    >>> home = "https://example.org/"
    >>> feed = Feed("Notes", f"{home}feed.xml", home, "We", "tag:example.org,2025:feed", ())
    >>> print(atom(feed).decode().partition("<id>")[0])
    <?xml version="1.0" encoding="UTF-8"?>
    <feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
     <title>Notes</title>
    <BLANKLINE>
    """
    ids = [feed.id, *(entry.id for entry in feed.entries)]
    for identifier in ids:
        if not _IDENTIFIER.fullmatch(identifier):
            raise ValueError(f"an id has to be an absolute URI, not {identifier!r}")
    if len(set(ids)) < len(ids):
        twice = next(identifier for identifier in ids if ids.count(identifier) > 1)
        raise ValueError(f"two things in a feed cannot have the same id: {twice!r}")
    # Written with its prefix, since ElementTree's own namespaces are a global setting.
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _element(root, "title", feed.title)
    _element(root, "id", feed.id)
    newest = max((entry.updated for entry in feed.entries), default=_EPOCH)
    _element(root, "updated", _rfc_3339(newest))
    _element(_element(root, "author"), "name", feed.author)
    _element(root, "generator", "cafe_site")
    _link_element(root, "self", feed.address, "application/atom+xml")
    _link_element(root, "alternate", feed.home, "text/html")
    for item in feed.entries:
        entry = _element(root, "entry")
        _element(entry, "title", item.title)
        _element(entry, "id", item.id)
        _link_element(entry, "alternate", item.address, "text/html")
        _element(entry, "published", _rfc_3339(item.published))
        _element(entry, "updated", _rfc_3339(item.updated))
        for category in item.categories:
            _element(entry, "category", term=category)
        _element(entry, "content", item.html, type="html")
    ET.indent(root, " ")
    document = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'.encode()


def _element(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    attributes = {key: UNSEEN.sub("\ufffd", value) for key, value in attributes.items()}
    element = ET.SubElement(parent, name, attributes)
    if text:
        element.text = UNSEEN.sub("\ufffd", text)
    return element


def _link_element(parent: ET.Element, relation: str, address: str, kind: str) -> None:
    check_address(address)
    _element(parent, "link", rel=relation, type=kind, href=address)


def _rfc_3339(moment: datetime.datetime) -> str:
    """Return a moment in RFC 3339 format, in UTC.

    :raises ValueError: if it has no time zone
    """
    if moment.tzinfo is None:
        raise ValueError(f"a feed needs times with a time zone, not {moment}")
    # Not strftime, which writes the year 987 with three digits.
    utc = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='seconds')}Z"
