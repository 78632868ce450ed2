"""The topics of a meeting, and their speakers."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cafe_site.notes.anchors import slug
from cafe_site.notes.dialect import hidden_word, is_hidden, plain_text, short_reference, text_token
from cafe_site.notes.model import Topic
from cafe_site.notes.outline import is_boilerplate, list_items, sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

# The sections whose list items are topics.
_AGENDA = re.compile(
    r"agenda(?:-items?)?|notes|discussions?|breakout-.*|breakouts|room-.*|main-room"
)
_ROOM = re.compile(
    r"^(?:breakout\s+)?room\s*\d*\s*[:–—(-]\s*|^breakout\s*[:–—-]\s*", re.IGNORECASE
)
# Bold words at the start of a list item that are not a speaker's name.
_LABELS = frozenset(
    """
    action actions agenda agreed ask assigned background calendar code conclusion context
    date decided decision decisions description details discussion follow-up followup github
    goal goals hackmd host ice-breaker icebreaker idea issue issues jupyter later link links
    metrics minutes name next next-steps note notes notetaker outcome outcomes outlook
    participants participating planned present problem proposal proposed question questions
    reminder resolution resources result room scope status summary tags theme this time
    title todo topic topics update updates video warning welcome when where who why your
    """.split()  # noqa: SIM905 - forty quoted words would be harder to read
)
MINUTES = r"~?\s*\d{1,3}(?:\s*-)?\s*(?:m|min|mins|minutes?|h|hours?)\b[^()\[\]]{0,20}"
_TRAILING_MINUTES = re.compile(rf"[\s,]*[(\[](?P<minutes>{MINUTES})[)\]]\s*(?P<colon>:?)$", re.I)
_LEADING_MINUTES = re.compile(rf"\s*[(\[](?P<minutes>{MINUTES})[)\]]", re.IGNORECASE)
_MAX_SPEAKER = 120
_NAMED = re.compile(r"\[name=(?P<name>[^\]\n]{1,80})\]")
_COLON = re.compile(r"\s*:\s*")


@dataclass(frozen=True, slots=True)
class Lead:
    """Who speaks and for how long, at the start of a list item."""

    speaker: str | None
    """The name as written."""
    minutes: str | None
    """The planned time as written, without its brackets."""
    rest: tuple[Token, ...]
    """The inline tokens that follow."""
    colon: bool = False
    """Whether a colon separated the two."""
    marked_up: bool = False
    """Whether the speaker's name contains more than text, such as a link."""
    hidden: bool = False
    """Whether it contains the placeholder for a hidden person."""

    @property
    def named(self) -> str | None:
        """The speaker, unless it is only a person who asked not to be named."""
        return None if self.hidden and self.speaker == hidden_word() else self.speaker


def lead(inline: Token, names: frozenset[str] = frozenset()) -> Lead | None:
    """Read who speaks and for how long at the start of a list item.

    Recognized are ``**Min** (5m):``, ``**Samuel (10m)**:``, ``**Erik:**``
    and HackMD's ``[name=Erik] (5m):``.
    With neither a planned time nor a colon, bold words are a speaker only
    if the first is in *names*, the lowercase names of the attendees.

    >>> from cafe_site.notes.dialect import markdown
    >>> found = lead(markdown().parseInline("**Min (5m):** Releases")[0])
    >>> found.speaker, found.minutes, plain_text(found.rest)
    ('Min', '5m', 'Releases')
    """
    children = [token for token in inline.children or () if token.type != "text" or token.content]
    if not children:
        return None
    if children[0].type == "text":
        match = _NAMED.match(children[0].content)
        if match is None or not match["name"].strip():
            return None
        rest = [text_token(children[0].content[match.end() :]), *children[1:]]
        found = _lead(match["name"].strip(), None, rest, colon=False)
        return replace(found, hidden=is_hidden(children[0]))
    end = next((i for i, t in enumerate(children) if t.type == "strong_close"), None)
    if children[0].type != "strong_open" or end is None:
        return None
    speaker, minutes = plain_text(children[1:end]), None
    if len(speaker) > _MAX_SPEAKER:
        return None
    colon = speaker.endswith(":")
    if match := _TRAILING_MINUTES.search(speaker):
        minutes = match["minutes"].strip()
        speaker = speaker[: match.start()]
    speaker = speaker.rstrip(": ")
    found = _lead(speaker, minutes, children[end + 1 :], colon=colon)
    if any(token.type != "text" for token in children[1:end]):
        found = replace(found, marked_up=True)
    if any(is_hidden(token) for token in children[1:end]):
        return replace(found, hidden=True)
    words = _name_words(speaker)
    if not words or words[0].lower() in _LABELS:
        return None
    if words[0].lower() in names and len(words) <= 5:
        return found
    named = found.minutes is not None or (found.colon and _is_name(speaker))
    return found if named and plain_text(found.rest) else None


