"""The command line: what it prints, its exit codes, and what is said about mistakes."""

from __future__ import annotations

import datetime
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import IO
from zoneinfo import ZoneInfo

import click
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cafe_site import __version__, cli
from cafe_site.community import read_community
from cafe_site.community.schedule import next_meeting, occurrences
from cafe_site.formats import messages
from cafe_site.formats.ical import calendar

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
SETTINGS = (ROOT / "docs" / "community-settings.md").read_text(encoding="utf-8")
# Two series: collaboration-cafe and team.
EXAMPLE = re.search(r"<!-- example -->\s+```yaml\n(.*?)```", SETTINGS, re.DOTALL)[1]
ONE = """\
name: Tea
schedule:
  id: tea
  rrule: FREQ=WEEKLY;BYDAY=TU
  time: 11:00
  timezone: America/Los_Angeles
  first: 2026-01-06
  last: 2026-12-29
  canceled: {2026-07-07: Summer break, 2026-07-14: }
  moved: [{from: 2026-11-03, to: 2026-11-04 18:30, reason: Election day}]
  extra: [2026-08-12]
"""
TWO = """\
name: Tea and toast
schedule:
  - {id: tea, rrule: FREQ=DAILY, time: 11:00, timezone: UTC, first: 2026-01-01}
  - {id: toast, rrule: FREQ=DAILY, time: 9:00, timezone: UTC, first: 2026-01-01, notes: toast}
"""


