"""The parts of a meeting's notes: its sections and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import plain_text
from cafe_site.notes.lines import trimmed, without_frame
from cafe_site.notes.speakers import names_in
from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary


class Kind(Enum):
    """What a part of a meeting's notes is."""

    TOPIC = "topic"
    """Something that the meeting was about."""
    AGENDA = "agenda"
    """The agenda, or a part of it."""
    NOTES = "notes"
    """The notes of all items of the agenda."""
    REPOSITORY = "repository"
    """Items that belong to a repository; within an agenda, a part of it."""
    REPORTS = "reports"
    """What people report; what the meeting was about only if it had nothing else."""
    STANDING = "standing"
    """A part of every meeting, such as the list of people."""


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, or a line that serves as one, and what is below it."""

    kind: Kind
    level: int
    """The level of the heading; 7 for a line, and 0 for what is above the first heading."""
    tokens: Sequence[Token]
    """What is below, up to the next part."""
    heading: Token | None = None
    """The token that opens the heading; None for a line."""
    line: Token | None = None
    """The words of the heading."""
    opening: Token | None = None
    """The token that opens the heading or line."""


_STANDING = ("standing", "attendees", "absent", "roles", "actions", "decisions", "date")
_BRACKETS = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
# Of several in one heading, the first decides what is below.
_JOINED = (Kind.AGENDA, Kind.NOTES, Kind.REPORTS, Kind.STANDING)
_LINE = 7
"""The level of a part that begins with a line, below those of headings."""
_MAX_LABEL = 60
# Roman numerals and letters may be initials, too, so that they stay in titles.
_NUMBER = re.compile(r"^(?:[IVX]{1,5}|[A-Za-z])[.)]\s+")
_BULLET = re.compile(r"[•·‣◦]\s*\S|[-–—]\s?[\w*_\[`]")
_MIN_LINES = 3
_MAX_HEADING = 200
_MAX_PARAGRAPH = 120
_MAX_WORDS = 12
_MAX_PHRASE = 5
# What may be said of one of several such lists: *Members' attendance*, *Other agenda items*.
_QUALIFIED = (
    (Kind.AGENDA, ("agenda",)),
    (Kind.NOTES, ("notes",)),
    (Kind.STANDING, ("attendees", "absent", "actions")),
)
_REPOSITORY = re.compile(r"(?=[^/]*[^\W\d_])[\w.-]+/[\w.-]*[^\W\d][\w.-]*")


def is_standing(text: str, vocabulary: Vocabulary) -> bool:
    """Return whether a heading or item names a part of every meeting, such as *Check-in*."""
    return kind_of(text, vocabulary) is Kind.STANDING


def kind_of(text: str, vocabulary: Vocabulary) -> Kind:
    """Return what a heading says about the part of the notes below it.

    That is said by one of the words of the vocabulary, or by several: joined, as in *Agenda and
    notes*, or with others that only say which one it is, as in *Notes of the last meeting*.

    >>> from cafe_site.vocabulary import vocabulary
    >>> kind_of("Agenda / Notes", vocabulary()), kind_of("Roadmap", vocabulary())
    (<Kind.AGENDA: 'agenda'>, <Kind.TOPIC: 'topic'>)
    """
    text = text[:_MAX_HEADING]
    words = trimmed(_BRACKETS.sub("", text)) or trimmed(text)
    if not words:
        return Kind.STANDING
    if _REPOSITORY.fullmatch(words):
        return Kind.REPOSITORY
    kinds = {_kind(words, vocabulary)}
    if Kind.TOPIC in kinds:
        joint = rf"(?:[&+]|{vocabulary.pattern('and')}\s)"
        for between in (rf"\s*[/,;|]\s*(?:{joint}\s*)?", rf"\s*[/,;|&+]\s*|\s+{joint}\s*"):
            parts = re.split(between, words, flags=re.IGNORECASE)
            found = [_kind(part, vocabulary) for part in parts if trimmed(part)]
            kinds = set(found)
            if Kind.TOPIC not in kinds:
                break
            if len(found) > 2 and found.count(Kind.STANDING) * 2 > len(found):
                return Kind.STANDING  # *Hello, roll call, link to the notes*
    if Kind.TOPIC in kinds:
        label, _, value = words.partition(":")
        if value and all(vocabulary.has("date", part) for part in re.split("[/&]", label)):
            return Kind.STANDING
        if vocabulary.has("roles", label) and names_in(value, vocabulary):
            return Kind.STANDING
        rest = without_frame(words, vocabulary, heading=True)
        if not (rest := trimmed(rest)):
            return Kind.AGENDA
        if rest == words and (rest := _NUMBER.sub("", words)) != words:
            return kind_of(rest, vocabulary)
        return Kind.STANDING if rest != words and is_standing(rest, vocabulary) else Kind.TOPIC
    # "' and [" has no part with words.
    return next((kind for kind in _JOINED if kind in kinds), Kind.STANDING)


def _kind(words: str, vocabulary: Vocabulary) -> Kind:
    if vocabulary.has("agenda", words):
        return Kind.AGENDA
    if vocabulary.has("notes", words):
        return Kind.NOTES
    if vocabulary.has("reports", words):
        return Kind.REPORTS
    if any(vocabulary.has(key, words) for key in _STANDING):
        return Kind.STANDING
    return _qualified(folded(words).split(), vocabulary)


def _qualified(words: Sequence[str], vocabulary: Vocabulary) -> Kind:
    """Return the kind of a heading that consists of known words and such as *previous* or *of*.

    >>> from cafe_site.vocabulary import vocabulary
    >>> _qualified("actions from the last meeting".split(), vocabulary())
    <Kind.STANDING: 'standing'>
    """
    # One letter at the end is a name: *Topic A*.
    if not 1 < len(words) <= _MAX_WORDS or (len(words[-1]) == 1 and words[-1].isalpha()):
        return Kind.TOPIC
    kinds: set[Kind] = set()
    start = 0
    while start < len(words):
        for end in range(min(start + _MAX_PHRASE, len(words)), start, -1):
            phrase = " ".join(words[start:end])
            kind = _kind_to_qualify(phrase, vocabulary) if len(phrase) > 2 else None
            if kind:
                kinds.add(kind)
                break
            if vocabulary.has("qualifiers", phrase):
                break
        else:
            if not words[start].isdecimal():
                return Kind.TOPIC
            end = start + 1
        start = end
    # *Last meeting* and *Next call* have no other words.
    return next((kind for kind in _JOINED if kind in kinds), Kind.STANDING)


def _kind_to_qualify(phrase: str, vocabulary: Vocabulary) -> Kind | None:
    for kind, keys in _QUALIFIED:
        if any(vocabulary.has(key, phrase) for key in keys):
            return kind
    return None


def parts(body: Sequence[Token], vocabulary: Vocabulary) -> list[Part]:
    """Return the parts of a meeting's notes.

    A part begins with a heading; or with a line of its own that is bold or ends with a colon,
    if its words are those of an agenda or of a part of every meeting, or if several are bold.
    """
    starts: list[tuple[int, Kind, int]] = []
    bold = sum(token.level == 1 and is_bold(token) for token in body) > 1
    for index, token in enumerate(body):
        if token.level or token.type not in ("heading_open", "paragraph_open"):
            continue
        line = body[index + 1]
        if token.type == "heading_open":
            kind = kind_of(plain_text(line.children), vocabulary)
            starts.append((index, kind, int(token.tag[1])))
        elif _is_label(line):
            kind = kind_of(plain_text(line.children), vocabulary)
            # A bold line between the items of an agenda only groups them.
            groups = starts and starts[-1][1] is Kind.AGENDA and index > starts[-1][0] + 3
            if kind not in (Kind.TOPIC, Kind.REPOSITORY) or (
                bold and not groups and is_bold(line)
            ):
                starts.append((index, kind, _LINE))
    found: list[Part] = []
    if not starts or starts[0][0]:
        above = body[: starts[0][0] if starts else len(body)]
        flat = all(kind is Kind.STANDING and level == _LINE for _, kind, level in starts)
        found.append(Part(Kind.AGENDA if flat else Kind.TOPIC, 0, above))
    ends = [*(index for index, _, _ in starts[1:]), len(body)]
    for (start, kind, level), end in zip(starts, ends, strict=False):
        heading = body[start] if level < _LINE else None
        below = body[start + 3 : end]
        found.append(Part(kind, level, below, heading, body[start + 1], body[start]))
    return found


def _has_only_standing(tops: Sequence[Part]) -> bool:
    return all(part.kind is Kind.STANDING for part in tops[1:])


def is_container(
    found: Sequence[Part], number: int, people: set[int], tops: Sequence[Part]
) -> bool:
    """Return whether a heading only joins the parts below it.

    It is that of the whole meeting: the only one of the highest level, or one with the list of
    people below it. Or it has no text of its own, but at least two headings of topics.
    """
    part = found[number]
    if not part.level:
        return False
    if part.level == 1 and (len(tops) == 1 or (part is tops[0] and _has_only_standing(tops))):
        return True
    headings = 0
    for below in found[number + 1 :]:
        if below.level <= part.level:
            break
        if any(id(token) in people for token in below.tokens):
            return True
        headings += below.kind is Kind.TOPIC and below.level == found[number + 1].level < _LINE
    return headings > 1 and not part.tokens


def above_lists(tokens: Sequence[Token]) -> list[int]:
    """Return the places of the paragraphs above lists, if each of several has a short one."""
    lists = [
        index
        for index, token in enumerate(tokens)
        if token.level == 0 and token.type in ("bullet_list_open", "ordered_list_open")
    ]
    found = [
        index - 3
        for index in lists
        if index >= len(("paragraph_open", "inline", "paragraph_close"))
        and tokens[index - 3].type == "paragraph_open"
        and len(tokens[index - 2].content) <= _MAX_PARAGRAPH
        and not re.search(r"\n|[^\W\d_]{3}\.$", tokens[index - 2].content)
    ]
    return found if len(found) == len(lists) > 1 else []


def bulleted(paragraph: Token) -> Iterator[Token]:
    """Yield the lines of a paragraph that is a list with bullets that Markdown does not know.

    These are *•* and a dash without a space.
    """
    lines = paragraph.content.split("\n")
    if paragraph.type != "inline" or paragraph.level != 1 or len(lines) < _MIN_LINES:
        return
    if not all(_BULLET.match(line) for line in lines) or paragraph.map is None:
        return
    children: list[list[Token]] = [[]]
    for token in paragraph.children or ():
        if token.type in ("softbreak", "hardbreak"):
            children.append([])
        else:
            children[-1].append(token)
    if len(children) == len(lines):
        for number, (text, tokens) in enumerate(zip(lines, children, strict=True)):
            line = paragraph.map[0] + number
            yield paragraph.copy(content=text, children=tokens, map=[line, line + 1], meta={})


def is_bold(line: Token) -> bool:
    """Return whether a line is all bold and no label."""
    children = [token for token in line.children or () if token.type != "text" or token.content]
    return (
        len(children) > 2
        and children[0].type == "strong_open"
        and children[-1].type == "strong_close"
        and sum(token.type == "strong_open" for token in children) == 1
        and not line.content.rstrip("*_").endswith((":", "."))
    )


def _is_label(line: Token) -> bool:
    """Return whether a paragraph may be a line that serves as a heading."""
    return (
        len(line.content) <= _MAX_LABEL
        and "\n" not in line.content
        and re.search(r"\w", line.content) is not None
    )


def nested(tokens: Sequence[Token], level: int) -> Iterator[tuple[Token, Token, Sequence[Token]]]:
    """Yield the items of the lists at a level.

    Each comes as the token that opens it, its first line, and the tokens below that.
    """
    for index, token in enumerate(tokens):
        if (
            token.type == "list_item_open"
            and token.level == level + 1
            and tokens[index + 1].type == "paragraph_open"
        ):
            yield token, tokens[index + 2], tokens[index + 4 : closing(tokens, index)]


def closing(tokens: Sequence[Token], index: int) -> int:
    """Return the index of the token that closes what the token at an index opens."""
    level = tokens[index].level
    return next(
        i
        for i in range(index + 1, len(tokens))
        if tokens[i].level == level and tokens[i].nesting < 0
    )


def is_own_title(title: str, words: Vocabulary, *, has_topics: bool = False) -> bool:
    """Return whether a title says what one meeting was about, better than its topics.

    It does not if it only says that it is a meeting, or whose meeting it is.

    :param has_topics: whether the meeting has topics

    >>> from cafe_site.vocabulary import vocabulary
    >>> titles = "Meeting notes", "Call #12", "Looms", "Board meeting"
    >>> [is_own_title(title, vocabulary()) for title in titles]
    [False, False, True, True]
    >>> [is_own_title(title, vocabulary(), has_topics=True) for title in titles]
    [False, False, True, False]
    """
    if words.has("standing", title):
        return False
    names = [word for word in folded(title).split() if not word.isdecimal()]
    if has_topics and any(words.has("meeting", name) for name in (*names[:1], *names[-1:])):
        return False
    keys = ("meeting", "date", "before_date")
    return any(not any(words.has(key, name) for key in keys) for name in names)
