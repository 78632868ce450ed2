"""Messages to paste about a meeting: its issue, its pad, reminders.

Each is a Jinja template, ``templates/messages/NAME.md.jinja`` in this package,
and a community may replace it in its own folder.
``docs/command-line.md`` lists what templates can use.
"""

from __future__ import annotations

import datetime
import difflib
import functools
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError

from cafe_site.community.schedule import Status, next_meeting, time_zone_link, unusual_hours
from cafe_site.formats import words
from cafe_site.translation import N_, gettext, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Any

    from cafe_site.community import Community
    from cafe_site.community.schedule import Occurrence

SUFFIX = ".md.jinja"
"""What follows a message's name in the name of its template."""
FOLDER = "messages"
"""The folder next to ``community.yaml`` with a community's own templates."""
_BUILT_IN = Path(__file__).parent.parent / "templates" / "messages"


class MessageError(Exception):
    """A template that cannot be rendered: file, line, and error, on one line."""


MESSAGES: Mapping[str, str] = {
    "issue-title": N_("Title of the issue"),
    "issue": N_("Issue"),
    "pad": N_("Pad"),
    "remind-week": N_("Reminder a week before"),
    "remind-day": N_("Reminder a day before"),
    "chat": N_("Post for the chat"),
    "thanks": N_("Thanks"),
}
"""The titles of all messages by name, in the order in which they are needed.

The name is that on the command line and, with `SUFFIX`, in the folder of templates.
"""


def render(
    name: str, community: Community, occurrence: Occurrence, *, folder: Path | None = None
) -> str:
    """Return a message about a meeting, as Markdown with a trailing newline.

    Every message has a form for a canceled meeting.

    >>> from datetime import date
    >>> from cafe_site.community import read_community
    >>> from cafe_site.community.schedule import occurrences
    >>> community = read_community('''
    ... name: Tea
    ... schedule: {id: tea, rrule: FREQ=WEEKLY, time: 16:00, timezone: UTC, first: 2026-12-01}
    ... ''')
    >>> (meeting,) = occurrences(community.schedule[0], date(2026, 12, 1), date(2026, 12, 1))
    >>> render("issue-title", community, meeting)
    'Tea: Tuesday, December 1, 2026\\n'

    :param name: the name of one of `MESSAGES`
    :param folder: the community's own templates; missing ones are this package's
    :raises ValueError: if there is no message with this name
    :raises MessageError: if the community's template cannot be read or rendered
    """
    if name not in MESSAGES:
        raise ValueError(f"unknown message {name!r}; the messages are {', '.join(MESSAGES)}")
    file = name + SUFFIX
    if folder is not None and (problem := _misspelled(folder)):
        raise MessageError(problem)
    try:
        own = () if folder is None else tuple(sorted(p.name for p in folder.glob(f"*{SUFFIX}")))
        template = _environment(folder, own).get_template(file)
        text = template.render(_variables(community, occurrence))
    # Expressions in a template may raise anything.
    except Exception as error:
        raise MessageError(_explain(error, folder, file)) from error
    return text.rstrip("\n") + "\n"


def _misspelled(folder: Path) -> str:
    """Return an error for a template whose name is close to a message's, if any."""
    own = {path.name.removesuffix(SUFFIX) for path in folder.glob(f"*{SUFFIX}")}
    for name in sorted(own.difference(MESSAGES)):
        missing = [one for one in MESSAGES if one not in own]
        if close := difflib.get_close_matches(name, missing, 1, cutoff=0.8):
            return f"{name}{SUFFIX}: unknown message; did you mean {close[0]}{SUFFIX}?"
    return ""


def when(occurrence: Occurrence) -> str:
    """Return when a meeting begins, in its own time zone and in UTC.

    >>> from cafe_site.community import read_community
    >>> from cafe_site.community.schedule import upcoming
    >>> import datetime
    >>> schedule = read_community('''
    ... name: Tea
    ... schedule: {id: tea, rrule: FREQ=WEEKLY, time: 18:00,
    ...            timezone: America/Los_Angeles, first: 2026-12-01}
    ... ''').schedule
    >>> when(upcoming(schedule, datetime.datetime(2026, 12, 1, tzinfo=datetime.UTC), 1)[0])
    'Tuesday, December 1, 2026, at 18:00 Los Angeles time (02:00 UTC on December 2)'
    """
    return gettext("{date}, at {hours}").format(
        date=words.full_day(occurrence.date), hours=_hours(occurrence)
    )


def time_zone_name(timezone: str) -> str:
    """Return a readable name of an IANA time zone.

    The city in its name is always correct;
    names such as *Pacific Time* vary by country, and some apply to only half of the year.
    A name without a region is returned unchanged.

    >>> time_zone_name("America/Los_Angeles"), time_zone_name("UTC"), time_zone_name("Etc/GMT+5")
    ('Los Angeles time', 'UTC', 'Etc/GMT+5')
    """
    city = words.city(timezone)
    if not city:
        return "UTC" if timezone == "Etc/UTC" else timezone
    return gettext("{city} time").format(city=city)


# --- what templates can use -----------------------------------------------------------------


