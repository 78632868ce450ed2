"""The facts of all meetings as JSON, for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from cafe_site.notes.model import Meeting, NotesFile

MEETINGS_VERSION = 3
"""The version of the format of ``meetings.json``; it changes when readers have to."""


def meetings_json(
    files: Iterable[tuple[str, NotesFile]],
    meetings: Iterable[tuple[str, NotesFile, Meeting]],
    address: Callable[[str], str],
) -> str:
    """Return the facts of all meetings as JSON, and the pages that they are on.

    The format is defined in ``docs/meetings.schema.json``.
    People who asked not to be named are counted but not named.

    :param files: each with the name of its page, in the order of the output
    :param meetings: each with the name of its page and its file, newest first
    :param address: returns the URL of a page by its name
    """
    years_found = [
        {"series": notes.series, "year": notes.year, "page": address(page)}
        for page, notes in files
        if notes.year is not None
    ]
    meetings_found = [
        {**meeting_facts(notes, meeting), "page": address(page)}
        for page, notes, meeting in meetings
    ]
    # One meeting per line, for readable diffs.
    # Not with `indent`, for which Python has no fast encoder.
    return (
        f'{{"version": {MEETINGS_VERSION},\n"years": {_lines(years_found)},\n'
        f'"meetings": {_lines(meetings_found)}}}\n'
    )


def _lines(items: list[dict[str, Any]]) -> str:
    return "[\n" + ",\n".join(json.dumps(item, ensure_ascii=False) for item in items) + "\n]"


def meeting_facts(notes: NotesFile, meeting: Meeting) -> dict[str, Any]:
    """Return the facts of a meeting in a file."""
    return {
        "id": meeting.id,
        "series": notes.series,
        "date": meeting.date.iso,
        "title": meeting.title,
        "page": notes.path,
        "canceled": meeting.canceled,
        "people": len(meeting.attendees),
        "attendees": [
            {"name": person.name, "handle": person.handle}
            for person in meeting.attendees
            if not person.hidden
        ],
        "topics": [
            {
                "title": topic.title,
                "speaker": topic.speaker,
                "minutes": topic.minutes,
                "anchor": topic.anchor,
            }
            for topic in meeting.topics
        ],
        "references": [
            {
                "site": reference.site,
                "repository": reference.repository,
                "number": reference.number,
                "url": reference.address,
                "part": reference.part,
                "anchor": reference.anchor,
            }
            for reference in meeting.references
        ],
        "outcomes": [
            {
                "kind": outcome.kind,
                "text": outcome.text,
                "done": outcome.done,
                "owner": outcome.owner,
                "anchor": outcome.anchor,
            }
            for outcome in meeting.outcomes
        ],
        "tags": list(dict.fromkeys((*notes.tags, *meeting.tags))),
    }
