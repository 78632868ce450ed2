"""Read the lines of lists of people: who it is, and the handle if the line gives one."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import hidden_word, text_token
from cafe_site.notes.model import Attendee
from cafe_site.notes.names import words_of
from cafe_site.notes.sign_in import (
    BARE_HANDLE,
    BRACKETS,
    HANDLE,
    HANDLE_AT_END,
    HIDDEN,
    MAIL,
    PRONOUNS,
    Columns,
    joins_names,
    resembles,
    sign_in_parts,
    signed_text,
    split_names,
    template_columns,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

_URL = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_NAME_AND_REMARK = re.compile(r"[^\W\d_]\S+(?: \S+){1,2} \([^()]+\)")
# "@ada-l Ada Lovelace"
_HANDLE_FIRST = re.compile(rf"({HANDLE.pattern})\)? (?P<name>[^\W\d_].*)")
# In front of a name, where others have a check mark.
_NOT_THERE = re.compile("❌|✗|✘|✖|:x:")
# What ends a name within a part of a line.
_NAME_END = re.compile(r"[,;:]|\s@\s|\s@$|\s[-–—]+\s|\s[–—]|[–—]\s")
_SENTENCE = 6  # words
_LONGEST_NAME = 6  # words

NO, MAYBE, YES = range(3)
"""Whether a line looks like a person."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What a line of a list of people says."""

    people: tuple[Attendee, ...] = ()
    looks: int = NO
    """Whether it looks like people: `NO`, `MAYBE` or `YES`."""
    blank: bool = False
    """Whether nobody has filled it in: it is empty or the template's own."""
    absent: bool = False
    """Whether it says that they were not there."""
    columns: Columns | None = None
    """What the parts of the other lines are, if it is the template's own."""


# --- a line ---------------------------------------------------------------------------------


def attendee(inline: Token, vocabulary: Vocabulary) -> Attendee | None:
    """Read one line of a list of people; return None for what is nobody.

    >>> from cafe_site.notes.dialect import markdown
    >>> from cafe_site.vocabulary import vocabulary
    >>> person = attendee(markdown().parseInline("Min / Simula / @minrk")[0], vocabulary())
    >>> person.name, person.handle
    ('Min', 'minrk')
    """
    return next(iter(signed(inline.children or (), vocabulary).people), None)


def signed(
    tokens: Sequence[Token],
    vocabulary: Vocabulary,
    columns: Columns | None = None,
    *,
    alone: bool = False,
    affiliated: bool = False,
) -> Signed:
    """Read a line of a list of people.

    The name comes first, or where *columns* says, or after the handle if that comes first and
    more follows. The parts are separated by a slash, a bar, a tab, a dash with spaces around
    it, or a comma. Titles, pronouns, remarks in brackets, addresses and emoji are not part of
    the name. A line may name several people: ``Ada and Bob``.

    :param alone: whether it is the only line of its list, and may name all of them
    :param affiliated: whether what follows a comma is an affiliation, see `have_affiliations`

    A handle is a word with an ``@``, a link to a profile, or a bare word in the place where
    the other lines of the list have theirs, see `Columns`, or that resembles the name.
    """
    text = MAIL.sub("", signed_text(tokens))
    if HIDDEN in text.split("/")[0][:40]:
        hidden = Attendee(hidden_word(), hidden=True)
        others = [
            signed([text_token(one)], vocabulary)
            for one in split_names(text.split("/")[0], vocabulary)
            if HIDDEN not in one and joins_names(vocabulary).search(text)
        ]
        beside = [person for one in others if one.looks == YES for person in one.people]
        return Signed((hidden, *beside), YES)
    text = text.replace(HIDDEN, "")
    if not re.search(r"\w", text) or vocabulary.has("placeholders", text):
        return Signed(blank=True)
    parts = sign_in_parts(text)
    behind = _HANDLE_FIRST.fullmatch(parts[0])
    if behind and looks_like_name(behind["name"]) == YES:
        parts[0] = f"{behind['name']} @{behind['handle']}"
    if found := template_columns(parts, vocabulary):
        return Signed(blank=True, columns=found)
    remarks = [
        remark
        for groups in BRACKETS.findall(text)
        for remark in re.split(r"[,;]", "".join(groups))
    ]
    remarks += [*parts[1:], *re.split(r"[,;:]|\s[-–—]\s", parts[0])[1:]]
    absent = any(_begins_with_absence(remark, vocabulary) for remark in remarks)
    absent = absent or _NOT_THERE.match(text.strip()) is not None
    several = _several(text.split(",")[0] if affiliated else text, vocabulary, alone)
    if len(several) > 1:
        each = [signed([text_token(one)], vocabulary) for one in several]
        there = (one.people for one in each if not one.absent and one.looks != NO)
        return Signed(tuple(itertools.chain.from_iterable(there)), YES)
    person, looks = _person(text, parts, vocabulary, columns)
    if person and person.handle is None and _is_nobody(person.name, vocabulary):
        return Signed(blank=True)
    if person is None:
        return Signed(blank=looks == NO and not _letters(text), absent=absent)
    return Signed((person,), looks, absent=absent)


