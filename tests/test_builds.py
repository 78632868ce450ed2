"""Builds: parallel ones, incremental ones, and other builders."""

from __future__ import annotations

import os
import random
import re
import shutil
import sys
from pathlib import Path

import pytest
from sphinx.errors import ConfigError

import cafe_site

from .conftest import CONF

MEETING = """\
## {date}

### Check-in

- Ada / @ada
- Bob / @bob

### Agenda

- **Ada (5m):** Engines of {date} [^n]
  - a point ~~or two~~\\
    on two lines
  - [x] done

| a | b |
| - | -: |
| 1 | 2 |

```python
x = "{date}"
```

---

> [!NOTE]
> Mind the gap.

[^n]: Footnote of {date}.

"""
DATES = {
    "2024": ["2024-01-16", "2024-02-20", "2024-06"],
    "2025": ["2025-01-21", "2025-03-18", "2025-12-16"],
    "2026": ["2026-01-06", "2026-01-20"],
    "team/2021": ["2021-11-18"],
}


def year_text(dates: list[str]) -> str:
    """Return a year file with the same kind of meeting on each date."""
    return "# A year\n\nIntroduction.\n\n" + "".join(MEETING.format(date=date) for date in dates)


@pytest.fixture
def full_site(site):
    """Return a site with four years in two series."""
    for name, dates in DATES.items():
        site.write(f"notes/{name}.md", year_text(dates))
    return site


def test_a_parallel_build_gives_the_same_pages(full_site) -> None:
    serial = full_site.build(outdir="serial", doctreedir="serial-doctrees").files()
    parallel = full_site.build(jobs=3, outdir="parallel", doctreedir="parallel-doctrees").files()
    assert serial == parallel


def test_building_twice_gives_the_same_pages_and_reads_nothing(full_site) -> None:
    first = full_site.build().files()
    second = full_site.build()
    assert second.files() == first
    assert "no targets are out of date" in second.status


def test_the_order_of_meetings_in_the_file_changes_nothing_but_line_numbers(full_site) -> None:
    context = {"github_user": "o", "github_repo": "r", "github_version": "main"}
    before = full_site.build(overrides={"html_context": context}).files()
    dates = list(DATES["2025"])
    random.Random(7).shuffle(dates)
    assert dates != DATES["2025"]
    full_site.write("notes/2025.md", year_text(dates))
    after = full_site.build(overrides={"html_context": context}).files()
    changed = {path for path in before if before[path] != after[path]}
    assert changed == {"notes/2025.html", "_sources/notes/2025.md.txt", ".cafe-site.json"}
    lines = re.compile(rb"2025\.md#L\d+")
    page = "notes/2025.html"
    assert before[page] != after[page]
    assert lines.sub(b"", before[page]) == lines.sub(b"", after[page])


def rewritten(before: dict[str, bytes], after: dict[str, bytes]) -> set[str]:
    """Return the pages that differ, apart from sources and search data."""
    paths = before.keys() | after.keys()
    return {p for p in paths if before.get(p) != after.get(p) and p.endswith(".html")}


def kept(build) -> dict[str, bytes]:
    """Return the files of a build without Sphinx's search data, which keeps old words."""
    return {path: data for path, data in build.files().items() if path != "searchindex.js"}


def cold(full_site, builder: str = "html", number: int = 1):
    """Build from nothing; another *number* for each of one test."""
    folder = full_site.root / f"_build/cold-{number}"
    assert not folder.exists()
    return full_site.build(builder, outdir=folder.name, doctreedir=f"{folder.name}-doctrees")


def test_an_edited_meeting_is_updated_everywhere(full_site) -> None:
    before = full_site.build().files()
    text = year_text(DATES["2026"]).replace("## 2026-01-20", "## 2026-01-20 Renamed")
    full_site.write("notes/2026.md", text)
    after = full_site.build()
    assert rewritten(before, after.files()) == {
        "notes/2026.html",
        "notes/index.html",
        "index.html",
    }
    assert "Renamed" in after.article("index.html").text
    assert after.files() == cold(full_site).files()


