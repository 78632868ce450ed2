"""The dates in headings, in the names of files, and in lines such as ``Date: …``.

Read are, in the languages of a `Vocabulary`:

- year, month, day: ``2025-12-16``, also with slashes, dots, underscores and other hyphens, without
  separators (``20251216``), and followed by a time (``2025-12-16T15:00Z``);
- with the month as a word: ``16 December 2025``, ``Dec 16th, 2025``, ``16. Dezember 2025``;
- without the year, if the file or its folder gives it: ``December 16``;
- a month alone: ``2024-06``, ``June 2024``, and ``June`` if the year is given;
- day, month, year in numbers, if only one order is possible (``16/12/2025``), or if the language
  has only one with this separator (``10.11.2026`` in German); English has two, so ``04/05/2024``
  is not guessed;
- of a range, its first day: ``March 4–6, 2025``.

Names of months and weekdays and the order of numbers are those of Babel (Unicode CLDR).
"""

from __future__ import annotations

import datetime
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.date_forms import HYPHEN, forms_in
from cafe_site.vocabulary import folded, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cafe_site.vocabulary import Vocabulary

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_DIGIT = re.compile(r"\d")
_LONGEST_MONTH = 40
"""A heading that is only a month is not longer than this."""
_LONGEST = 500
"""Longer texts are no headings; a date further behind is not searched for."""
_SEPARATORS = r"\s:,;.|·•/_\\" + HYPHEN
_BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">", "«": "»", "“": "”", '"': '"', "'": "'"}
_AFTER_DATE = frozenset(":,;.|·–—-([/")
_MEETING_LEVELS = 2
"""Headings of these levels with a date at their end begin a meeting; below, they are more likely
about something else, and have to say that it is a meeting."""


# Two numbers and a year, the order of which is not known.
_AMBIGUOUS = re.compile(
    r"(?<![\w.])(?:0?[1-9]|[12]\d|3[01])([/.-])(?:0?[1-9]|[12]\d|3[01])\1(?:19|20)\d\d(?![\w])"
)


@dataclass(frozen=True)
class MeetingDate:
    """The day, or only the month, that a heading names.

    The numbers are kept as written, so that ``2025-02-30`` still has a place
    in the archive; `exists` tells whether the date is valid.

    >>> MeetingDate(2025, 12, 16).iso
    '2025-12-16'
    >>> MeetingDate(2024, 6).iso
    '2024-06'
    """

    year: int
    month: int
    day: int | None = None

    @property
    def iso(self) -> str:
        """The date in ISO 8601 format, without a day if there is none."""
        month = f"{self.year:04}-{self.month:02}"
        return month if self.day is None else f"{month}-{self.day:02}"

    @property
    def sort_key(self) -> tuple[int, int, int]:
        """A sort key that puts a date without a day at the start of its month."""
        return (self.year, self.month, self.day or 0)

    @property
    def start(self) -> datetime.date | None:
        """The day, or the first of the month, or None if the date is invalid."""
        try:
            return datetime.date(self.year, self.month, 1 if self.day is None else self.day)
        except ValueError:
            return None

    @property
    def exists(self) -> bool:
        """Whether the date is valid."""
        return self.start is not None


@dataclass(frozen=True, slots=True)
class Found:
    """A date in a text."""

    date: MeetingDate
    before: str
    """The text before the date, and before its weekday."""
    after: str
    weekday: int | None = None
    """The weekday that goes with it, Monday being 0."""
    lacks_year: bool = False
    """Whether the text does not say the year."""

    @property
    def rest(self) -> str:
        """The text without the date, and without brackets and separators around it.

        Words that only lead to the date are part of it: *Date:*, and the *of* in *Notes of*.

        >>> english().find("Community call (2025-12-16): planning").rest
        'Community call: planning'
        """
        before, after = self.before.rstrip(), self.after.lstrip()
        while before and after and _BRACKETS.get(before[-1]) == after[0]:
            before, after = before[:-1].rstrip(), after[1:].lstrip()
        colon = after[:1] == ":"
        before = re.sub(rf"[{_SEPARATORS}]+$", "", before)
        after = re.sub(rf"^[{_SEPARATORS}]+", "", after).strip()
        if not after:
            return before.strip()
        return f"{before}{':' if colon else ''} {after}".strip() if before else after


