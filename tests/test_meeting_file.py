"""Files with one meeting: its date, its title and its text."""

from __future__ import annotations

import pytest

from cafe_site.notes.model import NotesFile, Privacy, ProblemKind
from cafe_site.notes.reader import read_file
from cafe_site.notes.sources import source_of


def file(text: str, path: str = "2025-12-16", **options: Privacy) -> NotesFile:
    """Return a file, read."""
    return read_file(text, source_of(path), **options)


def facts(text: str, path: str = "2025-12-16") -> tuple[str, str]:
    """Return the id and the title of the one meeting in a file."""
    notes = file(text, path)
    (meeting,) = notes.meetings
    assert notes.is_one_meeting
    assert notes.problems == ()
    return meeting.id, meeting.title


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("", "2025-12-16", ("2025-12-16", "")),
        ("Text.", "2025-12-16", ("2025-12-16", "")),
        ("# Planning\n\nText.", "2025-12-16", ("2025-12-16", "Planning")),
        ("# 2025-12-16\n\nText.", "2025-12-16", ("2025-12-16", "")),
        ("# 2025-12-16: Planning", "2025-12-16", ("2025-12-16", "Planning")),
        ("## 2025-12-16: Planning", "2025-12-16", ("2025-12-16", "Planning")),
        ("# Planning 2025-12-16", "2025-12-16", ("2025-12-16", "Planning")),
        ("# Planning (2025-12-16)", "2025-12-16", ("2025-12-16", "Planning")),
        ("# [2025-12-16] Planning", "2025-12-16", ("2025-12-16", "Planning")),
        # The text alone.
        ("# Call on December 16, 2025", "call", ("2025-12-16", "Call")),
        ("# Call\n\n**Date:** December 16, 2025  \n", "call", ("2025-12-16", "Call")),
        ("# Call\n\n- Date: 2025-12-16\n", "call", ("2025-12-16", "Call")),
        ("---\ndate: 2025-12-16\n---\n\n# Call\n", "call", ("2025-12-16", "Call")),
        ('---\ndate: "2025-12-16"\ntitle: Call\n---\nText.', "call", ("2025-12-16", "Call")),
        # The year from the path.
        ("# August 10 project call", "2023/call", ("2023-08-10", "project call")),
        ("# 10 August", "2023/call", ("2023-08-10", "")),
        # The text says which of two.
        ("# Call\n\nDate: Mar 6, 2024", "call-03-06-2024", ("2024-03-06", "Call")),
        ("# June 3", "call-03-06-2024", ("2024-06-03", "")),
        # Months alone.
        ("# Call", "2024-06", ("2024-06", "Call")),
        ("# 2024-06 Report", "report", ("2024-06", "Report")),
        # Several headings of the first level: none is the title.
        ("# Agenda\n\n# Notes", "2025-12-16", ("2025-12-16", "")),
        # A month says no more than the path.
        ("# Team call - June", "2024-06-04", ("2024-06-04", "Team call - June")),
        ("# March madness", "2025/03-04", ("2025-03-04", "March madness")),
        # Dates of other things.
        ("## Agenda\n\n### Plan for 2025-12-24", "2025-12-16", ("2025-12-16", "")),
        ("## Actions of 2025-12-02\n\ntext", "2025-12-16", ("2025-12-16", "")),
        ("# Call\n\n## Roadmap 2025\n\n## 2.0.1", "2025-12-16", ("2025-12-16", "Call")),
    ],
)
def test_date_and_title(text: str, path: str, expected: tuple[str, str]) -> None:
    assert facts(text, path) == expected


@pytest.mark.parametrize(
    ("text", "path", "date", "line"),
    [
        ("# 2025-12-17", "2025-12-16", "2025-12-17", 1),
        ("---\ndate: 2025-12-17\n---\n", "2025-12-16", "2025-12-17", 1),
        ("# Call\n\nDate: 2025-12-17", "2025-12-16", "2025-12-17", 3),
        ("# 2024-12-16", "2025/call", "2024-12-16", 1),
        ("# 2025-11-16", "2025-12", "2025-11-16", 1),
        ("---\ndate: 2025-12-16\n---\n\n# 2025-12-17", "2025-12-16", "2025-12-16", 5),
        ("# December 17", "2025-12-16", "2025-12-16", 1),
    ],
)
def test_a_contradiction_is_reported(text: str, path: str, date: str, line: int) -> None:
    notes = file(text, path)
    assert [meeting.date.iso for meeting in notes.meetings] == [date]
    (problem,) = notes.problems
    assert (problem.kind, problem.line) == (ProblemKind.DATE_CONFLICT, line)
    assert date in problem.message


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("# Call\n\ntext", "call"),
        ("text", "2025/call"),
        ("# Call\n\nDate: 04/05/2024", "call"),
        ("# Call", "call-04-05-2024"),
        ("---\ndate: soon\n---\ntext", "call"),
        ("# Roadmap 2025", "roadmap"),
    ],
)
def test_a_file_without_a_date_has_no_meeting(text: str, path: str) -> None:
    notes = file(text, path)
    assert notes.meetings == ()
    assert not notes.is_one_meeting
    (problem,) = notes.problems
    assert problem.kind is ProblemKind.UNDATED_NOTES