class _Links(dict[str, str]):
    """URLs by name; missing ones are empty."""

    def __missing__(self, name: str) -> str:
        return ""


def _variables(community: Community, occurrence: Occurrence) -> Mapping[str, Any]:
    change = _change(occurrence)
    warnings = () if occurrence.canceled else unusual_hours(occurrence)
    return {
        "community": community,
        "links": _Links(community.links),
        "occurrence": occurrence,
        "title": occurrence.series.title,
        "when": when(occurrence),
        "date": words.full_day(occurrence.date),
        "iso": occurrence.date.isoformat(),
        "weekday": words.weekday(occurrence.date),
        "hours": _hours(occurrence),
        "time": f"{occurrence.start:%H:%M}",
        "timezone": occurrence.timezone,
        "timezone_name": time_zone_name(occurrence.timezone),
        "utc": _utc(occurrence),
        "time_zone_link": time_zone_link(occurrence),
        "duration": _minutes(occurrence),
        "canceled": occurrence.canceled,
        "moved": occurrence.origin,
        "reason": _sentence(occurrence.reason),
        "change": change,
        "warnings": warnings,
        "remarks": (change, *warnings) if change else warnings,
        "following": next_meeting((occurrence.series,), occurrence.end),
    }


def _hours(occurrence: Occurrence) -> str:
    """Return the time of day, in the time zone of the meeting and in UTC."""
    zone = time_zone_name(occurrence.timezone)
    time = f"{occurrence.start:%H:%M}"
    if zone == "UTC":
        return f"{time} UTC"
    # {time} 11:00, {zone} "Los Angeles time", {utc} "19:00 UTC"
    return gettext("{time} {zone} ({utc})").format(time=time, zone=zone, utc=_utc(occurrence))


def _utc(occurrence: Occurrence) -> str:
    """Return the time of day in UTC, with the date if it differs there."""
    time = f"{occurrence.utc:%H:%M} UTC"
    day = occurrence.utc.date()
    if day == occurrence.date:
        return time
    return gettext("{time} on {date}").format(time=time, date=words.month_and_day(day))


def _minutes(occurrence: Occurrence) -> int:
    """Return the duration of a meeting in minutes, even across a clock change."""
    end = occurrence.end.astimezone(datetime.UTC)
    return int((end - occurrence.utc).total_seconds()) // 60


def _sentence(text: str) -> str:
    """Return a sentence with a period, unless other punctuation ends it.

    >>> _sentence("Summer break"), _sentence("Who knows?"), _sentence("")
    ('Summer break.', 'Who knows?', '')
    """
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _change(occurrence: Occurrence) -> str:
    """Return how a meeting that takes place differs from the rule, or an empty string."""
    if occurrence.status is Status.EXTRA:
        bare = N_("This is an extra meeting.")
        whole = N_("This is an extra meeting: {reason}")
    elif occurrence.origin is None:
        return ""
    elif occurrence.origin == occurrence.date:
        bare = N_("This one begins at another time than usual.")
        whole = N_("This one begins at another time than usual: {reason}")
    else:
        bare = N_("This one has been moved from {date}.")
        whole = N_("This one has been moved from {date}: {reason}")
    date = words.full_day(occurrence.origin) if occurrence.origin else ""
    what = gettext(whole if occurrence.reason else bare)
    return what.format(date=date, reason=_sentence(occurrence.reason))


# --- templates ------------------------------------------------------------------------------


@functools.lru_cache(maxsize=8)
def _environment(folder: Path | None, own: tuple[str, ...]) -> Environment:
    """Return the environment for a folder of templates.

    :param own: the folder's templates, for the cache: Jinja does not notice new ones
    """
    built_in = FileSystemLoader(_BUILT_IN)
    loaders = [built_in, PrefixLoader({"built-in": built_in})]
    if folder is not None:
        loaders.insert(0, FileSystemLoader(folder))
    environment = Environment(
        loader=ChoiceLoader(loaders),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - messages are Markdown, not HTML
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # The callables look up the language per message, so the environment does not depend on it.
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    environment.filters["long_date"] = words.full_day
    environment.filters["when"] = when
    return environment


def _explain(error: Exception, folder: Path | None, file: str) -> str:
    """Return the error in a template, with its location."""
    path = _BUILT_IN / file if folder is None else folder / file
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or path}:{error.lineno}: {error.message}"
    place = _place(error.__traceback__) or str(path)
    if isinstance(error, TemplateNotFound):
        return f"{place}: there is no template {error.name!r}"
    if isinstance(error, UnicodeDecodeError):
        line = error.object.count(b"\n", 0, error.start) + 1
        return f"{path}:{line}: is not UTF-8; save it as UTF-8"
    if isinstance(error, OSError):
        return f"{error.filename or path}: cannot be read: {error.strerror or error}"
    return f"{place}: {' '.join(str(error).split()) or type(error).__name__}"


def _place(traceback: TracebackType | None) -> str:
    """Return the file and line of the innermost template in a traceback, or an empty string."""
    place = ""
    while traceback is not None:
        # Jinja writes the templates' own files and lines into tracebacks.
        if traceback.tb_frame.f_code.co_filename.endswith(SUFFIX):
            place = f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return place
