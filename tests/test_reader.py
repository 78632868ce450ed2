"""From the text of a year file to meetings."""

from __future__ import annotations

import datetime

import pytest

from cafe_site.notes.dialect import walk
from cafe_site.notes.model import Link, NotesFile, ProblemKind
from cafe_site.notes.reader import decode, read


def ids(notes: NotesFile) -> list[str]:
    """Return the anchors of the meetings in the order of the page."""
    return [meeting.id for meeting in notes.meetings]


def headings(notes: NotesFile, meeting: int = 0) -> list[str]:
    """Return the anchors of the headings below a meeting."""
    return [t.meta["id"] for t in notes.entries[meeting].body if t.type == "heading_open"]


def problems(notes: NotesFile) -> list[tuple[ProblemKind, int]]:
    """Return the kinds and lines of the problems."""
    return [(problem.kind, problem.line) for problem in notes.problems]


def words(notes: NotesFile) -> str:
    """Return all text that a page will show."""
    tokens = [*notes.introduction, *(t for entry in notes.entries for t in entry.body)]
    shown = [t.content for t in walk(tokens) if t.content and t.type != "inline"]
    return " ".join([notes.title, *shown, *(m.title for m in notes.meetings)])


def test_meetings_are_sorted_newest_first_whatever_their_order() -> None:
    notes = read("## 2025-03-04\n\n## 2025-12-16\n\n## 2025-03\n\n## 2025-03-18\n", 2025)
    assert ids(notes) == ["2025-12-16", "2025-03-18", "2025-03-04", "2025-03"]


def test_meetings_of_one_day_keep_the_order_of_the_file() -> None:
    notes = read("## 2025-12-16 B\n\n## 2025-12-16 A\n\n## 2025-12-16 C\n", 2025)
    assert [meeting.title for meeting in notes.meetings] == ["B", "A", "C"]
    assert ids(notes) == ["2025-12-16-b", "2025-12-16-a", "2025-12-16"]
    assert notes.problems == ()


def test_a_meeting_pasted_on_top_moves_no_anchor() -> None:
    old = "## 2025-12-16\n\n### Notes\n\n### Notes\n\n## 2025-12-02 Planning\n\n### Notes\n"
    new = "## 2025-12-16 Second\n\n### Notes\n\n"
    before, after = read(old, 2025), read(new + old, 2025)
    assert ids(after) == ["2025-12-16-second", *ids(before)]
    assert headings(after, 1) == headings(before, 0)
    assert headings(after, 2) == headings(before, 1)


def test_anchors_are_the_path_of_headings_below_the_date() -> None:
    notes = read(
        "## 2025-12-16\n\n### Check-in\n\n### Looms\n\n#### Notes\n\n### Cards\n\n#### Notes\n",
        2025,
    )
    assert headings(notes) == [
        "2025-12-16-check-in",
        "2025-12-16-looms",
        "2025-12-16-looms-notes",
        "2025-12-16-cards",
        "2025-12-16-cards-notes",
    ]


def test_equal_headings_are_told_apart_by_the_words_below_them() -> None:
    notes = read("## 2025-12-16\n\n### Notes\n\nOne.\n\n### Notes\n\nTwo *more* words.\n", 2025)
    assert headings(notes) == ["2025-12-16-notes", "2025-12-16-notes-two-more-words"]


def test_a_heading_and_a_second_meeting_do_not_share_an_anchor() -> None:
    notes = read("## 2025-12-16 Planning\n\n## 2025-12-16\n\n### Planning\n\nText.\n", 2025)
    assert ids(notes) == ["2025-12-16-planning-2", "2025-12-16"]
    assert headings(notes, 1) == ["2025-12-16-planning"]


def test_a_heading_below_a_month_does_not_take_the_anchor_of_a_day() -> None:
    month = "## 2025-12\n\n### 16\n\nText.\n\n### 17\n\n#### More\n"
    before = headings(read(month, 2025))
    assert before == ["2025-12-16-text", "2025-12-17-2", "2025-12-17-2-more"]
    notes = read(f"## 2025-12-17\n\n## 2025-12-16\n\n{month}", 2025)
    assert ids(notes) == ["2025-12-17", "2025-12-16", "2025-12"]
    assert headings(notes, 2) == before


def test_headings_above_the_meetings_level_belong_to_the_meeting() -> None:
    notes = read("### 2025-12-16\n\n## Agenda\n\n### Looms\n\n# Top\n\n### 2025-12-02\n", 2025)
    levels = [t.meta["level"] for t in notes.entries[0].body if t.type == "heading_open"]
    assert levels == [5, 6, 4]
    assert headings(notes) == [
        "2025-12-16-agenda",
        "2025-12-16-agenda-looms",
        "2025-12-16-top",
    ]
    assert ids(notes) == ["2025-12-16", "2025-12-02"]


