"""Notes that are broken: nothing stops the build, no word is lost, and a person is told where."""

from __future__ import annotations

import datetime
import gc
import math
import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cafe_site.notes import reader
from cafe_site.notes.agenda import lead
from cafe_site.notes.dialect import walk
from cafe_site.vocabulary import vocabulary
from tests.conftest import ARCHIVE, CONF, INDEX, Site
from tests.oracles import front_matter_of, kept

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bs4 import BeautifulSoup, Tag

    from tests.conftest import Build

TODAY = {"cafe_today": "2025-12-20"}
MEETING = "## 2025-12-16\n\n"


def by_id(page: BeautifulSoup, anchor: str) -> Tag:
    """Return the only element with an id."""
    found = page.find_all(id=anchor)
    assert len(found) == 1, f"{len(found)} elements have the id {anchor}"
    return found[0]


def new_site(folder: Path) -> Site:
    """Return a project without notes."""
    site = Site(folder / "project")
    site.write("conf.py", CONF)
    site.write("index.md", INDEX)
    site.write("notes/index.md", ARCHIVE)
    return site


class Years:
    """A site with a year file for each case, each in a series of its own, built once."""

    def __init__(self, folder: Path, files: dict[str, str | bytes]) -> None:
        self.site = new_site(folder)
        for name, text in files.items():
            # Bytes, so that line ends stay as they are.
            data = text if isinstance(text, bytes) else text.encode()
            self.site.write(f"notes/{name}/2025.md", data)
        self.build: Build = self.site.build(overrides=TODAY, warnings=True)

    def page(self, name: str) -> BeautifulSoup:
        return self.build.article(f"notes/{name}/2025.html")

    def warnings(self, name: str) -> list[tuple[int, str]]:
        """Return the line and the subtype of each warning about a file, in any order."""
        path = re.escape(str(self.site.root / f"notes/{name}/2025.md"))
        found = []
        for text in self.build.warnings:
            if re.match(path, text):
                match = re.fullmatch(rf"{path}:(\d+): WARNING: .+ \[cafe\.(\w+)\]", text)
                assert match, text
                found.append((int(match[1]), match[2]))
        return found


# --- bytes ----------------------------------------------------------------------------

TEXT = (
    "# Notes\n\n## 2025-12-16\n\nfirstword\n\n- itemword\n- other\n\n## 2025-12-09\n\nsecondword\n"
)
# The bytes of a file, and its warnings.
BYTES: dict[str, tuple[bytes, list[tuple[int, str]]]] = {
    "plain": (TEXT.encode(), []),
    "byte-order-mark": (TEXT.encode("utf-8-sig"), []),
    "windows": (TEXT.replace("\n", "\r\n").encode(), []),
    "old-mac": (TEXT.replace("\n", "\r").encode(), []),
    "mixed-line-ends": (TEXT.replace("\n\n", "\r\n\r").encode(), []),
    "no-final-line-end": (TEXT.rstrip().encode(), []),
    "tabs": (TEXT.replace("## 2", "##\t2").replace("- ", "-\t").encode(), []),
    "no-break-spaces": (TEXT.replace("word", "word\xa0").encode(), []),
    "trailing-spaces": (TEXT.replace("\n", "  \t\n").encode(), []),
    "nul": (TEXT.replace("first", "\0\0first").encode(), [(5, "control_character")]),
    "escape": (TEXT.replace("first", "\x1b[31mfirst").encode(), [(5, "control_character")]),
    "backspace": (TEXT.replace("item", "x\x08item").encode(), [(7, "control_character")]),
    "vertical-tab": (
        TEXT.replace("item", "\x0b\x0citem").encode(),
        [(7, "control_character")] * 2,
    ),
    "bidi": (
        TEXT.replace("item", "\u202e\u2066\u2069item").encode(),
        [(7, "control_character")] * 3,
    ),
    "bidi-in-heading": (
        TEXT.replace("-16", "-16 \u202etitled").encode(),
        [(3, "control_character")],
    ),
    "nonCharacter": (
        TEXT.replace("item", "\ufffe\uffffitem").encode(),
        [(7, "control_character")] * 2,
    ),
    "windows-control": (
        TEXT.replace("first", "\x01first").replace("\n", "\r\n").encode(),
        [(5, "control_character")],
    ),
    "old-mac-control": (
        TEXT.replace("first", "\x01first").replace("\n", "\r").encode(),
        [(5, "control_character")],
    ),
    "line-separators": (TEXT.replace("first", "a\u2028b\u2029c\x85first").encode(), []),
    "zero-width": (TEXT.replace("first", "\u200b\u200d\ufeff\u2060first").encode(), []),
    "combining": (TEXT.replace("first", "a" + "\u0301" * 500 + " first").encode(), []),
    "planes": (TEXT.replace("first", "𝕏 🎉👩‍👩‍👧 \U0010fffd first").encode(), []),
    "latin-1": (TEXT.replace("first", "caf\xe9 first").encode("latin-1"), [(5, "encoding")]),
    "latin-1-windows": (
        TEXT.replace("first", "caf\xe9 first").replace("\n", "\r\n").encode("latin-1"),
        [(5, "encoding")],
    ),
    "latin-1-old-mac": (
        TEXT.replace("first", "caf\xe9 first").replace("\n", "\r").encode("latin-1"),
        [(5, "encoding")],
    ),
    "latin-1-with-mark": (
        b"\xef\xbb\xbf" + TEXT.replace("second", "\xe9 second").encode("latin-1"),
        [(12, "encoding")],
    ),
    "bad-in-heading": (
        TEXT.encode().replace(b"-16\n", b"-16 \xff\xfetitled\n"),
        [(3, "encoding")],
    ),
    "bad-in-front-matter": (b"---\ntitle: \xff x\n---\n" + TEXT.encode(), [(2, "encoding")]),
    "cut-off": (TEXT.rstrip().encode() + "é".encode()[:1], [(12, "encoding")]),
    "surrogates": (TEXT.encode().replace(b"first", b"\xed\xa0\x80first"), [(5, "encoding")]),
    "overlong": (TEXT.encode().replace(b"first", b"\xc0\xbcfirst"), [(5, "encoding")]),
    "too-high": (TEXT.encode().replace(b"first", b"\xf4\x90\x80\x80first"), [(5, "encoding")]),
    "all-bytes": (
        TEXT.encode().replace(
            b"first", bytes(b for b in range(256) if b not in (10, 13)) + b"first"
        ),
        [(5, "encoding"), *[(5, "control_character")] * 30],
    ),
}


