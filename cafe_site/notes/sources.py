"""What the path of a file of notes says: its kind, its series, and its date.

Communities keep notes as one file per year, or as one file per meeting with the date in the
file's name, in the names of its folders, or partly in each. All of a path is read, from the
outermost folder to the name of the file.
"""

from __future__ import annotations

import fnmatch
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cafe_site.notes.dates import MeetingDate, english

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_YEAR_FILE = re.compile(r"[0-9]{4}")
# Other numbers of four digits are more likely something else than a year.
_YEAR = r"(?P<year>(?:19|20)[0-9][0-9])"
_JOIN = r"[-_. ]"
_WORD = r"(?<![^\W\d_])(?P<month>[^\W\d_]{3,12})"
_NUMBER_OR_WORD = r"(?P<month>[0-9]{1,2}|[^\W\d_]{3,12})"
_DAY = r"(?P<day>[0-9]{1,2})"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9]){text}(?![0-9])")


_WHOLE = (
    _pattern(rf"{_YEAR}(?P<join>{_JOIN}){_NUMBER_OR_WORD}(?P=join){_DAY}"),
    _pattern(rf"{_YEAR}(?P<month>[0-9][0-9])(?P<day>[0-9][0-9])"),
    _pattern(rf"{_DAY}(?P<join>{_JOIN})(?P<month>[^\W\d_]{{3,12}})(?P=join){_YEAR}"),
    _pattern(rf"{_WORD}(?P<join>{_JOIN}){_DAY}(?P=join){_YEAR}"),
)
_NUMBERS_AND_YEAR = _pattern(rf"([0-9][0-9]?)({_JOIN})([0-9][0-9]?)\2{_YEAR}")
_YEAR_AND_MONTH = _pattern(rf"{_YEAR}{_JOIN}{_NUMBER_OR_WORD}(?![^\W\d_])(?!{_JOIN}[0-9])")
_YEAR_ALONE = _pattern(_YEAR)
_MONTH_AND_DAY = (
    # One digit only at the beginning: `python-3-12` is no day in March.
    re.compile(
        rf"(?<![^\W_])(?<![0-9][-_. ])(?P<month>^[0-9]|[0-9][0-9]){_JOIN}"
        rf"(?P<day>[0-9][0-9]|(?<=^[0-9].)[0-9])(?![0-9]|{_JOIN}[0-9])"
    ),
    _pattern(rf"{_WORD}{_JOIN}?{_DAY}"),
    _pattern(rf"{_DAY}{_JOIN}?(?P<month>[^\W\d_]{{3,12}})(?![^\W\d_])"),
)
_MONTH_ALONE = re.compile(rf"(?:[0-9][0-9]?{_JOIN})?(?P<month>[^\W\d_]{{3,12}})")
_NUMBER = re.compile(rf"(?P<number>[0-9][0-9]|[0-9]$)(?=$|{_JOIN}(?![0-9]))")
_LAST_NUMBER = re.compile(rf"(?<={_JOIN})(?P<number>[0-9][0-9])$")


@dataclass(frozen=True)
class Source:
    """What the path of a file of notes says about it."""

    path: str
    """The path below the notes folder, without a suffix."""
    series: str = ""
    """The names of its folders that are not dates; ``""`` is the notes folder itself."""
    year: int | None = None
    """The year that the path gives."""
    dates: tuple[MeetingDate, ...] = ()
    """The date that the path gives, without a day if it gives only a month;
    two if day and month cannot be told apart."""
    is_year_file: bool = False
    """Whether it is a file with the notes of a year."""
    is_dated: bool = False
    """Whether a part of the path is at least the year of a date."""

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.rpartition("/")[2]

    def is_in(self, pattern: str) -> bool:
        """Return whether a pattern of a setting matches.

        It is one for the name of the file or of one of its folders, or, with a slash, for the
        path; ``*`` stands for any characters.

        >>> source = source_of("20250114-community/index")
        >>> source.is_in("*-community"), source.is_in("*-sync"), source.is_in("2025*/index")
        (True, False, True)
        """
        texts = [self.path] if "/" in pattern else self.path.split("/")
        return any(fnmatch.fnmatchcase(text, pattern) for text in texts)

    @property
    def date(self) -> MeetingDate | None:
        """The one date that the path gives, or None."""
        return self.dates[0] if len(self.dates) == 1 else None


@dataclass
class _Found:
    """What the parts of a path that were read so far have given."""

    year: int | None = None
    month: int | None = None
    dates: tuple[MeetingDate, ...] = ()