def test_the_title_is_the_first_top_heading_of_the_introduction() -> None:
    text = "Before.\n\n# The *title*\n\nAfter.\n\n# Another\n\n## 2025-12-16\n"
    notes = read(text, 2025)
    assert notes.title == "The title"
    assert words(notes).split() == ["The", "title", "Before.", "After.", "Another"]


def test_front_matter_gives_title_and_tags() -> None:
    notes = read("---\ntitle: Cafés\ntags: [a, b]\nmyst: {x: y}\n---\n\n## 2025-12-16\n", 2025)
    assert (notes.title, notes.tags, notes.problems) == ("Cafés", ("a", "b"), ())
    assert notes.meetings[0].line == 7


def test_each_meeting_has_its_own_link_definitions() -> None:
    notes = read(
        "## 2025-12-16\n\n[a][1]\n\n[1]: https://example.org/a\n\n"
        "## 2025-12-02\n\n[b][1]\n\n[1]: https://example.org/b\n",
        2025,
    )
    links = [
        [t.attrs["href"] for t in walk(entry.body) if t.type == "link_open"]
        for entry in notes.entries
    ]
    assert links == [["https://example.org/a"], ["https://example.org/b"]]


def test_link_definitions_that_nothing_uses_are_kept() -> None:
    notes = read("## 2025-12-16\n\n[Loom]: https://example.org/loom 'The loom'\n", 2025)
    assert "Loom" in words(notes)
    assert "https://example.org/loom" in words(notes)
    assert "The loom" in words(notes)


def test_line_numbers_are_the_files() -> None:
    notes = read("---\ntitle: x\n---\n# Title\n\n## 2025-12-16\n\nText.\n\n## 2025-12-02\n", 2025)
    assert [meeting.line for meeting in notes.meetings] == [6, 10]
    paragraph = notes.entries[0].body[0]
    assert paragraph.map is not None
    assert paragraph.map[0] + 1 == 8


# --- headings that are code ---------------------------------------------------------------


def test_a_date_in_a_closed_code_block_is_code() -> None:
    text = "## 2025-12-16\n\n```markdown\n## 2025-12-02\n\n## 2025-11-18\n```\n\nAfter.\n"
    notes = read(text, 2025)
    assert ids(notes) == ["2025-12-16"]
    assert notes.problems == ()
    assert [t.type for t in notes.entries[0].body].count("fence") == 1


def test_a_code_block_that_is_never_closed_swallows_no_meeting() -> None:
    text = "## 2025-12-16\n\n```\ncode\n\n## 2025-12-02\n\nText.\n"
    notes = read(text, 2025)
    assert ids(notes) == ["2025-12-16", "2025-12-02"]
    assert problems(notes) == [(ProblemKind.UNCLOSED_FENCE, 3)]


@pytest.mark.parametrize("info", ["", "python"])
def test_nor_if_a_later_meeting_has_a_code_block_of_its_own(info: str) -> None:
    text = (
        f"## 2025-12-16\n\n```\ncode\n\n## 2025-12-02\n\n```{info}\nx = 1\n```\n\n## 2025-11-18\n"
    )
    notes = read(text, 2025)
    assert ids(notes) == ["2025-12-16", "2025-12-02", "2025-11-18"]
    assert problems(notes) == [(ProblemKind.UNCLOSED_FENCE, 3)]


def test_a_year_file_within_a_code_block_with_code_after_it() -> None:
    text = (
        "## 2025-12-16\n\n````\n## 2025-12-02\n\n```\nx\n```\n\n## 2025-11-18\n````\n\n"
        "```\ny\n```\n\n## 2025-11-04\n"
    )
    notes = read(text, 2025)
    assert ids(notes) == ["2025-12-16", "2025-11-04"]
    assert notes.problems == ()


def test_a_code_block_open_at_the_end_of_the_file() -> None:
    notes = read("## 2025-12-16\n\n~~~~\ncode\n~~~\n", 2025)
    assert problems(notes) == [(ProblemKind.UNCLOSED_FENCE, 3)]
    assert "code" in words(notes)


