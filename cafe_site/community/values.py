"""Single values of ``community.yaml``: each is parsed from a string, or refused."""

from __future__ import annotations

import datetime
import functools
import re
import unicodedata
import zoneinfo
from calendar import monthrange
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dateutil.rrule import rrulestr

from cafe_site.community.document import Refused, guess_from, quoted
from cafe_site.community.model import FIRST_DAY, LAST_DAY, midnight

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Control characters, surrogates, and characters that reorder the text around them.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def parse_text(text: str) -> str:
    """Return a string on one line."""
    words = " ".join(text.split())
    if _UNSEEN.search(words):
        raise Refused(f"{quoted(words)} contains a character that cannot be displayed")
    return words


def parse_some_text(text: str) -> str:
    words = parse_text(text)
    # Letters, digits, symbols: not spaces, lone accents, or characters without width.
    if not any(unicodedata.category(character)[0] in "LNPS" for character in words):
        raise Refused("must not be empty")
    return words


_PROFILE = re.compile(r"https?://(?:www\.)?github\.com/([A-Za-z0-9][A-Za-z0-9-]{0,38})/?")


def parse_person(text: str) -> str:
    """Return one person: a handle, a name, or several of these separated by ``/``.

    >>> parse_person("Ada Lovelace / ada-l"), parse_person("https://github.com/ada-l")
    ('Ada Lovelace / ada-l', '@ada-l')
    """
    person = parse_some_text(text)
    if profile := _PROFILE.fullmatch(person):
        return f"@{profile[1]}"
    if re.search(r"://|\bwww\.", person):
        raise Refused(f"{quoted(text)} must be a handle or a name, not a URL")
    if re.search(r"[,;]", person):
        raise Refused(f"{quoted(text)} must be one person; write one entry for each person")
    for form in person.split("/"):
        if not re.search(r"\w", form):
            raise Refused(f"{quoted(text)} must be a handle or a name, or both separated by '/'")
        if "@" in form and not re.fullmatch(r"\s*@[A-Za-z0-9][A-Za-z0-9-]{0,38}\s*", form):
            raise Refused(f"{quoted(form.strip())} is not a valid handle; write it as @ada or ada")
    return person


def parse_section(text: str) -> str:
    """Return a heading; one that consists of symbols or emoji is valid too."""
    heading = parse_some_text(text)
    if not heading.strip("#* _"):
        raise Refused(f"{quoted(text)} must be the words of a heading")
    return heading