def test_an_edit_that_no_list_shows_rewrites_one_page(full_site) -> None:
    before = full_site.build().files()
    text = year_text(DATES["2026"]).replace("a point", "another point")
    full_site.write("notes/2026.md", text)
    after = full_site.build()
    assert rewritten(before, after.files()) == {"notes/2026.html"}
    assert "index" not in re.findall(r"writing output.*?\] (\S+)", after.status)
    assert after.files() == cold(full_site).files()


def test_a_page_written_by_hand_that_comes_or_goes_is_in_the_navigation_of_all(full_site) -> None:
    toctree = "```{toctree}\n:glob:\nguide/*\nnotes/index\n```\n"
    full_site.write("index.md", f"# Home\n\n{toctree}")
    full_site.write("guide/b.md", "# B\n")
    full_site.build()
    full_site.write("guide/a.md", "# A\n")
    assert kept(full_site.build()) == kept(cold(full_site))
    full_site.write("guide/a.md", "# Renamed\n")
    assert kept(full_site.build()) == kept(cold(full_site, number=2))


def test_an_added_year_needs_no_other_edit(full_site) -> None:
    full_site.build()
    full_site.write("notes/2027.md", "## 2027-01-05 New\n")
    after = full_site.build(overrides={"cafe_today": "2027-01-05"})
    assert after.article("notes/2026.html").select_one(".cafe-years").text.split() == [
        "←",
        "2025",
        "2027",
        "→",
    ]
    assert "New" in after.article("notes/index.html").text
    assert "New" in after.article("index.html").text


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_adding_and_removing_years_equals_a_cold_build(full_site, builder) -> None:
    full_site.build(builder)
    path = full_site.write("notes/2023.md", year_text(["2023-03-21"]))
    after = full_site.build(builder)
    assert "_sources/notes/2023.md.txt" in after.files()
    assert after.files() == cold(full_site, builder).files()
    path.unlink()
    (full_site.root / "notes/team/2021.md").unlink()
    after = full_site.build(builder)
    assert not [name for name in after.files() if "2023" in name or "team" in name]
    assert not (after.outdir / "notes/2023").exists()
    assert kept(after) == kept(cold(full_site, builder, number=2))


def test_a_removed_year_leaves_no_page_when_another_builder_ran_first(full_site) -> None:
    html, dirhtml = full_site.build(), full_site.build("dirhtml")
    (full_site.root / "notes/2024.md").unlink()
    full_site.build("dirhtml")
    assert "notes/2024.html" in html.files()
    assert "notes/2024/index.html" not in dirhtml.files()
    full_site.build()
    assert "notes/2024.html" not in html.files()


def test_a_removed_year_leaves_no_page_when_the_cache_is_new(full_site) -> None:
    full_site.build()
    (full_site.root / "notes/2024.md").unlink()
    after = full_site.build(doctreedir="other-doctrees")
    assert kept(after) == kept(cold(full_site))


def test_a_year_without_meetings_leaves_no_page_either(full_site) -> None:
    path = full_site.write("notes/2023.md", "# Nothing\n")
    assert "notes/2023.html" in full_site.build(warnings=True).files()
    path.unlink()
    assert kept(full_site.build()) == kept(cold(full_site))


def test_a_page_that_takes_the_place_of_a_removed_year_stays(full_site) -> None:
    full_site.build()
    (full_site.root / "notes/2024.md").unlink()
    full_site.write("extra/notes/2024.html", "moved")
    for _ in range(2):
        after = full_site.build(overrides={"html_extra_path": ["extra"]})
        assert after.files()["notes/2024.html"] == b"moved"
        assert "_sources/notes/2024.md.txt" not in after.files()