def _lead(speaker: str, minutes: str | None, rest: list[Token], *, colon: bool) -> Lead:
    if rest and rest[0].type == "text":
        content = rest[0].content
        if minutes is None and (match := _LEADING_MINUTES.match(content)):
            minutes = match["minutes"].strip()
            content = content[match.end() :]
        if not colon and (match := _COLON.match(content)):
            colon = True
            content = content[match.end() :]
        rest = [text_token(content.lstrip()), *rest[1:]]
    return Lead(speaker, minutes, tuple(rest), colon)


def _name_words(speaker: str) -> list[str]:
    return re.findall(r"[^\s@/,&]+", re.sub(r"\([^()]*\)", "", speaker))


def _is_name(speaker: str) -> bool:
    """Return whether a text looks like names of at most three capitalized words each."""
    people = re.split(r"\s*[/,&+]\s*|\s+and\s+", re.sub(r"\([^()]*\)", "", speaker).strip())
    return all(
        0 < len(words := person.split()) <= 3
        and all(word[0] == "@" or word[0].isupper() for word in words)
        for person in people
    )


def speakers(speaker: str) -> frozenset[str]:
    """Return the names of the speakers of an agenda item, in lowercase.

    >>> sorted(speakers("Bob & @Ada"))
    ['ada', 'bob']
    """
    names = re.sub(r"\([^()]*\)", "", speaker).lower()
    parts = re.split(r"\s*[/,&+]\s*|\s+(?:and|c/o)\s+", names)
    return frozenset(part.strip(" @:") for part in parts)


def topics(
    body: Sequence[Token], names: frozenset[str]
) -> Iterator[tuple[Topic, Token, Token | None]]:
    """Yield the topics of a meeting, in the order of its notes.

    Topics are the headings that are not boilerplate,
    and the items of agenda and breakout lists that begin with a speaker or in bold.
    A breakout room is a topic itself only if its list names none.

    Each topic comes with the token that opens its heading or list item,
    and the one that opens the heading above, if any.
    """
    topic_level = 7
    for heading, title, section in sections(body):
        level = int(heading.tag[1]) if heading else 0
        agenda = _AGENDA.fullmatch(slug(title)) is not None
        if level > topic_level and is_boilerplate(title):
            continue  # the notes of a topic
        topic_level = 7 if agenda or is_boilerplate(title) else level
        items = list(_agenda_topics(section, names)) if agenda else []
        for topic, item in items:
            yield topic, item, heading
        if not items and heading and not is_boilerplate(title):
            name = _ROOM.sub("", title).rstrip(")") if agenda else title
            yield Topic(name), heading, heading


def _agenda_topics(
    section: Sequence[Token], names: frozenset[str]
) -> Iterator[tuple[Topic, Token]]:
    for item, line in list_items(section, level=0):
        first = lead(line, names)
        if first is not None:
            if title := _title(first.rest):
                yield Topic(title, first.named, first.minutes), item
        elif (bold := _leading_bold(line)) and bold.lower().split()[0].rstrip(":") not in _LABELS:
            yield Topic(_title(line.children or ())), item


def _leading_bold(item: Token) -> str:
    children = [t for t in item.children or () if t.type != "text" or t.content]
    if not children or children[0].type != "strong_open":
        return ""
    end = next(i for i, t in enumerate(children) if t.type == "strong_close")
    text = plain_text(children[1:end])
    return text if re.search(r"\w", text) else ""


def _title(tokens: Sequence[Token]) -> str:
    """Return the words of an agenda item without bare URLs, unless it has nothing else."""
    words = [
        token
        for index, token in enumerate(tokens)
        if not (
            token.type == "text"
            and index
            and tokens[index - 1].markup == "autolink"
            and short_reference(token.content) is None
        )
    ]
    return (plain_text(words).strip(" :–—-") or plain_text(tokens)).strip(" :–—-")