@pytest.fixture(scope="module")
def encoded(tmp_path_factory: pytest.TempPathFactory) -> Years:
    """Return the built site with all files of bytes."""
    files = {name: data for name, (data, _) in BYTES.items()}
    return Years(tmp_path_factory.mktemp("bytes"), files)


@pytest.mark.parametrize("name", BYTES)
def test_meetings_are_read_whatever_bytes_are_among_them(encoded: Years, name: str) -> None:
    page = encoded.page(name)
    first, second = by_id(page, "2025-12-16"), by_id(page, "2025-12-09")
    assert "firstword" in first.get_text()
    assert any("itemword" in item.get_text() for item in first.select("ul > li"))
    assert "secondword" in second.get_text()
    assert len(page.select("h1")) == 1


@pytest.mark.parametrize("name", BYTES)
def test_bytes_to_mend_are_reported_at_their_line(encoded: Years, name: str) -> None:
    assert sorted(encoded.warnings(name)) == sorted(BYTES[name][1])


def test_no_page_has_a_character_that_cannot_be_seen_or_reorders_text(encoded: Years) -> None:
    for name in BYTES:
        text = (encoded.build.outdir / f"notes/{name}/2025.html").read_text(encoding="utf-8")
        assert re.findall("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", text) == []


@pytest.mark.parametrize(
    "name", ["nul", "bidi", "latin-1", "bad-in-heading", "cut-off", "surrogates"]
)
def test_replacement_characters_stand_for_what_is_not_text(encoded: Years, name: str) -> None:
    assert "\ufffd" in encoded.page(name).get_text()


@pytest.mark.parametrize(
    ("name", "line", "offset", "byte"),
    [
        ("latin-1", 5, TEXT.index("first") + 3, "e9"),
        ("latin-1-with-mark", 12, TEXT.index("second") + 3, "e9"),
        ("bad-in-heading", 3, TEXT.index("-16\n") + 4, "ff"),
    ],
)
def test_a_byte_that_is_not_utf_8_is_named_with_its_offset(
    encoded: Years, name: str, line: int, offset: int, byte: str
) -> None:
    path = encoded.site.root / f"notes/{name}/2025.md"
    assert any(
        re.match(rf"{re.escape(str(path))}:{line}: WARNING: .*\b{offset}\b.*0x{byte}", warning)
        for warning in encoded.build.warnings
    )


@pytest.mark.parametrize(
    "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp037"]
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_file_in_another_encoding_is_reported_and_the_others_are_built(
    site: Site, encoding: str, jobs: int
) -> None:
    site.write("notes/2025.md", TEXT.encode(encoding))
    site.write("notes/2024.md", "## 2024-01-01\n\nfirstword\n")
    # Enough pages for Sphinx to read in parallel.
    for series in range(10):
        site.write(f"notes/s{series}/2024.md", "## 2024-01-01\n\ntext\n")
    build = site.build(jobs=jobs, warnings=True)
    assert build.warnings == [] if encoding == "utf-7" else build.warnings != []
    assert not [w for w in build.warnings if "notes/2025.md:" not in w or "[cafe." not in w]
    assert "firstword" in build.article("notes/2024.html").get_text()
    assert build.html("notes/2025.html").h1 is not None


@pytest.mark.parametrize("with_notes", [False, True])
def test_a_page_written_by_hand_has_to_be_utf_8(site: Site, with_notes: bool) -> None:
    site.write("broken.md", b"# Broken \xff\n")
    if with_notes:
        site.write("notes/2025.md", b"## 2025-01-01\n\n\xff\n")
    with pytest.raises(UnicodeDecodeError):
        site.build(warnings=True)


def test_a_page_written_by_hand_is_read_strictly_once_the_notes_were_not(site: Site) -> None:
    site.write("notes/2025.md", b"## 2025-01-01\n\n\xff\n")
    site.build(warnings=True)
    site.write("broken.md", b"# Broken \xff\n")
    with pytest.raises(UnicodeDecodeError):
        site.build(warnings=True)


FILES: dict[str, tuple[str, list[tuple[int, str]]]] = {
    "empty": ("", [(1, "no_meetings")]),
    "blank": ("\n \n\t\n", [(1, "no_meetings")]),
    "mark-alone": ("\ufeff", [(1, "no_meetings")]),
    "front-matter-alone": ("---\ntitle: x\n---\n", [(4, "no_meetings")]),
    "front-matter-without-end": ("---\ntitle: x\n---", [(4, "no_meetings")]),
    "no-meetings": ("# Notes\n\ntextword\n\n## Heading\n", [(1, "no_meetings")]),
    "title-alone": ("# Notes\n", [(1, "no_meetings")]),
    "heading-alone": ("## 2025-12-16", []),
    "two-headings": ("## 2025-12-16\n## 2025-12-09", []),
    "rule-alone": ("---", [(1, "no_meetings")]),
    "rules": ("***\n\n## 2025-12-16\n\n---\n\n***\n\n___\n\n## 2025-12-09\n\n---\n", []),
    "rules-between-headings": ("## 2025-12-16\n\n---\n\n### a\n\n---\n\n### b\n\n---\n", []),
}