@pytest.mark.parametrize("before", ["- item\n\n  ", "> ", "    "])
def test_a_date_in_a_list_a_quotation_or_indented_code_is_no_meeting(before: str) -> None:
    notes = read(f"## 2025-12-16\n\n{before}## 2025-12-02\n", 2025)
    assert ids(notes) == ["2025-12-16"]
    assert "2025-12-02" in words(notes)
    line = 5 if "\n" in before else 3
    assert problems(notes) == [(ProblemKind.NOT_A_DATE, line)]
    assert "does not begin a meeting" in notes.problems[0].message


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("## 2025-12-16\n\n- item\n\n  ## 2025-12-02 Planning\n\n  text\n", 5),
        ("## 2025-12-16\n\n1. item\n   ## 2025-12-02\n", 4),
        ("## 2025-12-16\n\n- item\n\n  2025-12-02\n  ----------\n", 5),
        ("## 2025-12-16\n\n> [!NOTE]\n> ## 16 December 2025\n", 4),
        ("## 2025-12-16\n\nx[^1]\n\n[^1]: note\n\n    ## 2025-12-02\n", 7),
        ("---\ntitle: x\n---\n- item\n\n  ## 2025-12-02\n\n## 2025-12-16\n", 6),
        ("## 2025-12-16\n\ntext\n\n    code\n    ## 2025-12-02\n", 6),
        ("## 2025-12-16\n\n- item\n\n      ## 2025-12-02\n", 5),
    ],
)
def test_a_date_that_vanishes_into_something_else_is_reported(text: str, line: int) -> None:
    notes = read(text, 2025)
    assert ids(notes) == ["2025-12-16"]
    assert problems(notes) == [(ProblemKind.NOT_A_DATE, line)]


@pytest.mark.parametrize(
    "text", ["```\n## 2025-12-02\n```", "- 2025-12-02", "- ## Agenda", "    code 2025-12-02"]
)
def test_a_date_that_is_meant_to_be_none_is_not_reported(text: str) -> None:
    assert read(f"## 2025-12-16\n\n{text}\n", 2025).problems == ()


@pytest.mark.parametrize(
    "heading", ["  ## 2025-12-02", "2025-12-02\n----------", "## **2025-12-02**"]
)
def test_a_date_is_a_meeting_in_every_form_of_heading(heading: str) -> None:
    notes = read(f"## 2025-12-16\n\nText.\n\n{heading}\n\nMore.\n", 2025)
    assert ids(notes) == ["2025-12-16", "2025-12-02"]


# --- problems -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("2025-02-30", ProblemKind.INVALID_DATE),
        ("2024-12-16", ProblemKind.OTHER_YEAR),
        ("2025-12-18", ProblemKind.FUTURE_DATE),
    ],
)
def test_a_date_to_look_at_is_reported(heading: str, kind: ProblemKind) -> None:
    notes = read(f"# T\n\n## {heading}\n\nText.\n", 2025, today=datetime.date(2025, 12, 17))
    assert problems(notes) == [(kind, 3)]
    assert ids(notes) == [heading]


def test_a_day_twice_without_titles_is_reported_at_the_upper_one() -> None:
    notes = read("## 2025-12-16\n\nOne two.\n\n## 2025-12-16\n\nThree.\n", 2025)
    assert problems(notes) == [(ProblemKind.DUPLICATE_DATE, 1)]
    assert ids(notes) == ["2025-12-16-one-two", "2025-12-16"]


@pytest.mark.parametrize(
    "heading",
    ["04/05/2025", "Tuesday 4.5.2025", "What we saw on 2025-12-16 in Oslo"],
)
def test_a_heading_that_may_be_meant_as_a_date_is_reported(heading: str) -> None:
    notes = read(f"## 2025-12-30\n\n## {heading}\n", 2025)
    assert problems(notes) == [(ProblemKind.NOT_A_DATE, 3)]
    assert ids(notes) == ["2025-12-30"]


@pytest.mark.parametrize(
    "heading",
    ["2.0.1", "Release 2025/12", "2025", "Plans for May", "1/2 hour", "Next: 2025-12-30"],
)
def test_other_headings_with_numbers_are_not_reported(heading: str) -> None:
    assert read(f"## 2025-12-30\n\n## {heading}\n", 2025).problems == ()


def test_a_weekday_that_is_not_the_dates_is_reported() -> None:
    notes = read("## Monday 2025-12-16\n\n## Tue 2025-12-02\n", 2025)
    assert problems(notes) == [(ProblemKind.WRONG_WEEKDAY, 1)]
    assert "is a Tuesday" in notes.problems[0].message


def test_front_matter_that_is_never_closed_is_reported_and_shown() -> None:
    notes = read("---\ntitle: x\n\n## 2025-12-16\n", 2025)
    assert problems(notes) == [(ProblemKind.FRONT_MATTER, 1)]
    assert "title: x" in words(notes)
    assert read("---\n\nText: x\n\n## 2025-12-16\n", 2025).problems == ()


