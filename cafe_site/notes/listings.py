"""Find the lists in a meeting's notes that are announced as lists of people."""

from __future__ import annotations

import re
from dataclasses import replace
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
from cafe_site.notes.inline_text import EDGE, joined, lines_of
from cafe_site.notes.people import signed
from cafe_site.notes.people_labels import LABEL, at_labels, read_label
from cafe_site.notes.people_lines import Line, Listing, part_of, pieces_of
from cafe_site.notes.people_tables import cells_of, line_of, names_people
from cafe_site.notes.sign_in import Columns, columns_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

# A longer paragraph is not a list of people.
_LONG_TEXT = 3000
# Above a list that is not one of people, even below the heading of one.
_OTHER_LISTS = ("agenda", "notes", "reports", "actions", "decisions")
# "Ada Lovelace (AL)"
_INITIALS = re.compile(r"(?P<name>[^\W\d_][^()]{2,50}?) ?\((?P<initials>[^\W\d_]{2,4})\)\.?")
_FEWEST_INITIALS = 3
# With the empty one at the end of a code block.
_SEVERAL_LINES = 3


def _initials(name: str) -> str:
    return "".join(word[0] for word in re.split(r"[\s-]+", name.strip()) if word).upper()


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
                last.lines.append(
                    part_of(self._tokens, index, 0, len("".join(map(joined, children))))
                )
            elif self._paragraphs:
                self._paragraphs -= 1
                self._people_below(index, self._expected)

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
        if any(has("other_date", word) for word in text.split()):
            return False  # "Next meeting:"
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
            for piece in pieces_of(text, *line, self._vocabulary)
        ]
        found = [_INITIALS.fullmatch(text[first:last]) for first, last in pieces]
        sure = [one for one in found if one and one["initials"] == _initials(one["name"])]
        if all(found) and len(sure) >= max(_FEWEST_INITIALS, 0.75 * len(found)):
            self._group += 1
            listing = self._start(PRESENT, index - 1, end=index + 2, loose=True)
            listing.lines += [part_of(self._tokens, index, *piece) for piece in pieces]

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
            kind, behind, ends = read_label(text, first, last, self._vocabulary, whole=True)
            if ends or kind == ABSENT:
                break
            first = behind if kind else first
            # "Ada Byron / Mill" in a line of its own
            pieces = (
                pieces_of(text, first, last, self._vocabulary)
                if single or "," in line
                else [(first, last)]
            )
            for start, end in pieces:
                piece = text[start:end]
                one = hidden_text() if hidden_word() in piece else text_token(piece)
                found.lines.append(Line(index, (one,), (start, end)))
            first = last

    def _people_below(self, index: int, kind: str) -> None:
        """Read a paragraph below what announces people."""
        inline = self._tokens[index]
        text = "".join(map(joined, inline.children or ()))
        lines = lines_of(text, inline.children or ())
        found = self._start(kind, index - 1, end=index + 2, loose=True)
        spans = lines if len(lines) > 1 else pieces_of(text, *lines[0], self._vocabulary)
        # "Voters:" is not one of them.
        spans = [span for span in spans if not text[slice(*span)].rstrip(f"{EDGE} ").endswith(":")]
        found.lines += [part_of(self._tokens, index, first, last) for first, last in spans]

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
        for first, last in (
            part for line in lines for part in at_labels(text, *line, self._vocabulary)
        ):
            kind, behind, ends = read_label(text, first, last, self._vocabulary, whole=whole)
            if kind:
                some = True
                self._group += 1
                found = self._start(kind, index - 1, end=index + 2)
                spans = pieces_of(text, behind, last, self._vocabulary)
            elif ends:
                found = None
            if found is None:
                continue
            if not kind:
                # One person, or the rest of an enumeration.
                spans = [(first, last)]
                if (found.lines and "," in text[first:last]) or "\n" in text[first:last]:
                    spans = pieces_of(text, first, last, self._vocabulary)
            found.lines += [part_of(self._tokens, index, *span) for span in spans]
        if found is not None and not found.lines:
            self._found.remove(found)
            return found.kind
        return "" if some else None

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
            elif token.type == "paragraph_open" and label and tokens[index - 1].nesting < 0:
                # "- **Present**", and below it the people in a paragraph of their own
                self._group += 1
                self._people_below(index + 1, label)
                label = ""
            index += 1
        self._pass()
        return index + 1

    def _item(self, index: int, listing: Listing | None, depth: int) -> str:
        """Read the first line of an item; return what it announces that is nested below it."""
        item, inline = self._tokens[index], self._tokens[index + 2]
        children = inline.children or ()
        text = plain_text(children)
        if self._tokens[index + 4].type in _LISTS and not LABEL.search(text):
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
        start = index
        rows, header, index = cells_of(tokens, index)
        titles = [plain_text(tokens[cell].children) for cell in rows[0]] if rows else []
        kinds = [announced(title, self._vocabulary) for title in titles]
        own = kinds[0] if kinds and len(rows) > 1 else None
        if PRESENT in kinds and any(self._vocabulary.has("names", title) for title in titles):
            own = PRESENT
        if own and len(titles) == 2 and all(len(row) == 2 for row in rows[1:]):
            # A table of labels has them in all rows: "| Present | Ada, Bob |".
            seconds = names_people(tokens, rows[0][1], self._vocabulary)
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
                found.lines.append(line_of(tokens, row, marks, self._vocabulary))
        else:
            for row in rows:
                kind = announced(plain_text(tokens[row[0]].children), self._vocabulary)
                if kind and len(row) > 1:
                    self._group += 1
                    children = tokens[row[1]].children or ()
                    text = "".join(map(joined, children))
                    found = self._start(kind, start, end=index + 1)
                    spans = pieces_of(text, 0, len(text), self._vocabulary)
                    found.lines += [part_of(self._tokens, row[1], *span) for span in spans]
        self._pass()
        return index + 1


_LISTS = ("bullet_list_open", "ordered_list_open")
_LISTS_CLOSE = ("bullet_list_close", "ordered_list_close")
