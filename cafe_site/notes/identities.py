"""Find all names and handles of the people who asked not to be named."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.announcements import announced, calls_the_roll, may_announce
from cafe_site.notes.attendance import columns_in, lines_in, people_in
from cafe_site.notes.dialect import markdown, plain_text, text_token
from cafe_site.notes.listings import listings
from cafe_site.notes.model import Hidden
from cafe_site.notes.names import fold, words_of
from cafe_site.notes.people import several_in
from cafe_site.notes.sign_in import PROFILE, sign_in_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.names import Name
    from cafe_site.notes.people_lines import Line, Listing
    from cafe_site.vocabulary import Vocabulary

HANDLE = re.compile(
    r"(?<![\w@.+-])@(?P<handle>[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){0,38})(?!\w|\.\w)", re.I | re.A
)
_NAMED_LINK = re.compile(
    r"\[(?P<text>[^\[\]\n]{1,80})\](?:\(\s*<?|:\s*<?)(?P<address>https?://[^\s<>()]{1,200})"
)
# A name at the start of a line: letters, and what may separate them.
_LEADING = re.compile(r"[\W_]{0,20}((?:[^\W\d_]|[ \t.'’-])+)")
_HEADING = re.compile(r"[ \t>*+-]{0,12}(#{1,6})[ \t]+(.{1,200})")
_UNDERLINE = re.compile(r"[ >]{0,6}(=+|-+)[ \t]*")


# --- lists of people ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list of people."""

    name: Name
    """The name it begins with; empty if it begins with something else."""
    leading: Name
    """All words it begins with."""
    handle: str
    others: tuple[Name, ...]
    """The words of the other parts, such as an affiliation."""
    group: int = 0
    """The number of its list; negative for none."""
    proper: bool = False
    """Whether it begins with a capital letter."""

    def names_a_person(self, word: str) -> bool:
        """Return whether the row shows that a word is a first name, not only a handle."""
        return self.name[:1] == (word,) and (self.proper or self.handle not in ("", word))


def row_of(
    line: Sequence[Token], vocabulary: Vocabulary, group: int = 0, *, name_at: int = 0
) -> Row | None:
    """Read the inline tokens of a line of a list of people; return None if it has no words.

    :param name_at: which part of the line is the name

    >>> from cafe_site.vocabulary import vocabulary
    >>> line = markdown().parseInline("[Ada Byron](https://github.com/ab), Lab")[0].children
    >>> row = row_of(line, vocabulary())
    >>> row.name, row.handle
    (('ada', 'byron'), 'ab')
    """
    text = plain_text(line)
    if not re.search(r"\w", text):
        return None
    parts = sign_in_parts(text)
    if 0 < name_at < len(parts):
        parts.insert(0, parts.pop(name_at))
    elif HANDLE.fullmatch(parts[0]) and len(parts) > 2:
        # The handle comes first.
        parts = [parts[1], parts[0], *parts[2:]]
    leading = "" if HANDLE.match(parts[0].lstrip(" (<[")) else _leading(parts[0])
    handle = next(_handles(line, parts, leading, text), "")
    others = tuple(words_of(part) for part in parts[1:])
    named = _name(leading, vocabulary)
    return Row(named, words_of(leading), handle, others, group, leading[:1].isupper())


def _handles(line: Sequence[Token], parts: list[str], leading: str, text: str) -> Iterator[str]:
    """Yield the row's own handles, not those of other people it mentions."""
    for token in line:
        if found := PROFILE.fullmatch(str(token.attrs.get("href", ""))):
            yield found["handle"].lower()
    if found := HANDLE.match(parts[0].lstrip(" (<[")):
        yield found["handle"].lower()
    behind = parts[0][parts[0].find(leading) + len(leading) :] if leading else parts[0]
    for part in (behind, *parts[1:]):
        if found := HANDLE.fullmatch(part.strip(" ()[]<>,;:–-")):
            yield found["handle"].lower()
    for found in re.finditer(r"[(\[]\s*@([A-Za-z0-9-]{1,39})\s*[)\]]", text):
        yield found[1].lower()
    # "Min RK / minrk": without the "@" only if it resembles the name.
    if (
        len(parts) > 1
        and re.fullmatch(r"[a-z0-9-]{2,39}", parts[1], re.IGNORECASE | re.ASCII)
        and any(len(word) > 2 and word[:4] in parts[1].lower() for word in words_of(leading))
    ):
        yield parts[1].lower()


def _leading(part: str) -> str:
    found = _LEADING.match(unicodedata.normalize("NFC", part))
    return found[1].strip(" .'’-\t") if found else ""


