"""From meetings to an Atom feed (RFC 4287) of their notes."""

from __future__ import annotations

import datetime
import functools
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import nh3
from markdown_it.common.normalize_url import normalizeLink

from cafe_site.formats.words import shorten
from cafe_site.notes.agenda import lead
from cafe_site.notes.dialect import (
    HANDLE,
    MAX_INLINE_DEPTH,
    SAFE_ADDRESS,
    description,
    short_reference,
    typed_target,
    walk,
)
from cafe_site.notes.people import names_of
from cafe_site.translation import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.model import Entry, Link, Meeting, YearNotes

ATOM = "http://www.w3.org/2005/Atom"
"""The namespace of Atom."""

# All that the text of a meeting may consist of.
# fmt: off
TAGS = frozenset({
    "a", "blockquote", "br", "code", "dd", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "s", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
})
# fmt: on
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
# Anybody can write into the pad; search engines should not count its links as ours.
_OUTSIDE = "nofollow ugc"
_SCHEMES = {"http", "https", "mailto"}

_ABSOLUTE = re.compile(r"https?://[^\s/#?]\S*", re.IGNORECASE)
# A scheme and what it names, without spaces and what RFC 3986 keeps out of identifiers.
_IDENTIFIER = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.IGNORECASE)
# What XML 1.0 forbids (section 2.2), and the characters that reorder the text around them
# (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters). The reader takes
# them out of notes, but a feed's titles and names come from settings too.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_SAYS_CANCELED = re.compile(r"\bcancell?ed\b", re.IGNORECASE)
# The date of a feed without entries: some date is required, and any other needs a clock.
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)

_CONTAINERS = {
    "blockquote": "blockquote",
    "alert": "blockquote",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
}
# Feed readers show one line of a title.
_TITLE_LENGTH = 120
_INLINES = {"em": "em", "strong": "strong", "s": "s"}


@dataclass(frozen=True)
class FeedEntry:
    """One meeting in a feed."""

    id: str
    """An absolute URI that never changes, see `entries`."""
    title: str
    """Plain text."""
    address: str
    """Where the meeting is on the site: an absolute address."""
    updated: datetime.datetime
    """When the notes changed last, with a time zone."""
    published: datetime.datetime
    """When the meeting took place, with a time zone."""
    html: str
    """The text, cleaned, see `content`."""
    categories: tuple[str, ...] = ()
    """The tags of the meeting."""


@dataclass(frozen=True)
class Feed:
    """A feed and what is said about it as a whole."""

    title: str
    """Plain text."""
    address: str
    """The absolute address of the feed itself."""
    home: str
    """The absolute address of the page that the feed is about."""
    author: str
    """Who the notes are by."""
    id: str
    """An absolute URI that never changes, even if the site moves."""
    entries: tuple[FeedEntry, ...]
    """In the order in which they are shown, newest first."""
    language: str = "en"
    """The language of the notes, as in BCP 47."""


# --- the text of a meeting --------------------------------------------------------------


