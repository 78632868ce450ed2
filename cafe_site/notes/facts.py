"""The facts of a meeting: who was there, what it was about, whether it took place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from markdown_it.token import Token

from cafe_site.notes import cancellation
from cafe_site.notes.anchors import slug
from cafe_site.notes.dialect import HIDDEN, is_hidden, plain_text, short_reference
from cafe_site.notes.frontmatter import split_tags
from cafe_site.notes.model import Attendee, Topic
from cafe_site.notes.outcomes import parse_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Headings that say what part of a meeting follows, not what it was about.
_BOILERPLATE = re.compile(
    r"""(?:
      check-in | sign-in | roll-call | attendees | attendance | participants | present | people
    | who-is-here | who-s-here | introductions? | introduce-yourself | ice-?breakers?
    | ice-breaker-question | celebrations(?:-and)?(?:-shout-?outs?)? | shout-?outs?
    | reports(?:-and-celebrations)? | thanks | news | announcements | quick-updates? | updates
    | agenda(?:-items?)? | notes | discussions? | discussion-notes | minutes | links(?:-shared)?
    | actions? | action-items | next-actions | next-steps | decisions? | outcomes?
    | details | (?:\w+-){0,6}(?:team|weekly|monthly|community|hpc)-(?:meeting|report)(?:-\w+){0,2}
    | meeting-details | welcome.* | opening | closing | other | misc | any-other-business
    | breakout-rooms? | breakouts? | breakout-room-and-agenda-item-suggestions
    | (?:breakout-)?room-\d+ | main-room | questions?
    )""",
    re.VERBOSE,
)
# The sections whose first list says who was there.
_ATTENDANCE = re.compile(
    r"(?:check-in|sign-in|roll-call|attendees|attendance|participants|present|people"
    r"|who-is-here|who-s-here)(?:-\d+)?|welcome.*"
)
# The sections whose list items are topics.
_AGENDA = re.compile(
    r"agenda(?:-items?)?|notes|discussions?|breakout-.*|breakouts|room-.*|main-room"
)
# Those of its parts that may each have a list of people.
_ROOMS = re.compile(r"(?:breakout-?)?rooms?\b|breakout|main-room|introduc|ice-?breaker")
_ROLL_CALL = re.compile(r"roll call|sign in|who (?:is|was) here|attendees", re.IGNORECASE)
_ROOM = re.compile(
    r"^(?:breakout\s+)?room\s*\d*\s*[:–—(-]\s*|^breakout\s*[:–—-]\s*", re.IGNORECASE
)

# Bold words at the start of a list item that are not the name of a speaker.
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
_MINUTES = r"~?\s*\d{1,3}(?:\s*-)?\s*(?:m|min|mins|minutes?|h|hours?)\b[^()\[\]]{0,20}"
_TRAILING_MINUTES = re.compile(rf"[\s,]*[(\[](?P<minutes>{_MINUTES})[)\]]\s*(?P<colon>:?)$", re.I)
_LEADING_MINUTES = re.compile(rf"\s*[(\[](?P<minutes>{_MINUTES})[)\]]", re.IGNORECASE)
_MAX_SPEAKER = 120
_NAMED = re.compile(r"\[name=(?P<name>[^\]\n]{1,80})\]")
_COLON = re.compile(r"\s*:\s*")

# Not in a mail address or an affiliation such as Lab@Town; unlike in text, "/" only separates.
_HANDLE = re.compile(r"(?<![\w.+])@(?P<handle>[A-Za-z0-9][A-Za-z0-9-]{0,38})(?![\w-]|\.\w)")
# A word that begins with a digit is rather an institution, such as 2i2c.
_BARE_HANDLE = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?")
_MAIL = re.compile(r"<?[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,200}>?")
# Remarks in brackets, which may hold a separator, and pronouns without brackets.
_REMARK = re.compile(
    r"\([^()]*\)|\[[^\[\]=]*\]"
    r"|,?\s*\b(?:she|he|they|xe|ze|any)/(?:her|him|them|they|she|he|xem|zir|any)s?\b(?:/\w+)*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[/|]|\s[-–—]\s")
_TEMPLATE_ROW = re.compile(
    r"^\W*(?:your\s+)?name\b(?:\W*$|.*\b(?:institution|affiliation|handle)\b)", re.I
)
# The name of a detail is a word or some, no sentence.
_MAX_KEY = 60
_ONE_LINE = ("list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close")
_TAGS = re.compile(r"^tags:\s*(?P<tags>.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Lead:
    """Who speaks and for how long, at the start of a list item."""

    speaker: str | None
    """The name as written."""
    minutes: str | None
    """The planned time as written, without its brackets."""
    rest: tuple[Token, ...]
    """The inline tokens after it."""
    colon: bool = False
    """Whether a colon stood between the two."""
    marked_up: bool = False
    """Whether the speaker's name holds more than text, such as a link."""
    hidden: bool = False
    """Whether a neutral word stands for somebody in it."""

    @property
    def named(self) -> str | None:
        """The speaker, unless that is nobody but a person who asked not to be named."""
        return None if self.hidden and self.speaker == HIDDEN else self.speaker