def _begins_with_absence(remark: str, vocabulary: Vocabulary) -> bool:
    if looks_like_name(remark.partition(": ")[2].strip()) == YES:
        return False  # "Ada (absent: Bob)"
    words = remark.split()[:3]
    return any(vocabulary.has("absent", " ".join(words[:n])) for n in range(1, len(words) + 1))


def _letters(text: str) -> bool:
    return re.search(r"[^\W\d_]", text) is not None


def _several(text: str, vocabulary: Vocabulary, alone: bool) -> list[str]:
    """Return the parts of a line that are one person each, if it names several."""
    if len(words := text.split()) > 1 and all(map(HANDLE.fullmatch, words)):
        return words
    if re.search(r"[/|\t\n]|\s[-–—]\s", BRACKETS.sub("", PRONOUNS.sub("", text))):
        # Only the names: "Ada and Bob / Lab".
        text = text if len(HANDLE.findall(text)) > 1 else sign_in_parts(text)[0]
        if re.search(r"[/|\t\n]", BRACKETS.sub("", text)):
            return []
    pieces = [one for one in split_names(text, vocabulary) if one.strip()]
    if len(pieces) < 2:
        return []
    handles = [HANDLE.search(one) is not None for one in pieces]
    if all(handles):
        return pieces
    names = [_clean(BRACKETS.sub("", HANDLE.sub("", one)), vocabulary) for one in pieces]
    if not all(
        has or looks_like_name(name) == YES for has, name in zip(handles, names, strict=True)
    ):
        return []
    # "Ada Lovelace, Analytical Society, London" is one person.
    joined = ";" in text or all(_NAME_AND_REMARK.fullmatch(one.strip()) for one in pieces)
    joined = joined or joins_names(vocabulary).search(text) is not None
    if joined or len(pieces) > (2 if alone else 3) or sum(handles) > 1:
        return pieces if all(len(name.split()) < 4 for name in names) else []
    return []


def have_affiliations(lines: Sequence[Sequence[Token]], vocabulary: Vocabulary) -> bool:
    """Return whether lines of a list have an affiliation after a comma: ``Ada Byron, Mill``.

    Then ``Bob Roe, Mill & Loom`` is one person as well.
    """
    texts = [text for text in map(signed_text, lines) if "," in text]
    firsts = [text.split(",")[0].split() for text in texts]
    one = [not _several(text, vocabulary, alone=False) for text in texts]
    return sum(one) > 1 and 2 * sum(one) > len(one) and all(len(first) > 1 for first in firsts)