def _name(leading: str, vocabulary: Vocabulary) -> Name:
    """Return the words of a name; of a sentence, only its leading capitalized words."""
    words = re.sub(r"['’]s$", "", leading, flags=re.IGNORECASE).split()
    if len(words) > 3:
        count = next((i for i, word in enumerate(words) if not word[0].isupper()), len(words))
        words = words[:count] if 1 < count <= 4 else []
    found = words_of(" ".join(words))
    if len(found) > 2 and vocabulary.has("titles", found[0]):
        found = found[1:]
    # Without initials between the first and the last.
    return (*(word for word in found[:-1] if len(word) > 1 or word == found[0]), *found[-1:])


def rows_of(text: str, vocabulary: Vocabulary, group: int = 0) -> Iterator[Row]:
    """Yield the rows of the lists of people in a file, without reading the rest of it.

    :param group: the number of the first list
    """
    for part in _attendance_parts(text.split("\n"), vocabulary):
        for listing in listings(markdown().parse(part), vocabulary):
            if listing.loose and people_in(listing, vocabulary) is None:
                continue
            # What is nested below a person's line is what they said.
            people = set(lines_in(listing, vocabulary))
            for line, row in rows_in(listing, vocabulary, group):
                if line in people:
                    several = several_in(line.tokens, vocabulary)
                    each = (row_of([text_token(one)], vocabulary, group) for one in several)
                    yield from filter(None, each) if several else (row,)
            group += 1
    for link in _NAMED_LINK.finditer(text):
        profile = PROFILE.fullmatch(link["address"])
        words = _leading(link["text"].replace("*", ""))
        if profile and len(name := _name(words, vocabulary)) > 1:
            yield Row(name, name, profile["handle"].lower(), (), -1, proper=True)


def rows_in(
    listing: Listing, vocabulary: Vocabulary, group: int = 0
) -> Iterator[tuple[Line, Row]]:
    """Yield the lines of a list with their rows."""
    columns = columns_in(listing, vocabulary)
    name_at = columns.name if columns else 0
    for line in listing.lines:
        if row := row_of(line.tokens, vocabulary, group, name_at=name_at):
            yield line, row


