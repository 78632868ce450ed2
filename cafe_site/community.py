"""Who a community is and when it meets: the file ``community.yaml``.

The file is written by people, so whatever is wrong with it is said all at once,
one line for each problem, with its line in the file and what would be right.
What each key means stands in ``docs/community-settings.md``.
"""

from __future__ import annotations

import datetime
import difflib
import functools
import itertools
import re
import zoneinfo
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import yaml
from dateutil.rrule import rrulestr

from cafe_site.notes.frontmatter import TextLoader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

MAX_LENGTH = 200_000
"""How many characters a file may have; meetings of a century fit."""
FIRST_DAY = datetime.date(1970, 1, 1)
LAST_DAY = datetime.date(2199, 12, 31)
"""Dates before and after these are taken for slips of the finger."""
HOSTS = ("github", "gitlab", "bitbucket")
"""Where a repository can be."""


class CommunityError(Exception):
    """A ``community.yaml`` that cannot be used.

    >>> print(CommunityError(("community.yaml:1: name: is required",)))
    community.yaml:1: name: is required
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(self.problems)


@dataclass(frozen=True)
class Repository:
    """The repository that the site's sources are in."""

    owner: str
    """The person, organization or, on GitLab, group with its subgroups."""
    name: str
    host: str = "github"
    """One of `HOSTS`."""
    branch: str = "main"
    folder: str = ""
    """The folder of ``conf.py`` in the repository, without outer slashes."""


@dataclass(frozen=True)
class Period:
    """A time for which one rule says when a series of meetings takes place."""

    rrule: str
    """The rule of RFC 5545, section 3.3.10, in capital letters: ``FREQ=MONTHLY;BYDAY=1TU,3TU``."""
    time: datetime.time
    """When meetings begin, on the clocks of the time zone."""
    timezone: str
    """The name of the IANA time zone."""
    duration: datetime.timedelta
    """How long meetings last."""
    first: datetime.date
    """The first day that can have a meeting; weeks and months are counted from it."""
    last: datetime.date | None = None
    """The last day that can have a meeting; None if there is no end."""

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The time zone."""
        return zoneinfo.ZoneInfo(self.timezone)

    def days(self, since: datetime.date, until: datetime.date) -> list[datetime.date]:
        """Return the days that the rule gives from one day to another, both included.

        >>> period = Period("FREQ=MONTHLY;BYDAY=1TU,3TU", datetime.time(11), "UTC",
        ...                 datetime.timedelta(hours=1), datetime.date(2025, 10, 7))
        >>> days = period.days(datetime.date(2025, 1, 1), datetime.date(2025, 11, 4))
        >>> [str(day) for day in days]
        ['2025-10-07', '2025-10-21', '2025-11-04']
        """
        since = max(since, self.first)
        until = min(until, self.last or LAST_DAY, LAST_DAY)
        if until < since:
            return []
        rule = rrulestr(self.rrule, dtstart=_midnight(self.first))
        found = rule.between(_midnight(since), _midnight(until), inc=True)
        return [moment.date() for moment in found]

    def first_day(self, since: datetime.date) -> datetime.date | None:
        """Return the first day that the rule gives at or after a day, or None if there is none."""
        rule = rrulestr(self.rrule, dtstart=_midnight(self.first))
        found = rule.after(_midnight(since), inc=True)
        if found is None or found.date() > (self.last or LAST_DAY):
            return None
        return found.date()

    def last_day(self, until: datetime.date) -> datetime.date | None:
        """Return the last day that the rule gives at or before a day, or None if there is none."""
        rule = rrulestr(self.rrule, dtstart=_midnight(self.first))
        found = rule.before(_midnight(min(until, self.last or LAST_DAY)), inc=True)
        return None if found is None else found.date()


@dataclass(frozen=True)
class Cancellation:
    """A meeting that does not take place."""

    date: datetime.date
    """The day that the rule gives."""
    reason: str = ""


@dataclass(frozen=True)
class Move:
    """A meeting that takes place at another time than the rule says."""

    origin: datetime.date
    """The day that the rule gives."""
    start: datetime.datetime
    """When it begins instead, on the clocks of the time zone of its period."""
    reason: str = ""


@dataclass(frozen=True)
class Extra:
    """A meeting that the rule does not give."""

    start: datetime.datetime
    """When it begins, on the clocks of the time zone of its period (`Series.period_on`)."""
    reason: str = ""


@dataclass(frozen=True)
class Series:
    """A series of meetings."""

    id: str
    """Small letters, digits and hyphens; part of file names and identifiers."""
    title: str
    notes: str
    """The folder of its notes below the notes folder; ``""`` is the notes folder itself."""
    periods: tuple[Period, ...]
    """At least one, oldest first; they do not overlap, and only the last one can be open."""
    updated: datetime.date
    """When somebody last changed what is known about the series."""
    cancelled: tuple[Cancellation, ...] = ()
    """By date."""
    moved: tuple[Move, ...] = ()
    """By the day they are moved from."""
    extra: tuple[Extra, ...] = ()
    """By date."""

    def days(
        self, since: datetime.date, until: datetime.date
    ) -> list[tuple[datetime.date, Period]]:
        """Return the days that the rules give from one day to another, with their periods."""
        return [(day, period) for period in self.periods for day in period.days(since, until)]

    def period_on(self, day: datetime.date) -> Period:
        """Return the period that a day is in, or else the one before it, or else the first."""
        begun = [period for period in self.periods if period.first <= day]
        return begun[-1] if begun else self.periods[0]


@dataclass(frozen=True)
class Community:
    """All that ``community.yaml`` says."""

    name: str
    organizers: str = ""
    site: str = ""
    """The address of the published site, with a ``/`` at its end; empty if it is not known."""
    domain: str = ""
    """What makes identifiers unique in the world; stays when the site moves; empty if unknown."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Web addresses by free names, in the order of the file."""
    repository: Repository | None = None
    hide_people: tuple[str, ...] = ()
    """Handles of people who asked not to be named."""
    drop_sections: tuple[str, ...] = ()
    """Headings of parts of meetings that are not shown."""
    schedule: tuple[Series, ...] = ()
    """In the order of the file."""


