"""What must be so, found out without the code under test: of pages of notes, and of dates."""

from __future__ import annotations

import calendar
import datetime
import html
import itertools
import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from bs4 import Tag

# All that a meeting may consist of.
# fmt: off
ELEMENTS = {
    "section", "h2", "h3", "h4", "h5", "h6", "p", "a", "div", "span", "ul", "ol", "li", "em",
    "strong", "s", "br", "hr", "code", "pre", "blockquote", "table", "colgroup", "col",
    "thead", "tbody", "tr", "th", "td", "details", "summary", "input", "aside",
    "dl", "dt", "dd",
}
ATTRIBUTES = {
    "class", "id", "href", "title", "rel", "role", "start", "style", "open", "type",
    "disabled", "checked", "aria-label", "colspan",
}
# fmt: on

# What marks a text up, so that its words need not be seen: labels of links and footnotes,
# HackMD's badge, the kind of an alert, the language of a code block, emoji by name.
_MARKUP = re.compile(
    r"\]\s?\[[^\]]*\]|\[\^[^\]]*\]|\[[^\]]*\](?=:)|\[name=|\[![^\]]*\]|(?:`{3,}|~{3,})[^\S\n]*[\w+#.-]*"
    r"|:[^\s:]+:"
)
# Dates are shown in one form.
_DATES = re.compile(
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{3,}")


def front_matter_of(text: str) -> str:
    """Return what may be front matter, whose unknown keys nobody sees."""
    pattern = r"(?ms)\ufeff?---[ \t]*\n(.*?)(?:^(?:---|\.\.\.)[ \t]*$|\Z)"
    match = re.match(pattern, text)
    return match[1] if match else ""


def typed_words(source: str) -> set[str]:
    """Return the words of a file of notes that have to be on its page."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    source = source.replace(front_matter_of(source), "", 1)
    words = _WORD.findall(_MARKUP.sub(" ", html.unescape(source)))
    return {word for word in words if not _DATES.fullmatch(word)}


def kept(part: Tag) -> str:
    """Return what a reader can get at: the text, and where links lead."""
    attributes = [a.get(key, "") for a in part.select("a") for key in ("href", "title")]
    return "\n".join([part.get_text(), *attributes])


def missing_words(source: str, shown: str) -> set[str]:
    """Return the words of a file of notes that are not in what is shown."""
    missing = {word for word in typed_words(source) if word not in shown}
    if missing:  # entities and percent signs in code stay, in addresses they are replaced
        shown = "\n".join((shown, html.unescape(shown), unquote(shown), _unicode_hosts(shown)))
        missing = {word for word in missing if word not in shown}
    return missing


def _unicode_hosts(text: str) -> str:
    def decode(match: re.Match[str]) -> str:
        try:
            return match[1].encode().decode("punycode")
        except UnicodeError:
            return match[0]

    return re.sub(r"xn--([a-z0-9-]+)", decode, text, flags=re.IGNORECASE)


def forbidden_markup(part: Tag) -> set[str]:
    """Return the elements and attributes of a meeting that notes cannot have."""
    found: set[str] = set()
    for element in (part, *part.find_all(True)):
        if element.name not in ELEMENTS:
            found.add(f"<{element.name}>")
        found.update(key for key in element.attrs if key not in ATTRIBUTES)
        if not re.fullmatch(r"(?:width: [\d.]+%;?)?", element.get("style", "")):
            found.add(f"style={element['style']}")
        if element.name == "input" and not (
            element.get("type") == "checkbox" and element.has_attr("disabled")
        ):
            found.add(str(element))
    return found


def duplicate_ids(page: Tag) -> set[str]:
    """Return the ids that more than one element has."""
    ids = Counter(element["id"] for element in page.find_all(id=True))
    return {anchor for anchor, count in ids.items() if count > 1}


# Without the underscores, which may be emphasis.
WORD = re.compile(r"[^\W_]+")
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")


def words_of(source: str) -> set[str]:
    """Return the words of a Markdown text, without what only marks it up."""
    source = re.sub(r"(?m)^(```|~~~).*$", "", source)
    source = re.sub(r"\[name=([^\]]+)\]", r"\1", source)
    source = re.sub(r"https?://\S+", "", source)
    return set(WORD.findall(_SHORTCODE.sub(" ", source)))


PACIFIC_SUMMER = datetime.timezone(datetime.timedelta(hours=-7))
PACIFIC_WINTER = datetime.timezone(datetime.timedelta(hours=-8))


def tuesdays(year: int, month: int) -> list[datetime.date]:
    """Return the first and the third Tuesday of a month, by the calendar module alone."""
    weeks = calendar.monthcalendar(year, month)
    found = [week[calendar.TUESDAY] for week in weeks if week[calendar.TUESDAY]]
    return [datetime.date(year, month, found[0]), datetime.date(year, month, found[2])]


def in_los_angeles(date: datetime.date, hour: int, minute: int = 0) -> datetime.datetime:
    """Return a time of day in Los Angeles, with the rule of the Energy Policy Act of 2005.

    Summer time is from the second Sunday of March to the first one of November, at two.
    """
    march = datetime.date(date.year, 3, 8)
    march += datetime.timedelta(days=6 - march.weekday())
    november = datetime.date(date.year, 11, 1)
    november += datetime.timedelta(days=6 - november.weekday())
    zone = PACIFIC_SUMMER if march <= date < november else PACIFIC_WINTER
    return datetime.datetime(date.year, date.month, date.day, hour, minute, tzinfo=zone)


def two_years() -> list[tuple[datetime.datetime, str]]:
    """Return when the meetings of `samples.CAFE` begin, and their status."""
    rows = []
    for year, month in itertools.product((2025, 2026, 2027), range(1, 13)):
        for date in tuesdays(year, month):
            if date < datetime.date(2025, 10, 7):
                continue
            status = "canceled" if (year, month) == (2026, 7) else "scheduled"
            rows.append((in_los_angeles(date, 11), status))
    rows.remove((in_los_angeles(datetime.date(2026, 11, 3), 11), "scheduled"))
    rows.append((in_los_angeles(datetime.date(2026, 11, 10), 12, 30), "moved"))
    rows.append((in_los_angeles(datetime.date(2026, 8, 12), 9), "extra"))
    return sorted(rows)
