"""Files that are made from all meetings at the end of a build."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cafe_site.domain import CafeDomain, Selection

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from sphinx.application import Sphinx

    from cafe_site.domain import Year
    from cafe_site.notes.model import Meeting

MEETINGS_VERSION = 1
"""The version of the form of ``meetings.json``; it changes when readers have to."""


def meetings_json(app: Sphinx, domain: CafeDomain) -> str:
    """Return the facts of all meetings as JSON, newest first.

    The form is that of ``docs/meetings.schema.json``.
    People who asked not to be named are counted and not named.
    """
    meetings = [_meeting(app, year, meeting) for year, meeting in domain.meetings(Selection())]
    data = {"version": MEETINGS_VERSION, "meetings": meetings}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _meeting(app: Sphinx, year: Year, meeting: Meeting) -> dict[str, Any]:
    return {
        "id": meeting.id,
        "series": year.notes.series,
        "date": meeting.date.iso,
        "title": meeting.title,
        "page": app.builder.get_target_uri(year.docname),
        "cancelled": meeting.cancelled,
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
                "repository": reference.repository,
                "number": reference.number,
                "url": reference.address,
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
        "tags": list(dict.fromkeys((*year.notes.tags, *meeting.tags))),
    }


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Write the files, from all meetings and not only from the ones of this build."""
    if exception is not None or app.builder.format != "html" or app.builder.name == "epub":
        return
    domain = app.env.domains["cafe"]
    assert isinstance(domain, CafeDomain)
    path = app.outdir / "meetings.json"
    if domain.facts_changed or not path.exists():
        _write(path, meetings_json(app, domain))


def _write(path: Path, text: str) -> None:
    """Write a file if it changes, so that what is unchanged need not be uploaded again."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Register the writing of files."""
    app.connect("build-finished", on_build_finished)