class Run:
    """Runs commands in a folder and keeps what they print."""

    def __init__(self, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capture = capfd

    def __call__(self, *arguments: str) -> tuple[int, str, str]:
        """Return the exit code, standard output and standard error of a command."""
        self._capture.readouterr()
        code = cli.main(arguments)
        return (code, *self._capture.readouterr())

    def write(self, name: str, text: str | bytes) -> Path:
        """Put a file into the folder."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """A folder with a community that has one series."""
    monkeypatch.chdir(tmp_path)
    run = Run(tmp_path, capfd)
    run.write("community.yaml", ONE)
    return run


# --- next -----------------------------------------------------------------------------------


def test_the_next_meetings_are_listed_with_local_time_and_utc(run: Run) -> None:
    assert run("next", "--count", "2", "--today", "2026-01-15") == (
        0,
        "2026-01-20  Tuesday    11:00 America/Los_Angeles (19:00 UTC)\n"
        "2026-01-27  Tuesday    11:00 America/Los_Angeles (19:00 UTC)\n",
        "",
    )


@pytest.mark.parametrize(
    ("day", "rest"),
    [
        ("2026-03-03", "Tuesday    11:00 America/Los_Angeles (19:00 UTC)"),
        (
            "2026-03-10",
            "Tuesday    11:00 America/Los_Angeles (18:00 UTC)"
            "  In Europe this one begins an hour earlier than usual.",
        ),
        ("2026-03-31", "Tuesday    11:00 America/Los_Angeles (18:00 UTC)"),
        (
            "2026-10-27",
            "Tuesday    11:00 America/Los_Angeles (18:00 UTC)"
            "  In Europe this one begins an hour earlier than usual.",
        ),
        (
            "2026-07-07",
            "Tuesday    11:00 America/Los_Angeles (18:00 UTC)  Canceled: Summer break",
        ),
        ("2026-07-14", "Tuesday    11:00 America/Los_Angeles (18:00 UTC)  Canceled"),
        (
            "2026-11-04",
            "Wednesday  18:30 America/Los_Angeles (2026-11-05 02:30 UTC)"
            "  Moved from 2026-11-03: Election day",
        ),
        ("2026-08-12", "Wednesday  11:00 America/Los_Angeles (18:00 UTC)  Extra"),
    ],
)
def test_a_day_s_meeting_is_shown_with_what_is_special(run: Run, day: str, rest: str) -> None:
    assert run("next", "--on", day) == (0, f"{day}  {rest}\n", "")


@pytest.mark.parametrize(
    ("day", "message"),
    [
        ("2026-01-21", "there is no meeting on 2026-01-21; the nearest are on 2026-01-20 and "),
        ("2026-07-08", "the nearest are on 2026-06-30 and 2026-07-21"),
        ("2025-05-05", "there is no meeting on 2025-05-05; the nearest is on 2026-01-06"),
        ("2030-01-01", "there is no meeting on 2030-01-01; the nearest is on 2026-12-29"),
        ("1970-01-01", "the nearest is on 2026-01-06"),
        ("2199-12-31", "the nearest is on 2026-12-29"),
        ("2026-11-03", "the Tea of 2026-11-03 has been moved: use --on 2026-11-04"),
    ],
)
@pytest.mark.parametrize("command", [["next"], ["pad"], ["remind", "--thanks"]])
def test_a_day_without_a_meeting_is_refused_with_the_nearest_ones(
    run: Run, command: list[str], day: str, message: str
) -> None:
    code, out, err = run(*command, "--on", day)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert message in err


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-01-20", "2026-01-20"),
        ("2026-01-20T18:59Z", "2026-01-20"),
        ("2026-01-20T19:30Z", "2026-01-20"),
        ("2026-01-20T11:59-08:00", "2026-01-20"),
        ("2026-01-20T20:00Z", "2026-01-27"),
        ("2026-01-21", "2026-01-27"),
    ],
)
def test_a_meeting_is_next_until_it_has_ended(run: Run, now: str, first: str) -> None:
    assert run("next", "--now", now)[1].startswith(first)


def test_canceled_meetings_are_listed_and_do_not_count(run: Run) -> None:
    code, out, _ = run("next", "--count", "1", "--today", "2026-07-01")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == [
        "2026-07-07",
        "2026-07-14",
        "2026-07-21",
    ]


def test_a_schedule_that_has_ended_is_said(run: Run) -> None:
    assert run("next", "--today", "2027-01-01") == (
        1,
        "",
        "community.yaml: no meeting is planned after 2027-01-01; its schedule has ended\n",
    )
    assert run("issue", "--today", "2027-01-01")[0] == 1
    assert run("next", "--json", "--today", "2027-01-01")[:2] == (1, '{\n  "meetings": []\n}\n')


def test_the_clock_is_used_without_a_day(run: Run) -> None:
    # Without an end, so that there always is a next one.
    run.write("community.yaml", ONE.replace("  last: 2026-12-29\n", ""))
    before = datetime.datetime.now(datetime.UTC)
    code, out, _ = run("next", "--count", "1")
    schedule = read_community((run.folder / "community.yaml").read_text("utf-8")).schedule
    expected = {
        next_meeting(schedule, one) for one in (before, datetime.datetime.now(datetime.UTC))
    }
    assert code == 0
    assert out.splitlines()[-1].split()[0] in {str(one.date) for one in expected if one}


def test_json_has_times_with_offsets_and_in_utc(run: Run) -> None:
    code, out, err = run("next", "--on", "2026-11-04", "--json")
    (meeting,) = json.loads(out)["meetings"]
    link = meeting.pop("time_zone_link")
    assert (code, err) == (0, "")
    assert link == "https://arewemeetingyet.com/Los%20Angeles/2026-11-04/18:30/Tea"
    assert meeting == {
        "series": "tea",
        "title": "Tea",
        "status": "moved",
        "reason": "Election day",
        "date": "2026-11-04",
        "moved_from": "2026-11-03",
        "start": "2026-11-04T18:30-08:00",
        "end": "2026-11-04T19:30-08:00",
        "timezone": "America/Los_Angeles",
        "start_utc": "2026-11-05T02:30Z",
        "end_utc": "2026-11-05T03:30Z",
        "unusual_hours": [],
    }


def test_json_and_lines_have_the_same_meetings(run: Run) -> None:
    arguments = ("next", "--count", "60", "--today", "2026-01-01")
    found = json.loads(run(*arguments, "--json")[1])["meetings"]
    lines = run(*arguments)[1].splitlines()
    assert [one["date"] for one in found] == [line.split()[0] for line in lines]
    assert len(found) == 53
    for one in found:
        zone = ZoneInfo(one["timezone"])
        start = datetime.datetime.fromisoformat(one["start"])
        assert start == datetime.datetime.fromisoformat(one["start_utc"])
        assert start.utcoffset() == start.astimezone(zone).utcoffset()


def test_several_series_are_sorted_by_time_and_named(run: Run) -> None:
    run.write("community.yaml", EXAMPLE)
    lines = run("next", "--today", "2026-10-14", "--count", "3")[1].splitlines()
    assert [(line[:10], line.split("  ")[-1]) for line in lines] == [
        ("2026-10-15", "Team meeting"),
        ("2026-10-20", "Collaboration Café"),
        ("2026-10-29", "In North America this one begins an hour later than usual."),
    ]
    assert [
        line[:10]
        for line in run("next", "--series", "team", "--today", "2026-10-14")[1].splitlines()
    ][:2] == ["2026-10-15", "2026-10-29"]


def test_a_series_that_there_is_not_is_refused_with_those_there_are(run: Run) -> None:
    run.write("community.yaml", EXAMPLE)
    assert run("next", "--series", "tea") == (
        1,
        "",
        "community.yaml: unknown series 'tea'; the series are collaboration-cafe, team\n",
    )


# --- messages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (["issue"], "issue"),
        (["issue", "--title"], "issue-title"),
        (["pad"], "pad"),
        (["remind", "--week"], "remind-week"),
        (["remind", "--day"], "remind-day"),
        (["remind", "--chat"], "chat"),
        (["remind", "--thanks"], "thanks"),
    ],
)
def test_each_message_is_printed_as_it_is(run: Run, command: list[str], name: str) -> None:
    community = read_community(ONE)
    day = datetime.date(2026, 1, 20)
    (meeting,) = occurrences(community.schedule[0], day, day)
    expected = (0, messages.render(name, community, meeting), "")
    assert run(*command, "--on", "2026-01-20") == expected
    # Thanks look back, all others ahead.
    today = "2026-01-22" if name == "thanks" else "2026-01-15"
    assert run(*command, "--today", today) == expected


def test_every_message_has_a_command() -> None:
    named = {"issue-title", "issue", "pad"} | {
        option.flag_value
        for option in cli.cafe_site.commands["remind"].params
        if option.name == "name"
    }
    assert named == set(messages.MESSAGES)


@pytest.mark.parametrize("command", [["issue"], ["pad"], ["remind", "--week"]])
def test_a_canceled_next_meeting_is_refused_with_the_one_after(
    run: Run, command: list[str]
) -> None:
    assert run(*command, "--today", "2026-07-02") == (
        1,
        "",
        "the Tea of 2026-07-07 is canceled (Summer break); the next one is on 2026-07-21, "
        "use --on 2026-07-21 (--on 2026-07-07 gives a message that says so)\n",
    )
    code, out, _ = run(*command, "--on", "2026-07-07")
    assert code == 0
    assert re.search(r"(?i)cance", out)


@pytest.mark.parametrize(
    ("now", "date"),
    [
        ("2026-01-20T19:59Z", "January 13"),
        ("2026-01-20T20:00Z", "January 20"),
        ("2026-07-17", "June 30"),
        ("2199-12-31", "December 29"),
    ],
)
def test_thanks_are_for_the_last_meeting_that_took_place(run: Run, now: str, date: str) -> None:
    assert (
        f"who came to the Tea on Tuesday, {date}, 2026"
        in run("remind", "--thanks", "--now", now)[1]
    )


def test_thanks_before_the_first_meeting_are_refused(run: Run) -> None:
    assert run("remind", "--thanks", "--today", "2026-01-01") == (
        1,
        "",
        "no meeting took place before 2026-01-01\n",
    )


def test_a_day_with_two_meetings_needs_a_series(run: Run) -> None:
    run.write("community.yaml", TWO)
    assert run("pad", "--on", "2026-01-20") == (
        1,
        "",
        "there are 2 meetings on 2026-01-20: choose with --series toast, tea\n",
    )
    assert "09:00" in run("pad", "--on", "2026-01-20", "--series", "toast")[1]


def test_a_community_s_own_messages_are_found_next_to_its_file(run: Run) -> None:
    run.write("messages/pad.md.jinja", "Ours\n")
    assert run("pad", "--on", "2026-01-20")[1] == "Ours\n"
    run.write("others/pad.md.jinja", "Others\n")
    assert run("pad", "--on", "2026-01-20", "--templates", "others")[1] == "Others\n"


def test_a_broken_template_is_one_line(run: Run) -> None:
    path = run.write("messages/pad.md.jinja", "\n{{ wrong }}")
    assert run("pad", "--on", "2026-01-20") == (1, "", f"{path}:2: 'wrong' is undefined\n")


# --- missing --------------------------------------------------------------------------------


def test_missing_notes_are_listed_oldest_first(run: Run) -> None:
    run.write("notes/2026.md", "# Notes\n\n## 2026-01-13\n\n- Hello\n")
    assert run("missing", "--today", "2026-01-28") == (
        1,
        "2026-01-06  Tuesday    11:00 America/Los_Angeles (19:00 UTC)\n"
        "2026-01-20  Tuesday    11:00 America/Los_Angeles (19:00 UTC)\n"
        "2026-01-27  Tuesday    11:00 America/Los_Angeles (19:00 UTC)\n",
        "",
    )
    found = json.loads(run("missing", "--today", "2026-01-28", "--json")[1])["meetings"]
    assert [one["date"] for one in found] == ["2026-01-06", "2026-01-20", "2026-01-27"]


@pytest.mark.parametrize(
    ("today", "notes"),
    [
        # The day itself is not over.
        ("2026-01-06", ""),
        ("2026-01-07", "## 2026-01-06\n"),
        ("2026-01-15", "## January 13, 2026: Planning\n\n## 2026-01-6\n"),
        ("2026-01-31", "## 2026-01\n"),
    ],
)
def test_nothing_is_missing(run: Run, today: str, notes: str) -> None:
    run.write("notes/2026.md", notes)
    assert run("missing", "--today", today) == (0, "", "")
    assert run("missing", "--today", today, "--json") == (0, '{\n  "meetings": []\n}\n', "")


def test_canceled_meetings_miss_nothing_and_moved_ones_have_two_days(run: Run) -> None:
    tuesdays = (datetime.date(2026, 1, 6) + datetime.timedelta(7 * i) for i in range(52))
    days = [day for day in tuesdays if day.month != 7]
    days.extend(datetime.date(2026, 7, day) for day in (21, 28))
    run.write("notes/2026.md", "".join(f"## {day}\n\nHello\n\n" for day in days))
    # The extra one has no notes; that of the third of November stands for the fourth.
    assert run("missing", "--today", "2026-12-31")[1].splitlines() == [
        "2026-08-12  Wednesday  11:00 America/Los_Angeles (18:00 UTC)  Extra"
    ]


def test_notes_of_a_series_are_in_its_folder(run: Run) -> None:
    run.write("community.yaml", EXAMPLE)
    run.write("notes/2026.md", "## 2026-01-08\n")
    run.write("notes/team-meetings/2026.md", "## 2026-01-22\n")
    code, out, _ = run("missing", "--series", "team", "--today", "2026-02-01")
    assert (code, [line[:10] for line in out.splitlines()]) == (1, ["2026-01-08"])


def test_only_files_named_after_a_year_are_notes(run: Run) -> None:
    run.write("notes/2026.md", "")
    run.write("notes/2026-draft.md", "## 2026-01-06\n")
    run.write("notes/team/2026.md", "## 2026-01-06\n")
    assert run("missing", "--today", "2026-01-08")[0] == 1


def test_notes_in_another_folder_are_found(run: Run) -> None:
    run.write("archive/2026.md", "## 2026-01-06\n")
    assert run("missing", "--notes", "archive", "--today", "2026-01-08") == (0, "", "")


def test_a_notes_folder_that_is_not_there_is_said(run: Run) -> None:
    code, out, err = run("missing", "--today", "2026-01-28")
    assert (code, out) == (1, "")
    assert (
        err == f"there is no folder {run.folder / 'notes'}; say where the notes are with --notes\n"
    )


def test_a_series_without_a_folder_misses_all_and_says_why(run: Run) -> None:
    run.write("community.yaml", EXAMPLE)
    (run.folder / "notes").mkdir()
    code, out, err = run("missing", "--series", "team", "--today", "2026-01-10")
    assert (code, out[:10]) == (1, "2026-01-08")
    assert err == f"there is no folder {run.folder / 'notes' / 'team-meetings'}\n"


def test_notes_with_wrong_bytes_are_read_nevertheless(run: Run) -> None:
    run.write("notes/2026.md", b"\xff\xfe\x00\n\n## 2026-01-06\n\xe9\n")
    assert run("missing", "--today", "2026-01-08") == (0, "", "")


def test_notes_that_cannot_be_read_are_named(run: Run) -> None:
    (run.folder / "notes" / "2026.md").mkdir(parents=True)
    code, out, err = run("missing", "--today", "2026-01-08")
    path = run.folder / "notes" / "2026.md"
    assert (code, out) == (1, "")
    assert err == f"{path}: cannot be read: Is a directory\n"


# --- calendar -------------------------------------------------------------------------------


def test_the_calendar_is_that_of_the_site(run: Run) -> None:
    run.write("community.yaml", EXAMPLE)
    community = read_community(EXAMPLE)
    assert run("calendar", "--output", "all.ics") == (0, "", "")
    assert (run.folder / "all.ics").read_bytes() == calendar(community)
    assert run("calendar", "--output", "team.ics", "--series", "team") == (0, "", "")
    only = calendar(community, series=community.schedule[1:])
    assert (run.folder / "team.ics").read_bytes() == only
    assert sorted(path.name for path in run.folder.iterdir()) == [
        "all.ics",
        "community.yaml",
        "team.ics",
    ]


def test_the_calendar_keeps_its_line_ends_on_standard_output(run: Run) -> None:
    done = process("calendar", cwd=run.folder)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == calendar(read_community(ONE))


def test_a_calendar_that_has_not_changed_is_left_alone(run: Run) -> None:
    run("calendar", "--output", "all.ics")
    path = run.folder / "all.ics"
    os.utime(path, (0, 0))
    run("calendar", "--output", "all.ics")
    assert path.stat().st_mtime == 0
    run.write("community.yaml", ONE.replace("11:00", "12:00"))
    run("calendar", "--output", "all.ics")
    assert path.stat().st_mtime > 0


@pytest.mark.parametrize("name", ["gone/all.ics", "folder"])
def test_a_calendar_that_cannot_be_written_is_one_line(run: Run, name: str) -> None:
    (run.folder / "folder").mkdir()
    code, out, err = run("calendar", "--output", name)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(f"{run.folder / name}: cannot be written: ")
    assert sorted(path.name for path in run.folder.iterdir()) == ["community.yaml", "folder"]


# --- mistakes -------------------------------------------------------------------------------


def test_the_community_s_file_is_found_in_a_folder_above(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.write("messages/pad.md.jinja", "Ours\n")
    inner = run.folder / "docs" / "deep"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    assert run("pad", "--on", "2026-01-20")[1] == "Ours\n"


def test_no_community_s_file_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cafe_site.project.COMMUNITY", "no-such-community.yaml")
    assert run("next") == (
        1,
        "",
        "there is no community.yaml in this folder or one above it, nor in their folders docs, "
        "doc and source; say where it is with --community\n",
    )


# --- files and streams that are not what they should be ---------------------------------------


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/", "is a folder"),
        (".", "is a folder"),
        ("..", "is a folder"),
        ("/nonexistent/x", "No such file or directory"),
        ("community.yaml/x", "Not a directory"),
        ("x" * 300, "File name too long"),
        ("/dev/null", "is not a regular file"),
        ("pipe", "is not a regular file"),
        ("loop", ""),
    ],
)
def test_an_output_that_is_no_file_is_one_line(run: Run, path: str, reason: str) -> None:
    os.mkfifo(run.folder / "pipe")
    (run.folder / "loop").symlink_to("loop")
    before = sorted(run.folder.iterdir())
    code, out, err = run("calendar", "--output", path)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert ": cannot be written: " in err
    assert err.endswith(f"{reason}\n")
    assert sorted(run.folder.iterdir()) == before
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("command", [["next"], ["next", "--json"], ["calendar"], ["--help"]])
def test_a_full_disk_is_one_line(run: Run, command: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = process(*command, cwd=run.folder, stdout=full)
    expected = b"standard output: No space left on device\n"
    assert (done.returncode, done.stderr) == (1, expected)


@pytest.mark.parametrize("command", [["next", "--count", "1000"], ["calendar"], ["pad"]])
def test_whoever_reads_may_stop_reading(run: Run, command: list[str]) -> None:
    run.write("community.yaml", TWO)
    command = [*command, "--series", "tea"]
    reading, writing = os.pipe()
    os.close(reading)
    done = process(*command, cwd=run.folder, stdout=writing)
    os.close(writing)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_closed_standard_output_is_one_line(run: Run) -> None:
    line = shlex.join((sys.executable, "-c", START, "next"))
    done = subprocess.run(
        ["sh", "-c", f"{line} >&-"],
        cwd=run.folder,
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (1, b"standard output is closed\n")


@pytest.mark.parametrize("command", [["next"], ["missing"], ["calendar"], ["pad"]])
def test_a_pipe_instead_of_a_file_is_not_waited_for(run: Run, command: list[str]) -> None:
    os.mkfifo(run.folder / "pipe.yaml")
    path = str(run.folder / "pipe.yaml")
    expected = (1, "", f"{path}: cannot be read: is not a regular file\n")
    assert run(*command, "--community", path) == expected


def test_a_pipe_among_the_notes_is_not_waited_for(run: Run) -> None:
    run.write("notes/2025.md", "## 2025-12-16\n")
    pipe = run.folder / "notes" / "2026.md"
    os.mkfifo(pipe)
    assert run("missing") == (1, "", f"{pipe}: cannot be read: is not a regular file\n")


def test_notes_whose_years_have_other_digits_are_none(run: Run) -> None:
    run.write("notes/2026.md", "## 2026-01-06\n")
    run.write("notes/٢٠٢٦.md", "## 2026-01-13\n")
    found = run("missing", "--today", "2026-01-15")
    assert (found[0], found[1].split()[0], found[2]) == (1, "2026-01-13", "")


def test_the_version_is_said(run: Run) -> None:
    assert run("--version") == (0, f"cafe-site {__version__}\n", "")


# --- where things are -------------------------------------------------------------------------

CONF = 'extensions = ["cafe_site"]\n'


@pytest.mark.parametrize("place", ["", "docs/", "doc/", "source/", "docs/source/"])
@pytest.mark.parametrize("start", [".", "src/deep"])
def test_the_file_is_found_from_anywhere_in_the_repository(
    run: Run, monkeypatch: pytest.MonkeyPatch, place: str, start: str
) -> None:
    (run.folder / "community.yaml").unlink()
    run.write(f"{place}community.yaml", ONE)
    run.write(f"{place}conf.py", f'{CONF}cafe_notes = "minutes"\n')
    run.write(f"{place}minutes/2026.md", "## 2026-01-06\n")
    (run.folder / start).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(run.folder / start)
    assert run("missing", "--today", "2026-01-08") == (0, "", "")
    assert run("missing", "--today", "2026-01-14")[1].startswith("2026-01-13")


def test_what_conf_py_names_comes_first(run: Run) -> None:
    run.write("docs/conf.py", f'{CONF}cafe_community = "../team.yaml"\ncafe_notes = "n"\n')
    run.write("team.yaml", ONE.replace("Tea", "Team"))
    run.write("docs/n/2026.md", "## 2026-01-06\n")
    (run.folder / "community.yaml").unlink()
    assert run("missing", "--today", "2026-01-08") == (0, "", "")
    assert run("missing", "--today", "2026-01-08", "--community", "team.yaml") == (0, "", "")
    (run.folder / "team.yaml").unlink()
    path = run.folder / "docs" / "../team.yaml"
    assert run("next") == (1, "", f"{path}: there is no such file\n")


@pytest.mark.parametrize(
    "line",
    [
        "cafe_notes = 'no' + 'tes'",
        "cafe_notes = f'notes'",
        "if True:\n    cafe_notes = 'notes'",
        "cafe_notes = 'notes'\ncafe_notes += ''",
        "cafe_notes, x = 'a', 'b'",
        "cafe_notes = input()",
    ],
)
def test_a_computed_setting_is_not_guessed(run: Run, line: str) -> None:
    path = run.write("conf.py", f"{CONF}{line}\nraise SystemExit(3)\n")
    expected = f"{path}: cafe_notes is computed, so it is not known here; say where the notes are"
    assert run("missing") == (1, "", f"{expected} with --notes\n")
    run.write("notes/2026.md", "## 2026-01-06\n")
    assert run("missing", "--today", "2026-01-08", "--notes", "notes") == (0, "", "")


@pytest.mark.parametrize("text", [b"cafe_site = (", b"cafe_site\0", b"cafe_site = '\xe9'", b"x=1"])
def test_a_conf_py_that_says_nothing_is_passed_over(run: Run, text: bytes) -> None:
    run.write("conf.py", text)
    run.write("notes/2026.md", "## 2026-01-06\n")
    assert run("missing", "--today", "2026-01-08") == (0, "", "")


@pytest.mark.parametrize("wanted", ["toast", "bread/toast", "bread/toast/"])
def test_a_series_is_chosen_by_its_id_or_its_folder(run: Run, wanted: str) -> None:
    run.write("community.yaml", TWO.replace("notes: toast", "notes: bread/toast"))
    code, out, err = run("next", "--count", "1", "--series", wanted, "--today", "2026-01-08")
    assert (code, out, err) == (0, "2026-01-08  Thursday   09:00 UTC\n", "")
    code, out, _ = run("next", "--count", "1", "--series", ".", "--today", "2026-01-08")
    assert (code, out) == (0, "2026-01-08  Thursday   11:00 UTC\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"name: caf\xe9", "x.yaml:1: is not UTF-8; save it as UTF-8\n"),
        ("name: [", "x.yaml:1: is not YAML: "),
        ("", "x.yaml:1: name: is required\n"),
        ("name: Tea", "x.yaml: there is no schedule; add one to say when you meet\n"),
        (None, "x.yaml: there is no such file\n"),
    ],
)
@pytest.mark.parametrize("command", [["next"], ["pad"], ["missing"], ["calendar"]])
def test_a_bad_community_s_file_is_one_line_for_each_problem(
    run: Run, command: list[str], text: str | bytes | None, message: str
) -> None:
    if text is not None:
        run.write("x.yaml", text)
    code, out, err = run(*command, "--community", "x.yaml")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith(message)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Usage: cafe-site"),
        (["bogus"], "No such command 'bogus'"),
        (["next", "--count", "0"], "0 is not in the range"),
        (["next", "--on", "soon"], "'soon' is not a valid date; write it as 2026-12-01"),
        (["next", "--on", "20261201"], "'20261201' is not a valid date"),
        (["next", "--on", "2026-02-30"], "'2026-02-30' is not in the calendar"),
        (["next", "--on", "1969-12-31"], "is not between the years 1970 and 2199"),
        (
            ["next", "--today", "2026-12-01T19:30"],
            "is not a valid time; write it as 2026-12-01T19:30Z",
        ),
        (["next", "--today", "2026-12-01 noon"], "is not a valid time"),
        (["next", "--today", ""], "'' is not a valid date"),
        (["remind"], "Choose one of --week, --day, --chat and --thanks"),
        (["pad", "--templates", "gone"], "Directory 'gone' does not exist"),
        (["missing", "--notes", "gone"], "Directory 'gone' does not exist"),
    ],
)
def test_what_is_not_understood_has_exit_code_2(
    run: Run, arguments: list[str], message: str
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert message in err


_WORDS = st.one_of(
    st.sampled_from(
        [
            "next",
            "issue",
            "pad",
            "remind",
            "missing",
            "calendar",
            "--count",
            "--on",
            "--today",
            "--json",
            "--series",
            "--title",
            "--week",
            "--thanks",
            "--notes",
            "--templates",
            "--community",
            "tea",
            "2026-01-20",
            "2026-07-07",
            "1",
            ".",
            "--",
            "-h",
            "community.yaml",
            "notes",
            "2199-12-31",
            "1970-01-01",
            "2026-01-20T00:00+23:59",
        ]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arguments=st.lists(_WORDS, max_size=6))
def test_no_arguments_lead_to_a_traceback(run: Run, arguments: list[str]) -> None:
    code, out, err = run(*arguments)
    assert code in (0, 1, 2)
    assert "Traceback" not in out + err
    assert code == 0 or err or arguments[0] == "missing"


# --- the process ----------------------------------------------------------------------------

START = "import sys; from cafe_site.cli import main; sys.exit(main())"


def process(
    *arguments: str,
    cwd: Path,
    start: str = START,
    stdout: int | IO[bytes] = subprocess.PIPE,
    **environment: str,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", start, *arguments],
        cwd=cwd,
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_output_is_utf_8_whatever_the_terminal_says(run: Run, encoding: str) -> None:
    run.write("community.yaml", EXAMPLE)
    done = process(
        *("issue", "--title", "--series", "collaboration-cafe", "--on", "2026-12-01"),
        cwd=run.folder,
        PYTHONIOENCODING=encoding,
        PYTHONUTF8="0",
        LC_ALL="C",
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8") == "Collaboration Café: Tuesday, December 1, 2026\n"


def test_half_a_character_from_a_template_leads_to_no_traceback(run: Run) -> None:
    run.write("messages/pad.md.jinja", "{{ '\\ud800' }}")
    done = process("pad", "--on", "2026-01-20", cwd=run.folder)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"\\ud800\n", b"")


def test_a_pipe_that_nobody_reads_leads_to_no_traceback(run: Run) -> None:
    run.write("community.yaml", ONE.replace("  last: 2026-12-29\n", ""))
    with subprocess.Popen(
        [sys.executable, "-c", START, "next", "--count", "1000", "--today", "2026-01-01"],
        cwd=run.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.readline().startswith(b"2026-01-06")
        running.stdout.close()
        assert running.stderr.read() == b""


REFUSE = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {refused}:
            raise ImportError(f"{{name}} is not to be imported")

sys.meta_path.insert(0, Refuse())
from cafe_site.cli import main
sys.exit(main())
"""
SPHINX = ("sphinx", "docutils", "myst_parser")


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [
        (["next"], (*SPHINX, "icalendar", "jinja2", "markdown_it")),
        (["pad"], (*SPHINX, "icalendar", "markdown_it")),
        (["missing"], (*SPHINX, "icalendar", "jinja2")),
        (["calendar"], (*SPHINX, "jinja2", "markdown_it")),
    ],
)
def test_no_command_imports_what_it_does_not_need(
    run: Run, arguments: list[str], refused: tuple[str, ...]
) -> None:
    run.write("notes/2026.md", "## 2026-01-06\n")
    start = REFUSE.format(refused=refused)
    day = () if arguments == ["calendar"] else ("--today", "2026-01-08")
    done = process(*arguments, *day, cwd=run.folder, start=start)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_installed_command_is_main() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, name = project["scripts"]["cafe-site"].partition(":")
    assert getattr(__import__(module, fromlist=[name]), name) is cli.main