@pytest.mark.parametrize(
    "data",
    [
        "{",
        "[]",
        '{"notes": 1}',
        '{"notes": [1, null, ["notes/2024"], "", ".", "/"]}',
        '{"notes": ["../../..", "../../../2020", "/2020", "notes", "a\\u0000b", "a\\udc80b"]}',
    ],
)
def test_what_else_stands_in_the_place_of_the_state_removes_nothing(full_site, data) -> None:
    before = full_site.build()
    # One build below another reaches no file outside its own folder.
    outside = full_site.write("2020.html", "outside")
    (before.outdir / ".cafe-site.json").write_text(data, encoding="utf-8")
    after = full_site.build(outdir="html")
    assert outside.exists()
    assert {*after.files()} == {*before.files()}


@pytest.mark.parametrize("second", ["dirhtml", "singlehtml"])
def test_two_builders_share_one_folder_of_doctrees(full_site, second) -> None:
    full_site.build()
    full_site.build(second)
    text = year_text(DATES["2026"]).replace("## 2026-01-20", "## 2026-01-20 Renamed")
    full_site.write("notes/2026.md", text)
    full_site.build()
    page = full_site.build(second).html("index.html")
    assert "Renamed" in page.text


@pytest.mark.parametrize(
    "builder",
    ["dirhtml", "singlehtml", "latex", "epub", "text", "xml", "man", "texinfo"],
)
def test_every_builder_writes_every_meeting(full_site, builder) -> None:
    if builder in ("man", "texinfo", "latex"):
        full_site.write(
            "conf.py",
            'extensions = ["cafe_site"]\nproject = "p"\nauthor = "a"\n'
            'man_pages = [("index", "p", "p", ["a"], 1)]\n'
            'texinfo_documents = [("index", "p", "p", "a", "p", "p", "p")]\n',
        )
    overrides = (
        {"copyright": "us", "version": "1", "epub_title": "t"} if builder == "epub" else None
    )
    built = full_site.build(builder, overrides=overrides)
    suffixes = {".html", ".xhtml", ".tex", ".txt", ".xml", ".1", ".texi"}
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in built.outdir.rglob("*")
        if path.suffix in suffixes and "_sources" not in path.parts
    )
    for dates in DATES.values():
        for date in dates:
            assert f"Engines of {date}" in text.replace("\\sphinxhyphen{}", "-").replace(
                "\\-", "-"
            )


def test_links_within_a_single_page_stay_on_it(full_site) -> None:
    page = full_site.build("singlehtml").article("index.html")
    targets = [a["href"] for a in page.select(".cafe-row a")]
    assert targets
    for target in targets:
        assert page.find(id=target.removeprefix("#")) is not None


def test_latex_keeps_the_footnotes_of_two_meetings_apart(full_site) -> None:
    built = full_site.build("latex")
    (path,) = built.outdir.glob("*.tex")
    text = path.read_text(encoding="utf-8").replace("\\sphinxhyphen{}", "-")
    for date in DATES["2025"]:
        assert text.count(f"Footnote of {date}") == 1


def test_notes_that_are_the_whole_project(site) -> None:
    for path in ("index.md", "notes/index.md"):
        (site.root / path).unlink()
    site.write("conf.py", 'extensions = ["cafe_site"]\ncafe_notes = "."\nroot_doc = "2025"\n')
    site.write("2025.md", year_text(DATES["2025"]))
    site.write("2024.md", year_text(DATES["2024"]))
    built = site.build()
    assert built.html("2025.html").select_one(".cafe-years a")["href"] == "2024.html#notes-2024"


def test_problems_are_warnings_with_file_and_line(site) -> None:
    site.write("notes/2025.md", "# T\n\n## 2025-02-30\n")
    (warning,) = site.build(warnings=True).warnings
    assert warning == (
        f"{site.root}/notes/2025.md:3: WARNING: 2025-02-30 is not a valid date; "
        "correct the heading [cafe.invalid_date]"
    )
    site.write("notes/2025.md", "# T\n\n## 2025-02-31\n")
    site.build(overrides={"suppress_warnings": ["cafe.invalid_date"]})