@pytest.fixture(scope="module")
def meagre(tmp_path_factory: pytest.TempPathFactory) -> Years:
    """Return the built site with all files that hold hardly anything."""
    return Years(tmp_path_factory.mktemp("meagre"), {k: v for k, (v, _) in FILES.items()})


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_hardly_anything_in_it_has_a_page(meagre: Years, name: str) -> None:
    assert len(meagre.page(name).select("h1")) == 1
    # The last line is the last that a person can go to, so one beyond it will do.
    assert meagre.warnings(name) == FILES[name][1]


def test_files_with_hardly_anything_in_them_stop_no_list(meagre: Years) -> None:
    assert "2025" in meagre.build.article("notes/index.html").get_text()
    assert all("[cafe." in warning for warning in meagre.build.warnings)


# --- dates ----------------------------------------------------------------------------

BEHIND = "## 2025-03-02\n\nbehind\n"
# A heading, the anchor of its meeting, and the subtype of the warning.
DATES: list[tuple[str, str, str | None]] = [
    ("2025-02-30", "2025-02-30", "invalid_date"),
    ("2025-13-01", "2025-13-01", "invalid_date"),
    ("2025-00-00", "2025-00-00", "invalid_date"),
    ("2025-02-29", "2025-02-29", "invalid_date"),
    ("31 April 2025", "2025-04-31", "invalid_date"),
    ("0000-01-01", "0000-01-01", "invalid_date"),
    ("2025-99-99", "2025-99-99", "invalid_date"),
    ("2024-12-31", "2024-12-31", "other_year"),
    ("0001-01-01", "0001-01-01", "other_year"),
    ("9999-12-31", "9999-12-31", "other_year"),
    ("2025-12-21", "2025-12-21", None),  # begins in Auckland today
    ("2025-12-22", "2025-12-22", "future_date"),
    ("2025-10-1", "2025-10-01", None),
    ("2025-1-1 New Year", "2025-01-01", None),
    ("2025-06", "2025-06", None),
    ("2025-6", "2025-06", None),
    ("16 November 2025", "2025-11-16", None),
    ("Tuesday 21st January 2025", "2025-01-21", None),
    ("Wed, 22 Jan 2025", "2025-01-22", None),
    ("Friday 2025-01-27", "2025-01-27", "wrong_weekday"),
    ("Someday 2025-01-28", "2025-01-28", None),
    ("We met on 2025-01-29 again", "", "not_a_date"),
    ("January 23rd, 2025", "2025-01-23", None),
    ("Sept. 24, 2025", "2025-09-24", None),
    ("the wrong Friday 2025-05-05", "2025-05-05", "wrong_weekday"),
    ("Wednesday 2025-05-06 wrong weekday", "2025-05-06", "wrong_weekday"),
    ("2025-05-07: Title", "2025-05-07", None),
    ("2025-05-08 — Title", "2025-05-08", None),
    ("**2025-05-09**", "2025-05-09", None),
    ("`2025-05-10` Title", "2025-05-10", None),
    ("[2025-05-11](https://good.example/)", "2025-05-11", None),
    ("2025-05-12 " + "long " * 2000, "2025-05-12", None),
    ("2025-05-13 " + "🎉" * 100, "2025-05-13", None),
    ("２０２５-０５-１４", "2025-05-14", None),
    ("2025-05-15 <b>x</b>", "2025-05-15", None),
    ("\\2025-05-17", "2025-05-17", None),
    ("2025-05-18T10:00", "2025-05-18", None),
    ("2025-0005-19", "", None),
    ("20250-05-20", "", None),
    ("99999999999999999999-01-01", "", None),
]


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> Years:
    """Return the built site with all dates, each between two meetings."""
    files = {
        f"date{i}": f"## 2025-03-03\n\nbefore\n\n## {heading}\n\nwithin\n\n{BEHIND}"
        for i, (heading, _, _) in enumerate(DATES)
    }
    return Years(tmp_path_factory.mktemp("dates"), files)


@pytest.mark.parametrize("index", range(len(DATES)), ids=[heading[:30] for heading, _, _ in DATES])
def test_a_date_has_its_place_and_harms_no_other(dated: Years, index: int) -> None:
    _, anchor, subtype = DATES[index]
    page = dated.page(f"date{index}")
    assert len(page.select(".cafe-meeting")) == (3 if anchor else 2)
    assert "within" in by_id(page, anchor or "2025-03-03").get_text()
    assert "before" in by_id(page, "2025-03-03").get_text()
    assert "behind" in by_id(page, "2025-03-02").get_text()
    assert dated.warnings(f"date{index}") == ([(5, subtype)] if subtype else [])


def test_a_date_of_the_years_edges_needs_no_warning_of_our_own_making(dated: Years) -> None:
    assert all("[cafe." in warning for warning in dated.build.warnings)


def test_one_day_many_times(site: Site) -> None:
    site.write(
        "notes/2025.md",
        "## 2025-06-01\n\nsixth\n\n## 2025-06-01\n\nfifth\n\n## 2025-06-01 Same\n\nfourth\n\n"
        "## 2025-06-01 Same\n\nthird\n\n## 2025-06-01 Other\n\nsecond\n\n## 2025-06-01\n\nfirst\n",
    )
    build = site.build(warnings=True)
    meetings = build.article("notes/2025.html").select(".cafe-meeting")
    ids = [meeting["id"] for meeting in meetings]
    assert len(set(ids)) == 6
    assert all(anchor.startswith("2025-06-01") for anchor in ids)
    assert ids[-1] == "2025-06-01"
    for meeting, word in zip(
        meetings, ["sixth", "fifth", "fourth", "third", "second", "first"], strict=True
    ):
        assert word in meeting.get_text()
    path = site.root / "notes/2025.md"
    for line in (1, 5, 9):
        assert any(
            warning.startswith(f"{path}:{line}: WARNING: ")
            and warning.endswith("[cafe.duplicate_date]")
            for warning in build.warnings
        )
    assert len(build.warnings) == 3


