"""How dates are written in different languages, as patterns.

Names of months and weekdays and the order of numbers are those of Babel (Unicode CLDR).
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError

from cafe_site.vocabulary import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from cafe_site.vocabulary import Vocabulary

HYPHEN = r"\-" "\u2010-\u2015\u2212"
_TO = rf"\s*(?:[{HYPHEN}/&+]|\b(?:to|and|until|through|bis|und|au|et|al|a|y|e|à)\b)\s*"
# Not a letter alone, which may be the name of a room.
_TO_NUMBER = rf"\s*(?:[{HYPHEN}/&+]|\b(?:to|and|until|through|bis|und|au|et|al)\b)\s*"
_TWO_DIGITS = r"(?:0[1-9]|[12]\d|3[01])(?!\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|[ºª°.])?"
_OTHER_DAY = r"\d{1,2}(?:st|nd|rd|th|er|[ºª°.])?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OF = rf"(?:[\s{HYPHEN}]+|\s+(?:of|de|del|do|the|den)\s+)"
_BEFORE_YEAR = rf"(?:\s*,\s*|[\s{HYPHEN}]+|\s+(?:de|del|of)\s+)"
# Not in a number, nor in a URL.
_START = rf"(?<![\w./=#&?])(?<!\d[{HYPHEN}/])"
_END = r"(?![^\W_]|[.,:]\d|-\d)"


@dataclass(frozen=True, slots=True)
class Forms:
    """How dates are written in the languages of a vocabulary."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    """By their folded names and abbreviations, Monday being 0."""
    orders: frozenset[tuple[str, str]]
    """See `_orders`; those of the first language."""
    patterns: tuple[re.Pattern[str], ...]
    leading: re.Pattern[str]
    """Words that lead to a date, at the end of the text before it."""


@functools.lru_cache(maxsize=16)
def forms_in(words: Vocabulary) -> Forms:
    """Return how dates are written in the languages of a vocabulary."""
    locales = list(_locales(words.languages))
    months = _names(locales, "months", range(1, 13))
    weekdays = _names(locales, "days", range(7))
    before = words.pattern("before_date")
    return Forms(
        months,
        {folded(name): number for name, number in weekdays.items()},
        frozenset(order for locale in locales[:1] for order in _orders(locale)),
        tuple(_patterns(months, weekdays)),
        re.compile(rf"(?:(?<=\s)|^)(?:{before}\s+)+$", re.IGNORECASE),
    )


def _locales(languages: Iterable[str]) -> Iterator[Locale]:
    for language in languages:
        try:
            yield Locale.parse(language.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue


def _names(locales: Iterable[Locale], kind: str, numbers: range) -> dict[str, int]:
    """Return the names of months or weekdays, the earlier languages taking precedence."""
    found: dict[str, int] = {}
    for locale in locales:
        own: dict[str, set[int]] = {}
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number in numbers:
                    name = getattr(locale, kind)[context][width][number].lower().rstrip(".")
                    shorter = name[:3] if width == "wide" else name
                    for form in (name, shorter, "sept" if name == "september" else name):
                        own.setdefault(form, set()).add(number)
                        own.setdefault(_plain(form), set()).add(number)
                    if locale.language == "en" and kind == "days":
                        for form in _ENGLISH_DAYS.get(number, ()):
                            own.setdefault(form, set()).add(number)
        for name, several in own.items():
            # "jui" could be June or July in French.
            if len(several) == 1 and len(name) > 1:
                found.setdefault(name, next(iter(several)))
    return found


_ENGLISH_DAYS: Mapping[int, tuple[str, ...]] = {
    1: ("tues",),
    2: ("weds",),
    3: ("thur", "thurs"),
}


def _plain(name: str) -> str:
    words = folded(name)
    return words if " " not in words else name


def _orders(locale: Locale) -> Iterator[tuple[str, str]]:
    """Yield the separators of short dates and what comes first: the day or the month.

    English is written with both orders.
    """
    if locale.language == "en":
        yield from (("/", "day"), ("/", "month"), (".", "day"), (".", "month"))
        yield from (("-", "day"), ("-", "month"))
        return
    pattern = locale.date_formats["short"].pattern
    if found := re.search(r"(d+|M+)\W+(?:d+|M+)\W+y", pattern):
        first = "day" if found[1].startswith("d") else "month"
        yield from ((separator, first) for separator in "./-")


# Two numbers and a year, the order of which is not known.


def _patterns(months: Iterable[str], weekdays: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """Yield the patterns of dates; where several match, the first is the more specific one."""
    month = rf"(?P<month>{_alternatives(months)})\b\.?"
    other_month = rf"(?:{_alternatives(months)})\b\.?"
    weekday = (
        rf"(?:(?<![^\W_])(?P<weekday>{_alternatives(weekdays)})\b\.?"
        rf"(?:\s*,\s*|\s+)(?:the\s+|den\s+|le\s+|am\s+)?)?"
    )
    other_weekday = rf"(?:{_alternatives(weekdays)})?\b\.?,?\s*"
    # A range of days in one month, or over the end of a month.
    days = rf"(?:{_TO}{other_weekday}{_OTHER_DAY}(?!\d))?"
    for pattern in (
        rf"(?P<year>\d{{4}})(?P<separator>[{HYPHEN}/._])(?P<month>\d{{1,2}})(?P=separator)"
        rf"(?P<day>\d{{1,2}})(?:T\d\d:?\d\d(?::?\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"
        rf"|(?!\-)(?:{_TO}(?:\d{{4}}(?P=separator))?\d\d(?P=separator)\d\d(?!\d)"
        # A number with words behind it is not the last day: "2025-12-16 – 20 years of NumPy".
        rf"|[{HYPHEN}/]{_TWO_DIGITS}|{_TO_NUMBER}{_TWO_DIGITS}(?!\s*\w)))?",
        r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])",
        rf"{_DAY}{days}{_OF}{month}{_BEFORE_YEAR}{_YEAR}",
        rf"{_DAY}{_OF}{month}{_TO}{_OTHER_DAY}{_OF}{other_month}{_BEFORE_YEAR}{_YEAR}",
        rf"{month}[\s{HYPHEN}]*{_DAY}{days}{_BEFORE_YEAR}{_YEAR}",
        rf"{month}\s*{_DAY}{_TO}{other_month}\s*{_OTHER_DAY}{_BEFORE_YEAR}{_YEAR}",
        rf"{_YEAR}[\s{HYPHEN}]+{month}[\s{HYPHEN}]+{_DAY}",
        r"(?P<first>\d{1,2})(?P<separator>[/.-])(?P<second>\d{1,2})(?P=separator)"
        r"(?P<year>(?:19|20)\d\d)",
        r"(?P<first>\d{1,2})(?P<separator>/)(?P<second>\d{1,2})/(?P<year>\d\d)",
        rf"{_DAY}{days}{_OF}{month}",
        rf"{month}\s*{_DAY}{days}",
        rf"(?P<year>\d{{4}})[{HYPHEN}](?P<month>\d{{1,2}})(?![{HYPHEN}/._]\d)",
        rf"{month}{_BEFORE_YEAR}{_YEAR}",
        rf"{_YEAR}[\s{HYPHEN}]+{month}",
        month,
    ):
        yield re.compile(rf"{_START}{weekday}{pattern}{_END}", re.IGNORECASE)


def _alternatives(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names, key=lambda name: (-len(name), name))))
