"""What a meeting was about: its agenda items and the headings of its topics."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.agenda import Lead, lead
from cafe_site.notes.dialect import plain_text
from cafe_site.notes.lines import LABEL, shorten, trimmed, without_frame, without_labels
from cafe_site.notes.model import Candidate, Topic
from cafe_site.notes.outline import Kind, kind_of, nested, parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.outline import Part
    from cafe_site.vocabulary import Vocabulary

_ADDRESS = re.compile(rf"\b[a-z]+://\S+|{LABEL.pattern}", re.IGNORECASE)
_DESCENDED = (Kind.AGENDA, Kind.NOTES, Kind.REPOSITORY)
_MAX_NESTING = 3
_LABELED = re.compile(r"(?P<label>[^:()\[\]]{1,60}?)\s*(?::|\s[-–—]\s)")
_LABELS = ("labels", "actions", "decisions", "attendees", "absent", "roles", "date")


@dataclass(frozen=True, slots=True)
class Place:
    """A topic and its place in the notes."""

    topic: Topic
    opening: Token
    """The token that opens its heading or list item."""
    heading: Token | None
    """The token that opens the heading above, if any."""
    words: str = ""
    """The words of its anchor."""


def topics(
    body: Sequence[Token],
    people: range | None,
    known: frozenset[str],
    vocabulary: Vocabulary,
) -> Iterator[Place]:
    """Yield the topics of a meeting, in the order of its notes.

    Topics are the headings that do not name a part of every meeting, each together with
    the headings below it, and the items of an agenda. What is below a heading such as
    *Action items* or *Next meeting* is none.

    :param people: the tokens that are the list of people
    :param known: what the people of the meeting may be called, see `known_names`
    """
    reader = _Topics(known, vocabulary)
    found = parts(body, vocabulary)
    opened = id(body[people.start]) if people else -1
    # The level and kind of each enclosing heading.
    above: list[tuple[int, Kind]] = []
    has_agenda = False
    for number, part in enumerate(found):
        while above and above[-1][0] >= part.level:
            above.pop()
        inside = above[-1][1] if above else None
        kind = part.kind
        if kind is Kind.REPOSITORY:
            kind = Kind.AGENDA if inside is Kind.AGENDA else Kind.TOPIC
        if inside is Kind.TOPIC or (inside is Kind.STANDING and kind is Kind.TOPIC):
            continue
        contains = kind in (Kind.TOPIC, Kind.STANDING) and _is_container(found, number, opened)
        if part.level:
            above.append((part.level, Kind.NOTES if contains else kind))
        if kind is Kind.AGENDA or (kind is Kind.NOTES and not has_agenda):
            places = list(reader.agenda(part, opened))
        elif contains or kind is Kind.NOTES:
            places = [*reader.agenda(part, opened)] if len(found) == 1 else []
        else:
            places = list(reader.topic(part))
        has_agenda = has_agenda or (kind is Kind.AGENDA and len(places) > 1)
        yield from places


def _says(title: str) -> bool:
    """Return whether a title has other words than URLs and the numbers of issues."""
    return re.search(r"[^\W\d_]{2}", _ADDRESS.sub("", title)) is not None


def _is_container(found: Sequence[Part], number: int, people: int) -> bool:
    """Return whether a heading only joins the parts below it.

    It is that of the whole meeting: the only one of the highest level, or one with the list of
    people below it. Or it has no text of its own, but at least two headings of topics.
    """
    part = found[number]
    if not part.level:
        return False
    if part.level == 1 and not any(other.level == 1 for other in found if other is not part):
        return True
    headings = 0
    for below in found[number + 1 :]:
        if below.level <= part.level:
            break
        if any(id(token) == people for token in below.tokens if token.level == 0):
            return True
        headings += below.kind is Kind.TOPIC and below.level == found[number + 1].level
    return headings > 1 and not part.tokens


class _Topics:
    """Reads topics with the words and names of one meeting."""

    def __init__(self, known: frozenset[str], vocabulary: Vocabulary) -> None:
        self._known = known
        self._vocabulary = vocabulary

    def topic(self, part: Part) -> Iterator[Place]:
        """Yield the topic of a heading, and the agenda items below it that say who leads them."""
        topic = part.line and self._topic(self._lead(part.line), heading=True)
        if part.heading and topic:
            yield Place(topic, part.heading, part.heading)
        for item, line, _ in nested(part.tokens, 0):
            found = self._lead(line)
            if found.minutes and (topic := self._topic(found)):
                yield Place(topic, item, part.heading, found.words)

    def agenda(self, part: Part, people: int) -> Iterator[Place]:
        """Yield the topics of a list of agenda items, or of a table of them."""
        if any(id(token) == people for token in part.tokens):
            return
        places = [
            Place(place.topic, place.opening, part.heading, place.words)
            for place in self._items(part.tokens, 0)
        ]
        title = plain_text(part.line.children) if part.line else ""
        rest = trimmed(without_frame(trimmed(title), self._vocabulary, heading=True))
        if (
            part.line
            and part.heading
            and rest
            and part.kind is Kind.AGENDA
            and kind_of(rest, self._vocabulary) is Kind.TOPIC
        ):
            # A room or session with a topic of its own.
            places = [place for place in places if place.topic.speaker or place.topic.minutes]
            topic = None if places else self._topic(self._lead(part.line), heading=True)
            if topic:
                places = [Place(topic, part.heading, part.heading)]
        yield from places

    def _lead(self, line: Token) -> Lead:
        return lead(line, self._known, self._vocabulary)

    def _items(self, tokens: Sequence[Token], level: int, speaker: str = "") -> Iterator[Place]:
        for item, line, below in nested(tokens, level):
            found = self._lead(line)
            if not found.title and found.speaker:
                if found.minutes:
                    titles = (self._lead(inner).title for _, inner, _ in nested(below, level + 2))
                    title = next(filter(None, titles), "")
                    if topic := self._topic(found, title=title):
                        yield Place(topic, item, None, title)
                else:
                    yield from self._items(below, level + 2, found.speaker)
            elif (
                level < 2 * _MAX_NESTING
                and below
                and kind_of(found.title, self._vocabulary) in _DESCENDED
            ):
                yield from self._items(below, level + 2, speaker)
            elif topic := self._topic(found, speaker=speaker):
                yield Place(topic, item, None, found.words)

    def _topic(
        self, found: Lead, *, heading: bool = False, title: str = "", speaker: str = ""
    ) -> Topic | None:
        """Return the topic of a line; None if it has none."""
        vocabulary = self._vocabulary
        title = title or found.title
        if found.template or not _says(title) or vocabulary.has("placeholders", title):
            return None
        labeled = None if heading else _LABELED.match(title)
        if labeled and any(vocabulary.has(key, labeled["label"]) for key in _LABELS):
            return None
        standing = kind_of(title, vocabulary) not in (Kind.TOPIC, Kind.REPOSITORY)
        if standing and not found.led:
            return None
        candidate = None
        if found.maybe and not speaker:
            candidate = Candidate(
                found.maybe, found.candidates, self._title(found.without, heading=heading)
            )
        return Topic(
            self._title(title, heading=heading),
            found.speaker or speaker or None,
            found.minutes,
            standing,
            candidate,
        )

    def _title(self, text: str, *, heading: bool) -> str:
        text = without_frame(text, self._vocabulary, heading=heading)
        return shorten(trimmed(without_labels(trimmed(text))))