def content(
    entry: Entry, page: str, person_url: str = "", *, anchors: frozenset[str] | None = None
) -> str:
    """Return the text of a meeting as cleaned HTML that works outside of its page.

    :param page: the absolute address of the page that the meeting is on
    :param person_url: an address with ``{handle}`` in it that ``@handle`` becomes a link to,
        or an empty text
    :param anchors: the anchors of the page; without them, those within the meeting
    :raises ValueError: if *page* is not an absolute address

    The rules are those of the site: only ``http``, ``https`` and ``mailto`` addresses become
    links, an image becomes a link to it, HTML is text, and every word that is text on the site
    is text here. What differs, since a feed reader knows neither the page nor its styles:

    - ``#anchor`` and footnotes lead to the page; the footnotes stand below the text.
    - The box of a task is a character, the name of a speaker and the title of an alert are
      bold, and the language of a code block is written above it.
    - Headings begin at ``h3``: the entry's title stands above them.
    - An address that no browser could open (``https://[x``) is text.
    - Nothing has an id, a class or a style.

    >>> from cafe_site.notes.reader import read
    >>> entry = read("## 2025-12-16\\n\\n- [x] See [this](#x) <b>", 2025).entries[0]
    >>> print(content(entry, "https://example.org/2025.html"))
    <ul>
    <li>☑ See this (#x) &lt;b&gt;</li>
    </ul>
    """
    _check_address(page)
    if anchors is None:
        own = (token.meta["id"] for token in entry.body if "id" in token.meta)
        anchors = frozenset((entry.meeting.id, *own))
    html = _Writer(entry.meeting, page, person_url, anchors).write(entry)
    return nh3.clean(
        _UNSEEN.sub("\ufffd", html),
        tags=set(TAGS),
        attributes=_ATTRIBUTES,
        tag_attribute_values={"a": {"rel": {_OUTSIDE}}},
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel=None,
    ).strip()