def parse_pattern(pattern: str, description: str) -> Callable[[str], str]:
    """Return a parser of strings that match a pattern."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise Refused(f"{quoted(text)} must be {description}")
        return text

    return parse


def parse_choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            listed = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
            raise Refused(f"{quoted(text)} must be {listed}")
        return text

    return parse


def parse_address(text: str) -> str:
    """Return a URL.

    >>> parse_address("https://example.org/pad")
    'https://example.org/pad'
    """
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # raises ValueError for an invalid port
    except ValueError:
        is_web = False
    if re.search(r"//[^/?#]*@", text):
        # Not quoted: messages end up in logs that everybody can read.
        raise Refused(
            "contains a user name or password, which would be published; "
            "remove the part before the '@'"
        )
    if not is_web or not text.isprintable() or re.search(r'[\s<>"`\\]', text):
        raise Refused(f"{quoted(text)} is not a valid URL; it should begin with https://")
    return text


def parse_site(text: str) -> str:
    """Return the URL of a site, with a slash at its end."""
    address = parse_address(text)
    if "?" in address or "#" in address:
        raise Refused(f"{quoted(text)} must be a URL without '?' and '#'")
    host_of(address)
    return address.rstrip("/") + "/"


def host_of(address: str) -> str:
    """Return the host of a URL, as ASCII (internationalized names in their IDNA form)."""
    host = urlsplit(address).hostname or ""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise Refused(f"{quoted(host)} is not a valid host name") from None


NAME = "letters, digits, '.', '_' and '-' only"
parse_domain = parse_pattern(
    r"(?!-)[a-z0-9-]+(?<!-)(\.(?!-)[a-z0-9-]+(?<!-))*",
    "a host name in lowercase, such as cafe.example.org",
)

parse_repository = parse_pattern(
    r"[\w-][\w.-]*(?:/(?!\.\.?(?:/|$))[\w.-]+)+",
    "a repository such as numpy/numpy, or gitlab.com/group/project",
)


def parse_folder(text: str) -> str:
    """Return a relative folder without leading and trailing slashes; ``""`` stands for ``.``."""
    if text == ".":
        return ""
    parts = text.strip("/").split("/") if text.strip("/") else []
    if (
        text.startswith("/")
        or "\\" in text
        or not text.isprintable()
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise Refused(f"{quoted(text)} must be a folder such as team-meetings or a/b")
    return "/".join(parts)


def parse_date(text: str) -> datetime.date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise Refused(f"{quoted(text)} is not a valid date; write it as YYYY-MM-DD")
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        raise Refused(
            f"{quoted(text)} is not a valid date: the calendar has no such day"
        ) from None
    if not FIRST_DAY <= date <= LAST_DAY:
        years = f"{FIRST_DAY.year} and {LAST_DAY.year}"
        raise Refused(f"{quoted(text)} must be a date between the years {years}")
    return date


def parse_time(text: str) -> datetime.time:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text, re.ASCII)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise Refused(f"{quoted(text)} is not a valid time; write it as HH:MM, such as 17:30")
    return datetime.time(int(match[1]), int(match[2]))


def parse_moment(text: str) -> tuple[datetime.date, datetime.time | None]:
    """Return a date, and a time if there is one after it.

    >>> parse_moment("2026-11-10 12:30")
    (datetime.date(2026, 11, 10), datetime.time(12, 30))
    """
    day, _, time = text.replace("T", " ", 1).partition(" ")
    return parse_date(day), parse_time(time.strip()) if time.strip() else None


def parse_update(text: str) -> datetime.datetime:
    """Return the beginning of a day in UTC, or a time in UTC on it."""
    day, time = parse_moment(text)
    return datetime.datetime.combine(day, time or datetime.time(), datetime.UTC)


def parse_duration(text: str) -> datetime.timedelta:
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= 1439:
        raise Refused(f"{quoted(text)} must be a number of minutes from 1 to 1439")
    return datetime.timedelta(minutes=int(text))


@functools.cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(zoneinfo.available_timezones() - _NOT_PLACES))


# Files that some systems keep among the time zones, such as the system's own time zone.
_NOT_PLACES = frozenset({"localtime", "posixrules", "Factory", "posix", "right"})


def parse_timezone(text: str) -> str:
    zones = _zones()
    if text in zones:
        return text
    # "Los Angeles" for America/Los_Angeles
    cities = {zone.rpartition("/")[2].replace("_", " ").lower(): zone for zone in reversed(zones)}
    by_city = cities.get(text.replace("_", " ").lower())
    guess = f"; did you mean {by_city!r}?" if by_city else guess_from(text, zones)
    raise Refused(
        f"{quoted(text)} is not an IANA time zone{guess or '; use a name such as Europe/Berlin'}"
    )


def _numbers(first: int, last: int, *, negative: bool = False) -> Callable[[str], bool]:
    """Return a test for a comma-separated list of numbers from one to another."""

    def fits(text: str) -> bool:
        sign = "[+-]?" if negative else ""
        return all(
            re.fullmatch(rf"{sign}\d{{1,4}}", part, re.ASCII) and first <= abs(int(part)) <= last
            for part in text.split(",")
        )

    return fits


def _matches(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.fullmatch(pattern, text, re.ASCII) is not None


_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_YEARLY = frozenset({"YEARLY"})
_ALL = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
# The parts of RFC 5545, section 3.3.10, that a rule can have here, with the frequencies that
# may have them. The time of day has a key of its own, and so have the first and last day.
RULE_PARTS: Mapping[str, tuple[Callable[[str], bool], frozenset[str]]] = {
    "FREQ": (_ALL.__contains__, _ALL),
    "INTERVAL": (_numbers(1, 1000), _ALL),
    "BYMONTH": (_numbers(1, 12), _ALL),
    "BYWEEKNO": (_numbers(1, 53, negative=True), _YEARLY),
    "BYYEARDAY": (_numbers(1, 366, negative=True), _YEARLY),
    "BYMONTHDAY": (_numbers(1, 31, negative=True), _ALL - {"WEEKLY"}),
    "BYDAY": (_matches(rf"(?:[+-]?\d{{1,2}})?{_DAY}(?:,(?:[+-]?\d{{1,2}})?{_DAY})*"), _ALL),
    "BYSETPOS": (_numbers(1, 366, negative=True), _ALL),
    "WKST": (_matches(_DAY), _ALL),
}
_INSTEAD = {
    "DTSTART": "use the key 'first' instead",
    "UNTIL": "use the key 'last' instead",
    "COUNT": "use the key 'last' instead",
    "BYHOUR": "use the key 'time' instead",
    "BYMINUTE": "use the key 'time' instead",
}


def parse_rrule(text: str) -> str:
    """Return a rule in uppercase, or refuse it, saying which part is wrong.

    >>> parse_rrule("freq=weekly;byday=tu")
    'FREQ=WEEKLY;BYDAY=TU'
    """
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if key not in RULE_PARTS:
            instead = _INSTEAD.get(key, f"the parts are {', '.join(RULE_PARTS)}")
            raise Refused(f"{quoted(part)} is not allowed in a rule; {instead}")
        if not equals or not RULE_PARTS[key][0](value):
            if key == "FREQ":
                raise Refused(f"{quoted(part)} must be DAILY, WEEKLY, MONTHLY or YEARLY")
            raise Refused(f"{quoted(part)} is not a valid part of an RFC 5545 rule")
        if key in parts:
            raise Refused(f"{key} occurs twice in the rule")
        parts[key] = value
    if "FREQ" not in parts:
        raise Refused(f"{quoted(text)} has no FREQ, such as FREQ=MONTHLY")
    frequency = parts["FREQ"]
    for key in parts:
        if frequency not in RULE_PARTS[key][1]:
            raise Refused(f"{key} is not allowed with FREQ={frequency}")
    numbers = _numbers_of(parts, "BYDAY")
    if numbers and (frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in parts):
        raise Refused(
            f"{quoted(parts['BYDAY'])}: numbered weekdays need FREQ=MONTHLY, "
            "or FREQ=YEARLY without BYWEEKNO"
        )
    # RFC 5545: within the month, or the year. No month has a sixth Friday.
    most = 53 if frequency == "YEARLY" and "BYMONTH" not in parts else 5
    if not all(1 <= number <= most for number in numbers):
        raise Refused(
            f"{quoted(parts['BYDAY'])}: the number of a weekday must be 1 to {most}, "
            f"or -1 to -{most} from the end"
        )
    if "BYSETPOS" in parts and not any(
        key.startswith("BY") and key != "BYSETPOS" for key in parts
    ):
        raise Refused("BYSETPOS needs another part that begins with BY")
    _check_possible(parts)
    rule = ";".join(f"{key}={value}" for key, value in parts.items())
    try:
        rrulestr(rule, dtstart=midnight(FIRST_DAY))
    except ValueError as error:
        raise Refused(f"{quoted(text)} is not a valid RFC 5545 rule: {error}") from None
    return rule


def _numbers_of(parts: Mapping[str, str], key: str) -> list[int]:
    """Return the numbers in a part of a rule, without signs."""
    return [int(number) for number in re.findall(r"[0-9]+", parts.get(key, ""))]


def _check_possible(parts: Mapping[str, str]) -> None:
    """Refuse a rule that gives no date in any year: dateutil would search up to the year 9999."""
    months, days = _numbers_of(parts, "BYMONTH"), _numbers_of(parts, "BYMONTHDAY")
    longest = max((monthrange(2024, month)[1] for month in months), default=31)
    if days and min(days) > longest:
        raise Refused(f"'BYMONTHDAY={parts['BYMONTHDAY']}' does not occur in these months")
    weekdays = len(set(parts.get("BYDAY", "x").split(",")))
    most = {"DAILY": 1, "WEEKLY": weekdays, "MONTHLY": 31, "YEARLY": 366}[parts["FREQ"]]
    if any(position > most for position in _numbers_of(parts, "BYSETPOS")):
        raise Refused(
            f"'BYSETPOS={parts['BYSETPOS']}' must be from 1 to {most} with these other parts"
        )
