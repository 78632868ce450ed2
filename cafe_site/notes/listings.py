"""Find the lists in a meeting's notes that are announced as lists of people."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cafe_site.notes.announcements import (
    ABSENT,
    LONGEST_LABEL,
    PRESENT,
    announced,
    calls_the_roll,
    may_announce,
)
from cafe_site.notes.dialect import hidden_text, hidden_word, plain_text, text_token
from cafe_site.notes.inline_text import EDGE, between, between_links, joined, lines_of
from cafe_site.notes.people import looks_like_name, signed
from cafe_site.notes.sign_in import Columns, columns_of, separators

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

_LABEL = re.compile(r"(?P<label>[^:：\n]{1,60}?)(?:\s?(?P<colon>[:：])(?!/)|\s[-–—]\s)")
_INNER_LABEL = re.compile(
    rf"[;|.,]?\s{{1,3}}(?P<start>{EDGE}{{0,2}}(?P<label>[^\W\d_][^:：;|,.\n{EDGE}]{{1,40}}){EDGE}?\s?[:：])"
)
# A longer paragraph is not a list of people.
_LONG_TEXT = 3000
# Above a list that is not one of people, even below the heading of one.
_OTHER_LISTS = ("standing", "agenda", "notes", "reports", "actions", "decisions")
# "Ada Lovelace (AL)"
_INITIALS = re.compile(r"(?P<name>[^\W\d_][^()]{2,50}?) ?\((?P<initials>[^\W\d_]{2,4})\)\.?")
_FEWEST_INITIALS = 3
# With the empty one at the end of a code block.
_SEVERAL_LINES = 3
# In a column that says who was there.
_LONGEST_MARK = 12
_NO = ("no", ABSENT)


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.split(r"[\s-]+", name.strip()) if word).upper()


# Compared by identity: two lines may say the same.
@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of a list of people, or the part of one that is about one person."""

    index: int
    """The index of its inline token; of the first one of a row of a table."""
    tokens: tuple[Token, ...]
    """Its inline tokens; bars separate the cells of a row."""
    span: tuple[int, int] | None = None
    """Its part of the `joined` text of the inline token, if it is not all of it."""
    cells: tuple[int, ...] = ()
    """The indexes of the inline tokens of the further cells of its row."""
    depth: int = 1
    """The number of lists of this list of people that it is nested in."""
    checked: bool | None = None
    """Whether its box is checked, if it has one."""


@dataclass(slots=True)
class Listing:
    """A list that notes announce as one of people; it need not be one."""

    kind: str
    start: int
    """The index of its first token."""
    end: int = 0
    """The index after its last token."""
    lines: list[Line] = field(default_factory=list)
    group: int = 0
    """What announced it; only the first list of people of a group is one."""
    columns: Columns | None = None
    separate: bool = False
    """Whether it is a list or a table of its own, not part of a paragraph."""
    loose: bool = False
    """Whether it need not be one of people at all: a paragraph below a heading."""


# --- the lists ------------------------------------------------------------------------------


def listings(tokens: Sequence[Token], vocabulary: Vocabulary) -> list[Listing]:
    """Return all lists that notes announce as lists of people, in order.

    These are, below a heading or a label that announces people, or a sentence that calls the
    roll: lists, tables, and lines of a paragraph; what follows such a label in its line; the
    items nested below one that is such a label; and tables with such a header.
    """
    return _Finder(tokens, vocabulary).find()


