"""The attendees of a meeting: the lists of people in its notes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cafe_site.notes.anchors import slug
from cafe_site.notes.dialect import hidden_word, is_hidden, plain_text
from cafe_site.notes.model import Attendee
from cafe_site.notes.outline import closing, is_boilerplate, list_items

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

# The sections whose first list names the attendees.
_ATTENDANCE = re.compile(
    r"(?:check-in|sign-in|roll-call|attendees|attendance|participants|present|people"
    r"|who-is-here|who-s-here)(?:-\d+)?|welcome.*"
)
# The parts of such a section that may each have a list of people.
_ROOMS = re.compile(r"(?:breakout-?)?rooms?\b|breakout|main-room|introduc|ice-?breaker")
_ROLL_CALL = re.compile(r"roll call|sign in|who (?:is|was) here|attendees", re.IGNORECASE)
# Not in a mail address or an affiliation such as Lab@Town; unlike in text, "/" only separates.
_HANDLE = re.compile(r"(?<![\w.+])@(?P<handle>[A-Za-z0-9][A-Za-z0-9-]{0,38})(?![\w-]|\.\w)")
# A word that begins with a digit is more likely an institution, such as 2i2c.
_BARE_HANDLE = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?")
_MAIL = re.compile(r"<?[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,200}>?")
# Remarks in brackets, which may contain a separator, and pronouns without brackets.
_REMARK = re.compile(
    r"\([^()]*\)|\[[^\[\]=]*\]"
    r"|,?\s*\b(?:she|he|they|xe|ze|any)/(?:her|him|them|they|she|he|xem|zir|any)s?\b(?:/\w+)*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[/|]|\s[-–—]\s")
_TEMPLATE_ROW = re.compile(
    r"^\W*(?:your\s+)?name\b(?:\W*$|.*\b(?:institution|affiliation|handle)\b)", re.I
)


def attendance(body: Sequence[Token]) -> tuple[range, tuple[Attendee, ...]] | None:
    """Find the list of people: its range of tokens and the attendees.

    It is the first list of a section such as *Check-in* or *Attendees*,
    or the list below a paragraph that mentions a roll call.
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
            end = closing(body, index)
            people = attendees(body[index : end + 1])
            if people:
                return range(index, end + 1), people
            expected = False
    return None


def attendee(inline: Token) -> Attendee | None:
    """Read one line of a list of people; return None for empty lines and the template's own.

    The name comes first, or after the handle if that comes first and more follows.
    The parts are separated by a slash, a bar, or a dash with spaces around it.
    Pronouns, remarks in brackets and mail addresses are not part of the name.

    >>> from cafe_site.notes.dialect import markdown
    >>> person = attendee(markdown().parseInline("Min / Simula / @minrk")[0])
    >>> person.name, person.handle
    ('Min', 'minrk')
    """
    if is_hidden(inline):
        return Attendee(hidden_word(), hidden=True)
    text = plain_text(inline.children)
    if not re.search(r"\w", text) or _TEMPLATE_ROW.match(text):
        return None
    parts = sign_in_parts(text)
    # A handle on its own takes precedence over one within other words.
    alone = [found for part in parts if (found := _HANDLE.fullmatch(part))]
    found = alone[0] if alone else next(filter(None, map(_HANDLE.search, (*parts, text))), None)
    handle = found["handle"].rstrip("-") if found else None
    if _HANDLE.fullmatch(parts[0]) and len(parts) > 2:
        del parts[0]
    name = " ".join(_HANDLE.sub("", _MAIL.sub("", parts[0])).split()).strip(" ,-–@") or handle
    if handle is None and len(parts) > 2 and parts[2] and _BARE_HANDLE.fullmatch(parts[1]):
        # "Min RK / minrk / Simula"; real lists sometimes omit the "@".
        handle = parts[1] if parts[1].islower() or re.search(r"\d", parts[1]) else None
    return Attendee(name or text, handle)


def attendees(people: Sequence[Token]) -> tuple[Attendee, ...]:
    """Return the attendees in a list of people."""
    lines = (line for _, line in list_items(people, level=0))
    return tuple(person for line in lines if (person := attendee(line)) is not None)


def attendance_lines(body: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield the first lines of the items of all lists that may name attendees.

    These are the lists that `attendance` finds, and all others of such sections: one list for
    each room, also below headings of their own, within other lists, and in quotations.
    The index of each line comes with the number of lists it is nested in.
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
    """Return whether a heading announces a list of people.

    >>> is_attendance("Check-in"), is_attendance("Agenda")
    (True, False)
    """
    return _ATTENDANCE.fullmatch(slug(heading)) is not None


def is_roll_call(text: str) -> bool:
    """Return whether a paragraph announces a list of people."""
    return _ROLL_CALL.search(text) is not None


def sign_in_parts(text: str) -> list[str]:
    """Return the parts of a line of a list of people, without pronouns and remarks.

    >>> sign_in_parts("Min (she/her) / @minrk | Simula")
    ['Min', '@minrk', 'Simula']
    """
    return [part.strip() for part in _SEPARATOR.split(_REMARK.sub("", text))]


def names_to_call(person: Attendee) -> frozenset[str]:
    """Return the names that may refer to an attendee as a speaker, in lowercase.

    >>> sorted(names_to_call(Attendee("Ada Lovelace", "ada-l")))
    ['ada', 'ada lovelace', 'ada-l']
    """
    name = person.name.lower()
    return frozenset({name, *name.split()[:1], (person.handle or name).lower()})


def names_of(people: Sequence[Attendee]) -> frozenset[str]:
    """Return the first names and handles of people in lowercase."""
    people = [person for person in people if not person.hidden]
    names = {person.name.lower().split()[0] for person in people if person.name.split()}
    return frozenset(names | {person.handle.lower() for person in people if person.handle})
