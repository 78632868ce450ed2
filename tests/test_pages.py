"""The pages that a reader sees: a year, the archive, the latest notes."""

from __future__ import annotations

import re

import pytest
from sphinx.errors import ConfigError

YEAR = """\
---
title: Notes of 2025
tags: [cafe]
---

Welcome to the *archive*.

## 2025-12-02

Canceled: everybody was on vacation.

## 2025-12-16 Planning

**Tags:** roadmap

### Check-in

- name / institution / handle
- Ada / @ada
- Bob / Lab
-

### Agenda

- **Ada (5m):** Engines <https://github.com/jupyterhub/binderhub/pull/1824#issuecomment-1>
  - [x] oiled by @bob-b, not by bob@example.org or @org/package
  - [ ] ~~painted~~
- [name=Bob] (10m): Cards :tada: at 10:20:30 `:tada:`
"""


def test_a_year_has_its_title_introduction_and_meetings(year_page) -> None:
    page = year_page(YEAR)
    assert [h.get_text() for h in page.select("h1")] == ["Notes of 2025¶"]
    assert "Welcome to the archive." in page.text
    assert "2 meetings, 1 of them canceled" in page.text
    headings = [h.get_text().rstrip("¶") for h in page.select("h2")]
    assert headings == [
        "Tuesday, December 16, 2025: Planning",
        "Tuesday, December 2, 2025 Canceled",
    ]


def test_a_meeting_has_a_permalink_and_its_number_of_people(year_page) -> None:
    page = year_page(YEAR)
    meeting = page.find(id="2025-12-16")
    bar = meeting.select_one(".cafe-bar")
    assert bar.a["href"] == "#2025-12-16"
    assert bar.get_text() == "2025-12-16 · 2 people"
    assert meeting.find(id="2025-12-16-check-in") is not None


def test_the_list_of_people_is_folded_away(year_page) -> None:
    details = year_page(YEAR).select_one("details.cafe-people")
    assert details.summary.text == "2 people"
    assert not details.has_attr("open")
    assert [item.text.strip() for item in details.select("li")][1:3] == ["Ada / @ada", "Bob / Lab"]


def test_agenda_items_show_speaker_and_minutes(year_page) -> None:
    page = year_page(YEAR)
    assert [s.text for s in page.select(".cafe-speaker")] == ["Ada", "Bob"]
    assert [m.text for m in page.select(".cafe-minutes")] == ["(5m)", "(10m)"]
    item = page.select_one("#\\32 025-12-16-agenda > ul > li > p")
    assert item.text == "Ada (5m): Engines jupyterhub/binderhub#1824 (comment)"
    link = item.select_one("a")
    assert link["href"] == "https://github.com/jupyterhub/binderhub/pull/1824#issuecomment-1"


def test_handles_are_links_and_other_at_signs_are_not(year_page) -> None:
    page = year_page(YEAR)
    assert [a["href"] for a in page.select("a.cafe-person")] == [
        "https://github.com/ada",
        "https://github.com/bob-b",
    ]


def test_task_boxes_strikethrough_and_emoji(year_page) -> None:
    page = year_page(YEAR)
    boxes = page.select("li input[type=checkbox]")
    assert [(box.has_attr("checked"), box.has_attr("disabled")) for box in boxes] == [
        (True, True),
        (False, True),
    ]
    assert page.select_one("s").text == "painted"
    assert "Cards 🎉 at 10:20:30 :tada:" in page.text


def test_a_canceled_meeting_is_marked(year_page) -> None:
    page = year_page(YEAR)
    assert page.find(id="2025-12-02").select_one("h2 .cafe-canceled").text == "Canceled"
    assert page.find(id="2025-12-16").select_one(".cafe-canceled") is None


