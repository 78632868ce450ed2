"""Outcomes of a meeting: its decisions and action items."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cafe_site.notes.dialect import hidden_word, is_hidden, plain_text
from cafe_site.notes.model import Attendee, Outcome
from cafe_site.notes.outcome_lines import (
    ACTION,
    DECISION,
    EITHER,
    box,
    inner_label,
    is_decided,
    kind_of,
    label_of,
    mentions_outcomes,
    says_nothing,
    starts_decided,
)
from cafe_site.notes.owners import (
    assigned_to,
    handed_to,
    names_in,
    owners_of,
    people_in,
    perhaps_assigned_to,
)
from cafe_site.notes.parts import AGENDA, in_parts
from cafe_site.notes.speakers import is_known, known_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

# A paragraph of more than this tells what was said.
_MAX_SENTENCE = 200
# A paragraph below a label has no more than this.
_MAX_STATEMENT = 300
# The name of a group of items has no more words than this.
_MAX_GROUP = 4
_PROFILE = re.compile(r"https?://(?:www\.)?github\.com/[A-Za-z0-9-]{1,39}/?", re.IGNORECASE)
# Bullets that are typed within a paragraph.
_BULLET = re.compile(r"\s*(?:[•·▪‣➢→►*–—-]|\d{1,2}[.)])\s+(?=\S)")


@dataclass(slots=True)
class _Announced:
    """What a heading or a label announces for the list below it."""

    kind: str = ""
    owner: str = ""


@dataclass(slots=True)
class _Item:
    """An open list item."""

    announced: _Announced
    checked: bool | None
    leaf: bool
    """Whether it has no list of its own."""
    is_first: bool = True
    """Whether its first line has not been read."""


def outcomes(
    body: Sequence[Token],
    anchor: str,
    people: range | None,
    names: frozenset[str],
    words: Vocabulary,
) -> tuple[tuple[Outcome, ...], tuple[Outcome, ...]]:
    """Return the decisions and actions of a meeting, in the order of its notes, and those that
    are actions if their owners are people whom other meetings of the series know.

    - A line that begins with a label such as *Decision:*, **Action (Ada):** or *TODO*.
    - Each item of a list below a heading, a line or an item that is only such a word;
      what is nested in the item belongs to it. Likewise the rows of a table.
    - A sentence that begins with words such as *we agreed to*.
    - *Ada to …* and *Ada will …* on a line of its own, if the meeting knows Ada.
    - An item with a task box that is not part of a list of people or an agenda.

    :param anchor: the meeting's own anchor
    :param people: the tokens that are the list of people
    :param names: what the people at the meeting may be called, see `known_names`
    """
    found = _Reader(body, names | _linked_people(body), words)
    certain = tuple(found.read(anchor, people or range(0)))
    return certain, tuple(found.candidates)


class _Reader:
    def __init__(self, body: Sequence[Token], names: frozenset[str], words: Vocabulary) -> None:
        self._body = body
        self._names = names
        self._words = words
        self._leaves = _leaves(body)
        self._section = _Announced()
        # Whether what is below it is rather an agenda.
        self._has_agenda = False
        # The level of the heading that announced it.
        self._level = 7
        # The level of a heading that only mentions such a word: *Review of action items*.
        self._about = 7
        self._top = min(
            (int(t.tag[1]) for t in body if t.type == "heading_open" and not t.level), default=7
        )
        self._may_have_boxes = True
        # Announced by the line above, for a list at the same depth.
        self._pending: tuple[int, _Announced] | None = None
        # The same, for a paragraph.
        self._above: tuple[int, _Announced] | None = None
        self._lists: list[_Announced] = []
        self._items: list[_Item] = []
        self._in_heading = False
        self._part = AGENDA
        # What the last line may be.
        self._perhaps: Outcome | None = None
        self.candidates: list[Outcome] = []

    def read(self, anchor: str, people: range) -> Iterator[Outcome]:
        rows = 0
        for index, (place, part, token) in enumerate(in_parts(self._body, anchor, self._words)):
            self._part = part
            kind = token.type
            if index < rows or index in people:
                continue
            if kind == "table_open":
                rows = index + 1
                while self._body[rows - 1].type != "table_close":
                    rows += 1
                yield from self._table(index, rows, place)
            elif kind in ("heading_open", "heading_close"):
                self._in_heading = kind == "heading_open"
                if self._in_heading and not token.level:
                    self._heading(index)
            elif kind in ("bullet_list_open", "ordered_list_open"):
                self._lists.append(self._announced(index))
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self._lists.pop()
            elif kind == "list_item_open":
                checked = bool(token.meta["checked"]) if "checked" in token.meta else None
                self._items.append(_Item(self._lists[-1], checked, index in self._leaves))
            elif kind == "list_item_close":
                self._items.pop()
            elif kind == "paragraph_open":
                self._above, self._pending = self._pending, None
            elif kind == "inline" and token.children and not self._in_heading:
                yield from self._inline(token, place)

    def _heading(self, index: int) -> None:
        level, words = int(self._body[index].tag[1]), self._words
        title = plain_text(self._body[index + 1].children)
        kind = kind_of(title, words)
        parts = ("agenda", "notes", "attendees", "absent", "standing")
        other = any(words.has(key, title) for key in parts)
        if kind:
            self._section, self._level = _Announced(kind), level
        elif level <= self._level or other:
            self._section, self._level = _Announced(), 7
        elif self._section.kind:
            owners = people_in(title, self._names, words)
            self._section = _Announced(self._section.kind, ", ".join(owners))
        if mentions_outcomes(title, words):
            self._about = level
        elif level <= self._about:
            self._about = 7
        self._has_agenda = bool(self._section.kind) and self._is_agenda(index, 0)
        keys = ("agenda", "notes", "attendees", "absent", "roles")
        self._may_have_boxes = not any(words.has(key, title) for key in keys)
        self._pending = None

    def _announced(self, index: int) -> _Announced:
        """Return what the line or the heading above a list announces for it."""
        level = self._body[index].level
        pending, self._pending = self._pending, None
        if pending is not None and pending[0] == level:
            return _Announced() if self._is_agenda(index, level) else pending[1]
        return _Announced() if level or self._has_agenda else self._section

    def _is_agenda(self, start: int, level: int) -> bool:
        """Return whether most items of a list have a list of their own and nobody in charge.

        What is discussed in such a list is not what came out of it. The lists below
        a heading count as one, as numbers and bullets make several of one.
        """
        items = with_notes = 0
        is_list = self._body[start].type != "heading_open"
        for number in range(start + 1, len(self._body)):
            token = self._body[number]
            closes = token.nesting < 0 if is_list else token.type == "heading_open"
            if token.level == level and closes:
                break
            if token.type == "list_item_open" and token.level == level + 1:
                items += 1
                line = self._body[number + 2] if number + 2 < len(self._body) else token
                text = plain_text(line.children)
                if number not in self._leaves and "checked" not in token.meta:
                    named = text.endswith(":") or owners_of(text, self._names, self._words)
                    with_notes += not named and not people_in(text, self._names, self._words)
        return items > 1 and with_notes * 2 > items

    # --- lines ------------------------------------------------------------------------

    def _inline(self, token: Token, place: str) -> Iterator[Outcome]:
        item = self._items[-1] if self._items else None
        announced = _Announced()
        if item is not None and item.is_first:
            announced = item.announced
        lines = list(self._lines(token.children or ()))
        if item is None and self._is_listing(token, lines):
            announced = self._section
        elif (
            self._above is not None
            and self._above[0] == token.level - 1
            and not (item and item.is_first)
        ):
            text = plain_text(token.children)
            if len(lines) == 1 and len(text) <= _MAX_STATEMENT and not text.endswith((":", "?")):
                announced = self._above[1]
        for number, (breaks, line) in enumerate(lines):
            is_own = number > 0 or item is None or item.is_first
            found = self._line(line, announced, item, is_own=is_own)
            if isinstance(found, _Announced):
                self._pending = (token.level - 1, found)
                announced = found
                continue
            at = token.map[0] + breaks + 1 if token.map else 0
            if found is not None:
                if found.owner == hidden_word() and _hides(line):
                    found = replace(found, owner=None)
                yield replace(found, anchor=place, line=at)
            elif self._perhaps is not None:
                self.candidates.append(replace(self._perhaps, anchor=place, line=at))
        if item is not None:
            item.is_first = False

    def _is_listing(self, token: Token, lines: Sequence[tuple[int, Sequence[Token]]]) -> bool:
        """Return whether the lines of a paragraph below a heading are what it announces.

        Each begins with a bullet, a box or somebody's name. Below a heading of a topic,
        a short paragraph is the decision.
        """
        if not self._section.kind or token.level != 1:
            return False
        texts = [plain_text(line) for _, line in lines]
        if self._section.kind == DECISION and self._level > self._top and len(texts) == 1:
            return len(texts[0]) <= _MAX_SENTENCE and not texts[0].endswith(":")
        return all(self._is_entry(text) for text in texts)

    def _is_entry(self, text: str) -> bool:
        """Return whether a line begins with a bullet, a box or somebody's name."""
        named = re.match(r"([^:]{1,60}):\s", text)
        return (
            _BULLET.match(text) is not None
            or box(text)[1] is not None
            or (named is not None and bool(people_in(named[1], self._names, self._words)))
            or bool(assigned_to(text, self._names, self._words))
        )

    def _line(
        self, line: Sequence[Token], announced: _Announced, item: _Item | None, *, is_own: bool
    ) -> Outcome | _Announced | None:
        """Read one line: an outcome, what it announces for the list below it, or neither."""
        words, names = self._words, self._names
        self._perhaps = None
        text, done = box(plain_text(line))
        if item is not None and item.is_first and item.checked is not None:
            done = item.checked
        has_box = done is not None
        done = bool(done) or _struck(line)
        label = label_of(line, text, words, names)
        if label is None and (text.endswith(":") or _is_bold(line)):
            kind = kind_of(text, words)
            if kind:
                return _Announced(kind)
        if label is not None:
            if not label.text:
                return _Announced(label.kind, ", ".join(people_in(label.owner, names, words)))
            if len(label.word) < 3 and len(self._items) < 2 and not label.owner:
                # At the top, *AI: …* may be a subject.
                known = is_known(label.text.partition(" ")[0], names)
                label = label if known or owners_of(label.text, names, words) else None
        if label is not None:
            if says_nothing(label.text, words):
                return None
            return self._outcome(label.kind, label.text, line, label.owner, done=done)
        if announced.kind:
            bare = _BULLET.sub("", text, count=1) if not item else text
            return self._item(bare, line, announced, item, has_box=has_box, done=done)
        if is_decided(text, words):
            return Outcome(DECISION, text)
        inner = inner_label(text, words)
        if inner is not None and (people := people_in(inner.text, names, words)):
            return Outcome(inner.kind, text, "", done, ", ".join(people))
        if inner is not None and not says_nothing(inner.text, words):
            return self._outcome(inner.kind, inner.text, line, inner.owner, done=done)
        if self._part != AGENDA or not is_own or says_nothing(text, words):
            return None
        # At the top, a box with a list of its own is one of the agenda.
        nested = len(self._items) > 1
        is_task = item is not None and (
            item.leaf or (self._about < 7 and bool(owners_of(text, names, words)))
        )
        if has_box and item and (nested or (is_task and self._may_have_boxes)):
            return self._outcome(ACTION, text, line, "", done=done)
        owners: tuple[str, ...] = ()
        said = text
        if item is None and len(text) > _MAX_SENTENCE:
            # A longer paragraph tells what was said, unless it begins with it.
            said = re.split(r"[.!?]\s", text, maxsplit=1)[0]
        if item is not None or len(said) <= _MAX_SENTENCE:
            owners = assigned_to(said, names, words)
        if item is not None and not owners:
            owners = handed_to(text, names, words)
        if owners:
            return Outcome(ACTION, text, "", done, ", ".join(owners))
        if (item is not None or len(text) <= _MAX_SENTENCE) and not _hides(line):
            owners = perhaps_assigned_to(text, words)
            self._perhaps = Outcome(ACTION, text, "", done, ", ".join(owners)) if owners else None
        return None

    def _item(
        self,
        text: str,
        line: Sequence[Token],
        announced: _Announced,
        item: _Item | None,
        *,
        has_box: bool,
        done: bool,
    ) -> Outcome | _Announced | None:
        """Read an item of a list that a heading or a label has announced."""
        words, names = self._words, self._names
        if item is not None and not item.leaf:
            people = people_in(text, names, words)
            size = len(text.split())
            if people or size == 1 or (text.endswith(":") and size <= _MAX_GROUP):
                return _Announced(announced.kind, ", ".join(people) or announced.owner)
        if says_nothing(text, words):
            return None
        kind = announced.kind
        if kind == EITHER:
            kind = ACTION if has_box or owners_of(text, names, words) else DECISION
        return self._outcome(kind, text, line, announced.owner, done=done)

    def _outcome(
        self, kind: str, text: str, line: Sequence[Token], owner: str, *, done: bool
    ) -> Outcome:
        if kind == DECISION:
            return Outcome(kind, text)
        owner = owner.lstrip("@") or ", ".join(owners_of(text, self._names, self._words))
        return Outcome(kind, text, "", done, owner or _bold_name(line, text))

    def _lines(self, children: Sequence[Token]) -> Iterator[tuple[int, list[Token]]]:
        """Yield the first line and each that is an outcome, with its continuation lines.

        Each comes with its number.
        """
        line: list[Token] = []
        start = first = 0
        ends = [i for i, token in enumerate(children) if token.type in ("softbreak", "hardbreak")]
        for number, end in enumerate([*ends, len(children)]):
            below = children[start:end]
            if line and self._begins(below):
                yield first, line
                line, first = [], number
            # With the line break, so that the words around it stay apart.
            line.extend(children[start - 1 : end] if line else below)
            start = end + 1
        yield first, line

    def _begins(self, line: Sequence[Token]) -> bool:
        """Return whether a line begins an outcome of its own."""
        whole = plain_text(line)
        text, _ = box(whole)
        return (
            self._is_entry(whole)
            or label_of(line, text, self._words, self._names) is not None
            or starts_decided(text, self._words)
        )

    # --- tables -----------------------------------------------------------------------

    def _table(self, start: int, end: int, place: str) -> Iterator[Outcome]:
        """Read a table of outcomes: one with such a column, or below such a heading."""
        words = self._words
        rows: list[list[Token]] = []
        lines: list[int] = []
        for token in self._body[start:end]:
            if token.type == "tr_open":
                rows.append([])
                lines.append(token.map[0] + 1 if token.map else 0)
            elif token.type == "inline":
                rows[-1].append(token)
        titles, *below = [[plain_text(cell.children) for cell in row] for row in rows]
        kinds = [kind_of(title, words) for title in titles]
        pending = self._pending[1] if self._pending else self._section
        kind = next(filter(None, kinds), pending.kind)
        owners = next((i for i, title in enumerate(titles) if words.has("owners", title)), -1)
        column = next((i for i, one in enumerate(kinds) if one), -1)
        for cells, texts, at in zip(rows[1:], below, lines[1:], strict=True):
            # A column may say of each row what it is.
            own = {i: named for i, text in enumerate(texts) if (named := kind_of(text, words))}
            one = next(iter(own.values()), "") or kind
            said = column
            if said < 0 or said in own:
                said = next(
                    (i for i, text in enumerate(texts) if _is_said(text, i, owners, own)), -1
                )
            if not one or not -1 < said < len(texts):
                continue
            text, done = box(texts[said])
            if says_nothing(text, words):
                continue
            owner = texts[owners].strip(" -–—") if -1 < owners < len(texts) else ""
            owner = "" if says_nothing(owner, words) else names_in(owner, words)
            if one == EITHER:
                one = ACTION if owner else DECISION
            line = cells[said].children or ()
            row = self._outcome(one, text, line, owner, done=bool(done) or _struck(line))
            yield replace(row, anchor=place, line=at)


