"""What a meeting was about: its agenda items and the headings of its topics."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cafe_site.notes.agenda import Lead, lead
from cafe_site.notes.dates import dates_in
from cafe_site.notes.dialect import plain_text
from cafe_site.notes.lines import LABEL, MAX_LINE, shorten, trimmed, without_frame, without_labels
from cafe_site.notes.model import Candidate, Topic
from cafe_site.notes.outline import (
    Kind,
    above_lists,
    bulleted,
    is_container,
    is_standing,
    kind_of,
    nested,
    parts,
)
from cafe_site.notes.owner_lines import owner_below, owner_of
from cafe_site.notes.planned_times import duration, minutes_pattern, time_patterns
from cafe_site.notes.speakers import are_known, names_in
from cafe_site.notes.trusted_forms import TrustedForms
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.dates import MeetingDate
    from cafe_site.notes.outline import Part
    from cafe_site.vocabulary import Vocabulary

_ADDRESS = re.compile(rf"\b[a-z]+://\S+|{LABEL.pattern}", re.IGNORECASE)
_REMARK = re.compile(r"\([^()]*\)")
_CONTAINERS = (Kind.TOPIC, Kind.STANDING, Kind.REPORTS)
_DESCENDED = (Kind.AGENDA, Kind.NOTES, Kind.REPOSITORY)
_NUMBERED = re.compile(r"[*_]{0,3}\d{1,2}\\?[.)]\s*\S")
# More items than an agenda has, if several people have this many of them: what they said.
_NUMBERING = (".", ")")
_MANY, _OFTEN = 10, 4
_MAX_TIME = 40
_MAX_NESTING = 3
_LABELED = re.compile(r"(?P<label>[^:()\[\]]{1,60}?)\s*(?::|\s[-–—]\s)")
_LABELS = ("labels", "actions", "decisions", "attendees", "absent", "roles", "date")


@dataclass(frozen=True, slots=True)
class Place:
    """A topic and its place in the notes."""

    topic: Topic
    opening: Token
    """The token that opens its heading, list item, or row of a table."""
    heading: Token | None
    """The token that opens the heading above, if any."""
    words: str = ""
    """The words of its anchor."""

    @property
    def led(self) -> bool:
        """Whether somebody leads it, or a time is planned for it."""
        return bool(self.topic.speaker or self.topic.minutes)

    def as_standing(self) -> Place:
        """Return the place of a topic that does not say what the meeting was about."""
        return replace(self, topic=replace(self.topic, standing=True, candidate=None))


def topics(
    body: Sequence[Token],
    people: range | None,
    known: frozenset[str],
    vocabulary: Vocabulary,
    date: MeetingDate,
) -> list[Place]:
    """Return the topics of a meeting, in the order of its notes.

    Topics are the headings that do not name a part of every meeting, each together with
    the headings below it, and the items of an agenda. What is below a heading such as
    *Action items* or *Next meeting* is none. What people report is only if there is no other
    topic; otherwise, reports that somebody leads are *standing*.

    :param people: the tokens that are the list of people
    :param known: what the people of the meeting may be called, see `known_names`
    :param date: that of the meeting, which a heading with its title may repeat
    """
    listed = {id(token) for token in body[people.start : people.stop]} if people else set()
    forms = TrustedForms([t for t in body if id(t) not in listed], known, vocabulary)
    reader = _Topics(known, vocabulary, listed, forms)
    found = parts(body, vocabulary)
    tops = [part for part in found if part.level == 1]
    places: list[Place] = []
    reports: set[int] = set()
    # The level and kind of each enclosing heading.
    above: list[tuple[int, Kind]] = []
    has_agenda = False
    for number, part in enumerate(found):
        while above and above[-1][0] >= part.level:
            above.pop()
        inside = above[-1][1] if above else None
        kind = reader.kind(part, inside)
        agenda = kind is Kind.AGENDA or any(one is Kind.AGENDA for _, one in above)
        if inside is Kind.TOPIC or (inside is Kind.STANDING and kind is Kind.TOPIC):
            if agenda and inside is kind is Kind.TOPIC:
                places += reader.led(part.tokens, part.heading, agenda=True)
            continue
        contains = kind in _CONTAINERS and (
            is_container(found, number, listed, tops) or reader.is_title(part, date)
        )
        if part.level:
            above.append((part.level, Kind.NOTES if contains else kind))
        if kind in (Kind.AGENDA, Kind.REPORTS) or (kind is Kind.NOTES and not has_agenda):
            more = reader.agenda(part)
        elif contains or kind is Kind.NOTES:
            more = reader.agenda(part) if len(found) == 1 else []
        elif part.level and not part.heading and has_agenda:
            more = []  # a part of the notes of an agenda item
        else:
            more = (
                reader.topic(part, found[number + 1 : number + 2], agenda=agenda)
                if kind is part.kind or kind is Kind.TOPIC
                else []
            )
        has_agenda = has_agenda or (kind is Kind.AGENDA and len(more) > 1)
        if Kind.REPORTS in (kind, inside):
            reports |= {id(place) for place in more}
        places += more
    if not places and listed:
        places = next(filter(None, map(reader.below_people, found)), [])
    if not places and not any(part.heading for part in found):
        places = list(reader.numbered([token for token in body if id(token) not in listed]))
    if any(id(place) not in reports and not place.topic.standing for place in places):
        places = [place for place in places if id(place) not in reports or place.led]
        places = [place.as_standing() if id(place) in reports else place for place in places]
    return places


def _says(title: str) -> bool:
    """Return whether a title has other words than URLs and the numbers of issues."""
    return re.search(r"[^\W\d_]{2}", _REMARK.sub("", _ADDRESS.sub("", title))) is not None


class _Topics:
    """Reads topics with the words and names of one meeting."""

    def __init__(
        self,
        known: frozenset[str],
        vocabulary: Vocabulary,
        people: set[int],
        forms: TrustedForms,
    ) -> None:
        self._known = known
        self._vocabulary = vocabulary
        self._people = people
        self._forms = forms
        # The words of the agenda items whose topics are the items below them.
        self._joined: set[str] = set()

    def kind(self, part: Part, inside: Kind | None) -> Kind:
        """Return the kind of a part, also by what it is in and by the agenda above."""
        if part.kind is Kind.REPOSITORY:
            return Kind.AGENDA if inside is Kind.AGENDA else Kind.TOPIC
        if part.kind is Kind.AGENDA and part.line is not None:
            title = folded(trimmed(plain_text(part.line.children)))
            return Kind.NOTES if title in self._joined else Kind.AGENDA
        if part.kind is Kind.TOPIC and any(id(token) in self._people for token in part.tokens):
            return Kind.STANDING
        if (
            inside is Kind.AGENDA
            and part.kind is Kind.STANDING
            and part.line is not None
            and not without_frame(plain_text(part.line.children), self._vocabulary, heading=True)
        ):
            return Kind.AGENDA  # *Day 2*
        if part.kind is Kind.TOPIC and self._has_only_names(part.tokens):
            return Kind.STANDING
        if part.kind is Kind.TOPIC and part.line and not part.heading:
            names = names_in(plain_text(part.line.children), self._vocabulary)
            return Kind.STANDING if are_known(names, self._known) else Kind.TOPIC
        return part.kind

    def _has_only_names(self, tokens: Sequence[Token]) -> bool:
        """Return whether a paragraph of names is all: of those who had some task."""
        if len(tokens) != 3 or tokens[0].type != "paragraph_open":
            return False
        names = names_in(plain_text(tokens[1].children), self._vocabulary)
        return are_known(names, self._known)

    def is_title(self, part: Part, date: MeetingDate) -> bool:
        """Return whether a heading says which meeting it is: *Planning call #12*."""
        title = plain_text(part.line.children) if part.line else ""
        words = folded(title).split()
        is_meeting = [self._vocabulary.has("meeting", word) for word in words]
        if is_meeting[-2:-1] == [True] and words[-1].isdecimal():
            return True
        found = dates_in(self._vocabulary).find(title) if any(is_meeting) else None
        return found is not None and found.date == date

    def below_people(self, part: Part) -> list[Place]:
        """Return the items of a numbered list that follows people without a heading."""
        if part.kind is not Kind.STANDING or part.line is None:
            return []
        title = trimmed(plain_text(part.line.children))
        if not any(
            self._vocabulary.has(key, title) for key in ("attendees", "absent")
        ) and not any(id(token) in self._people for token in part.tokens):
            return []
        tokens = [token for token in part.tokens if id(token) not in self._people]
        found = [place for place in self._items(tokens, 0) if place.opening.markup in _NUMBERING]
        return [replace(place, heading=part.heading) for place in found] if len(found) > 1 else []

    def topic(self, part: Part, following: Sequence[Part], *, agenda: bool) -> list[Place]:
        """Return the topic of a heading, and the agenda items below it that somebody leads.

        :param following: the next part, which may be a line with the role of a person
        """
        places: list[Place] = []
        topic = part.line and self._topic(self._lead(part.line), heading=True)
        if part.opening and topic:
            if not topic.speaker and not topic.standing:
                owner = owner_below(part.tokens, self._known, self._vocabulary)
                line = following[0].line if following and not following[0].heading else None
                if owner is None and line and not part.tokens:
                    owner = owner_of(line, self._known, self._vocabulary)
                topic = replace(topic, speaker=owner, candidate=None) if owner else topic
            places.append(Place(topic, part.opening, part.heading, topic.title))
        tokens = [token for token in part.tokens if id(token) not in self._people]
        standing = part.kind is not Kind.TOPIC
        places += self.led(tokens, part.heading, agenda=agenda, standing=standing)
        return places

    def led(
        self,
        tokens: Sequence[Token],
        heading: Token | None,
        *,
        agenda: bool,
        standing: bool = False,
    ) -> Iterator[Place]:
        """Yield items of lists and paragraphs of one line with a planned time or speaker.

        :param standing: whether only a planned time counts, as below *Action items*
        """
        above: list[int] = []  # the levels of the enclosing items that somebody leads
        for index, token in enumerate(tokens):
            if token.type == "paragraph_open" and token.level == 0:
                line = tokens[index + 1]
                if len(line.content) > MAX_LINE:
                    continue
            elif token.type == "list_item_open" and token.level <= 2 * _MAX_NESTING:
                line = tokens[index + 2]
                if tokens[index + 1].type != "paragraph_open":
                    continue
            else:
                continue
            found = self._lead(line)
            while above and above[-1] >= token.level:
                above.pop()
            certain = not (above or standing) and self._forms.is_certain(
                found, token.level, agenda=agenda
            )
            if found.speaker:
                above.append(token.level)
            if (found.minutes or certain) and (topic := self._topic(found)):
                yield Place(topic, token, heading, found.words)

    def agenda(self, part: Part) -> list[Place]:
        """Return the topics of a list of agenda items, or those that a heading has itself."""
        tokens = [token for token in part.tokens if id(token) not in self._people]
        found = list(self.numbered(tokens)) or list(self._items(tokens, 0))
        if above := above_lists(tokens):
            found = list(self._paragraphs((tokens[i], tokens[i + 1]) for i in above))
        if not found:
            lines = [line for token in tokens for line in bulleted(token)]
            found = list(self._paragraphs((line, line) for line in lines))
        have = {id(place.opening) for place in found}
        more = [
            one
            for one in self.led(tokens, None, agenda=part.kind is Kind.AGENDA)
            if id(one.opening) not in have
        ]
        if more:
            found = sorted((*found, *more), key=lambda place: (place.opening.map or [0])[0])
        found += self._rows(tokens)
        places = [Place(one.topic, one.opening, part.heading, one.words) for one in found]
        often = Counter(one.topic.speaker for one in found if not one.topic.minutes)
        often.pop(None, None)
        if len(found) > _MANY and sum(count >= _OFTEN for count in often.values()) > 1:
            places = []  # what people said to each other
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
            places = [place for place in places if place.led]
            topic = None if places else self._topic(self._lead(part.line), heading=True)
            if topic:
                places = [Place(topic, part.heading, part.heading)]
        return places

    def _rows(self, tokens: Sequence[Token]) -> Iterator[Place]:
        """Yield the rows of tables with a column of topics and one of speakers or times."""
        header: list[str] = []
        rows: list[tuple[Token, list[Token]]] = []
        for index, token in enumerate(tokens):
            if token.type == "table_open":
                header, rows = [], []
            elif token.type == "th_open":
                header.append(plain_text(tokens[index + 1].children))
            elif token.type == "tr_open" and header:
                rows.append((token, []))
            elif token.type == "td_open" and rows:
                rows[-1][1].append(tokens[index + 1])
            elif token.type == "table_close":
                yield from self._table(header, rows)

    def _table(
        self, header: Sequence[str], rows: Sequence[tuple[Token, list[Token]]]
    ) -> Iterator[Place]:
        words = self._vocabulary
        minutes = time_patterns(words).whole
        table = [(row, [plain_text(cell.children) for cell in cells]) for row, cells in rows]
        title = speaker = time = -1
        for column, name in enumerate(header):
            if kind_of(name, words) is Kind.AGENDA and title < 0:
                title = column
            elif words.has("speakers", name):
                speaker = column
            elif words.has("minutes", name) or any(
                minutes.fullmatch(texts[column]) for _, texts in table if column < len(texts)
            ):
                time = column
        has_notes = any(kind_of(name, words) in (Kind.NOTES, Kind.STANDING) for name in header)
        if title < 0 or (speaker == time and not has_notes):
            return
        for (row, texts), (_, cells) in zip(table, rows, strict=True):
            topic = self._topic(self._lead(cells[title])) if title < len(texts) else None
            if topic is None:
                continue
            if 0 <= speaker < len(texts) and names_in(texts[speaker], words):
                topic = replace(topic, speaker=texts[speaker], candidate=None)
            if 0 <= time < len(texts) and (
                texts[time].isdecimal() or minutes.fullmatch(texts[time])
            ):
                topic = replace(topic, minutes=duration(texts[time]))
            yield Place(topic, row, None)

    def numbered(self, tokens: Sequence[Token]) -> Iterator[Place]:
        """Yield the paragraphs that are numbered by hand, if there are several."""
        found = [
            (token, tokens[index + 1])
            for index, token in enumerate(tokens)
            if token.type == "paragraph_open"
            and token.level == 0
            and _NUMBERED.match(tokens[index + 1].content)
        ]
        if len(found) > 1:
            yield from self._paragraphs(found)

    def _paragraphs(self, found: Iterable[tuple[Token, Token]]) -> Iterator[Place]:
        """Yield the topics of paragraphs: of their first words, if these are bold."""
        for opening, line in found:
            children = line.children or []
            end = next((i for i, t in enumerate(children) if t.type == "strong_close"), 0)
            if end and line.content.startswith(("**", "__")):
                line = line.copy(children=children[: end + 1])
            read = self._lead(line)
            if topic := self._topic(read):
                yield Place(topic, opening, None, read.words)

    def _lead(self, line: Token) -> Lead:
        return self._forms.settle(lead(line, self._known, self._vocabulary))

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
                self._joined.add(folded(found.title))
                yield from self._items(below, level + 2, speaker)
            elif topic := self._topic(self._timed(found, below, level), speaker=speaker):
                yield Place(topic, item, None, found.words)

    def _timed(self, found: Lead, below: Sequence[Token], level: int) -> Lead:
        """Return a lead with the planned time or the speaker that the first item below states."""
        first = next((line for _, line, _ in nested(below, level + 2)), None)
        if first is None or len(first.content) > _MAX_TIME:
            return found
        if not found.speaker and (owner := owner_of(first, self._known, self._vocabulary)):
            found = replace(found, speaker=owner, maybe=None)
        if found.minutes:
            return found
        words = plain_text(first.children)
        match = re.fullmatch(
            rf"(?:[^\W\d_]+:?\s+)?({minutes_pattern(self._vocabulary)})(?:\s+[^\W\d_]+)?",
            words,
            re.I,
        )
        return replace(found, minutes=match[1].strip()) if match else found

    def _topic(
        self, found: Lead, *, heading: bool = False, title: str = "", speaker: str = ""
    ) -> Topic | None:
        """Return the topic of a line; None if it has none."""
        vocabulary = self._vocabulary
        title = title or found.title
        if (
            found.template
            or not (_says(title) or (found.minutes and title))
            or vocabulary.has("placeholders", title)
        ):
            return None
        labeled = None if heading else _LABELED.match(f"{title}:")
        if labeled and any(vocabulary.has(key, labeled["label"]) for key in _LABELS):
            return None
        words = without_frame(title, vocabulary, heading=heading)
        standing = is_standing(title, vocabulary) or (
            kind_of(words, vocabulary) not in (Kind.TOPIC, Kind.REPOSITORY)
        )
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
        text = without_frame(text, self._vocabulary, heading=heading) or text
        return shorten(trimmed(without_labels(trimmed(text))))
