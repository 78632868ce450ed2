"""Remove people who asked not to be named from notes.

A placeholder replaces them in the tokens of notes, before any output is generated,
so that no output can show what the others hide.
"""

from __future__ import annotations

import bisect
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from cafe_site.notes.dialect import hidden_text, hidden_word, is_hidden, plain_text, text_token
from cafe_site.notes.hidden_parts import TEXTS, replaced, with_marks_joined, without_parts
from cafe_site.notes.identities import rows_in
from cafe_site.notes.inline_text import EDGE, joined
from cafe_site.notes.listings import listings
from cafe_site.notes.model import Problem, ProblemKind
from cafe_site.notes.names import fold, letter, pattern
from cafe_site.notes.people import several_in
from cafe_site.notes.sign_in import PROFILE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it.token import Token

    from cafe_site.notes.identities import Row
    from cafe_site.notes.model import Hidden
    from cafe_site.vocabulary import Vocabulary

# A name on its own, such as a speaker's, has only these next to it.
_STOPS = r"\n\x01,/&+|;:()\[\]{}=–—"
_BEFORE = re.compile(rf"(?:^|[{_STOPS}]|\s-\s|\b(?:and|by|c/o)\s|@)[^\w{_STOPS}]*$", re.IGNORECASE)
_BEHIND = re.compile(rf"[^\w{_STOPS}-]*(?:$|[{_STOPS}]|-\s|and\b)", re.IGNORECASE)
_NEIGHBORS = 24  # characters
# Two forms separated only by this are one person: "Ada Lovelace (@ada-l)".
_SAME = re.compile(r"[\s\x01]*(?P<bracket>\]?[(\[<][\s\x01]*)?|[\s\x01/|,–—-]*")
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]]+", re.IGNORECASE)
_CLOSING = re.compile(r"[\s\x01]*[)\]>]")