def test_one_day_with_titles_is_nothing_to_warn_about(year_page) -> None:
    page = year_page("## 2025-06-01 Two\n\nb\n\n## 2025-06-01 One\n\na\n")
    assert [m["id"] for m in page.select(".cafe-meeting")] == ["2025-06-01-two", "2025-06-01"]


# --- code blocks, lists, headings -----------------------------------------------------

LATER = "## 2025-03-02\n\nlaterword\n"
WITH_CODE = "## 2025-03-02\n\n```python\nx = 1\n```\n\nlaterword\n"
TWO_CODES = "## 2025-03-02\n\n```\none\n```\n\n```\ntwo\n```\n\nlaterword\n"
# What stands in the meeting of 2025-03-03, and the lines of the warnings.
FENCES: dict[str, tuple[str, list[int]]] = {
    "backticks": ("```\ncodeword", [5]),
    "backticks-info": ("```python\ncodeword = 1", [5]),
    "backticks-long": ("``````\ncodeword\n```", [5]),
    "tildes": ("~~~\ncodeword", [5]),
    "tildes-info": ("~~~~ text words\ncodeword\n~~~", [5]),
    "mixed": ("```\ncodeword\n~~~", [5]),
    "closed-with-info": ("```\ncodeword\n``` python", [5]),
    "indented": ("   ```\n   codeword", [5]),
    "closed-indented-too-far": ("```\ncodeword\n    ```", [5]),
    "after-a-closed-one": ("```\na\n```\n\ntext\n\n```\ncodeword", [11]),
    "directive": ("```{note}\ncodeword", [5]),
    "with-heading": ("```\n# codeword\n\n## more", [5]),
    "empty": ("codeword\n\n```", [7]),
    "in-a-list": ("- item\n\n  ```\n  codeword", []),
    "in-a-quotation": ("> ```\n> codeword", []),
    "closed": ("```\ncodeword\n```", []),
    "closed-longer": ("```\ncodeword\n`````  ", []),
    "closed-at-once": ("```\n```\n\ncodeword", []),
    "not-a-fence": ("``` code ``` codeword", []),
    "two-ticks": ("``\ncodeword", []),
}
FENCE_FILES = {
    f"{name}-{kind}": f"## 2025-03-03\n\nbefore\n\n{text}\n\n{later}"
    for name, (text, _) in FENCES.items()
    for kind, later in (("then-text", LATER), ("then-code", WITH_CODE), ("then-codes", TWO_CODES))
}


@pytest.fixture(scope="module")
def fenced(tmp_path_factory: pytest.TempPathFactory) -> Years:
    """Return the built site with all code blocks."""
    files = {
        **FENCE_FILES,
        **{f"{k}-at-end": f"## 2025-03-03\n\nbefore\n\n{t}" for k, (t, _) in FENCES.items()},
    }
    return Years(tmp_path_factory.mktemp("fences"), files)


@pytest.mark.parametrize("name", FENCE_FILES)
def test_a_code_block_swallows_no_meeting(fenced: Years, name: str) -> None:
    page = fenced.page(name)
    assert [m["id"] for m in page.select(".cafe-meeting")] == ["2025-03-03", "2025-03-02"]
    first, later = page.select(".cafe-meeting")
    assert "codeword" in first.get_text()
    assert "before" in first.get_text()
    paragraphs = [p.get_text() for p in later.select("p")]
    assert "laterword" in paragraphs
    lines = FENCES[name.rsplit("-then-", 1)[0]][1]
    assert fenced.warnings(name) == [(line, "unclosed_fence") for line in lines]


@pytest.mark.parametrize("name", FENCES)
def test_a_code_block_may_be_the_end_of_the_file(fenced: Years, name: str) -> None:
    page = fenced.page(f"{name}-at-end")
    text = by_id(page, "2025-03-03").get_text()
    assert "before" in text
    assert "codeword" in text
    lines = FENCES[name][1]
    assert fenced.warnings(f"{name}-at-end") == [(line, "unclosed_fence") for line in lines]


@pytest.mark.parametrize("later", ["", LATER, WITH_CODE, TWO_CODES])
@pytest.mark.parametrize("fence", ["```", "~~~", "`````", "```md", "~~~ markdown"])
def test_a_date_heading_in_a_closed_code_block_is_code(fence: str, later: str) -> None:
    end = re.match(r"`+|~+", fence)[0]
    inner = "" if end == "```" else "```\ninner\n```\n"
    notes = reader.read(
        f"## 2025-03-03\n\n{fence}\n## 2025-01-01\n\ntext\n\n{inner}## 2025-01-02\n{end}\n\n"
        f"behind\n\n{later}",
        2025,
    )
    expected = ["2025-03-03", "2025-03-02"] if later else ["2025-03-03"]
    assert [meeting.id for meeting in notes.meetings] == expected
    assert notes.problems == ()


def test_many_code_blocks_that_are_never_closed_each_end_at_the_next_meeting() -> None:
    days = [f"2025-{month:02}-{day:02}" for month in range(12, 0, -1) for day in range(28, 0, -1)]
    text = "".join(f"## {day}\n\n```sh\ncode of {day}\n\n" for day in days)
    notes = reader.read(text, 2025)
    assert [meeting.id for meeting in notes.meetings] == days
    assert [p.line for p in notes.problems] == [3 + 5 * i for i in range(len(days))]