def test_several_dates_are_several_meetings() -> None:
    text = "# Calls\n\nAbout.\n\n## 2025-12-02 First\n\n## 2025-12-16 Second\n"
    for path in ("calls", "2025-12-16", "2025/calls"):
        notes = file(text, path)
        assert not notes.is_one_meeting
        assert notes.title == "Calls"
        assert [meeting.title for meeting in notes.meetings] == ["Second", "First"]
        assert notes.introduction
        assert notes.problems == ()


def test_one_heading_with_a_date_is_a_meeting_if_nothing_else_dates_the_file() -> None:
    notes = file("# Calls\n\n## 2025-12-02 First\n", "calls")
    assert [meeting.id for meeting in notes.meetings] == ["2025-12-02"]
    assert notes.title == "Calls"
    notes = file("# Calls\n\n## 2025-12-02 First\n", "2025-12-16")
    assert [meeting.id for meeting in notes.meetings] == ["2025-12-16"]
    (problem,) = notes.problems
    assert (problem.kind, problem.line) == (ProblemKind.NOT_A_DATE, 3)


def test_headings_below_the_title_begin_at_the_second_level() -> None:
    for text in ("# Call\n\n## Agenda\n", "# Agenda\n\n# Notes\n", "## 2025-12-16\n\n## Agenda\n"):
        (entry,) = file(text).entries
        levels = {t.meta["level"] for t in entry.body if t.type == "heading_open"}
        assert levels == {2}
        anchors = [t.meta["id"] for t in entry.body if t.type == "heading_open"]
        assert anchors[0] == "2025-12-16-agenda"


def test_front_matter_gives_title_and_tags() -> None:
    text = "---\ntitle: Call\ntags: [one, two]\nupdated: 2025-12-20\n---\n**Tags:** two, three\n"
    notes = file(text)
    (meeting,) = notes.meetings
    assert (notes.title, notes.tags, meeting.title) == ("", (), "Call")
    assert meeting.tags == ("one", "two", "three")
    assert str(notes.updated) == "2025-12-20"


def test_front_matter_that_cannot_be_read_is_shown() -> None:
    (entry,) = file("---\ntitle: [\n---\n\n# Call\n\ntext\n").entries
    assert entry.meeting.title == "Call"
    assert entry.body[0].content == "title: [\n"


def test_links_of_the_title_are_kept() -> None:
    (entry,) = file("# 2025-12-16 | [Call](https://a.example/b)\n").entries
    assert entry.meeting.title == "Call"
    assert [link.address for link in entry.links] == ["https://a.example/b"]


def test_the_line_of_a_meeting_is_that_of_its_heading() -> None:
    (meeting,) = file("---\ntags: a\n---\n\n# Call\n").meetings
    assert meeting.line == 5


def test_hidden_people_and_dropped_sections_are_nowhere() -> None:
    text = (
        "---\ntitle: With Ada Lovelace\n---\n\n# Ada Lovelace on 2025-12-16\n\n"
        "## Attendees\n\n- Ada Lovelace / @ada-l\n\n## Ice breaker\n\nsecretword\n\n## Agenda\n"
    )
    privacy = Privacy(frozenset({"ada-l"}), frozenset({"ice-breaker"}))
    notes = file(text, privacy=privacy)
    (entry,) = notes.entries
    assert "Lovelace" not in repr(notes)
    assert "secretword" not in repr(notes)
    assert entry.meeting.title == "A participant"


def test_a_hidden_handle_that_is_a_month_keeps_the_date() -> None:
    notes = file("# May 5, 2026: Planning with May", "x", privacy=Privacy(frozenset({"@may"})))
    (meeting,) = notes.meetings
    assert meeting.id == "2026-05-05"


def test_sections_are_not_lost_with_an_unclosed_fence() -> None:
    notes = file("# Call\n\n```\ncode\n\n## Agenda\n")
    assert [problem.kind for problem in notes.problems] == [ProblemKind.UNCLOSED_FENCE]
