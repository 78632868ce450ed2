"""Messages about meetings, for any meeting and any community."""

from __future__ import annotations

import datetime
import re
import zoneinfo
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cafe_site.community import FIRST_DAY, LAST_DAY, Community, read_community
from cafe_site.community.schedule import Status, occurrences, time_zone_link
from cafe_site.formats.messages import MESSAGES, SUFFIX, MessageError, render, time_zone_name, when
from cafe_site.notes.reader import read

if TYPE_CHECKING:
    from cafe_site.community.schedule import Occurrence

NAMES = list(MESSAGES)
LINKS = {
    name: f"https://{name.replace('_', '-')}.example.org/x"
    for name in ("video", "pad", "issues", "new_issue", "chat", "code_of_conduct", "archive")
}
HEAD = "name: Example community\nsite: https://example.org/\nlinks:\n" + "".join(
    f"  {name}: {address}\n" for name, address in LINKS.items()
)
SCHEDULE = """\
schedule:
  id: cafe
  title: Example Café
  rrule: FREQ=MONTHLY;BYDAY=1TU,3TU
  time: 11:00
  timezone: America/Los_Angeles
  duration: 90
  first: 2025-10-07
  last: 2026-12-15
  canceled: {2026-07-07: Summer break, 2026-07-21: , 2026-12-15: No time!}
  moved:
    - {from: 2026-11-03, to: 2026-11-10 12:30, reason: Election day}
    - {from: 2026-11-17, to: 2026-11-17 18:00}
  extra: [{date: 2026-08-12, time: 09:00, reason: Sprint}]
"""
CAFE = read_community(HEAD + SCHEDULE)
BARE = read_community("name: Example community\n" + SCHEDULE)


def on(day: str, community: Community = CAFE) -> Occurrence:
    """Return the one meeting of a day."""
    date = datetime.date.fromisoformat(day)
    (found,) = occurrences(community.schedule[0], date, date)
    return found


def own(folder: Path, text: str, name: str = "issue") -> Path:
    """Put a template of a community into a folder and return the folder."""
    (folder / f"{name}{SUFFIX}").write_text(text, encoding="utf-8")
    return folder


def filled(
    folder: Path, template: str, day: str = "2026-12-01", community: Community = CAFE
) -> str:
    """Return what a template of a community gives."""
    return render("issue", community, on(day, community), folder=own(folder, template))


# --- what is in them ------------------------------------------------------------------------


def test_every_message_has_a_template_and_a_title() -> None:
    folder = Path(render.__code__.co_filename).parent.parent / "templates" / "messages"
    assert {path.name for path in folder.iterdir()} == {
        *(name + SUFFIX for name in NAMES),
        "canceled" + SUFFIX,
    }
    assert NAMES == ["issue-title", "issue", "pad", "remind-week", "remind-day", "chat", "thanks"]
    assert all(MESSAGES.values())


def test_the_issue_says_when_where_and_how_to_take_part() -> None:
    text = render("issue", CAFE, on("2026-12-01"))
    for words in (
        "next Example Café",
        "- **Date:** Tuesday, December 1, 2026\n",
        "- **Time:** 11:00 Los Angeles time (19:00 UTC), for 90 minutes\n",
        f"{time_zone_link(on('2026-12-01'))}\n",
        f":** {LINKS['pad']}\n",
        f":** {LINKS['code_of_conduct']}\n",
        f":** {LINKS['archive']}\n",
        "### Suggest a topic\n",
        "### Be the host\n",
    ):
        assert words in text
    assert "Please note" not in text