class _Writer:
    """Writes the tokens of one meeting as HTML."""

    def __init__(
        self, meeting: Meeting, page: str, person_url: str, anchors: frozenset[str]
    ) -> None:
        self._meeting = meeting
        self._page = page
        self._person_url = person_url
        self._anchors = anchors
        self._names = names_of(meeting.attendees)
        self._html: list[str] = []
        # What ends each open block.
        self._ends: list[str] = []
        # The levels of the headings that the text stands under.
        self._levels: list[int] = []
        self._numbers: dict[str, int] = {}
        # The footnotes; what is written outside of one waits until it ends.
        self._footnotes: list[list[str]] = []
        self._outer: list[list[str]] = []

    def write(self, entry: Entry) -> str:
        """Return the text of the entry with the links of its heading above it."""
        tokens = entry.body
        if entry.links:
            self._html.append(f"<p>{' · '.join(map(self._address, entry.links))}</p>\n")
        for token in walk(tokens):
            if token.type == "footnote_ref":
                self._numbers.setdefault(token.meta["label"], len(self._numbers) + 1)
        for index, token in enumerate(tokens):
            method = getattr(self, f"_{token.type}", None)
            name, _, kind = token.type.rpartition("_")
            if method is not None:
                method(tokens, index)
            elif kind == "open":
                tag = _CONTAINERS.get(name)
                self._open(f"<{tag}>" if tag else "", f"</{tag}>\n" if tag else "")
            elif kind == "close":
                self._html.append(self._ends.pop())
            elif token.content:  # a kind of token that a later markdown-it may bring
                self._html.append(f"<p>{escape(token.content)}</p>\n")
        if self._footnotes:
            notes = (part for footnote in self._footnotes for part in footnote)
            self._html.extend(("<dl>\n", *notes, "</dl>\n"))
        return "".join(self._html)

    # --- blocks -----------------------------------------------------------------------

    def _open(self, start: str, end: str) -> None:
        self._html.append(start)
        self._ends.append(end)

    def _heading_open(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        if "id" not in token.meta:
            # A heading within a list or a quotation begins no section.
            self._open("<p><strong>", "</strong></p>\n")
            return
        while self._levels and self._levels[-1] >= token.meta["level"]:
            self._levels.pop()
        self._levels.append(token.meta["level"])
        tag = f"h{min(2 + len(self._levels), 6)}"
        self._open(f"<{tag}>", f"</{tag}>\n")

    def _paragraph_open(self, tokens: Sequence[Token], index: int) -> None:
        before = tokens[index - 1] if index else None
        in_item = before is not None and before.type == "list_item_open"
        # Only the first paragraph of a tight item: two in a row would run into each other.
        tight = in_item and tokens[index].hidden
        self._open("" if tight else "<p>", "" if tight else "</p>\n")
        if before is not None and in_item and "checked" in before.meta:
            self._html.append(_box(before))

    def _list_item_open(self, tokens: Sequence[Token], index: int) -> None:
        self._open("<li>", "</li>\n")
        # The box stands in the item's first paragraph, which may be missing.
        if "checked" in tokens[index].meta and tokens[index + 1].type != "paragraph_open":
            self._html.append(f"<p>{_box(tokens[index])}</p>\n")

    def _ordered_list_open(self, tokens: Sequence[Token], index: int) -> None:
        start = int(tokens[index].attrs.get("start", 1))
        self._open("<ol>\n" if start == 1 else f'<ol start="{start}">\n', "</ol>\n")

    def _bullet_list_open(self, tokens: Sequence[Token], index: int) -> None:
        self._open("<ul>\n", "</ul>\n")

    def _alert_title_open(self, tokens: Sequence[Token], index: int) -> None:
        self._open("<p><strong>", "</strong></p>\n")

    def _hr(self, tokens: Sequence[Token], index: int) -> None:
        self._html.append("<hr>\n")

    def _fence(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        if info := token.info.strip():
            self._html.append(f"<p><code>{escape(info)}</code></p>\n")
        self._html.append(f"<pre><code>{escape(token.content)}</code></pre>\n")

    _code_block = _fence

    def _footnote_reference_open(self, tokens: Sequence[Token], index: int) -> None:
        label = tokens[index].meta["label"]
        number = self._numbers.setdefault(label, len(self._numbers) + 1)
        self._outer.append(self._html)
        self._html = []
        self._footnotes.append(self._html)
        self._open(f"<dt>[{number}]</dt><dd>", "</dd>\n")

    def _footnote_reference_close(self, tokens: Sequence[Token], index: int) -> None:
        self._html.append(self._ends.pop())
        self._html = self._outer.pop()

    def _inline(self, tokens: Sequence[Token], index: int) -> None:
        token = tokens[index]
        first = (
            index >= 2
            and tokens[index - 1].type == "paragraph_open"
            and tokens[index - 2].type == "list_item_open"
        )
        found = lead(token, self._names) if first else None
        if found is None or found.marked_up:
            self._inlines(token.children or ())
            return
        if found.speaker:
            self._html.append(f"<strong>{self._text(found.speaker)}</strong>")
        if found.minutes:
            self._html.append(escape(f" ({found.minutes})"))
        self._html.append(": " if found.colon else " ")
        self._inlines(found.rest)

    # --- inlines ----------------------------------------------------------------------

    def _inlines(self, tokens: Iterable[Token]) -> None:
        html = self._html
        ends: list[str] = []
        # Where an image within a link, or the address of a link that is none, goes once the
        # link is closed: HTML has no links within links.
        after: list[str] = []
        link: str | None = None
        for token in tokens:
            name, _, kind = token.type.rpartition("_")
            if token.type == "link_open":
                href = str(token.attrs["href"])
                link = self._link_to(href)
                if link is None:
                    after.append(escape(f" ({typed_target(token)})"))
                    ends.append("")
                else:
                    html.append(self._link(link, token.attrs.get("title")))
                    ends.append("</a>")
            elif token.type == "link_close":
                html.extend((ends.pop(), *after))
                after.clear()
                link = None
            elif token.type == "image":
                self._image(token, after, in_link=link is not None)
            elif token.type == "text":
                html.append(self._text(token.content, link))
            elif token.type == "softbreak":
                html.append("\n")
            elif token.type == "hardbreak":
                html.append("<br>\n")
            elif token.type == "code_inline":
                html.append(f"<code>{escape(token.content)}</code>")
            elif token.type == "footnote_ref":
                html.append(self._footnote_ref(token))
            elif kind == "open":
                tag = _INLINES.get(name) if len(ends) < MAX_INLINE_DEPTH else None
                html.append(f"<{tag}>" if tag else "")
                ends.append(f"</{tag}>" if tag else "")
            elif kind == "close":
                html.append(ends.pop())
            elif token.content:
                html.append(escape(token.content))

    def _text(self, text: str, link: str | None = None) -> str:
        """Return a text as HTML: with links to people, unless it is the text of a link."""
        if link is not None:
            return escape((short_reference(text) if text == link else None) or text)
        if not self._person_url:
            return escape(text)
        parts: list[str] = []
        position = 0
        for match in HANDLE.finditer(text):
            address = self._person_url.format(handle=match[1])
            parts.append(escape(text[position : match.start()]))
            parts.append(f"{self._link(address)}{escape(match[0])}</a>")
            position = match.end()
        return "".join((*parts, escape(text[position:])))

    def _link_to(self, href: str) -> str | None:
        """Return the address that a link leads to, or None if notes may not link there."""
        if href.startswith("#") and href[1:] in self._anchors:
            return f"{self._page}#{quote(href[1:])}"
        if not SAFE_ADDRESS.match(href):
            return None
        address = normalizeLink(href)
        return address if _is_kept(address) else None

    def _link(self, address: str, title: object = None) -> str:
        """Return what opens a link."""
        outside = "" if address.startswith(f"{self._page}#") else f' rel="{_OUTSIDE}"'
        tooltip = f' title="{escape(str(title))}"' if title else ""
        return f'<a href="{escape(address)}"{tooltip}{outside}>'

    def _address(self, target: Link) -> str:
        """Return a link that shows its own address, or the address as text."""
        link = self._link_to(target.address)
        if link is None:
            return escape(target.typed)
        shown = escape(short_reference(target.address) or target.address)
        return f"{self._link(link, target.title)}{shown}</a>"

    def _image(self, token: Token, after: list[str], *, in_link: bool) -> None:
        """Write a link to an image rather than the image itself."""
        source = str(token.attrs["src"])
        text = description(token)
        address = self._link_to(source)
        if address is None:
            shown = f"{text} ({typed_target(token)})" if text else typed_target(token)
            self._html.append(escape(shown))
            return
        opening = self._link(address, token.attrs.get("title"))
        if in_link:
            self._html.append(escape(text or source))
            after.append(f" ({opening}image</a>)")
        else:
            self._html.append(f"{opening}{escape(text or source)}</a>")

    def _footnote_ref(self, token: Token) -> str:
        number = self._numbers[token.meta["label"]]
        # The anchor that the site gives the footnote.
        address = f"{self._page}#{quote(f'{self._meeting.id}--note-{number}')}"
        return f"<sup>{self._link(address)}[{number}]</a></sup>"


def _box(item: Token) -> str:
    return "☑ " if item.meta["checked"] else "☐ "


@functools.lru_cache(maxsize=4096)
def _is_kept(address: str) -> bool:
    """Return whether the cleaner keeps a link; of the ones it cannot read it drops the address.

    >>> _is_kept("https://example.org/"), _is_kept("https://[example")
    (True, False)
    """
    opening = f'<a href="{escape(_UNSEEN.sub(chr(0xFFFD), address))}">'
    return "href" in nh3.clean(
        opening, tags={"a"}, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel=None
    )


# --- the feed ---------------------------------------------------------------------------


def entries(
    years: Iterable[YearNotes],
    page: Callable[[YearNotes], str],
    domain: str,
    *,
    person_url: str = "",
    limit: int = 20,
) -> tuple[FeedEntry, ...]:
    """Return the newest meetings of all years as entries of a feed, newest first.

    :param years: with the texts of the meetings, in any order
    :param page: gives the absolute address of a year's page
    :param domain: a domain name that belongs to the community, in small letters;
        it never changes, even if the site moves to another
    :param person_url: see `content`
    :param limit: how many entries at most

    An entry was updated on the day of the meeting,
    or on the later one that the front matter of its file gives.

    The id is a tag URI (RFC 4151) made from the domain, the year of the file, the series and
    the meeting's anchor: nothing in it depends on the address of the site, on other meetings
    or on the text below the heading.
    A date without a day counts as the first of its month;
    a meeting whose date the calendar does not have is left out.

    >>> from cafe_site.notes.reader import read
    >>> notes = read("## 2025-12-16 Planning", 2025, series="team")
    >>> entry, = entries([notes], lambda year: "https://example.org/2025.html", "example.org")
    >>> entry.id, entry.title
    ('tag:example.org,2025:notes/team/2025-12-16', '2025-12-16: Planning')
    """
    found = [
        (notes, entry, start)
        for notes in sorted(years, key=lambda notes: (notes.series, -notes.year))
        for entry in notes.entries
        if (start := entry.meeting.date.start) is not None
    ]
    # Sorting is stable: meetings of one day keep the order of their page.
    found.sort(key=lambda item: item[1].meeting.date.sort_key, reverse=True)
    anchors: dict[tuple[str, int], frozenset[str]] = {}
    result = []
    for notes, entry, start in found[:limit]:
        meeting, year = entry.meeting, (notes.series, notes.year)
        if year not in anchors:
            anchors[year] = notes.anchors
        address = page(notes)
        result.append(
            FeedEntry(
                id=_tag_uri(domain, notes, meeting),
                title=_title(meeting),
                address=f"{address}#{quote(meeting.id)}",
                updated=_midnight(max(start, notes.updated or start)),
                published=_midnight(start),
                html=content(entry, address, person_url, anchors=anchors[year]),
                categories=tuple(dict.fromkeys((*notes.tags, *meeting.tags))),
            )
        )
    return tuple(result)


def _tag_uri(domain: str, notes: YearNotes, meeting: Meeting) -> str:
    """Return a tag URI (RFC 4151).

    Every meeting is below ``notes/``, so that a series of that name is not confused
    with the notes folder itself; a meeting's anchor has no slash in it, a series' path has one
    behind it.
    """
    series = f"{notes.series}/" if notes.series else ""
    return f"tag:{domain},{notes.year:04}:notes/{quote(series + meeting.id)}"


def _title(meeting: Meeting) -> str:
    """Return the date, and what the meeting is called or else what it was about."""
    title = meeting.date.iso
    topics = " · ".join(topic.title for topic in meeting.topics)
    if about := meeting.title or shorten(topics, _TITLE_LENGTH):
        title += f": {about}"
    if meeting.canceled and not _SAYS_CANCELED.search(meeting.title):
        return gettext("{title} (Canceled)").format(title=title)
    return title


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(), datetime.UTC)


def atom(feed: Feed) -> bytes:
    """Return a feed as an Atom document (RFC 4287), the same bytes for the same feed.

    :raises ValueError: if an address is not absolute, an id is not an absolute URI or is
        there twice, or a time has no time zone

    The feed was updated when its newest entry was (RFC 4287, 4.2.15);
    one without entries has the start of 1970, since there is no other date to give.
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
        raise ValueError(f"two things in a feed cannot have one id: {twice!r}")
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
    attributes = {key: _UNSEEN.sub("\ufffd", value) for key, value in attributes.items()}
    element = ET.SubElement(parent, name, attributes)
    if text:
        element.text = _UNSEEN.sub("\ufffd", text)
    return element


def _link_element(parent: ET.Element, relation: str, address: str, kind: str) -> None:
    _check_address(address)
    _element(parent, "link", rel=relation, type=kind, href=address)


def _check_address(address: str) -> None:
    if not _ABSOLUTE.fullmatch(address):
        raise ValueError(f"a feed needs absolute addresses, not {address!r}")


def _rfc_3339(moment: datetime.datetime) -> str:
    """Return a moment in the form of RFC 3339, in UTC.

    :raises ValueError: if it has no time zone
    """
    if moment.tzinfo is None:
        raise ValueError(f"a feed needs times with a time zone, not {moment}")
    # Not strftime, which writes the year 987 with three digits.
    utc = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return f"{utc.isoformat(timespec='seconds')}Z"
