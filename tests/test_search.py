"""What the search finds, and its index."""

from __future__ import annotations

import json

import pytest
from docutils import nodes

from cafe_site.sphinxext.search.texts import parts

from .conftest import CONF
from .pagefind_index import index

YEAR = """\
---
title: Notes of a year
tags: [Year Tag]
---

# Ignored

Words above all meetings.

## 2025-12-16 Planning

**Tags:** looms

### Check-in

- Ada / @ada
- Bob (he/him) / @bob-b

### Agenda

- **Ada (5m):** Engines
  - punched cards at the [mill](https://github.com/ada/mill/issues/136)

A line that is no topic

- **Bob:** Looms

## 2025-11-18

Only a paragraph, with ada/mill#7.
"""
SEARCH = CONF.replace('"sphinx"', '"pagefind"')


@pytest.fixture
def searched(site):
    """Return a site that has an index, with a year and a page of its own."""
    site.write("conf.py", SEARCH)
    site.write("notes/2025.md", YEAR)
    site.write("guide.md", "---\norphan: true\n---\n\n# Guide\n\nHow to.\n\n## A part\n\nOf it.\n")
    return site


def test_a_meeting_is_a_record_with_its_facts(searched) -> None:
    found = index(searched.build().outdir)
    meeting = found["notes/2025.html#2025-12-16"]
    assert meeting["meta"]["title"] == "Tuesday, December 16, 2025: Planning"
    assert meeting["meta"]["date"] == "2025-12-16"
    assert meeting["filters"] == {
        "year": ["2025"],
        "series": ["Notes"],
        "tag": ["year tag", "looms"],
        "person": ["Ada (@ada)", "Bob (@bob-b)"],
        "repository": ["ada/mill"],
    }
    assert set(found) == {
        "index.html",
        "guide.html",
        "notes/index.html",
        "notes/2025.html",
        "notes/2025.html#2025-12-16",
        "notes/2025.html#2025-11-18",
    }
    assert found["guide.html"]["filters"] == {"series": ["Other pages"]}


def test_the_parts_of_a_meeting_lead_to_sections_and_agenda_items(searched) -> None:
    meeting = index(searched.build().outdir)["notes/2025.html#2025-12-16"]
    anchors = [(anchor["id"], anchor["text"]) for anchor in meeting["anchors"]]
    assert anchors == [
        ("2025-12-16-check-in", "Check-in"),
        ("2025-12-16-agenda", "Agenda"),
        ("2025-12-16-agenda-engines", "Ada (5m): Engines"),
        ("2025-12-16-agenda-looms", "Bob: Looms"),
    ]
    text = meeting["content"]
    # What is no topic belongs to the section, not to the topic before it.
    assert text.index("A line that is no topic") < text.index("Ada (5m): Engines")
    # A reference is found by its name where the text does not say it.
    assert text.index("punched cards") < text.index("ada/mill#136") < text.index("Bob: Looms")
    assert "Edit this meeting" not in text


def test_a_reference_that_the_text_names_is_not_added(searched) -> None:
    meeting = index(searched.build().outdir)["notes/2025.html#2025-11-18"]
    assert meeting["content"].count("ada/mill#7") == 1


def test_nothing_of_hidden_people_and_dropped_sections_is_in_the_index(searched) -> None:
    build = searched.build(
        overrides={"cafe_hide_people": ["ADA"], "cafe_drop_sections": ["Agenda"]}
    )
    found = index(build.outdir)
    meeting = found["notes/2025.html#2025-12-16"]
    assert meeting["filters"]["person"] == ["Bob (@bob-b)"]
    assert "repository" not in meeting["filters"]
    everything = json.dumps(found)
    assert "Engines" not in everything
    assert "@ada" not in everything


def test_a_page_can_stay_out_of_the_index(searched) -> None:
    searched.write("guide.md", "---\norphan: true\nno-search: true\n---\n\n# Guide\n\nHow to.\n")
    assert "guide.html" not in index(searched.build().outdir)