@pytest.mark.parametrize("name", NAMES)
def test_what_can_be_left_out_is(name: str) -> None:
    text = render(name, BARE, on("2026-12-01", BARE))
    addresses = re.findall(r"https?://\S+", text)
    assert set(addresses) <= {time_zone_link(on("2026-12-01"))}
    assert not re.search(r"(: *|:\*\* +)$", text, re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_the_address_of_the_video_call_is_in_no_message(name: str) -> None:
    assert LINKS["video"] not in render(name, CAFE, on("2026-12-01"))


@pytest.mark.parametrize("name", ["issue", "remind-week", "remind-day", "chat"])
@pytest.mark.parametrize(
    ("day", "remark"),
    [
        (
            "2026-03-17",
            "**Please note:** In Europe this one begins an hour earlier than usual.",
        ),
        (
            "2026-11-10",
            "**Please note:** This one has been moved from Tuesday, November 3, 2026: "
            "Election day.",
        ),
        ("2026-11-17", "**Please note:** This one begins at another time than usual."),
        ("2026-08-12", "**Please note:** This is an extra meeting: Sprint."),
    ],
)
def test_what_is_special_about_a_meeting_is_said(name: str, day: str, remark: str) -> None:
    assert f"\n\n{remark}\n" in render(name, CAFE, on(day))


@pytest.mark.parametrize("name", ["issue", "remind-week", "remind-day", "chat", "thanks"])
@pytest.mark.parametrize(
    ("day", "sentence", "following"),
    [
        ("2026-07-07", "July 7, 2026, is canceled: Summer break.", "Tuesday, August 4, 2026"),
        ("2026-07-21", "July 21, 2026, is canceled.", "Tuesday, August 4, 2026"),
        ("2026-12-15", "December 15, 2026, is canceled: No time!", None),
    ],
)
def test_messages_say_that_a_meeting_is_canceled(
    name: str, day: str, sentence: str, following: str | None
) -> None:
    text = render(name, CAFE, on(day))
    assert text.startswith(f"The Example Café of Tuesday, {sentence}\n\n")
    if following:
        assert f"We meet again on {following}, at 11:00 Los Angeles time (18:00 UTC)." in text
    else:
        assert "again" not in text


def test_the_title_says_which_meeting_it_is() -> None:
    assert render("issue-title", CAFE, on("2026-12-01")) == (
        "Example Café: Tuesday, December 1, 2026\n"
    )
    assert render("issue-title", CAFE, on("2026-07-07")) == (
        "Canceled: Example Café: Tuesday, July 7, 2026\n"
    )


def test_thanks_name_the_next_meeting_that_takes_place() -> None:
    assert "next one: Tuesday, August 4, 2026, at 11:00" in render(
        "thanks", CAFE, on("2026-06-16")
    )
    assert "next one" not in render("thanks", CAFE, on("2026-12-01"))


# --- the pad is what the archive reads ------------------------------------------------------


def test_an_empty_pad_pasted_into_the_archive_is_a_meeting_without_people_and_topics() -> None:
    for day in ("2026-12-01", "2026-03-17", "2026-11-10"):
        notes = read(render("pad", CAFE, on(day)), 2026)
        (entry,) = notes.entries
        meeting = entry.meeting
        assert notes.problems == ()
        assert (meeting.id, meeting.canceled) == (day, False)
        assert (meeting.attendees, meeting.topics, meeting.outcomes) == ((), (), ())
        assert entry.body[0].meta.get("details")


def test_a_pad_that_was_filled_in_keeps_what_people_wrote() -> None:
    text = render("pad", CAFE, on("2026-12-01"))
    row = "- Name / GitHub handle / institution\n"
    assert row in text
    text = text.replace(row, f"{row}- Ada / ada-example / Example University\n")
    head, agenda, rest = text.partition("### Agenda")
    rest = rest.replace("\n-\n", "\n- **Ada (5 min):** How do we test upgrades?\n", 1)
    (meeting,) = read(head + agenda + rest, 2026).meetings
    assert [(one.name, one.handle) for one in meeting.attendees] == [("Ada", "ada-example")]
    assert [(one.title, one.speaker) for one in meeting.topics] == [
        ("How do we test upgrades?", "Ada")
    ]


@pytest.mark.parametrize("day", ["2026-07-07", "2026-07-21", "2026-12-15"])
def test_the_pad_of_a_canceled_meeting_is_read_as_canceled(day: str) -> None:
    notes = read(render("pad", CAFE, on(day)), 2026)
    assert [(one.id, one.canceled) for one in notes.meetings] == [(day, True)]
    assert notes.problems == ()


# --- for any meeting ------------------------------------------------------------------------

_MEETINGS = [
    *occurrences(CAFE.schedule[0], FIRST_DAY, LAST_DAY),
    *(
        one
        for zone in ("UTC", "Pacific/Auckland", "Asia/Kolkata", "Europe/London", "Etc/GMT+12")
        for one in occurrences(
            read_community(
                "name: Example community\nschedule: {id: x, rrule: FREQ=WEEKLY;BYDAY=SU, "
                f"time: 1:30, timezone: {zone}, duration: 120, first: 2026-01-01, "
                "last: 2026-12-31}"
            ).schedule[0],
            FIRST_DAY,
            LAST_DAY,
        )
    ),
]


@given(
    name=st.sampled_from(NAMES),
    meeting=st.sampled_from(_MEETINGS),
    links=st.dictionaries(st.sampled_from(list(LINKS)), st.just("https://example.org/x")),
    site=st.sampled_from(["", "https://example.org/"]),
    status=st.sampled_from([None, Status.CANCELED]),
)
def test_any_message_is_whole_for_any_meeting(
    name: str,
    meeting: Occurrence,
    links: dict[str, str],
    site: str,
    status: Status | None,
) -> None:
    meeting = replace(meeting, status=status or meeting.status)
    text = render(name, Community("Example", site=site, links=links), meeting)
    assert not re.search(r"None|(?i:undefined)|\{\{|\{%|%\}|\}\}|\(\)|\[[A-Z]+\]|<|>", text)
    assert not re.search(r"[ \t]$", text, re.MULTILINE)
    assert "\n\n\n" not in text
    assert not text.startswith("\n")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not re.search(r":$", text.replace("- **Host:**", ""), re.MULTILINE)
    assert str(meeting.date.year) in text


def test_messages_differ_from_one_another() -> None:
    assert len({render(name, CAFE, on("2026-12-01")) for name in NAMES}) == len(NAMES)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-03-03", "11:00 Los Angeles time (19:00 UTC)"),
        ("2026-03-17", "11:00 Los Angeles time (18:00 UTC)"),
        ("2026-10-20", "11:00 Los Angeles time (18:00 UTC)"),
        ("2026-11-10", "12:30 Los Angeles time (20:30 UTC)"),
        ("2026-11-17", "18:00 Los Angeles time (02:00 UTC on November 18)"),
    ],
)
def test_times_are_right_on_either_side_of_a_change_of_the_clocks(day: str, hours: str) -> None:
    assert when(on(day)).endswith(f", at {hours}")


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("America/Los_Angeles", "Los Angeles time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("Europe/Berlin", "Berlin time"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("CET", "CET"),
    ],
)
def test_a_time_zone_is_called_by_its_city(zone: str, name: str) -> None:
    assert zone in zoneinfo.available_timezones()
    assert time_zone_name(zone) == name