def test_wrong_options_are_reported_together(site) -> None:
    from sphinx.errors import ConfigError

    overrides = {"cafe_notes": "../elsewhere", "cafe_person_url": "x", "cafe_today": "soon"}
    with pytest.raises(ConfigError) as caught:
        site.build(overrides=overrides)
    for name in overrides:
        assert name in str(caught.value)


def test_another_parser_for_markdown_is_refused(site) -> None:
    from sphinx.errors import ConfigError

    site.write("conf.py", 'extensions = ["cafe_site"]\nsource_suffix = {".md": "other"}\n')
    with pytest.raises(ConfigError, match="source_suffix"):
        site.build()


def test_all_is_read_again_after_an_upgrade_by_each_builder(full_site, monkeypatch) -> None:
    from cafe_site.sphinxext import domain

    def built() -> list[str]:
        return [full_site.build(builder).status for builder in ("html", "dirhtml")]

    built()
    assert all("0 added, 0 changed" in status for status in built())
    page = full_site.root / "_build/dirhtml/notes/2025/index.html"
    page.write_text("made by the version before")
    monkeypatch.setattr(domain, "ENV_VERSION", domain.ENV_VERSION - 1)
    monkeypatch.setattr(domain.CafeDomain, "data_version", domain.ENV_VERSION)
    assert "6 added, 0 changed" in built()[0]
    # The first builder's reading does for the second, which has to write.
    assert "Engines" in page.read_text(encoding="utf-8")


def test_what_is_stored_belongs_to_the_code_that_made_it(tmp_path) -> None:
    from cafe_site.sphinxext.versions import code_version

    def number(folder: str, files: dict[str, str], *others: str) -> int:
        for name, text in files.items():
            path = tmp_path / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            os.utime(path, (len(folder), len(folder)))
        return code_version(tmp_path / folder, *others)

    files = {"a.py": "1", "sub/b.py": "2", "static/c.js": "3"}
    first = number("first", files, "4.0")
    # The same on another machine, at another time, and with Python's own files.
    assert number("another", dict(reversed(files.items())), "4.0") == first
    assert number("another", {"__pycache__/a.pyc": "x"}, "4.0") == first
    others = [
        number("edited", files | {"sub/b.py": "3"}, "4.0"),
        number("added", files | {"d.py": ""}, "4.0"),
        number("moved", {"a.py": "1", "b.py": "2", "static/c.js": "3"}, "4.0"),
        number("cut", {"a.py": "12", "sub/b.py": "", "static/c.js": "3"}, "4.0"),
        number("libraries", files, "4.1"),
    ]
    assert len({first, *others}) == 6


def test_the_version_is_that_of_the_whole_package(monkeypatch, tmp_path) -> None:
    from cafe_site.sphinxext import versions

    now = versions.environment_version()
    assert now == versions.environment_version()
    installed = versions.version
    for library in ("markdown-it-py", "babel"):
        with monkeypatch.context() as patch:
            newer = {library: "99"}
            patch.setattr(
                versions, "version", lambda name, to=newer: to.get(name) or installed(name)
            )
            assert versions.environment_version() != now
    package = Path(cafe_site.__file__).parent
    copy = shutil.copytree(package, tmp_path / "cafe_site")
    monkeypatch.setattr(versions, "__file__", str(copy / "sphinxext" / "versions.py"))
    assert versions.environment_version() == now
    with (copy / "notes" / "people.py").open("a") as file:
        file.write("\n")
    assert versions.environment_version() != now