def several_in(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[str]:
    """Return the parts of a line that names several people, one for each.

    >>> from cafe_site.notes.dialect import markdown
    >>> from cafe_site.vocabulary import vocabulary
    >>> several_in(markdown().parseInline("Mill: Ada (@ada), Bob")[0].children, vocabulary())
    ['Ada (@ada)', 'Bob']
    """
    text = MAIL.sub("", signed_text(tokens))
    if names_below_label(tokens, vocabulary):
        text = text.partition(": ")[2]
        return [one for one in split_names(text, vocabulary) if one.strip()]
    return _several(text, vocabulary, alone=False)


def names_below_label(
    tokens: Sequence[Token], vocabulary: Vocabulary, least: int = 2
) -> Signed | None:
    """Read a line that names the people of a group: ``Mill: Ada, Bob``; None if it is not one.

    :param least: how many people it has to name
    """
    label, colon, names = signed_text(tokens).partition(": ")
    if not colon or not names.strip() or HIDDEN in label or vocabulary.has("roles", label):
        return None
    pieces = [one for one in split_names(names, vocabulary) if one.strip()]
    each = [signed([text_token(one)], vocabulary) for one in pieces]
    if len(pieces) < least or any(one.looks != YES for one in each):
        return None
    there = (one.people for one in each if not one.absent)
    return Signed(tuple(itertools.chain.from_iterable(there)), YES)


def _person(
    text: str, parts: list[str], vocabulary: Vocabulary, columns: Columns | None
) -> tuple[Attendee | None, int]:
    """Read who a line is about, and whether it looks like a person."""
    named = columns is not None and columns.name < len(parts)
    first = columns.name if columns is not None and named else 0
    # A handle on its own takes precedence over one within other words.
    alone = [found for part in parts if (found := HANDLE.fullmatch(part))]
    bracketed = [found[1] or found[2] or found[3] for found in BRACKETS.finditer(text)]
    within = (HANDLE_AT_END.search(part) for part in (*parts, *filter(None, bracketed)))
    found = alone[0] if alone else next(filter(None, within), None)
    handle = found["handle"] if found else None
    if not named and len(parts) > 1 and HANDLE.fullmatch(parts[0]):
        first = int(len(parts) > 2 or resembles(parts[0], parts[1]))
    name = _clean(parts[first], vocabulary)
    if (not name or name.islower()) and len(parts) == 1:
        # "@ada-l (Ada Lovelace)"
        full = next((one for one in bracketed if one and " " in one), "")
        if looks_like_name(full) == YES and (handle or resembles(name, full)):
            name, handle = full, handle or name
    if not name and handle is None and len(parts) > 1 and first == 0:
        return None, NO
    before, _, last = name.rpartition(" ")
    if handle is None and before and _is_small(last) and resembles(last, before):
        name, handle = before, last  # "Ada Lovelace ada-l"
    if handle is None:
        handle = _bare_handle(name, parts, first, columns)
    if handle is None and any(vocabulary.has(key, name) for key in ("placeholders", "unnamed")):
        return None, NO
    if not name:
        return (Attendee(handle, handle), YES) if handle else (None, NO)
    looks = looks_like_name(name)
    if handle and len(name.split()) <= _LONGEST_NAME:
        looks = YES
    elif (
        _is_sentence(text)
        or "?" in parts[first]
        or (
            len(name.split()) == 1 and any(vocabulary.has(k, name) for k in ("standing", "labels"))
        )
    ):
        looks = NO
    return Attendee(name, handle), looks


def _is_nobody(name: str, vocabulary: Vocabulary) -> bool:
    """Return whether words name a group or a role instead of a person."""
    words = name.split()
    ends = (words[0], words[-1], " ".join(words[-2:])) if len(words) > 1 else ()
    group = any(vocabulary.has("groups", end) for end in ends)
    return group or vocabulary.has("roles", name)


def _clean(part: str, vocabulary: Vocabulary) -> str:
    """Return the name in a part of a line."""
    part = HANDLE_AT_END.sub("", _URL.sub("", BRACKETS.sub("", part)))
    head, colon, behind = part.partition(":")
    initials = "".join(word[0] for word in behind.split())
    if colon and behind.strip() and (vocabulary.has("roles", head) or head.strip() == initials):
        part = behind  # "Chair: Ada", "AL: Ada Lovelace"
    part = _NAME_END.split(part.strip(" ,;:"))[0]
    words = [word.strip('*_~`"“”„') for word in part.split()]
    words = [word for word in words if re.search(r"\w", word)]
    while len(words) > 1 and vocabulary.has("titles", words[0]):
        del words[0]
    # "Ada Lovelace from London"
    for index, word in enumerate(words):
        if index and word[0].islower() and len(word) > 3 and words[0][0].isupper():
            rest = words[index + 1 :]
            if 0 < len(rest) < 3 and not any(other[0].islower() for other in rest):
                del words[index:]
            break
    # Without the end of a sentence, but with that of an initial.
    return re.sub(r"^\W+|[^\w.]+$|(?<=\w{3})\.$", "", " ".join(words))


def _bare_handle(
    name: str, parts: Sequence[str], first: int, columns: Columns | None
) -> str | None:
    """Return a handle without its ``@``, of a line that has none with it."""
    known = columns is not None and columns.handle is not None
    place = columns.handle if columns and columns.handle is not None else 1
    part = parts[place].strip(" `") if place < len(parts) and place != first else ""
    if not BARE_HANDLE.fullmatch(part):
        return None
    if resembles(part, name):
        return part
    # "Min RK / minrk / Simula"; real lists sometimes omit the "@". Without any other part,
    # or with a capital letter, it is more likely an affiliation.
    others = [other for index, other in enumerate(parts) if other and index != place]
    return part if known and _is_small(part) and len(others) > 1 else None


def _is_small(word: str) -> bool:
    """Return whether a word looks like a handle: in lowercase, or with a digit."""
    is_handle = BARE_HANDLE.fullmatch(word) is not None
    return is_handle and (word.islower() or re.search(r"\d", word) is not None)


def _is_sentence(text: str) -> bool:
    """Return whether a line says something: after the name come a colon or dash and a sentence."""
    rest = re.split(r":\s|\s[-–—]\s|\?", BRACKETS.sub("", text), maxsplit=1)
    words = rest[1].split() if len(rest) > 1 else []
    return sum(word[:1].islower() for word in words) * 2 >= _SENTENCE and "/" not in rest[0]


def looks_like_name(name: str) -> int:
    """Return whether words look like the name of a person: `NO`, `MAYBE` or `YES`.

    >>> [looks_like_name(n) for n in ("Ada Lovelace", "ada", "We met us", "Ludwig van Beethoven")]
    [2, 1, 0, 2]
    """
    words = name.split()
    if not words or len(words) > _LONGEST_NAME or re.search(r"[?!=+*#&%$\\{}]|\d{3}", name):
        return NO
    if len(words) == 1:
        if not _letters(name) or len(name) > 40:
            return NO
        return MAYBE if name[0].islower() or name[0].isdigit() or "." in name[:-1] else YES
    if any(not re.fullmatch(r"[^\W\d_][^\d_]*", word) for word in words):
        return NO
    if sum(len("".join(words_of(word))) > 1 and word.isupper() for word in words) > 1 and any(
        word[-1].islower() for word in words
    ):
        return NO  # "BA SIG Guest Languages"
    low = [word[0].islower() for word in words]
    if not low[0] and not low[-1]:
        return YES if all(len(w) < 4 for w, small in zip(words, low, strict=True) if small) else NO
    if len(words) == 2:
        return MAYBE
    return NO


# --- names ----------------------------------------------------------------------------------


def names_to_call(person: Attendee) -> frozenset[str]:
    """Return the names that may refer to an attendee as a speaker, in lowercase.

    >>> sorted(names_to_call(Attendee("Ada Lovelace", "ada-l")))
    ['ada', 'ada lovelace', 'ada-l']
    """
    name = person.name.lower()
    return frozenset({name, *name.split()[:1], (person.handle or name).lower()})