def is_boilerplate(heading: str) -> bool:
    """Return whether a heading names a part of every meeting, such as *Check-in*.

    >>> is_boilerplate("Agenda 🕑"), is_boilerplate("Roadmap")
    (True, False)
    """
    return not (name := slug(heading)) or _BOILERPLATE.fullmatch(name) is not None


def is_canceled(title: str, body: Sequence[Token]) -> bool:
    """Return whether a meeting did not take place.

    Its title says so, or the first sentence of its text does, if there are neither headings
    nor lists but that of the details, which would be the notes of a meeting that did.
    """
    if cancellation.title_says_so(title):
        return True
    if (end := details(body)) is not None:
        body = body[end:]
    if any(t.type in ("heading_open", "bullet_list_open", "ordered_list_open") for t in body):
        return False
    text = next((plain_text(t.children) for t in body if t.type == "inline"), "")
    return cancellation.text_says_so(text)


@dataclass(frozen=True, slots=True)
class Detail:
    """One line of a meeting's details."""

    key: tuple[Token, ...]
    """The inline tokens of its name, without the colon."""
    value: tuple[Token, ...]
    """The inline tokens behind the colon, none in a line that nobody filled in."""


def detail(inline: Token) -> Detail | None:
    """Read a line such as ``**Date:** December 16`` or ``**Date**: December 16``.

    None for any other, and for one with a planned time, a decision or an action,
    which belong to an agenda.

    >>> from cafe_site.notes.dialect import markdown
    >>> found = detail(markdown().parseInline("**Host:** Ada")[0])
    >>> plain_text(found.key), plain_text(found.value)
    ('Host', 'Ada')
    """
    children = [token for token in inline.children or () if token.type != "text" or token.content]
    end = next((i for i, t in enumerate(children) if t.type == "strong_close"), 0)
    if not end or children[0].type != "strong_open":
        return None
    key, value = children[1:end], children[end + 1 :]
    if key[-1].type == "text" and key[-1].content.endswith(":"):
        key[-1] = _text(key[-1].content.rstrip(": "))
    elif value and value[0].type == "text" and value[0].content.startswith(":"):
        value[0] = _text(value[0].content[1:])
    else:
        return None
    if value and value[0].type == "text":
        value[0] = _text(value[0].content.lstrip())
    name = plain_text(key)
    if not re.search(r"\w", name) or len(name) > _MAX_KEY or re.search(rf"[(\[]{_MINUTES}", name):
        return None
    if any(token.type in ("softbreak", "hardbreak") for token in children):
        return None
    return None if parse_line(children) else Detail(tuple(key), tuple(value))


def details(body: Sequence[Token], names: frozenset[str] = frozenset()) -> int | None:
    """Return the number of tokens of a meeting's details, None if it has none.

    They are the list that a meeting begins with, if each of its items is one `detail`
    and at least one of them is filled in.

    :param names: the small-letter names of the people who were there; a list of what they say
        is an agenda
    """
    if not body or body[0].type != "bullet_list_open":
        return None
    end = _closing(body, 0)
    filled = False
    # An item of one line is five tokens: the item, a paragraph, and their ends.
    for index in range(1, end, len(_ONE_LINE)):
        item = body[index : index + len(_ONE_LINE)]
        if [token.type for token in item] != list(_ONE_LINE) or "checked" in item[0].meta:
            return None
        found = detail(item[2])
        if found is None or any(map(is_hidden, found.key)):
            return None
        if set(plain_text(found.key).lower().split()[:1]) & names:
            return None
        filled = filled or bool(plain_text(found.value))
    return end + 1 if filled else None