# --- the page about it ----------------------------------------------------------------------

EXAMPLES = [
    (command, output)
    for block in re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
]
BROKEN = """\
name: Tea
schedule:
  - {id: tea, timezone: UTC, first: 2026-01-06, rrule: FREQ=SOMETIMES,
     time: 25:00}
"""


@pytest.fixture
def example(run: Run) -> Run:
    """The community and the template of the documentation, with a year of notes."""
    run.write("community.yaml", EXAMPLE)
    run.write("broken.yaml", BROKEN)
    run.write("notes/team-meetings/2026.md", "## 2026-02-05\n\n## 2026-01-08\n")
    for name, text in re.findall(
        r"<!-- template: (\S+) -->\s+```jinja\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL
    ):
        run.write(f"messages/{name}{messages.SUFFIX}", text)
    return run


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 9
    assert all(command.startswith("cafe-site ") for command, _ in EXAMPLES)


@pytest.mark.parametrize(("command", "expected"), EXAMPLES, ids=[one for one, _ in EXAMPLES])
def test_the_documented_examples_are_what_happens(
    example: Run, command: str, expected: str
) -> None:
    _, out, err = example(*shlex.split(command)[1:])
    assert out + err == expected


def rows(marker: str) -> list[list[str]]:
    """Return the cells of the table below a marker of the page."""
    table = PAGE.split(f"<!-- {marker} -->")[1].split("\n\n")[1]
    return [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]
    ]


