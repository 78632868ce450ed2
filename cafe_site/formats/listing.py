"""Occurrences as a list: lines for people, and JSON for programs."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING

from cafe_site.community.schedule import Status, time_zone_link, unusual_hours
from cafe_site.formats import words
from cafe_site.translation import ENGLISH, gettext, using

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from cafe_site.community.schedule import Occurrence


def lines(occurrences: Iterable[Occurrence], *, titled: bool) -> str:
    """Return a line for each occurrence: its time, and how it differs from the rule.

    :param titled: whether to include the title of the series
    """
    # Pad all weekdays to the same width, to align the times.
    width = max(len(words.weekday(_MONDAY + datetime.timedelta(days=i))) for i in range(7))
    return "\n".join(_line(one, width, titled=titled) for one in occurrences)


_MONDAY = datetime.date(2024, 1, 1)


def _line(occurrence: Occurrence, width: int, *, titled: bool) -> str:
    start, utc = occurrence.start, occurrence.utc
    moment = f"{start:%H:%M} {occurrence.timezone}"
    if occurrence.timezone not in ("UTC", "Etc/UTC"):
        day = "" if utc.date() == start.date() else f"{utc:%Y-%m-%d} "
        moment += f" ({day}{utc:%H:%M} UTC)"
    parts = [f"{start:%Y-%m-%d}", words.weekday(occurrence.date).ljust(width), moment]
    if titled:
        parts.append(occurrence.series.title)
    return "  ".join((*parts, *_special(occurrence)))


def _special(occurrence: Occurrence) -> list[str]:
    """Return how an occurrence differs from the rule."""
    what = {
        Status.SCHEDULED: "",
        Status.CANCELED: gettext("Canceled"),
        Status.MOVED: gettext("Moved from {date}").format(date=occurrence.origin),
        Status.EXTRA: gettext("Extra"),
    }[occurrence.status]
    special = [words.because(what, occurrence.reason)] if what else []
    return special if occurrence.canceled else [*special, *unusual_hours(occurrence)]


def as_json(occurrences: Iterable[Occurrence]) -> str:
    """Return occurrences as JSON, which is the same in all languages."""
    with using(ENGLISH):
        meetings = [_facts(one) for one in occurrences]
    return json.dumps({"meetings": meetings}, ensure_ascii=False, indent=2)


def _facts(occurrence: Occurrence) -> dict[str, Any]:
    end_utc = occurrence.end.astimezone(datetime.UTC)
    origin = occurrence.origin
    return {
        "series": occurrence.series.id,
        "title": occurrence.series.title,
        "status": occurrence.status.value,
        "reason": occurrence.reason,
        "date": occurrence.date.isoformat(),
        "moved_from": origin.isoformat() if origin else None,
        "start": occurrence.start.isoformat(timespec="minutes"),
        "end": occurrence.end.isoformat(timespec="minutes"),
        "timezone": occurrence.timezone,
        "start_utc": f"{occurrence.utc:%Y-%m-%dT%H:%M}Z",
        "end_utc": f"{end_utc:%Y-%m-%dT%H:%M}Z",
        "unusual_hours": [] if occurrence.canceled else list(unusual_hours(occurrence)),
        "time_zone_link": time_zone_link(occurrence),
    }