@pytest.mark.parametrize(
    ("context", "address"),
    [
        (
            {"github_user": "o", "github_repo": "r", "github_version": "main", "doc_path": "site"},
            "https://github.com/o/r/edit/main/site/notes/2025.md#L8",
        ),
        (
            {"gitlab_user": "o", "gitlab_repo": "r", "gitlab_version": "v1"},
            "https://gitlab.com/o/r/-/edit/v1/notes/2025.md#L8",
        ),
        (
            {"edit_page_url_template": "https://example.org/{{ file_name }}?edit"},
            "https://example.org/notes/2025.md?edit#L8",
        ),
    ],
)
def test_a_meeting_is_edited_at_its_line(site, context, address) -> None:
    site.write("notes/2025.md", YEAR)
    page = site.build(overrides={"html_context": context}).article("notes/2025.html")
    assert page.find(id="2025-12-02").select_one(".cafe-edit")["href"] == address


GITHUB = {"github_user": "o", "github_repo": "r", "github_version": "main"}
GITLAB = {"gitlab_user": "o", "gitlab_repo": "r", "gitlab_version": "v1"}
BITBUCKET = {"bitbucket_user": "o", "bitbucket_repo": "r", "bitbucket_version": "b"}


@pytest.mark.parametrize(
    "context",
    [
        *(
            host | path
            for host in (GITHUB, GITLAB, BITBUCKET)
            for path in (
                {},
                {"doc_path": "docs"},
                {"doc_path": "docs/"},
                {"doc_path": "a/b"},
                {"doc_path": ""},
            )
        ),
        GITHUB | BITBUCKET,
        GITHUB | GITLAB,
        GITHUB | {"github_url": "https://github.example"},
        GITHUB | {"edit_page_url_template": None},
        *(
            {"edit_page_url_template": template, "doc_path": "docs"} | more
            for template, more in (
                ("https://example.org/{{ doc_path }}{{ file_name }}", {}),
                ("https://example.org/{{doc_path}}{{file_name|upper}}?x", {}),
                ("{{ github_url }}/{{ github_user }}/{{ file_name }}", GITHUB),
                (
                    "{% if fork %}{{ fork }}{% else %}main{% endif %}/{{ file_name }}",
                    {"fork": "f"},
                ),
                ("{{ github_url }}/{{ missing }}/{{ file_name }}", {}),
                ("https://example.org/{{ pagename }}{{ page_source_suffix }}?{{ file_name }}", {}),
            )
        ),
    ],
    ids=str,
)
def test_the_address_for_editing_is_the_one_of_the_theme(context) -> None:
    from pydata_sphinx_theme.edit_this_page import setup_edit_url

    from cafe_site.sphinxext.source_links import edit_address

    page = {**context, "pagename": "notes/2025", "page_source_suffix": ".md"}
    setup_edit_url(None, "notes/2025", "page.html", page, None)
    _, address = page["get_edit_provider_and_url"]()
    line = "#lines-8" if "mode=edit" in address else "#L8"
    assert edit_address(context, "notes/2025.md", 8) == address + line


# sphinx-book-theme 1.4 uses a name for the application that Sphinx 9 deprecates.
@pytest.mark.filterwarnings("ignore:'sphinx_book_theme")
@pytest.mark.parametrize(
    ("theme", "context", "options", "button"),
    [
        (
            "pydata_sphinx_theme",
            GITHUB | {"doc_path": "docs"},
            {"use_edit_page_button": True},
            ".tocsection.editthispage a, .editthispage a",
        ),
        (
            "sphinx_book_theme",
            {},
            {
                "repository_url": "https://gitlab.com/o/r",
                "repository_branch": "dev",
                "path_to_docs": "docs",
                "use_edit_page_button": True,
            },
            ".btn-source-edit-button",
        ),
    ],
)
def test_both_links_for_editing_lead_to_one_file(site, theme, context, options, button) -> None:
    pytest.importorskip(theme)
    site.write("notes/2025.md", YEAR)
    overrides = {"html_theme": theme, "html_context": context, "html_theme_options": options}
    page = site.build(overrides=overrides, warnings=True).html("notes/2025.html")
    of_page = page.select_one(button)["href"]
    of_meeting = page.find(id="2025-12-02").select_one(".cafe-edit")["href"]
    assert "/docs/notes/2025.md" in of_page
    assert of_meeting == f"{of_page}#L8"


