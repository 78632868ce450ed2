"""The files that are made from all meetings: their facts, and an outline of the site."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from .test_indexes import NEW, OLD

SCHEMA = Path(__file__).parents[1] / "docs" / "meetings.schema.json"


def meetings(build) -> list[dict]:
    """Return the meetings of a build's file, which has to be of the documented form."""
    data = json.loads((build.outdir / "meetings.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert data["version"] == 1
    return data["meetings"]


@pytest.fixture
def two_years(site):
    """Return a site with notes of two years and another series."""
    site.write("notes/2025.md", NEW + "- Decision: Build it\n- [x] Action: Oil it, @bob\n")
    site.write("notes/2024.md", OLD)
    site.write("notes/team/2021.md", "## 2021-02-30\n\nCancelled.\n\n## 2021-02\n")
    return site


def test_it_has_the_facts_of_every_meeting_newest_first(two_years) -> None:
    new, old, cancelled, month = meetings(two_years.build(warnings=True))
    assert new == {
        "id": "2025-12-16",
        "series": "",
        "date": "2025-12-16",
        "title": "Planning",
        "page": "notes/2025.html",
        "cancelled": False,
        "people": 3,
        "attendees": [
            {"name": "Ada Lovelace", "handle": "Ada-L"},
            {"name": "Bob", "handle": "bob"},
            {"name": "Cleo", "handle": None},
        ],
        "topics": [
            {
                "title": "Engines",
                "speaker": "Ada",
                "minutes": "5m",
                "anchor": "2025-12-16-agenda-engines",
            },
            {
                "title": "Cards jupyter/hub#9",
                "speaker": "Bob & Cleo",
                "minutes": None,
                "anchor": "2025-12-16-agenda-cards-jupyter-hub-9",
            },
        ],
        "references": [
            {
                "repository": "Jupyter/Hub",
                "number": "12",
                "url": "https://github.com/Jupyter/Hub/pull/12",
                "anchor": "2025-12-16-agenda-engines",
            },
            {
                "repository": "jupyter/hub",
                "number": "9",
                "url": "https://github.com/jupyter/hub/issues/9",
                "anchor": "2025-12-16-agenda-cards-jupyter-hub-9",
            },
        ],
        "outcomes": [
            {
                "kind": "decision",
                "text": "Build it",
                "done": False,
                "owner": None,
                "anchor": "2025-12-16-agenda",
            },
            {
                "kind": "action",
                "text": "Oil it, @bob",
                "done": True,
                "owner": "bob",
                "anchor": "2025-12-16-agenda",
            },
        ],
        "tags": ["cafe", "Roadmap"],
    }
    assert (old["date"], old["tags"]) == ("2024-03-19", ["roadmap"])
    assert (cancelled["date"], cancelled["cancelled"]) == ("2021-02-30", True)
    assert (month["date"], month["series"], month["page"]) == (
        "2021-02",
        "team",
        "notes/team/2021.html",
    )


def test_it_has_the_pages_of_all_years_by_series(two_years) -> None:
    two_years.write("notes/2023.md", "# Nothing\n")
    build = two_years.build(warnings=True)
    meetings(build)
    data = json.loads((build.outdir / "meetings.json").read_text(encoding="utf-8"))
    assert [(year["series"], year["year"], year["page"]) for year in data["years"]] == [
        ("", 2025, "notes/2025.html"),
        ("", 2024, "notes/2024.html"),
        ("", 2023, "notes/2023.html"),
        ("team", 2021, "notes/team/2021.html"),
    ]


def test_it_is_whole_after_an_edit_and_a_removal(two_years) -> None:
    two_years.build(warnings=True)
    two_years.write("notes/2025.md", NEW.replace("Planning", "Renamed"))
    (two_years.root / "notes/2024.md").unlink()
    found = meetings(two_years.build())
    assert [meeting["title"] for meeting in found] == ["Renamed", "", ""]


def test_it_names_nobody_who_does_not_want_it(two_years) -> None:
    build = two_years.build(warnings=True, overrides={"cafe_hide_people": ["ada-l"]})
    new = meetings(build)[0]
    assert (new["people"], [person["name"] for person in new["attendees"]]) == (3, ["Bob", "Cleo"])
    assert [topic["speaker"] for topic in new["topics"]] == [None, "Bob & Cleo"]


def test_nor_as_the_owner_of_an_action(two_years) -> None:
    build = two_years.build(warnings=True, overrides={"cafe_hide_people": ["BOB"]})
    assert [outcome["owner"] for outcome in meetings(build)[0]["outcomes"]] == [None, None]
    two_years.write(
        "index.md", "# Home\n\n```{cafe:outcomes}\n```\n\n```{toctree}\nnotes/index\n```\n"
    )
    build = two_years.build(overrides={"cafe_hide_people": ["bob"]}, warnings=True)
    assert build.article("index.html").select(".cafe-index .cafe-tag") == []


def test_it_has_the_addresses_of_the_builder(two_years) -> None:
    assert meetings(two_years.build("dirhtml", warnings=True))[0]["page"] == "notes/2025/"
    assert not (two_years.build("text").outdir / "meetings.json").exists()


def test_it_is_written_again_if_it_is_gone_and_left_alone_if_nothing_changed(two_years) -> None:
    path = two_years.build(warnings=True).outdir / "meetings.json"
    path.write_text("{}", encoding="utf-8")
    two_years.build()
    assert path.read_text(encoding="utf-8") == "{}"
    path.unlink()
    assert len(meetings(two_years.build())) == 4


# --- the sources of years -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("builder", "page", "up"),
    [
        ("html", "notes/team/2021.html", "../.."),
        ("dirhtml", "notes/team/2021/index.html", "../../.."),
    ],
)
def test_a_year_names_its_source(two_years, builder: str, page: str, up: str) -> None:
    build = two_years.build(builder, warnings=True)
    address = f"{up}/_sources/notes/team/2021.md.txt"
    html = build.html(page)
    (link,) = html.select('head > link[rel="alternate"][type="text/markdown"]')
    assert (link["href"], link["title"]) == (address, "Team 2021 (Markdown)")
    (summary,) = build.article(page).select("p.cafe-summary")
    assert summary.get_text() == "2 meetings, 1 of them cancelled · Source"
    assert summary.a["href"] == address
    source = (build.outdir / page).parent / address
    assert source.read_text(encoding="utf-8").startswith("## 2021-02-30")


def test_a_title_with_markup_in_it_is_text_in_the_head(site) -> None:
    site.write("notes/2025.md", '# <b>"&\n\n## 2025-12-16\n')
    link = site.build().html("notes/2025.html").select_one('head > link[rel="alternate"]')
    assert link["title"] == '<b>"& (Markdown)'


@pytest.mark.parametrize(
    ("builder", "overrides"),
    [
        ("html", {"html_copy_source": False}),
        ("html", {"cafe_hide_people": ["ada-l"]}),
        ("html", {"cafe_drop_sections": ["Agenda"]}),
        ("singlehtml", {}),
    ],
)
def test_a_source_that_is_not_published_is_not_named(two_years, builder, overrides) -> None:
    build = two_years.build(builder, overrides=overrides, warnings=True)
    assert not list(build.outdir.glob("_sources/notes/2*"))
    for name, data in build.files().items():
        if "_static" not in name:
            assert b"_sources/notes/2025" not in data, name


def test_other_pages_name_no_source(two_years) -> None:
    build = two_years.build(warnings=True)
    for page in ("index.html", "notes/index.html", "genindex.html"):
        assert not build.html(page).select('link[rel="alternate"]')
        assert "Source" not in [a.get_text() for a in build.article(page).select("a")]


# --- the outline of the site --------------------------------------------------------------------


def outline(build) -> str:
    """Return the text of a build's outline."""
    return (build.outdir / "llms.txt").read_text(encoding="utf-8")


def test_the_outline_has_years_by_series_then_data_then_pages(two_years) -> None:
    two_years.write("index.md", "# Home\n\n```{toctree}\nguide/index\nnotes/index\n```\n")
    two_years.write("guide/index.md", "# Guide\n\n```{toctree}\na\nb\n```\n")
    two_years.write("guide/a.md", "# A [first] *page*\n\n```{toctree}\nb\n```\n")
    two_years.write("guide/b.md", "# B\n")
    build = two_years.build(warnings=True, overrides={"project": "Our community"})
    assert outline(build) == (
        "# Our community\n"
        "\n"
        "> Notes of 4 meetings, 1 of them cancelled, from 2021-02 to 2025-12-16.\n"
        "\n"
        "## Notes\n"
        "\n"
        "- [Notes 2025](_sources/notes/2025.md.txt): 1 meeting\n"
        "- [Notes 2024](_sources/notes/2024.md.txt): 1 meeting\n"
        "\n"
        "## Team\n"
        "\n"
        "- [Team 2021](_sources/notes/team/2021.md.txt): 2 meetings, 1 of them cancelled\n"
        "\n"
        "## Data\n"
        "\n"
        "- [meetings.json](meetings.json): the facts of all meetings as JSON\n"
        "\n"
        "## Pages\n"
        "\n"
        "- [Guide](guide/index.html)\n"
        "- [A \\[first\\] page](guide/a.html)\n"
        "- [B](guide/b.html)\n"
        "- [Archive](notes/index.html)\n"
    )


@pytest.mark.parametrize("base", ["https://example.org/site", "https://example.org/site/"])
def test_the_outline_has_whole_addresses_if_the_site_knows_its_own(two_years, base: str) -> None:
    overrides = {"html_baseurl": base, "html_copy_source": False}
    text = outline(two_years.build("dirhtml", warnings=True, overrides=overrides))
    assert "[Notes 2025](https://example.org/site/notes/2025/)" in text
    assert "[meetings.json](https://example.org/site/meetings.json)" in text


def test_every_address_of_the_outline_leads_to_a_file(two_years) -> None:
    for builder in ("html", "dirhtml", "singlehtml"):
        build = two_years.build(builder, warnings=True)
        addresses = re.findall(r"\]\(([^)#]+)[^)]*\)", outline(build))
        assert len(addresses) == 5
        for address in addresses:
            assert (build.outdir / address).exists(), (builder, address)


def test_the_outline_of_an_archive_without_notes(site) -> None:
    assert outline(site.build()).startswith("# Home\n\n> Notes of no meetings.\n\n## Data\n")


def test_the_outline_is_written_when_it_changes_and_not_otherwise(two_years) -> None:
    path = two_years.build(warnings=True).outdir / "llms.txt"
    before = path.stat().st_mtime_ns
    two_years.write("notes/2025.md", NEW + "More.\n")
    two_years.build()
    assert path.stat().st_mtime_ns == before
    two_years.write("notes/2025.md", "# Renamed\n\n" + NEW.partition("---\n\n")[2])
    two_years.build()
    assert "[Renamed]" in path.read_text(encoding="utf-8")


def test_an_outline_of_ones_own_is_kept(two_years) -> None:
    two_years.write("extra/llms.txt", "own")
    for paths in (["extra"], ["extra/llms.txt"]):
        build = two_years.build(warnings=True, overrides={"html_extra_path": paths})
        assert outline(build) == "own"