class _Finder:
    def __init__(self, tokens: Sequence[Token], vocabulary: Vocabulary) -> None:
        self._tokens = tokens
        self._vocabulary = vocabulary
        self._found: list[Listing] = []
        self._group = 0
        # The heading that announces people: its level, 7 for none, and their kind.
        self._level, self._section = 7, ""
        # What the next list is expected to be.
        self._expected = ""
        # Whether a label or a sentence has announced it.
        self._called = False
        # How many paragraphs may still name people: one may explain the list.
        self._paragraphs = 0
        # Whether headings below that of the people have lists of their own; None if unknown.
        self._grouped: bool | None = None
        # The same for short lines: "Board:", "Staff:".
        self._titled: bool | None = None
        self._columns: Columns | None = None

    def find(self) -> list[Listing]:
        tokens = self._tokens
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "heading_open":
                self._heading(index)
            elif token.type == "paragraph_open" and tokens[index + 1].type == "inline":
                self._paragraph(index + 1)
            elif token.type in ("code_block", "fence"):
                self._code(index)
            elif token.type in _LISTS:
                index = self._list(index)
                continue
            elif token.type == "table_open":
                index = self._table(index)
                continue
            index += 1
        return self._found

    def _heading(self, index: int) -> None:
        token = self._tokens[index]
        level, title = int(token.tag[1]), plain_text(self._tokens[index + 1].children)
        kind = announced(title, self._vocabulary)
        self._columns = None
        if kind is None and calls_the_roll(title, self._vocabulary):
            kind = PRESENT
        if kind:
            if level <= self._level:
                self._level, self._section = level, kind
            self._announce(kind)
            self._grouped = None
        elif level <= self._level or self._ends_section(title):
            self._level, self._section, self._expected = 7, "", ""
        else:
            # The list may be in parts, such as one for each room.
            self._grouped = self._grouped is not False
            self._announce(self._section if self._grouped else "")
        self._called = False

    def _ends_section(self, title: str) -> bool:
        """Return whether a heading below that of the people is not about them."""
        has = self._vocabulary.has
        return has("standing", title) and not has("agenda", title)

    def _announce(self, kind: str) -> None:
        self._group += 1
        self._expected, self._paragraphs, self._titled = kind, 2, None

    def _start(self, kind: str, index: int, **values: object) -> Listing:
        found = Listing(kind, index, group=self._group, columns=self._columns)
        for name, value in values.items():
            setattr(found, name, value)
        self._found.append(found)
        return found

    def _pass(self) -> None:
        """Note that a list or a table is over."""
        self._columns = None
        self._titled = bool(self._titled)
        self._grouped = bool(self._grouped)
        if self._called:
            self._expected, self._called, self._paragraphs = self._section, False, 0

    # --- paragraphs -----------------------------------------------------------------------

    def _paragraph(self, index: int) -> None:
        inline = self._tokens[index]
        children, known = inline.children or (), may_announce(inline.content, self._vocabulary)
        if not known and not self._expected:
            if not self._found:
                self._with_initials(index)
            return
        text = plain_text(children)
        columns = None
        if self._expected and len(text) < _LONG_TEXT:
            columns = signed(children, self._vocabulary).columns
            self._columns = columns or self._columns
        if known and (kind := self._labels(index)) is not None:
            if kind:
                # A label on its own announces what follows it at once.
                self._announce(kind)
                self._called = True
            elif self._called:
                self._pass()
        elif known and calls_the_roll(text, self._vocabulary):
            self._announce(PRESENT)
            self._called, self._paragraphs = True, 0
        elif self._expected and self._is_title(index, text):
            if self._titled is None:
                self._titled = True
            if self._titled:
                self._group += 1
        elif self._expected and not columns and len(text) < _LONG_TEXT:
            last = self._found[-1] if self._found else None
            follows = last is not None and last.end == index - 1 and len(text) <= LONGEST_LABEL
            if (
                last
                and last.loose
                and follows
                and self._tokens[last.start].type == "paragraph_open"
            ):
                # One paragraph for each person, up to the next heading that is not marked up.
                has = self._vocabulary.has
                if has("standing", text) or has("agenda", text):
                    self._expected = ""
                    return
                last.end = index + 2
                last.lines.append(self._part(index, 0, len("".join(map(joined, children)))))
            elif self._paragraphs:
                self._paragraphs -= 1
                self._people_below(index)

    def _is_title(self, index: int, text: str) -> bool:
        """Return whether a paragraph is the title of the list that follows it."""
        children = list(self._tokens[index].children or ())
        follows = [token.type for token in self._tokens[index + 2 : index + 3]]
        if follows not in (["bullet_list_open"], ["ordered_list_open"], ["table_open"]):
            return False
        marked = bool(children) and children[0].type == "strong_open"
        marked = marked and children[-1].type == "strong_close"
        has = self._vocabulary.has
        if len(text) > LONGEST_LABEL or any(has(key, text) for key in _OTHER_LISTS):
            return False
        return "\n" not in text and (marked or text.endswith(":") or text.isalpha())

    def _with_initials(self, index: int) -> None:
        """Read a paragraph of people with their initials, which needs no announcement.

        Notes use them for who said what: ``Ada Lovelace (AL), Bob Byron (BB), Carl Roe (CR)``.
        """
        inline = self._tokens[index]
        if not inline.content.count("(") >= _FEWEST_INITIALS or len(inline.content) > _LONG_TEXT:
            return
        text = "".join(map(joined, inline.children or ()))
        pieces = [
            piece
            for line in lines_of(text, inline.children or ())
            for piece in self._pieces(text, *line)
        ]
        found = [_INITIALS.fullmatch(text[first:last]) for first, last in pieces]
        sure = [one for one in found if one and one["initials"] == _initials(one["name"])]
        if all(found) and len(sure) >= max(_FEWEST_INITIALS, 0.75 * len(found)):
            self._group += 1
            listing = self._start(PRESENT, index - 1, end=index + 2, loose=True)
            listing.lines += [self._part(index, *piece) for piece in pieces]

    def _code(self, index: int) -> None:
        """Read a code block right below what announces people: an indented paragraph."""
        token = self._tokens[index]
        before = self._found[-1].group if self._found else 0
        if not self._expected or before == self._group or len(token.content) > _LONG_TEXT:
            return
        found = self._start(self._expected, index, end=index + 1, loose=True)
        self._paragraphs = 0
        text, first = token.content, 0
        single = len(text.split("\n")) < _SEVERAL_LINES
        for line in text.splitlines(keepends=True):
            last = first + len(line)
            kind, behind, ends = self._label(text, first, last, whole=True)
            if ends or kind == ABSENT:
                break
            first = behind if kind else first
            # "Ada Byron / Mill" in a line of its own
            pieces = self._pieces(text, first, last) if single or "," in line else [(first, last)]
            for start, end in pieces:
                piece = text[start:end]
                one = hidden_text() if hidden_word() in piece else text_token(piece)
                found.lines.append(Line(index, (one,), (start, end)))
            first = last

    def _people_below(self, index: int) -> None:
        """Read a paragraph below what announces people."""
        inline = self._tokens[index]
        text = "".join(map(joined, inline.children or ()))
        lines = lines_of(text, inline.children or ())
        found = self._start(self._expected, index - 1, end=index + 2, loose=True)
        spans = lines if len(lines) > 1 else self._pieces(text, *lines[0])
        # "Voters:" is not one of them.
        spans = [span for span in spans if not text[slice(*span)].rstrip(f"{EDGE} ").endswith(":")]
        found.lines += [self._part(index, first, last) for first, last in spans]

    def _labels(self, index: int, *, whole: bool = False) -> str | None:
        """Read the lines of a paragraph that begin with a label, and those below such a line.

        Return what the last label announces if nothing follows it, an empty string if
        something does, and None if there is no label.
        """
        inline = self._tokens[index]
        if not may_announce(inline.content, self._vocabulary):
            return None
        text = "".join(map(joined, inline.children or ()))
        found: Listing | None = None
        some = False
        lines = lines_of(text, inline.children or ())
        for first, last in (part for line in lines for part in self._at_labels(text, *line)):
            kind, behind, ends = self._label(text, first, last, whole)
            if kind:
                some = True
                self._group += 1
                found = self._start(kind, index - 1, end=index + 2)
                spans = self._pieces(text, behind, last)
            elif ends:
                found = None
            if found is None:
                continue
            if not kind:
                # One person, or the rest of an enumeration.
                spans = [(first, last)]
                if (found.lines and "," in text[first:last]) or "\n" in text[first:last]:
                    spans = self._pieces(text, first, last)
            found.lines += [self._part(index, *span) for span in spans]
        if found is not None and not found.lines:
            self._found.remove(found)
            return found.kind
        return "" if some else None

    def _at_labels(self, text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Yield a line in parts if it has more than one label: ``Present: … Regrets: …``."""
        for label in _INNER_LABEL.finditer(text, first + 1, last):
            # "Not attending: …" has one label only.
            begins = label["start"] != label[0].lstrip() or ":" in text[first : label.start()]
            if begins and announced(label["label"], self._vocabulary, whole=True):
                yield first, label.start()
                first = label.start("start")
        yield first, last

    def _label(
        self, text: str, first: int, last: int, whole: bool
    ) -> tuple[str | None, int, bool]:
        """Read the label that a line begins with.

        Return what it announces, where it ends, and whether it is a label of something else.
        """
        label = _LABEL.match(text, first, last)
        if label:
            title, behind = label["label"].replace(EDGE, "").strip(), label.end()
            kind = announced(title, self._vocabulary)
            other = label["colon"] and not kind and not self._vocabulary.has("roles", title)
            if kind or other or label["colon"]:
                return kind, behind, bool(other)
        if text.startswith(EDGE, first):
            # "**Present** Ada and Bob"
            end = text.find(EDGE, first + 1, min(last, first + LONGEST_LABEL))
            if end > 0 and (kind := announced(text[first + 1 : end], self._vocabulary)):
                return kind, end, False
        line = text[first:last].replace(EDGE, "").strip()
        if len(line) <= LONGEST_LABEL:
            kind = announced(line, self._vocabulary, whole=whole)
            return kind, last if kind else first, False
        return None, first, False

    def _pieces(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        """Return the parts of a line that are one person each."""
        line = text[start:end]
        plain = line.replace(EDGE, " ").replace("\n", " ")
        cuts = [*separators(plain, self._vocabulary), *between_links(line)]
        result, first = [], 0
        for before, behind in [*sorted(cuts), (len(line), len(line))]:
            if before >= first and (piece := plain[first:before].strip()):
                begins = start + first + plain[first:before].index(piece)
                result.append((begins, begins + len(piece)))
            first = max(first, behind)
        return result

    def _part(self, index: int, start: int, end: int) -> Line:
        children = self._tokens[index].children or ()
        return Line(index, between(children, start, end), (start, end))

    # --- lists ----------------------------------------------------------------------------

    def _list(self, index: int) -> int:
        """Read a list and all lists in it; return the index after it."""
        tokens = self._tokens
        contexts: list[Listing | None] = []
        depths: list[int] = []
        label = ""  # what the item announces that the next list is nested in
        while True:
            token = tokens[index]
            if token.type in _LISTS:
                outer = contexts[-1] if contexts else None
                if label or (not contexts and self._expected):
                    if label:
                        self._group += 1
                    found = self._start(label or self._expected, index, separate=not contexts)
                    contexts.append(found)
                    depths.append(1)
                elif not contexts and self._section:
                    # Privacy covers all lists of the section.
                    contexts.append(self._start(self._section, index, group=-1))
                    depths.append(1)
                else:
                    contexts.append(outer)
                    depths.append((depths[-1] if depths else 0) + 1)
                label = ""
            elif token.type in _LISTS_CLOSE:
                listing = contexts.pop()
                depths.pop()
                label = ""
                if listing and listing not in contexts:
                    listing.end = index + 1
                if not contexts:
                    break
            elif token.type == "list_item_open":
                label = ""
                if tokens[index + 1].type == "paragraph_open":
                    label = self._item(index, contexts[-1], depths[-1])
            index += 1
        self._pass()
        return index + 1

    def _item(self, index: int, listing: Listing | None, depth: int) -> str:
        """Read the first line of an item; return what it announces that is nested below it."""
        item, inline = self._tokens[index], self._tokens[index + 2]
        children = inline.children or ()
        text = plain_text(children)
        if self._tokens[index + 4].type in _LISTS and not _LABEL.search(text):
            # "Opening and roll call"
            kind = announced(text, self._vocabulary, whole=True)
        else:
            kind = self._labels(index + 2, whole=True)
        if kind is not None:
            return kind
        if listing is not None:
            line = Line(index + 2, tuple(children), depth=depth, checked=item.meta.get("checked"))
            listing.lines.append(line)
        return ""

    # --- tables ---------------------------------------------------------------------------

    def _table(self, index: int) -> int:
        """Read a table; return the index after it."""
        tokens = self._tokens
        rows: list[list[int]] = []
        start, header = index, 0
        while tokens[index].type != "table_close":
            token = tokens[index]
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(index)
            elif token.type == "thead_close":
                header = len(rows)
            index += 1
        titles = [plain_text(tokens[cell].children) for cell in rows[0]] if rows else []
        kinds = [announced(title, self._vocabulary) for title in titles]
        own = kinds[0] if kinds and len(rows) > 1 else None
        if PRESENT in kinds and any(self._vocabulary.has("names", title) for title in titles):
            own = PRESENT
        if own and len(titles) == 2 and all(len(row) == 2 for row in rows[1:]):
            # A table of labels has them in all rows: "| Present | Ada, Bob |".
            seconds = self._names(rows[0][1])
            own = None if seconds else own
        if self._expected or own:
            if own:
                self._group += 1
            columns = columns_of(titles, self._vocabulary)
            if own and not any(self._vocabulary.has("names", title) for title in titles):
                columns = replace(columns, name=0)
            found = self._start(
                own or self._expected, start, end=index + 1, separate=True, columns=columns
            )
            marks = {i: kind for i, kind in enumerate(kinds) if kind and i != columns.name}
            for row in rows[header:]:
                found.lines.append(self._row(row, marks))
        else:
            for row in rows:
                kind = announced(plain_text(tokens[row[0]].children), self._vocabulary)
                if kind and len(row) > 1:
                    self._group += 1
                    children = tokens[row[1]].children or ()
                    text = "".join(map(joined, children))
                    found = self._start(kind, start, end=index + 1)
                    spans = self._pieces(text, 0, len(text))
                    found.lines += [self._part(row[1], *span) for span in spans]
        self._pass()
        return index + 1

    def _names(self, cell: int) -> bool:
        children = self._tokens[cell].children or ()
        text = "".join(map(joined, children))
        parts = [text[a:b].replace(EDGE, "") for a, b in self._pieces(text, 0, len(text))]
        return len(parts) > 1 and all(looks_like_name(part) for part in parts)

    def _row(self, row: Sequence[int], marks: Mapping[int, str]) -> Line:
        line: list[Token] = []
        checked: bool | None = None
        for number, cell in enumerate(row):
            children = self._tokens[cell].children or ()
            if number in marks:
                mark = plain_text(children)
                if len(mark) <= _LONGEST_MARK:
                    yes = re.search(r"[^\W_0]|[✓✔☑✅👍+]", mark) is not None
                    yes = yes and not any(self._vocabulary.has(key, mark) for key in _NO)
                    if marks[number] != ABSENT:
                        checked = yes
                    elif yes:
                        checked = False
                    children = ()
            line += ([text_token(" | ")] if number else []) + list(children)
        return Line(row[0], tuple(line), cells=tuple(row[1:]), checked=checked)


_LISTS = ("bullet_list_open", "ordered_list_open")
_LISTS_CLOSE = ("bullet_list_close", "ordered_list_close")