def test_a_canceled_meeting_begins_at_no_unusual_hour(tmp_path: Path) -> None:
    template = own(tmp_path, "{{ warnings | length }} {{ remarks | length }}")
    meeting = on("2026-03-17")
    canceled = replace(meeting, status=Status.CANCELED)
    assert render("issue", CAFE, meeting, folder=template) == "1 1\n"
    assert render("issue", CAFE, canceled, folder=template) == "0 0\n"


def test_minutes_are_counted_across_a_change_of_the_clocks(tmp_path: Path) -> None:
    # From one to two and on to one again, on the night to November 1, 2026.
    night = read_community(
        "name: x\nschedule: {id: x, rrule: FREQ=DAILY, time: 0:30, duration: 120, "
        "timezone: America/Los_Angeles, first: 2026-11-01, last: 2026-11-01}"
    )
    assert filled(tmp_path, "{{ duration }}", "2026-11-01", night) == "120\n"


# --- templates of a community ---------------------------------------------------------------


def test_a_community_replaces_one_message_and_keeps_the_others(tmp_path: Path) -> None:
    meeting = on("2026-12-01")
    own(tmp_path, "Come on {{ weekday }}!\n")
    assert render("issue", CAFE, meeting, folder=tmp_path) == "Come on Tuesday!\n"
    assert render("chat", CAFE, meeting, folder=tmp_path) == render("chat", CAFE, meeting)
    own(tmp_path, "Soon.", "chat")
    assert render("chat", CAFE, meeting, folder=tmp_path) == "Soon.\n"
    (tmp_path / f"chat{SUFFIX}").unlink()
    assert render("chat", CAFE, meeting, folder=tmp_path) == render("chat", CAFE, meeting)


def test_a_folder_that_is_not_there_has_no_templates(tmp_path: Path) -> None:
    folder = tmp_path / "nowhere"
    assert render("pad", CAFE, on("2026-12-01"), folder=folder).startswith("## 2026-12-01\n")


def test_a_community_says_once_what_holds_for_canceled_meetings(tmp_path: Path) -> None:
    own(tmp_path, "No tea: {{ reason }}\n", "canceled")
    assert render("chat", CAFE, on("2026-07-07"), folder=tmp_path) == "No tea: Summer break.\n"