@pytest.mark.parametrize(
    "before",
    [
        "- ",
        "* a\n  ",
        "1. ",
        "> ",
        "- > ",
        "> - ",
        "- [ ] ",
        "    ",
        "\t",
        "| a |\n| - |\n| ",
        "- a\n\n  ",
    ],
)
def test_a_date_heading_inside_something_else_is_no_meeting(before: str) -> None:
    notes = reader.read(
        f"## 2025-03-03\n\n{before}## 2025-01-01 innerword\n\n## 2025-03-02\n\nx\n", 2025
    )
    assert [meeting.id for meeting in notes.meetings] == ["2025-03-03", "2025-03-02"]
    assert "innerword" in shown(notes)


HEADINGS = {
    "setext-title": ("Titled\n======\n\ntext\n\n2025-12-16\n----------\n\nwithin\n", "Titled", 1),
    "setext-dates": ("2025-12-16\n===\n\nwithin\n\n2025-12-09 Two\n---\n\nx\n", None, 2),
    "setext-inside": ("## 2025-12-16\n\nfoo\n===\n\nwithin\n\nbar\n---\n\nx\n", None, 1),
    "many-titles": ("# One\n\n# Two\n\n# Three\n\n# 2025-12-16\n\n# Four\n\nwithin\n", "One", 1),
    "title-below": ("## 2025-12-16\n\nwithin\n\n# Late title\n\n# Later title\n", None, 1),
    "no-title": ("text\n\n## 2025-12-16\n\nwithin\n", None, 1),
    "empty-title": ("#\n\n## 2025-12-16\n\nwithin\n", None, 1),
    "emoji-title": ("# 🎉\n\n## 2025-12-16\n\nwithin\n", "🎉", 1),
    "deep-levels": ("###### 2025-12-16\n\nwithin\n\n###### Sub\n\n# Top\n", None, 1),
    "seven": ("## 2025-12-16\n\n####### seven\n\nwithin\n", None, 1),
    "levels-jump": ("## 2025-12-16\n\n###### six\n\n### three\n\n# one\n\nwithin\n", None, 1),
    "closing-hashes": ("## 2025-12-16 ##\n\nwithin\n\n### a ###\n", None, 1),
    "title-in-a-list": ("- # Listed\n\n## 2025-12-16\n\nwithin\n", None, 1),
    "heading-of-markup": (
        "# **Bold** `code` [link](https://x.example)\n\n## 2025-12-16\n\nwithin\n",
        "Bold code link",
        1,
    ),
}


@pytest.fixture(scope="module")
def headed(tmp_path_factory: pytest.TempPathFactory) -> Years:
    """Return the built site with all headings."""
    return Years(tmp_path_factory.mktemp("headings"), {k: v[0] for k, v in HEADINGS.items()})


@pytest.mark.parametrize("name", HEADINGS)
def test_a_page_has_exactly_one_top_heading(headed: Years, name: str) -> None:
    text, title, count = HEADINGS[name]
    page = headed.page(name)
    assert len(page.select("h1")) == 1
    # The theme adds a link to the heading.
    assert title is None or page.h1.get_text().startswith(title)
    assert len(page.select(".cafe-meeting")) == count
    assert "within" in by_id(page, "2025-12-16").get_text()
    assert headed.warnings(name) == []
    typed = set(re.findall(r"[A-Za-z]{3,}", re.sub(r"\(http.*?\)", "", text)))
    assert {word for word in typed if word not in page.get_text()} == set()


# --- nesting --------------------------------------------------------------------------


def staircase(marker: str, depth: int) -> str:
    """Return a list in a list in a list, with a word in each."""
    return "\n".join(" " * len(marker) * i + f"{marker}depth{i}word" for i in range(depth))


def chain(left: str, right: str, depth: int) -> str:
    """Return words each within the marks of the one before."""
    return left.join(f"in{i}word " for i in range(depth)) + "core" + right * depth


DEPTHS = (100, 1000)
NESTED = {
    f"{name}-{depth}": make(depth)
    for depth in DEPTHS
    for name, make in {
        # The length of some grows with the square of their depth.
        "bullets": lambda n: staircase("- ", min(n, 300)),
        "numbers": lambda n: staircase("1. ", min(n, 300)),
        "quotes": lambda n: "\n".join(
            ">" * (i + 1) + f" depth{i}word" for i in range(min(n, 300))
        ),
        "quotes-in-a-line": lambda n: "> " * n + "endword",
        "bullets-in-a-line": lambda n: "- " * n + "endword",
        "numbers-in-a-line": lambda n: "1. " * n + "endword",
        "quoted-bullets": lambda n: "> - " * n + "endword",
        "quoted-bullets-down": lambda n: "\n>\n".join(
            "> " * (i + 1) + f"- depth{i}word" for i in range(min(n, 300))
        ),
        "tasks": lambda n: staircase("- [ ] ", min(n, 300)),
        "alerts": lambda n: "\n".join(
            "> " * (i + 1) + f"[!NOTE]\n{'> ' * (i + 1)}depth{i}word" for i in range(min(n, 300))
        ),
        "quoted-headings": lambda n: "> " * n + "# endword",
        "quoted-code": lambda n: "> " * n + "```\n" + "> " * n + "endword",
        "quoted-table": lambda n: (
            "> " * n + "| headword |\n" + "> " * n + "| - |\n" + "> " * n + "| endword |"
        ),
        "quoted-footnote": lambda n: "> " * n + "[^x]: endword[^x]",
        "quoted-definition": lambda n: "> " * n + "[label]: https://x.example/endword",
        "footnotes": lambda n: "".join(
            "    " * i + f"[^{i}]: depth{i}word\n\n" for i in range(min(n, 300))
        ),
        "emphasis": lambda n: chain("*", "*", n),
        "strong": lambda n: chain("**", "**", n),
        "emphasis-both": lambda n: chain("*_", "_*", n),
        "struck": lambda n: chain("~~*", "*~~", n),
        "brackets": lambda n: chain("[", "]", n),
        "brackets-open": lambda n: "[" * n + "endword",
        "links": lambda n: chain("[", "](https://x.example/t)", n),
        "images": lambda n: chain("![", "](https://x.example/t)", n),
        "images-open": lambda n: "![" * n + "endword",
        "images-and-links": lambda n: chain(
            "[![", "](https://x.example/i)](https://x.example/t)", n
        ),
        "references": lambda n: chain("[", "][ref]", n) + "\n\n[ref]: https://x.example/t",
        "parentheses": lambda n: "[x](" + "(" * n + "endword" + ")" * n + ")",
        "quotes-typed": lambda n: "\"'" * n + "endword",
        "angles": lambda n: "<" * n + "endword" + ">" * n,
        "ticks": lambda n: "".join("`" * (i % 50 + 1) + f" in{i}word " for i in range(n)),
        "backslashes": lambda n: "\\" * n + "endword",
    }.items()
}


