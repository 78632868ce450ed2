"""Dates and numbers in words."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.lists import format_list

from cafe_site import translation
from cafe_site.notes.dates import MeetingDate
from cafe_site.notes.titles import safe_title
from cafe_site.translation import gettext, ngettext

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping, Sequence

    from cafe_site.community.schedule import Occurrence
    from cafe_site.notes.model import Meeting

# Longer topics are shortened in lists.
_TOPIC_LENGTH = 90


def full_date(date: MeetingDate, language: str = "") -> str:
    """Return a date with its weekday; a month if it has no day; as written if it is invalid.

    >>> full_date(MeetingDate(2025, 12, 16)), full_date(MeetingDate(2024, 6))
    ('Tuesday, December 16, 2025', 'June 2024')
    >>> full_date(MeetingDate(2025, 12, 16), "de")
    'Dienstag, 16. Dezember 2025'

    :param language: that of messages by default
    """
    return _date(date, "full", "yMMMM", language or translation.language())


def short_date(date: MeetingDate, language: str = "") -> str:
    """Return a date for a list below its year.

    >>> short_date(MeetingDate(2025, 12, 16)), short_date(MeetingDate(2024, 6))
    ('Tue, Dec 16', 'Jun')
    >>> short_date(MeetingDate(2025, 12, 16), "fr")
    'mar. 16 déc.'
    """
    return _date(date, "MMMEd", "MMM", language or translation.language())


def full_day(day: datetime.date, language: str = "") -> str:
    """Return a day with its weekday.

    >>> import datetime
    >>> full_day(datetime.date(2026, 12, 1))
    'Tuesday, December 1, 2026'
    """
    return full_date(MeetingDate(day.year, day.month, day.day), language)


@functools.lru_cache(maxsize=8192)
def _date(date: MeetingDate, form: str, form_of_month: str, language: str) -> str:
    """Return a date by one of CLDR's skeletons, another one for a month, or in ``full``."""
    if date.start is None:
        return date.iso
    shown = form_of_month if date.day is None else form
    if shown == "full":
        return format_date(date.start, shown, locale=_locale(language))
    return format_skeleton(shown, date.start, locale=_locale(language))


def medium_date(date: MeetingDate) -> str:
    """Return a date in a short form with its year.

    >>> from cafe_site.notes.dates import MeetingDate
    >>> medium_date(MeetingDate(2025, 12, 16)), medium_date(MeetingDate(2024, 6))
    ('Dec 16, 2025', 'Jun 2024')
    """
    start = date.start
    if start is None:
        return date.iso
    skeleton = "yMMM" if date.day is None else "yMMMd"
    return format_skeleton(skeleton, start, locale=_locale(translation.language()))


def month_and_day(day: datetime.date) -> str:
    """Return a date without its year.

    >>> import datetime
    >>> month_and_day(datetime.date(2025, 12, 16))
    'December 16'
    """
    return format_skeleton("MMMMd", day, locale=_locale(translation.language()))


def weekday(day: datetime.date) -> str:
    """Return the name of a day's weekday, in its stand-alone form.

    >>> import datetime
    >>> weekday(datetime.date(2025, 12, 16))
    'Tuesday'
    """
    return format_date(day, "cccc", locale=_locale(translation.language()))


def special(occurrence: Occurrence, date: Callable[[datetime.date], str]) -> str:
    """Return how a meeting differs from the rule, other than being canceled, and why.

    :param date: formats a date
    """
    moved, what = occurrence.origin, ""
    if moved is None and occurrence.status == "extra":
        what = gettext("An extra meeting")
    elif moved == occurrence.date:
        what = gettext("At another time than usual")
    elif moved is not None:
        what = gettext("Moved from {date}").format(date=date(moved))
    return because(what, occurrence.reason) if what else occurrence.reason


def because(what: str, reason: str) -> str:
    """Return a text with the reason for it, if any.

    >>> because("Canceled", "Holidays"), because("Canceled", "")
    ('Canceled: Holidays', 'Canceled')
    """
    return gettext("{what}: {reason}").format(what=what, reason=reason) if reason else what


def city(timezone: str) -> str:
    """Return the city that a time zone is named after, or an empty string.

    The name is from Unicode's CLDR, or else from IANA.

    >>> city("America/Los_Angeles"), city("UTC"), city("Etc/GMT+5")
    ('Los Angeles', '', '')
    """
    region, _, name = timezone.rpartition("/")
    if region in ("", "Etc"):
        return ""
    known = _locale(translation.language()).time_zones.get(timezone, {})
    return str(known.get("city") or name.replace("_", " "))


@functools.lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en")


def listed(items: Sequence[str]) -> str:
    """Return a list in one line, as in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b, and c'
    """
    return format_list(items, locale=_locale(translation.language()))


def plural_form(number: int) -> str:
    """Return the CLDR plural category of a number: ``one``, ``other``, in some languages more.

    >>> plural_form(1), plural_form(2)
    ('one', 'other')
    """
    return str(_locale(translation.language()).plural_form(number))


def people(count: int) -> str:
    """Return a number of people in words.

    >>> people(1), people(12)
    ('1 person', '12 people')
    """
    return ngettext("{count} person", "{count} people", count).format(count=count)


def count_meetings(meetings: Sequence[Meeting]) -> str:
    """Return the number of meetings, and how many of them were canceled.

    >>> count_meetings([])
    'no meetings'
    """
    if not meetings:
        return gettext("no meetings")
    count = len(meetings)
    canceled = sum(meeting.canceled for meeting in meetings)
    total = ngettext("{count} meeting", "{count} meetings", count).format(count=count)
    if not canceled:
        return total
    return ngettext(
        "{meetings}, {count} of them canceled", "{meetings}, {count} of them canceled", canceled
    ).format(meetings=total, count=canceled)


def shorten(text: str, length: int = _TOPIC_LENGTH) -> str:
    """Cut a text at the end of a word.

    >>> shorten("one two three", 9)
    'one two…'
    """
    if len(text) <= length:
        return text
    cut = text[:length].rsplit(" ", 1)[0]
    return cut.rstrip(" ,.;:–—-([") + "…"


def series_title(series: str, default: str, titles: Mapping[str, str] | None = None) -> str:
    """Return the name of a series of meetings.

    :param default: that of the series in the notes folder itself
    :param titles: the titles of series that have one

    >>> series_title("team-meetings", "Notes"), series_title("", "Notes")
    ('Team meetings', 'Notes')
    """
    if titles and series in titles:
        return titles[series]
    if not series:
        return default
    words = safe_title(series.replace("/", ": ").replace("-", " ").replace("_", " "))
    return words[:1].upper() + words[1:]