def attendance(body: Sequence[Token]) -> tuple[range, tuple[Attendee, ...]] | None:
    """Find the list of people: its range of tokens and who stands in it.

    It is the first list of a section such as *Check-in* or *Attendees*,
    or the list below a paragraph that speaks of a roll call.
    """
    expected = False
    for index, token in enumerate(body):
        if token.level:
            continue
        if token.type == "heading_open":
            expected = (
                _ATTENDANCE.fullmatch(slug(plain_text(body[index + 1].children))) is not None
            )
        elif token.type == "paragraph_open":
            expected = expected or _ROLL_CALL.search(body[index + 1].content) is not None
        elif token.type in ("bullet_list_open", "ordered_list_open") and expected:
            end = _closing(body, index)
            people = attendees(body[index : end + 1])
            if people:
                return range(index, end + 1), people
            expected = False
    return None


def attendee(inline: Token) -> Attendee | None:
    """Read one line of a list of people; None for empty lines and the template's own.

    The name stands first, or behind the handle if that stands first and more follows.
    Between the parts is a slash, a bar, or a dash with spaces around it.
    Pronouns, remarks in brackets and mail addresses are no part of the name.

    >>> from cafe_site.notes.dialect import markdown
    >>> person = attendee(markdown().parseInline("Min / Simula / @minrk")[0])
    >>> person.name, person.handle
    ('Min', 'minrk')
    """
    if is_hidden(inline):
        return Attendee(HIDDEN, hidden=True)
    text = plain_text(inline.children)
    if not re.search(r"\w", text) or _TEMPLATE_ROW.match(text):
        return None
    parts = sign_in_parts(text)
    # A handle that stands alone goes before one within other words.
    alone = [found for part in parts if (found := _HANDLE.fullmatch(part))]
    found = alone[0] if alone else next(filter(None, map(_HANDLE.search, (*parts, text))), None)
    handle = found["handle"].rstrip("-") if found else None
    if _HANDLE.fullmatch(parts[0]) and len(parts) > 2:
        del parts[0]
    name = " ".join(_HANDLE.sub("", _MAIL.sub("", parts[0])).split()).strip(" ,-–@") or handle
    if handle is None and len(parts) > 2 and parts[2] and _BARE_HANDLE.fullmatch(parts[1]):
        # "Min RK / minrk / Simula"; real lists forget the "@" now and then.
        handle = parts[1] if parts[1].islower() or re.search(r"\d", parts[1]) else None
    return Attendee(name or text, handle)


def attendees(people: Sequence[Token]) -> tuple[Attendee, ...]:
    """Return who stands in a list of people."""
    lines = (line for _, line in _items(people, level=0))
    return tuple(person for line in lines if (person := attendee(line)) is not None)