def source_of(path: str, months: Mapping[str, int] | None = None) -> Source:
    """Read the path of a file below the notes folder.

    :param path: without the suffix, with ``/`` between the names
    :param months: the names of months, in lowercase, with their numbers; by default in English

    - A file named after a year, with four digits, is a year file.
    - A date is read in the order year, month, day: ``2025-12-16``, ``2025_12_16``,
      ``2025.12.16``, ``20251216``, ``2025/12-16``, ``2025-12/16``, ``2025/12/16``, with any
      words around it. Months may be words. A day or month in front of a year of four digits,
      as in ``12-16-2025``, is read if only one of the numbers can be the month.
    - The series are the folders without dates. A folder with a whole date belongs to one
      meeting; of one with a part of a date, the rest of its name counts.

    >>> source_of("team/2025").is_year_file
    True
    >>> found = source_of("sig/web/2025/web-04-22")
    >>> found.series, found.date
    ('sig/web', MeetingDate(year=2025, month=4, day=22))
    >>> source_of("20250114-community/index").date.iso, source_of("minutes/jan-30").date
    ('2025-01-14', None)
    """
    months = months or english().months
    *folders, name = path.split("/")
    found = _Found()
    kept = []
    for folder in folders:
        rest = _read(folder, found, months)
        if rest:
            kept.append(rest)
    is_year_file = _YEAR_FILE.fullmatch(name) is not None
    if is_year_file:
        found = _Found(int(name))
    else:
        _read(name, found, months, is_file=True)
    dates = found.dates
    if not dates and not is_year_file and found.year is not None and found.month is not None:
        dates = (MeetingDate(found.year, found.month),)
    return Source(
        path,
        "/".join(kept),
        found.year,
        dates,
        is_year_file,
        is_dated=is_year_file or bool(dates) or any(map(_YEAR_ALONE.search, (*folders, name))),
    )


def _read(name: str, found: _Found, months: Mapping[str, int], *, is_file: bool = False) -> str:
    """Read one part of a path, and return what is left of its name without a date.

    A folder with a whole date leaves nothing.
    """
    for date in _whole_dates(name, months):
        found.year, found.month, found.dates = date[0].year, None, date
        return ""
    years = list(_YEAR_ALONE.finditer(name))
    if len({match[0] for match in years}) > 1:
        # From one year to another.
        found.year, found.month, found.dates = None, None, ()
        return _without(name, *years)
    for match in _YEAR_AND_MONTH.finditer(name):
        month = _number(match["month"], months)
        if month is not None and 1 <= month <= 12:
            found.year, found.month, found.dates = int(match["year"]), month, ()
            return _without(name, match)
    if years:
        if int(years[0][0]) != found.year:
            found.year, found.month, found.dates = int(years[0][0]), None, ()
        name = _without(name, *years)
    if found.year is None or found.dates:
        return name
    return _read_within_year(name, found.year, found, months, is_file=is_file)


def _read_within_year(
    name: str, year: int, found: _Found, months: Mapping[str, int], *, is_file: bool
) -> str:
    """Read the month, the day, or both, in a part of a path whose year is known."""
    alone = _MONTH_ALONE.fullmatch(name)
    month = months.get(alone["month"].lower()) if alone else None
    # In the name of a folder, `05-may` is the fifth month, not a day in May.
    if month and (not is_file or name[:1].isalpha()):
        found.month = month
        return ""
    for pattern in _MONTH_AND_DAY:
        for match in pattern.finditer(name):
            month, day = _number(match["month"], months), int(match["day"])
            if month and month > 12:
                month, day = day, month
            if month and day and (date := MeetingDate(year, month, day)).exists:
                found.dates, found.month = (date,), None
                return ""
    number = _NUMBER.match(name) or (_LAST_NUMBER.search(name) if found.month else None)
    if number is None:
        return name
    value = int(number["number"])
    if found.month is not None:
        if value and (date := MeetingDate(year, found.month, value)).exists:
            found.dates, found.month = (date,), None
            return ""
    elif 1 <= value <= 12:
        found.month = value
        return _without(name, number)
    return name


def _whole_dates(name: str, months: Mapping[str, int]) -> Iterator[tuple[MeetingDate, ...]]:
    """Yield the whole dates in a name; two for one whose day and month are both possible."""
    for pattern in _WHOLE:
        for match in pattern.finditer(name):
            month = _number(match["month"], months)
            day = int(match["day"])
            if month and day and (date := MeetingDate(int(match["year"]), month, day)).exists:
                yield (date,)
    for match in _NUMBERS_AND_YEAR.finditer(name):
        first, second, year = int(match[1]), int(match[3]), int(match["year"])
        both = {MeetingDate(year, first, second), MeetingDate(year, second, first)}
        dates = sorted(
            (date for date in both if date.exists and date.day), key=lambda date: date.sort_key
        )
        if dates:
            yield tuple(dates)


def _number(month: str, months: Mapping[str, int]) -> int | None:
    return int(month) if month.isdecimal() else months.get(month.lower())


def _without(name: str, *matches: re.Match[str]) -> str:
    """Return a name without the matches, and without the separators around them."""
    for match in reversed(matches):
        before, after = name[: match.start()], name[match.end() :]
        name = re.sub(r"[-_. ]+$", "", before) + (after if before else after.lstrip("-_. "))
    return name
