"""The files that are made from all meetings: their facts, and an outline of the site."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from sphinx.errors import ConfigError

from cafe_site.sphinxext.site import whole_address

from .samples import NEW, OLD

SCHEMA = Path(__file__).parents[1] / "docs" / "meetings.schema.json"


def meetings(build) -> list[dict]:
    """Return the meetings of a build's file, which has to be of the documented form."""
    data = json.loads((build.outdir / "meetings.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert data["version"] == 3
    return data["meetings"]


@pytest.fixture
def two_years(site):
    """Return a site with notes of two years and another series."""
    site.write("notes/2025.md", NEW + "- Decision: Build it\n- [x] Action: Oil it, @bob\n")
    site.write("notes/2024.md", OLD)
    site.write("notes/team/2021.md", "## 2021-02-30\n\nCanceled.\n\n## 2021-02\n")
    return site


def test_it_has_the_facts_of_every_meeting_newest_first(two_years) -> None:
    new, old, canceled, month = meetings(two_years.build(warnings=True))
    assert new == {
        "id": "2025-12-16",
        "series": "",
        "date": "2025-12-16",
        "title": "Planning",
        "page": "notes/2025.html",
        "canceled": False,
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
                "site": "github.com",
                "repository": "Jupyter/Hub",
                "number": "12",
                "url": "https://github.com/Jupyter/Hub/pull/12",
                "part": "agenda",
                "anchor": "2025-12-16-agenda-engines",
            },
            {
                "site": "github.com",
                "repository": "jupyter/hub",
                "number": "9",
                "url": "https://github.com/jupyter/hub/issues/9",
                "part": "agenda",
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
    assert (canceled["date"], canceled["canceled"]) == ("2021-02-30", True)
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
    assert summary.get_text() == "2 meetings, 1 of them canceled · Source"
    assert summary.a["href"] == address
    source = (build.outdir / page).parent / address
    assert source.read_text(encoding="utf-8").startswith("## 2021-02-30")


def test_a_title_with_markup_in_it_is_text_in_the_head(site) -> None:
    site.write("notes/2025.md", '# <b>"&\n\n## 2025-12-16\n')
    link = site.build().html("notes/2025.html").select_one('head > link[rel="alternate"]')
    assert link["title"] == "‹b›“& (Markdown)"


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
        "> Notes of 4 meetings, 1 of them canceled, from 2021-02 to 2025-12-16.\n"
        "\n"
        "## Notes\n"
        "\n"
        "- [Notes 2025](_sources/notes/2025.md.txt): 1 meeting\n"
        "- [Notes 2024](_sources/notes/2024.md.txt): 1 meeting\n"
        "\n"
        "## Team\n"
        "\n"
        "- [Team 2021](_sources/notes/team/2021.md.txt): 2 meetings, 1 of them canceled\n"
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


@pytest.mark.parametrize(
    "address",
    [
        *("notes", "//example.org/x", "https://", "https:///x", "./", "#", " ", None, ["a"], 1),
        *("https://example.org:99999/", "https://exa mple.org/", "ftp://example.org/"),
        *("https://example.org/?page=", "https://example.org/#top", "javascript:alert(1)"),
        *("https://example.org/\n", "\ud800"),
    ],
)
def test_only_a_whole_address_is_one_of_the_site(address: object) -> None:
    assert whole_address(address) == ""


@pytest.mark.parametrize("address", ["/notes/", "example.org/x", "https://[::1"])
def test_what_is_no_address_of_the_site_is_ignored_with_one_warning(site, address: str) -> None:
    site.write("notes/2025.md", "## 2025-12-16\n")
    build = site.build(overrides={"html_baseurl": address}, warnings=True)
    (warning,) = build.warnings
    assert warning.startswith("WARNING: conf.py: html_baseurl must be the URL of a site")
    assert repr(address) in warning
    assert warning.endswith("[cafe.site_address]")
    assert not [*build.outdir.glob("*.atom")]
    assert "[meetings.json](meetings.json)" in outline(build)
    assert site.build("text", overrides={"html_baseurl": address}).warnings == []


def test_the_address_in_the_community_file_stands_in_for_one_that_is_none(site) -> None:
    site.write("community.yaml", "name: C\nsite: https://example.org/site\n")
    site.write("notes/2025.md", "## 2025-12-16\n")
    overrides = {"cafe_community": "community.yaml", "html_baseurl": "/site/"}
    build = site.build(overrides=overrides, warnings=True)
    assert len(build.warnings) == 1
    assert "[meetings.json](https://example.org/site/meetings.json)" in outline(build)
    # Sphinx's own use of it is the same as ever.
    canonical = build.html("index.html").select_one('link[rel="canonical"]')
    assert canonical["href"] == "/site/index.html"


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


# --- feeds ------------------------------------------------------------------------------

BASE = {"html_baseurl": "https://cafe.example/site"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def feed(build, name: str = "notes.atom") -> ElementTree.Element:
    """Return a feed of a site."""
    return ElementTree.parse(build.outdir / name).getroot()


def titles(root: ElementTree.Element) -> list[str]:
    """Return the titles of a feed's entries."""
    return [entry.findtext("a:title", namespaces=ATOM) for entry in root.findall("a:entry", ATOM)]


def test_the_feed_has_the_newest_meetings_with_their_texts(site) -> None:
    site.write("notes/2025.md", "## 2025-12-16 Planning\n\n- @ada\n\n## 2025-11-18\n\nHello.\n")
    dates = [f"2024-{month:02}-{day:02}" for month in range(1, 13) for day in (2, 16)]
    site.write("notes/2024.md", "".join(f"## {date}\n\nText of {date}.\n\n" for date in dates))
    build = site.build(overrides=BASE)
    root = feed(build)
    assert titles(root)[:3] == ["2025-12-16: Planning", "2025-11-18", "2024-12-16"]
    assert len(titles(root)) == 20
    entry = root.find("a:entry", ATOM)
    address = "https://cafe.example/site/notes/2025.html#2025-12-16"
    assert entry.find("a:link", ATOM).get("href") == address
    assert "@ada" in entry.findtext("a:content", namespaces=ATOM)
    for page in ("index.html", "notes/2025.html"):
        (link,) = build.html(page).select('link[type="application/atom+xml"]')
        assert link["href"] == "https://cafe.example/site/notes.atom"


def test_each_of_several_series_has_a_feed_of_its_own(site) -> None:
    site.write("notes/2025.md", "## 2025-12-16\n")
    site.write("notes/team/2024.md", "## 2024-01-16\n")
    build = site.build(overrides=BASE)
    assert titles(feed(build)) == ["2025-12-16", "2024-01-16"]
    assert titles(feed(build, "notes-team.atom")) == ["2024-01-16"]
    assert titles(feed(build, "notes-notes.atom")) == ["2025-12-16"]
    ids = {feed(build, path.name).findtext("a:id", namespaces=ATOM) for path in feeds_of(build)}
    assert len(ids) == 3
    (site.root / "notes/team/2024.md").unlink()
    assert [path.name for path in feeds_of(site.build(overrides=BASE))] == ["notes.atom"]


def feeds_of(build) -> list[Path]:
    """Return the feeds of a site."""
    return sorted(build.outdir.glob("*.atom"))


def test_without_the_address_of_the_site_there_is_no_feed(site) -> None:
    site.write("notes/2025.md", "## 2025-12-16\n")
    build = site.build()
    assert feeds_of(build) == []
    assert build.html("index.html").select('link[type="application/atom+xml"]') == []


def test_the_feed_follows_edits_and_equals_that_of_a_cold_build(site) -> None:
    site.write("notes/2025.md", "## 2025-12-16\n\nFirst words.\n")
    site.build(overrides=BASE)
    site.write("notes/2025.md", "## 2025-12-16\n\nOther words.\n")
    edited = site.build(overrides=BASE)
    cold = site.build(outdir="cold", doctreedir="cold-doctrees", overrides=BASE)
    data = (edited.outdir / "notes.atom").read_bytes()
    assert data == (cold.outdir / "notes.atom").read_bytes()
    assert b"Other words." in data


def test_the_feed_shows_neither_hidden_people_nor_dropped_sections(site) -> None:
    text = "## 2025-12-16\n\n### Check-in\n\n- Ada / @ada\n- Bob / @bob\n\n"
    site.write("notes/2025.md", f"{text}### Ice breaker\n\nFerns.\n")
    options = {"cafe_hide_people": ["ada"], "cafe_drop_sections": ["Ice breaker"]}
    data = (site.build(overrides={**BASE, **options}).outdir / "notes.atom").read_text("utf-8")
    assert "bob" in data
    assert "Ada" not in data
    assert "Ferns" not in data


def test_the_community_gives_the_feed_its_author_and_domain(site) -> None:
    site.write("notes/2025.md", "## 2025-12-16\n")
    site.write(
        "community.yaml",
        "name: Cafe\norganizers: All of us\ndomain: us.example\nsite: https://a.example/b/\n",
    )
    root = feed(site.build(overrides={"cafe_community": "community.yaml"}))
    assert root.findtext("a:author/a:name", namespaces=ATOM) == "All of us"
    assert root.findtext("a:entry/a:id", namespaces=ATOM) == "tag:us.example,2025:notes/2025-12-16"
    assert root.find("a:entry/a:link", ATOM).get("href").startswith("https://a.example/b/notes/")


def test_a_wrong_community_file_stops_the_build_with_all_its_problems(site) -> None:
    site.write("community.yaml", "name: Cafe\nnmae: Cafe\nsite: cafe\n")
    with pytest.raises(ConfigError) as caught:
        site.build(overrides={"cafe_community": "community.yaml"})
    lines = str(caught.value).splitlines()
    assert [line.split(": ")[0] for line in lines] == ["community.yaml:2", "community.yaml:3"]


def test_a_community_file_that_is_not_there_is_named(site) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        site.build(overrides={"cafe_community": "nowhere.yaml"})


def test_the_community_file_says_who_is_hidden_and_where_to_edit(site) -> None:
    text = "## 2025-12-16\n\n### Check-in\n\n- Ada / @ada\n- Bob / @bob\n"
    site.write("notes/2025.md", text)
    site.write(
        "community.yaml",
        "name: Cafe\nrepository: {owner: o, name: r, folder: site}\n"
        "privacy: {hide_people: [ADA]}\n",
    )
    page = site.build(overrides={"cafe_community": "community.yaml"}).article("notes/2025.html")
    assert "Ada" not in page.text
    address = "https://github.com/o/r/edit/main/site/notes/2025.md#L1"
    assert page.select_one("a.cafe-edit")["href"] == address
    # A change of the file is seen by the next build.
    site.write("community.yaml", "name: Cafe\n")
    page = site.build(overrides={"cafe_community": "community.yaml"}).article("notes/2025.html")
    assert "Ada" in page.text
    assert page.select("a.cafe-edit") == []
