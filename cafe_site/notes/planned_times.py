"""The time that is planned for an agenda item."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cafe_site.vocabulary import Vocabulary

_SIGN = r"(?:[<>=~≈≤≥±]{1,2}\s*)"
_CLOCK = r"(?<![\d:])\d{1,2}(?::|h)[0-5]\d(?!\d)(?:\s?[ap]\.?m\b\.?)?"
_RANGE = re.compile(rf"(?P<start>{_CLOCK})\s*[-–—]{{1,2}}\s*(?P<stop>{_CLOCK})", re.IGNORECASE)
_LONGEST = 240
"""An agenda item of more minutes is none."""
_HALF_DAY = 720


@dataclass(frozen=True, slots=True)
class TimePatterns:
    """Regular expressions for the places of a line where a planned time may be."""

    brackets: re.Pattern[str]
    """In brackets."""
    whole: re.Pattern[str]
    """The whole text."""
    after_dash: re.Pattern[str]
    """At the end, after a dash, a comma or a colon."""
    names: re.Pattern[str]
    """After names, without brackets."""
    first: re.Pattern[str]
    """Before a colon or dash; before other words only with a sign or as a span of the clock."""

    def at_start(self, text: str, begin: int) -> re.Match[str] | None:
        """Return the planned time at the start of a line, in brackets or not."""
        match = self.brackets.match(text, begin) or self.first.match(text, begin)
        return match if match and duration(match["minutes"]) else None


@functools.lru_cache(maxsize=16)
def time_patterns(vocabulary: Vocabulary) -> TimePatterns:
    """Return the regular expressions for planned times."""
    words = minutes_pattern(vocabulary)
    time = rf"(?P<minutes>{words}|{_unnamed(_RANGE)})"
    more = r"[^()\[\],;]{0,20}"
    sure = rf"{_SIGN}|{_unnamed(_RANGE)}"
    return TimePatterns(
        re.compile(rf"\s*[(\[]\s*{time}{more}[)\]]", re.IGNORECASE),
        re.compile(rf"\s*{time}{more}", re.IGNORECASE),
        re.compile(
            rf"(?:\s[-–—]\s*|\s*[,:]\s*|(?<=\w)\s+(?={_SIGN}))(?P<minutes>{words})$", re.IGNORECASE
        ),
        re.compile(
            rf"(?P<words>[^:()\[\]\d]{{1,80}}?)\s*(?:[-–—]\s+)?(?P<minutes>{words})", re.IGNORECASE
        ),
        re.compile(
            rf"(?=(?P<sure>{sure})?){time}(?:\s*(?::|[-–—|]\s)\s*|(?(sure)\s+|(?!)))",
            re.IGNORECASE,
        ),
    )


def _unnamed(pattern: re.Pattern[str]) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern.pattern)


@functools.lru_cache(maxsize=16)
def minutes_pattern(vocabulary: Vocabulary) -> str:
    """Return a regular expression for a planned time.

    Examples are *5m*, *10–15 min*, *1 hour*, *1h 30m* and *<= 20 min*.
    """
    minutes, hours = vocabulary.pattern("minutes"), vocabulary.pattern("hours")
    number = r"\d{1,3}(?:[.,]\d)?"
    some = r"[0-6](?:[.,]\d{1,2})?"
    between = r"\s*(?:[-–—]|to)\s*"
    joint = vocabulary.pattern("and")
    forms = (
        rf"[0-6]\s*{hours}\.?\s*(?:{joint}\s+)?[0-5]?\d\s*{minutes}",
        # 15h20 is a time of the day.
        rf"[0-3]\s*{hours}\s*[0-5]\d",
        rf"{number}(?:{between}{number})?\s*[-+]?\s*{minutes}",
        rf"(?<!\d){some}(?:{between}{some})?\s*[-+]?\s*{hours}",
    )
    return rf"{_SIGN}?(?:{'|'.join(forms)})\b\.?"


def duration(time: str) -> str | None:
    """Return a planned time as written; of a span of the clock, how long it is.

    Return None for a span that is too long for an agenda item.

    >>> duration(" 5-10 min "), duration("[0:35–0:45]"), duration("9:00-17:00")
    ('5-10 min', '10 min', None)
    """
    match = _RANGE.search(time)
    if match is None:
        return time.strip()
    start, stop = (
        60 * int(hour) + int(minute)
        for hour, minute in (re.findall(r"\d+", match[key]) for key in ("start", "stop"))
    )
    minutes = (stop - start) % _HALF_DAY
    return f"{minutes} min" if 0 < minutes <= _LONGEST else None