def load_community(path: Path) -> Community:
    """Read a community's file.

    :raises CommunityError: if it cannot be read, or for what `read_community` refuses
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise CommunityError((f"{path.name}: there is no such file",)) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"{path.name}:{line}: is not UTF-8; save it as UTF-8"
        raise CommunityError((problem,)) from None
    except OSError as error:
        raise CommunityError((f"{path.name}: cannot be read: {error.strerror}",)) from None
    return read_community(text, path.name)


def read_community(text: str, name: str = "community.yaml") -> Community:
    """Read the text of a community's file.

    It is YAML without tags, aliases and keys that stand twice,
    and every value is taken as the text that it is: ``11:00`` is no number, ``no`` no truth value.
    A key without a value counts as left out.

    >>> read_community("name: Example Café\\nsite: https://cafe.example.org").domain
    'cafe.example.org'
    >>> read_community("name: Example Café\\nsite: cafe.example.org")
    Traceback (most recent call last):
    cafe_site.community.CommunityError: community.yaml:2: site: 'cafe.example.org' is no web \
address; it should begin with https://

    :param name: the name of the file, for problems
    :raises CommunityError: with all problems, in the order of the file's lines
    """
    document = _Document(name)
    root = document.compose(text)
    community = None if root is None else _community(document, root)
    if document.problems or community is None:
        document.problems.sort(key=lambda problem: problem[0])
        raise CommunityError(line for _, line in document.problems)
    return community


# --- a document and its problems ------------------------------------------------------------


class _Refused(Exception):
    """A value that is not as it should be; says what is wrong and what would be right."""


class _Document:
    """A file that is being read, and the problems found in it so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[tuple[int, str]] = []

    def report(self, line: int, path: str, message: str) -> None:
        where = f"{path}: " if path else ""
        self.problems.append((line, f"{self.name}:{line}: {where}{message}"))

    def compose(self, text: str) -> yaml.Node | None:
        """Return the file's nodes, or None and a problem if it is not YAML."""
        if len(text) > MAX_LENGTH:
            self.report(1, "", f"is longer than {MAX_LENGTH:,} characters")
            return None
        try:
            root: yaml.Node | None = TextLoader(text).get_single_node()
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = error.problem or error.context or "it cannot be read"
            self.report(mark.line + 1 if mark else 1, "", f"is not YAML: {problem}")
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            self.report(line, "", f"U+{error.character:04X} is no character that YAML allows")
        except RecursionError:
            self.report(1, "", "is nested too deeply")
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            self.report(1, "", f"is not YAML: {' '.join(str(error).split())}")
        else:
            if root is None:
                self.report(1, "name", "is required")
            return root
        return None