def test_the_documented_variables_are_those_there_are(example: Run) -> None:
    community = read_community(EXAMPLE)
    day = datetime.date(2026, 11, 10)
    (meeting,) = occurrences(community.schedule[0], day, day)
    known = messages._variables(community, meeting)
    assert [name.strip("`") for name, _, _ in rows("variables")] != []
    assert {name.strip("`") for name, _, _ in rows("variables")} == set(known)
    for name, _, shown in rows("variables"):
        example_of = re.fullmatch(r"`(\{\{.*?\}\})` is (.*)", shown.replace("\\|", "|"))
        expression, value = example_of.groups() if example_of else (f"{{{{ {name} }}}}", shown)
        example.write("messages/issue.md.jinja", expression.replace("`", ""))
        found = messages.render("issue", community, meeting, folder=example.folder / "messages")
        value = value.strip("`")
        # A value that is too long to be shown in full ends in an ellipsis.
        start, ellipsis, _ = value.partition("…")
        assert found.startswith(start) if ellipsis else found == f"{value}\n"


def test_every_command_and_option_is_documented() -> None:
    for name, command in cli.cafe_site.commands.items():
        assert f"cafe-site {name}" in PAGE
        for option in command.params:
            if isinstance(option, click.Argument):
                continue
            assert isinstance(option, click.Option)
            assert all(re.search(rf"`[^`\n]*{one}\b", PAGE) for one in option.opts), option.name


def test_every_command_has_help(run: Run) -> None:
    for name in cli.cafe_site.commands:
        code, out, err = run(name, "--help")
        assert (code, err) == (0, "")
        assert re.match(rf"Usage: cafe-site {name} \[OPTIONS\](?: \[PATHS\]\.\.\.)?\n", out)