def _is_said(text: str, column: int, owners: int, kinds: Mapping[int, str]) -> bool:
    """Return whether a cell says what was decided, and is no number, owner or kind."""
    return column != owners and column not in kinds and re.search(r"[^\W\d_]{2}", text) is not None


def _linked_people(body: Sequence[Token]) -> frozenset[str]:
    """Return the names that are linked to a profile on GitHub."""
    people: list[Attendee] = []
    for token in body:
        children = token.children or ()
        for index, child in enumerate(children[:-2]):
            if child.type == "link_open" and _PROFILE.fullmatch(str(child.attrs["href"])):
                people.append(Attendee(children[index + 1].content.strip()))
    return known_names(people)


def _leaves(body: Sequence[Token]) -> frozenset[int]:
    """Return the indexes of the list items that have no list of their own."""
    found: set[int] = set()
    opened: list[int] = []
    for index, token in enumerate(body):
        if token.type == "list_item_open":
            found.discard(opened[-1] if opened else -1)
            opened.append(index)
            found.add(index)
        elif token.type == "list_item_close":
            opened.pop()
    return frozenset(found)


def _is_bold(line: Sequence[Token]) -> bool:
    """Return whether a whole line is bold or in italics."""
    tokens = [token for token in line if token.type != "text" or token.content.strip()]
    kinds = [token.type for token in tokens]
    return kinds[:1] in (["strong_open"], ["em_open"]) and (
        kinds.count(kinds[0]) == 1 and kinds[-1] == kinds[0].replace("open", "close")
    )


def _hides(line: Sequence[Token]) -> bool:
    return any(map(is_hidden, line))


def _struck(line: Sequence[Token]) -> bool:
    """Return whether a whole line is struck through."""
    tokens = [token for token in line if token.type != "text" or token.content.strip()]
    return (
        len(tokens) > 2
        and tokens[0].type == "s_open"
        and tokens[-1].type == "s_close"
        and sum(token.type == "s_open" for token in tokens) == 1
    )


def _bold_name(line: Sequence[Token], text: str) -> str | None:
    """Return the bold name that an action's text begins with."""
    for index, token in enumerate(line):
        if token.type == "strong_open" and index + 1 < len(line):
            name = line[index + 1].content.strip(" :")
            if name and text.startswith(name) and len(name.split()) <= 3:
                return name
    return None
