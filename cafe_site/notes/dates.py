"""The dates that headings begin with."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_MONTH = r"(?P<month_name>[^\W\d_]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_PATTERNS = tuple(
    re.compile(_WEEKDAY + pattern + r"(?!\w|-\d)", re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}-(?P<month>\d{{1,2}})(?:-(?P<day>\d{{1,2}}))?",
        rf"{_DAY}\s+(?:of\s+)?{_MONTH},?\s+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
    )
)
# Separators between the date and the title of a meeting.
_SEPARATOR = re.compile(r"^[\s:,;.|·–—-]+")


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


def parse_date(text: str) -> tuple[MeetingDate, str] | None:
    """Read the date that a heading begins with, and the title after it.

    Supported are ``2025-12-16``, ``2025-10-1``, ``2024-06`` (month only),
    ``16 December 2025``, ``Tuesday 21st February 2023`` and
    ``December 16, 2025``; months may be
    abbreviated to three letters, and a weekday may precede the date.
    A month without a day has to be between 01 and 12,
    since ``2024-25`` is more likely a season than a mistake.

    >>> parse_date("2025-12-16: Planning")
    (MeetingDate(year=2025, month=12, day=16), 'Planning')
    >>> parse_date("Tuesday 21st February 2023")
    (MeetingDate(year=2023, month=2, day=21), '')
    >>> parse_date("2024 archive") is None
    True
    """
    text = text.strip()
    for pattern in _PATTERNS:
        match = pattern.match(text)
        if match is None:
            continue
        groups = match.groupdict()
        if groups.get("month_name"):
            month = _month_number(groups["month_name"])
            if month is None:
                continue
        else:
            month = int(groups["month"])
        day = None if groups["day"] is None else int(groups["day"])
        if day is None and not 1 <= month <= 12:
            continue
        title = _SEPARATOR.sub("", text[match.end() :]).strip()
        return MeetingDate(int(groups["year"]), month, day), title
    return None


# Unsupported dates: with slashes or dots, or a spelled-out month without a day.
_LOOKS_LIKE_DATE = re.compile(
    _WEEKDAY
    + r"(?:\d{4}/\d{1,2}/\d{1,2}\b|\d{1,2}([/.])\d{1,2}\1\d{4}\b|\d{8}$"
    + rf"|(?:{'|'.join(MONTHS)})\s+\d{{4}}$)",
    re.IGNORECASE,
)


def looks_like_date(text: str) -> bool:
    """Return whether a heading that is not a date may have been meant as one.

    >>> looks_like_date("2025/12/16"), looks_like_date("December 2025"), looks_like_date("2.0.1")
    (True, True, False)
    """
    text = text.strip()
    return parse_date(text) is None and _LOOKS_LIKE_DATE.match(text) is not None


def weekday(text: str) -> int | None:
    """Return the weekday that a text begins with, Monday being 0.

    >>> weekday("Tuesday 21st February 2023"), weekday("2025-12-16")
    (1, None)
    """
    start = text.strip()[:3].lower()
    return next((i for i, name in enumerate(WEEKDAYS) if name[:3] == start), None)


def _month_number(name: str) -> int | None:
    name = name.lower()
    for number, month in enumerate(MONTHS, start=1):
        if name in (month, month[:3]) or (name == "sept" and number == 9):
            return number
    return None