def test_a_template_that_is_none_is_an_error_of_conf_py(site) -> None:
    site.write("notes/2025.md", YEAR)
    for template in ("{{ file_name", "{% nonsense %}", "{{ 1 / 0 }}{{ file_name }}"):
        with pytest.raises(ConfigError, match="edit_page_url_template"):
            site.build(overrides={"html_context": {"edit_page_url_template": template}})
    context = {"edit_page_url_template": "https://example.org/#/edit/{{ file_name }}"}
    page = site.build(overrides={"html_context": context}).article("notes/2025.html")
    link = page.find(id="2025-12-02").select_one(".cafe-edit")
    assert link["href"] == "https://example.org/#/edit/notes/2025.md"


def test_a_year_links_to_the_years_before_and_after_in_its_series(site) -> None:
    for name in ("2023", "2025", "2026", "team/2024"):
        site.write(f"notes/{name}.md", f"## {name[-4:]}-01-02\n")
    built = site.build()
    links = {
        name: [
            (a.text, a["href"])
            for a in built.article(f"notes/{name}.html").select(".cafe-years a")
        ]
        for name in ("2023", "2025", "2026", "team/2024")
    }
    assert links == {
        "2023": [("2025 →", "2025.html#notes-2025")],
        "2025": [("← 2023", "2023.html#notes-2023"), ("2026 →", "2026.html#notes-2026")],
        "2026": [("← 2025", "2025.html#notes-2025")],
        "team/2024": [],
    }


def test_the_archive_has_a_row_for_each_meeting(site) -> None:
    site.write("notes/2025.md", YEAR)
    site.write("notes/2024.md", "## 2024-06\n\n### Check-in\n\n- Ada\n\n### Looms\n\n### Cards\n")
    site.write("notes/team-meetings/2021.md", "## 2021-11-18\n")
    page = site.build().article("notes/index.html")
    assert [h.get_text().rstrip("¶") for h in page.select("h2, h3")] == [
        "Notes",
        "2025",
        "2024",
        "Team meetings",
        "2021",
    ]
    rows = [
        (row.a["href"], " | ".join(part.get_text() for part in row.find_all(recursive=False)))
        for row in page.select(".cafe-row")
    ]
    assert rows == [
        ("2025.html#2025-12-16", "Tue, Dec 16 | Planning roadmap | 2 people"),
        ("2025.html#2025-12-02", "Tue, Dec 2 | Canceled "),
        ("2024.html#2024-06", "Jun | Looms · Cards | 1 person"),
        ("team-meetings/2021.html#2021-11-18", "Thu, Nov 18"),
    ]
    assert [p.get_text() for p in page.select(".cafe-summary")] == [
        "2 meetings, 1 of them canceled cafe",
        "1 meeting",
        "1 meeting",
    ]


def test_the_archive_of_one_series(site) -> None:
    site.write("notes/2025.md", YEAR)
    site.write("notes/team/2021.md", "## 2021-11-18\n")
    site.write("notes/team/index.md", "# Team\n\n```{cafe:archive}\n:series: team\n```\n")
    site.write(
        "notes/index.md", "# All\n\n```{cafe:archive}\n:series: .\n```\n\n[team](team/index.md)\n"
    )
    site.write("index.md", "# Home\n\n```{toctree}\nnotes/index\nnotes/team/index\n```\n")
    built = site.build()
    assert len(built.article("notes/index.html").select(".cafe-row")) == 2
    assert len(built.article("notes/team/index.html").select(".cafe-row")) == 1


def test_an_archive_without_notes_says_so(site) -> None:
    assert "There are no notes" in site.build().article("notes/index.html").text