class Dates:
    """Reads the dates of a file.

    :param words: whose languages the dates are in
    :param year: the year of dates that have none; None if the file does not give it
    """

    def __init__(self, words: Vocabulary, year: int | None = None) -> None:
        self.year = year
        self.words = words
        self._forms = forms_in(words)

    @property
    def months(self) -> Mapping[str, int]:
        """The names of months and their abbreviations in lowercase, with their numbers."""
        return self._forms.months

    def may_have_one(self, text: str) -> bool:
        """Return whether a text may have a date; this takes less time than to find it."""
        if _DIGIT.search(text):
            return True
        if self.year is None or len(text) > _LONGEST_MONTH:
            return False
        return any(word in self.months for word in re.findall(r"[^\W\d_]+", text.lower()))

    def find(self, text: str) -> Found | None:
        """Return the first date in a text, a complete one if there is any."""
        start = text[:_LONGEST]
        if not self.may_have_one(start):
            return None
        patterns = self._forms.patterns
        if not _DIGIT.search(start):
            patterns = patterns[-1:]
        found: list[tuple[tuple[bool, bool, int, int], Found]] = []
        for rank, pattern in enumerate(patterns):
            for match in pattern.finditer(start):
                if one := self._read(match, text):
                    order = (one.date.day is None, one.lacks_year, match.start(), rank)
                    found.append((order, one))
                    break
        return min(found, key=lambda item: item[0])[1] if found else None

    def of_this_meeting(self, text: str) -> Found | None:
        """Return the first date in a text that does not say that it is another day's.

        >>> english().of_this_meeting("Next meeting: 2025-12-16") is None
        True
        """
        found = self.find(text)
        if found is None or self._is_other_day(folded(found.before).split()):
            return None
        return found

    def begins_with(self, text: str) -> tuple[MeetingDate, str] | None:
        """Return the date that a text begins with, and the rest of the text.

        Symbols, emoji and brackets may precede it.
        """
        found = self.find(text)
        if found is None or re.search(r"[^\W_]", found.before):
            return None
        return found.date, found.rest

    def of_heading(self, text: str, level: int) -> tuple[MeetingDate, str] | None:
        """Return the date of the meeting that a heading begins, and the rest of the heading.

        That is a date

        - that the heading begins with;
        - after words for a meeting or its date: *Meeting 2025-12-16*, *Date: 2025-12-16*;
        - that the heading ends with, or in brackets: *Planning (2025-12-16)*; below the second
          level, only if the heading has a word for a meeting.

        It is none if the heading says that it is about something else: *Next meeting: …*.

        >>> english().of_heading("Community call (2025-12-16)", 2)
        (MeetingDate(year=2025, month=12, day=16), 'Community call')
        >>> english().of_heading("Release on 2025-12-16", 3) is None
        True
        """
        found = self.find(text)
        if found is None:
            return None
        words = folded(found.before).split()
        after = folded(found.after)
        if found.date.day is None and found.lacks_year and level > _MEETING_LEVELS:
            return None
        if found.lacks_year and after and found.after.lstrip()[:1] not in _AFTER_DATE:
            # "May 5 people came"
            words.append(after)
        if all(self._leads_to_date(word) for word in words):
            return found.date, found.rest
        if found.date.day is None or self._is_other_day(words):
            return None
        at_end = not after or found.before.rstrip()[-1:] in _BRACKETS
        named = any(self.words.has("meeting", word) for word in [*words, *after.split()])
        if at_end and (named or (level <= _MEETING_LEVELS and not found.lacks_year)):
            return found.date, found.rest
        return None

    def mentions(self, text: str, other_than: MeetingDate | None = None) -> bool:
        """Return whether a text has a complete date in any form, ambiguous ones included.

        Dates of other days do not count: *Next meeting: …*, nor does one that is known.
        """
        found = self.find(text)
        if found is not None and (
            found.date == other_than or self._is_other_day(folded(found.before).split())
        ):
            return False
        if found is not None and (found.date.day is not None or not folded(found.rest)):
            return True
        return _AMBIGUOUS.search(text[:_LONGEST]) is not None

    def _is_other_day(self, words: Iterable[str]) -> bool:
        return any(self.words.has("other_date", word) for word in words)

    def _leads_to_date(self, word: str) -> bool:
        keys = ("meeting", "date", "before_date")
        return word in self._forms.weekdays or any(self.words.has(key, word) for key in keys)

    def _read(self, match: re.Match[str], text: str) -> Found | None:
        groups = match.groupdict()
        lacks_year = groups.get("year") is None
        own_year = self.year if lacks_year else int(groups["year"])
        if own_year is not None and own_year < 100 and len(groups["year"] or "") == 2:
            own_year += 2000
        if own_year is None:
            return None
        if "first" in groups:
            date = self._of_numbers(groups, own_year)
        else:
            month = self._month(groups["month"])
            day = None if groups.get("day") is None else int(groups["day"])
            if month is None or (day is None and not 1 <= month <= 12):
                return None
            if lacks_year and day is not None and not MeetingDate(own_year, month, day).exists:
                return None
            date = MeetingDate(own_year, month, day)
        if date is None:
            return None
        before, after = text[: match.start()], text[match.end() :]
        if date.day is None and lacks_year and folded(before + after):
            return None
        weekday = self._forms.weekdays.get(folded(groups.get("weekday") or ""))
        before = self._forms.leading.sub("", before)
        if all(self.words.has("date", word) for word in folded(before).split()):
            before = re.sub(r"\w+", "", before)
        return Found(date, before, after, weekday, lacks_year)

    def _of_numbers(self, groups: Mapping[str, str | None], year: int) -> MeetingDate | None:
        """Return the date of two numbers before a year, or None if it is ambiguous."""
        first, second = int(groups["first"] or 0), int(groups["second"] or 0)
        possible = {
            date
            for date in (MeetingDate(year, second, first), MeetingDate(year, first, second))
            if date.exists
        }
        if len(possible) == 1:
            return possible.pop()
        orders = {
            order for separator, order in self._forms.orders if separator == groups["separator"]
        }
        if len(possible) == 2 and len(orders) == 1:
            day_first = orders.pop() == "day"
            return MeetingDate(year, *((second, first) if day_first else (first, second)))
        return None

    def _month(self, name: str) -> int | None:
        return int(name) if name.isdecimal() else self.months.get(name.lower())


@functools.lru_cache(maxsize=256)
def dates_in(words: Vocabulary, year: int | None = None) -> Dates:
    """Return the reader of dates for a vocabulary and a file's year, see `Dates`."""
    return Dates(words, year)


def english(year: int | None = None) -> Dates:
    """Return the reader of English dates."""
    return dates_in(vocabulary(), year)


def parse_date(text: str) -> tuple[MeetingDate, str] | None:
    """Return the date that an English text begins with, and the text after it.

    >>> parse_date("2025-12-16: Planning")
    (MeetingDate(year=2025, month=12, day=16), 'Planning')
    >>> parse_date("Tuesday 21st February 2023")
    (MeetingDate(year=2023, month=2, day=21), '')
    >>> parse_date("2024 archive") is None
    True
    """
    return english().begins_with(text)