def typed_words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+\d*word", text))


@pytest.fixture(scope="module")
def nested(tmp_path_factory: pytest.TempPathFactory) -> Years:
    """Return the built site with all that is nested."""
    end = "<!-- -->\n\nafter\n\n## 2025-12-09\n\nlater\n"
    files = {name: f"{MEETING}before\n\n{text}\n\n{end}" for name, text in NESTED.items()}
    return Years(tmp_path_factory.mktemp("nested"), files)


@pytest.mark.parametrize("name", NESTED)
def test_words_at_any_depth_are_on_the_page(nested: Years, name: str) -> None:
    page = nested.page(name)
    text = by_id(page, "2025-12-16").get_text()
    hrefs = " ".join(a["href"] for a in page.select("a"))
    assert {word for word in typed_words(NESTED[name]) if word not in text + hrefs} == set()
    assert "before" in text
    assert "after" in text
    assert "later" in by_id(page, "2025-12-09").get_text()


def test_nested_text_is_the_same_if_several_processes_read_it(nested: Years) -> None:
    # What is read goes from process to process as a pickle, which has a limit of its own.
    folders = {"outdir": "parallel", "doctreedir": "parallel-doctrees"}
    build = nested.site.build(overrides=TODAY, jobs=2, warnings=True, **folders)
    assert build.files() == nested.build.files()


def test_nesting_needs_no_warning_that_is_not_ours(nested: Years) -> None:
    # The last two are about what stands around it: a comment, and many words.
    ours = ("nesting", "long_paragraph", "template_text", "unstructured")
    assert [
        w
        for w in nested.build.warnings
        if not w.endswith(tuple(f"[cafe.{kind}]" for kind in ours))
    ] == []


@pytest.mark.parametrize(
    "name", [name.removesuffix("-100") for name in NESTED if name.endswith("-100")]
)
def test_a_deeply_nested_line_alone_is_read(name: str) -> None:
    # In the first line of a file as well, where nothing stands above it.
    text = NESTED[f"{name}-1000"]
    notes = reader.read(f"{text}\n\n## 2025-12-09\n\nlater\n", 2025)
    assert [meeting.id for meeting in notes.meetings] == ["2025-12-09"]
    said = shown(notes)
    assert {word for word in typed_words(text) if word not in said} == set()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5000,
        "![" * 5000,
        "> " * 5000,
        "- " * 5000,
        "*_" * 5000,
        "[x](" * 5000,
        "<" * 5000,
        "`" * 5000,
    ],
)
@pytest.mark.parametrize("heading", ["## 2025-12-16\n\n", "## 2025-12-16 ", "# ", "", "- **"])
def test_five_thousand_marks_are_read_anywhere(text: str, heading: str) -> None:
    notes = reader.read(f"{heading}{text}endword\n\n## 2025-12-09\n\nlater\n", 2025)
    assert "2025-12-09" in [meeting.id for meeting in notes.meetings]
    assert "endword" in shown(notes)


# --- size and time --------------------------------------------------------------------


