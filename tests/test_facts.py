"""Who was there, what the details are, and whether a meeting took place."""

from __future__ import annotations

import pytest

from cafe_site.notes.details import detail, mark
from cafe_site.notes.dialect import markdown, plain_text, short_reference
from cafe_site.notes.model import Attendee, Meeting
from cafe_site.notes.people import attendee
from cafe_site.notes.reader import read
from cafe_site.vocabulary import vocabulary

ENGLISH = vocabulary()


def meeting(text: str) -> Meeting:
    """Read a text as the notes of one meeting."""
    return read(f"## 2025-12-16\n\n{text}", 2025).meetings[0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Ada / Example Lab / @ada-l", Attendee("Ada", "ada-l")),
        (r"Ada / Example Lab / \@ada", Attendee("Ada", "ada")),
        ("Ada Lovelace (she/her) / @ada / Example Lab / London", Attendee("Ada Lovelace", "ada")),
        ("Ada | Example Lab | @ada", Attendee("Ada", "ada")),
        ("Ada / [@ada](https://github.com/ada) / Lab", Attendee("Ada", "ada")),
        ("Ada / `@ada`", Attendee("Ada", "ada")),
        ("@ada", Attendee("ada", "ada")),
        ("Ada / @ada (five minutes late)", Attendee("Ada", "ada")),
        ("Ada", Attendee("Ada")),
        ("Ada / / Lab", Attendee("Ada")),
        ("Ada / ada / Lab", Attendee("Ada", "ada")),
        ("Ada / Lab @ Town / @ada", Attendee("Ada", "ada")),
        ("Ada / Lab @ Town", Attendee("Ada")),
        ("Ada / ada@example.org", Attendee("Ada")),
        ("Ada @ada", Attendee("Ada", "ada")),
        ("Ada (she/her) @ada", Attendee("Ada", "ada")),
        ("Ada / Lab@Town / @ada", Attendee("Ada", "ada")),
        ("Ada / Lab @Town / @ada", Attendee("Ada", "ada")),
        ("Ada / Lab@Town", Attendee("Ada")),
        ("Ada/@ada/Lab", Attendee("Ada", "ada")),
        ("Ada / Lab /@ada", Attendee("Ada", "ada")),
        ("Ada (@ada)", Attendee("Ada", "ada")),
        ("Ada / @ada.lovelace / Lab", Attendee("Ada")),
        ("Ada / - / @ada", Attendee("Ada", "ada")),
        ("@ada / Ada Lovelace / Lab", Attendee("Ada Lovelace", "ada")),
        ("@ada / Lab", Attendee("ada", "ada")),
        ("Anne-Marie - Lab - @ada", Attendee("Anne-Marie", "ada")),
        ("Ada, she/her / Lab / @ada", Attendee("Ada", "ada")),
        ("Ada [they/them] / @ada", Attendee("Ada", "ada")),
        ("Ada <ada@example.org> / @ada", Attendee("Ada", "ada")),
        ("Ada / ada@example.org / @ada", Attendee("Ada", "ada")),
        ("Ada / 2i2c / Town", Attendee("Ada")),
        ("Ada / lab /", Attendee("Ada")),
        ("Name / Institution / GitHub handle", None),
        ("**name** / **institution** / **GitHub handle**", None),
        ("name …", None),
        ("", None),
        ("…", None),
    ],
)
def test_a_line_of_a_list_of_people(line: str, expected: Attendee | None) -> None:
    assert attendee(markdown().parseInline(line)[0], vocabulary()) == expected


@pytest.mark.parametrize(
    "before",
    [
        "### Check-in",
        "### Check-in :raising_hand:",
        "## Attendees",
        "## Attendees (12)",
        "#### Sign in",
        "Roll call:",
        "If you are joining the call, sign in below. Roll call:",
    ],
)
def test_the_list_of_people_is_found(before: str) -> None:
    found = meeting(f"{before}\n\n- name / institution / handle\n- Ada / @ada\n- Bob\n-\n")
    assert found.attendees == (Attendee("Ada", "ada"), Attendee("Bob"))


def test_other_lists_are_not_people() -> None:
    assert (
        meeting("### Celebrations\n\n- Ada / @ada\n\n### Check-in\n\nNobody came.\n").attendees
        == ()
    )


@pytest.mark.parametrize(
    ("heading", "text", "canceled"),
    [
        ("", "Canceled: everybody is on vacation.", True),
        ("", "No meeting, for want of attendees.", True),
        ("(canceled)", "", True),
        ("Canceled", "- a list\n", True),
        ("", "### Agenda\n\n- The release was canceled\n", False),
        ("", "We met.\n", False),
        ("", "We met. The trip was canceled.\n", False),
        ("", "Because of the holidays, there was no meeting. See you.\n", True),
    ],
)
def test_a_canceled_meeting_says_so(heading: str, text: str, canceled: bool) -> None:
    notes = read(f"## 2025-12-16 {heading}\n\n{text}", 2025)
    assert notes.meetings[0].canceled is canceled