def attendance_lines(body: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the first lines of the items of all lists that may name people who were there.

    These are the lists that `attendance` finds, and all others of such sections: one list for
    each room, also below headings of their own, within other lists, and in quotations.
    With the index of each line comes how many lists it stands in.
    """
    section, roll_call, listed, depth = 7, False, False, 0
    for index, token in enumerate(body):
        if token.type == "heading_open":
            level, title = int(token.tag[1]), plain_text(body[index + 1].children)
            if _ATTENDANCE.fullmatch(slug(title)):
                section = min(section, level)
            elif level <= section or (is_boilerplate(title) and not _ROOMS.match(slug(title))):
                section = 7
            roll_call = listed = False
        elif token.type == "paragraph_open" and token.level == 0:
            if _ROLL_CALL.search(body[index + 1].content):
                roll_call, listed = True, False
            elif listed:
                roll_call = False
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            listed = True
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif (
            token.type == "list_item_open"
            and (section < 7 or roll_call)
            and body[index + 1].type == "paragraph_open"
        ):
            yield index + 2, depth


def is_attendance(heading: str) -> bool:
    """Return whether a heading says that a list of people follows.

    >>> is_attendance("Check-in"), is_attendance("Agenda")
    (True, False)
    """
    return _ATTENDANCE.fullmatch(slug(heading)) is not None


def is_roll_call(text: str) -> bool:
    """Return whether a paragraph says that a list of people follows."""
    return _ROLL_CALL.search(text) is not None


def sign_in_parts(text: str) -> list[str]:
    """Return the parts of a line of a list of people, without pronouns and remarks.

    >>> sign_in_parts("Min (she/her) / @minrk | Simula")
    ['Min', '@minrk', 'Simula']
    """
    return [part.strip() for part in _SEPARATOR.split(_REMARK.sub("", text))]


def lead(inline: Token, names: frozenset[str] = frozenset()) -> Lead | None:
    """Read who speaks and for how long at the start of a list item.

    Recognized are ``**Min** (5m):``, ``**Samuel (10m)**:``, ``**Erik:**``
    and HackMD's ``[name=Erik] (5m):``.
    With neither a planned time nor a colon, bold words are a speaker only
    if the first is in *names*, the small-letter names of the people who were there.

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
        rest = [_text(children[0].content[match.end() :]), *children[1:]]
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
        rest = [_text(content.lstrip()), *rest[1:]]
    return Lead(speaker, minutes, tuple(rest), colon)


def _name_words(speaker: str) -> list[str]:
    return re.findall(r"[^\s@/,&]+", re.sub(r"\([^()]*\)", "", speaker))


def _is_name(speaker: str) -> bool:
    """Return whether words look like names of at most three capitalized words each."""
    people = re.split(r"\s*[/,&+]\s*|\s+and\s+", re.sub(r"\([^()]*\)", "", speaker).strip())
    return all(
        0 < len(words := person.split()) <= 3
        and all(word[0] == "@" or word[0].isupper() for word in words)
        for person in people
    )


def names_to_call(person: Attendee) -> frozenset[str]:
    """Return what somebody may be called as a speaker, in small letters.

    >>> sorted(names_to_call(Attendee("Ada Lovelace", "ada-l")))
    ['ada', 'ada lovelace', 'ada-l']
    """
    name = person.name.lower()
    return frozenset({name, *name.split()[:1], (person.handle or name).lower()})


def speakers(speaker: str) -> frozenset[str]:
    """Return the names of the speakers of an agenda item, in small letters.

    >>> sorted(speakers("Bob & @Ada"))
    ['ada', 'bob']
    """
    names = re.sub(r"\([^()]*\)", "", speaker).lower()
    parts = re.split(r"\s*[/,&+]\s*|\s+(?:and|c/o)\s+", names)
    return frozenset(part.strip(" @:") for part in parts)


def names_of(people: Sequence[Attendee]) -> frozenset[str]:
    """Return the first names and handles of people in small letters."""
    people = [person for person in people if not person.hidden]
    names = {person.name.lower().split()[0] for person in people if person.name.split()}
    return frozenset(names | {person.handle.lower() for person in people if person.handle})


def topics(
    body: Sequence[Token], names: frozenset[str]
) -> Iterator[tuple[Topic, Token, Token | None]]:
    """Yield what a meeting was about, in the order of its notes.

    These are the headings that are not boilerplate,
    and the items of agenda and breakout lists that begin with a speaker or in bold.
    A breakout room stands for itself only if its list names no topics.

    With each topic comes the token that opens its heading or list item,
    and the one that opens the heading above, if there is one.
    """
    topic_level = 7
    for heading, title, section in _sections(body):
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
    for item, line in _items(section, level=0):
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
    """Return the words of an agenda item without bare addresses, unless it has nothing else."""
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


def tags(body: Sequence[Token]) -> tuple[str, ...]:
    """Return the tags of a meeting's ``**Tags:** a, b`` line."""
    for token in body:
        if token.type == "inline" and "tags" in token.content.lower():
            match = _TAGS.match(plain_text(token.children))
            if match:
                return split_tags(match["tags"])
    return ()


def _sections(body: Sequence[Token]) -> Iterator[tuple[Token | None, str, Sequence[Token]]]:
    """Yield the token that opens each section's heading, its text, and what stands below it."""
    starts = [i for i, t in enumerate(body) if t.type == "heading_open" and t.level == 0]
    if not starts or starts[0] > 0:
        yield None, "", body[: starts[0] if starts else len(body)]
    for start, end in zip(starts, [*starts[1:], len(body)], strict=False):
        yield body[start], plain_text(body[start + 1].children), body[start + 3 : end]


def _items(tokens: Sequence[Token], level: int) -> Iterator[tuple[Token, Token]]:
    """Yield the token that opens each item of the lists of a level, and the item's first line."""
    for index, token in enumerate(tokens):
        if (
            token.type == "list_item_open"
            and token.level == level + 1
            and tokens[index + 1].type == "paragraph_open"
        ):
            yield token, tokens[index + 2]


def _closing(tokens: Sequence[Token], index: int) -> int:
    level = tokens[index].level
    return next(
        i
        for i in range(index + 1, len(tokens))
        if tokens[i].level == level and tokens[i].nesting < 0
    )


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