def test_a_template_can_take_over_the_one_it_replaces(tmp_path: Path) -> None:
    text = filled(tmp_path, 'Hello!\n{% include "built-in/issue.md.jinja" %}')
    assert text == "Hello!\n" + render("issue", CAFE, on("2026-12-01"))


def test_templates_can_use_all_that_is_known_about_a_meeting(tmp_path: Path) -> None:
    template = (
        "{{ community.name }}|{{ title }}|{{ date }}|{{ iso }}|{{ weekday }}|{{ time }}|"
        "{{ timezone }}|{{ timezone_name }}|{{ utc }}|{{ duration }}|{{ canceled }}|"
        "{{ moved | long_date }}|{{ reason }}|{{ following | when }}|{{ links.pad }}|"
        "{{ links.nothing }}|{{ occurrence.status }}|{{ warnings | length }}|{{ change }}"
    )
    assert filled(tmp_path, template, "2026-11-10").rstrip().split("|") == [
        "Example community",
        "Example Café",
        "Tuesday, November 10, 2026",
        "2026-11-10",
        "Tuesday",
        "12:30",
        "America/Los_Angeles",
        "Los Angeles time",
        "20:30 UTC",
        "90",
        "False",
        "Tuesday, November 3, 2026",
        "Election day.",
        "Tuesday, November 17, 2026, at 18:00 Los Angeles time (02:00 UTC on November 18)",
        LINKS["pad"],
        "",
        "moved",
        "0",
        "This one has been moved from Tuesday, November 3, 2026: Election day.",
    ]


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("Hello\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("Hello\n\n{{ occurrence.wrong }}", 3, "no attribute 'wrong'"),
        ("{% if canceled %}\nNever closed", 2, "Unexpected end of template"),
        ("Hello\n{{ date | shout }}", 2, "No filter named 'shout'"),
        ("Hello\n{% include 'gone.md.jinja' %}", 2, "there is no template 'gone.md.jinja'"),
        ("Hello\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{{ 1 }}\n{{ date + 1 }}", 2, "concatenate"),
    ],
)
def test_a_broken_template_is_named_with_its_line(
    tmp_path: Path, template: str, line: int, message: str
) -> None:
    with pytest.raises(MessageError) as caught:
        filled(tmp_path, template)
    text = str(caught.value)
    assert text.startswith(f"{tmp_path / 'issue.md.jinja'}:{line}: ")
    assert message in text
    assert "\n" not in text


def test_the_line_in_an_included_template_is_named(tmp_path: Path) -> None:
    own(tmp_path, "\n\n{{ wrong }}", "greeting")
    with pytest.raises(MessageError, match=r"greeting\.md\.jinja:3: 'wrong' is undefined"):
        filled(tmp_path, "Hello\n{% include 'greeting.md.jinja' %}")


def test_a_template_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "issue.md.jinja").write_bytes(b"Hello\ncaf\xe9")
    with pytest.raises(MessageError, match=r"issue\.md\.jinja:2: is not UTF-8"):
        render("issue", CAFE, on("2026-12-01"), folder=tmp_path)


def test_a_template_that_includes_itself_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MessageError, match="recursion"):
        filled(tmp_path, "{% include 'issue.md.jinja' %}")


def test_an_unknown_message_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown message 'poem'; the messages are issue-title, "):
        render("poem", CAFE, on("2026-12-01"))


def test_a_template_whose_name_is_nearly_that_of_a_message_is_reported(tmp_path: Path) -> None:
    (tmp_path / "chatt.md.jinja").write_text("Hello\n", encoding="utf-8")
    community = read_community(
        "name: Tea\nschedule: {id: tea, rrule: FREQ=WEEKLY, time: 16:00, timezone: UTC, "
        "first: 2026-12-01}"
    )
    day = datetime.date(2026, 12, 1)
    (meeting,) = occurrences(community.schedule[0], day, day)
    with pytest.raises(MessageError, match=r"chatt\.md\.jinja: .* did you mean chat\.md\.jinja\?"):
        render("issue", community, meeting, folder=tmp_path)
    # A part that other templates include may be called whatever one likes.
    (tmp_path / "chatt.md.jinja").rename(tmp_path / "footer.md.jinja")
    assert render("issue", community, meeting, folder=tmp_path)