def test_years_outside_of_the_notes_folder_are_reported_if_there_are_none_in_it(site) -> None:
    site.write("notes/2025.md", "---\norphan: true\n---\n\n# Notes\n")
    build = site.build(overrides={"cafe_notes": "note"}, warnings=True)
    (warning,) = build.warnings
    assert "no notes in the folder 'note' (cafe_notes)" in warning
    assert "in: notes" in warning
    site.write("note/2024.md", "## 2024-01-16\n")
    assert site.build(overrides={"cafe_notes": "note"}).warnings == []


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("cafe_hide_people", None),
        ("cafe_hide_people", 5),
        ("cafe_hide_people", [5]),
        ("cafe_person_url", "https://x.org/{handle}/{foo}"),
        ("cafe_person_url", "https://x.org/{handle}/{"),
        ("cafe_person_url", "https://x.org/"),
        ("cafe_search", "google"),
        ("cafe_community", "nowhere.yaml"),
    ],
)
def test_a_wrong_value_of_an_option_is_named(site, option: str, value: object) -> None:
    # A list in `confoverrides` would be checked by Sphinx itself.
    site.write("conf.py", f"{CONF}{option} = {value!r}\n")
    with pytest.raises(ConfigError, match=option):
        site.build()


def test_a_year_has_links_to_its_neighbors_of_its_own_alone(full_site) -> None:
    page = full_site.build().html("notes/2025.html")
    assert page.select('link[rel="prev"], link[rel="next"]') == []
    assert [link.text for link in page.select("nav.cafe-years a")] == ["← 2024", "2026 →"]


def test_a_new_value_of_an_option_reaches_all_builders_of_one_doctree_folder(full_site) -> None:
    shared = {"doctreedir": "doctrees"}
    full_site.build(**shared)
    hidden = {"cafe_hide_people": ["ada"]}
    full_site.build("text", overrides=hidden, **shared)
    after = full_site.build(overrides=hidden, **shared)
    assert "Ada / @ada" not in after.article("notes/2025.html").text
    assert not (after.outdir / "_sources/notes/2025.md.txt").exists()


def test_a_build_that_was_broken_off_is_made_up_for(full_site) -> None:
    full_site.build()
    full_site.write("notes/2026.md", year_text(["2026-01-06", "2026-02-03"]))
    with pytest.MonkeyPatch.context() as patch:
        # Nothing is written and nobody is told, as after `kill -9`.
        patch.setattr("sphinx.builders.Builder.write", lambda *args, **kwargs: sys.exit("killed"))
        with pytest.raises(SystemExit):
            full_site.build()
    after = full_site.build().files()
    assert pages(after) == pages(cold(full_site).files())
    assert b"2026-02-03" in after["meetings.json"]


def pages(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files without the index of Sphinx's own search."""
    return {path: content for path, content in files.items() if path != "searchindex.js"}


def test_folders_of_any_name_have_feeds_in_all_builders(site) -> None:
    site.write("notes/team meetings/2026.md", "## 2026-01-20\n")
    site.write("notes/réunion/2026.md", "## 2026-01-20\n")
    site.write("notes/🎉/2026.md", "## 2026-01-20\n")
    site.write("notes/a b/2026.md", "## 2026-01-20\n")
    site.write("notes/a-b/2026.md", "## 2026-01-20\n")
    base = {"html_baseurl": "https://cafe.example/"}
    for builder in ("html", "dirhtml"):
        build = site.build(builder, overrides=base)
        assert len(list(build.outdir.glob("notes-*.atom"))) == 5
        assert "team%20meetings/2026" in (build.outdir / "notes.atom").read_text("utf-8")


def test_a_link_with_another_target_is_in_the_feed(site) -> None:
    base = {"html_baseurl": "https://cafe.example/"}
    site.write("notes/2026.md", "## 2026-01-20\n\n[a](https://example.org/1)\n")
    site.build(overrides=base)
    site.write("notes/2026.md", "## 2026-01-20\n\n[a](https://example.org/2)\n")
    feed = (site.build(overrides=base).outdir / "notes.atom").read_text("utf-8")
    assert "https://example.org/2" in feed
    moved = site.build(overrides={"html_baseurl": "https://other.example/"})
    assert "cafe.example" not in (moved.outdir / "notes.atom").read_text("utf-8")
