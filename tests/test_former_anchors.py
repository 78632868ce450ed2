"""Links to the anchors that headings had before a site used cafe_site still work."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from docutils import nodes
from myst_parser.config.main import MdParserConfig
from myst_parser.mdit_to_docutils.base import DocutilsRenderer
from myst_parser.parsers.mdit import create_md_parser

from cafe_site.notes.reader import read, read_file
from cafe_site.notes.sources import source_of
from cafe_site.sphinxext.former_anchors import former_anchors
from tests.payloads import PAYLOADS, TITLES

if TYPE_CHECKING:
    from conftest import Site


def former(text: str) -> dict[str, list[str]]:
    """Return the former anchors of a year file."""
    return former_anchors(read(text, 2025))


@pytest.mark.parametrize(
    ("heading", "anchors"),
    [
        ("Drafting a new roadmap", ["drafting-a-new-roadmap"]),
        ("Celebrations and Shout-Outs :tada:", ["celebrations-and-shout-outs-tada"]),
        ("Celebrations 🎉", ["celebrations", "celebrations-"]),
        ("Q&A: looms & cards", ["q-a-looms-cards", "qa-looms--cards"]),
        ("1. Looms", ["looms", "1-looms"]),
        ("`code` and **bold** [link](https://example.org)", ["code-and-bold-link"]),
        ("![image](a.png) Looms", ["looms"]),
        ("snake_case", ["snake-case", "snake_case"]),
        ("Größe", ["grosze", "größe"]),
        ("日本語", ["日本語"]),
        ("हिन्दी", ["हिन्दी"]),
        ("!?", []),
        ("a " * 200, []),
    ],
)
def test_a_heading_keeps_the_ids_of_docutils_and_github(heading: str, anchors: list[str]) -> None:
    found = former(f"## 2025-12-16\n\n### {heading}\n")
    assert [one for ones in found.values() for one in ones] == anchors


@pytest.mark.parametrize(
    ("heading", "anchors"),
    [
        ("2025-12-16", []),
        ("December 16, 2025", ["december-16-2025"]),
        ("2025-12-16 Planning", ["planning", "2025-12-16-planning"]),
    ],
)
def test_the_heading_of_a_meeting_keeps_them_too(heading: str, anchors: list[str]) -> None:
    assert former(f"## {heading}\n").get("2025-12-16", []) == anchors


def test_a_meeting_file_keeps_them() -> None:
    notes = read_file("# Team call on looms\n\n## Cards\n", source_of("team/2025-12-16"))
    assert former_anchors(notes) == {
        "2025-12-16": ["team-call-on-looms"],
        "2025-12-16-cards": ["cards"],
    }


def test_the_title_and_the_introduction_of_a_year_keep_them() -> None:
    assert former("# Our notes\n\n## How to join\n\n## 2025-12-16\n") == {
        "notes-2025": ["our-notes"],
        "introduction-how-to-join": ["how-to-join"],
    }


@pytest.mark.parametrize(
    "headings",
    [
        ["Agenda", "Agenda"],
        ["Agenda", "agenda!"],
        ["Grösze", "Größe"],
        ["Agenda", "> ### Agenda"],
        ["Agenda", "- ### Agenda"],
    ],
)
def test_an_ambiguous_anchor_is_not_kept(headings: list[str]) -> None:
    lines = "\n\n".join(h if h[0] in ">-" else f"### {h}" for h in headings)
    kept = [one for ones in former(f"## 2025-12-16\n\n{lines}\n").values() for one in ones]
    assert not {"agenda", "grosze"} & set(kept)


def test_an_anchor_that_github_would_number_is_not_kept() -> None:
    assert former("## 2025-12-16\n\n### A\n\n### A\n\n### A 1\n\n### A 2\n") == {
        "2025-12-16-a-2-2": ["a-2"]
    }


@pytest.mark.parametrize(
    "heading",
    ["2025-12-02", "Notes 2025", "introduction-x", "Search results", "pst-header", "id1", "ID 1",
     "2025-12-16 -note-1", "Main content", "__navigation", "rtd-search-form", "codecell0",
     "furo-main-content", "index-0", "exports", "Module"],
)  # fmt: skip
def test_an_anchor_that_is_in_use_is_not_kept(heading: str) -> None:
    above = "# T\n\n## x\n\nx\n\n"
    text = f"{above}## 2025-12-16\n\n### {heading}\n\n## 2025-12-02\n\ny[^1]\n\n[^1]: z\n"
    kept = {one for ones in former(text).values() for one in ones} - {"t", "x", "note-1", "id-1"}
    assert kept == set()


def test_no_present_anchor_changes() -> None:
    lines = "\n\n".join(f"### {title}" for title in TITLES)
    notes = read(f"## 2025-12-16\n\n{lines}\n", 2025)
    aliases = [one for ones in former_anchors(notes).values() for one in ones]
    assert not notes.anchors & set(aliases)
    assert max(Counter(aliases).values()) == 1


def test_old_links_work_on_the_page(site: Site) -> None:
    site.write(
        "notes/2025.md",
        "# Notes\n\n## December 16, 2025\n\nSee [the roadmap](#drafting-a-new-roadmap).\n\n"
        "### Drafting a new roadmap\n\ntext\n\n#### Q&A\n\ntext\n",
    )
    site.write("notes/2025-12-02.md", "# Looms\n\n## Cards & threads\n\ntext\n")
    build = site.build()
    page = build.article("notes/2025.html")
    for old, new in {
        "december-16-2025": "2025-12-16",
        "drafting-a-new-roadmap": "2025-12-16-drafting-a-new-roadmap",
        "q-a": "2025-12-16-drafting-a-new-roadmap-q-a",
        "qa": "2025-12-16-drafting-a-new-roadmap-q-a",
    }.items():
        (place,) = page.find_all(id=old)
        assert place.find_parent("section")["id"] == new
        assert place.get_text() == ""
    assert page.find("a", string="the roadmap")["href"] == "#drafting-a-new-roadmap"
    assert build.article("notes/2025-12-02.html").find(id="cards--threads")
    files = build.files()
    for name, content in files.items():
        if not name.endswith(".html") and "_sources" not in name:
            assert b"#q-a" not in content, name
            assert b"cards--threads" not in content, name


def test_a_site_on_one_page_has_each_anchor_once(site: Site) -> None:
    site.write("index.md", "# Home\n\n```{toctree}\nnotes/2024\nnotes/2025\n```\n")
    for year, own in ((2024, "Looms"), (2025, "Cards")):
        site.write(f"notes/{year}.md", f"## {year}-12-16\n\n### Agenda\n\nx\n\n### {own}\n\ny\n")
    page = site.build("singlehtml", warnings=True).html("index.html")
    counts = Counter(node["id"] for node in page.select("[id]"))
    assert (counts["agenda"], counts["looms"], counts["cards"]) == (0, 1, 1)
    assert max(counts.values()) == 1


def test_hostile_headings_have_safe_and_unique_anchors(site: Site) -> None:
    titles = [*TITLES, *(text.split("\n")[0] for text in PAYLOADS.values())]
    lines = "\n\n".join(f"### {title}" for title in titles if "\n" not in title)
    site.write("notes/2025.md", f"## 2025-12-16\n\n{lines}\n")
    page = site.build(warnings=True).html("notes/2025.html")
    ids = [element["id"] for element in page.find_all(id=True)]
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    assert any(element.name == "span" for element in page.select("section > span[id]"))
    assert not any(set(one) & set("<>\"'& \t\n") for one in ids)


@pytest.mark.parametrize(
    "heading", ["Q&A: looms", "Größe *der* Karten", "1. a `b` c", "December 16, 2025", "`x`: _y_"]
)
def test_the_id_is_that_of_plain_sphinx(heading: str) -> None:
    document = create_md_parser(MdParserConfig(), DocutilsRenderer).render(f"# {heading}\n")
    (kept,) = former(f"## 2025-12-16\n\n### {heading}\n").values()
    assert document.next_node(nodes.section)["ids"] == kept[:1]