def test_the_latest_notes_are_the_newest_of_all_series(site) -> None:
    site.write("notes/2025.md", YEAR)
    site.write("notes/team/2025.md", "## 2025-12-09 Team\n")
    site.write(
        "index.md",
        "# Home\n\n```{cafe:latest}\n:limit: 2\n```\n\n```{toctree}\nnotes/index\n```\n",
    )
    rows = site.build().article("index.html").select(".cafe-row")
    assert [row.a["href"] for row in rows] == [
        "notes/2025.html#2025-12-16",
        "notes/team/2025.html#2025-12-09",
    ]


def test_dates_are_written_in_the_sites_language(site) -> None:
    site.write("notes/2025.md", "## 2025-12-16\n")
    page = site.build(overrides={"language": "de"}).article("notes/2025.html")
    assert page.h2.text.startswith("Dienstag, 16. Dezember 2025")


def test_footnotes_count_in_each_meeting(year_page) -> None:
    page = year_page(
        "## 2025-12-16\n\nA[^x].\n\n[^x]: First.\n\n## 2025-12-02\n\nB[^x] C[^y].\n\n"
        "[^y]: Third.\n\n[^x]: Second.\n\n[^z]: Nobody's.\n"
    )
    notes = {note["id"]: note.get_text(" ", strip=True) for note in page.select("aside.footnote")}
    assert list(notes) == [
        "2025-12-16--note-1",
        "2025-12-02--note-2",
        "2025-12-02--note-1",
        "2025-12-02--note-3",
    ]
    assert "Second." in notes["2025-12-02--note-1"]
    for reference in page.select("a.footnote-reference"):
        assert page.find(id=reference["href"][1:]) is not None
        assert page.find(id=reference["id"]) is not None


def test_links_within_the_page(year_page) -> None:
    page = year_page("## 2025-12-16\n\n[last](#2025-12-02) [no](#nowhere)\n\n## 2025-12-02\n")
    assert page.find("a", string="last")["href"] == "#2025-12-02"
    assert "no (#nowhere)" in page.text


def test_images_become_links(year_page) -> None:
    page = year_page(
        "## 2025-12-16\n\n![A loom](https://example.org/a.png)\n\n"
        "[![Badge](https://example.org/b.svg)](https://example.org/c)\n"
    )
    assert page.select("img") == []
    assert [(a.text, a["href"]) for a in page.select("a.external")] == [
        ("A loom", "https://example.org/a.png"),
        ("Badge", "https://example.org/c"),
        ("image", "https://example.org/b.svg"),
    ]


def test_links_between_hand_written_pages_are_left_to_others(site) -> None:
    site.write("notes/2025.md", YEAR)
    site.write(
        "notes/index.md",
        "# Archive\n\n```{cafe:archive}\n```\n\n[home](../index.md) [](#archive)\n",
    )
    built = site.build(overrides={"myst_heading_anchors": 2})
    assert built.article("notes/index.html").find("a", string="home")["href"] == "../index.html"


def test_task_lists_of_hand_written_pages_have_names_for_their_boxes(site) -> None:
    site.write("docs/list.md", "---\norphan: true\n---\n# List\n\n- [ ] one\n- [x] two\n")
    page = site.build(overrides={"myst_enable_extensions": ["tasklist"]}).article("docs/list.html")
    boxes = page.select("li.cafe-task input[type=checkbox]")
    assert [(box["aria-label"], box.has_attr("checked")) for box in boxes] == [
        ("to do", False),
        ("done", True),
    ]


def test_links_in_headings_stand_below_them(year_page) -> None:
    page = year_page(
        "# [Notes](https://example.org/t)\n\n"
        "## 2025-12-16 [Plan](https://github.com/a/b/issues/1) [x](javascript:y)\n\n"
        "- **[Ada](https://example.org/ada) (5m):** Looms\n- **@bob (5m):** Cards\n"
    )
    bar = page.find(id="2025-12-16").select_one(".cafe-bar")
    assert bar.get_text() == "2025-12-16 · a/b#1"
    assert page.select_one(".cafe-summary a")["href"] == "https://example.org/t"
    assert page.find("a", string="Ada")["href"] == "https://example.org/ada"
    assert page.select_one(".cafe-speaker a")["href"] == "https://github.com/bob"


