"""Addresses of meetings and of their parts stay what they are when the archive grows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cafe_site.notes.dialect import plain_text
from cafe_site.notes.model import ProblemKind
from cafe_site.notes.reader import read
from tests import fuzz

if TYPE_CHECKING:
    from cafe_site.notes.model import NotesFile

# Words that make the headings of one place collide with those of another.
WORDS = [
    "Onboarding",
    "Onboarding 2",
    "onboarding!",
    "Notes",
    "Agenda",
    "16",
    "02",
    "2",
    "10",
    "note 1",
    "-note-1",
    "introduction",
    "notes 2025",
    "Item Onboarding",
    "",
]
DATES = ["2025-12-16", "2025-12-16", "2025-12-02", "2025-12", "2025-12", "2025-02-30"]

words = st.sampled_from(WORDS)
heading = st.builds("{} {}\n\n".format, st.sampled_from(["##", "###", "####", "#####"]), words)
part = st.one_of(
    heading,
    words.map("{}\n\n".format),
    words.map("### Agenda\n\n- {0} one\n- {0}\n\n".format),
    words.map("text[^1] [x](#2025-12-16)\n\n[^1]: {}\n\n".format),
    st.just("```\ncode\n```\n\n"),
    st.just("```\n## 2025-12-16\n\n### Onboarding\n\ncode\n```\n\n"),
    st.just("- item\n\n  ## 2025-12-16\n\n"),
)
meeting = st.builds(
    "## {} {}\n\n{}".format,
    st.sampled_from(DATES),
    words,
    st.lists(part, max_size=5).map("".join),
)
introduction = st.lists(heading, max_size=3).map("".join).map("# Notes\n\ntext\n\n{}".format)
# Also what is broken, up to its last line.
anything = st.lists(
    st.one_of(
        st.sampled_from(fuzz.TOKENS).map(lambda token: token.decode("utf-8", "replace")),
        part,
    ).filter(lambda text: len(text) < 2000),
    max_size=12,
).map("".join)


def places(notes: NotesFile) -> dict[str, str]:
    """Return what stands at each anchor of a page."""
    found = {}
    for entry in notes.entries:
        found[entry.meeting.id] = f"{entry.meeting.date.iso} {entry.meeting.title}"
    for tokens in (notes.introduction, *(entry.body for entry in notes.entries)):
        for index, token in enumerate(tokens):
            if "id" in token.meta:
                inline = next(t for t in tokens[index:] if t.type == "inline")
                found[token.meta["id"]] = plain_text(inline.children)
    return found


@settings(max_examples=400)
@given(introduction, st.lists(meeting, min_size=1, max_size=4), st.data())
def test_what_is_pasted_on_top_moves_no_anchor(
    above: str, meetings: list[str], data: st.DataObject
) -> None:
    old = "".join(meetings)
    notes = read(above + old, 2025)
    # If a fence is open already, nobody can tell where one that is pasted above it ends.
    assume(all(problem.kind is not ProblemKind.UNCLOSED_FENCE for problem in notes.problems))
    before = places(notes)
    # A title that has the words of an anchor that there is.
    anchor = data.draw(st.sampled_from(sorted(before)))
    parts = re.fullmatch(r"(\d{4}-\d\d(?:-\d\d)?)?-?(.*)", anchor)
    day = parts[1] or data.draw(st.sampled_from(DATES))
    title = data.draw(st.one_of(st.just(parts[2].replace("-", " ")), words))
    body = data.draw(st.one_of(anything, st.lists(part, max_size=5).map("".join)))
    after = places(read(f"{above}## {day} {title}\n\n{body}\n\n{old}", 2025))
    assert {anchor: after.get(anchor) for anchor in before} == before


@pytest.mark.parametrize("source", fuzz.seeds(), ids=lambda source: str(len(source)))
def test_what_is_pasted_on_top_moves_no_anchor_of_real_notes(source: bytes) -> None:
    text = source.decode("utf-8", "replace").replace("\r\n", "\n")
    top = re.search(r"(?m)^## \d{4}-\d\d", text)
    if top is None:
        text = f"## 2025-12-16\n\n{text}"
    start = top.start() if top else 0
    before = places(read(text, 2025))
    pasted = "".join(
        f"## {match[1]} {match[2].replace('-', ' ')}\n\ntext\n\n"
        for anchor in before
        if (match := re.fullmatch(r"(\d{4}-\d\d(?:-\d\d)?)-?(.*)", anchor))
    )
    after = places(read(text[:start] + pasted + text[start:], 2025))
    assert {anchor: after.get(anchor) for anchor in before} == before


def test_a_fence_that_is_left_open_on_top_takes_no_meeting_that_was_read_before() -> None:
    old = "## 2025-12-02\n\n```\n## 2025-11-30\n\ntext\n\n## 2025-11-29\n```\n\n## 2025-11-18\n"
    notes = read(old, 2025)
    assert ([m.id for m in notes.meetings], notes.problems) == (["2025-12-02", "2025-11-18"], ())
    notes = read(f"## 2025-12-16\n\n```\nopen\n\n{old}", 2025)
    assert [m.id for m in notes.meetings] == ["2025-12-16", "2025-12-02", "2025-11-18"]
    assert [(p.kind.value, p.line) for p in notes.problems] == [("unclosed_fence", 3)]


def test_pages_keep_what_stands_at_each_anchor(site) -> None:
    old = (
        "## 2025-12-16\n\nx[^1] y[^1]\n\n[^1]: noteword\n\n[^1]: again\n\n### Onboarding\n\n"
        "### Note 1\n\n### Agenda\n\n- Topic\n\n## 2025-12\n\n### 16\n\nz[^a]\n\n[^a]: monthword\n"
    )
    new = "".join(
        f"## 2025-12-16 {title}\n\nv[^1] w[^2]\n\n[^1]: newword\n\n[^2]: otherword\n\n"
        for title in ("Onboarding", "-note-1", "note 1 from 1", "Agenda Topic", "")
    )
    pages = []
    for text in (old, new + old):
        site.write("notes/2025.md", f"# Notes\n\n## Onboarding\n\n{text}")
        pages.append(site.build(warnings=text != old).article("notes/2025.html"))
    before, after = (
        {
            element["id"]: element.get_text()
            for element in page.find_all(id=True)
            if element["id"] != "notes-2025"
            # A former anchor goes when another heading could be meant.
            and element.get_text()
        }
        for page in pages
    )
    assert len(before) > 10
    assert {anchor: after.get(anchor) for anchor in before} == before