def test_a_page_without_a_word_does_no_harm(searched) -> None:
    for name, text in {"empty": "", "signs": "# \U0001f9ca —\n\n…\n", "picture": "<hr>\n"}.items():
        searched.write(f"{name}.md", f"---\norphan: true\n---\n\n{text}")
    found = index(searched.build().outdir)
    assert "guide.html" in found
    assert not {"empty.html", "signs.html", "picture.html"} & set(found)


def test_the_index_follows_edits_and_equals_that_of_a_cold_build(searched) -> None:
    searched.build()
    searched.write("notes/2025.md", YEAR.replace("punched cards", "brass wheels"))
    searched.write("notes/2024.md", "## 2024-01-16\n\nOf another year.\n")
    edited = searched.build()
    assert "brass wheels" in index(edited.outdir)["notes/2025.html#2025-12-16"]["content"]
    cold = searched.build(outdir="cold", doctreedir="cold-doctrees")
    assert index(edited.outdir) == index(cold.outdir)
    (searched.root / "notes/2024.md").unlink()
    removed = searched.build()
    assert "notes/2024.html#2024-01-16" not in index(removed.outdir)
    cold = searched.build(outdir="colder", doctreedir="colder-doctrees")
    assert index(removed.outdir) == index(cold.outdir)


def test_an_unchanged_site_keeps_its_index(searched) -> None:
    entry = searched.build().outdir / "pagefind/pagefind-entry.json"
    entry.touch()
    before = entry.stat().st_mtime_ns
    searched.build()
    assert entry.stat().st_mtime_ns == before


def test_without_pagefind_there_is_one_warning_and_sphinxs_search(searched, monkeypatch) -> None:
    monkeypatch.setattr("cafe_site.sphinxext.search.pages.find_spec", lambda name: None)
    build = searched.build(warnings=True)
    assert len(build.warnings) == 1
    assert "Pagefind is not installed" in build.warnings[0]
    assert not (build.outdir / "pagefind").exists()
    assert len(build.html("search.html").select("script[src*=searchindex]")) == 1


def test_if_pagefind_does_not_run_there_is_one_warning(searched, monkeypatch, tmp_path) -> None:
    broken = tmp_path / "pagefind"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PAGEFIND_BINARY_PATH", str(broken))
    build = searched.build(warnings=True)
    assert len(build.warnings) == 1
    assert "Pagefind does not run here" in build.warnings[0]
    assert not (build.outdir / "pagefind").exists()
    assert list(build.outdir.glob("pagefind*")) == []


@pytest.mark.parametrize("theme", ["basic", "furo", "pydata_sphinx_theme"])
def test_pages_do_not_load_sphinxs_index_before_it_is_needed(searched, theme: str) -> None:
    searched.write("conf.py", SEARCH.replace('"basic"', repr(theme)))
    build = searched.build()
    for page in ("index.html", "search.html"):
        of_sphinx = ("searchindex", "searchtools", "language_data")
        assert not any(build.html(page).select(f"script[src*={name}]") for name in of_sphinx)
        assert len(build.html(page).select('script[src*="cafe_search.js"]')) == 1


def test_sphinxs_search_can_be_asked_for(searched) -> None:
    searched.build()
    build = searched.build(overrides={"cafe_search": "sphinx"})
    assert not (build.outdir / "pagefind").exists()
    assert build.html("search.html").select('script[src*="cafe_search.js"]') == []


def test_signs_that_stand_alone_are_joined_to_the_word_before() -> None:
    document = nodes.document(None, None)
    document += nodes.paragraph("", "Ada / @ada | Mill – a\nb -")
    assert parts(document)[0].texts == ["Ada, @ada, Mill– a b-"]


def test_markup_in_notes_is_text_in_the_index(searched) -> None:
    searched.write(
        "notes/2025.md",
        '## 2025-12-16 <b data-pagefind-ignore>"x"</b>\n\n</body><script>1</script>\n\n'
        "### </h2>a\n",
    )
    meeting = index(searched.build().outdir)["notes/2025.html#2025-12-16"]
    assert meeting["meta"]["title"].endswith(": ‹b data-pagefind-ignore›“x”‹/b›")
    assert "</body><script>1</script>" in meeting["content"]
    assert [anchor["text"] for anchor in meeting["anchors"]] == ["‹/h2›a"]