def test_cells_that_a_table_has_no_column_for_are_kept() -> None:
    notes = read("## 2025-12-16\n\n| a |\n| - |\n| b | c | d |\n| e |\n\nAfter.\n", 2025)
    assert words(notes).split() == ["a", "b", "e", "c", "|", "d", "After."]


def test_links_in_headings_are_kept() -> None:
    notes = read(
        "# [T](https://example.org/t)\n\n## 2025-12-16 [P](https://example.org/p)\n", 2025
    )
    assert notes.links == (Link("https://example.org/t"),)
    assert notes.entries[0].links == (Link("https://example.org/p"),)
    assert notes.meetings[0].title == "P"


@pytest.mark.parametrize("text", ["", "\n\n", "# Title\n", "Just text.\n", "---\ntitle: x\n---\n"])
def test_a_file_without_meetings_is_reported(text: str) -> None:
    notes = read(text, 2025)
    assert [problem.kind for problem in notes.problems] == [ProblemKind.NO_MEETINGS]


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_system(end: str) -> None:
    notes = read(end.join(["\ufeff# T", "", "## 2025-12-16", "", "Text"]), 2025)
    assert (notes.title, ids(notes), notes.meetings[0].line) == ("T", ["2025-12-16"], 3)


def test_control_characters_are_shown_and_reported_once_each() -> None:
    notes = read("## 2025-12-16\n\na\x00b\x1bc\u202ed\n\ne\x1bf\n", 2025)
    assert [problem.kind for problem in notes.problems] == [ProblemKind.CONTROL_CHARACTER] * 3
    assert "a\ufffdb\ufffdc\ufffdd" in words(notes)


def test_bytes_that_are_not_utf_8() -> None:
    text, found = decode(b"\xef\xbb\xbf# T\n\ncaf\xe9 and\n")
    assert text == "# T\n\ncaf\ufffd and\n"
    assert [(p.kind, p.line) for p in found] == [(ProblemKind.ENCODING, 3)]
    assert "offset 11" in found[0].message


def test_entities_cannot_bring_in_what_cannot_be_seen() -> None:
    text = '## 2025-12-16 a&#x202E;b\n\n&#8238;c `&#x202E;` [d](https://e.org "&rlm;&#x202e;")\n'
    meeting = read(text, 2025).entries[0]
    assert meeting.meeting.title == "a\ufffdb"
    inline = next(token for token in meeting.body if token.type == "inline")
    shown = [(token.type, token.content) for token in inline.children or () if token.content]
    assert shown[:2] == [("text", "\ufffdc "), ("code_inline", "&#x202E;")]
    link = next(token for token in inline.children or () if token.type == "link_open")
    assert link.attrs["title"] == "\u200f\ufffd"


def test_front_matter_says_when_the_file_was_changed() -> None:
    assert (
        str(read("---\nupdated: 2026-01-05\n---\n\n## 2025-12-16\n", 2025).updated) == "2026-01-05"
    )
    assert read("## 2025-12-16\n", 2025).updated is None


@pytest.mark.parametrize("value", ["yesterday", "2026-13-01", "[2026-01-05]", "{a: b}"])
def test_a_wrong_day_in_front_matter_is_reported(value: str) -> None:
    notes = read(f"---\ntitle: T\nupdated: {value}\n---\n\n## 2025-12-16\n", 2025)
    assert [(p.kind, p.line) for p in notes.problems] == [(ProblemKind.FRONT_MATTER, 3)]
    assert "2025-12-16" in notes.problems[0].message


def test_headings_of_months_above_the_days_are_no_meetings() -> None:
    text = (
        "# 2025\n\n## December\n\n### December 16\n\na\n\n### 2 December\n\nb\n\n## April\n\nc\n"
    )
    notes = read(text, 2025)
    assert ids(notes) == ["2025-12-16", "2025-12-02", "2025-04"]
    assert notes.problems == ()


def test_a_heading_below_that_repeats_the_date_is_a_section() -> None:
    notes = read("## Call (2025-12-16)\n\n### Notes of 2025-12-16\n\na\n\n## 2025-12-02\n", 2025)
    assert ids(notes) == ["2025-12-16", "2025-12-02"]
    assert notes.problems == ()


def test_a_bold_line_with_a_date_is_reported() -> None:
    notes = read("## 2025-12-30\n\na\n\n**December 16, 2025**\n\nb\n", 2025)
    assert problems(notes) == [(ProblemKind.NOT_A_DATE, 5)]
    assert "## 2025-12-16" in notes.problems[0].message
