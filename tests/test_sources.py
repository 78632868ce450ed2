"""Which files of the notes folder are read, and as what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sphinx.util.matching import compile_matchers

from cafe_site.notes.folder import pattern_regex

from .conftest import CONF

if TYPE_CHECKING:
    from .conftest import Build, Site

MEETING = "## 2025-12-16\n\n### Agenda\n\n- **Ada:** firstword\n"
CANARY = "canary-of-another-folder"


def published(build: Build) -> set[str]:
    """Return which of all files written have the word that must not be published."""
    return {
        str(path.relative_to(build.outdir))
        for path in build.outdir.rglob("*")
        if path.is_file() and (CANARY.encode() in path.read_bytes() or CANARY in path.name)
    }


# --- symbolic links ---------------------------------------------------------------------------


@pytest.mark.parametrize("folder", ["notes", "."])
def test_links_out_of_the_notes_folder_are_not_followed(site: Site, folder: str) -> None:
    if folder == ".":
        site.write("conf.py", CONF.replace('cafe_notes = "notes"', 'cafe_notes = "."'))
    outside = site.root.parent / "outside"
    (outside / "deep").mkdir(parents=True)
    for name in ("2024.md", "page.md", "deep/2023.md", "deep/page.md", "secret.txt"):
        (outside / name).write_text(f"# {CANARY}\n\n## 2024-01-05\n\n{CANARY}\n")
    site.write("notes/2025.md", MEETING)
    links = {
        "2024.md": outside / "2024.md",
        "2023.md": outside / "secret.txt",
        "page.md": "../../outside/page.md",
        "series": outside,
        "2022.md": "2021.md",
        "2021.md": outside / "2024.md",
        "[a].md": outside / "page.md",
    }
    for name, target in links.items():
        (site.root / "notes" / name).symlink_to(target)
    build = site.build(warnings=True)
    assert published(build) == set()
    refused = [w for w in build.warnings if "[cafe.refused_file]" in w]
    assert len(refused) == len(build.warnings) == len(links)
    for name in links:
        assert sum(f"WARNING: notes/{name}: a symbolic link leads out" in w for w in refused) == 1
    assert "firstword" in build.article("notes/2025.html").text


def test_a_link_to_a_file_of_the_source_folder_is_not_followed(site: Site) -> None:
    site.write("secret.txt", f"## 2024-01-05\n\n{CANARY}\n")
    site.write("notes/2025.md", MEETING)
    (site.root / "notes/2024.md").symlink_to("../secret.txt")
    assert published(site.build(warnings=True)) == set()


def test_a_link_to_a_folder_around_it_is_not_followed(site: Site) -> None:
    site.write("notes/2025.md", MEETING)
    site.write("notes/team/2025.md", MEETING)
    (site.root / "notes/team/loop").symlink_to("..")
    (site.root / "notes/self").symlink_to(".")
    build = site.build(warnings=True)
    assert len(build.warnings) == 2
    assert all("leads back to a folder that it is in" in warning for warning in build.warnings)
    pages = {
        str(path.relative_to(build.outdir / "notes")) for path in build.outdir.rglob("2*.html")
    }
    assert pages == {"2025.html", "team/2025.html"}


def test_links_within_the_notes_folder_and_the_folder_itself_are_followed(site: Site) -> None:
    (site.root / "notes").rename(site.root.parent / "elsewhere")
    (site.root / "notes").symlink_to("../elsewhere")
    site.write("notes/2025.md", MEETING)
    site.write("notes/team/2024.md", "## 2024-01-05\n\nsecondword\n")
    (site.root / "notes/group").symlink_to("team")
    build = site.build()
    assert "firstword" in build.article("notes/2025.html").text
    assert "secondword" in build.article("notes/group/2024.html").text


def test_a_link_that_was_made_after_a_build_takes_its_page_back(site: Site) -> None:
    outside = site.root.parent / "outside.md"
    outside.write_text(f"## 2024-01-05\n\n{CANARY}\n")
    site.write("notes/2025.md", MEETING)
    site.write("notes/2024.md", "## 2024-01-05\n\nsecondword\n")
    site.build()
    (site.root / "notes/2024.md").unlink()
    (site.root / "notes/2024.md").symlink_to(outside)
    build = site.build(warnings=True)
    assert published(build) == set()
    assert "2024" not in build.article("notes/index.html").text


# --- names ------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", list("<>:\"'|?*\\\n\x1f\x7f\x85\u2028"))
@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_a_name_that_means_something_elsewhere_is_refused(
    site: Site, builder: str, character: str
) -> None:
    site.write("notes/2025.md", MEETING)
    site.write(f"notes/a{character}{CANARY}/2024.md", f"## 2024-01-05\n\n{CANARY}\n")
    build = site.build(builder, warnings=True)
    (warning,) = build.warnings
    assert f"the name has the character {character!a}" in warning
    assert published(build) == set()


def test_a_name_that_is_not_utf_8_is_refused(site: Site) -> None:
    site.write("notes/2025.md", MEETING)
    site.write("notes/caf\udce9/2024.md", "## 2024-01-05\n")  # the byte e9
    (warning,) = site.build(warnings=True).warnings
    assert r"the name has the character '\udce9'" in warning


def test_ordinary_names_are_read(site: Site) -> None:
    names = ("Q&A", "C++", "team (old)", "réunion", "50 %", "a,b;c", "[a]", "#1")
    for name in names:
        site.write(f"notes/{name}/2025.md", MEETING)
    build = site.build()
    assert sum(1 for _ in build.outdir.rglob("2025.html")) == len(names)


# --- files with one meeting -------------------------------------------------------------------

SECRET = "```{include} ../conf.py\n```\n\n<script>alert(1)</script>\n\n{{ 1 + 1 }} secondword\n"
DATED = {
    "2025-12-16": "2025-12-16",
    "20251217": "2025-12-17",
    "20250114-community/index": "2025-01-14",
    "2025/tsc-04-22": "2025-04-22",
    "2025/jan-30": "2025-01-30",
    "2024_10_01": "2024-10-01",
    "2024.10.02": "2024-10-02",
    "16.11.2025": "2025-11-16",
    "meeting-2025-12-18": "2025-12-18",
    "team/2025-12-16/index": "2025-12-16",
    "team/2025/05/12": "2025-05-12",
}


def test_a_file_with_a_date_in_its_path_is_a_meeting_and_untrusted(site: Site) -> None:
    site.write("notes/2025.md", MEETING.replace("2025-12-16", "2025-12-15"))
    for name in DATED:
        site.write(f"notes/{name}.md", f"# Planning\n\n{SECRET}")
    build = site.build(overrides={"cafe_today": "2026-12-31"})
    for name, date in DATED.items():
        page = build.article(f"notes/{name}.html")
        (meeting,) = page.select("section.cafe-meeting")
        assert meeting["id"] == date
        assert meeting.h1.get_text().partition(": ")[2].startswith("Planning")
        assert page.select("script, .cafe-year-list") == []
        assert "<script>alert(1)</script>" in meeting.get_text()
        assert "cafe_site" not in meeting.get_text()
    archive = build.article("notes/index.html")
    assert len(archive.select(".cafe-archive li")) == len(DATED) + 1


@pytest.mark.parametrize("name", ["2025/index", "draft", "team/notes", "2025-Q1", "v1.2"])
def test_a_file_without_a_date_is_untrusted_and_warned_about(site: Site, name: str) -> None:
    site.write("notes/2025.md", MEETING)
    site.write(f"notes/{name}.md", f"# Planning\n\n{SECRET}")
    build = site.build(warnings=True)
    (warning,) = build.warnings
    assert warning.startswith(f"{site.root}/notes/{name}.md:1: WARNING: ")
    assert "list it in cafe_pages" in warning
    assert warning.endswith("[cafe.undated_notes]")
    page = build.article(f"notes/{name}.html")
    assert page.select("script") == []
    assert "cafe_site" not in page.get_text()
    assert page.h1.get_text().startswith("Planning")
    assert page.h1.get_text().strip("¶") in build.article("notes/index.html").get_text()


def test_pages_that_a_setting_names_are_trusted(site: Site) -> None:
    site.write("notes/2025.md", MEETING)
    pages = ("guide", "team/index", "deep/er/page", "2025-draft", "team/2024/overview")
    for name in (*pages, "index"):
        site.write(f"notes/{name}.md", "---\norphan: true\n---\n\n# Page\n\n{sub}`word`\n")
    patterns = ["guide.md", "deep/**", "2025-draft", "team/*/overview.md"]
    build = site.build(overrides={"cafe_pages": patterns})
    for name in pages:
        assert build.article(f"notes/{name}.html").select("sub") != []


def test_a_year_file_is_never_trusted(site: Site) -> None:
    site.write("notes/2025.md", f"{MEETING}\n{SECRET}")
    page = site.build(overrides={"cafe_pages": ["**"]}).article("notes/2025.html")
    assert page.select("script") == []


def test_documents_in_another_format_are_read_only_if_they_are_pages(site: Site) -> None:
    site.write("notes/2025.md", MEETING)
    for name in ("2025-12-16", "page", "other"):
        site.write(f"notes/{name}.rst", f":orphan:\n\n{CANARY}\n{'=' * 40}\n")
    build = site.build(overrides={"cafe_pages": ["page.rst"]}, warnings=True)
    assert len(build.warnings) == 2
    assert all("only Markdown files are read as notes" in warning for warning in build.warnings)
    assert {name for name in published(build) if name.endswith(".html")} == {"notes/page.html"}


def test_all_documents_are_notes_if_the_source_folder_is_the_notes_folder(site: Site) -> None:
    site.write("conf.py", CONF.replace('cafe_notes = "notes"', 'cafe_notes = "."'))
    site.write("guide.md", f"# Guide\n\n{SECRET}")
    site.write("2025-12-16.md", f"# Planning\n\n{SECRET}")
    build = site.build(warnings=True)
    assert [w.rpartition("[")[2] for w in build.warnings] == ["cafe.undated_notes]"]
    for name in ("guide", "2025-12-16"):
        assert build.article(f"{name}.html").select("script") == []


def test_attachments_are_left_alone(site: Site) -> None:
    site.write("notes/2025-12-16/index.md", "# Planning\n\n![](slides.png)\n")
    for name in ("slides.png", "data.csv", "page.html", "notes.txt"):
        site.write(f"notes/2025-12-16/{name}", CANARY)
    assert published(site.build()) == set()


@given(
    st.text("ab./-_*?[]!^~|", max_size=12),
    st.lists(st.text("ab./-_[]!^~", max_size=8), min_size=1, max_size=8),
)
def test_patterns_match_what_sphinx_s_do(pattern: str, paths: list[str]) -> None:
    ours, theirs = pattern_regex(pattern), compile_matchers([pattern])[0]
    for path in paths:
        assert (ours.fullmatch(path) is None) == (theirs(path) is None), (pattern, path)