@dataclass(frozen=True)
class _Place:
    """A node of the file, and the keys that lead to it."""

    document: _Document
    node: yaml.Node
    path: str

    def report(self, message: str) -> None:
        # PyYAML counts lines from 0.
        self.document.report(self.node.start_mark.line + 1, self.path, message)

    def at(self, key: str | int, node: yaml.Node) -> _Place:
        """Return a place below this one."""
        if isinstance(key, int):
            return _Place(self.document, node, f"{self.path}[{key}]")
        key = key if re.fullmatch(r"[\w-]{1,40}", key) else _shown(key)
        return _Place(self.document, node, f"{self.path}.{key}" if self.path else key)

    def inside(self, key: str) -> _Place:
        """Return the place of a key that is not there."""
        return self.at(key, self.node)

    @property
    def is_left_out(self) -> bool:
        """Whether nothing stands here: ``key:``, ``key: ~`` or ``key: null``."""
        node = self.node
        return (
            isinstance(node, yaml.ScalarNode)
            and node.style is None
            and node.value in ("", "~", "null")
        )


@dataclass(frozen=True)
class _Found:
    """A value and where it stands."""

    place: _Place
    value: Any


class _Fields(dict[str, _Found]):
    """The values of a mapping that could be read, by key."""

    def __init__(self, place: _Place) -> None:
        super().__init__()
        self.place = place
        self.refused: set[str] = set()
        """The keys whose values could not be read, which has been reported."""

    def value(self, key: str, default: Any = None) -> Any:
        found = self.get(key)
        return default if found is None else found.value


if TYPE_CHECKING:
    # Reports what is wrong and then returns None.
    _Reader = Callable[[_Place], Any]