def test_a_file_of_a_megabyte_is_built(site: Site) -> None:
    days = [f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    line = "some words about [a thing](https://x.example/) and more of them, as people speak\n"
    text = "".join(
        f"## {day}\n\n### Agenda\n\n{line * 45}\nword{i}\n\n" for i, day in enumerate(days)
    )
    assert len(text) > 1_000_000
    site.write("notes/2025.md", text)
    build = site.build(overrides={"cafe_today": "2026-01-01"})
    # The parser of html5lib would take longer than the build.
    source = (build.outdir / "notes/2025.html").read_text(encoding="utf-8")
    meetings = source.split('<section class="cafe-meeting"')[1:]
    assert len(meetings) == len(days)
    for i, meeting in enumerate(reversed(meetings)):
        assert f'id="{days[i]}"' in meeting
        assert f"word{i}<" in meeting


# A text of a size, and a size that takes some hundredths of a second.
SHAPES: dict[str, tuple[Callable[[int], str], int]] = {
    "meetings": (
        lambda n: "".join(f"## 2025-01-{i % 28 + 1:02} t{i}\n\nx\n\n" for i in range(n)),
        400,
    ),
    "meetings-of-one-day": (lambda n: "## 2025-01-01\n\nx\n\n" * n, 1500),
    "meetings-of-one-title": (lambda n: "## 2025-01-01 Same\n\n" * n, 1500),
    "headings": (lambda n: MEETING + "".join(f"### h{i}\n\nx\n\n" for i in range(n)), 500),
    "equal-headings": (lambda n: MEETING + "### Same\n\nx\n\n" * n, 1000),
    "empty-headings": (lambda n: MEETING + "###\n" * n, 800),
    "setext-headings": (lambda n: MEETING + "Same 1\n===\n\n" * n, 1000),
    "links": (lambda n: MEETING + "[a](https://x.example/) " * n, 500),
    "addresses": (lambda n: MEETING + "https://x.example/a " * n, 500),
    "address-with-parentheses": (lambda n: MEETING + "https://x.example/" + ")" * n, 5000),
    "definitions": (lambda n: MEETING + "".join(f"[a{i}]: x{i}\n" for i in range(n)), 300),
    "footnotes": (lambda n: MEETING + "".join(f"x[^{i}]\n\n[^{i}]: y\n\n" for i in range(n)), 300),
    "at-signs": (lambda n: MEETING + "@" * n, 10_000),
    "handles": (lambda n: MEETING + "@a " * n, 10_000),
    "colons": (lambda n: MEETING + ":" * n, 1500),
    "colon-and-word": (lambda n: MEETING + ":" + "a" * n, 6000),
    "colons-and-words": (lambda n: MEETING + ":a" * n, 2000),
    "shortcodes": (lambda n: MEETING + ":tada: " * n, 600),
    "stars": (lambda n: MEETING + "*" * n, 20_000),
    "open-stars": (lambda n: MEETING + "*a " * n, 4000),
    "open-and-closed-stars": (lambda n: MEETING + "*a b* **" * n, 1000),
    "tildes": (lambda n: MEETING + "~a " * n, 4000),
    "backticks": (lambda n: MEETING + "`" * n, 50_000),
    "backticks-of-many-lengths": (
        # The lengths add up to their square.
        lambda n: MEETING + "".join("`" * i + " " for i in range(1, math.isqrt(n))),
        40_000,
    ),
    "brackets": (lambda n: MEETING + "[" * n, 800),
    "closed-brackets": (lambda n: MEETING + "[" * n + "a" + "]" * n, 800),
    "brackets-and-parentheses": (lambda n: MEETING + "[a](" * n, 800),
    "images": (lambda n: MEETING + "![" * n, 300),
    "images-in-images": (lambda n: MEETING + "![" * n + "a" + "](b)" * n, 200),
    "angles": (lambda n: MEETING + "<" * n, 10_000),
    "tags": (lambda n: MEETING + "<a " * n, 10_000),
    "comments": (lambda n: MEETING + "<!--" * n, 10_000),
    "table-rows": (lambda n: MEETING + "|a|b|\n|-|-|\n" + "|c|d|\n" * n, 1000),
    "table-pipes": (lambda n: MEETING + "|a" * n + "|\n" + "|-" * n + "|\n", 1000),
    "one-line": (lambda n: MEETING + "word " * n, 20_000),
    "list-items": (lambda n: MEETING + "- word\n" * n, 1000),
    "lazy-lines": (lambda n: MEETING + "> a\n" + "b\n" * n, 5000),
    "blank-lines": (lambda n: MEETING + "\n" * n, 20_000),
    "open-fences": (
        lambda n: "".join(f"## 2025-01-01 {i}\n\n```sh\nx\n\n" for i in range(n)),
        300,
    ),
    "open-bare-fences": (
        lambda n: "".join(f"## 2025-01-01 {i}\n\n```\nx\n\n" for i in range(n)),
        300,
    ),
    "indented-dates": (lambda n: "".join(f"  ## 2025-01-01 {i}\n\nx\n\n" for i in range(n)), 300),
    "listed-dates": (lambda n: MEETING + "- ## 2025-01-01\n" * n, 500),
    "nested-quotes": (lambda n: MEETING + "> " * n + "a", 10_000),
    "entities": (lambda n: MEETING + "&amp;" * n, 3000),
    "ampersands": (lambda n: MEETING + "&" * n, 10_000),
    "backslashes": (lambda n: MEETING + "\\" * n, 10_000),
    "speaker-with-commas": (lambda n: f"{MEETING}### Agenda\n\n- **x{',' * n}y** z\n", 2500),
    "minutes-with-spaces": (lambda n: f"{MEETING}### Agenda\n\n- **Min** (5{' ' * n}x) z\n", 1500),
    "people": (lambda n: f"{MEETING}### Check-in\n\n" + "- A / b @c\n" * n, 500),
    "person-with-parentheses": (lambda n: f"{MEETING}### Check-in\n\n- a{'(' * n}\n", 10_000),
    "person-with-slashes": (lambda n: f"{MEETING}### Check-in\n\n- a{' /' * n}\n", 5000),
    "accents-in-a-heading": (lambda n: f"{MEETING}### a{chr(0x301) * n}\n", 10_000),
    "addresses-without-end": (lambda n: MEETING + "https:" * n, 500),
    "nested-references": (lambda n: MEETING + "[a" * n + "][b]" * n, 500),
    "mixed-accents-in-a-heading": (
        lambda n: f"{MEETING}### a{(chr(0x301) + chr(0x323)) * n}\n",
        1500,
    ),
    "control-characters": (lambda n: MEETING + "\x00\x01" * n, 10_000),
    "front-matter-brackets": (lambda n: f"---\na: {'[' * n}\n---\n{MEETING}", 4000),
    "front-matter-text": (lambda n: f"---\na: {'x ' * n}\n---\n{MEETING}", 20_000),
    "rules": (lambda n: "---\n" * n, 5000),
}


def seconds(text: str) -> float:
    """Return the CPU time that reading takes."""
    # What other tests have left behind would be searched again and again.
    gc.freeze()
    try:
        start = time.process_time()
        reader.read(text, 2025)
        return time.process_time() - start
    finally:
        gc.unfreeze()


@pytest.mark.parametrize("name", SHAPES)
def test_the_time_to_read_grows_no_faster_than_the_text(name: str) -> None:
    # `test_growth.py` counts steps, but regular expressions have none that could be counted.
    # A busy machine makes some runs slow and not all of them, and the square is 16 times.
    make, size = SHAPES[name]
    small, large = make(size), make(4 * size)
    reader.read(make(10), 2025)
    # Times of less than a few thousandths of a second say nothing.
    assert any(seconds(large) < 8 * max(seconds(small), 0.005) for _ in range(10))


# --- anything -------------------------------------------------------------------------

# fmt: off
FRAGMENTS = [
    "\n", "\n\n", "\n\n", " ", "  ", "    ", "\t", "- ", "* ", "+ ", "1. ", "2) ", "> ",
    "# ", "### ", "\n## 2025-01-02\n", "\n## 2025-01-03 ", "\n  ## 2025-02-30\n",
    "\n2024-06-05\n---\n", "\n## 2025-06\n", "## 4 May 2025", "\n===\n", "\n---\n", "***",
    "\n```\n", "\n```py\n", "\n~~~\n", "`", "``", "*", "**", "_", "~~", "~", "[", "]", "(",
    ")", "](", "][", "![", "<", ">", "</", "<!--", "-->", "<script>", "&", "&lt;", "&#0;",
    "\\", "|", "\n| - | - |\n", "\n[^a]: ", "[^a]", "\n[r]: ", "[r]", "http://",
    "https://x.example/", "javascript:", "@", ":", ":tada:", "{note}", ":::", "{{", "}}",
    "%", "$", "$$", "\n+++\n", "(x)=", "[!NOTE]", "[ ] ", "[x] ", "[name=A]", "(5m)",
    "### Check-in\n\n", "### Agenda\n\n", "\n---\ntitle: ", "\ufeff", "\u200b", "\u0000",
    "\u202e", "\x85", "\u2028", "é", "🎉", "文", "\"", "'", "=", "^", "\r", "\r\n", "!!",
    "\n...\n",
]
# fmt: on
# No word of the fragments has a q within.
QWORD = r"[a-z]{2,6}q[a-z]{2,6}"
PLAIN = st.from_regex(QWORD, fullmatch=True)
NASTY = st.lists(st.one_of(st.sampled_from(FRAGMENTS), PLAIN), max_size=60).map("".join)


def shown(notes: object) -> str:
    """Return all that the tokens of notes say."""
    parts = [notes.title, *notes.tags]
    for tokens in (notes.introduction, *(entry.body for entry in notes.entries)):
        for token in walk(tokens):
            parts.extend((token.content, token.info))
            parts.extend(str(value) for value in token.attrs.values())
            parts.extend(str(value) for value in token.meta.values())
            parts.extend(child.content for child in token.children or ())
    parts.extend(meeting.title for meeting in notes.meetings)
    return "\n".join(parts)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NASTY)
