"""Pages of meeting files: their place on the site, their links, and builds after changes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from .conftest import CONF

if TYPE_CHECKING:
    from .conftest import Build, Site

COMMUNITY = """
name: Example
schedule:
  - id: sync
    title: Developers' sync
    notes: sync
    rrule: FREQ=WEEKLY
    time: "11:00"
    timezone: UTC
    duration: 60
    first: 2025-01-07
"""
INDEX = "# Home\n\n```{cafe:latest}\n```\n\n```{toctree}\nnotes/index\nnotes/people\n```\n"
ISSUE = "https://github.com/a/b/issues/1"


def text_of(title: str) -> str:
    """Return the notes of a meeting."""
    return (
        f"# {title}\n\n## Attendees\n\n- Ada / @ada\n\n## Agenda\n\n- **Ada (5m):** Looms of "
        f"{title}\n\n{ISSUE}\n\nwords of {title}\n"
    )


FILES = {
    "2024/06-04.md": text_of("June"),
    "2024/12-03-sync.md": text_of("Sync of December"),
    "2025-01-07.md": text_of("January"),
    "20250114-sync/index.md": text_of("Sync of January"),
    "several.md": "# Several\n\n## 2025-03-04 One\n\ntext\n\n## 2025-02-04 Two\n\ntext\n",
    "team/2025/05/12.md": text_of("May"),
    "team/2024.md": "## 2024-12-17 Year\n\n### Agenda\n\n- Looms\n",
    "2023.md": "## 2023-12-19 Old\n\ntext\n",
}


@pytest.fixture
def mixed(site: Site) -> Site:
    """Return a project with year files and meeting files."""
    series = {"*-sync": "sync"}
    site.write("conf.py", f'{CONF}cafe_series = {series}\ncafe_community = "community.yaml"\n')
    site.write("community.yaml", COMMUNITY)
    site.write("index.md", INDEX)
    site.write("notes/people.md", "# People\n\n```{cafe:people}\n```\n")
    for path, text in FILES.items():
        site.write(f"notes/{path}", text)
    return site


def cold(site: Site, number: int = 1, **options: object) -> Build:
    """Build from nothing; another *number* for each of one test."""
    name = f"cold-{number}"
    assert not (site.root / "_build" / name).exists()
    return site.build(outdir=name, doctreedir=f"{name}-doctrees", **options)


def kept(build: Build) -> dict[str, bytes]:
    """Return all files except for the inventory of an index that Sphinx never shrinks."""
    return {name: data for name, data in build.files().items() if name != "searchindex.js"}


def test_the_archive_groups_meetings_by_series_and_year(mixed: Site) -> None:
    page = mixed.build().article("notes/index.html")
    shown = {
        " ".join(series.h2.get_text().strip("¶").split()): {
            section.h3.get_text().strip("¶"): [
                row.a.get_text() for row in section.select(".cafe-row")
            ]
            for section in series.select("section")
        }
        for series in page.select("section[id^=series-]")
    }
    assert shown == {
        "Notes": {
            "2025": ["Tue, Mar 4", "Tue, Feb 4", "Tue, Jan 7"],
            "2024": ["Tue, Jun 4"],
            "2023": ["Tue, Dec 19"],
        },
        "Developers’ sync": {"2025": ["Tue, Jan 14"], "2024": ["Tue, Dec 3"]},
        "Team": {"2025": ["Mon, May 12"], "2024": ["Tue, Dec 17"]},
    }


def test_a_meeting_file_has_its_own_page_with_the_anchor_of_its_date(mixed: Site) -> None:
    build = mixed.build()
    page = build.article("notes/2025-01-07.html")
    assert [heading.get_text().strip("¶") for heading in page.select("h1, h2")] == [
        "Tuesday, January 7, 2025: January",
        "Attendees",
        "Agenda",
    ]
    assert page.select_one("section.cafe-meeting")["id"] == "2025-01-07"
    assert page.select_one(".cafe-permalink")["href"] == "#2025-01-07"
    assert page.find(id="2025-01-07-agenda") is not None
    (also,) = page.select(".cafe-also")
    assert len(also.select("a")) == 3


def test_neighbors_are_the_meetings_of_the_series(mixed: Site) -> None:
    build = mixed.build()

    def links(page: str) -> list[str]:
        return [a["href"] for a in build.article(f"notes/{page}.html").select(".cafe-years a")]

    assert links("2024/06-04") == [
        "../2023.html#2023-12-19",
        "../index.html",
        "../2025-01-07.html#2025-01-07",
    ]
    assert links("2025-01-07") == [
        "2024/06-04.html#2024-06-04",
        "index.html",
        "several.html#2025-02-04",
    ]
    assert links("several") == ["2025-01-07.html#2025-01-07", "index.html"]
    assert links("20250114-sync/index") == ["../2024/12-03-sync.html#2024-12-03", "../index.html"]
    assert links("2023") == []


def test_navigation_has_no_meeting_files_and_leads_up_to_the_archive(mixed: Site) -> None:
    mixed.write("conf.py", (mixed.root / "conf.py").read_text().replace("basic", "alabaster"))
    build = mixed.build()
    page = build.html("notes/2025-01-07.html")
    navigation = [a["href"] for a in page.select(".sphinxsidebar .toctree-l1 a")]
    assert navigation
    assert not any("06-04" in href or "several" in href for href in navigation)
    assert page.select_one('link[rel="next"], link[rel="prev"]') is None


def test_facts_of_meeting_files_are_in_all_lists_and_files(mixed: Site) -> None:
    build = mixed.build(overrides={"html_baseurl": "https://example.org/"})
    data = json.loads((build.outdir / "meetings.json").read_text())
    meetings = {(m["series"], m["id"]): m for m in data["meetings"]}
    assert len(meetings) == 9
    assert meetings["sync", "2025-01-14"]["page"] == "notes/20250114-sync/index.html"
    (topic,) = meetings["team", "2025-05-12"]["topics"]
    assert topic["anchor"] == "2025-05-12-agenda-looms-of-may"
    assert [year["year"] for year in data["years"]] == [2023, 2024]
    ada = build.article("notes/people.html").select_one("details")
    assert {a["href"] for a in ada.select("a")} >= {
        "2025-01-07.html#2025-01-07",
        "team/2025/05/12.html#2025-05-12",
    }
    feed = (build.outdir / "notes.atom").read_text()
    assert "https://example.org/notes/team/2025/05/12.html#2025-05-12" in feed
    assert "tag:example.org,2025:file/team/2025/05/12/2025-05-12" in feed
    assert "notes-developers-sync.atom" in {path.name for path in build.outdir.glob("*.atom")}
    assert "notes/several.html" in {
        a["href"].partition("#")[0] for a in build.article("index.html").select(".cafe-row a")
    }


def test_roles_and_the_inventory_know_meeting_files(mixed: Site) -> None:
    mixed.write("index.md", f"{INDEX}\n{{cafe:meeting}}`sync/2025-01-14`\n")
    page = mixed.build().article("index.html")
    assert page.select_one('a[href="notes/20250114-sync/index.html#2025-01-14"]') is not None


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml", "text", "latex", "epub"])
def test_every_builder_writes_every_meeting_file(mixed: Site, builder: str) -> None:
    overrides = {"copyright": "us", "version": "1", "epub_title": "t"} if builder == "epub" else {}
    build = mixed.build(builder, overrides=overrides)
    suffixes = {".html", ".xhtml", ".tex", ".txt"}
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in build.outdir.rglob("*")
        if path.suffix in suffixes and "_sources" not in path.parts
    )
    for title in ("June", "Sync of December", "January", "Sync of January", "May"):
        assert f"words of {title}" in text


# --- builds after changes ---------------------------------------------------------------------


def test_parallel_equals_serial(mixed: Site) -> None:
    assert cold(mixed, 1).files() == cold(mixed, 2, jobs=3).files()


@pytest.mark.parametrize("jobs", [1, 2])
def test_adding_renaming_and_removing_files_equals_a_cold_build(mixed: Site, jobs: int) -> None:
    mixed.build(jobs=jobs)
    notes = mixed.root / "notes"
    number = 0

    def compare() -> Build:
        nonlocal number
        number += 1
        after = mixed.build(jobs=jobs)
        assert kept(after) == kept(cold(mixed, number))
        return after

    mixed.write("notes/2022/03-01.md", text_of("Added"))
    assert "Added" in compare().article("notes/index.html").text
    mixed.write("notes/undated.md", "# Call\n\nDate: 2021-05-04\n")
    compare()
    mixed.write("notes/undated.md", "# Call\n\nDate: 2020-05-04\n")
    assert "2021" not in compare().article("notes/index.html").text
    (notes / "2025-01-07.md").rename(notes / "2025-01-08.md")
    after = compare()
    assert not (after.outdir / "notes/2025-01-07.html").exists()
    (notes / "several.md").unlink()
    (notes / "team/2024.md").unlink()
    after = compare()
    assert not (after.outdir / "notes/several.html").exists()
    (notes / "20250114-sync").rename(notes / "20250115-sync")
    after = compare()
    assert not (after.outdir / "notes/20250114-sync").exists()


def test_an_added_meeting_changes_its_neighbors_and_lists_alone(mixed: Site) -> None:
    mixed.build()
    before = {
        path: path.stat().st_mtime_ns for path in (mixed.root / "_build/html").rglob("*.html")
    }
    mixed.write("notes/2025-01-21.md", "# Added\n\ntext\n")
    build = mixed.build()
    changed = {
        path.relative_to(build.outdir).with_suffix("").as_posix()
        for path in build.outdir.rglob("*.html")
        if before.get(path) != path.stat().st_mtime_ns
    }
    assert {name for name in changed if name.startswith(("notes", "index"))} == {
        "index",
        "notes/2025-01-07",
        "notes/2025-01-21",
        "notes/index",
        "notes/people",
        "notes/several",
    }


def test_the_archive_is_read_again_only_for_another_year(mixed: Site) -> None:
    mixed.build()
    mixed.write("notes/2025-01-07.md", text_of("Renamed"))
    build = mixed.build()
    assert "notes/index" not in re.findall(r"reading sources.*?\] (\S+)", build.status)
    assert "Renamed" in build.article("notes/index.html").text


def test_the_same_meeting_in_two_files_is_reported_with_both(mixed: Site) -> None:
    mixed.write("notes/2023/12-19.md", "# Old\n\ntext\n")
    for _ in range(2):
        (warning,) = mixed.build(warnings=True).warnings
        assert warning.startswith(f"{mixed.root}/notes/2023/12-19.md:1: WARNING: ")
        assert "another meeting on 2023-12-19 in notes/2023.md" in warning
        assert warning.endswith("[cafe.duplicate_date]")
    mixed.write("notes/2023/12-19.md", "# Another one\n\ntext\n")
    mixed.build()


def test_people_are_hidden_in_all_files_of_notes(mixed: Site) -> None:
    mixed.write(
        "notes/2025-01-21.md", "# With Ada Lovelace\n\n## Attendees\n\n- Ada Lovelace / @ada\n"
    )
    build = mixed.build(overrides={"cafe_hide_people": ["Ada Lovelace"]})
    for path, data in build.files().items():
        if path.endswith((".html", ".json")):
            assert b"@ada" not in data, path
            assert b"Lovelace" not in data, path
    assert not list((build.outdir / "_sources/notes").rglob("*-*.md.txt"))


def test_a_meeting_file_that_is_not_utf_8_is_read(mixed: Site) -> None:
    mixed.write("notes/2025-01-21.md", b"# Caf\xe9\n\ntext\n")
    (warning,) = mixed.build(warnings=True).warnings
    assert warning.endswith("[cafe.encoding]")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("cafe_pages", ["/etc/*"]),
        ("cafe_pages", ["../x.md"]),
        ("cafe_series", {"*": 1}),
        ("cafe_series", ["*"]),
        ("cafe_series", {"": "x"}),
        ("cafe_series_titles", {"a": ["b"]}),
    ],
)
def test_wrong_options_are_reported(mixed: Site, option: str, value: object) -> None:
    from sphinx.errors import ConfigError

    with pytest.raises(ConfigError, match=option):
        mixed.build(overrides={option: value}, warnings=True)


def test_titles_of_series_apply_everywhere(mixed: Site) -> None:
    titles = {"team": "The Team"}
    build = mixed.build(
        overrides={"cafe_series_titles": titles, "html_baseurl": "https://example.org/"}
    )
    assert build.article("notes/team/2024.html").h1.get_text().startswith("The Team 2024")
    assert "The Team" in build.article("notes/index.html").text
    assert "The Team" in (build.outdir / "notes-the-team.atom").read_text()
    assert "## The Team" in (build.outdir / "llms.txt").read_text()


def test_a_list_of_one_year_follows_what_another_year_shows_of_the_series(site: Site) -> None:
    # Who Dusk is, only the list of people of 2024 says.
    agenda = "### Agenda\n\n- Dusk: Looms, https://github.com/a/b/issues/1\n"
    site.write("notes/2025.md", f"## 2025-12-16\n\n{agenda}")
    site.write("notes/2024.md", "## 2024-12-17\n\nText.\n")
    site.write(
        "list.md", "---\norphan: true\n---\n# List\n\n```{cafe:discussed}\n:year: 2025\n```\n"
    )
    assert "Dusk: Looms" in site.build().article("list.html").text
    site.write("notes/2024.md", "## 2024-12-17\n\n### Attendees\n\n- Dusk Ada\n- Bob Mill\n")
    after = site.build()
    assert "Looms" in after.article("list.html").text
    assert "Dusk: Looms" not in after.article("list.html").text
    assert kept(after) == kept(cold(site))