class Hider:
    """Removes hidden people from notes.

    >>> from cafe_site.notes.identities import who_is_hidden
    >>> from cafe_site.vocabulary import vocabulary
    >>> words = vocabulary()
    >>> Hider(who_is_hidden(["Ada Lovelace / ada-l"], (), words), words).text("Thanks, @ada-l!")
    'Thanks, A participant!'
    """

    def __init__(self, hidden: Hidden, vocabulary: Vocabulary) -> None:
        self._hidden = hidden
        self._pattern = pattern(hidden)
        self._vocabulary = vocabulary
        # First names in the current meeting's list of people: of hidden people, and of others.
        self._here: tuple[set[str], set[str]] = (set(), set())
        # The names of the person whose line it is.
        self._line_of: frozenset[str] = frozenset()
        self._line = 0
        self._unsure: list[int] = []

    def text(self, text: str) -> str:
        """Return a text with hidden people replaced by the placeholder."""
        for start, end in reversed(self._spans(text)):
            text = f"{text[:start]}{hidden_word()}{text[end:]}"
        return text

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each ambiguous line since the last call."""
        for line in sorted(set(self._unsure)):
            yield Problem(
                ProblemKind.HIDDEN_PERSON,
                line + 1,
                "a name in this line may belong to a person who asked not to be named; "
                "if so, remove it or write the full name, which is hidden; "
                "if not, write the other person's full name",
            )
        self._unsure.clear()

    def front(self, text: str) -> str:
        """Return a text of the front matter without hidden people."""
        self._line = 0
        return self.text(text)

    def tokens(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        """Return the tokens of a meeting or an introduction without hidden people.

        A line of a list of people becomes the placeholder, and what is nested below it is
        removed. Anywhere else, the placeholder replaces the name or handle.
        The given tokens are modified.
        """
        spans: dict[int, list[tuple[int, int]]] = {}
        found = listings(tokens, self._vocabulary)
        rows = dict(row for one in found for row in rows_in(one, self._vocabulary))
        own = {line for line, row in rows.items() if self._is_own(row)}
        # Of several people in a line, only the names of some are replaced.
        own = {line for line in own if not several_in(line.tokens, self._vocabulary)}
        words = self._hidden.words
        self._here = (
            {word for line in own for word in rows[line].leading[:1]} & words,
            {
                word
                for line, row in rows.items()
                if line.depth == 1 and line not in own and (row.handle or row.name[1:])
                for word in row.leading
            }
            & words,
        )
        own |= {line for line, row in rows.items() if self._is_first_name(row)}
        mine = {line.index for line in own if line.span is None}
        cells = {cell for line in own for cell in line.cells}
        for line in own:
            if line.span is not None:
                spans.setdefault(line.index, []).append(line.span)
        others: dict[int, Row] = {}
        for line, row in rows.items():
            if line not in own and line.span is None:
                others[line.index] = row
        result: list[Token] = []
        skipped: int | None = None
        for index, token in enumerate(tokens):
            if skipped is not None:
                if token.level > skipped:
                    continue
                skipped = None
            self._line = token.map[0] if token.map else self._line
            if index in cells:
                token.children, token.content = [], ""
                result.append(token)
                continue
            if index in mine:
                token.children = [hidden_text()]
                token.content = hidden_word()
                token.meta["hidden"] = True
                result.append(token)
                if tokens[index - 1].type == "paragraph_open":
                    # Skip the rest of the item, except for the end of this paragraph.
                    result.append(tokens[index + 1])
                    skipped = token.level - 2
                continue
            if index in spans and token.type == "inline":
                token.children = replaced(token.children or [], sorted(spans[index]))
            elif index in spans:
                for start, end in sorted(spans[index], reverse=True):
                    text = token.content
                    token.content = f"{text[:start]}{hidden_word()}{text[end:]}"
            other = others.get(index)
            if other is not None and (other.handle or other.name[1:]):
                self._line_of = frozenset(other.leading)
            self._token(token)
            self._line_of = frozenset()
            result.append(token)
        return tuple(result)

    def inline(self, children: Sequence[Token]) -> list[Token]:
        """Return inline tokens without hidden people."""
        return self._words(list(self._addresses(children)))

    # --- whose line it is -------------------------------------------------------------------

    def _is_own(self, row: Row) -> bool:
        """Return whether a line of a list of people belongs to a hidden person."""
        hidden = self._hidden
        if row.handle in hidden.handles:
            return True
        for leading in (" ".join(row.leading), " ".join(row.name)):
            if found := self._pattern.match(leading):
                if found.lastgroup in ("hide", "handle"):
                    return True
                if found.lastgroup is None:
                    return False
        # "Zelda / zelhid"
        return not row.handle and any(
            "-".join(part) in hidden.handles or " ".join(part) in hidden.names
            for part in row.others
        )

    def _is_first_name(self, row: Row) -> bool:
        """Return whether a line begins with a first name that only a hidden person has."""
        if row.handle or len(row.leading) != 1 or row.leading[0] not in self._hidden.words:
            return False
        return self._verdict(row.leading[0]) == "hide"

    def _verdict(self, word: str) -> str:
        """Return what to do with a first name: ``hide``, ``show``, or ``unsure``."""
        if word in self._line_of:
            return "show"
        ours, theirs = (word in names for names in self._here)
        if ours != theirs:
            return "hide" if ours else "show"
        if word not in self._hidden.shared or (word in self._hidden.asked and not theirs):
            return "hide"
        return "unsure"

    # --- tokens -------------------------------------------------------------------------------

    def _token(self, token: Token) -> None:
        if token.type == "inline":
            before = token.children or []
            token.children = self.inline(before)
            if token.children is not before:
                token.content = "".join(child.content for child in token.children)
        elif token.content:
            self._line += token.type == "fence"
            token.content = self.text(token.content)
        if token.info:
            token.info = self.text(token.info)

    def _addresses(self, children: Sequence[Token]) -> Iterator[Token]:
        """Yield inline tokens without links and images that lead to hidden people."""
        inside = ""  # a link to remove: keep its "words", or remove "all"
        for token in children:
            if token.type == "link_open":
                address = str(token.attrs.get("href", ""))
                if self._is_private(address):
                    profile = PROFILE.fullmatch(address) or address.lower().startswith("mailto:")
                    inside = "all" if profile or token.markup == "autolink" else "words"
                    if inside == "all":
                        yield hidden_text()
                    continue
            elif token.type == "link_close" and inside:
                inside = ""
                continue
            elif token.type == "image" and inside != "all":
                yield from self._image(token)
                continue
            if "title" in token.attrs:
                token.attrs["title"] = self.text(str(token.attrs["title"]))
            if inside != "all":
                yield token

    def _image(self, token: Token) -> Iterator[Token]:
        token.children = self.inline(token.children or [])
        token.content = "".join(child.content for child in token.children)
        if "title" in token.attrs:
            token.attrs["title"] = self.text(str(token.attrs["title"]))
        if self._is_private(str(token.attrs.get("src", ""))):
            yield text_token(plain_text(token.children))
        else:
            yield token

    def _is_private(self, address: str) -> bool:
        if "%" in address:
            address += f" {unquote(address)} {unquote(unquote(address))}"
        return any(
            found.lastgroup in ("hide", "handle")
            for found in self._pattern.finditer(fold(address))
        )

    def _words(self, children: list[Token]) -> list[Token]:
        """Return inline tokens with the placeholder for names, even across markup."""
        texts = [joined(token) for token in children]
        spans = self._spans("".join(texts))
        if not spans and not any(map(is_hidden, children)):
            return children
        result: list[Token] = []
        position = 0
        waiting = list(spans)
        for token, text in zip(children, texts, strict=True):
            end = position + len(text)
            if token.type not in (*TEXTS, "softbreak", "hardbreak") or is_hidden(token):
                result.append(token)
            else:
                result += without_parts(token, position, waiting)
            position = end
            waiting = [span for span in waiting if span[1] > position]
        return with_marks_joined(result)

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """Return where hidden people are named; record the lines where that is unclear."""
        found: list[tuple[int, int]] = []
        words: list[tuple[int, int]] = []
        for edges in (False, True) if EDGE in text else (False,):
            folded, places = _folded(text, edges=edges)
            for match in self._pattern.finditer(folded):
                if match.lastgroup is None:
                    continue
                start, end = places[match.start()], places[match.end() - 1] + 1
                while end < len(text) and text[end] != EDGE and letter(text[end]) == "":
                    end += 1
                if match.lastgroup != "word":
                    found.append((start, end))
                elif (verdict := self._verdict(match["word"])) != "show":
                    alone = verdict == "hide" and _is_alone(text, start, end)
                    (found if alone else words).append((start, end))
        if "%" in text:
            found += (m.span() for m in _ADDRESS.finditer(text) if self._is_private(m[0]))
        spans = _merged(text, found)
        if not words:
            return spans
        # "Ada (@ada-l)"
        beside = [word for word in words if _is_beside(text, word, spans)]
        spans = _merged(text, [*spans, *beside])
        line, counted = self._line, 0
        for start, end in sorted(words):
            before = bisect.bisect(spans, (start, len(text))) - 1
            inside = before >= 0 and end <= spans[before][1]
            if not inside and not text[start].islower():
                line += text.count("\n", counted, start)
                counted = start
                self._unsure.append(line)
        return spans


def _is_alone(text: str, start: int, end: int) -> bool:
    """Return whether a word is on its own, like a speaker's name, and not in a sentence."""
    first = max(0, start - _NEIGHBORS)
    before = ("x" if first else "") + text[first:start]
    behind = text[end : end + _NEIGHBORS] + ("x" if end + _NEIGHBORS < len(text) else "")
    return _BEFORE.search(before) is not None and _BEHIND.match(behind) is not None


def _is_beside(text: str, word: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    behind = bisect.bisect(spans, word)
    return any(
        _SAME.fullmatch(text, min(end, word[1]), max(start, word[0]))
        for start, end in spans[max(behind - 1, 0) : behind + 1]
    )


def _folded(text: str, *, edges: bool) -> tuple[str, Sequence[int]]:
    """Return a folded text and the position of each of its characters in the text.

    :param edges: whether to keep the edges of markup
    """
    if text.isascii() and EDGE not in text:
        return text.lower(), range(len(text))
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        found = letter(character) if edges or character != EDGE else ""
        letters.append(found)
        places.extend([place] * len(found))
    return "".join(letters), places


def _merged(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, with those of one person merged."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        first, last = result[-1] if result else (0, -1)
        gap = _SAME.fullmatch(text, last, start) if 0 <= last <= start else None
        if last < start and gap is None:
            result.append((start, end))
            continue
        if gap and gap["bracket"] and (closing := _CLOSING.match(text, end)):
            end = closing.end()
        result[-1] = (first, max(last, end))
    return result