def _attendance_parts(lines: Sequence[str], vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the parts of a file that may contain lists of people, with their headings.

    A part begins with what announces a list, and ends with the next heading of its level.
    """
    start, above = -1, 7
    for index, line in enumerate(lines):
        heading = _HEADING.match(line)
        underline = _UNDERLINE.fullmatch(lines[index + 1]) if index + 1 < len(lines) else None
        level, title = (len(heading[1]), heading[2]) if heading else (0, "")
        if not heading and underline and line.strip():
            level, title = (1 if "=" in underline[1] else 2), line.strip(" >")
        if level and start >= 0 and level <= above:
            yield _unindented(lines[start:index])
            start = -1
        if start >= 0 or not may_announce(line, vocabulary):
            continue
        if not level:
            start, above = index, 7
            continue
        title = plain_text(markdown().parseInline(title)[0].children)
        if announced(title, vocabulary) or calls_the_roll(title, vocabulary):
            start, above = index, level
    if start >= 0:
        yield _unindented(lines[start:])


def _unindented(lines: Sequence[str]) -> str:
    """Return lines without the indentation of the first, which may be that of a list."""
    space = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[space:] if not line[:space].strip() else line for line in lines)


# --- who is who -----------------------------------------------------------------------------


def forms(entry: str) -> tuple[str, ...]:
    """Return the forms of one person in an entry of `hide_people`.

    >>> forms("Ada Lovelace / ada-l"), forms("https://github.com/ada-l")
    (('Ada Lovelace', 'ada-l'), ('@ada-l',))
    """
    if found := PROFILE.fullmatch(entry.strip()):
        return (f"@{found['handle']}",)
    return tuple(form for part in entry.split("/") if (form := " ".join(part.split())))


class _Archive:
    """The rows of all lists of people."""

    def __init__(self, texts: Iterable[str], vocabulary: Vocabulary) -> None:
        self.rows: list[Row] = []
        self.handles: set[str] = set()
        group = 0
        for text in texts:
            rows = list(rows_of(text, vocabulary, group + 1))
            group = max((row.group for row in rows), default=group)
            self.rows.extend(rows)
            self.handles |= {found["handle"].lower() for found in HANDLE.finditer(text)}
        self.handles |= {row.handle for row in self.rows} - {""}
        affiliations = {part for row in self.rows for part in row.others}
        handles: dict[Name, set[str]] = {}
        for row in self.rows:
            handles.setdefault(row.name, set()).update({row.handle} - {""})
        # Only names of people: not an affiliation, nor words such as "New here".
        self.names = {
            name
            for name, found in handles.items()
            if 0 < len(name) <= 4 and len(found) < 3 and name not in affiliations
        }


class _Person:
    """All that an entry and the archive reveal about one person."""

    def __init__(self, entry: str, archive: _Archive) -> None:
        self.names: set[Name] = set()
        self.handles: set[str] = set()
        self.words: set[str] = set()
        self.asked: set[str] = set()
        found = forms(entry)
        for form in found:
            if form.startswith("@"):
                self.handles.add(form[1:].lower())
            elif len(words := words_of(form)) > 1 and " " in form:
                self.names.add(words)
            elif words:
                # It may be a handle or a name.
                self.handles.add(fold(form))
                if _may_be_name(form, archive):
                    self.asked.add(fold(form))
                    if len(found) == 1 and form.lower() not in archive.handles:
                        self._add_handle_of(fold(form), archive)
        size = -1
        while size != (size := len(self.names) + len(self.handles) + len(self.words)):
            for row in archive.rows:
                if self._owns(row):
                    self._add(row, archive)
            self._add_first_names(archive)
        for name in self.names:
            self.words |= {word for word in (name[0], name[-1]) if len(word) > 2}

    def _owns(self, row: Row) -> bool:
        return row.handle in self.handles or row.name in self.names

    def _add(self, row: Row, archive: _Archive) -> None:
        self.handles |= {row.handle} - {""}
        if row.name not in archive.names:
            return
        if len(row.name) > 1:
            self.names.add(row.name)
        elif row.names_a_person(row.name[0]):
            self.words.add(row.name[0])

    def _add_handle_of(self, word: str, archive: _Archive) -> None:
        """Add the handle that a one-word name always occurs with."""
        handles = {row.handle for row in archive.rows if row.name == (word,)} - {""}
        if len(handles) == 1:
            self.handles |= handles

    def _add_first_names(self, archive: _Archive) -> None:
        """Add rows with the first name, if only one person in the archive has it."""
        own = [row for row in archive.rows if self._owns(row)]
        groups = {row.group for row in own} - {-1}
        handles = self.handles & archive.handles
        for word in {name[0] for name in self.names} | self.words:
            others = [r for r in archive.rows if r.name[:1] == (word,) and not self._owns(r)]
            names = self.names | {row.name for row in others if len(row.name) > 1}
            found = handles | ({row.handle for row in others} - {""})
            alone = len(names) < 2 and len(found) < 2 and names <= self.names | archive.names
            # Two rows of one list are two people.
            if alone and not any(row.group in groups for row in others):
                self.names |= names
                self.handles |= found


def _may_be_name(form: str, archive: _Archive) -> bool:
    """Return whether a single word is, or may be, a name and not only a handle."""
    if any(row.names_a_person(fold(form)) for row in archive.rows):
        return True
    return form.lower() not in archive.handles and form[0].isupper() and form.isalpha()


def who_is_hidden(entries: Iterable[str], texts: Iterable[str], vocabulary: Vocabulary) -> Hidden:
    """Find all names and handles of the people who asked not to be named.

    :param entries: handles, names, or several forms of one person separated by ``/``
    :param texts: all files of notes
    :param vocabulary: the words that structure the notes

    A line of a list of people that has one of the forms and another one connects the two,
    in any file, and so does a link to a profile. A first name alone connects them only if
    it cannot refer to anybody else in the archive.

    >>> from cafe_site.vocabulary import vocabulary
    >>> archive = ["### Check-in\\n\\n- Ada Lovelace / @ada-l\\n- Ada Byron / @byron\\n"]
    >>> found = who_is_hidden(["ada lovelace"], archive, vocabulary())
    >>> sorted(found.handles), sorted(found.shared)
    (['ada-l'], ['ada'])
    """
    wanted = [entry for entry in sorted(set(entries)) if entry.strip()]
    if not wanted:
        return Hidden()
    archive = _Archive(texts, vocabulary)
    people = [_Person(entry, archive) for entry in wanted]
    names = {name for person in people for name in person.names}
    handles = {handle for person in people for handle in person.handles}
    asked = {word for person in people for word in person.asked}
    words = {word for person in people for word in person.words} | asked
    others = [
        row
        for row in archive.rows
        # "Guests Ada Lovelace" is not somebody else's name.
        if not any(f" {' '.join(name)} " in f" {' '.join(row.leading)} " for name in names)
        and row.name not in names
        and row.handle not in handles
        # A first name alone may belong to either.
        and (row.handle or row.name[1:] or not words.intersection(row.name))
    ]
    words |= {handle for handle in handles if any(row.names_a_person(handle) for row in others)}
    keep = {" ".join(row.name) for row in others if row.name[1:] and words.intersection(row.name)}
    keep |= {
        handle
        for handle in archive.handles - handles
        if "-" in handle and handles.intersection(handle.split("-"))
    }
    return Hidden(
        names=frozenset(" ".join(name) for name in names),
        handles=frozenset(handles),
        words=frozenset(words),
        asked=frozenset(asked),
        shared=frozenset(words.intersection(word for row in others for word in row.name)),
        others=frozenset(keep),
    )
