"""Which forms name the people who lead agenda items, by how often they do in one meeting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cafe_site.notes.agenda import Lead, lead
from cafe_site.notes.speakers import are_known, is_known, is_person_like, names_in, split_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

    from cafe_site.vocabulary import Vocabulary

_FORMS = ("start", "end", "bar", "dash")
_MARKS = "([|-–—"
_ENOUGH = 2
_MOST = 0.75
_SHORT = 160
"""Indented items that are longer are notes."""


class TrustedForms:
    """The forms in which most items of one meeting name people.

    - A form is trusted for names of two or more capitalized words if at least three of four
      items of that form have such names or known ones, and there are at least two of them.
      After a dash, where titles have subtitles, at least half have to be known.
    - Brackets at the start are trusted for any capitalized name if at least half of the
      different names there are known. If more items in lower levels of lists than in the
      first begin with them, they are a conversation, and `is_talk`.
    """

    def __init__(
        self, body: Sequence[Token], known: frozenset[str], vocabulary: Vocabulary
    ) -> None:
        self._known = known
        self._vocabulary = vocabulary
        found: dict[str, list[tuple[str, ...]]] = {form: [] for form in _FORMS}
        levels = [0, 0]
        for index, token in enumerate(body):
            if token.type == "heading_open":
                line = body[index + 1]
            elif token.type == "list_item_open" and body[index + 1].type == "paragraph_open":
                line = body[index + 2]
            else:
                continue
            if not any(mark in line.content for mark in _MARKS):
                continue
            read = lead(line, known, vocabulary)
            names = split_names(read.speaker) if read.speaker else read.candidates
            if not read.speaker and names and names[0][0].islower():
                continue  # a remark, such as *(optional)*
            if read.form in found and names and not self._is_affiliation(names, read.without):
                found[read.form].append(names)
                levels[token.level > 1] += read.form == "start"
        self.is_talk = levels[1] > levels[0]
        self._persons = {form for form, items in found.items() if self._are_persons(form, items)}
        first = {name for names in found["start"] for name in names}
        some = sum(is_known(name, known) for name in first)
        self._any = some >= _ENOUGH and len(first) <= 2 * some and not self.is_talk

    def _is_affiliation(self, names: Sequence[str], title: str) -> bool:
        """Return whether a single name belongs to a person who is the title."""
        people = names_in(title, self._vocabulary)
        return (
            len(names) == 1
            and bool(people)
            and all(is_person_like(name, self._vocabulary) for name in people)
        )

    def _are_persons(self, form: str, items: Sequence[tuple[str, ...]]) -> bool:
        known = sum(are_known(names, self._known) for names in items)
        persons = sum(map(self._look_like_persons, items))
        return (
            persons >= _ENOUGH
            and persons >= _MOST * len(items)
            and (form != "dash" or 2 * known >= len(items))
        )

    def _look_like_persons(self, names: Sequence[str]) -> bool:
        return are_known(names, self._known) or all(
            is_person_like(name, self._vocabulary) for name in names
        )

    def settle(self, found: Lead) -> Lead:
        """Return a lead with its possible names as the speaker if their form is trusted."""
        names = found.candidates
        if found.maybe is None or found.speaker or self._is_affiliation(names, found.without):
            return found
        if (found.form in self._persons and self._look_like_persons(names)) or (
            found.form == "start" and self._any and all(name[0].isupper() for name in names)
        ):
            return replace(
                found,
                speaker=found.maybe,
                title=found.without,
                maybe=None,
                candidates=(),
            )
        return found

    def is_certain(self, found: Lead, level: int, *, agenda: bool) -> bool:
        """Return whether an item belongs to an agenda as somebody leads it, wherever it is.

        Indented items are often notes with the name of who said that, so they have to be short.

        :param level: that of its list item
        :param agenda: whether it is below the heading of an agenda
        """
        if not found.speaker:
            return False
        if found.form == "start":
            return level == 1 and not self.is_talk and (agenda or self._any)
        if level == 1:
            return found.form == "bar" or (agenda and found.form in ("end", "by"))
        return (
            agenda
            and found.form == "end"
            and found.form in self._persons
            and len(found.title) <= _SHORT
            and not found.title[:1].islower()
        )