def test_anything_is_read_without_losing_a_word(text: str) -> None:
    notes = reader.read(text, 2025, today=datetime.date(2025, 6, 1))
    meetings = notes.meetings
    assert sorted(meetings, key=lambda m: m.date.sort_key, reverse=True) == list(meetings)
    ids = [meeting.id for meeting in meetings]
    for tokens in (notes.introduction, *(entry.body for entry in notes.entries)):
        ids.extend(token.meta["id"] for token in tokens if "id" in token.meta)
    assert len(ids) == len(set(ids))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= problem.line <= lines + 1 for problem in notes.problems)
    assert all("\n" not in problem.message for problem in notes.problems)
    body = text.replace(front_matter_of(text), "", 1)
    said = shown(notes)
    missing = {word for word in re.findall(QWORD, body) if word not in said}
    assert missing == set()


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes) -> None:
    text, problems = reader.decode(data)
    reader.read(text, 2025)
    assert bool(problems) == (b"\xff" in data or not _is_utf_8(data))


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_by_the_parser_of_speakers(text: str) -> None:
    notes = reader.read(f"## 2025-01-01\n\n### Agenda\n\n- **{text}** (5m): x\n", 2025)
    for entry in notes.entries:
        for token in entry.body:
            if token.type == "inline":
                lead(token, frozenset(), vocabulary())


def test_anything_is_built_without_losing_a_word(tmp_path: Path) -> None:
    site = new_site(tmp_path)
    texts: list[str] = []

    @settings(max_examples=30, deadline=None, derandomize=True, database=None)
    @given(NASTY)
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    for i, text in enumerate(texts):
        site.write(f"notes/any{i}/2025.md", f"{text}\n\n## 2025-12-24\n\nendqword\n".encode())
    build = site.build(overrides={"cafe_today": "2025-12-31"}, warnings=True)
    assert [warning for warning in build.warnings if "[cafe." not in warning] == []
    for i, text in enumerate(texts):
        page = build.html(f"notes/any{i}/2025.html")
        body = build.article(f"notes/any{i}/2025.html")
        said = kept(body)
        typed = re.findall(QWORD, text.replace(front_matter_of(text), "", 1))
        assert {word for word in typed if word not in said} == set(), text
        assert "endqword" in said
        assert len(page.select("h1")) == 1
        ids = [element["id"] for element in body.find_all(id=True)]
        assert len(ids) == len(set(ids))
        assert body.select("script, img, iframe") == []