def test_a_series_that_does_not_exist_is_reported(site) -> None:
    site.write("notes/2025.md", YEAR)
    site.write("notes/index.md", "# All\n\n```{cafe:archive}\n:series: teem\n```\n")
    (warning,) = site.build(warnings=True).warnings
    assert warning.endswith(
        "notes/index.md:3: WARNING: unknown series 'teem'; the series are: . [cafe.unknown_series]"
    )


DETAILS = """\
## 2025-12-16

- **Date:** Tuesday
- **Host**: @ada
- **[Issue](https://example.org/why):** https://github.com/a/b/issues/1
- **Recording:**
- **Tags:** roadmap, `hub`

### Agenda

- **Date:** of the next meeting
"""


def test_the_details_of_a_meeting_are_pairs_of_names_and_values(year_page) -> None:
    page = year_page(DETAILS)
    (details,) = page.select("dl.cafe-details")
    assert [child.name for child in details.find_all(recursive=False)] == ["dt", "dd"] * 5
    assert [term.get_text() for term in details.select("dt")] == [
        "Date:",
        "Host:",
        "Issue:",
        "Recording:",
        "Tags:",
    ]
    values = [value.get_text().strip() for value in details.select("dd")]
    assert values == ["Tuesday", "@ada", "a/b#1", "", "roadmap, hub"]
    assert [link["href"] for link in details.select("a")] == [
        "https://github.com/ada",
        "https://example.org/why",
        "https://github.com/a/b/issues/1",
    ]
    assert page.select_one("li").get_text().strip() == "Date: of the next meeting"


def test_the_details_of_a_meeting_are_no_topics(site) -> None:
    site.write("notes/2025.md", DETAILS)
    row = site.build().article("index.html").select_one(".cafe-row")
    assert [tag.get_text() for tag in row.select(".cafe-tag")] == ["roadmap", "hub"]
    assert "Tuesday" not in row.select_one(".cafe-what").get_text()
    assert "Host" not in row.get_text()


def test_a_list_that_is_not_all_details_stays_a_list(year_page) -> None:
    page = year_page("Before.\n\n## 2025-12-16\n\n- **Date:** Tuesday\n- A word of thanks\n")
    assert page.select("dl") == []
    assert len(page.select("section.cafe-meeting li")) == 2


def test_a_list_in_the_introduction_has_no_meeting_to_be_the_details_of(year_page) -> None:
    page = year_page("- **Editor:** Ada\n\n## 2025-12-16\n")
    assert page.select("dl") == []


@pytest.mark.parametrize("builder", ["text", "latex", "epub", "man", "texinfo"])
def test_other_builders_write_details_as_pairs_too(site, builder) -> None:
    site.write(
        "conf.py",
        'extensions = ["cafe_site"]\nproject = "p"\nauthor = "a"\n'
        'man_pages = [("index", "p", "p", ["a"], 1)]\n'
        'texinfo_documents = [("index", "p", "p", "a", "p", "p", "p")]\n',
    )
    site.write("notes/2025.md", DETAILS)
    overrides = {"copyright": "us", "version": "1", "epub_title": "t"} if builder == "epub" else {}
    built = site.build(builder, overrides=overrides)
    suffixes = {".xhtml", ".tex", ".txt", ".1", ".texi"}
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in built.outdir.rglob("*")
        if path.suffix in suffixes
    )
    # Name and value with markup alone between them, and not "**Date:** Tuesday".
    assert re.search(r"\bDate\b[^*]{0,80}\bTuesday\b", text, re.DOTALL)
    assert re.search(r"\bRecording\b", text)