@pytest.mark.parametrize(
    ("line", "key", "value"),
    [
        ("**Date:** December 16", "Date", "December 16"),
        ("**Date**: December 16", "Date", "December 16"),
        ("**Date:**", "Date", ""),
        ("**Issue:** <https://github.com/a/b/issues/1>", "Issue", "a/b#1"),
        ("**`Call`**:[here](https://example.org)", "Call", "here"),
        ("**Your timezone:** see **below:** yes", "Your timezone", "see below: yes"),
        ("**Tags:** a, b", "Tags", "a, b"),
    ],
)
def test_a_line_of_the_details(line: str, key: str, value: str) -> None:
    found = detail(markdown().parseInline(line)[0], ENGLISH)
    assert found is not None
    assert (plain_text(found.key), plain_text(found.value)) == (key, value)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Date: December 16",
        "**Date** December 16",
        "**:** December 16",
        "On **Date:** December 16",
        "*Date:* December 16",
        "**Date:** December 16\nat noon",
        "**Ada (5m):** Engines",
        f"**{'long ' * 20}:** words",
    ],
)
def test_other_lines_are_no_details(line: str) -> None:
    assert detail(markdown().parseInline(line)[0], ENGLISH) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- **Date:** today\n- **Host**: Ada\n\nMore.\n", True),
        ("- **Date:** today\n\n- **Host:**\n", True),
        ("- **Date:**\n- **Host:**\n", False),
        ("- **Date:** today\n- Host: Ada\n", False),
        ("- **Date:** today\n  - **Time:** noon\n", False),
        ("- **Date:** today\n\n  At noon.\n", False),
        ("- [x] **Date:** today\n", False),
        ("- **Date:** today\n-\n", False),
        ("- **Decision:** Build it\n", False),
        ("- **Date:** today\n- **Action:** Ada builds it\n", False),
        ("1. **Date:** today\n", False),
        ("> - **Date:** today\n", False),
        ("Words.\n\n- **Date:** today\n", False),
        ("### Agenda\n\n- **Date:** today\n", False),
        ("", False),
    ],
)
def test_the_details_are_the_list_that_a_meeting_begins_with(text: str, expected: bool) -> None:
    tokens = markdown().parse(text)
    end = mark(tokens, frozenset(), ENGLISH)
    assert (end is not None) is expected
    if end is not None:
        assert tokens[end - 1].type == "bullet_list_close"


def test_a_list_of_what_the_people_of_a_meeting_say_is_no_list_of_details() -> None:
    tokens = markdown().parse("- **Ada:** Engines\n- **Bob:** Cards\n")
    assert mark(tokens, frozenset({"ada"}), ENGLISH) is None
    assert mark(tokens, frozenset({"cleo"}), ENGLISH) == len(tokens)


def test_details_are_no_topics_and_no_notes_of_a_meeting_that_took_place() -> None:
    found = meeting("- **Date:** today\n- **Tags:** roadmap, #hub\n\nCanceled: all are ill.\n")
    assert (found.topics, found.tags, found.canceled) == ((), ("roadmap", "hub"), True)


def test_tags_of_a_meeting() -> None:
    assert meeting("**Tags:** roadmap, #hub\n").tags == ("roadmap", "hub")
    assert meeting("- **Tags:** roadmap\n").tags == ("roadmap",)
    assert meeting("We talked about tags: many.\n").tags == ()


@pytest.mark.parametrize(
    ("url", "short"),
    [
        ("https://github.com/jupyterhub/binderhub/pull/1824", "jupyterhub/binderhub#1824"),
        ("https://github.com/a/b.c/issues/1", "a/b.c#1"),
        ("https://github.com/a/b/discussions/7", "a/b#7"),
        ("https://github.com/a/b/pull/7/files", "a/b#7 (files)"),
        ("https://github.com/a/b/issues/7#issuecomment-12", "a/b#7 (comment)"),
        ("https://github.com/a/b/issues", None),
        ("https://github.com/a/b/issues/new", None),
        ("https://github.com/a/b", None),
        ("https://github.com.example.org/a/b/issues/7", None),
        ("https://example.org/https://github.com/a/b/issues/7", None),
    ],
)
def test_the_short_form_of_an_address(url: str, short: str | None) -> None:
    assert short_reference(url) == short