def _shown(text: str) -> str:
    """Return a text in quotes, on one line and not too long."""
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _guess(word: str, known: Sequence[str]) -> str:
    """Return a question after the known word that is most like a word, or no text."""
    close = difflib.get_close_matches(word[:60], known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


# --- readers of nodes -----------------------------------------------------------------------


def _scalar(parse: Callable[[str], Any]) -> _Reader:
    """Return a reader of a single value."""

    def read(place: _Place) -> Any:
        if not isinstance(place.node, yaml.ScalarNode):
            place.report(f"should be a single value, not {_kind(place.node)}")
            return None
        try:
            return parse(place.node.value.strip())
        except _Refused as error:
            place.report(str(error))
            return None

    return read


def _list(item: _Reader) -> _Reader:
    """Return a reader of a list, as a tuple of what could be read with its places."""

    def read(place: _Place) -> tuple[_Found, ...] | None:
        if not isinstance(place.node, yaml.SequenceNode):
            place.report(f"should be a list, not {_kind(place.node)}")
            return None
        places = [place.at(i, node) for i, node in enumerate(place.node.value)]
        found = [_Found(below, item(below)) for below in places]
        return tuple(one for one in found if one.value is not None)

    return read


def _pairs(place: _Place) -> list[tuple[str, _Place, _Place]]:
    """Return the keys of a mapping with the places of their keys and values, each key once."""
    if not isinstance(place.node, yaml.MappingNode):
        place.report(f"should be keys with values, not {_kind(place.node)}")
        return []
    pairs: dict[str, tuple[str, _Place, _Place]] = {}
    for key, node in place.node.value:
        if not isinstance(key, yaml.ScalarNode):
            place.at("", key).report(f"a key should be a single word, not {_kind(key)}")
            continue
        at_key = place.at(key.value, key)
        if key.value in pairs:
            at_key.report("stands here a second time; keep one of them")
        else:
            pairs[key.value] = (key.value, at_key, place.at(key.value, node))
    return list(pairs.values())


def _mapping(readers: Mapping[str, _Reader], *required: str) -> _Reader:
    """Return a reader of a mapping with known keys."""

    def read(place: _Place) -> _Fields | None:
        fields = _Fields(place)
        for key, at_key, below in _pairs(place):
            reader = readers.get(key)
            if reader is None:
                known = _guess(key, list(readers)) or f"; the keys are {', '.join(readers)}"
                at_key.report(f"is no key here{known}")
            elif not below.is_left_out:
                value = reader(below)
                if value is None:
                    fields.refused.add(key)
                else:
                    fields[key] = _Found(below, value)
        if not isinstance(place.node, yaml.MappingNode):
            return None
        for key in required:
            if key not in fields and key not in fields.refused:
                place.inside(key).report("is required")
        return fields

    return read


def _kind(node: yaml.Node) -> str:
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    if isinstance(node, yaml.MappingNode):
        return "keys with values"
    return _shown(node.value) if node.value else "nothing"


# --- readers of single values ---------------------------------------------------------------


# Control characters, halves of characters, and what reorders the text around it.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def _text(text: str) -> str:
    """Return a text on one line."""
    words = " ".join(text.split())
    if _UNSEEN.search(words):
        raise _Refused(f"{_shown(words)} has a character that cannot be shown")
    return words


def _some_text(text: str) -> str:
    words = _text(text)
    if not words:
        raise _Refused("should not be empty")
    return words


def _pattern(pattern: str, description: str) -> Callable[[str], str]:
    """Return a parser of texts that have a form."""

    def parse(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise _Refused(f"{_shown(text)} should be {description}")
        return text

    return parse


def _choice(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            listed = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
            raise _Refused(f"{_shown(text)} should be {listed}")
        return text

    return parse


def _address(text: str) -> str:
    """Return a web address.

    >>> _address("https://example.org/pad")
    'https://example.org/pad'
    """
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
        _ = parts.port  # raises ValueError for a port that is none
    except ValueError:
        is_web = False
    if not is_web or not text.isprintable() or re.search(r'[\s<>"`\\]', text):
        raise _Refused(f"{_shown(text)} is no web address; it should begin with https://")
    return text


def _site(text: str) -> str:
    """Return the address of a folder on the web, with a slash at its end."""
    address = _address(text)
    if "?" in address or "#" in address:
        raise _Refused(f"{_shown(text)} should be an address without '?' and '#'")
    _host(address)
    return address.rstrip("/") + "/"


def _host(address: str) -> str:
    """Return the host of an address in the letters of the domain name system."""
    host = urlsplit(address).hostname or ""
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        raise _Refused(f"{_shown(host)} is no host name") from None


_NAME = "letters, digits, '.', '_' and '-' only"
_domain = _pattern(
    r"(?!-)[a-z0-9-]+(?<!-)(\.(?!-)[a-z0-9-]+(?<!-))*",
    "a host name in small letters, such as cafe.example.org",
)


def _folder(text: str) -> str:
    """Return a folder below another one without outer slashes; ``""`` is that one itself."""
    if text == ".":
        return ""
    parts = text.strip("/").split("/") if text.strip("/") else []
    if (
        text.startswith("/")
        or "\\" in text
        or not text.isprintable()
        or any(part in ("", ".", "..") for part in parts)
    ):
        raise _Refused(f"{_shown(text)} should be a folder such as team-meetings or a/b")
    return "/".join(parts)


def _date(text: str) -> datetime.date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise _Refused(f"{_shown(text)} is no date; write it as YYYY-MM-DD")
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        raise _Refused(f"{_shown(text)} is not in the calendar") from None
    if not FIRST_DAY <= date <= LAST_DAY:
        years = f"{FIRST_DAY.year} and {LAST_DAY.year}"
        raise _Refused(f"{_shown(text)} should be a date between the years {years}")
    return date


def _time(text: str) -> datetime.time:
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text, re.ASCII)
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise _Refused(f"{_shown(text)} is no time of day; write it as HH:MM, such as 17:30")
    return datetime.time(int(match[1]), int(match[2]))


def _moment(text: str) -> tuple[datetime.date, datetime.time | None]:
    """Return a date, and a time if there is one after it.

    >>> _moment("2026-11-10 12:30")
    (datetime.date(2026, 11, 10), datetime.time(12, 30))
    """
    day, _, time = text.replace("T", " ", 1).partition(" ")
    return _date(day), _time(time.strip()) if time.strip() else None


def _duration(text: str) -> datetime.timedelta:
    if not re.fullmatch(r"\d{1,4}", text, re.ASCII) or not 1 <= int(text) <= 1439:
        raise _Refused(f"{_shown(text)} should be a number of minutes from 1 to 1439")
    return datetime.timedelta(minutes=int(text))


@functools.cache
def _zones() -> tuple[str, ...]:
    return tuple(sorted(zoneinfo.available_timezones()))


def _timezone(text: str) -> str:
    zones = _zones()
    if text in zones:
        return text
    # "Los Angeles" for America/Los_Angeles
    cities = {zone.rpartition("/")[2].replace("_", " ").lower(): zone for zone in reversed(zones)}
    by_city = cities.get(text.replace("_", " ").lower())
    guess = f"; did you mean {by_city!r}?" if by_city else _guess(text, zones)
    raise _Refused(
        f"{_shown(text)} is no IANA time zone{guess or '; they are called like Europe/Berlin'}"
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
_LONG = frozenset({"MONTHLY", "YEARLY"})
_ALL = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
# The parts of RFC 5545, section 3.3.10, that a rule can have here, with the frequencies that
# may have them. The time of day has a key of its own, and so have the first and last day.
_PARTS: Mapping[str, tuple[Callable[[str], bool], frozenset[str]]] = {
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


def _rrule(text: str) -> str:
    """Return a rule in capital letters, or say which part of it is wrong.

    >>> _rrule("freq=weekly;byday=tu")
    'FREQ=WEEKLY;BYDAY=TU'
    """
    parts: dict[str, str] = {}
    for part in text.upper().split(";"):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if key not in _PARTS:
            instead = _INSTEAD.get(key, f"the parts are {', '.join(_PARTS)}")
            raise _Refused(f"{_shown(part)} cannot stand in a rule; {instead}")
        if not equals or not _PARTS[key][0](value):
            if key == "FREQ":
                raise _Refused(f"{_shown(part)} should be DAILY, WEEKLY, MONTHLY or YEARLY")
            raise _Refused(f"{_shown(part)} is no part of a rule as in RFC 5545")
        if key in parts:
            raise _Refused(f"{key} stands in the rule twice")
        parts[key] = value
    if "FREQ" not in parts:
        raise _Refused(f"{_shown(text)} has no FREQ, such as FREQ=MONTHLY")
    frequency = parts["FREQ"]
    for key in parts:
        if frequency not in _PARTS[key][1]:
            raise _Refused(f"{key} cannot stand in a rule with FREQ={frequency}")
    if re.search(r"\d", parts.get("BYDAY", "")) and (
        frequency not in _LONG or "BYWEEKNO" in parts
    ):
        raise _Refused(
            f"{_shown(parts['BYDAY'])}: weekdays with numbers need FREQ=MONTHLY, "
            "or FREQ=YEARLY without BYWEEKNO"
        )
    if "BYSETPOS" in parts and not any(
        key.startswith("BY") and key != "BYSETPOS" for key in parts
    ):
        raise _Refused("BYSETPOS needs another part that begins with BY")
    rule = ";".join(f"{key}={value}" for key, value in parts.items())
    try:
        rrulestr(rule, dtstart=_midnight(FIRST_DAY))
    except ValueError as error:
        raise _Refused(f"{_shown(text)} is no rule as in RFC 5545: {error}") from None
    return rule


def _midnight(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time())


# --- the keys -------------------------------------------------------------------------------


def _named_addresses(place: _Place) -> dict[str, str]:
    addresses = {}
    for key, at_key, below in _pairs(place):
        if not re.fullmatch(r"[\w-]+", key):
            at_key.report("should be a name of letters, digits, '_' and '-'")
        elif not below.is_left_out and (address := _scalar(_address)(below)) is not None:
            addresses[key] = address
    return addresses


def _dated_reasons(place: _Place) -> list[_Found]:
    """Read dates with reasons; a date may have none."""
    found = []
    for _, at_key, below in _pairs(place):
        # The path of the mapping is enough: the date stands in the message.
        at_date = _Place(place.document, at_key.node, place.path)
        date = _scalar(_date)(at_date)
        reason = "" if below.is_left_out else _scalar(_text)(below)
        if date is not None and reason is not None:
            found.append(_Found(at_date, Cancellation(date, reason)))
    return found


_EXTRA: Mapping[str, _Reader] = {
    "date": _scalar(_date),
    "time": _scalar(_time),
    "reason": _scalar(_text),
}


def _extra(place: _Place) -> tuple[datetime.date, datetime.time | None, str] | None:
    """Read an extra meeting: a date, a date and a time, or keys with values."""
    if not isinstance(place.node, yaml.MappingNode):
        moment = _scalar(_moment)(place)
        return None if moment is None else (*moment, "")
    fields = _mapping(_EXTRA, "date")(place)
    if fields is None or "date" not in fields:
        return None
    return fields.value("date"), fields.value("time"), fields.value("reason", "")


_MOVED: Mapping[str, _Reader] = {
    "from": _scalar(_date),
    "to": _scalar(_moment),
    "reason": _scalar(_text),
}
_PERIOD: Mapping[str, _Reader] = {
    "rrule": _scalar(_rrule),
    "time": _scalar(_time),
    "timezone": _scalar(_timezone),
    "duration": _scalar(_duration),
    "first": _scalar(_date),
    "last": _scalar(_date),
}
_SERIES: Mapping[str, _Reader] = {
    "id": _scalar(_pattern(r"[a-z0-9-]{1,60}", "small letters, digits and hyphens only")),
    "title": _scalar(_some_text),
    "notes": _scalar(_folder),
    **_PERIOD,
    "updated": _scalar(_date),
    "earlier": _list(_mapping(_PERIOD, "rrule", "first", "last")),
    "cancelled": _dated_reasons,
    "moved": _list(_mapping(_MOVED, "from", "to")),
    "extra": _list(_extra),
}
_read_series = _mapping(_SERIES, "id", "rrule", "time", "timezone", "first")


def _schedule(place: _Place) -> tuple[_Found, ...] | None:
    """Read a list of series; a single one need not be in a list."""
    if isinstance(place.node, yaml.MappingNode):
        fields = _read_series(place)
        return None if fields is None else (_Found(place, fields),)
    found: tuple[_Found, ...] | None = _list(_read_series)(place)
    return found


_REPOSITORY: Mapping[str, _Reader] = {
    "host": _scalar(_choice(*HOSTS)),
    # A group on GitLab can have subgroups.
    "owner": _scalar(_pattern(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", _NAME)),
    "name": _scalar(_pattern(r"(?!\.\.?$)[\w.-]+", _NAME)),
    "branch": _scalar(_pattern(r"(?!/)[\w./-]+(?<!/)", "the name of a branch")),
    "folder": _scalar(_folder),
}
_PRIVACY: Mapping[str, _Reader] = {
    "hide_people": _list(_scalar(_some_text)),
    "drop_sections": _list(_scalar(_some_text)),
}
_COMMUNITY: Mapping[str, _Reader] = {
    "name": _scalar(_some_text),
    "organizers": _scalar(_text),
    "site": _scalar(_site),
    "domain": _scalar(_domain),
    "links": _named_addresses,
    "repository": _mapping(_REPOSITORY, "owner", "name"),
    "privacy": _mapping(_PRIVACY),
    "schedule": _schedule,
}


# --- what the keys say together -------------------------------------------------------------


def _community(document: _Document, root: yaml.Node) -> Community | None:
    fields = _mapping(_COMMUNITY, "name")(_Place(document, root, ""))
    if fields is None:
        return None
    name = fields.value("name", "")
    site = fields.value("site", "")
    privacy = fields.value("privacy", {})
    repository = fields.value("repository")
    read = [(found.value, _series(found.value, name)) for found in fields.value("schedule", ())]
    _check_unique(series_fields for series_fields, _ in read)
    return Community(
        name=name,
        organizers=fields.value("organizers", ""),
        site=site,
        domain=fields.value("domain", _host(site)),
        links=fields.value("links", {}),
        repository=None if repository is None else _repository(repository),
        hide_people=_texts(privacy, "hide_people"),
        drop_sections=_texts(privacy, "drop_sections"),
        schedule=tuple(series for _, series in read if series is not None),
    )


def _texts(fields: _Fields, key: str) -> tuple[str, ...]:
    return tuple(found.value for found in fields[key].value) if key in fields else ()


def _repository(fields: _Fields) -> Repository | None:
    if "owner" not in fields or "name" not in fields:
        return None
    return Repository(**{key: found.value for key, found in fields.items()})


def _check_unique(all_fields: Iterable[_Fields]) -> None:
    """Report series that share an identifier, or a folder of notes."""
    ids: set[str] = set()
    folders: set[str] = set()
    for fields in all_fields:
        if "id" in fields:
            id_ = fields.value("id")
            if id_ in ids:
                fields["id"].place.report(f"{_shown(id_)} is the id of another series already")
            ids.add(id_)
        if "notes" in fields.refused:
            continue
        folder = fields.value("notes", "")
        if folder in folders:
            place = fields["notes"].place if "notes" in fields else fields.place.inside("notes")
            place.report(
                f"{_shown(folder or '.')} has the notes of another series already; "
                "give each series a folder of its own"
            )
        folders.add(folder)


def _series(fields: _Fields, community_name: str) -> Series | None:
    periods = _periods(fields)
    if periods is None:
        return None
    first = fields.value("first")
    series = Series(
        id=fields.value("id", ""),
        title=fields.value("title", community_name),
        notes=fields.value("notes", ""),
        periods=periods,
        updated=fields.value("updated", first),
    )
    return _with_changes(series, fields)


def _periods(fields: _Fields) -> tuple[Period, ...] | None:
    """Return the periods of a series, oldest first, or None if one is wrong."""
    found = [_Found(fields.place, _period(fields, fields))]
    found += [
        _Found(earlier.value["last"].place, _period(earlier.value, fields))
        for earlier in fields.value("earlier", ())
        if "last" in earlier.value
    ]
    read = [one for one in found if one.value is not None]
    read.sort(key=lambda one: one.value.first)
    written = len(fields["earlier"].place.node.value) if "earlier" in fields else 0
    fits = len(read) == 1 + written and "earlier" not in fields.refused
    for one, following in itertools.pairwise(read):
        begin = following.value.first
        if one.value.last is None or one.value.last >= begin:
            place = one.place
            if one is found[0]:
                place = fields["last"].place if "last" in fields else fields["first"].place
            place.report(
                f"'{one.value.last or one.value.first}' should be before {begin}, "
                "when the next rule begins"
            )
            fits = False
    return tuple(one.value for one in read) if fits else None


def _period(fields: _Fields, defaults: _Fields) -> Period | None:
    """Return a period of a series, whose own keys are the defaults of what it leaves out.

    Days depend on the rule and on the first and last day alone,
    so that they can be checked although a time or time zone has been refused.
    """
    rule, first = fields.value("rrule"), fields.value("first")
    if rule is None or first is None or "last" in fields.refused:
        return None
    period = Period(
        rrule=rule,
        time=fields.value("time", defaults.value("time", datetime.time())),
        timezone=fields.value("timezone", defaults.value("timezone", "UTC")),
        duration=fields.value("duration", defaults.value("duration", datetime.timedelta(hours=1))),
        first=first,
        last=fields.value("last"),
    )
    if period.last is not None and period.last < period.first:
        fields["last"].place.report(f"'{period.last}' is before 'first', {period.first}")
        return None
    if period.first_day(period.first) is None:
        until = "on" if period.last is None else f"to {period.last}"
        dates = f"from {period.first} {until}"
        fields["rrule"].place.report(f"{_shown(period.rrule)} gives no date {dates}")
        return None
    return period


def _with_changes(series: Series, fields: _Fields) -> Series:
    """Return a series with its cancelled, moved and extra meetings, and report what clashes."""
    cancelled = _cancellations(series, fields)
    moved = _moves(series, fields, {one.date for one in cancelled})
    extra = _extras(series, fields, moved)
    return Series(
        **{**vars(series), "cancelled": cancelled, "moved": moved, "extra": extra},
    )


def _is_on(series: Series, day: datetime.date) -> bool:
    return bool(series.days(day, day))


def _check_is_on(series: Series, day: datetime.date, place: _Place) -> bool:
    """Report a day that the rules do not give, with its neighbors that they do give."""
    if _is_on(series, day):
        return True
    before = [found for period in series.periods if (found := period.last_day(day))]
    after = [found for period in series.periods if (found := period.first_day(day))]
    nearest = [str(found) for found in (*before[-1:], *after[:1])]
    verb = "are" if len(nearest) > 1 else "is"
    place.report(f"'{day}' is no day of this series; the nearest {verb} {' and '.join(nearest)}")
    return False


def _cancellations(series: Series, fields: _Fields) -> tuple[Cancellation, ...]:
    kept = []
    for found in fields.value("cancelled", ()):
        if _check_is_on(series, found.value.date, found.place):
            kept.append(found.value)
    return tuple(sorted(kept, key=lambda one: one.date))


def _moves(series: Series, fields: _Fields, cancelled: set[datetime.date]) -> tuple[Move, ...]:
    given = [
        found.value
        for found in fields.value("moved", ())
        if "from" in found.value and "to" in found.value
    ]
    away = {one.value("from") for one in given} - cancelled
    seen: set[datetime.date] = set()
    targets: set[datetime.date] = set()
    moves = []
    for one in given:
        origin = one.value("from")
        day, time = one.value("to")
        at_origin, at_target = one["from"].place, one["to"].place
        if origin in seen:
            at_origin.report(f"'{origin}' is moved twice; keep one of them")
            continue
        seen.add(origin)
        if not _check_is_on(series, origin, at_origin):
            continue
        if origin in cancelled:
            at_origin.report(f"'{origin}' is cancelled as well; keep one of them")
            continue
        period = series.period_on(origin)
        start = datetime.datetime.combine(day, time or period.time)
        if start == datetime.datetime.combine(origin, period.time):
            at_target.report(f"'{start:%Y-%m-%d %H:%M}' is when it would be anyway")
        elif day in targets or (day not in away and _is_on(series, day)):
            at_target.report(f"'{day}' has a meeting of this series already")
        else:
            targets.add(day)
            moves.append(Move(origin, start, one.value("reason", "")))
    return tuple(sorted(moves, key=lambda move: move.origin))


def _extras(series: Series, fields: _Fields, moved: tuple[Move, ...]) -> tuple[Extra, ...]:
    away = {move.origin for move in moved}
    taken = {move.start.date() for move in moved}
    extras = []
    for found in fields.value("extra", ()):
        day, time, reason = found.value
        if day in taken or (day not in away and _is_on(series, day)):
            found.place.report(f"'{day}' has a meeting of this series already")
            continue
        taken.add(day)
        start = datetime.datetime.combine(day, time or series.period_on(day).time)
        extras.append(Extra(start, reason))
    return tuple(sorted(extras, key=lambda extra: extra.start))
